/** Appeals: who may, until when, what two officers make of it, and what happens where nobody answers. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, formatId, won } from '../base/base.ts'
import { GUNSAN, lineOf, openOffice, person } from './fixtures/small-office.ts'
import type { AppealOpening, AppealVerdict } from './granting.ts'

async function openStory() {
  const at = await openOffice()
  const [one, two] = [await at.join(person(1)), await at.join(person(2))]
  const batchId = await at.taken([lineOf('R-1', person(1))])
  await at.work()
  const opening: AppealOpening = {
    issuerId: GUNSAN,
    batchId,
    memberId: two,
    ground: 'left_out',
    claimedWon: won(100_000),
    words: '6월에 전입했습니다',
  }
  const appeal = async (change: Partial<AppealOpening> = {}) => {
    const answer = await at.granting.openAppeal({ ...opening, ...change })
    return answer.status === 'refused' ? answer.reason : answer.appeal
  }
  const opened = async (change: Partial<AppealOpening> = {}) => {
    const answer = await appeal(change)
    assert.ok(typeof answer !== 'string')
    return answer
  }
  const decide = async (
    appealId: Awaited<ReturnType<typeof opened>>['appealId'],
    verdict: AppealVerdict,
    by = 'off_1',
  ) => {
    const answer = await at.granting.decideAppeal({ issuerId: GUNSAN, appealId, by, verdict })
    return answer.status === 'refused' ? answer.reason : answer.appeal.state
  }
  return { at, one, two, batchId, appeal, opened, decide }
}

const accept = { verdict: 'accept', amountWon: won(80_000), answer: '확인했습니다' } as const
const refuse = { verdict: 'refuse', answer: '전입일이 기준일 뒤입니다' } as const
const confirm = { verdict: 'confirm' } as const

test('one officer accepts, another confirms, and the member gets it beside the list', async () => {
  const { at, two, batchId, appeal, opened, decide } = await openStory()
  assert.equal(await appeal(), 'batch_unknown', 'what was not released is nobody’s business')
  await at.release(batchId)
  const { appealId, dueAt } = await opened()
  assert.equal(dueAt, at.time.now + 14 * DAY_MS)
  assert.equal((await opened()).appealId, appealId, 'the same words again')
  assert.equal(await appeal({ words: '다른 말' }), 'appeal_open_already')
  assert.equal(await appeal({ words: ' \n' }), 'words_missing')
  assert.equal(await decide(appealId, confirm), 'appeal_state_differs')
  assert.equal(await decide(appealId, { ...accept, amountWon: won(0) }), 'appeal_amount_wrong')
  assert.equal(await decide(appealId, accept), 'accepted')
  assert.equal(await decide(appealId, confirm, 'off_1'), 'other_officer_needed')
  assert.equal(await decide(appealId, { ...accept, amountWon: won(90_000) }, 'off_2'), 'accepted')
  assert.equal(
    await decide(appealId, confirm, 'off_2'),
    'other_officer_needed',
    'the last word was theirs',
  )
  assert.equal(await at.holds(two), 0)
  assert.equal(await decide(appealId, confirm, 'off_1'), 'granted')
  assert.equal(await decide(appealId, confirm, 'off_1'), 'granted', 'a repeat changes nothing')
  assert.equal(await decide(appealId, refuse), 'appeal_state_differs')
  assert.equal(await at.holds(two), 90_000)
  const notices = await at.casebook.noticesOf(GUNSAN, two)
  assert.deepEqual(
    notices.map(({ noticeKind, facts }) => [noticeKind, facts['amountWon']]),
    [['appeal_accepted', 90_000]],
  )
})

test('a refusal tells the reason; a member appeals three times and no more', async () => {
  const { at, two, batchId, appeal, opened, decide } = await openStory()
  await at.release(batchId)
  for (const times of [1, 2, 3]) {
    const { appealId } = await opened({ words: `${times}번째` })
    if (times === 2) await decide(appealId, accept)
    assert.equal(await decide(appealId, { ...refuse, answer: '' }), 'words_missing')
    assert.equal(await decide(appealId, refuse), 'refused')
    assert.equal(await decide(appealId, refuse), 'refused', 'a repeat changes nothing')
    assert.equal(await decide(appealId, accept), 'appeal_state_differs')
  }
  assert.equal(await appeal(), 'too_many_appeals')
  const notices = await at.casebook.noticesOf(GUNSAN, two)
  assert.deepEqual(
    notices.map(({ noticeKind }) => noticeKind),
    Array(3).fill('appeal_refused'),
  )
  assert.equal(notices[0]?.facts['answer'], refuse.answer)
  assert.equal((await at.granting.appealsOf(GUNSAN, two)).length, 3)
})

test('the period of appeal at its edge', async () => {
  const { at, two, batchId, appeal, opened } = await openStory()
  await at.release(batchId)
  const { appealUntil } = await at.batch(batchId)
  assert.equal(appealUntil, at.time.now + 30 * DAY_MS)
  const rounds = async () => (await at.granting.stipendsOf(GUNSAN, two)).appealable.length
  at.time.now = appealUntil - 1
  assert.equal(await rounds(), 1)
  await opened()
  at.time.now = appealUntil!
  assert.equal(await rounds(), 0)
  assert.equal(await appeal(), 'appeal_period_over')
})

test('what nobody answered by its day is a case, once', async () => {
  const { at, batchId, opened, decide } = await openStory()
  await at.release(batchId)
  const { appealId, dueAt } = await opened()
  await decide(appealId, accept)
  at.time.now = dueAt - 1
  await at.upkeep()
  assert.deepEqual(await at.records('case'), [])
  at.time.now = dueAt
  await at.upkeep()
  await at.upkeep()
  const cases = await at.records('case')
  assert.deepEqual(
    cases.map(({ caseKind, subject, owner, state }) => [caseKind, subject, owner, state]),
    [['appeal_overdue', formatId('apl', appealId), 'issuer', 'open']],
  )
  await decide(appealId, confirm, 'off_2')
  assert.deepEqual(
    (await at.records('case')).map(({ state }) => state),
    ['closed'],
  )
})

test('what is granted by an appeal counts against the holding cap', async () => {
  const { at, one, batchId, opened, decide } = await openStory()
  await at.release(batchId)
  await at.work()
  assert.equal(await at.holds(one), 100_000)
  const { appealId } = await opened({ memberId: one, ground: 'amount_wrong', claimedWon: null })
  await decide(appealId, { ...accept, amountWon: won(1_400_001) })
  assert.equal(await decide(appealId, confirm, 'off_2'), 'appeal_over_cap')
  await decide(appealId, { ...accept, amountWon: won(1_400_000) })
  assert.equal(await decide(appealId, confirm, 'off_2'), 'granted')
  assert.equal(await at.holds(one), 1_500_000)
})
