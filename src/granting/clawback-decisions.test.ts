/** Two officers take one grant back: all that is left, also what is held, once, and the member is told. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, won } from '../base/base.ts'
import { EXPIRES_AT, grantedTo, movements, nextKey, pay } from './fixtures/granted-office.ts'
import { GUNSAN, Killed, openOffice, type Office } from './fixtures/small-office.ts'

async function decisionStory(at: Office) {
  const { members, batchId } = await grantedTo(at, [100, 200])
  const target = { batchId, lineNumber: 3 }
  const propose = async (lineNumber = 3, reason = '사망') => {
    const proposal = { issuerId: GUNSAN, target: { ...target, lineNumber }, by: 'off_1', reason }
    const answer = await at.granting.proposeClawback(proposal)
    return answer.status === 'refused' ? answer.reason : answer.clawback
  }
  const proposed = async () => {
    const answer = await propose()
    assert.ok(typeof answer !== 'string')
    return answer
  }
  const decide = async (
    clawbackId: Awaited<ReturnType<typeof proposed>>['clawbackId'],
    verdict: 'approve' | 'refuse',
    by = 'off_2',
  ) => {
    const answer = await at.granting.decideClawback({ issuerId: GUNSAN, clawbackId, by, verdict })
    return answer.status === 'refused' ? answer.reason : answer.clawback.state
  }
  return { members, propose, proposed, decide }
}

test('two officers take the whole rest of one grant back, and the member is told', async () => {
  const at = await openOffice()
  const { members, propose, proposed, decide } = await decisionStory(at)
  assert.equal(await propose(3, ' '), 'words_missing')
  assert.equal(await propose(9), 'grant_unknown')
  await pay(at, members[1]!, 150)
  const { clawbackId } = await proposed()
  assert.equal((await proposed()).clawbackId, clawbackId, 'one decision at a time')
  assert.equal(await decide(clawbackId, 'approve', 'off_1'), 'other_officer_needed')
  assert.equal(await at.holds(members[1]!), 50)
  assert.equal(await decide(clawbackId, 'approve'), 'done')
  assert.equal(await decide(clawbackId, 'approve'), 'done', 'a repeat changes nothing')
  assert.equal(await decide(clawbackId, 'refuse'), 'clawback_state_differs')
  assert.deepEqual([await at.holds(members[0]!), await at.holds(members[1]!)], [100, 0])
  assert.deepEqual(movements(at), ['clawback 50 1:25 2:10 3:15'])
  const notices = await at.casebook.noticesOf(GUNSAN, members[1]!)
  assert.deepEqual(
    notices
      .filter(({ noticeKind }) => noticeKind === 'stipend_clawed_back')
      .map(({ facts }) => facts['amountWon']),
    [50],
  )
  assert.equal(await propose(), 'nothing_left_to_claw_back')
  const [listed] = await at.granting.clawbacks(GUNSAN, { limit: 10 })
  assert.deepEqual([listed?.state, listed?.takenWon, listed?.reason], ['done', 50, '사망'])
})

test('a proposal that is refused takes nothing, and another may follow', async () => {
  const at = await openOffice()
  const { members, proposed, decide } = await decisionStory(at)
  const first = await proposed()
  assert.equal(await decide(first.clawbackId, 'refuse'), 'refused')
  assert.equal(await decide(first.clawbackId, 'refuse'), 'refused')
  assert.equal(await decide(first.clawbackId, 'approve'), 'clawback_state_differs')
  const second = await proposed()
  assert.notEqual(second.clawbackId, first.clawbackId)
  assert.equal(await at.holds(members[1]!), 200)
})

test('what is held when it is approved is taken when the hold ends', async () => {
  const at = await openOffice()
  const { members, proposed, decide } = await decisionStory(at)
  const holdId = await pay(at, members[1]!, 60, 'hold')
  const { clawbackId } = await proposed()
  assert.equal(await decide(clawbackId, 'approve'), 'approved')
  assert.equal(await at.holds(members[1]!), 60)
  await at.upkeep()
  const release = {
    operationId: nextKey(),
    requestHash: new Uint8Array(32),
    holdId,
    amountWon: won(0),
  }
  await at.ledger.closeHolds(GUNSAN, [release], at.time.now)
  await at.upkeep()
  assert.equal(await at.holds(members[1]!), 0)
  assert.equal(await decide(clawbackId, 'approve'), 'done')
  const [done] = await at.records('clawback')
  assert.deepEqual([done?.takenWon, done?.times], [200, 2])
})

test('what an appeal brought is clawed back like a line of the list', async () => {
  const at = await openOffice()
  const { members, batchId } = await grantedTo(at, [100])
  const words = { ground: 'amount_wrong', claimedWon: null, words: '더 받아야 합니다' } as const
  const opened = await at.granting.openAppeal({
    issuerId: GUNSAN,
    batchId,
    memberId: members[0]!,
    ...words,
  })
  assert.ok(opened.status === 'done')
  const { appealId } = opened.appeal
  const proposal = { issuerId: GUNSAN, target: { appealId }, by: 'off_1', reason: '착오' }
  assert.deepEqual(await at.granting.proposeClawback(proposal), {
    status: 'refused',
    reason: 'grant_unknown',
  })
  const accept = { verdict: 'accept', amountWon: won(30), answer: '네' } as const
  await at.granting.decideAppeal({ issuerId: GUNSAN, appealId, by: 'off_1', verdict: accept })
  await at.granting.decideAppeal({
    issuerId: GUNSAN,
    appealId,
    by: 'off_2',
    verdict: { verdict: 'confirm' },
  })
  const proposed = await at.granting.proposeClawback(proposal)
  assert.ok(proposed.status === 'done')
  const { clawbackId } = proposed.clawback
  await at.granting.decideClawback({
    issuerId: GUNSAN,
    clawbackId,
    by: 'off_2',
    verdict: 'approve',
  })
  assert.equal(await at.holds(members[0]!), 100)
})

for (const when of ['before', 'after'] as const) {
  test(`killed ${when} any call while it is decided or taken: once in the end`, async () => {
    const story = async (step: number | undefined) => {
      const at = await openOffice()
      const { members, proposed, decide } = await decisionStory(at)
      at.life.dieAt(step, when)
      const turn = async (): Promise<void> => {
        // A decision that is done is not proposed anew.
        const [known] = await at.granting.clawbacks(GUNSAN, { limit: 1 })
        const { clawbackId } = known ?? (await proposed())
        await decide(clawbackId, 'approve')
        await at.upkeep()
        at.time.now = EXPIRES_AT + HOUR_MS
        await at.granting.clawBackExpired(GUNSAN)
      }
      for (let isDone = false; !isDone;) {
        try {
          await turn()
          isDone = true
        } catch (error) {
          if (!(error instanceof Killed)) throw error
          at.life.dieAt(undefined, when)
        }
      }
      const calls = at.life.calls()
      at.life.dieAt(undefined, when)
      assert.deepEqual(movements(at), [
        'clawback 200 1:100 2:40 3:60',
        'clawback 100 1:50 2:20 3:30',
      ])
      assert.deepEqual([await at.holds(members[0]!), await at.holds(members[1]!)], [0, 0])
      const [record] = await at.records('clawback')
      assert.deepEqual([record?.state, record?.takenWon], ['done', 200])
      const told = (await at.records('notice')).filter(
        ({ noticeKind }) => noticeKind === 'stipend_clawed_back',
      )
      assert.equal(told.length, 1)
      assert.deepEqual(await at.ledger.dueLots(GUNSAN, { until: at.time.now, limit: 10 }), [])
      return calls
    }
    const calls = await story(undefined)
    assert.ok(calls > 20)
    for (let step = 1; step <= calls; step += 1) await story(step)
  })
}
