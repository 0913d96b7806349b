/** Card sales are found by day, company, outcome and approval code, in the books of a small city. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { businessDate, DAY_MS, id, nextDate } from '../base/base.ts'
import { approvalCode, type SoughtCardSales } from '../cards/cards.ts'
import { openSealedCity } from '../../test/sealed-city.ts'
import { readCardBooks } from './card-books.ts'
import { createCardSaleSearch } from './card-sale-search.ts'

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
  outcome: undefined,
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
