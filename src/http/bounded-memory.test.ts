/** The two memories of this door never hold more than they may, and forget the right things. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createBoundedCache } from './bounded-cache.ts'
import { createReplayWindow } from './replay-window.ts'

test('a cache that is full forgets what was used longest ago', () => {
  const cache = createBoundedCache<number>(2)
  cache.set('a', 1)
  cache.set('b', 2)
  assert.equal(cache.get('a'), 1)
  cache.set('c', 3)
  assert.equal(cache.get('b'), undefined)
  assert.equal(cache.get('a'), 1)
  assert.equal(cache.get('c'), 3)
  assert.equal(cache.size, 2)
})

test('setting an entry again makes no room and takes none', () => {
  const cache = createBoundedCache<number>(2)
  cache.set('a', 1)
  cache.set('b', 2)
  cache.set('a', 3)
  assert.equal(cache.size, 2)
  assert.equal(cache.get('a'), 3)
  cache.delete('a')
  assert.equal(cache.get('a'), undefined)
  assert.equal(cache.size, 1)
})

test('a proof is known until it could no longer be used, and forgotten soon after', () => {
  const window = createReplayWindow(10)
  assert.equal(window.use('p', 60_000, 0), 'first')
  assert.equal(window.use('p', 60_000, 60_000), 'repeated')
  assert.equal(window.size, 1)
  window.use('q', 130_000, 70_000)
  assert.equal(window.size, 1)
})

test('a window that is full refuses rather than forgets, until time makes room', () => {
  const window = createReplayWindow(2)
  window.use('a', 60_000, 0)
  window.use('b', 60_000, 0)
  assert.equal(window.use('c', 60_000, 0), 'full')
  assert.equal(window.use('a', 60_000, 0), 'repeated')
  assert.equal(window.size, 2)
  assert.equal(window.use('c', 120_000, 70_000), 'first')
})
