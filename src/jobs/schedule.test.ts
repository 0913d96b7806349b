/** When jobs are due, with the days of Korea. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { businessDate, DAY_MS, HOUR_MS, MINUTE_MS } from '../base/base.ts'
import { lastDueAt, nextDueAt, type Schedule } from './schedule.ts'

const at = (text: string): number => Date.parse(text)

test('a daily job is due at its Korean time, on the Korean day', () => {
  const nine: Schedule = { kind: 'daily', hour: 9, minute: 30 }
  const rows = [
    // now, last, next
    ['2026-11-28T09:29:59.999+09:00', '2026-11-27T09:30+09:00', '2026-11-28T09:30+09:00'],
    ['2026-11-28T09:30:00.000+09:00', '2026-11-28T09:30+09:00', '2026-11-29T09:30+09:00'],
    ['2026-11-28T23:59:59.999+09:00', '2026-11-28T09:30+09:00', '2026-11-29T09:30+09:00'],
    // Still the 28th in London.
    ['2026-11-28T20:00:00.000Z', '2026-11-28T09:30+09:00', '2026-11-29T09:30+09:00'],
    ['2027-01-01T00:00:00.000+09:00', '2026-12-31T09:30+09:00', '2027-01-01T09:30+09:00'],
    ['2028-02-29T09:30:00.000+09:00', '2028-02-29T09:30+09:00', '2028-03-01T09:30+09:00'],
  ] as const
  for (const [now, last, next] of rows) {
    assert.equal(lastDueAt(nine, at(now)), at(last), now)
    assert.equal(nextDueAt(nine, at(now)), at(next), now)
  }
  const midnight: Schedule = { kind: 'daily', hour: 0, minute: 0 }
  assert.equal(lastDueAt(midnight, at('2026-11-27T15:00Z')), at('2026-11-28T00:00+09:00'))
  assert.equal(lastDueAt(midnight, at('2026-11-27T14:59Z')), at('2026-11-27T00:00+09:00'))
})

test('a job that comes again and again is due at instants that every core names alike', () => {
  const often: Schedule = { kind: 'every', everyMs: 10 * MINUTE_MS }
  assert.equal(lastDueAt(often, at('2026-11-28T09:09:59.999Z')), at('2026-11-28T09:00Z'))
  assert.equal(lastDueAt(often, at('2026-11-28T09:10Z')), at('2026-11-28T09:10Z'))
  assert.equal(nextDueAt(often, at('2026-11-28T09:10Z')), at('2026-11-28T09:20Z'))
})

test('what is done on demand is never due by itself', () => {
  assert.equal(lastDueAt({ kind: 'on_demand' }, 1), undefined)
  assert.equal(nextDueAt({ kind: 'on_demand' }, 1), undefined)
})

test('now lies between the last and the next, and each Korean day has one', () => {
  const instants = fc.integer({ min: 0, max: at('2100-01-01T00:00Z') })
  const daily = fc.record({
    kind: fc.constant('daily' as const),
    hour: fc.integer({ min: 0, max: 23 }),
    minute: fc.integer({ min: 0, max: 59 }),
  })
  const every = fc.record({
    kind: fc.constant('every' as const),
    everyMs: fc.integer({ min: 1, max: 40 * HOUR_MS }),
  })
  fc.assert(
    fc.property(instants, fc.oneof(daily, every), (now, schedule) => {
      const last = lastDueAt(schedule, now)
      const next = nextDueAt(schedule, now)
      assert.ok(last !== undefined && next !== undefined)
      assert.ok(last <= now && now < next)
      assert.equal(lastDueAt(schedule, next), next)
      assert.equal(lastDueAt(schedule, next - 1), last)
      if (schedule.kind === 'daily') {
        assert.equal(next - last, DAY_MS)
        assert.notEqual(businessDate(last), businessDate(next))
      }
    }),
  )
})

test('a time that no clock shows, and a period that never ends, are bugs', () => {
  for (const [hour, minute] of [
    [24, 0],
    [-1, 0],
    [9, 60],
    [9, 0.5],
  ] as const) {
    assert.throws(() => lastDueAt({ kind: 'daily', hour, minute }, 1), /not a time of day/)
  }
  assert.throws(() => lastDueAt({ kind: 'every', everyMs: 0 }, 1), /not a period/)
})
