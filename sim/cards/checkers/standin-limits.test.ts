/** The counters of stand-in report each limit that is passed, and nothing at the limit itself. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { HOUR_MS, id, won } from '../../../src/base/base.ts'
import type { CardGateway } from '../card-gateway.ts'
import { watchLimits, type LimitWatch } from './standin-limits.ts'

const NOON = Date.parse('2026-11-22T12:00:00+09:00')
const issuerId = id('iss', 1)
const limits = {
  perPaymentWonMax: 10_000,
  paymentsMax: 3,
  cumulativeWonMax: 25_000,
  snapshotAgeHoursMax: 1,
}

function openWatch() {
  const reports: string[] = []
  const state = { now: NOON, boundWon: 0 }
  const watch = watchLimits({
    limits: new Map([[issuerId, limits]]),
    report: (_about, what) => void reports.push(what),
    now: () => state.now,
  })
  const gateway = {
    name: 'a',
    clock: () => state.now,
    store: () => ({ sale: () => ({ issuerId, walletId: id('wlt', 1) }) }),
    desk: () => ({ status: () => ({ exposure: { boundWon: won(state.boundWon) } }) }),
  } as unknown as CardGateway // What the counters ask of a gateway.
  watch.heard('a')
  return { watch, gateway, state, reports }
}

const broken: Record<
  string,
  (city: { watch: LimitWatch; gateway: CardGateway; state: { now: number } }) => void
> = {
  '₩10001 of at most 10000': ({ watch, gateway }) => watch.approved(gateway, 'one', 10_001),
  '₩1, payment 4 of 3 a day': ({ watch, gateway }) => {
    for (const key of ['one', 'two', 'three', 'four']) watch.approved(gateway, key, 1)
  },
  '₩6000, in all 26000 of 25000': ({ watch, gateway }) => {
    for (const key of ['one', 'two']) watch.approved(gateway, key, 10_000)
    watch.approved(gateway, 'three', 6_000)
  },
  '₩1 by what it heard 4200001 ms ago': ({ watch, gateway, state }) => {
    state.now += HOUR_MS + 600_001
    watch.approved(gateway, 'one', 1)
  },
  '₩1 although that was forbidden': ({ watch, gateway }) => {
    watch.ordered('a', 'forbidden', undefined)
    watch.approved(gateway, 'one', 1)
  },
}

for (const [what, break_] of Object.entries(broken)) {
  test(`reported: ${what}`, () => {
    const city = openWatch()
    break_(city)
    assert.deepEqual(city.reports, [`stand-in approved ${what}`])
  })
}

test('nothing is reported at the limits, after what was given back, or where an issuer’s own order allows it', () => {
  const { watch, gateway, reports } = openWatch()
  watch.ordered('a', 'forbidden', undefined)
  watch.ordered('a', 'automatic', issuerId)
  for (const key of ['one', 'two']) watch.approved(gateway, key, 10_000)
  watch.gaveBack(gateway, 'one', 10_000)
  watch.approved(gateway, 'three', 10_000)
  watch.approved(gateway, 'four', 5_000)
  assert.deepEqual(reports, [])
})

test('what may be lost beyond the bound is reported', () => {
  const { watch, gateway, state, reports } = openWatch()
  state.boundWon = 5_000
  watch.approved(gateway, 'one', 5_000)
  watch.checkBound(gateway)
  assert.deepEqual(reports, [])
  watch.approved(gateway, 'two', 1)
  watch.checkBound(gateway)
  assert.deepEqual(reports, ['₩5001 stand to be lost, and the bound is ₩5000'])
})
