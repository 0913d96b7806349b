/** Leaving: not before one's money is settled, then everything at once. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won } from '../base/base.ts'
import { issuerId } from '../registration/fixtures/registration-bench.ts'
import { readRecord } from '../registration/registration.ts'
import { lotOf, openLeavingBench, person } from './fixtures/leaving-bench.ts'

const reasonOf = (answer: { status: string; reason?: string }) => answer.reason ?? answer.status
const REFUSED = { outcome: 'refused', reason: 'lot_not_refundable' } as const
const preview = { status: 'previewed', cancellableUntil: null, usedBasisPoints: 0 } as const

test('money that is on its way keeps a member', async () => {
  const { money, leave } = await openLeavingBench()
  money.awaitsPurchase = true
  assert.equal(reasonOf(await leave(true)), 'money_on_its_way')
  money.awaitsPurchase = false
  money.lots = [lotOf(0, 1)]
  assert.equal(reasonOf(await leave(true)), 'money_on_its_way')
  money.lots = []
  for (const state of ['prepared', 'waiting'] as const) {
    money.gifts = [{ state }]
    assert.equal(reasonOf(await leave(true)), 'money_on_its_way')
  }
  money.gifts = [{ state: 'accepted' }]
  for (const state of ['opened', 'approved'] as const) {
    money.requests = [{ state }]
    assert.equal(reasonOf(await leave(true)), 'money_on_its_way')
  }
  money.requests = [{ state: 'paid' }]
  assert.equal(reasonOf(await leave()), 'registered')
})

test('what can be refunded or cancelled is refunded first, even where it is renounced', async () => {
  const { money, time, leave } = await openLeavingBench()
  money.lots = [lotOf(1)]
  const granted = { outcome: 'granted' } as never
  money.preview = { ...preview, decision: granted }
  assert.equal(reasonOf(await leave(true)), 'refund_first')
  money.preview = { ...preview, decision: REFUSED, cancellableUntil: time.now + 1 }
  assert.equal(reasonOf(await leave(true)), 'refund_first')
  money.preview = { ...money.preview, cancellableUntil: time.now }
  assert.equal(reasonOf(await leave(true)), 'registered')
})

test('the rest is lost only where the member says so; what has expired is no rest', async () => {
  const { money, leave } = await openLeavingBench()
  money.preview = { ...preview, decision: REFUSED }
  money.lots = [lotOf(1)]
  assert.equal(reasonOf(await leave(false)), 'rest_not_renounced')
  money.lots = [{ ...lotOf(1), expiresAt: 1 }]
  assert.equal(reasonOf(await leave(false)), 'registered')
})

test('cashback that waits is lost by leaving, and only where the member says so', async () => {
  const { money, leave } = await openLeavingBench()
  money.waiting = [{ programId: id('prg', 1), amountWon: won(1) }]
  assert.equal(reasonOf(await leave(false)), 'rest_not_renounced')
  assert.equal(reasonOf(await leave(true)), 'registered')
})

test('telephone, wallet, account and consents end in one append', async () => {
  const bench = await openLeavingBench()
  const { registry, registration, memberId, walletId, directory } = bench
  await registration.enrolDevice({ issuerId, memberId, deviceThumbprint: 't' })
  const left = await bench.leave()
  assert.deepEqual(left, { status: 'registered', leftAt: bench.time.now })
  assert.equal((await registration.member(issuerId, memberId))?.member.status, 'left')
  assert.equal((await readRecord(registry, issuerId, 'device', memberId))?.body.active, false)
  assert.equal(directory.walletStopped(issuerId, walletId), true)
  const consents = await registration.consentsOf(issuerId, memberId)
  assert.ok(consents.length > 0 && consents.every(({ revokedAt }) => revokedAt !== null))
  assert.deepEqual(await registration.rolesOf(person.personId), [
    { role: 'former_member', issuerId, memberId },
  ])
  const wrote = registry.versions(issuerId).length
  bench.time.now += 1
  assert.deepEqual(await bench.leave(), left, 'again it is as it was')
  assert.equal(registry.versions(issuerId).length, wrote)
})

test('whoever comes back before they are forgotten is the same member with the same wallet', async () => {
  const bench = await openLeavingBench()
  const { registry, registration, memberId, walletId, directory } = bench
  await bench.leave()
  const again = await bench.join()
  assert.deepEqual([again.member.memberId, again.walletId], [memberId, walletId])
  assert.equal(again.member.status, 'active')
  assert.equal(directory.walletStopped(issuerId, walletId), false)
  const standing = (await registration.consentsOf(issuerId, memberId)).filter(
    ({ revokedAt }) => revokedAt === null,
  )
  assert.equal(standing.length, 3)
  const erasure = await readRecord(registry, issuerId, 'erasure', memberId)
  assert.equal(erasure?.body.state, 'void')
})
