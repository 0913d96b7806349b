/** Timers of merchants: each rings once, whatever is killed in between, and an hour or a year late. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { businessNumberCheckDigit, type MerchantTimer } from '../acquiring/acquiring.ts'
import { DAY_MS, Fault, won } from '../base/base.ts'
import { openDeskBench } from '../registration/fixtures/merchant-bench.ts'
import { application, done, issuerId } from '../registration/fixtures/registration-bench.ts'
import type { Registry } from '../registration/registration.ts'
import { createMerchantTimers, MERCHANT_TIMERS_STEP } from './merchant-timers.ts'

const businessNumbers = ['124-81-00998', '220-81-62517', '120-81-47521', '214-88-00591']

/** A registry that dies at its n-th append, before or after it was stored. */
function dying(at: number, side: 'before' | 'after') {
  let appends = 0
  const armed = { on: false }
  const wrap = (registry: Registry): Registry => ({
    ...registry,
    async append(...asked) {
      if (!armed.on) return registry.append(...asked)
      appends += 1
      if (appends === at && side === 'before') throw new Fault('postgres_answer_lost', 'killed')
      const result = await registry.append(...asked)
      if (appends === at && side === 'after') throw new Fault('postgres_answer_lost', 'killed')
      return result
    },
  })
  return { wrap, armed }
}

/** Four merchants, each about to meet other timers, and the time at which all of them have rung. */
async function openTown(kill = dying(0, 'before')) {
  const bench = await openDeskBench(kill.wrap)
  const { registration, time, change, rule, desk, nextKey } = bench
  await rule({ registrationYears: 3, documentsStopClock: false })
  const ids = []
  for (const [index, businessNumber] of businessNumbers.entries()) {
    const applied = { ...application, businessNumber, personId: `person-010${index}` }
    ids.push(done(await registration.applyMerchant(applied)).merchant.merchantId)
  }
  const [, asked, suspended, noticed] = ids
  done(await change(asked!, { event: 'ask_documents', documents: ['lease'], words: '보완' }))
  for (const merchantId of [suspended!, noticed!])
    done(await change(merchantId, { event: 'approve' }))
  const until = time.now + DAY_MS
  done(await change(suspended!, { event: 'suspend', words: '조사', until }))
  const told = { by: 'clk_1', requestId: nextKey(), revenueWon: won(1), days: 365 }
  done(await desk.tellRevenue({ issuerId, merchantId: suspended!, ...told }))
  done(
    await change(noticed!, { event: 'notice_cancellation', reason: 'other', words: '취소 예정' }),
  )
  const work = createMerchantTimers({ directory: bench.directory, desk })
  return { ...bench, work, ids, kill }
}

type Town = Awaited<ReturnType<typeof openTown>>

async function runToEnd({ work, time }: Pick<Town, 'work' | 'time'>): Promise<number> {
  for (let steps = 1; ; steps += 1) {
    assert.ok(steps < 50, 'the work comes to an end')
    const step = await work(issuerId, {}, time.now)
    if (step.done) return steps
  }
}

/** What the records say, without numbers that another run would draw otherwise. */
function told({ registry }: Town): object {
  const newest = new Map<string, { kind: string; body: unknown }>()
  for (const version of registry.versions(issuerId)) {
    newest.set(`${version.kind}/${version.recordId}`, version)
  }
  const of = (kind: string, name: (body: object) => unknown): unknown[] =>
    [...newest.values()]
      .filter((version) => version.kind === kind)
      .map(({ body }) => String(name(Object(body))))
      .toSorted()
  return {
    notices: of('party_notice', (body) => Reflect.get(body, 'partyNoticeKind')),
    cases: of('case', (body) => Reflect.get(body, 'caseKind')),
    lives: of('merchant_life', (body) =>
      JSON.stringify([Reflect.get(body, 'state'), Reflect.get(body, 'rung')]),
    ),
  }
}

test('a quiet issuer has nothing to do', async () => {
  const town = await openTown()
  const before = town.wrote()
  assert.equal(await runToEnd(town), 1)
  assert.equal(town.wrote(), before)
})

