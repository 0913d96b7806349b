/** Every cell of the breaker's table in SPEC.md, and that no crowd meets a core that comes back. */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import fc from 'fast-check'
import { id } from '../base/base.ts'
import { breakerDefaults, createBreaker, type Breaker } from './breaker.ts'
import { createCoreBreaker } from './core-breaker.ts'
import { readTable } from './fixtures/spec-table.ts'

const { failuresToOpen, pauseMs, pauseMsMax, probesToClose, probeMsMax } = breakerDefaults
const NOW = 1_000_000

interface World {
  readonly breaker: Breaker
  now: number
}

function fail(world: World, times: number): void {
  for (let time = 0; time < times; time += 1) {
    world.breaker.ask(world.now)
    world.breaker.ended(false, world.now)
  }
}
function probeWell(world: World, rounds: number): void {
  for (let round = 0; round < rounds; round += 1) {
    const probes = 2 ** round
    for (let probe = 0; probe < probes; probe += 1) assert.ok(world.breaker.ask(world.now))
    for (let probe = 0; probe < probes; probe += 1) world.breaker.ended(true, world.now)
  }
}
const ROUNDS = Math.log2(probesToClose) + 1

const states: Record<string, (world: World) => void> = {
  closed: () => undefined,
  failing: (world) => fail(world, failuresToOpen - 1),
  open: (world) => fail(world, failuresToOpen),
  half_open(world) {
    fail(world, failuresToOpen)
    world.now += pauseMs
  },
  probing(world) {
    fail(world, failuresToOpen)
    world.now += pauseMs
    assert.ok(world.breaker.ask(world.now))
  },
  last_round(world) {
    fail(world, failuresToOpen)
    world.now += pauseMs
    probeWell(world, ROUNDS - 1)
    for (let probe = 0; probe < probesToClose; probe += 1) assert.ok(world.breaker.ask(world.now))
    for (let probe = 1; probe < probesToClose; probe += 1) world.breaker.ended(true, world.now)
  },
}
const events: Record<string, (world: World) => string | void> = {
  ask: ({ breaker, now }) => (breaker.ask(now) ? 'asked' : 'not_asked'),
  good: ({ breaker, now }) => breaker.ended(true, now),
  bad: ({ breaker, now }) => breaker.ended(false, now),
  abandoned: ({ breaker }) => breaker.abandoned(),
  pause_ends(world) {
    world.now += pauseMs
  },
  long_silence(world) {
    world.now += Math.max(probeMsMax, pauseMsMax) + 1
  },
}

const table = readTable(readFileSync(new URL('SPEC.md', import.meta.url), 'utf8'), 'Breaker')
for (const [state, row] of table) {
  for (const [event, cell] of row) {
    test(`breaker: ${event} while ${state}: ${cell}`, () => {
      const world: World = { breaker: createBreaker(breakerDefaults, () => 0), now: NOW }
      states[state]!(world)
      const told = events[event]!(world)
      const after = world.breaker.state(world.now)
      assert.equal(told === undefined ? after : `${told} / ${after}`, cell)
    })
  }
}
test('the table names every state and event', () => {
  assert.deepEqual([...table.keys()], Object.keys(states))
  for (const row of table.values()) assert.deepEqual([...row.keys()], Object.keys(events))
})

test('a core that stays away is asked ever less, and never more often than half the pause', () => {
  const world: World = { breaker: createBreaker(breakerDefaults, () => 0.999), now: NOW }
  fail(world, failuresToOpen)
  const askedAt: number[] = []
  for (const end = world.now + 300_000; world.now < end; world.now += 10) {
    if (!world.breaker.ask(world.now)) continue
    askedAt.push(world.now)
    world.breaker.ended(false, world.now)
  }
  const pauses = askedAt.slice(1).map((at, index) => at - askedAt[index]!)
  assert.ok(pauses.length < 30, `${pauses.length} probes in five minutes`)
  assert.deepEqual(
    pauses,
    pauses.toSorted((a, b) => a - b),
  )
  assert.ok(pauses.at(-1)! >= pauseMsMax / 2)
})

test('whatever happens, no more is under way than the round allows, and a well core is asked again', () => {
  const step = fc.constantFrom('ask', 'good', 'bad', 'abandoned', 'wait')
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const world: World = { breaker: createBreaker(breakerDefaults, () => 0.5), now: NOW }
      let running = 0
      for (const each of steps) {
        if (each === 'wait') world.now += pauseMs
        if (each === 'ask' && world.breaker.ask(world.now)) running += 1
        const isOver = running > 0 && (each === 'good' || each === 'bad' || each === 'abandoned')
        if (!isOver) continue
        running -= 1
        if (each === 'abandoned') world.breaker.abandoned()
        else world.breaker.ended(each === 'good', world.now)
      }
      for (let turn = 0; turn < 200 && world.breaker.state(world.now) !== 'closed'; turn += 1) {
        world.now += probeMsMax + pauseMsMax
        while (world.breaker.state(world.now) === 'half_open' && world.breaker.ask(world.now)) {
          world.breaker.ended(true, world.now)
        }
      }
      assert.equal(world.breaker.state(world.now), 'closed')
    }),
  )
})

test('a clock that is set back keeps it open no longer than the longest pause', () => {
  const world: World = { breaker: createBreaker(breakerDefaults, () => 0.5), now: NOW }
  fail(world, failuresToOpen)
  world.now -= 3_600_000
  assert.equal(world.breaker.ask(world.now), false)
  world.now += pauseMsMax
  assert.equal(world.breaker.ask(world.now), true)
})

test('one issuer in trouble is not asked for, and the others are', () => {
  const [gunsan, iksan] = [id('iss', 1), id('iss', 2)]
  const breaker = createCoreBreaker(() => 0.5)
  for (let time = 0; time < 50; time += 1) breaker.ask(gunsan, NOW)?.ended(false, NOW)
  assert.equal(breaker.ask(gunsan, NOW), undefined)
  assert.equal(breaker.issuerState(gunsan, NOW), 'open')
  assert.equal(breaker.state(NOW), 'closed')
  assert.notEqual(breaker.ask(iksan, NOW), undefined)
  for (let time = 0; time < 50; time += 1) breaker.ask(undefined, NOW)?.ended(false, NOW)
  assert.equal(breaker.ask(iksan, NOW), undefined)
  assert.equal(breaker.lets(NOW), false)
})
