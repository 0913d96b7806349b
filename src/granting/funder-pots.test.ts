/** Pots of a program: those in force, less what was drawn; a funder without one is not bounded. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { id, won, type Funder } from '../base/base.ts'
import type { FundingPot } from '../issuing/issuing.ts'
import {
  GUNSAN,
  Killed,
  lineOf,
  openOffice,
  person,
  START,
  STIPEND,
  VOUCHER,
} from './fixtures/small-office.ts'
import { createFunderPots } from './funder-pots.ts'

function pot(number: number, funder: Funder, change: Partial<FundingPot> = {}): FundingPot {
  return {
    potId: id('pot', number),
    issuerId: GUNSAN,
    name: `재원 ${number}`,
    funder,
    programIds: [STIPEND],
    startsOn: '2026-01-01' as FundingPot['startsOn'],
    endsOn: '2026-12-31' as FundingPot['endsOn'],
    amountWon: won(1_000),
    ...change,
  }
}

test('what is left for each funder that keeps a pot', async () => {
  const ended = { endsOn: '2026-01-31' as FundingPot['endsOn'] }
  const all = [
    pot(1, 'national', ended),
    pot(2, 'national'),
    pot(3, 'province', ended),
    pot(4, 'city', { programIds: [VOUCHER] }),
  ]
  const uses = new Map([
    [id('pot', 1), won(1_000)],
    [id('pot', 2), won(300)],
  ])
  const pots = createFunderPots({
    funding: { pots: () => all },
    reading: { potUses: async () => uses },
  })
  assert.deepEqual(await pots(GUNSAN, STIPEND, START), [
    { funder: 'national', amountWon: 700 },
    { funder: 'province', amountWon: 0 },
  ])
})

test('grants draw from the pots until one is empty; the rest waits, and comes when there is more', async () => {
  const at = await openOffice()
  for (const number of [1, 2, 3]) await at.join(person(number))
  const batchId = await at.taken([1, 2, 3].map((each) => lineOf(`R-${each}`, person(each))))
  await at.work()
  await at.release(batchId)
  let amountWon = won(100_000)
  Object.assign(at.deps, { funding: { pots: () => [pot(1, 'national', { amountWon })] } })
  await at.work()
  assert.deepEqual(await at.lines(batchId), ['R-1 granted', 'R-2 granted', 'R-3 waiting declined'])
  const drawn = async () => (await at.ledger.potUses(GUNSAN, [id('pot', 1)])).get(id('pot', 1))
  assert.equal(await drawn(), 100_000)
  amountWon = won(150_000)
  at.time.now += 3_600_001
  await at.upkeep()
  assert.deepEqual(await at.lines(batchId), ['R-1 granted', 'R-2 granted', 'R-3 granted'])
  assert.equal(await drawn(), 150_000)
})

test('where the pots are known to be empty, the ledger is not asked', async () => {
  const at = await openOffice()
  for (const number of [1, 2, 3]) await at.join(person(number))
  const batchId = await at.taken([
    lineOf('R-1', person(1), 60_000),
    lineOf('R-2', person(2), 60_000),
    lineOf('R-3', person(3), 40_000),
  ])
  await at.work()
  await at.release(batchId)
  at.pots.left = [{ funder: 'national', amountWon: won(50_000) }]
  await at.work()
  // 30,000 of 50,000 for the first; the second needs as much again, the third 20,000.
  assert.deepEqual(await at.lines(batchId), ['R-1 granted', 'R-2 waiting declined', 'R-3 granted'])
  assert.equal(at.ledger.snapshot(GUNSAN).operations.length, 2)
})

test('what a set that died had issued is granted, also where it took the last of a pot', async () => {
  const at = await openOffice()
  for (const number of [1, 2]) await at.join(person(number))
  const batchId = await at.taken([1, 2].map((each) => lineOf(`R-${each}`, person(each))))
  await at.work()
  await at.release(batchId)
  Object.assign(at.deps, {
    funding: { pots: () => [pot(1, 'national', { amountWon: won(100_000) })] },
  })
  at.pots.left = [{ funder: 'national', amountWon: won(100_000) }]
  const { lines } = at.deps
  const settle = () => Promise.reject(new Killed())
  Object.assign(at.deps, { lines: { ...lines, settle } })
  await assert.rejects(at.work(), Killed)
  Object.assign(at.deps, { lines })
  at.pots.left = [{ funder: 'national', amountWon: won(0) }]
  await at.work()
  assert.deepEqual(await at.lines(batchId), ['R-1 granted', 'R-2 granted'])
  assert.equal(at.ledger.snapshot(GUNSAN).operations.length, 2)
})

test('an appeal that met an empty pot is granted when there is more', async () => {
  const at = await openOffice()
  const memberId = await at.join(person(1))
  const batchId = await at.taken([lineOf('R-1', person(1))])
  await at.work()
  await at.release(batchId)
  let amountWon = won(0)
  Object.assign(at.deps, { funding: { pots: () => [pot(1, 'city', { amountWon })] } })
  const words = { ground: 'left_out', claimedWon: null, words: '명단에 없습니다' } as const
  const opened = await at.granting.openAppeal({ issuerId: GUNSAN, batchId, memberId, ...words })
  assert.ok(opened.status === 'done')
  const { appealId } = opened.appeal
  const decide = (by: string, verdict: Parameters<typeof at.granting.decideAppeal>[0]['verdict']) =>
    at.granting.decideAppeal({ issuerId: GUNSAN, appealId, by, verdict })
  await decide('off_1', { verdict: 'accept', amountWon: won(1_000), answer: '네' })
  await decide('off_2', { verdict: 'confirm' })
  await at.upkeep()
  assert.equal((await at.granting.appeal(GUNSAN, appealId))?.state, 'confirmed')
  amountWon = won(300)
  await at.upkeep()
  assert.equal((await at.granting.appeal(GUNSAN, appealId))?.state, 'granted')
  assert.equal(await at.holds(memberId), 1_000)
})
