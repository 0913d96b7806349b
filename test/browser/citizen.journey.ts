/** What citizens do with the app of theirs: join, buy, pay, show a code; and what happens when something breaks. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import type { BrowserContext, Page } from 'playwright-core'
import type { ApiClient } from '../api-client.ts'
import { GUNSAN, press, scanned, STICKER, type } from './hands.ts'
import { assertNoTroubles, keptOn, type Stage } from './stage.ts'

/** A member of 군산시 with vouchers, who keeps no shop. */
const PAYER = { personId: 'person-0007', walletId: 'wlt_7' }
/** A member of 군산시 with vouchers, who sets a PIN. */
const CAREFUL = 'person-0009'
const PIN = '829403'
const SHOPKEEPER = 'person-0002'
/** Nobody's member yet. */
const NEWCOMER = 'person-0201'

/** A core that was killed is started again at once; on a machine that is busy it takes its time to come up. */
const UP_AGAIN_WITHIN_MS = 60_000

export function citizenJourneys(stage: () => Stage): void {
  test('citizen: a newcomer joins, buys, scans the code at a till, pays and reads the receipt', async () => {
    const signed = await stage().openWithCamera(STICKER, '/app/join/gunsan', { as: NEWCOMER })
    const { page } = signed
    await page.getByText('모두 동의해요').click()
    await press(page, '본인확인하고 가입하기')
    await page.getByLabel('인증번호 여섯 자리').fill('000000')
    await press(page, '확인')
    await page.getByRole('heading', { name: '군산시가 지갑에 들어왔어요' }).waitFor()
    await page.getByRole('link', { name: '통장 연결하기' }).click()
    await page.getByText('출금 동의').click()
    await press(page, '이 통장 연결하기')
    await page.getByRole('link', { name: '상품권 사러 가기' }).click()
    await press(page, '+5만')
    await press(page, '45,000원에 사기')
    await page.getByRole('heading', { name: '상품권을 샀어요' }).waitFor()
    await page.getByRole('link', { name: '결제하러 가기' }).click()
    await type(page, ['5', '00', '00'])
    await page.getByText('지금 결제하면').waitFor()
    await press(page, '+1,000')
    await page.getByText('1,000원이 모자라요').waitFor()
    for (let digits = 5; digits > 0; digits -= 1) await press(page, '하나 지우기')
    await press(page, '+5,000')
    const preview = page.getByRole('definition')
    await preview.filter({ hasText: /^45,000원$/ }).waitFor()
    await press(page, '5,000원 결제하기')
    await page.getByRole('heading', { name: '결제했어요' }).waitFor()
    await page.getByText('45,000원').waitFor()
    await page.getByRole('link', { name: '영수증 보기' }).click()
    await page.getByRole('heading', { name: '영수증' }).waitFor()
    await page.getByText('−5,000원').waitFor()
    await page.getByText('군산사랑상품권').waitFor()
    await page.getByRole('heading', { name: '누가 낸 돈인가요' }).waitFor()
    // Bought at nine tenths: of these 5,000 the state gave half of what was missing.
    for (const part of ['내가 낸 돈4,500원', '군산시가 낸 돈150원', '나라가 낸 돈250원']) {
      const said = (await page.getByRole('main').textContent()) ?? ''
      assert.ok(said.includes(part), `${part} in ${said}`)
    }
    assertNoTroubles(signed)
  })

  test('citizen: the core is killed when it has paid: the app says that it does not know, and finds out', async () => {
    const key = randomUUID()
    const signed = await stage().signIn('citizen', PAYER.personId, { path: scanned(key) })
    const { page } = signed
    signed.expectFailures()
    // From here on the app opens without its server.
    await keptOn(page)
    // Nobody waits to see what would pay.
    await page.route(`**${GUNSAN}/payments/preview`, () => undefined)
    await type(page, ['7', '00'])
    await page.route(`**${GUNSAN}/payments`, async (route) => {
      await route.fetch()
      process.kill(await stage().product.corePid(), 'SIGKILL')
      await route.abort('connectionreset')
    })
    await press(page, '700원 결제하기')
    await page.getByText('결과를 확인하고 있습니다').waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '결제했어요' }).waitFor({ timeout: UP_AGAIN_WITHIN_MS })
    assert.equal((await paymentsOf(await stage().client(PAYER.personId), key)).length, 1)
    assertNoTroubles(signed)
  })

  test('citizen: two tabs and a double tap are one payment', async () => {
    const key = randomUUID()
    const signed = await stage().signIn('citizen', PAYER.personId, { path: scanned(key) })
    const { page, context } = signed
    await type(page, ['9', '00'])
    const other = await context.newPage()
    await other.goto(`${stage().product.coreUrl}${scanned(key)}`)
    await type(other, ['9', '00'])
    await Promise.all([
      page.getByRole('button', { name: '900원 결제하기' }).dblclick(),
      other.getByRole('button', { name: '900원 결제하기' }).click(),
    ])
    for (const tab of [page, other]) {
      await tab.getByRole('heading', { name: '결제했어요' }).waitFor()
    }
    const payer = await stage().client(PAYER.personId)
    assert.equal((await paymentsOf(payer, key)).length, 1)
    await page.goBack()
    assert.equal(await page.getByRole('button', { name: '900원 결제하기' }).count(), 0)
    assertNoTroubles(signed)
  })

  test('citizen: with a PIN set nothing is paid without it, and a passkey does as well', async () => {
    const path = '/app/gunsan/security'
    const signed = await stage().signIn('citizen', CAREFUL, { path })
    const { page, context } = signed
    await addAuthenticator(page, context)
    await press(page, '비밀번호 정하기')
    await page.getByText('새 비밀번호 여섯 자리').waitFor()
    await page.keyboard.type(PIN)
    await page.getByText('한 번 더 눌러 주세요').waitFor()
    await page.keyboard.type(PIN)
    await page.getByText('비밀번호를 정했어요.').waitFor()
    assertNoTroubles(signed)

    signed.expectFailures()
    await page.goto(`${stage().product.coreUrl}${scanned(randomUUID())}`)
    await type(page, ['8', '00'])
    await press(page, '800원 결제하기')
    await page.getByText('결제 비밀번호 여섯 자리').waitFor()
    await page.keyboard.type(PIN.split('').toReversed().join(''))
    await page.getByText('비밀번호가 맞지 않습니다').waitFor()
    await page.keyboard.type(PIN)
    await page.getByRole('heading', { name: '결제했어요' }).waitFor()

    await page.goto(`${stage().product.coreUrl}${path}`)
    await press(page, '이 기기의 패스키 등록하기')
    await page.getByText('결제 비밀번호 여섯 자리').waitFor()
    await page.keyboard.type(PIN)
    await page.getByText('이 휴대폰').waitFor()
    await page.goto(`${stage().product.coreUrl}${scanned(randomUUID())}`)
    await type(page, ['6', '00'])
    await press(page, '600원 결제하기')
    await press(page, '패스키로 확인하기')
    await page.getByRole('heading', { name: '결제했어요' }).waitFor()
    assertNoTroubles(signed)
  })

  test('citizen: with a clock ten minutes off and no network the code that is shown is good', async () => {
    const signed = await stage().open('/')
    const { page, context } = signed
    // The first proof of a wrong clock is refused, and tells the time.
    signed.expectFailures()
    await page.clock.install({ time: Date.now() + 600_000 })
    await page.goto(`${stage().product.coreUrl}/app/code/gunsan?as=${PAYER.personId}`)
    await press(page, '이 휴대폰 등록하기')
    const digits = page.getByRole('group', { name: '코드 번호' })
    await digits.waitFor()
    await context.setOffline(true)
    const code = ((await digits.textContent()) ?? '').replaceAll(/\D/g, '')
    assert.equal(code.length, 24)
    const shop = await stage().client(SHOPKEEPER)
    const taken = await shop.send('POST', `${GUNSAN}/outlets/out_1/payments`, {
      body: { code, amountWon: 1_100 },
      key: randomUUID(),
    })
    assert.equal(taken.status, 201, JSON.stringify(taken.body))
    await context.setOffline(false)
    await page.getByText('은파분식에서 1,100원 결제했어요').waitFor()
    assertNoTroubles(signed)
  })
}

/** A device that confirms by passkeys whatever it is asked, as one whose owner lays a finger on it. */
async function addAuthenticator(page: Page, context: BrowserContext): Promise<void> {
  const browser = await context.newCDPSession(page)
  await browser.send('WebAuthn.enable')
  await browser.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  })
}

/** The screen after the posted code was scanned. */
async function paymentsOf(client: ApiClient, key: string): Promise<unknown[]> {
  const path = `${GUNSAN}/wallets/${PAYER.walletId}/operations?kind=payment`
  const { body } = await client.send('GET', path)
  return (body['items'] as { operationId: string }[]).filter(
    ({ operationId }) => operationId === key,
  )
}
