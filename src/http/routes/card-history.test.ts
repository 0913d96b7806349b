/** Card payments in the lists of members and merchants: whose money it was, why not, and nothing of our bookkeeping. */
import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { after, test } from 'node:test'
import { id, operationId, parseBusinessDate, parseId, won } from '../../base/base.ts'
import { cardActors, cardOperationId, saleHash, type CardSale } from '../../cards/cards.ts'
import type { PaymentRequest } from '../../ledger/ledger.ts'
import { GUNSAN, grant, openCity, openMember, openShop, PROGRAM } from './fixtures/small-city.ts'

const city = await openCity()
after(() => city.app.close())
const shop = await openShop(city, { number: 0 })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()

function saleOf(stan: number): CardSale {
  return {
    key: {
      partnerId: id('prt', 1),
      acquirer: '000001',
      terminal: 'T0000001',
      stan: String(stan).padStart(6, '0'),
      localDate: parseBusinessDate('2026-11-22')!,
      cardClass: 'financial',
    },
    cardToken: 'HAN0000000000001',
    merchantNumber: '124810099800000',
    amountWon: won(10_000),
    at: city.time.now,
    partialAllowed: false,
  }
}

/** As the card desk posts it. */
async function post(
  walletText: string,
  stan: number,
  changes: Partial<PaymentRequest> = {},
): Promise<string> {
  city.advance(1)
  const sale = saleOf(stan)
  const operationId = cardOperationId(sale.key, 'sale', sha256)
  const request: PaymentRequest = {
    operationId,
    requestHash: saleHash(sale, sha256),
    channel: 'card',
    walletId: parseId('wlt', walletText)!,
    merchantId: shop.merchantId,
    outletId: id('out', 1),
    amountWon: sale.amountWon,
    tenders: [{ programId: PROGRAM, kind: 'gift' }],
    actor: 'prt_1',
    card: { partnerId: id('prt', 1), businessDate: sale.key.localDate },
    ...changes,
  }
  await city.ledger.pay(GUNSAN, [request], city.time.now)
  return operationId
}

interface Item {
  readonly operationId: string
  readonly channel: string
  readonly merchantName: string
  readonly amountWon: number
  readonly coveredWon: number
  readonly declineText: string | null
  readonly declineTextEn: string | null
  readonly card: {
    partnerCode: string
    partnerName: string
    source: string
    decidedBy: string
  } | null
  readonly conversion?: unknown
}

test('a member reads of each card payment whose money it was, and why not the voucher’s', async () => {
  const payer = await openMember(city, 'card-payer')
  await grant(city, payer.walletId, 3_000)
  const { standin } = cardActors
  const covered = await post(payer.walletId, 1, { coverage: 'advice', actor: standin })
  await post(payer.walletId, 2)
  await post(payer.walletId, 3, { tenders: [], refusal: 'wallet_stopped' })
  const answer = await payer.ask('GET', `${payer.wallet}/operations`)
  const [stopped, empty, paid] = answer.json<{ items: Item[] }>().items
  assert.deepEqual(
    [paid?.operationId, paid?.channel, paid?.merchantName, paid?.amountWon, paid?.coveredWon],
    [covered, 'card', '0호 분식', 10_000, 7_000],
  )
  const card = { partnerCode: 'hanbit', partnerName: '한빛카드' }
  assert.deepEqual(paid?.card, { ...card, source: 'voucher', decidedBy: 'standin' })
  assert.equal(paid?.declineText, null)
  assert.deepEqual(empty?.card, { ...card, source: 'account', decidedBy: 'core' })
  assert.match(empty?.declineText ?? '', /계좌로 넘긴 결제입니다\. 잔액이 부족합니다\./)
  assert.match(empty?.declineTextEn ?? '', /left to the card’s account\. The balance/)
  assert.deepEqual(stopped?.card, { ...card, source: 'none', decidedBy: 'core' })
  assert.match(stopped?.declineText ?? '', /^이용이 정지된 지갑입니다/)
})

test('a payment that the account had made first says what came of that debit', async () => {
  const payer = await openMember(city, 'debited-payer')
  await grant(city, payer.walletId, 30_000)
  const { conversion: actor } = cardActors
  const paid = await post(payer.walletId, 5, { actor })
  const other = await post(payer.walletId, 6)
  const saleId = operationId(randomUUID())
  const { key, cardToken, merchantNumber, amountWon } = saleOf(5)
  const { acquirer, terminal, stan, localDate } = key
  const debitedAt = city.time.now
  await city.casebook.openConversion(GUNSAN, {
    partnerId: key.partnerId,
    saleId,
    key: { acquirer, terminal, stan, localDate, cardClass: 'financial' },
    cardToken,
    memberId: parseId('mbr', payer.memberId)!,
    walletId: null,
    merchantId: null,
    merchantNumber,
    saleWon: amountWon,
    accountWon: amountWon,
    debitedAt,
    heardFrom: 'advice',
  })
  const see = async (id: string) =>
    (await payer.ask('GET', `${payer.wallet}/operations/${id}`)).json<Item>()
  assert.equal((await see(paid)).conversion, null, 'nobody knows yet that it was this one')
  const voucher = { operationId: operationId(paid), voucherWon: won(10_000) }
  await city.casebook.changeConversion(GUNSAN, saleId, (body) => ({ ...body, ...voucher }))
  const { card, conversion } = await see(paid)
  assert.equal(card?.decidedBy, 'later')
  assert.deepEqual(conversion, {
    state: 'open',
    accountWon: 10_000,
    voucherWon: 10_000,
    debitedAt: new Date(debitedAt).toISOString(),
    closedAt: null,
  })
  assert.equal((await see(other)).conversion, null)
})

test('what a reversal wrote to keep a place is in nobody’s list, and no page ends for it', async () => {
  const payer = await openMember(city, 'reversed-payer')
  await grant(city, payer.walletId, 30_000)
  const voiding = { tenders: [], refusal: 'reversed_first', actor: cardActors.reversal } as const
  const first = await post(payer.walletId, 11)
  for (const stan of [12, 13, 14]) await post(payer.walletId, stan, voiding)
  const kept = cardOperationId(saleOf(14).key, 'sale', sha256)
  const hidden = await payer.ask('GET', `${payer.wallet}/operations/${kept}`)
  assert.equal(hidden.statusCode, 404, hidden.body)
  const second = await post(payer.walletId, 15)
  for (const [caller, path] of [
    [payer, `${payer.wallet}/operations`],
    [shop.clerk, `${shop.merchant}/payments`],
  ] as const) {
    const seen: string[] = []
    let cursor = ''
    // The grant is the member's third, and the test before left the shop three.
    for (let page = 0; page < 20 && seen.length < 3; page += 1) {
      const answer = await caller.ask('GET', `${path}?limit=1${cursor}`)
      const { items, nextCursor } = answer.json<{ items: Item[]; nextCursor: string | null }>()
      assert.ok(items.length === 1, answer.body)
      seen.push(...items.map(({ operationId }) => operationId))
      if (nextCursor === null) break
      cursor = `&cursor=${nextCursor}`
    }
    assert.deepEqual(seen.slice(0, 2), [second, first])
    const whole = await caller.ask('GET', `${path}?limit=100`)
    const { items, nextCursor } = whole.json<{ items: Item[]; nextCursor: string | null }>()
    assert.equal(nextCursor, null)
    assert.deepEqual(
      items.slice(0, 2).map(({ operationId }) => operationId),
      [second, first],
    )
  }
})
