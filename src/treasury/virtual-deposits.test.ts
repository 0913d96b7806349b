/** Deposits to virtual accounts on the fund's statement: found by their purchase; what went back settles itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { at, buy, ISSUER, openTreasuryCity, statementOf } from './fixtures/treasury-city.ts'

test('a deposit is the purchase’s, and one that was sent back is nobody’s', async () => {
  const city = openTreasuryCity({ fundCoverageBasisPointsMin: 5_000, receivablesCount: true })
  const paid = await buy(city, 1)
  const lapsed = await buy(city, 2, 'refused')
  const stuck = await buy(city, 3, 'refused')
  city.set(at('2026-11-24', '01:00'))
  const told = statementOf('2026-11-23', 0, [
    ['10:00', 90_000, paid],
    ['14:01', 90_000, lapsed],
    ['14:02', -90_000, lapsed],
    ['15:00', 90_000, stuck],
  ])
  assert.equal((await city.take(told.name, told.bytes)).status, 'taken')
  const reconcile = async () => {
    for (;;) {
      const step = await city.treasury.reconcile(ISSUER, city.now())
      if (step.done) return step.day
    }
  }
  const day = await reconcile()
  assert.deepEqual(
    [day?.bankWon, day?.ledgerWon, day?.unexplainedWon, day?.timingCount, day?.breakCount],
    [180_000, 90_000, 0, 1, 0],
  )
  // What could not be sent back is somebody's: a break with a case, until it is.
  city.set(at('2026-11-26', '01:00'))
  for (const date of ['2026-11-24', '2026-11-25']) {
    const next = statementOf(date, 180_000, [])
    assert.equal((await city.take(next.name, next.bytes)).status, 'taken')
  }
  assert.equal((await reconcile())?.breakCount, 1)
  assert.deepEqual(await city.openCases(), [`fund_missing_in_ledger purchase:${stuck}`])
})
