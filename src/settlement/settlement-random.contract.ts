/**
 * A month at random, settled by the room and by a plain recalculation that shares no code with it: payments of one or
 * two programs, cancellations in part, holidays, changed cut-offs, terms and revenues, suspended and closed shops, days
 * on which nobody ran, workers that died and two at once. To the won, nothing paid twice, nothing forgotten.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import {
  id,
  won,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
} from '../base/base.ts'
import type { Ledger, LedgerReading, Movements, Payouts } from '../ledger/ledger.ts'
import { ACCOUNT, at, openMarket, PROGRAMS, termsOf, type Market } from './fixtures/market.ts'
import { createPlainAccounts, type PlainAccounts } from './fixtures/plain-accounts.ts'
import {
  carriedAfter,
  NOTHING_CARRIED,
  type SettlementReading,
  type SettlementStore,
} from './settlement.ts'

/** One issuer that nobody has used yet, over the implementation under test. */
export interface SettlementBench {
  readonly issuerId: IssuerId
  readonly ledger: Pick<Ledger, 'openWallets' | 'issue' | 'pay' | 'cancel' | 'find'> &
    Pick<Movements, 'move'> &
    Pick<Payouts, 'payouts'> &
    Pick<LedgerReading, 'merchantPayable'>
  readonly store: SettlementStore
  readonly reading: SettlementReading
  readonly seal?: ((issuerId: IssuerId, now: Instant) => Promise<void>) | undefined
}
export type OpenSettlements = () => Promise<SettlementBench>

const FIRST_DAY = Date.UTC(2026, 11, 1)
const DAYS = 31
const MERCHANTS = [id('mrc', 11), id('mrc', 12), id('mrc', 13)]

const dayOf = (offset: number): string =>
  new Date(FIRST_DAY + offset * 86_400_000).toISOString().slice(0, 10)

const merchant = fc.constantFrom(...MERCHANTS)
const amount = fc.oneof(fc.integer({ min: 1, max: 999 }), fc.integer({ min: 1, max: 500_000 }))
const tiers = (rate: number) => [
  { revenueWonMax: won(300_000_000), feeBasisPoints: 0 },
  { revenueWonMax: won(1_000_000_000), feeBasisPoints: rate },
  { revenueWonMax: null, feeBasisPoints: rate * 2 + 1 },
]

