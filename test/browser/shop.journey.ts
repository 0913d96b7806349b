/** What shops do with the app of theirs: ask for money, hear that it came, give it back, let clerks in, apply. */
import assert from 'node:assert/strict'
import { createHmac, randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Page } from 'playwright-core'
import { businessNumberCheckDigit } from '../../src/acquiring/acquiring.ts'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { makeConsumerCode } from '../../src/qr/qr.ts'
import { GUNSAN, press, STICKER } from './hands.ts'
import { assertNoTroubles, keptOn, SEEN_WITHIN_MS, type Stage } from './stage.ts'

const OWNER = 'person-0002'
/** A member of 군산시 with vouchers, who keeps no shop. */
const PAYER = 'person-0007'
/** Nobody's clerk yet, and nobody's owner. */
const NEW_CLERK = 'person-0202'
const APPLICANT = 'person-0203'
const TILL = '/shop/gunsan/mrc_1/till'

export function shopJourneys(stage: () => Stage): void {
  test('shop: an amount is asked for, paid, told aloud once by two tabs, and given back in part', async () => {
    const signed = await stage().signIn('shop', OWNER, { path: TILL })
    const { page, context } = signed
    const other = await context.newPage()
    await other.goto(`${stage().product.coreUrl}${TILL}`)
    for (const tab of [page, other]) await listenAt(tab)
    const asked = page.waitForResponse((answer) => answer.url().endsWith('/payment-requests'))
    await press(page, '+1,000')
    await press(page, '+1,000')
    await press(page, '+1,000')
    await press(page, 'QR 보여 주기')
    await page.getByRole('img', { name: '3,000원 결제 코드' }).waitFor()
    const { text: code } = (await (await asked).json()) as { text: string }
    await pay(stage(), { code, amountWon: 3_000 })
    await page.getByRole('heading', { name: '결제되었습니다' }).waitFor()
    await page.getByRole('link', { name: '결제 자세히 보기' }).click()
    await press(page, '결제 취소하기')
    await page.getByText('일부만').click()
    await page.getByLabel('돌려줄 금액(원)').fill('1000')
    await page.getByLabel('돌려줄 금액(원)').blur()
    await press(page, '1,000원 돌려주기')
    await page.getByText('1,000원을 돌려주었습니다').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '닫기' }).last().click()
    await page.getByText('일부 취소됨').waitFor()
    const told = ['삼천원 결제되었습니다', '천원 취소되었습니다']
    await heard(told, page, other)
    await other.getByText('방금 받은 결제').waitFor()
    assert.deepEqual(await saidBy(page, other), told.toSorted())
    assertNoTroubles(signed)
    await context.close()
  })

  test('shop: the core is killed: what is paid meanwhile is told when the feed is back, once', async () => {
    const signed = await stage().signIn('shop', OWNER, { path: TILL })
    const { page, context } = signed
    await page.getByText('연결됨').waitFor()
    await listenAt(page)
    await keptOn(page)
    signed.expectFailures()
    await context.setOffline(true)
    process.kill(await stage().product.corePid(), 'SIGKILL')
    await page.getByText('다시 연결 중').waitFor()
    await pay(stage(), { code: STICKER, amountWon: 2_500 })
    await context.setOffline(false)
    await page.getByText('연결됨').waitFor()
    const rows = page.getByRole('link', { name: /2,500원/ })
    await rows.waitFor()
    await pay(stage(), { code: STICKER, amountWon: 1_700 })
    await page.getByRole('link', { name: /1,700원/ }).waitFor()
    const told = ['이천오백원 결제되었습니다', '천칠백원 결제되었습니다']
    await heard(told, page)
    assert.deepEqual(await saidBy(page), told.toSorted())
    assert.equal(await rows.count(), 1)
    assertNoTroubles(signed)
    await context.close()
  })

  test('shop: a code is typed, the answer is lost, and the till finds out that it was paid once', async () => {
    const signed = await stage().signIn('shop', OWNER, { path: `${TILL}?way=scan&amount=1300` })
    const { page } = signed
    signed.expectFailures()
    await page.route('**/outlets/out_1/payments', async (route) => {
      await route.fetch()
      await route.abort('connectionreset')
    })
    const payments = page.waitForRequest((request) => request.url().endsWith('/out_1/payments'))
    const field = page.getByLabel('코드 숫자 24자리')
    await field.fill('9100 0000 0000 0000 0000 0000')
    await press(page, '1,300원 받기')
    await page.getByText('숫자 24자리가 맞지 않습니다').waitFor()
    await field.fill(await consumerCode(stage()))
    await press(page, '1,300원 받기')
    await page.getByText('결과를 확인하고 있습니다').waitFor()
    await page.getByRole('heading', { name: '결제되었습니다' }).waitFor()
    const key = (await payments).headers()['idempotency-key']
    const owner = await stage().client(OWNER)
    const { body } = await owner.send('GET', `${GUNSAN}/merchants/mrc_1/payments?limit=5`)
    const items = body['items'] as { operationId: string; amountWon: number }[]
    const own = items.filter(({ amountWon }) => amountWon === 1_300)
    assert.deepEqual(
      own.map(({ operationId }) => operationId),
      [key],
    )
    assertNoTroubles(signed)
    await signed.context.close()
  })

  test('shop: a clerk shows a code, is let in by it, finds a till and no payouts, and is let go', async () => {
    const clerk = await stage().open(`/shop/clerk-code?as=${NEW_CLERK}`)
    const shown = await clerk.page.waitForResponse((answer) => answer.url().endsWith('/clerk-code'))
    const { code } = (await shown.json()) as { code: string }
    const owner = await stage().openWithCamera(code, '/shop/gunsan/mrc_1/shop/clerks', {
      as: OWNER,
    })
    await press(owner.page, '코드 찍어 점원 등록하기')
    await owner.page.getByText('점원으로 등록했습니다').waitFor()
    await owner.page.getByText(NEW_CLERK, { exact: true }).waitFor()
    await press(clerk.page, '등록되었는지 확인하기')
    await clerk.page.getByRole('link', { name: '처음으로' }).click()
    await clerk.page.getByRole('link', { name: /은파분식/ }).click()
    await clerk.page.getByRole('heading', { name: '계산' }).waitFor()
    assert.equal(await clerk.page.getByRole('link', { name: '정산' }).count(), 0)
    await press(owner.page, `${NEW_CLERK} 해제`)
    await press(owner.page, '해제하기')
    await owner.page.getByText(NEW_CLERK, { exact: true }).waitFor({ state: 'detached' })
    assertNoTroubles(owner)
    assertNoTroubles(clerk)
    await clerk.context.close()
  })

  test('shop: one applies; a wrong number is told at once, and the day of decision at the end', async () => {
    const signed = await stage().open(`/shop/apply?as=${APPLICANT}`)
    const { page } = signed
    await page.getByLabel('상호', { exact: true }).fill('월명식당')
    await page.getByLabel('영문 상호').fill('Wolmyeong Sikdang')
    const nine = '123456780'
    const digit = businessNumberCheckDigit(nine) ?? 0
    await page.getByLabel('사업자등록번호').fill(`${nine}${(digit + 1) % 10}`)
    await page.getByText('사업자등록번호가 맞지 않습니다').waitFor()
    await page.getByLabel('사업자등록번호').fill(`${nine}${digit}`)
    await choose(page, /업종/, '음식점')
    await page.getByLabel('지난 한 해 매출(원)').fill('80000000')
    await page.getByLabel('지난 한 해 매출(원)').blur()
    await press(page, '다음')
    await choose(page, /지자체/, /군산시/)
    await page.getByLabel('동·읍·면').fill('월명동')
    await page.getByLabel('매장 주소').fill('군산시 월명동 12-3')
    await press(page, '다음')
    await page.getByText('동의합니다').click()
    await press(page, '신청하기')
    await page.getByRole('heading', { name: '신청했습니다' }).waitFor()
    await page.getByText(/까지 결정해 알려 드려요/).waitFor()
    assertNoTroubles(signed)
    await signed.context.close()
  })
}

