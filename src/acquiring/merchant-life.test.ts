/** A life through its days: every deadline at its edge, every timer once, every bar by its kind. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import * as fc from 'fast-check'
import { addMonths, businessDate, DAY_MS, HOUR_MS, won } from '../base/base.ts'
import { initialIssuerRules } from '../issuing/issuing.ts'
import {
  barEndsAt,
  beginLife,
  cancellationReasons,
  changeLife,
  checkApplication,
  dueMerchantTimers,
  failedCheck,
  merchantTimers,
  statusOf,
  type LifeRules,
  type MerchantChange,
  type MerchantLife,
} from './acquiring.ts'

const rules: LifeRules = initialIssuerRules
const start = Date.parse('2026-11-23T10:00:00+09:00')
const at = (text: string): number => Date.parse(`${text}+09:00`)
const revenue = { from: businessDate(start), annualRevenueWon: won(100), at: start }
const applied = beginLife(rules, start, { revenue })

function changed(
  life: MerchantLife,
  change: MerchantChange,
  now: number,
  by: LifeRules = rules,
): MerchantLife {
  const step = changeLife(life, change, by, now)
  assert.ok(step.status === 'changed', JSON.stringify(step))
  return step.life
}
const refusal = (life: MerchantLife, change: MerchantChange, now: number, by = rules) => {
  const step = changeLife(life, change, by, now)
  return step.status === 'refused' ? step.reason : step.status
}
const due = (life: MerchantLife, now: number, by: LifeRules = rules) =>
  dueMerchantTimers(life, by, { now, annualRevenueWon: won(100) })

const registered = changed(applied, { event: 'approve' }, start)
const noticed = changed(
  registered,
  { event: 'notice_cancellation', reason: 'false_redemption', words: '가맹점 현장 확인' },
  start,
)

describe('the decision', () => {
  test('is due at the end of the seventh day after the application', () => {
    assert.equal(applied.decideBy, at('2026-12-01T00:00:00'))
    assert.deepEqual(due(applied, at('2026-11-27T23:59:59.999')), [])
    assert.deepEqual(due(applied, at('2026-11-28T00:00:00')), ['decision_reminder'])
    const reminded: MerchantLife = { ...applied, rung: ['decision_reminder'] }
    assert.deepEqual(due(reminded, at('2026-11-28T23:59:59.999')), [])
    assert.deepEqual(due(reminded, at('2026-11-29T00:00:00')), ['decision_escalation'])
    assert.deepEqual(due(reminded, at('2026-12-01T00:00:00')), [
      'decision_escalation',
      'decision_overdue',
    ])
  })

  test('its days rest while documents are asked for, where the rules say so', () => {
    const ask: MerchantChange = { event: 'ask_documents', documents: ['lease'], words: '임대차' }
    const asked = changed(applied, ask, start + DAY_MS)
    assert.deepEqual(due(asked, start + 20 * DAY_MS), [])
    assert.deepEqual(due(asked, asked.answerBy!), ['documents_overdue'])
    assert.deepEqual(due(asked, asked.answerBy! - 1), [])
    const again = changed(asked, ask, start + 3 * DAY_MS)
    const back = changed(again, { event: 'complete_documents' }, start + 5 * DAY_MS)
    assert.equal(back.decideBy, applied.decideBy! + 4 * DAY_MS)
    const strict = { ...rules, documentsStopClock: false }
    const running = changed(applied, ask, start + DAY_MS, strict)
    assert.deepEqual(due(running, applied.decideBy!, strict), [
      'decision_reminder',
      'decision_escalation',
      'decision_overdue',
    ])
    const returned = changed(running, { event: 'complete_documents' }, start + 5 * DAY_MS, strict)
    assert.equal(returned.decideBy, applied.decideBy)
  })

  test('M3: the days that ran are never more than the rule', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 5 * 24 }), { maxLength: 12 }), (hours) => {
        let life = applied
        let now = start
        let ran = 0
        for (const [index, each] of hours.entries()) {
          now += each * HOUR_MS
          if (index % 2 === 0) {
            ran += each * HOUR_MS
            life = changed(life, { event: 'ask_documents', documents: ['lease'], words: 'x' }, now)
          } else {
            life = changed(life, { event: 'complete_documents' }, now)
          }
        }
        if (life.stoppedAt !== null) life = changed(life, { event: 'complete_documents' }, now)
        assert.equal(life.decideBy! - now + ran, applied.decideBy! - start)
      }),
    )
  })

  test('what the checks found stands against an approval, the first is told', () => {
    const merchant = {
      businessNumber: '1248100998',
      sector: 'gambling',
      district: '월명동',
      annualRevenueWon: won(400_000_000),
    } as const
    const application = { merchant, documents: [], barredUntil: start + 1 }
    const strict = {
      ...rules,
      documentsRequired: ['business_registration'],
      districtsRegistered: ['나운동'],
    }
    const checked = checkApplication(application, strict, start)
    assert.deepEqual(checked.results, {
      bar: 'failed',
      business_number: 'passed',
      sector: 'failed',
      district: 'failed',
      documents: 'failed',
    })
    assert.deepEqual(checked.documentsMissing, ['business_registration'])
    assert.equal(checked.revenueClass, 'small_1')
    assert.equal(failedCheck(checked), 'bar')
    const later = checkApplication(application, strict, start + 1)
    assert.equal(failedCheck(later), 'sector')
    const good = checkApplication(
      {
        merchant: { ...merchant, sector: 'cafe' },
        documents: ['business_registration'],
        barredUntil: undefined,
      },
      { ...strict, districtsRegistered: [] },
      start,
    )
    assert.equal(failedCheck(good), undefined)
    assert.equal(good.results.district, 'unchecked')
  })
})

describe('suspension', () => {
  test('stops payments beside whatever else is under way, and ends at its end', () => {
    const until = start + DAY_MS
    const suspend: MerchantChange = { event: 'suspend', words: '조사', until }
    for (const life of [registered, noticed]) {
      assert.equal(statusOf(life), 'active')
      const suspended = changed(life, suspend, start)
      assert.equal(statusOf(suspended), 'suspended')
      assert.equal(refusal(suspended, suspend, start), 'unchanged')
      assert.ok(!due(suspended, until - 1).includes('suspension_over'))
      assert.ok(due(suspended, until).includes('suspension_over'))
      const lifted = changed(suspended, { event: 'lift_suspension' }, until)
      assert.equal(statusOf(lifted), 'active')
      assert.equal(refusal(lifted, { event: 'lift_suspension' }, until), 'unchanged')
    }
    assert.equal(refusal(registered, { ...suspend, until: start }, start), 'end_passed')
    assert.equal(refusal(applied, suspend, start), 'not_allowed')
  })
})

describe('cancellation', () => {
  const objectUntil = at('2026-12-14T00:00:00')
  const cancel: MerchantChange = { event: 'cancel', words: '취소', halved: false }

  test('M1: not before the days to object are over, unless the merchant was heard', () => {
    assert.equal(noticed.cancellation?.objectUntil, objectUntil)
    assert.equal(refusal(noticed, cancel, objectUntil - 1), 'too_early')
    assert.deepEqual(due(noticed, objectUntil - 1), [])
    assert.deepEqual(due(noticed, objectUntil), ['objection_over'])
    const cancelled = changed(noticed, cancel, objectUntil)
    assert.deepEqual([cancelled.state, statusOf(cancelled)], ['cancelled', 'closed'])
    assert.equal(cancelled.cancellation?.barredUntil, addMonths(objectUntil, 12))
    const objected = changed(noticed, { event: 'object', words: '사실과 다름' }, objectUntil - 1)
    assert.equal(statusOf(objected), 'active')
    assert.equal(objected.decideBy, at('2026-12-29T00:00:00'))
    assert.equal(changed(objected, cancel, objectUntil).state, 'cancelled')
    const dropped = changed(
      objected,
      { event: 'withdraw_cancellation', words: '인용' },
      objectUntil,
    )
    assert.deepEqual(
      [dropped.state, dropped.cancellation, dropped.decideBy],
      ['registered', null, null],
    )
  })

  test('an objection comes in time or not at all', () => {
    const object: MerchantChange = { event: 'object', words: '이의' }
    assert.equal(refusal(noticed, object, objectUntil), 'too_late')
    assert.equal(refusal(registered, object, start), 'not_allowed')
  })

  test('a bar lasts by its kind, half of it where the rules allow that', () => {
    const months = { 12: addMonths(start, 12), 6: addMonths(start, 6), 3: addMonths(start, 3) }
    const ends = (halved: boolean) =>
      cancellationReasons.map((reason) => barEndsAt(rules, { reason, from: start, halved }))
    assert.deepEqual(ends(false), [months[12], months[6], months[12], months[6], months[6]])
    assert.deepEqual(ends(true), [months[6], months[3], months[6], months[3], months[3]])
    const odd = { ...rules, barMonthsOther: 7 }
    assert.equal(
      barEndsAt(odd, { reason: 'other', from: start, halved: true }),
      addMonths(start, 4),
    )
    const strict = { ...rules, barMayBeHalved: false }
    assert.equal(
      refusal(noticed, { ...cancel, halved: true }, objectUntil, strict),
      'bar_not_halved',
    )
  })
})

describe('validity and revenue', () => {
  const onnuri = { ...rules, registrationYears: 3 }
  const valid = changed(applied, { event: 'approve' }, start, onnuri)
  const end = at('2029-11-23T00:00:00')

  test('a registration is renewed in its window and lapses at its end', () => {
    assert.equal(valid.validUntil, end)
    const opens = at('2029-08-23T00:00:00')
    const renew: MerchantChange = { event: 'renew' }
    const ageless = { ...onnuri, revenueRenewalMonths: 24 }
    const young: MerchantLife = { ...valid, revenues: [{ ...revenue, from: businessDate(end) }] }
    assert.equal(refusal(valid, renew, opens - 1, onnuri), 'too_early')
    assert.deepEqual(due(young, opens - 1, ageless), [])
    assert.deepEqual(due(young, opens, ageless), ['renewal_open'])
    assert.equal(changed(valid, renew, opens, onnuri).validUntil, at('2032-11-23T00:00:00'))
    assert.equal(refusal(valid, renew, end - 10 * DAY_MS, onnuri), 'too_late')
    assert.equal(refusal(valid, renew, end - 10 * DAY_MS - 1, onnuri), 'changed')
    assert.equal(refusal(valid, { event: 'lapse' }, end - 1, onnuri), 'too_early')
    assert.equal(statusOf(changed(valid, { event: 'lapse' }, end, onnuri)), 'closed')
    assert.deepEqual(due({ ...young, rung: ['renewal_open'] }, end, ageless), ['lapse'])
    assert.equal(refusal(registered, renew, start), 'no_validity')
    assert.equal(refusal(registered, { event: 'lapse' }, start), 'unchanged')
  })

  test('the revenue is asked a year after it counted, and its answer awaited for its days', () => {
    const old = at('2027-11-23T00:00:00')
    assert.deepEqual(due(registered, old - 1), [])
    assert.deepEqual(due(registered, old), ['revenue_request'])
    const asked: MerchantLife = { ...registered, revenueAskedAt: old }
    const late = at('2027-12-24T00:00:00')
    assert.deepEqual(due(asked, late - 1), [])
    assert.deepEqual(due(asked, late), ['revenue_overdue'])
    const next = { from: businessDate(old), annualRevenueWon: won(200), at: old }
    const answered: MerchantLife = { ...registered, revenues: [revenue, next] }
    assert.deepEqual(due(answered, old - 1), [])
    assert.deepEqual(due(answered, old), ['revenue_change'])
  })

  test('an end is told nothing any more', () => {
    const closed = changed(valid, { event: 'close', words: '폐업' }, start)
    assert.deepEqual(due(closed, end + 1000 * DAY_MS, onnuri), [])
    const back = changed(closed, { event: 'apply', revenue }, end)
    assert.deepEqual([back.state, back.round, back.words], ['applied', 2, null])
  })

  test('what rang does not ring again', () => {
    const all: MerchantLife = { ...valid, rung: merchantTimers }
    assert.deepEqual(due(all, end + 1000 * DAY_MS, onnuri), [])
  })
})
