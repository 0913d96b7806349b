/** Card sales are found by day, company, outcome and approval code, in the books of a small city. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { businessDate, DAY_MS, id, nextDate, won, type OperationId } from '../base/base.ts'
import { approvalCode, cardActors, type SoughtCardSales } from '../cards/cards.ts'
import { keyPrefix, naturalKey } from '../registration/registration.ts'
import { openSealedCity } from '../../test/sealed-city.ts'
import { readCardBooks } from './card-books.ts'
import { createCardSaleSearch } from './card-sale-search.ts'
import { createPostgresLedger } from './postgres-ledger.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

const city = await openSealedCity()
const auditor = postgres(city.database.auditUrl, { max: 1, onnotice: () => undefined })
after(async () => {
  await owner.end()
  await auditor.end()
  await city.close()
})
const search = createCardSaleSearch(city.pool)
const { operations } = await readCardBooks(auditor)
const owner = postgres(city.database.ownerUrl, { max: 1, onnotice: () => undefined })
const partners = await owner<{ partner_id: string }[]>`
  select distinct partner_id from ledger.operation where partner_id is not null`
const partnerIds = partners.map((row) => id('prt', Number(row.partner_id)))
const whole: SoughtCardSales = {
  issuerId: city.issuerId,
  partnerIds,
  from: businessDate(city.now - 60 * DAY_MS),
  through: businessDate(city.now + DAY_MS),
  approvalCode: undefined,
  lastFour: undefined,
  outcome: undefined,
  before: undefined,
  limit: 100,
}
const isSale = ({ kind }: (typeof operations)[number]): boolean =>
  kind === 'payment' || kind === 'hold'

test('every sale of a card is found, the newest first', async () => {
  const found = await search(whole)
  assert.deepEqual(
    found.map(({ operationId }) => operationId).toSorted(),
    operations
      .filter(isSale)
      .map(({ operationId }) => operationId)
      .toSorted(),
  )
  assert.ok(found.every(({ at }, index) => index === 0 || at <= found[index - 1]!.at))
  assert.ok(found.some(({ isCancelled }) => isCancelled))
  assert.ok(found.some(({ isCancelled }) => !isCancelled))
})

test('those that were declined, those of a company, and the one with the code on its slip', async () => {
  const all = await search(whole)
  const declined = await search({ ...whole, outcome: 'declined' })
  assert.deepEqual(declined.map(({ decline }) => String(decline)).toSorted(), [
    'insufficient_funds',
    'reversed_first',
  ])
  const approved = await search({ ...whole, outcome: 'approved' })
  assert.equal(approved.length, all.length - declined.length)
  const [first] = all
  assert.ok(first)
  const byCode = await search({ ...whole, approvalCode: approvalCode(first.operationId) })
  assert.ok(byCode.some(({ operationId }) => operationId === first.operationId))
  assert.ok(
    byCode.every((sale) => approvalCode(sale.operationId) === approvalCode(first.operationId)),
  )
  for (const partnerId of partnerIds) {
    const own = await search({ ...whole, partnerIds: [partnerId] })
    assert.ok(own.length > 0 && own.every((sale) => sale.partnerId === partnerId))
  }
})

test('another issuer’s, another company’s and another month’s sales are not found', async () => {
  assert.deepEqual(await search({ ...whole, issuerId: id('iss', 4) }), [])
  assert.deepEqual(await search({ ...whole, partnerIds: [id('prt', 99)] }), [])
  const later = nextDate(whole.through)
  assert.deepEqual(await search({ ...whole, from: later, through: later }), [])
})

test('pages follow one another without a gap, and what only keeps a place is on none', async () => {
  const all = await search(whole)
  const [first] = all
  assert.ok(first)
  const { wallet_id: walletId } = await payerOf(first.operationId)
  const ledger = createPostgresLedger({ paying: city.pool, buying: city.pool, reading: city.pool })
  const place = {
    operationId: '00000001-0000-7000-8000-0000000000aa' as OperationId,
    requestHash: new Uint8Array(32),
    channel: 'card' as const,
    walletId: id('wlt', Number(walletId)),
    merchantId: first.merchantId!,
    outletId: first.outletId!,
    amountWon: won(1_000),
    tenders: [],
    card: { partnerId: first.partnerId, businessDate: businessDate(city.now) },
    actor: cardActors.reversal,
    refusal: 'reversed_first' as const,
  }
  const [kept] = await ledger.pay(city.issuerId, [place], city.now)
  assert.equal(kept?.status, 'declined')
  const refused = {
    ...place,
    operationId: 'ffffffff-0000-7000-8000-0000000000bb' as OperationId, // 4,294,967,295: code 967295.
    actor: 'prt_1',
  }
  const [told] = await ledger.pay(city.issuerId, [refused], city.now)
  assert.equal(told?.status, 'declined')
  for (const [code, found] of [
    ['967295', [refused.operationId]],
    ['000001', []],
  ] as const) {
    const sales = await search({ ...whole, approvalCode: code })
    assert.deepEqual(
      sales.map(({ operationId }) => operationId),
      found,
    )
  }
  const paged = []
  let before: SoughtCardSales['before']
  for (let page = 0; page <= all.length + 1; page += 1) {
    const items = await search({ ...whole, limit: 2, before })
    paged.push(...items)
    before = items.at(-1)
    if (items.length < 2) break
  }
  assert.deepEqual(paged.slice(1), all, 'with the one that was just refused before them')
})

test('a sale is found by the last digits of the payer’s card, and has the cases about it', async () => {
  const [sale] = await search(whole)
  assert.ok(sale)
  assert.deepEqual([sale.lastFours, sale.caseIds], [[], []])
  const { wallet_id: walletId } = await payerOf(sale.operationId)
  const wallet = id('wlt', Number(walletId))
  const registry = createPostgresRegistry(city.pool)
  const link = (recordId: number, lastFour: string, key: string) => ({
    kind: 'card_link' as const,
    recordId,
    version: 1,
    body: { lastFour },
    keys: [key],
  })
  await registry.append(
    city.issuerId,
    'system',
    [
      link(901, '4321', naturalKey.cardOfWallet(wallet, sale.partnerId, 'token-a')),
      // Of another company, and of a wallet whose number begins alike.
      link(902, '7777', naturalKey.cardOfWallet(wallet, id('prt', 9), 'token-b')),
      link(903, '8888', `${keyPrefix.cardsOfWallet(id('wlt', Number(`${walletId}1`)))}1:token-c`),
      {
        kind: 'case',
        recordId: 904,
        version: 1,
        body: {},
        keys: [naturalKey.case('advice_mismatch', sale.operationId)],
      },
    ],
    city.now,
  )
  const found = await search({ ...whole, lastFour: '4321' })
  assert.ok(found.every(({ partnerId }) => partnerId === sale.partnerId))
  assert.deepEqual(
    found.find(({ operationId }) => operationId === sale.operationId),
    { ...sale, lastFours: ['4321'], caseIds: [id('cas', 904)] },
  )
  for (const lastFour of ['7777', '8888', '1234']) {
    assert.deepEqual(await search({ ...whole, lastFour }), [], lastFour)
  }
})

async function payerOf(operationId: OperationId): Promise<{ wallet_id: string }> {
  const [row] = await auditor<{ wallet_id: string }[]>`
    select wallet_id from ledger.operation where operation_id = ${operationId}`
  assert.ok(row)
  return row
}
