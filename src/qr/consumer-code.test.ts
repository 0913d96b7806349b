import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  CONSUMER_CODE_STEP_MS,
  CONSUMER_CODE_VALID_STEPS,
  CONSUMER_HANDLE_MAX,
  isConsumerHandle,
  makeConsumerCode,
  parseConsumerCode,
  verifyConsumerCode,
} from './consumer-code.ts'
import { dammDigit } from './damm.ts'
import type { HmacSha256 } from './one-time-password.ts'

const hmac: HmacSha256 = (key, message) => createHmac('sha256', key).update(message).digest()
const seed = Buffer.from('12345678901234567890123456789012')
const handle = 1_234_567_890
const STEP = 59_000_000
const START = STEP * CONSUMER_CODE_STEP_MS

function codeAt(now: number): string {
  return makeConsumerCode({ handle, seed, now, hmac })
}

/** The step that accepts the text at an instant, or why it is refused. */
function verdict(text: string, now: number, withSeed: Uint8Array = seed): number | string {
  const parsed = parseConsumerCode(text)
  if (!parsed.ok) return parsed.problem
  const result = verifyConsumerCode({ parsed: parsed.code, seed: withSeed, now, hmac })
  return result.ok ? result.step : result.problem
}

test('572 has the check digit 4, as in Damm’s published example', () => {
  assert.equal(dammDigit('572'), '4')
  assert.equal(dammDigit('5724'), '0')
})

test('the check digit finds every wrong digit and every swap of neighbours', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[0-9]{23}$/), (digits) => {
      const whole = digits + dammDigit(digits)
      for (let at = 0; at < whole.length; at += 1) {
        for (const other of '0123456789') {
          if (other === whole.charAt(at)) continue
          assert.notEqual(dammDigit(whole.slice(0, at) + other + whole.slice(at + 1)), '0')
        }
        const [left, right] = [whole.charAt(at), whole.charAt(at + 1)]
        if (left === right || right === '') continue
        assert.notEqual(dammDigit(whole.slice(0, at) + right + left + whole.slice(at + 2)), '0')
      }
    }),
    { numRuns: 50 },
  )
})

test('a code has 24 digits: 91, the handle, the passcode and the check digit', () => {
  const text = codeAt(START)
  assert.match(text, /^911234567890[0-9]{12}$/)
  const parsed = parseConsumerCode(text)
  assert.ok(parsed.ok)
  assert.equal(parsed.code.handle, handle)
  assert.equal(parsed.code.passcode, text.slice(12, 23))
})

test('any handle comes out as it went in, and is accepted in its own step', () => {
  const handles = fc.oneof(
    fc.constantFrom(0, 1, CONSUMER_HANDLE_MAX),
    fc.integer({ min: 0, max: CONSUMER_HANDLE_MAX }),
  )
  const seeds = fc.uint8Array({ minLength: 16, maxLength: 64 })
  const instants = fc.integer({ min: 0, max: 4_000_000_000_000 })
  fc.assert(
    fc.property(handles, seeds, instants, (handle, seed, now) => {
      const parsed = parseConsumerCode(makeConsumerCode({ handle, seed, now, hmac }))
      assert.ok(parsed.ok && parsed.code.handle === handle)
      const result = verifyConsumerCode({ parsed: parsed.code, seed, now, hmac })
      assert.deepEqual(result, { ok: true, step: Math.floor(now / 30_000) })
    }),
  )
})

test('a code is the same through its step, and differs in the next', () => {
  assert.equal(codeAt(START), codeAt(START + CONSUMER_CODE_STEP_MS - 1))
  const codes = new Set<string>()
  for (let step = 0; step < 500; step += 1) codes.add(codeAt(START + step * CONSUMER_CODE_STEP_MS))
  assert.equal(codes.size, 500)
})

test('a code is accepted for three minutes, and not a millisecond more', () => {
  const text = codeAt(START)
  const end = START + CONSUMER_CODE_VALID_STEPS * CONSUMER_CODE_STEP_MS
  assert.equal(end - START, 180_000)
  assert.equal(verdict(text, START), STEP)
  assert.equal(verdict(text, end - 1), STEP)
  assert.equal(verdict(text, end), 'code_expired')
})

