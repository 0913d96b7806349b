/** What the reconciliation reads from the raw tables, with the rights of the auditor and no others. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { operationId } from '../base/base.ts'
import { openSealedCity } from '../../test/sealed-city.ts'
import { readCardBooks } from './card-books.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

const city = await openSealedCity()
const auditor = postgres(city.database.auditUrl, { max: 1, onnotice: () => undefined })
after(async () => {
  await auditor.end()
  await city.close()
})

test('every operation of a card with its outcome, settlements and payments by code left out', async () => {
  const { operations } = await readCardBooks(auditor)
  const lines = operations.map(({ kind, decline, amountWon }) => `${kind} ${decline ?? amountWon}`)
  assert.deepEqual(lines.toSorted(), [
    'cancellation 2000',
    'cancellation 3000',
    'cancellation 4000',
    'capture 7000',
    'hold 9000',
    'payment 12000',
    'payment 3000',
    'payment 4000',
    'payment 5000',
    'payment 5000',
    'payment insufficient_funds',
    'payment reversed_first',
  ])
  const capture = operations.find(({ kind }) => kind === 'capture')
  const hold = operations.find(({ kind }) => kind === 'hold')
  assert.equal(capture?.targetId, hold?.operationId)
  assert.equal(hold?.targetId, null)
  assert.ok(operations.every(({ issuerId }) => issuerId === city.issuerId))
})

test('the newest version of each conversion', async () => {
  const registry = createPostgresRegistry(city.pool)
  const saleId = operationId('00000000-0000-4000-8000-000000000001')
  for (const [version, state, voucherWon] of [
    [1, 'open', 0],
    [2, 'converted', 5_000],
  ] as const) {
    await registry.append(
      city.issuerId,
      'system',
      [{ kind: 'conversion', recordId: 7, version, body: { saleId, state, voucherWon } }],
      city.now + version,
    )
  }
  const { conversions } = await readCardBooks(auditor)
  assert.deepEqual(conversions, [{ saleId, state: 'converted', voucherWon: 5_000 }])
})