test('what is due is acted on, in few notices and named cases, and then nothing is', async () => {
  const town = await openTown()
  town.time.now += 31 * DAY_MS
  await runToEnd(town)
  assert.deepEqual(told(town), {
    notices: [
      'application_made',
      'application_made',
      'application_made',
      'application_made',
      'cancellation_noticed',
      // Of the two applications that nobody decided.
      'decision_due',
      'decision_due',
      'documents_asked',
      'documents_overdue',
      'documents_overdue',
      'merchant_registered',
      'merchant_registered',
      'merchant_suspended',
      'objection_over',
      'revenue_changed',
      'revenue_told',
      'suspension_lifted',
    ],
    cases: [
      'merchant_decision_due',
      'merchant_decision_due',
      'merchant_decision_overdue',
      'merchant_decision_overdue',
    ],
    lives: [
      '["applied",["decision_reminder","decision_escalation","decision_overdue"]]',
      '["cancellation_noticed",["objection_over"]]',
      '["documents_asked",["decision_reminder","decision_escalation","decision_overdue","documents_overdue"]]',
      '["registered",[]]',
    ],
  })
  const written = town.wrote()
  assert.equal(await runToEnd(town), 1)
  assert.equal(town.wrote(), written)
})

test('a decision ends the cases that waited for it', async () => {
  const town = await openTown()
  town.time.now += 9 * DAY_MS
  await runToEnd(town)
  const open = async () =>
    (await town.registry.list(issuerId, 'case', { state: 'open', limit: 9 })).length
  assert.equal(await open(), 4)
  done(await town.change(town.ids[0]!, { event: 'approve' }))
  assert.equal(await open(), 2)
  done(await town.change(town.ids[1]!, { event: 'refuse', words: '서류 미비' }))
  assert.equal(await open(), 0)
})

test('years later a registration has lapsed, its revenue was asked for, and the desk was told', async () => {
  const town = await openTown()
  const rang: MerchantTimer[] = []
  const work = createMerchantTimers({
    directory: town.directory,
    desk: {
      async ring(ring) {
        if (ring.merchantId === town.ids[2]) rang.push(ring.timer)
        return town.desk.ring(ring)
      },
    },
  })
  for (const days of [31, 365, 60, 640, 60]) {
    town.time.now += days * DAY_MS
    await runToEnd({ work, time: town.time })
  }
  assert.deepEqual(rang, [
    'suspension_over',
    'revenue_change',
    'revenue_request',
    'revenue_overdue',
    'renewal_open',
    'lapse',
  ])
  assert.equal(town.directory.merchant(issuerId, town.ids[2]!)?.status, 'closed')
})

test('a step is bounded, and the next goes on', async () => {
  const town = await openTown()
  const { registration, time } = town
  // Numbers with a right check digit, one after the other.
  for (let index = 0; index < MERCHANT_TIMERS_STEP; index += 1) {
    const nine = String(300_000_000 + index)
    const businessNumber = `${nine}${businessNumberCheckDigit(nine)}`
    const personId = `person-02${index}`
    done(await registration.applyMerchant({ ...application, businessNumber, personId }))
  }
  time.now += 5 * DAY_MS
  const before = town.wrote()
  const first = await town.work(issuerId, {}, time.now)
  assert.equal(first.done, false)
  // Each timer writes the life and a notice; the end of a suspension the merchant too.
  assert.equal(town.wrote() - before, 2 * MERCHANT_TIMERS_STEP + 1)
  await runToEnd(town)
})

test('killed anywhere, and run again, the records say the same', async () => {
  const whole = await openTown()
  whole.time.now += 31 * DAY_MS
  await runToEnd(whole)
  const expected = told(whole)
  let kills = 0
  for (const side of ['before', 'after'] as const) {
    for (let at = 1; at <= 12; at += 1) {
      const town = await openTown(dying(at, side))
      town.time.now += 31 * DAY_MS
      town.kill.armed.on = true
      await runToEnd(town).catch((error: unknown) => {
        assert.ok(error instanceof Fault)
        kills += 1
      })
      town.kill.armed.on = false
      await catchUp(town)
      await runToEnd(town)
      assert.deepEqual(told(town), expected, `${side} ${at}`)
    }
  }
  assert.ok(kills > 12, `only ${kills} were killed`)
})

/** What a follower does: memory learns what was written though nobody got the answer. */
async function catchUp({ registry, directory }: Town): Promise<void> {
  for (const version of registry.versions(issuerId)) directory.apply(issuerId, version)
}

test('two at once ring once', async () => {
  const whole = await openTown()
  whole.time.now += 31 * DAY_MS
  await runToEnd(whole)
  const town = await openTown()
  town.time.now += 31 * DAY_MS
  await Promise.all([runToEnd(town), runToEnd(town)])
  await runToEnd(town)
  assert.deepEqual(told(town), told(whole))
})
