/** The city of cards finds each mistake that is planted, repeats it by its seed, and is clean without it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { CityResult } from '../city.ts'
import { runCardCity } from './card-city.ts'
import type { CardPlant } from './card-plant.ts'
import { plantedCardBugs } from './planted-bugs.ts'

const SEEDS_MAX = 40
const EVENTS = 2_500

async function firstSeedThatFinds(plant: () => CardPlant): Promise<CityResult | undefined> {
  for (let seed = 1; seed <= SEEDS_MAX; seed += 1) {
    const result = await runCardCity({ seed, events: EVENTS, plant: plant() })
    if (result.violations.length > 0) return result
  }
  return undefined
}

for (const [name, plant] of Object.entries(plantedCardBugs)) {
  test(`found within ${SEEDS_MAX} seeds of the city of cards: ${name}`, async (t) => {
    const found = await firstSeedThatFinds(plant)
    assert.ok(found !== undefined, 'no seed finds it')
    const { seed, violations, hash } = found
    t.diagnostic(`seed ${seed}: ${violations[0]?.what}`)
    const again = await runCardCity({ seed, events: EVENTS, plant: plant() })
    assert.deepEqual(again.violations, violations, 'the seed repeats what it found')
    assert.equal(again.hash, hash)
    const sound = await runCardCity({ seed, events: EVENTS })
    assert.deepEqual(sound.violations, [], 'without the mistake the same seed is clean')
  })
}
