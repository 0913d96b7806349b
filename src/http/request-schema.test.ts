import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Check } from 'typebox/value'
import { formatId, id, operationId, parseId } from '../base/base.ts'
import {
  decodeCursor,
  encodeCursor,
  idSchema,
  nextCursor,
  readDay,
  readId,
  readIdPage,
  readOperationId,
  readWon,
  wonSchema,
} from './request-schema.ts'

const wallet = idSchema('wlt')

test('the schema of an id takes every id there can be', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }), (value) => {
      const text = formatId('wlt', id('wlt', value))
      assert.ok(Check(wallet, text))
      assert.equal(readId('wlt', text), value)
    }),
  )
})

test('whatever the schema of an id takes can be read, and nothing else', () => {
  const text = fc.stringMatching(/^(wlt|mbr)_[0-9a-z]{0,12}$/)
  fc.assert(
    fc.property(text, (text) => Check(wallet, text) === (parseId('wlt', text) !== undefined)),
    { numRuns: 2000 },
  )
  assert.ok(Check(wallet, 'wlt_7zzzzzzzzzz'))
  for (const wrong of ['wlt_8zzzzzzzzzz', 'wlt_0', 'wlt_01', 'wlt_', 'wlt_L', 'mbr_1', 'wlt_1\n']) {
    assert.ok(!Check(wallet, wrong), wrong)
  }
})

test('an amount is a whole number within its bounds, both of which are accepted', () => {
  const amount = wonSchema({ min: 1, max: 500_000 })
  for (const right of [1, 500_000]) assert.ok(Check(amount, right))
  for (const wrong of [0, 500_001, 1.5, -1, '1', null, Number.NaN]) assert.ok(!Check(amount, wrong))
  assert.ok(Object.is(readWon(-0), 0))
})

test('an operation id is read in either case', () => {
  assert.equal(
    readOperationId('0198F000-0000-7000-8000-00000000000A'),
    '0198f000-0000-7000-8000-00000000000a',
  )
})

test('a day is one that a calendar has; any other is a problem of its field', () => {
  assert.equal(readDay('2028-02-29', 'query.from'), '2028-02-29')
  for (const wrong of ['2026-02-29', '2026-13-01', '2026-1-1', '0000-01-01', '', '20260101']) {
    assert.throws(() => readDay(wrong, 'query.from'), { status: 400, field: 'query.from' })
  }
})

test('a cursor comes back as it was written', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 8e14 }), fc.uuid(), (bookedAt, uuid) => {
      const cursor = { bookedAt, operationId: operationId(uuid) }
      const text = encodeCursor(cursor)
      assert.match(text, /^[\w-]{1,80}$/)
      assert.deepEqual(decodeCursor(text), cursor)
    }),
  )
})

test('a text that is no cursor of ours is a problem, whatever it is', () => {
  const good = encodeCursor({
    bookedAt: 12,
    operationId: operationId('0198f000-0000-7000-8000-00000000000a'),
  })
  const wrong = [
    '',
    'x',
    '=',
    `${good}=`,
    `${good}A`,
    ` ${good}`,
    good.slice(1),
    '12.zzz',
    '\u0000',
  ]
  for (const text of wrong) {
    assert.throws(() => decodeCursor(text), { status: 400, code: 'cursor_invalid' })
  }
  fc.assert(
    fc.property(fc.string(), (text) => {
      assert.throws(() => decodeCursor(text), { code: 'cursor_invalid' })
    }),
  )
})

test('a page is read with the place and the state that were asked for, and with nothing else', () => {
  assert.deepEqual(readIdPage('apl', { limit: 20 }), { limit: 20 })
  assert.deepEqual(readIdPage('apl', { limit: 5, cursor: 'apl_11', state: 'open' }), {
    limit: 5,
    before: readId('apl', 'apl_11'),
    state: 'open',
  })
})

test('a full page says where the next begins, any other is the last', () => {
  const cursorOf = (last: number): string => `at ${last}`
  assert.equal(nextCursor([3, 2], 2, cursorOf), 'at 2')
  assert.equal(nextCursor([3], 2, cursorOf), null)
  assert.equal(nextCursor([], 2, cursorOf), null)
})
