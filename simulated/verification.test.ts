import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createVerifications, VERIFICATION_LIFE_MS } from './verification.ts'

const verified = {
  person: { personId: 'p-1', name: '김하늘', birthDate: '1991-03-02', phone: '01012345678' },
  deviceThumbprint: 'thumb',
}

test('a verification ends with its life, to the millisecond', () => {
  const verifications = createVerifications()
  verifications.open('a', verified, 0)
  verifications.open('b', verified, 0)
  const last = verifications.confirm('a', '000000', VERIFICATION_LIFE_MS - 1)
  assert.equal(last.outcome, 'verified')
  const late = verifications.confirm('b', '000000', VERIFICATION_LIFE_MS)
  assert.equal(late.outcome, 'unknown')
})

test('no more verifications are open than allowed; the expired make room', () => {
  const verifications = createVerifications({ verificationsMax: 2 })
  assert.equal(verifications.open('a', verified, 0), true)
  assert.equal(verifications.open('b', verified, 1), true)
  assert.equal(verifications.open('c', verified, 2), false)
  assert.equal(verifications.open('c', verified, VERIFICATION_LIFE_MS), true)
  assert.equal(verifications.confirm('b', '000000', VERIFICATION_LIFE_MS).outcome, 'verified')
})
