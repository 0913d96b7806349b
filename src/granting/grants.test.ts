/** Nobody gets a round twice or more than they may hold, and what was declined comes later. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { formatId, HOUR_MS, won } from '../base/base.ts'
import { GUNSAN, HEADER, lineOf, openOffice, person, STIPEND } from './fixtures/small-office.ts'

test('a corrected second file grants nobody twice: not by reference, not by person', async () => {
  const at = await openOffice()
  const [one, two, three] = [
    await at.join(person(1)),
    await at.join(person(2)),
    await at.join(person(3)),
  ]
  const first = await at.taken([lineOf('R-1', person(1)), lineOf('R-2', person(2))])
  await at.work()
  await at.release(first)
  await at.work()
  const second = await at.taken([
    lineOf('R-1', person(1)),
    // The same person under another number, another person under a number that was used, and a new one.
    lineOf('X-2', person(2)),
    lineOf('R-2', person(3)),
    lineOf('R-4', person(4), 50_000),
  ])
  const four = await at.join(person(4))
  await at.work()
  await at.release(second)
  await at.work()
  assert.deepEqual(await at.lines(second), [
    'R-1 refused granted_before',
    'X-2 refused granted_before',
    'R-2 refused reference_used',
    'R-4 granted',
  ])
  assert.deepEqual(
    [await at.holds(one), await at.holds(two), await at.holds(three), await at.holds(four)],
    [100_000, 100_000, 0, 50_000],
  )
  // Who was refused for a number may come under another one; and another round is another giving.
  const third = await at.taken([lineOf('R-3', person(3))])
  const next = await at.taken([lineOf('R-1', person(1))], { round: '2026-2' })
  await at.work()
  for (const batchId of [third, next]) await at.release(batchId)
  await at.work()
  assert.deepEqual([await at.holds(three), await at.holds(one)], [100_000, 200_000])
})

test('two lines of one file that mean one member: the first has it', async () => {
  const at = await openOffice()
  const one = await at.join(person(1))
  const header = `${HEADER},회원번호`
  async function* bytes() {
    yield new TextEncoder().encode(
      [header, `${lineOf('R-1', person(1))},`, `R-2,,,,100000,${formatId('mbr', one)}`].join('\n'),
    )
  }
  const taking = {
    issuerId: GUNSAN,
    issuerCode: 'gunsan',
    programId: STIPEND,
    round: '1',
    by: 'off_1',
  }
  const answer = await at.granting.takeFile({ ...taking, stated: {}, bytes: bytes() })
  assert.ok(answer.status === 'taken')
  await at.work()
  await at.release(answer.batch.batchId)
  await at.work()
  assert.deepEqual(await at.lines(answer.batch.batchId), [
    'R-1 granted',
    'R-2 refused granted_before',
  ])
  assert.equal(await at.holds(one), 100_000)
})

test('the holding cap at its edge, judged again when it is granted', async () => {
  const at = await openOffice({ holdingCapWon: won(100_000) })
  const [one, two] = [await at.join(person(1)), await at.join(person(2))]
  const first = await at.taken([lineOf('R-1', person(1)), lineOf('R-2', person(2), 100_001)])
  const second = await at.taken([lineOf('R-1', person(1), 1)], { round: '2026-2' })
  await at.work()
  assert.deepEqual(await at.lines(first), ['R-1 ready', 'R-2 waiting over_cap'])
  assert.deepEqual(await at.lines(second), ['R-1 ready'])
  await at.release(first)
  await at.work()
  await at.release(second)
  await at.work()
  assert.deepEqual(await at.lines(second), ['R-1 waiting over_cap'])
  assert.deepEqual([await at.holds(one), await at.holds(two)], [100_000, 0])
})

test('what the ledger declines is tried again under another key, and granted once', async () => {
  const at = await openOffice()
  const one = await at.join(person(1))
  const batchId = await at.taken([lineOf('R-1', person(1))])
  await at.work()
  await at.release(batchId)
  const { ledger } = at.deps
  const { issue } = ledger
  let declines = 2
  ledger.issue = (issuerId, requests, now) => {
    declines -= 1
    const refusal = declines < 0 ? {} : ({ refusal: 'sold_out' } as const)
    return issue(
      issuerId,
      requests.map((request) => ({ ...request, ...refusal })),
      now,
    )
  }
  await at.work()
  assert.deepEqual(await at.lines(batchId), ['R-1 waiting declined'])
  for (const state of ['waiting declined', 'granted']) {
    at.time.now += HOUR_MS + 1
    await at.upkeep()
    assert.deepEqual(await at.lines(batchId), [`R-1 ${state}`])
  }
  assert.equal(await at.holds(one), 100_000)
  const { operations } = at.ledger.snapshot(GUNSAN)
  assert.deepEqual(
    operations.map(({ decline }) => decline),
    ['sold_out', 'sold_out', undefined],
  )
})
