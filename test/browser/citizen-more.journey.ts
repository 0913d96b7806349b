/** What citizens do around paying: a card linked and used, a present, a refund, a transfer, and the end of it all. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newKey, type ApiClient } from '../api-client.ts'
import { waitUntil } from '../../src/main/bounded-wait.ts'
import { GUNSAN, press, STICKER } from './hands.ts'
import { assertNoTroubles, SEEN_WITHIN_MS, type Stage } from './stage.ts'

const PROGRAM = 'prg_1'
/** Of 은파분식 with card companies. */
const MERCHANT_NUMBER = '900010001300000'

/** 이서연 has a card of 한빛카드 that she has not linked. */
const CARDHOLDER = { personId: 'person-0003', partnerCode: 'hanbit', cardToken: 'HAN0000000000021' }
const GIVER = 'person-0012'
const RECEIVER = { personId: 'person-0013', phone: '010-0000-0013' }
/** Members who hold nothing yet. */
const REFUNDED = { personId: 'person-0008', walletId: 'wlt_8' }
const TRANSFERRING = 'person-0017'
const LOSING = 'person-0014'

export function citizenMoreJourneys(stage: () => Stage): void {
  test('citizen: a card is linked by its company’s app, and pays at a till from the voucher', async () => {
    const signed = await stage().signIn('citizen', CARDHOLDER.personId, {
      path: '/app/gunsan/cards',
    })
    const { page } = signed
    await page.getByRole('link', { name: '카드 연결하기' }).click()
    await page.getByRole('button', { name: /연결 번호 받기$/ }).click()
    const code = page.getByLabel('카드사 앱의 연결 번호')
    const hasCode = async () => /^\d{8}$/.test(await code.inputValue())
    assert.ok(await waitUntil(hasCode, { timeoutMs: SEEN_WITHIN_MS }))
    await press(page, '연결하기')
    await page.getByText('카드를 연결했습니다').waitFor()
    await paidByVoucher(stage(), 8_000)
    await page.getByRole('link', { name: '내역' }).click()
    await page
      .getByRole('link', { name: /은파분식/ })
      .first()
      .click()
    await page.getByRole('heading', { name: '영수증' }).waitFor()
    await page.getByText('한빛카드').first().waitFor()
    await page.getByText('−8,000원').first().waitFor()
    await page.getByText('답한 곳').waitFor()
    await page
      .getByRole('definition')
      .filter({ hasText: /^두레$/ })
      .waitFor()
    await page.getByText('상품권에서 나갔어요').waitFor()
    await page.getByText('내가 낸 돈').waitFor()
    assertNoTroubles(signed)
  })

  test('citizen: a present is sent to a mobile number, and accepted by whoever bears it', async () => {
    const giver = await stage().signIn('citizen', GIVER, { path: '/app/gunsan/gifts/new' })
    await giver.page.getByLabel('받는 사람 휴대폰 번호').fill(RECEIVER.phone)
    await giver.page.getByLabel('한마디 (선택)').fill('생일 축하해요')
    await press(giver.page, '+1만')
    await press(giver.page, '선물하기')
    await giver.page.getByRole('dialog').getByText(RECEIVER.phone).waitFor()
    await giver.page.getByRole('dialog').getByRole('button', { name: '선물하기' }).click()
    await giver.page.getByText('선물했습니다').waitFor()

    const receiver = await stage().signIn('citizen', RECEIVER.personId, {
      path: '/app/gunsan/gifts',
    })
    await receiver.page.getByText('생일 축하해요').waitFor()
    await press(receiver.page, '선물 받기')
    await receiver.page.getByText('10,000원이 내 상품권에 들어왔습니다.').waitFor()

    await giver.page.getByRole('link', { name: '보낸 선물 보기' }).click()
    await giver.page.getByRole('tabpanel').getByText('받음', { exact: true }).waitFor()
    assertNoTroubles(giver)

    await receiver.page.getByRole('link', { name: '내역' }).click()
    await receiver.page
      .getByRole('link', { name: /선물 받음/ })
      .first()
      .click()
    await receiver.page.getByText('선물 받은 돈').waitFor()
    assertNoTroubles(receiver)
  })

  test('citizen: what is left is refunded once enough was used, and the discount goes back', async () => {
    const client = await stage().client(REFUNDED.personId)
    await done(client, '/purchases', { programId: PROGRAM, faceWon: 20_000 })
    const signed = await stage().signIn('citizen', REFUNDED.personId, {
      path: '/app/gunsan/refund',
    })
    const { page } = signed
    await page.getByRole('link', { name: /20,000원 구매/ }).click()
    await page.getByText('지금은 환급할 수 없습니다').waitFor()
    await done(client, '/payments', { code: STICKER, amountWon: 15_000 })
    await page.reload()
    await press(page, '환급받기')
    await page.getByRole('dialog').getByText('4,500원').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '환급받기' }).click()
    await page.getByText('4,500원을 연결한 계좌로 보냅니다.').waitFor()
    const wallet = await client.send('GET', `${GUNSAN}/wallets/${REFUNDED.walletId}`)
    assert.equal(wallet.body['totalWon'], 0)
    assertNoTroubles(signed)
  })

  test('citizen: money transferred to a virtual account becomes a voucher', async () => {
    const signed = await stage().signIn('citizen', TRANSFERRING, {
      path: '/app/gunsan/virtual-accounts',
    })
    const { page } = signed
    await press(page, '+3만')
    await press(page, '가상계좌 받기')
    await page.getByRole('dialog').getByText('27,000원').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: '가상계좌 받기' }).click()
    await page.getByRole('link', { name: '계좌번호 보기' }).click()
    await page.getByText('남은 시간').waitFor()
    await press(page, '입금하기 (체험)')
    await page.getByText('돈이 들어와 상품권을 구매했습니다.').waitFor()
    assertNoTroubles(signed)
  })

  test('citizen: a phone is lost, everything is stopped, and nobody pays any more', async () => {
    const signed = await stage().signIn('citizen', LOSING, { path: '/app/lost' })
    const { page } = signed
    await page.getByText('사용 중').waitFor()
    await press(page, '모두 정지하기')
    await page.getByRole('dialog').getByRole('button', { name: '모두 정지하기' }).click()
    await page.getByText('모두 정지했습니다').waitFor()
    await page.getByText('정지됨', { exact: true }).waitFor()
    const client = await stage().client(LOSING)
    const refused = await client.send('POST', `${GUNSAN}/payments`, {
      body: { code: STICKER, amountWon: 1_000 },
      key: newKey(),
    })
    assert.deepEqual([refused.status, refused.body['code']], [409, 'wallet_stopped'])
    assertNoTroubles(signed)
  })
}

/** A write of a member that has to succeed. */
async function done(client: ApiClient, path: string, body: object): Promise<void> {
  const answer = await client.send('POST', `${GUNSAN}${path}`, { body, key: newKey() })
  assert.equal(answer.status, 201, JSON.stringify(answer.body))
}

/** Pays at the simulated terminal, once all who decide about the card have heard that it is linked. */
async function paidByVoucher({ product }: Stage, amountWon: number): Promise<void> {
  const company = `${product.coreUrl}/simulated/companies/${CARDHOLDER.partnerCode}`
  let receipt: unknown
  const pay = async (): Promise<boolean> => {
    const response = await fetch(`${company}/terminals/T0000077/sales`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        card: CARDHOLDER.cardToken,
        merchantNumber: MERCHANT_NUMBER,
        amountWon,
      }),
    })
    receipt = await response.json()
    return JSON.stringify(receipt).includes('"voucher"')
  }
  await waitUntil(pay, { timeoutMs: SEEN_WITHIN_MS })
  assert.ok(JSON.stringify(receipt).includes('"voucher"'), JSON.stringify(receipt))
}
