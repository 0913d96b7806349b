/** A stipend from the list to the wallet: what is matched, released, granted, refused, waited for and forgotten. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, won } from '../base/base.ts'
import { batchStates } from '../registration/registration.ts'
import { readSpecTable } from '../../test/spec-table.ts'
import {
  GUNSAN,
  HEADER,
  lineOf,
  openOffice,
  person,
  STIPEND,
  VOUCHER,
} from './fixtures/small-office.ts'
import { batchEvents, batchTable, grantId, officerEvents, UPLOAD_LIFE_MS } from './granting.ts'

test('SPEC.md holds the table of the code, cell for cell', () => {
  const written = readSpecTable(new URL('SPEC.md', import.meta.url), 'state \\ event')
  for (const [, cells] of written) assert.deepEqual(Object.keys(cells), [...batchEvents])
  assert.deepEqual(
    Object.fromEntries(written.map(([state, cells]) => [state, Object.values(cells)])),
    Object.fromEntries(
      batchStates.map((state) => [state, batchEvents.map((event) => batchTable[state][event])]),
    ),
  )
})

test('from the list to the wallet, with those who cannot get it yet', async () => {
  const at = await openOffice()
  const [one, stopped] = [await at.join(person(1)), await at.join(person(2))]
  await at.join(person(3, { birthDate: '2015-01-01' }))
  await at.registration.stopWallet({
    issuerId: GUNSAN,
    memberId: stopped,
    by: 'off_1',
    reason: '분실',
  })
  const batchId = await at.taken([
    lineOf('R-1', person(1)),
    lineOf('R-2', person(2)),
    lineOf('R-3', person(3, { birthDate: '2015-01-01' })),
    lineOf('R-4', person(4), 300_001),
    lineOf('R-5', person(5, { name: '다른이름' })),
  ])
  await at.join(person(5))
  assert.equal((await at.batch(batchId)).state, 'uploaded')
  await at.work()
  const { state, check } = await at.batch(batchId)
  assert.equal(state, 'checked')
  assert.deepEqual(check?.lines, {
    ready: 1,
    'waiting:wallet_stopped': 1,
    'waiting:too_young': 1,
    'waiting:not_member': 2,
  })
  assert.equal(check?.sumsWon['waiting:not_member'], 400_001)
  assert.deepEqual(check?.fundedWon, { national: 50_000, province: 20_000, city: 30_000 })
  assert.equal(await at.holds(one), 0, 'a dry run writes nothing to money')

  await at.release(batchId)
  await at.work()
  assert.equal((await at.batch(batchId)).state, 'done')
  assert.equal(await at.holds(one), 100_000)
  assert.deepEqual(await at.lines(batchId), [
    'R-1 granted',
    'R-2 waiting wallet_stopped',
    'R-3 waiting too_young',
    'R-4 waiting not_member',
    'R-5 waiting not_member',
  ])
  const [lot] = await at.ledger.lots(GUNSAN, (await at.registration.member(GUNSAN, one))!.walletId)
  assert.equal(lot?.kind, 'stipend')
  assert.equal(lot?.expiresAt, Date.parse('2027-02-21T00:00:00+09:00'))
  const round = { programId: STIPEND, round: '2026-1' }
  const operation = grantId(at.deps.sha256, GUNSAN, round, { reference: 'R-1', attempt: 1 })
  const [recorded] = await at.ledger.find(GUNSAN, [operation])
  assert.deepEqual([recorded?.kind, recorded?.actor], ['issue', 'off_2'])
  const [notice] = await at.casebook.noticesOf(GUNSAN, one)
  assert.deepEqual(
    [notice?.noticeKind, notice?.facts['amountWon'], notice?.facts['usableUntil']],
    ['stipend_granted', 100_000, '2027-02-20'],
  )
  const own = await at.granting.stipendsOf(GUNSAN, one)
  assert.deepEqual(
    own.stipends.map(({ amountWon, batchId: from }) => [amountWon, from]),
    [[100_000, batchId]],
  )
})

test('who joins or is released before the period ends is granted then, and nobody afterwards', async () => {
  const at = await openOffice()
  const batchId = await at.taken([1, 2, 3].map((each) => lineOf(`R-${each}`, person(each))))
  await at.work()
  await at.release(batchId)
  await at.work()
  const late = await at.join(person(1))
  await at.upkeep()
  assert.equal(await at.holds(late), 0, 'looked at a moment ago')
  at.time.now += HOUR_MS + 1
  await at.upkeep()
  assert.equal(await at.holds(late), 100_000)
  const { joinUntil, appealUntil } = await at.batch(batchId)
  at.time.now = joinUntil! - 1
  const last = await at.join(person(2))
  await at.upkeep()
  assert.equal(await at.holds(last), 100_000)
  assert.equal((await at.batch(batchId)).state, 'done')
  at.time.now = joinUntil!
  const tooLate = await at.join(person(3))
  await at.upkeep()
  assert.equal(await at.holds(tooLate), 0)
  assert.equal((await at.batch(batchId)).state, 'closed')
  assert.deepEqual(await at.lines(batchId), ['R-1 granted', 'R-2 granted', 'R-3 lapsed not_member'])
  assert.ok(appealUntil! < joinUntil!)
})

test('what is personal goes with the grant, and the rest some time after the end', async () => {
  const at = await openOffice()
  await at.join(person(1))
  const batchId = await at.taken([lineOf('R-1', person(1)), lineOf('R-2', person(2))])
  await at.work()
  await at.release(batchId)
  await at.work()
  const persons = async (): Promise<boolean[]> =>
    (
      await at.granting.lines(GUNSAN, batchId, {
        states: ['granted', 'waiting', 'lapsed'],
        after: 0,
        limit: 9,
      })
    ).map(({ identity }) => identity !== null)
  assert.deepEqual(await persons(), [false, true])
  at.time.now = (await at.batch(batchId)).joinUntil!
  await at.upkeep()
  assert.deepEqual(await persons(), [false, true])
  at.time.now += 30 * DAY_MS - 1
  await at.upkeep()
  assert.equal((await at.batch(batchId)).erased, false)
  at.time.now += 1
  await at.upkeep()
  assert.deepEqual(await persons(), [false, false])
  assert.equal((await at.batch(batchId)).erased, true)
})

test('the same file is the same batch, until that was cancelled', async () => {
  const at = await openOffice()
  const lines = [lineOf('R-1', person(1))]
  const first = await at.upload(lines)
  const again = await at.upload(lines)
  assert.ok(first.status === 'taken' && again.status === 'taken')
  assert.deepEqual([first.isNew, again.isNew], [true, false])
  assert.equal(again.batch.batchId, first.batch.batchId)
  const other = await at.upload(lines, { round: '2026-2' })
  assert.ok(other.status === 'taken' && other.isNew)
  await at.decide(first.batch.batchId, 'cancel', 'off_1', '잘못 올림')
  const third = await at.upload(lines)
  assert.ok(third.status === 'taken' && third.isNew)
  const fourth = await at.upload(lines)
  assert.ok(fourth.status === 'taken' && !fourth.isNew)
  assert.equal(fourth.batch.batchId, third.batch.batchId)
  // What was uploaded beside the first left nothing behind.
  at.time.now += 10 * UPLOAD_LIFE_MS
  assert.deepEqual(await at.deps.lines.unconfirmed(GUNSAN, at.time.now, 10), [])
})

test('a faulty file is told and not kept; a round or program that cannot be is refused', async () => {
  const at = await openOffice()
  const answer = await at.upload([lineOf('R-1', person(1)), 'R-2,김'])
  assert.ok(answer.status === 'faulty')
  assert.equal(answer.file.problems[0]?.line, 3)
  assert.deepEqual(await at.granting.batches(GUNSAN, { limit: 10 }), [])
  assert.deepEqual(await at.deps.lines.unconfirmed(GUNSAN, at.time.now + 1, 10), [])
  const bad = await at.upload([lineOf('R-1', person(1))], { round: '1차 지급' })
  assert.deepEqual(bad, { status: 'refused', reason: 'round_malformed', field: 'round' })
  const taking = { issuerId: GUNSAN, issuerCode: 'gunsan', round: '1', by: 'off_1', stated: {} }
  async function* bytes() {
    yield new TextEncoder().encode(HEADER)
  }
  const wrong = { ...taking, programId: VOUCHER, bytes: bytes() }
  assert.deepEqual(await at.granting.takeFile(wrong), {
    status: 'refused',
    reason: 'program_grants_nothing',
  })
})

test('four eyes, words where they are needed, and no event from the wrong state', async () => {
  const at = await openOffice()
  await at.join(person(1))
  const batchId = await at.taken([lineOf('R-1', person(1))])
  const reasonOf = async (
    ...[event, by, words]: Parameters<typeof at.decide> extends [unknown, ...infer R] ? R : never
  ) => {
    const answer = await at.decide(batchId, event, by, words)
    return answer.status === 'refused' ? answer.reason : answer.batch.state
  }
  assert.equal(await reasonOf('propose'), 'batch_state_differs')
  await at.work()
  assert.equal(await reasonOf('propose', 'off_1'), 'proposed')
  assert.equal(await reasonOf('propose', 'off_1'), 'proposed', 'a repeat changes nothing')
  assert.equal(await reasonOf('approve', 'off_1'), 'other_officer_needed')
  assert.equal(await reasonOf('refuse', 'off_2'), 'words_missing')
  assert.equal(await reasonOf('refuse', 'off_2', ' '), 'words_missing')
  assert.equal(await reasonOf('refuse', 'off_2', '명단을 다시 확인해 주세요'), 'checked')
  assert.equal((await at.batch(batchId)).reason, '명단을 다시 확인해 주세요')
  assert.equal(await reasonOf('propose', 'off_2'), 'proposed')
  assert.equal(await reasonOf('withdraw', 'off_2'), 'checked')
  assert.equal(await reasonOf('propose', 'off_2'), 'proposed')
  assert.equal(await reasonOf('approve', 'off_1'), 'granting')
  assert.equal(await reasonOf('pause', 'off_1'), 'paused')
  await at.work()
  assert.deepEqual(await at.lines(batchId), ['R-1 ready'], 'nothing is granted while it is paused')
  assert.equal(await reasonOf('resume', 'off_1'), 'granting')
  await at.work()
  assert.equal(await reasonOf('cancel', 'off_1'), 'words_missing')
  assert.equal(await reasonOf('cancel', 'off_1', '사업 중단'), 'cancelled')
  assert.deepEqual(await at.lines(batchId), ['R-1 granted'], 'what was granted stays')
  for (const event of officerEvents) {
    const wanted = event === 'cancel' ? 'cancelled' : 'batch_state_differs'
    assert.equal(await reasonOf(event, 'off_2', '사유'), wanted)
  }
  const unknown = await at.granting.decideBatch({
    issuerId: GUNSAN,
    batchId: 999 as typeof batchId,
    event: 'recheck',
    by: 'off_1',
  })
  assert.deepEqual(unknown, { status: 'refused', reason: 'batch_unknown' })
})

test('a dry run anew finds who joined in the meantime', async () => {
  const at = await openOffice()
  const batchId = await at.taken([1, 2, 3].map((each) => lineOf(`R-${each}`, person(each))))
  await at.work()
  assert.deepEqual((await at.batch(batchId)).check?.lines, { 'waiting:not_member': 3 })
  await at.join(person(2))
  at.time.now += 1
  await at.decide(batchId, 'recheck')
  assert.equal((await at.batch(batchId)).check, null)
  await at.work()
  assert.deepEqual((await at.batch(batchId)).check?.lines, { 'waiting:not_member': 2, ready: 1 })
})

test('a batch for which a funder’s pot is short is told so and not proposed', async () => {
  const at = await openOffice()
  await at.join(person(1))
  at.pots.left = [
    { funder: 'national', amountWon: won(49_999) },
    { funder: 'province', amountWon: won(20_000) },
  ]
  const batchId = await at.taken([lineOf('R-1', person(1))])
  await at.work()
  assert.deepEqual((await at.batch(batchId)).check?.lackingWon, { national: 1 })
  const answer = await at.decide(batchId, 'propose')
  assert.deepEqual(answer, { status: 'refused', reason: 'funder_pot_short' })
  at.pots.left = [
    { funder: 'national', amountWon: won(50_000) },
    { funder: 'province', amountWon: won(20_000) },
    { funder: 'city', amountWon: won(30_000) },
  ]
  at.time.now += 1
  await at.decide(batchId, 'recheck')
  await at.work()
  await at.release(batchId)
})

test('an upload that died on the way leaves nothing; one that only was not confirmed stays', async () => {
  const at = await openOffice()
  const { issuerId, lines } = { issuerId: GUNSAN, lines: at.deps.lines }
  const dead = at.ids.next('stb')
  const amountWon = won(1)
  const line = { lineNumber: 2, reference: 'R-1', amountWon, person: at.ids.next('mbr') }
  await lines.add(issuerId, dead, [line], at.time.now)
  const calls = 3 // Adds lines, looks for the record, writes it.
  at.life.dieAt(calls, 'after')
  await assert.rejects(at.upload([lineOf('R-1', person(1))]))
  at.life.dieAt(undefined, 'after')
  assert.equal((await lines.unconfirmed(issuerId, at.time.now + 1, 10)).length, 2)
  at.time.now += UPLOAD_LIFE_MS + 1
  await at.upkeep()
  assert.deepEqual(await lines.unconfirmed(issuerId, at.time.now, 10), [])
  const [batch] = await at.granting.batches(issuerId, { limit: 10 })
  assert.deepEqual(await at.lines(batch!.batchId), ['R-1 new'])
  assert.deepEqual(await at.lines(dead), [])
})
