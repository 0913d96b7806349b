import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, MINUTE_MS } from '../src/base/base.ts'
import { cutMs, OUTAGE, replayHours, SHORT_OUTAGE } from './timeline.ts'

test('the core is cut for 23 hours and 10 minutes, as on that day', () => {
  assert.equal(cutMs(OUTAGE), 23 * HOUR_MS + 10 * MINUTE_MS)
  const shares = replayHours().reduce((sum, hour) => sum + hour.cutShare, 0)
  assert.ok(Math.abs(shares - (23 + 10 / 60)) < 1e-9, String(shares))
})

test('hours follow one another from Friday afternoon to Saturday evening, Korean time', () => {
  const hours = replayHours()
  assert.deepEqual([hours.length, hours[0]?.label, hours.at(-1)?.label], [28, '14:00', '17:00'])
  for (const [index, { at }] of hours.entries()) {
    assert.equal(at, Date.parse(OUTAGE.from) + index * HOUR_MS)
  }
})

test('before and after the cut the core is there, and within it is not', () => {
  const shareAt = (label: string, day: number): number | undefined =>
    replayHours().filter((hour) => hour.label === label)[day]?.cutShare
  assert.equal(shareAt('14:00', 0), 0)
  assert.equal(shareAt('15:00', 0), 1)
  assert.equal(shareAt('03:00', 0), 1)
  assert.ok(Math.abs(shareAt('14:00', 1)! - 10 / 60) < 1e-9)
  assert.equal(shareAt('15:00', 1), 0)
})

test('nights are quiet, and lunch and evening are busy', () => {
  const weights = new Map(replayHours().map(({ label, weight }) => [label, weight]))
  assert.ok(weights.get('18:00')! > 20 * weights.get('03:00')!)
  assert.ok(weights.get('12:00')! > weights.get('09:00')!)
})

test('the short outage has hours before, within and after its cut', () => {
  const hours = replayHours(SHORT_OUTAGE)
  assert.deepEqual(
    hours.map(({ cutShare }) => Math.round(cutShare * 60)),
    [0, 60, 60, 10],
  )
})
