/**
 * What happens around a payment that is not as it should be: people go back, answers take long, and one person has two
 * telephones. Whatever they do, one wish is one payment.
 */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { newKey, type ApiClient } from '../api-client.ts'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { GUNSAN, press, scanned, STICKER, type } from './hands.ts'
import { assertNoTroubles, SEEN_WITHIN_MS, type Stage } from './stage.ts'

/** 김하늘, who has vouchers. */
const PAYER = { personId: 'person-0001', walletId: 'wlt_1' }
/** A member of 군산시 with vouchers of 50,000 won, who has two telephones. */
const TWICE = { personId: 'person-0015', walletId: 'wlt_f' }

/** Puts an unfinished call where the app keeps them. */
const keeping = (call: { readonly key: string }): string =>
  `new Promise((resolve) => {
    const opened = indexedDB.open('dure-citizen')
    opened.addEventListener('success', () => {
      const put = opened.result.transaction('kept', 'readwrite').objectStore('kept')
        .put(${JSON.stringify(call)}, 'unfinished:${call.key}')
      put.addEventListener('success', () => resolve(opened.result.close()))
    })
  })`

export function troubleJourneys(stage: () => Stage): void {
  test('citizen: the way back leads step by step and loses nothing, and past what was paid', async () => {
    const client = await stage().client(PAYER.personId)
    const before = await paymentsOf(client, PAYER.walletId)
    const signed = await stage().signIn('citizen', PAYER.personId)
    const { page } = signed
    await page.getByRole('navigation').getByRole('link', { name: '결제' }).click()
    await press(page, '코드 직접 입력')
    await page.getByLabel('결제 코드').fill(STICKER)
    await press(page, '다음')
    await type(page, ['1', '2', '00'])
    const pay = page.getByRole('button', { name: '1,200원 결제하기' })
    await pay.waitFor()
    await page.goBack()
    const typed = page.getByRole('dialog').getByLabel('결제 코드')
    await typed.waitFor()
    assert.equal(await typed.inputValue(), STICKER)
    await page.goForward()
    await pay.waitFor()
    await page.reload()
    await pay.click()
    const paid = page.getByRole('heading', { name: '결제했어요' })
    await paid.waitFor()

    await page.goBack()
    await page.getByRole('heading', { name: '내 상품권' }).waitFor({ state: 'attached' })
    await page.goForward()
    await paid.waitFor()
    await page.reload()
    await paid.waitFor()
    await page.getByRole('link', { name: '영수증 보기' }).click()
    await page.getByRole('heading', { name: '영수증' }).waitFor()
    await page.goBack()
    await paid.waitFor()
    assert.equal(await page.getByRole('button', { name: /결제하기/ }).count(), 0)
    assert.deepEqual(await amountsSince(client, before), [1_200])
    await historyIsWhereItWas(page)
    assertNoTroubles(signed)
    await signed.context.close()
  })

  test('citizen: while answers are slow the app says that it waits, takes no second tap, and pays once', async () => {
    const client = await stage().client(PAYER.personId)
    const before = await paymentsOf(client, PAYER.walletId)
    const signed = await stage().signIn('citizen', PAYER.personId)
    const { page } = signed
    const asking = await holdAnswers(page, `**${GUNSAN}/members/me/confirmation`)
    const paying = await holdAnswers(page, `**${GUNSAN}/payments`)
    await page.goto(`${stage().product.coreUrl}${scanned(randomUUID())}`)
    await type(page, ['1', '3', '00'])
    const pay = page.getByRole('button', { name: '1,300원 결제하기' })
    await pay.dblclick()
    await page.locator('button[aria-disabled=true]', { hasText: '1,300원 결제하기' }).waitFor()
    await page.getByText('불러오는 중입니다').waitFor()
    await press(page, '5')
    await pay.click({ force: true })
    asking.release()

    await paying.arrived
    await page.getByText('보내는 중입니다').waitFor()
    assert.equal(await page.getByRole('button', { name: /결제하기/ }).count(), 0)
    assert.equal(await page.getByText('결제했어요').count(), 0)
    assert.deepEqual(await amountsSince(client, before), [1_300])
    paying.release()
    await page.getByRole('heading', { name: '결제했어요' }).waitFor()
    assert.equal(paying.count(), 1)

    const leaving = await holdAnswers(page, `**${GUNSAN}/members/me/confirmation`)
    await page.goto(`${stage().product.coreUrl}${scanned(randomUUID())}`)
    await type(page, ['1', '5', '00'])
    await press(page, '1,500원 결제하기')
    await leaving.arrived
    await page.getByRole('navigation').getByRole('link', { name: '홈' }).click()
    const heard = page.waitForResponse('**/members/me/confirmation')
    leaving.release()
    await (await heard).finished()
    await page.getByRole('region', { name: '군산시' }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/')

    const left = await holdAnswers(page, `**${GUNSAN}/payments`)
    await page.goto(`${stage().product.coreUrl}${scanned(randomUUID())}`)
    await type(page, ['1', '4', '00'])
    await press(page, '1,400원 결제하기')
    await left.arrived
    await page.getByRole('navigation').getByRole('link', { name: '홈' }).click()
    await page.getByText('처리되었습니다').waitFor()
    await page.getByText('은파분식 1,400원').waitFor()
    left.release()
    await page.goBack()
    await page.getByRole('heading', { name: '결제했어요' }).waitFor()
    assert.deepEqual(await amountsSince(client, before), [1_400, 1_300])
    assertNoTroubles(signed)
    await signed.context.close()
  })

  test('citizen: a repeat that is refused says nothing of what was sent before, and it is paid once', async () => {
    const client = await stage().client(PAYER.personId)
    const before = await paymentsOf(client, PAYER.walletId)
    const signed = await stage().signIn('citizen', PAYER.personId, { path: scanned(randomUUID()) })
    const { page } = signed
    signed.expectFailures()
    let sent = 0
    await page.route(`**${GUNSAN}/payments`, async (route) => {
      sent += 1
      if (sent === 1) return route.abort('connectionreset')
      if (sent === 2) return route.fulfill({ status: 429, json: {} })
      await route.continue()
    })
    await type(page, ['1', '6', '00'])
    await press(page, '1,600원 결제하기')
    await page.getByText('결과를 확인하고 있습니다').waitFor()
    await page.getByRole('heading', { name: '결제했어요' }).waitFor()
    assert.equal(sent, 3)
    assert.deepEqual(await amountsSince(client, before), [1_600])
    assertNoTroubles(signed)
    await signed.context.close()
  })

  test('citizen: what was wanted long ago and cannot be looked up is not sent again unasked', async () => {
    const signed = await stage().signIn('citizen', PAYER.personId)
    const { page } = signed
    let sent = 0
    await page.route(`**${GUNSAN}/gifts`, (route) => {
      sent += Number(route.request().method() === 'POST')
      return route.continue()
    })
    const home = async (minutesAgo: number): Promise<void> => {
      const call = {
        key: randomUUID(),
        path: `${GUNSAN}/gifts`,
        body: { programId: 'prg_1', phone: '01000000002', amountWon: 1_000 },
        about: { name: '박정우', amountWon: 1_000 },
        kind: 'gift',
        startedAt: Date.now() - minutesAgo * 60_000,
      }
      await page.evaluate(keeping(call))
      await page.reload()
    }
    await home(11)
    await page.getByText('처리되었는지 알 수 없는 것이 있습니다').waitFor()
    await press(page, '보내지 않기')
    await page.reload()
    await page.getByRole('heading', { name: '내 상품권' }).waitFor({ state: 'attached' })
    await home(11)
    await press(page, '다시 보내기')
    await page.getByText('처리되었습니다').waitFor()
    assert.equal(sent, 1)
    await home(9)
    await page.getByText('처리되었습니다').waitFor()
    assert.equal(sent, 2)
    assertNoTroubles(signed)
    await signed.context.close()
  })

  test('citizen: what one telephone pays the other sees, and both together pay no more than there is', async () => {
    const client = await stage().client(TWICE.personId)
    const first = await client.send('POST', `${GUNSAN}/payments`, {
      body: { code: STICKER, amountWon: 40_000 },
      key: newKey(),
    })
    assert.equal(first.status, 201, JSON.stringify(first.body))
    const [one, other] = await Promise.all([
      stage().signIn('citizen', TWICE.personId),
      stage().signIn('citizen', TWICE.personId, { path: scanned(randomUUID()) }),
    ])
    const home = one.page.getByRole('region', { name: '군산시' })
    await home.getByText('10,000원').first().waitFor()
    await one.page.getByRole('navigation').getByRole('link', { name: '내역' }).click()
    await one.page.getByText('−40,000원').waitFor()
    await type(other.page, ['4', '00', '0'])
    await press(other.page, '4,000원 결제하기')
    await other.page.getByRole('heading', { name: '결제했어요' }).waitFor()
    await lookedAtAgain(one.page, one.page.getByText('−4,000원'))
    await one.page.getByRole('navigation').getByRole('link', { name: '홈' }).click()
    await home.getByText('6,000원').first().waitFor()

    const pages = [one, other].map((each) => {
      // The refusal of one of them is an answer that the console counts as a failure.
      each.expectFailures()
      return each.page
    })
    for (const page of pages) {
      await page.goto(`${stage().product.coreUrl}${scanned(randomUUID())}`)
      await type(page, ['6', '00', '0'])
    }
    await Promise.all(pages.map((page) => press(page, '6,000원 결제하기')))
    const ends = await Promise.all(pages.map(endOf))
    assert.deepEqual(ends.toSorted(), ['paid', 'refused'])
    const loser = pages[ends.indexOf('refused')]!
    await loser.getByText('결제하지 않았어요. 돈은 나가지 않았어요.').waitFor()
    const left = loser.getByText('지금 남은 잔액').locator('xpath=following-sibling::*[1]')
    assert.equal(await left.textContent(), '0원')
    await press(loser, '금액을 고쳐 다시 하기')
    await loser.getByRole('button', { name: '6,000원 결제하기' }).waitFor()
    await loser.getByText('6,000원이 모자라요').waitFor()
    assert.deepEqual(await amountsSince(client, [], TWICE.walletId), [6_000, 4_000, 40_000])
    const wallet = await client.send('GET', `${GUNSAN}/wallets/${TWICE.walletId}`)
    assert.equal(wallet.body['totalWon'], 0)
    for (const each of [one, other]) {
      assertNoTroubles(each)
      await each.context.close()
    }
  })
}

/** Narrowed, scrolled, left for a receipt, and found again by the browser's way back and by the screen's own. */
async function historyIsWhereItWas(page: Page): Promise<void> {
  await page.setViewportSize({ width: 390, height: 420 })
  await page.getByRole('navigation').getByRole('link', { name: '내역' }).click()
  await page.getByText('기간·종류·가게로 찾기').click()
  await page.getByLabel('가게 이름으로 찾기').fill('은파')
  await press(page, '찾기')
  await page.getByRole('button', { name: /종류/ }).click()
  await page.getByRole('option', { name: '결제', exact: true }).click()
  const row = page.getByRole('link', { name: /1,200원/ })
  await row.scrollIntoViewIfNeeded()
  const search = new URL(page.url()).search
  const scrolled = await page.evaluate<number>('scrollY')
  assert.ok(scrolled > 0 && search.includes('kind=payment') && search.includes('text='), search)
  await row.click()
  await page.getByRole('heading', { name: '영수증' }).waitFor()
  await page.goBack()
  await row.waitFor()
  const isThere = async (): Promise<boolean> =>
    Math.abs((await page.evaluate<number>('scrollY')) - scrolled) <= 1
  assert.ok(await waitUntil(isThere, { timeoutMs: SEEN_WITHIN_MS }), 'the list began at its top')
  assert.equal(new URL(page.url()).search, search)
  await row.click()
  await page.getByRole('link', { name: '이전' }).click()
  await row.waitFor()
  assert.equal(new URL(page.url()).search, search)
}

interface HeldAnswers {
  /** The first request has reached the server, and has been answered there. */
  readonly arrived: Promise<void>
  release(): void
  /** How many requests came. */
  count(): number
}

/** A slow network: the server is asked at once, and answers when it is let. */
async function holdAnswers(page: Page, url: string): Promise<HeldAnswers> {
  const arriving = Promise.withResolvers<void>()
  const releasing = Promise.withResolvers<void>()
  let count = 0
  await page.route(url, async (route) => {
    count += 1
    const response = await route.fetch()
    arriving.resolve()
    await releasing.promise
    await route.fulfill({ response })
  })
  return { arrived: arriving.promise, release: releasing.resolve, count: () => count }
}

/** Taken in hand again and again, as a telephone is, until what happened elsewhere is seen. */
async function lookedAtAgain(page: Page, sight: Locator): Promise<void> {
  const isSeen = async (): Promise<boolean> => {
    await page.evaluate(
      "document.dispatchEvent(new Event('visibilitychange', { bubbles: true })) && undefined",
    )
    return sight.isVisible()
  }
  assert.ok(await waitUntil(isSeen, { timeoutMs: SEEN_WITHIN_MS, pollMs: 100 }))
}

async function endOf(page: Page): Promise<'paid' | 'refused'> {
  const paid = page.getByRole('heading', { name: '결제했어요' })
  const refused = page.getByText('잔액이 부족합니다')
  await paid.or(refused).first().waitFor()
  return (await paid.isVisible()) ? 'paid' : 'refused'
}

/** The screen after the posted code was scanned. */
interface Payment {
  readonly operationId: string
  readonly amountWon: number
}

/** The newest first. */
async function paymentsOf(client: ApiClient, walletId: string): Promise<Payment[]> {
  const path = `${GUNSAN}/wallets/${walletId}/operations?kind=payment&limit=100`
  const { body } = await client.send('GET', path)
  const items = body['items'] as (Payment & { declineReason: string | null })[] // As the API says.
  return items.filter(({ declineReason }) => declineReason === null)
}

/** What was paid since, the newest first. */
async function amountsSince(
  client: ApiClient,
  before: readonly Payment[],
  walletId = PAYER.walletId,
): Promise<number[]> {
  const ids = new Set(before.map(({ operationId }) => operationId))
  const now = await paymentsOf(client, walletId)
  return now.filter(({ operationId }) => !ids.has(operationId)).map(({ amountWon }) => amountWon)
}