test('a code of a phone whose clock is one step ahead is accepted, two steps ahead is not', () => {
  const text = codeAt(START)
  assert.equal(verdict(text, START - CONSUMER_CODE_STEP_MS), STEP)
  assert.equal(verdict(text, START - CONSUMER_CODE_STEP_MS - 1), 'code_invalid')
})

test('a code of long ago is told from a wrong one for ten minutes more', () => {
  const text = codeAt(START)
  const lastKnown = START + 26 * CONSUMER_CODE_STEP_MS - 1
  assert.equal(verdict(text, lastKnown), 'code_expired')
  assert.equal(verdict(text, lastKnown + 1), 'code_invalid')
})

test('the first steps of all time are verified without a step below zero', () => {
  assert.equal(verdict(codeAt(0), 0), 0)
})

test('a code with any one digit altered is refused, with the check digit stale or right', () => {
  const text = codeAt(START)
  for (let at = 0; at < text.length; at += 1) {
    for (const other of '0123456789') {
      if (other === text.charAt(at)) continue
      const altered = text.slice(0, at) + other + text.slice(at + 1)
      assert.equal(verdict(altered, START), 'code_invalid')
      if (at < 12 || at === 23) continue
      const checked = altered.slice(0, 23) + dammDigit(altered.slice(0, 23))
      assert.ok(parseConsumerCode(checked).ok)
      assert.equal(verdict(checked, START), 'code_invalid')
    }
  }
})

test('another phone’s seed accepts no code of this one', () => {
  const other = Buffer.from('22345678901234567890123456789012')
  assert.equal(verdict(codeAt(START), START, other), 'code_invalid')
})

test('a passcode of another length is refused', () => {
  for (const passcode of [
    '',
    '1',
    codeAt(START).slice(12, 22),
    `${codeAt(START).slice(12, 23)}0`,
  ]) {
    const result = verifyConsumerCode({ parsed: { handle, passcode }, seed, now: START, hmac })
    assert.ok(!result.ok && result.problem === 'code_invalid')
  }
})

test('a code may be typed in groups of four with spaces or hyphens', () => {
  const text = codeAt(START)
  const groups = text.match(/.{4}/g) ?? []
  const same = [
    groups.join(' '),
    groups.join('-'),
    `  ${groups.join(' ')}\r\n`,
    `${groups.slice(0, 3).join('-')} ${groups.slice(3).join('')}`,
  ]
  for (const typed of same) assert.equal(verdict(typed, START), STEP, typed)
  const refused = [
    '',
    text.slice(1),
    `${text}0`,
    groups.join('  '),
    groups.join('_'),
    `${text.slice(0, 2)} ${text.slice(2)}`,
    text.replaceAll('9', '９'),
    `90${text.slice(2)}`,
    `-${text}`,
  ]
  for (const typed of refused) assert.equal(verdict(typed, START), 'code_invalid', typed)
})

test('any string whatever is read or refused, and never throws', () => {
  const digits = fc.stringMatching(/^91[0-9 -]{20,30}$/)
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), digits), (text) => {
      const parsed = parseConsumerCode(text)
      if (!parsed.ok) return
      assert.ok(isConsumerHandle(parsed.code.handle) && parsed.code.passcode.length === 11)
    }),
    { numRuns: 500 },
  )
})

test('a handle is a whole number of at most ten digits, and a seed has 128 bits', () => {
  for (const value of [-1, 0.5, CONSUMER_HANDLE_MAX + 1, '1', undefined, Number.NaN]) {
    assert.equal(isConsumerHandle(value), false)
  }
  const options = { handle, seed, now: START, hmac }
  assert.throws(() => makeConsumerCode({ ...options, handle: CONSUMER_HANDLE_MAX + 1 }))
  assert.throws(() => makeConsumerCode({ ...options, seed: new Uint8Array(15) }))
})
