/** Whole journeys through the apps, with real processes behind them: one product, one browser, one after another. */
import { after, before, describe } from 'node:test'
import { cardSaleJourneys } from './card-sales.journey.ts'
import { citizenMoreJourneys } from './citizen-more.journey.ts'
import { citizenJourneys } from './citizen.journey.ts'
import { cityJourneys } from './city.journey.ts'
import { demoJourneys } from './demo.journey.ts'
import { doorJourneys } from './doors.journey.ts'
import { keptAppJourneys } from './kept-apps.journey.ts'
import { opsJourneys } from './ops.journey.ts'
import { pageJourneys } from './pages.journey.ts'
import { rateJourneys } from './rates.journey.ts'
import { shopJourneys } from './shop.journey.ts'
import { openStage, type Stage } from './stage.ts'
import { stipendJourneys } from './stipends.journey.ts'
import { troubleJourneys } from './troubles.journey.ts'

let stage: Stage | undefined

describe('journeys', () => {
  before(async () => {
    stage = await openStage({ hasMovableClock: true })
  })
  after(async () => {
    await stage?.close()
  })
  const there = (): Stage => {
    if (stage === undefined) throw new Error('the product has not started')
    return stage
  }
  doorJourneys(there)
  pageJourneys(there)
  keptAppJourneys(there)
  citizenJourneys(there)
  // Well before the shop's: a till tells of what was paid shortly before it is opened.
  troubleJourneys(there)
  citizenMoreJourneys(there)
  opsJourneys(there)
  cardSaleJourneys(there)
  shopJourneys(there)
  stipendJourneys(there)
  cityJourneys(there)
  // Late, for it stops the core.
  demoJourneys(there)
  // Last, for tomorrow comes in it.
  rateJourneys(there)
})
