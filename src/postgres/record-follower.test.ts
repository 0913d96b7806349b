import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'
import { id } from '../base/base.ts'
import type { RecordVersion } from './postgres-registry.ts'
import { createRecordFollower, type RecordFollower } from './record-follower.ts'

/** Later than any look far back. */
const BEGUN_AT = 10_000_000

let table: RecordVersion[]
let asked: number[]
let taken: number[]
let now: number
let follower: RecordFollower

beforeEach(() => {
  table = []
  asked = []
  taken = []
  now = 0
  follower = createRecordFollower({
    registry: {
      since: async (_kinds, after, limit) => {
        const from = typeof after === 'number' ? after : after.recordedAt
        asked.push(from)
        return table
          .filter(({ recordedAt }) => recordedAt >= from)
          .toSorted((a, b) => a.recordedAt - b.recordedAt)
          .slice(0, limit)
      },
    },
    kinds: ['card_link'],
    apply: (_issuerId, { recordId }) => void taken.push(recordId),
    ticks: () => now,
  })
})

/** @param recordedAt when its writer began; it is seen from now on */
function commit(recordId: number, recordedAt: number): void {
  const issuerId = id('iss', 1)
  table.push({ issuerId, kind: 'card_link', recordId, version: 1, body: {}, recordedAt })
}

async function refreshFor(seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    now += 1_000
    await follower.refresh()
  }
}

test('a version that is committed after one that was recorded later is taken in', async () => {
  commit(1, BEGUN_AT)
  await refreshFor(1)
  commit(2, BEGUN_AT - 14_000)
  taken.length = 0
  await refreshFor(1)
  assert.ok(taken.includes(2))
})

test('what was committed at the last moment is still taken in before it counts as settled', async () => {
  commit(1, BEGUN_AT)
  await refreshFor(28)
  commit(2, BEGUN_AT - 14_000)
  await refreshFor(1)
  assert.ok(taken.includes(2))
})

test('a registry at rest is not read again and again', async () => {
  for (let number = 1; number <= 100; number += 1) commit(number, BEGUN_AT + number)
  await refreshFor(31)
  taken.length = 0
  await refreshFor(5)
  // But for the last instant, of which there might be more.
  assert.deepEqual(new Set(taken), new Set([99, 100]))
})

test('new versions are taken in after a rest', async () => {
  commit(1, BEGUN_AT)
  await refreshFor(40)
  commit(2, BEGUN_AT + 40_000)
  taken.length = 0
  await refreshFor(1)
  assert.ok(taken.includes(2))
})

test('now and then it looks far back, for writers whose clock is minutes behind', async () => {
  commit(1, BEGUN_AT)
  await refreshFor(20)
  commit(2, BEGUN_AT - 10 * 60_000)
  await refreshFor(30)
  assert.ok(taken.includes(2))
})