async function choose(page: Page, field: RegExp, option: string | RegExp): Promise<void> {
  await page.getByRole('button', { name: field }).click()
  await page.getByRole('option', { name: option }).first().click()
}

/** A member pays by their own telephone; asked again where the core is away, under the same key. */
async function pay(stage: Stage, body: { code: string; amountWon: number }): Promise<void> {
  const key = randomUUID()
  let answered = 'no answer'
  const isPaid = async (): Promise<boolean> => {
    const payer = await stage.client(PAYER).catch(() => undefined)
    const answer = await payer
      ?.send('POST', `${GUNSAN}/payments`, { key, body })
      .catch(() => undefined)
    if (answer !== undefined) answered = JSON.stringify(answer)
    return answer?.status === 201
  }
  assert.ok(await waitUntil(isPaid, { timeoutMs: SEEN_WITHIN_MS, pollMs: 200 }), answered)
}

/** The 24 digits that a member's telephone shows now. */
async function consumerCode(stage: Stage): Promise<string> {
  const payer = await stage.client(PAYER)
  const path = `${GUNSAN}/members/me/devices`
  const { body } = await payer.send('POST', path, { key: randomUUID() })
  return makeConsumerCode({
    handle: Number(body['handle']),
    seed: Buffer.from(String(body['seed']), 'base64url'),
    now: Date.now(),
    hmac: (key, message) => createHmac('sha256', key).update(message).digest(),
  })
}

/** A tab that somebody has touched, with its voice written down instead of heard. */
async function listenAt(page: Page): Promise<void> {
  await page.evaluate(`
    window.said = []
    speechSynthesis.speak = (utterance) => {
      window.said.push(utterance.text)
      setTimeout(() => utterance.dispatchEvent(new Event('end')))
    }`)
  await page.getByRole('heading', { name: '계산' }).click()
}

async function saidBy(...pages: readonly Page[]): Promise<string[]> {
  const said = await Promise.all(pages.map((page) => page.evaluate<string[]>('window.said')))
  return said.flat().toSorted()
}

async function heard(sentences: readonly string[], ...pages: readonly Page[]): Promise<void> {
  const areSaid = async (): Promise<boolean> => {
    const said = await saidBy(...pages)
    return sentences.every((sentence) => said.includes(sentence))
  }
  assert.ok(await waitUntil(areSaid, { timeoutMs: SEEN_WITHIN_MS }), 'not all was told')
}
