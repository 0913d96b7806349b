import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  SEAL_LAG_MS,
  sealTurn,
  SEGMENTS_PER_TURN_MAX,
  startSealLoop,
  type SealingOutcome,
  type SealLoopOptions,
} from './seal-loop.ts'

/** A sealer with so many segments to seal for each issuer. */
function sealerOf(waiting: Record<number, number | 'unsettled' | 'broken'>) {
  const asked: [number, number][] = []
  const told: string[] = []
  const options: SealLoopOptions = {
    clock: () => 100_000,
    sealer: {
      issuersWithNews: async () => Object.keys(waiting).map(Number),
      async sealOnce(issuerId, now): Promise<SealingOutcome> {
        asked.push([issuerId, now])
        const left = waiting[issuerId]
        if (left === 'broken') throw new Error(`no ${issuerId}`)
        if (left === 'unsettled') return { status: 'not_settled' }
        if (left === undefined || left === 0) return { status: 'nothing_new' }
        waiting[issuerId] = left - 1
        return { status: 'sealed', segment: left, leafCount: 3 }
      },
    },
    onSealed: ({ issuers, segments, rows }) => {
      told.push(`sealed ${segments} segments of ${issuers} issuers, ${rows} rows`)
    },
    onUnsettled: ({ issuerId }) => told.push(`unsettled ${issuerId}`),
    onError: (error) => told.push(error instanceof Error ? error.message : 'not an error'),
  }
  return { options, asked, told }
}

test('a turn seals every issuer with news, up to a little before now', async () => {
  const { options, asked, told } = sealerOf({ 1: 2, 2: 1 })
  await sealTurn(options)
  assert.deepEqual(told, ['sealed 3 segments of 2 issuers, 9 rows'])
  assert.ok(asked.every(([, until]) => until === 100_000 - SEAL_LAG_MS))
})

test('a long backlog of one issuer leaves the others their turn', async () => {
  const { options, told } = sealerOf({ 1: 1000, 2: 1 })
  await sealTurn(options)
  const segments = SEGMENTS_PER_TURN_MAX + 1
  assert.deepEqual(told, [`sealed ${segments} segments of 2 issuers, ${segments * 3} rows`])
})

test("one issuer's error is told and keeps no other from its seal", async () => {
  const { options, told } = sealerOf({ 1: 'broken', 2: 1 })
  await sealTurn(options)
  assert.deepEqual(told, ['no 1', 'sealed 1 segments of 1 issuers, 3 rows'])
})

test('a transaction that does not end is told once, not waited for by issuer after issuer', async () => {
  const { options, told } = sealerOf({ 1: 'unsettled', 2: 1 })
  await sealTurn(options)
  assert.deepEqual(told, ['unsettled 1'])
})

test('stop waits for the turn under way', async () => {
  const { options, told } = sealerOf({ 1: 1 })
  let release = () => {}
  const held = new Promise<void>((resolve) => (release = resolve))
  const { sealer } = options
  const loop = startSealLoop({
    ...options,
    everyMs: 60_000,
    sealer: {
      issuersWithNews: () => held.then(() => sealer.issuersWithNews()),
      sealOnce: (issuerId, now) => sealer.sealOnce(issuerId, now),
    },
  })
  const stopped = loop.stop()
  release()
  await stopped
  assert.deepEqual(told, ['sealed 1 segments of 1 issuers, 3 rows'])
})
