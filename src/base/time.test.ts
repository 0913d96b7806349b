import assert from 'node:assert/strict'
import { test } from 'node:test'
import { nextDate, parseBusinessDate } from './time.ts'

test('only days that exist are read, and each has one before and one after it', () => {
  for (const text of ['2026-11-22', '2028-02-29', '0001-01-02', '9999-12-30']) {
    const day = parseBusinessDate(text)
    assert.equal(day, text)
    assert.match(nextDate(day), /^\d{4}-\d{2}-\d{2}$/)
  }
  for (const text of [
    '2026-02-29',
    '2026-13-01',
    '2026-1-1',
    '20261122',
    '0000-12-31',
    '0001-01-01',
    '9999-12-31',
    '10000-01-01',
    '',
  ]) {
    assert.equal(parseBusinessDate(text), undefined, text)
  }
})
