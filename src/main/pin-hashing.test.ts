/** Hashes of PINs: salted, keyed, and made a few at a time. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Fault } from '../base/base.ts'
import { createPinHashing, HASHES_AT_ONCE_MAX, HASHES_WAITING_MAX } from './pin-hashing.ts'

test('the right PIN matches its hash, another does not, and two hashes of one PIN differ', async () => {
  const pins = createPinHashing('secret')
  const [one, two] = await Promise.all([pins.hash('829403'), pins.hash('829403')])
  assert.notEqual(one, two)
  assert.ok(!one.includes('829403'))
  assert.equal(await pins.matches('829403', one), true)
  assert.equal(await pins.matches('829404', one), false)
})

test('without the secret a hash says nothing', async () => {
  const hash = await createPinHashing('secret').hash('829403')
  assert.equal(await createPinHashing('another').matches('829403', hash), false)
})

test('whoever comes when too many wait is sent away at once', async () => {
  const pins = createPinHashing('secret')
  const room = HASHES_AT_ONCE_MAX + HASHES_WAITING_MAX
  const asked = Array.from({ length: room }, () => pins.hash('829403'))
  await assert.rejects(pins.hash('829403'), (error) => {
    assert.ok(error instanceof Fault)
    return error.code === 'queue_full'
  })
  await Promise.all(asked)
  assert.equal(await pins.matches('829403', await pins.hash('829403')), true, 'places come free')
})
