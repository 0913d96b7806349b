/** Whole journeys through the apps, with real processes behind them: one product, one browser, one after another. */
import { after, before, describe } from 'node:test'
import { demoJourneys } from './demo.journey.ts'
import { doorJourneys } from './doors.journey.ts'
import { opsJourneys } from './ops.journey.ts'
import { rateJourneys } from './rates.journey.ts'
import { openStage, type Stage } from './stage.ts'
import { stipendJourneys } from './stipends.journey.ts'

let stage: Stage | undefined

describe('journeys', () => {
  before(async () => {
    stage = await openStage()
  })
  after(async () => {
    await stage?.close()
  })
  const there = (): Stage => {
    if (stage === undefined) throw new Error('the product has not started')
    return stage
  }
  doorJourneys(there)
  opsJourneys(there)
  demoJourneys(there)
  rateJourneys(there)
  stipendJourneys(there)
})
