/** The simulation finds each mistake that is planted, repeats it by its seed, and is clean without it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { runCity, type CityResult } from './city.ts'
import type { Plant } from './core-process.ts'
import { plantedBugs } from './planted-bugs.ts'

const SEEDS_MAX = 60
const EVENTS = 1_000

async function firstSeedThatFinds(plant: () => Plant): Promise<CityResult | undefined> {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const result = await runCity({ seed, events: EVENTS, plant: plant() })
    if (result.violations.length > 0) return result
  }
  return undefined
}

for (const [name, plant] of Object.entries(plantedBugs)) {
  test(`found within ${SEEDS_MAX} seeds: ${name}`, async (t) => {
    const found = await firstSeedThatFinds(plant)
    assert.ok(found !== undefined, 'no seed finds it')
    const { seed, violations, hash } = found
    t.diagnostic(`seed ${seed}: ${violations[0]?.what}`)
    const again = await runCity({ seed, events: EVENTS, plant: plant() })
    assert.deepEqual(again.violations, violations, 'the seed repeats what it found')
    assert.equal(again.hash, hash)
    const sound = await runCity({ seed, events: EVENTS })
    assert.deepEqual(sound.violations, [], 'without the mistake the same seed is clean')
  })
}
