/**
 * A process that is killed before or after any call to a port, and started again: every stipend is granted once, every
 * member told once, and every line says what became of it.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { DAY_MS, HOUR_MS, won } from '../base/base.ts'
import { GUNSAN, Killed, lineOf, openOffice, person, type Office } from './fixtures/small-office.ts'

/** Each step may be repeated by whoever comes next. */
async function untilDone(at: Office, step: () => Promise<unknown>): Promise<void> {
  for (;;) {
    try {
      await step()
      return
    } catch (error) {
      if (!(error instanceof Killed)) throw error
      at.life.dieAt(undefined, 'before')
    }
  }
}

async function story(
  step: number | undefined,
  when: 'before' | 'after',
): Promise<Office & { calls: number }> {
  const at = await openOffice({ holdingCapWon: won(150_000) })
  for (const number of [1, 2, 3, 4]) await at.join(person(number))
  const file = [1, 2, 3, 5].map((each) => lineOf(`R-${each}`, person(each)))
  const corrected = [lineOf('R-1', person(1)), lineOf('X-2', person(2)), lineOf('R-4', person(4))]
  at.life.dieAt(step, when)
  const take = async (lines: string[]): Promise<void> => {
    await untilDone(at, async () => {
      const batchId = await at.taken(lines)
      await at.work()
      // What is done already is not asked for again.
      if ((await at.batch(batchId)).state === 'checked')
        await at.decide(batchId, 'propose', 'off_1')
      if ((await at.batch(batchId)).state === 'proposed')
        await at.decide(batchId, 'approve', 'off_2')
      await at.work()
    })
  }
  await take(file)
  await take(corrected)
  await at.join(person(5))
  at.time.now += 2 * HOUR_MS
  await untilDone(at, () => at.upkeep())
  await untilDone(at, async () => {
    const batches = await at.granting.batches(GUNSAN, { limit: 10 })
    const { batchId } = batches.find(({ lines }) => lines === 4)!
    const memberId = await memberOf(at, 3)
    const words = { ground: 'amount_wrong', claimedWon: null, words: '자녀가 둘입니다' } as const
    const [known] = await at.granting.appealsOf(GUNSAN, memberId)
    const opened = { issuerId: GUNSAN, batchId, memberId, ...words }
    const appeal =
      known === undefined
        ? await at.granting.openAppeal(opened)
        : ({ status: 'done', appeal: known } as const)
    assert.ok(appeal.status === 'done')
    const { appealId } = appeal.appeal
    const decide = (
      verdict: Parameters<typeof at.granting.decideAppeal>[0]['verdict'],
      by: string,
    ) => at.granting.decideAppeal({ issuerId: GUNSAN, appealId, by, verdict })
    const accept = { verdict: 'accept', amountWon: won(30_000), answer: '확인했습니다' } as const
    await decide(accept, 'off_1')
    await decide({ verdict: 'confirm' }, 'off_2')
    await at.upkeep()
  })
  for (const days of [100, 100]) {
    at.time.now += days * DAY_MS
    await untilDone(at, () => at.upkeep())
  }
  const calls = at.life.calls()
  at.life.dieAt(undefined, when)
  return { ...at, calls }
}

async function memberOf(at: Office, number: number) {
  const { name, birthDate, phone } = person(number)
  const asked = { name, birthDate: birthDate as never, phone: phone.replaceAll('-', '') }
  const [found] = await at.deps.members.find(GUNSAN, [asked])
  return found![0]!.memberId
}

/** All that must be the same whatever happened on the way. */
async function outcome(at: Office): Promise<unknown> {
  const batches = await at.granting.batches(GUNSAN, { limit: 10 })
  const lines = await Promise.all(batches.map(({ batchId }) => at.lines(batchId)))
  return {
    batches: batches.map(({ state, lines: count, erased }) => [state, count, erased].join(' ')),
    lines,
    operations: at.ledger
      .snapshot(GUNSAN)
      .operations.map(({ kind, amountWon }) => `${kind} ${amountWon}`)
      .toSorted(),
    wallets: await Promise.all(
      [1, 2, 3, 4, 5].map(async (number) => at.holds(await memberOf(at, number))),
    ),
    notices: (await at.records('notice'))
      .map(({ noticeKind, memberId, facts }) => `${noticeKind} ${memberId} ${facts['amountWon']}`)
      .map((text) => text.replace(/ \d{6,} /, ' '))
      .toSorted(),
    appeals: (await at.records('appeal')).map(({ state, amountWon }) =>
      [state, amountWon].join(' '),
    ),
    uploads: await at.deps.lines.unconfirmed(GUNSAN, at.time.now, 10),
  }
}

test('the story itself', async () => {
  const at = await story(undefined, 'before')
  const { lines, wallets, notices, appeals } = (await outcome(at)) as Record<string, unknown[]>
  assert.deepEqual(lines, [
    ['R-1 refused granted_before', 'X-2 refused granted_before', 'R-4 granted'],
    ['R-1 granted', 'R-2 granted', 'R-3 granted', 'R-5 granted'],
  ])
  assert.deepEqual(wallets, [100_000, 100_000, 130_000, 100_000, 100_000])
  assert.equal(notices!.length, 6)
  assert.deepEqual(appeals, ['granted 30000'])
})

for (const when of ['before', 'after'] as const) {
  test(`killed ${when} any call: the same in the end`, async () => {
    const whole = await story(undefined, 'before')
    const { calls } = whole
    const wanted = await outcome(whole)
    assert.ok(calls > 100, `${calls} calls`)
    for (let step = 1; step <= calls; step += 1) {
      assert.deepEqual(
        await outcome(await story(step, when)),
        wanted,
        `killed ${when} call ${step}`,
      )
    }
  })
}

test('two processes that do the same work at once grant once', async () => {
  const at = await openOffice()
  for (const number of [1, 2, 3]) await at.join(person(number))
  const batchId = await at.taken([1, 2, 3].map((each) => lineOf(`R-${each}`, person(each))))
  await at.work()
  await at.release(batchId)
  await Promise.all([at.work(), at.work(), at.work()])
  assert.deepEqual(await at.lines(batchId), ['R-1 granted', 'R-2 granted', 'R-3 granted'])
  for (const number of [1, 2, 3]) assert.equal(await at.holds(await memberOf(at, number)), 100_000)
  assert.equal((await at.records('notice')).length, 3)
})
