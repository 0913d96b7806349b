/** Notices that several may want to give are given once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createIdSource, id } from '../base/base.ts'
import { createMemoryRegistry } from './memory-registry.ts'
import { partyNoticesOf, tellMerchantOnce } from './party-notices.ts'

test('a merchant hears of a parked payout once, and of another one too', async () => {
  const registry = createMemoryRegistry()
  const issuerId = id('iss', 1)
  const merchantId = id('mrc', 7)
  await registry.openIssuer(issuerId)
  const deps = { registry, ids: createIdSource({ node: 1, clock: () => 1_000 }) }
  const notice = { partyNoticeKind: 'payout_parked', at: 1_000 } as const
  for (const subject of ['pay_1/1', 'pay_1/1', 'pay_1/2']) {
    const told = { ...notice, subject, facts: { amountWon: 5_000 } }
    await tellMerchantOnce(deps, issuerId, merchantId, told)
  }
  const notices = await partyNoticesOf(registry, issuerId, merchantId)
  assert.deepEqual(
    notices.map(({ partyNoticeKind, facts }) => [partyNoticeKind, facts]),
    [1, 2].map(() => ['payout_parked', { amountWon: 5_000 }]),
  )
  assert.deepEqual(await partyNoticesOf(registry, issuerId, id('mrc', 8)), [])
})