const event = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('pay' as const),
      merchant,
      first: amount,
      second: fc.option(amount, { nil: 0 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('cancel' as const),
      which: fc.nat(1_000),
      part: fc.constantFrom(1, 1, 0.5, 0.013),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('payee' as const),
      merchant,
      status: fc.constantFrom('payable', 'closed', 'suspended', 'account_missing'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('revenue' as const),
      merchant,
      won: fc.constantFrom(0, 300_000_000, 300_000_001, 2_000_000_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('terms' as const),
      program: fc.constantFrom(...PROGRAMS),
      lag: fc.integer({ min: 0, max: 3 }),
      rate: fc.integer({ min: 0, max: 74 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('rules' as const),
      cutOffMinute: fc.constantFrom(1, 540, 1_080, 1_439, 1_440),
      minimumPayoutWon: fc.constantFrom(0, 1_000, 50_000),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('run' as const),
      manner: fc.constantFrom('alone' as const, 'two' as const, 'killed' as const),
      steps: fc.nat(6),
    }),
  },
)
type Event = typeof event extends fc.Arbitrary<infer Value> ? Value : never

const month = fc.record({
  holidays: fc.uniqueArray(fc.nat(DAYS + 6), { maxLength: 6 }),
  events: fc
    .array(fc.record({ day: fc.nat(DAYS - 1), minute: fc.nat(1_439), event }), {
      minLength: 5,
      maxLength: 80,
    })
    .map((events) =>
      events.toSorted((one, other) => one.day - other.day || one.minute - other.minute),
    ),
})

interface Scene {
  readonly issuerId: IssuerId
  readonly market: Market
  readonly plain: PlainAccounts
  readonly payments: { id: OperationId; merchantId: MerchantId; leftWon: number }[]
}

async function take(scene: Scene, event: Event, now: number): Promise<void> {
  const { market, plain, payments } = scene
  const { state } = market
  switch (event.kind) {
    case 'pay': {
      const shares = [[PROGRAMS[0], event.first] as const, [PROGRAMS[1], event.second] as const]
      const real = shares.filter(([, amountWon]) => amountWon > 0)
      const paymentId = await market.pay(event.merchant, real, now)
      plain.pay(paymentId, event.merchant, real, now)
      const leftWon = event.first + event.second
      payments.push({ id: paymentId, merchantId: event.merchant, leftWon })
      return
    }
    case 'cancel': {
      const open = payments.filter(({ leftWon }) => leftWon > 0)
      const payment = open[event.which % Math.max(1, open.length)]
      if (payment === undefined) return
      const amountWon = Math.max(1, Math.floor(payment.leftWon * event.part))
      await market.cancel(payment.id, payment.merchantId, amountWon, now)
      plain.cancel(payment.id, amountWon, now)
      payment.leftWon -= amountWon
      return
    }
    case 'payee': {
      const { status } = event
      const closed = status === 'closed'
      const isHeld = status === 'suspended' || status === 'account_missing'
      state.payees.set(
        event.merchant,
        isHeld
          ? { status: 'held', reason: status }
          : { status: 'payable', account: ACCOUNT, closed },
      )
      return
    }
    case 'revenue': {
      const known = state.revenues.get(event.merchant) ?? []
      state.revenues.set(event.merchant, [...known, { since: now, won: won(event.won) }])
      return
    }
    case 'terms': {
      const version = state.terms.length + 1
      const settlementLagDays = { qr: event.lag, card: 3 }
      const change = { version, effectiveFrom: now, settlementLagDays, feeTiers: tiers(event.rate) }
      state.terms = [...state.terms, termsOf(event.program, change)]
      return
    }
    case 'rules': {
      const { cutOffMinute, minimumPayoutWon } = event
      state.rules = { cutOffMinute, minimumPayoutWon: won(minimumPayoutWon) }
      return
    }
    case 'run':
      await run(scene, event, now)
  }
}

/** The room may be interrupted; the plain accounts know that a run that was begun is ended with what it began with. */
async function run(
  { issuerId, market, plain }: Scene,
  { manner, steps }: Extract<Event, { kind: 'run' }>,
  now: number,
): Promise<void> {
  const workers = { alone: 0, two: 2, killed: 1 }[manner]
  const before = Array.from({ length: workers }, () => market.worker())
  for (let step = 0; step < steps; step += 1) {
    await Promise.all(before.map((worker) => worker.step(issuerId, now)))
  }
  await market.settle(now)
  plain.run(now)
}

export function settledAtRandom(open: OpenSettlements, runs: number): void {
  test('a month at random is settled to the won as a plain recalculation says', async () => {
    await fc.assert(
      fc.asyncProperty(month, async ({ holidays, events }) => {
        const bench = await open()
        const { issuerId, ledger, reading } = bench
        const days = holidays.map((offset) => dayOf(offset) as BusinessDate) // Days of this month.
        const market = await openMarket({ ...bench, merchantsPage: 2, holidays: days })
        market.state.terms = PROGRAMS.map((each) => termsOf(each, { feeTiers: tiers(30) }))
        const plain = createPlainAccounts(market.state)
        const scene = { issuerId, market, plain, payments: [] }
        for (const { day, minute, event } of events) {
          await take(scene, event, at(dayOf(day), 0, minute))
        }
        await market.settle(at(dayOf(DAYS + 20), 12))
        plain.run(at(dayOf(DAYS + 20), 12))
        assert.deepEqual(await payoutsOf(bench), plain.payouts())
        for (const merchantId of MERCHANTS) {
          const [newest] = await reading.settlementsOf(issuerId, merchantId, { limit: 1 })
          const left = newest === undefined ? NOTHING_CARRIED : carriedAfter(newest)
          assert.equal(left.payableWon - left.feeWon, plain.waitingWon(merchantId))
          assert.equal(newest?.outcome === 'held', plain.isHeld(merchantId))
          assert.equal(await ledger.merchantPayable(issuerId, merchantId), left.payableWon)
        }
      }),
      { numRuns: runs },
    )
  })
}

async function payoutsOf({ issuerId, ledger }: SettlementBench) {
  const payouts = await ledger.payouts(issuerId, { limit: 1_000 })
  const causes = await ledger.find(
    issuerId,
    payouts.map(({ causedBy }) => causedBy),
  )
  return payouts
    .map(({ amountWon: netWon, dueOn }, index) => {
      const { merchantId, amountWon: payableWon } = causes[index]!
      return { merchantId, netWon, feeWon: payableWon - netWon, payableWon, dueOn }
    })
    .toSorted(
      (one, other) => one.dueOn.localeCompare(other.dueOn) || one.merchantId! - other.merchantId!,
    )
}
