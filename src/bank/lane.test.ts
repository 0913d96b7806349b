import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createLane, LaneClosed } from './lane.ts'

const never = new AbortController().signal

test('so many run, so many wait in order, and the next is turned away', async () => {
  const lane = createLane({ runningMax: 2, waitingMax: 1 })
  const gates = [0, 1, 2].map(() => Promise.withResolvers<number>())
  const calls = gates.map((gate) => lane.run(never, () => gate.promise))
  assert.deepEqual(lane.load(), { running: 2, waiting: 1 })
  await assert.rejects(
    lane.run(never, async () => assert.fail('began')),
    LaneClosed,
  )
  gates[1]?.resolve(1)
  assert.equal(await calls[1], 1)
  assert.deepEqual(lane.load(), { running: 2, waiting: 0 })
  gates[0]?.resolve(0)
  gates[2]?.resolve(2)
  assert.deepEqual(await Promise.all(calls), [0, 1, 2])
  assert.deepEqual(lane.load(), { running: 0, waiting: 0 })
})

test('a call whose deadline passes while it waits never begins and leaves no trace', async () => {
  const lane = createLane({ runningMax: 1, waitingMax: 1 })
  const gate = Promise.withResolvers<void>()
  const running = lane.run(never, () => gate.promise)
  const deadline = new AbortController()
  const waiting = lane.run(deadline.signal, async () => assert.fail('began'))
  deadline.abort()
  await assert.rejects(waiting, LaneClosed)
  await assert.rejects(
    lane.run(deadline.signal, async () => assert.fail('began')),
    LaneClosed,
  )
  gate.resolve()
  await running
  assert.deepEqual(lane.load(), { running: 0, waiting: 0 })
})

test('a call that fails gives its place back', async () => {
  const lane = createLane({ runningMax: 1, waitingMax: 0 })
  await assert.rejects(
    lane.run(never, () => Promise.reject(new Error('broken'))),
    /broken/,
  )
  assert.equal(await lane.run(never, async () => 'next'), 'next')
})
