/** The parts of a link that need no socket: keys, sign-ons, answers that are waited for, and log lines. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createAwaitedAnswers } from './awaited-answers.ts'
import { partnerKeys } from './fixtures/gateway-world.ts'
import { createLineBudget } from './line-budget.ts'
import { createKeyRing } from './link-keys.ts'
import type { Mac, ReadMessage } from './partner-adapter.ts'
import { createSignOnHistory } from './sign-on-history.ts'

const OLD_KEY_MS = 1_000
const message = Buffer.from('a message')
const macOf = (mac: Mac): string => Buffer.from(mac(message)).toString('hex')
const answerTo = (matchKey: string): ReadMessage => ({
  ok: true,
  matchKey,
  message: { type: 'acknowledgement' },
  echo: null,
})

test('a key that one side offers and the other accepts is the key of both, the old one for a while', () => {
  const gateway = createKeyRing(partnerKeys, OLD_KEY_MS)
  const partner = createKeyRing(partnerKeys, OLD_KEY_MS)
  const agreed = macOf(gateway.present())
  assert.equal(macOf(partner.present()), agreed)

  const offered = gateway.offer()
  assert.equal(macOf(gateway.present()), agreed)
  assert.ok(partner.accept(offered.wrappedKey, offered.keyCheckValue, 0))
  gateway.changeTo(offered, 0)
  assert.notEqual(macOf(gateway.present()), agreed)
  assert.equal(macOf(partner.present()), macOf(gateway.present()))
  for (const ring of [gateway, partner]) {
    assert.deepEqual(ring.readable(OLD_KEY_MS).map(macOf), [macOf(gateway.present()), agreed])
    assert.deepEqual(ring.readable(OLD_KEY_MS + 1).map(macOf), [macOf(gateway.present())])
  }
})

test('an offered key is good for reading at once, and forgotten when the other side refuses', () => {
  const ring = createKeyRing(partnerKeys, OLD_KEY_MS)
  const { mac } = ring.offer()
  assert.deepEqual(ring.readable(0).map(macOf), [macOf(ring.present()), macOf(mac)])
  ring.withdraw()
  assert.deepEqual(ring.readable(0).map(macOf), [macOf(ring.present())])
})

test('a wrapped key that was changed, is another or was wrapped for somebody else is refused', () => {
  const ring = createKeyRing(partnerKeys, OLD_KEY_MS)
  const before = macOf(ring.present())
  const { wrappedKey, keyCheckValue } = createKeyRing(partnerKeys, OLD_KEY_MS).offer()
  const flipped = Uint8Array.from(wrappedKey, (byte, at) => (at === 5 ? byte ^ 1 : byte))
  const strange = { ...partnerKeys, keyEncryptionKey: Buffer.alloc(16, 9) }
  const foreign = createKeyRing(strange, OLD_KEY_MS).offer()
  assert.ok(!ring.accept(flipped, keyCheckValue, 0))
  assert.ok(!ring.accept(wrappedKey.subarray(1), keyCheckValue, 0))
  assert.ok(!ring.accept(wrappedKey, '000000', 0))
  assert.ok(!ring.accept(foreign.wrappedKey, foreign.keyCheckValue, 0))
  assert.equal(macOf(ring.present()), before)
  assert.ok(ring.accept(wrappedKey, keyCheckValue, 0))
})

test('a sign-on is good once, and only within the skew of clocks', () => {
  const minute = 60_000
  const now = Date.parse('2026-11-22T10:00:00Z')
  const history = createSignOnHistory({ clockSkewMs: 10 * minute, signOnsRememberedMax: 3 })
  const take = (stan: string, at: number) => history.take({ stan, at }, now)
  assert.equal(take('000001', now), undefined)
  assert.equal(take('000001', now), 'sign_on_replayed')
  assert.equal(take('000002', now), undefined)
  assert.equal(take('000001', now - 5 * minute), undefined)
  assert.equal(take('000009', now - 11 * minute), 'sign_on_clock')
  assert.equal(take('000009', now + 11 * minute), 'sign_on_clock')
  assert.equal(take('000004', now), 'sign_on_too_often')
  // What its own time refuses is forgotten.
  const later = now + 6 * minute
  assert.equal(history.take({ stan: '000004', at: later }, later), undefined)
  assert.equal(history.take({ stan: '000001', at: now - 5 * minute }, later), 'sign_on_clock')
  assert.equal(history.take({ stan: '000002', at: now }, later), 'sign_on_replayed')
})

test('answers find their messages in any order; late and unmatched ones are told apart', async () => {
  const awaited = createAwaitedAnswers({ awaitedMax: 4, lateRememberedMax: 2 })
  const [first, second, again] = [
    awaited.expect('a', 1_000),
    awaited.expect('b', 1_000),
    awaited.expect('a', 1_000),
  ]
  const slow = awaited.expect('c', 1)
  assert.deepEqual(await awaited.expect('d', 1_000), { outcome: 'busy' })
  assert.equal(awaited.count(), 4)
  assert.equal(awaited.take(answerTo('b')), 'matched')
  assert.equal(awaited.take(answerTo('a')), 'matched')
  assert.deepEqual(await second, { outcome: 'answered', answer: answerTo('b') })
  assert.deepEqual(await first, { outcome: 'answered', answer: answerTo('a') })
  assert.deepEqual(await slow, { outcome: 'late' })
  assert.equal(awaited.take(answerTo('c')), 'late')
  assert.equal(awaited.take(answerTo('c')), 'unmatched')
  assert.equal(awaited.count(), 1)
  awaited.endAll('idle')
  assert.deepEqual(await again, { outcome: 'link_lost', reason: 'idle' })
  assert.equal(awaited.count(), 0)
})

test('only so many messages given up are remembered', async () => {
  const awaited = createAwaitedAnswers({ awaitedMax: 9, lateRememberedMax: 2 })
  for (const key of ['a', 'b', 'c']) await awaited.expect(key, 1)
  const told = ['a', 'b', 'c'].map((key) => awaited.take(answerTo(key)))
  assert.deepEqual(told, ['unmatched', 'late', 'late'])
})

test('log lines beyond a second’s budget are counted and told with the next one', () => {
  const budget = createLineBudget(2)
  const taken = [0, 1, 2, 3, 1_000, 1_001].map((now) => budget.take(now))
  assert.deepEqual(taken, [0, 0, undefined, undefined, 2, 0])
})
