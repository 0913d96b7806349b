/** Somebody calls: a card did not pay. An operator finds the payment and reads why. */
import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { test } from 'node:test'
import { GUNSAN } from './hands.ts'
import { assertNoTroubles, sizes, type Stage } from './stage.ts'

const OPERATOR = 'person-0798'
const CALLER = 'person-0011'

export function cardSaleJourneys(stage: () => Stage): void {
  test('ops: a card payment that was declined is found, with its reason in words', async () => {
    const { companyUrls } = stage().product
    const post = async (url: string, body: unknown): Promise<Record<string, unknown>> => {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
      return (await answer.json()) as Record<string, unknown>
    }
    const cards = await fetch(`${companyUrls['hanbit']}/cards?personId=${CALLER}`)
    const { cards: own } = (await cards.json()) as {
      cards: { cardToken: string; lastFour: string }[]
    }
    const [card] = own
    assert.ok(card, 'the caller has a card')
    const { cardToken, lastFour } = card
    const caller = await stage().client(CALLER)
    const me = (await caller.send('GET', `${GUNSAN}/members/me`)).body
    const linking = await post(`${companyUrls['hanbit']}/cards/${cardToken}/link-codes`, {})
    const linked = await caller.send('POST', `${GUNSAN}/members/me/cards`, {
      key: randomUUID(),
      body: { partnerCode: 'hanbit', linkCode: linking['linkCode'], spending: 'voucher_first' },
    })
    assert.ok([200, 201, 409].includes(linked.status), JSON.stringify(linked.body))
    const stopped = await caller.send('POST', `${GUNSAN}/wallets/${String(me['walletId'])}/stop`, {
      key: randomUUID(),
      body: { reason: '휴대폰 분실' },
    })
    assert.equal(stopped.status, 200, JSON.stringify(stopped.body))
    const sale = await post(`${companyUrls['hanbit']}/terminals/T0000001/sales`, {
      card: cardToken,
      merchantNumber: '900010001300000',
      amountWon: 3_300,
    })
    assert.equal(sale['outcome'], 'declined', JSON.stringify(sale))

    const signed = await stage().signIn('ops', OPERATOR, {
      viewport: sizes.desktop,
      path: '/ops/cards?tab=sales&issuer=gunsan',
    })
    const { page } = signed
    const digits = page.getByLabel('카드 끝 네 자리')
    await digits.fill(lastFour.slice(0, 2))
    await page.getByText('숫자 네 자리를 모두 입력해 주세요.').waitFor()
    await digits.fill(lastFour)
    const row = page.getByRole('row').filter({ hasText: '3,300원' }).filter({ hasText: lastFour })
    await row.getByText('거절').waitFor()
    await row.getByRole('button').click()
    const found = page.getByRole('dialog')
    await found.getByText('거절한 이유').waitFor()
    await found.getByText(/정지/).waitFor()
    await found.getByText('나간 돈은 없습니다').waitFor()
    assertNoTroubles(signed)
  })
}
