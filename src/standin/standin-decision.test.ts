/** Each limit of stand-in at its edge, and what is said where nobody can be certain. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { businessDate, DAY_MS, HOUR_MS, id, MINUTE_MS, won, type Tender } from '../base/base.ts'
import type { CardReason, EligibleSale, FedLot, SaleRuling } from '../cards/cards.ts'
import type { ProgramTerms, StandInLimits } from '../issuing/issuing.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { NOON, TOWN } from './fixtures/small-town.ts'
import {
  believedAges,
  decideStandIn,
  strictestLimits,
  type StandInQuestion,
} from './standin-decision.ts'
import type { StoredSale } from './store.ts'

const P: Tender = { programId: id('prg', 1), kind: 'purchase' }
const Q: Tender = { programId: id('prg', 2), kind: 'stipend' }
const WALLET = { issuerId: TOWN, walletId: id('wlt', 1) }

const lot = (amountWon: number, tender = P, expiresAt = NOON + DAY_MS): FedLot => ({
  ...tender,
  expiresAt,
  remainingWon: won(amountWon),
})
const termsOf = (tender: Tender, limits: Partial<StandInLimits> = {}): ProgramTerms => ({
  ...sampleTerms,
  programId: tender.programId,
  standInLimits: {
    perPaymentWonMax: won(50_000),
    paymentsMax: 3,
    cumulativeWonMax: won(120_000),
    snapshotAgeHoursMax: 24,
    ...limits,
  },
})
const eligible = (change: Partial<EligibleSale> = {}): EligibleSale =>
  ({
    ruling: 'eligible',
    issuerId: TOWN,
    tenders: [P],
    terms: [termsOf(P)],
    partialAllowed: false,
    onUnknown: 'decline',
    ...change,
    // Shop and link are for the ruling; the decision reads neither.
  }) as EligibleSale
const past = (stan: number, change: Partial<StoredSale> = {}): StoredSale => ({
  ...WALLET,
  key: `key-${stan}`,
  fingerprint: '',
  decidedBy: 'standin',
  decidedAt: NOON,
  day: businessDate(NOON),
  approvedWon: won(10_000),
  returnedWon: won(0),
  seenMinWon: won(0),
  seenMaxWon: won(0),
  tenders: [P],
  outstanding: true,
  open: true,
  ...change,
})

interface Given extends Partial<Omit<StandInQuestion, 'amountWon' | 'wallet' | 'ruling'>> {
  readonly amountWon?: number
  readonly lots?: readonly FedLot[] | undefined
  readonly ruling?: SaleRuling
}

function decide({ amountWon = 50_000, lots = [lot(500_000)], ...given }: Given = {}) {
  const question: StandInQuestion = {
    ruling: eligible(),
    amountWon: won(amountWon),
    wallet: { ...WALLET, lots },
    sales: [],
    mayBeShownWon: won(0),
    knownForMs: 0,
    believed: believedAges,
    ...given,
  }
  return decideStandIn(question, NOON)
}

function word(given: Given): string {
  const { verdict, reason, voucherWon } = decide(given)
  return [verdict, reason, voucherWon > 0 ? String(voucherWon) : undefined]
    .filter(Boolean)
    .join(' ')
}

test('an empty wallet leaves the sale to the account, unless some of its money is frozen', () => {
  assert.equal(word({ lots: [] }), 'not_applicable insufficient_funds')
  const ruling = eligible({ frozen: true })
  assert.equal(word({ lots: [], ruling }), 'declined program_suspended')
  assert.equal(word({ lots: [lot(50_000)], ruling }), 'approved 50000')
})

describe('each limit holds at its edge', () => {
  const outstanding = (...amounts: readonly number[]): StoredSale[] =>
    amounts.map((amountWon, stan) => past(stan, { approvedWon: won(amountWon) }))
  const cases: readonly (readonly [string, Given, string])[] = [
    ['a payment at the limit', { amountWon: 50_000 }, 'approved 50000'],
    ['a payment one won above it', { amountWon: 50_001 }, 'unknown standin_limit_exceeded'],
    ['the last payment of the day', { amountWon: 1, sales: [past(1), past(2)] }, 'approved 1'],
    [
      'one payment more',
      { amountWon: 1, sales: [past(1), past(2), past(3)] },
      'unknown standin_limit_exceeded',
    ],
    [
      'yesterday’s payments count no more for the day',
      {
        amountWon: 1,
        sales: [1, 2, 3].map((stan) => past(stan, { day: businessDate(NOON - DAY_MS) })),
      },
      'approved 1',
    ],
    [
      'payments that the core took still count for their day',
      { amountWon: 1, sales: [1, 2, 3].map((stan) => past(stan, { outstanding: false })) },
      'unknown standin_limit_exceeded',
    ],
    [
      'reversed ones do not',
      { amountWon: 1, sales: [1, 2, 3].map((stan) => past(stan, { returnedWon: won(10_000) })) },
      'approved 1',
    ],
    [
      'those of the other gateway do',
      { amountWon: 1, sales: [1, 2, 3].map((stan) => past(stan, { decidedBy: 'peer' })) },
      'unknown standin_limit_exceeded',
    ],
    [
      'those that the core approved do not',
      {
        amountWon: 1,
        sales: [1, 2, 3].map((stan) => past(stan, { decidedBy: 'core', outstanding: false })),
      },
      'approved 1',
    ],
    [
      'all that is outstanding at the limit',
      { amountWon: 50_000, sales: outstanding(40_000, 30_000) },
      'approved 50000',
    ],
    [
      'one won above it',
      { amountWon: 50_000, sales: outstanding(40_000, 30_001) },
      'unknown standin_limit_exceeded',
    ],
    [
      'what the core took is no longer outstanding',
      {
        amountWon: 50_000,
        sales: outstanding(40_000, 30_001).map((sale) => ({ ...sale, outstanding: false })),
      },
      'approved 50000',
    ],
    ['what the feed told at the limit of age', { knownForMs: 24 * HOUR_MS }, 'approved 50000'],
    ['a millisecond older', { knownForMs: 24 * HOUR_MS + 1 }, 'unknown standin_snapshot_too_old'],
    [
      'the feed has never told anything',
      { knownForMs: undefined },
      'unknown standin_snapshot_too_old',
    ],
  ]
  for (const [sentence, given, expected] of cases) {
    test(`${sentence}: ${expected}`, () => assert.equal(word(given), expected))
  }
  test('a program whose limits are zero approves nothing', () => {
    const none = { perPaymentWonMax: won(0), paymentsMax: 0, cumulativeWonMax: won(0) }
    const ruling = eligible({ terms: [termsOf(P, none)] })
    assert.equal(word({ amountWon: 1, ruling }), 'unknown standin_limit_exceeded')
  })
})

test('the strictest of the programs whose money would be used counts, and no other', () => {
  const strict = termsOf(Q, { perPaymentWonMax: won(5_000), paymentsMax: 9 })
  const ruling = eligible({ tenders: [P, Q], terms: [termsOf(P), strict] })
  const lots = [lot(30_000), lot(30_000, Q)]
  assert.equal(word({ amountWon: 30_000, lots, ruling }), 'approved 30000')
  assert.equal(word({ amountWon: 30_001, lots, ruling }), 'unknown standin_limit_exceeded')
  assert.deepEqual(strictestLimits([termsOf(P).standInLimits, strict.standInLimits]), {
    ...termsOf(P).standInLimits,
    perPaymentWonMax: 5_000,
  })
  assert.equal(strictestLimits([]).paymentsMax, 0)
})

describe('only what is certain is said', () => {
  const asked = past(1, { approvedWon: won(30_000), seenMaxWon: won(30_000) })
  const reversed = { ...asked, returnedWon: won(30_000) }
  const cases: readonly (readonly [string, Given, string])[] = [
    [
      'enough for certain',
      { amountWon: 20_000, lots: [lot(50_000)], sales: [asked] },
      'approved 20000',
    ],
    [
      'enough only if the lots show the sale before already',
      { amountWon: 20_001, lots: [lot(50_000)], sales: [asked] },
      'unknown core_unreachable',
    ],
    [
      'short in any case',
      { amountWon: 50_001, lots: [lot(50_000)], sales: [asked] },
      'not_applicable insufficient_funds',
    ],
    [
      'enough only if the lots still lack what was reversed',
      { amountWon: 30_000, lots: [lot(20_000)], sales: [reversed] },
      'unknown core_unreachable',
    ],
    [
      'short even with what was reversed',
      { amountWon: 50_001, lots: [lot(20_000)], sales: [reversed] },
      'not_applicable insufficient_funds',
    ],
    [
      'short, but this very sale may be what is missing',
      { amountWon: 30_000, lots: [lot(20_000)], mayBeShownWon: won(30_000) },
      'unknown core_unreachable',
    ],
    [
      'what expired cannot be spent',
      { amountWon: 10, lots: [lot(50_000, P, NOON)] },
      'not_applicable insufficient_funds',
    ],
    ['no lot at all', { amountWon: 10, lots: [] }, 'not_applicable insufficient_funds'],
    [
      'money of programs that may not pay here',
      { amountWon: 10, lots: [lot(50_000, Q)] },
      'not_applicable insufficient_funds',
    ],
  ]
  for (const [sentence, given, expected] of cases) {
    test(`${sentence}: ${expected}`, () => assert.equal(word(given), expected))
  }
  test('a wallet that was never told is unknown', () => {
    const question = { ...({ ruling: eligible() } as const), wallet: undefined }
    const decision = decideStandIn(
      {
        ...question,
        amountWon: won(1),
        sales: [],
        mayBeShownWon: won(0),
        knownForMs: 0,
        believed: believedAges,
      },
      NOON,
    )
    assert.equal(decision.reason, 'standin_snapshot_too_old')
  })
})

describe('a part is approved only where the rest is certain to be the account’s', () => {
  const ruling = eligible({ partialAllowed: true })
  const asked = past(1, { approvedWon: won(30_000), seenMaxWon: won(30_000) })
  const cases: readonly (readonly [string, Given, string])[] = [
    [
      'a part',
      { amountWon: 30_000, lots: [lot(20_000)], ruling },
      'partially_approved insufficient_funds 20000',
    ],
    ['nothing', { amountWon: 30_000, lots: [], ruling }, 'not_applicable insufficient_funds'],
    [
      'how much is not certain',
      { amountWon: 60_000, lots: [lot(50_000)], sales: [asked], ruling },
      'unknown core_unreachable',
    ],
    [
      'the limit is for the voucher’s part',
      { amountWon: 90_000, lots: [lot(50_000)], ruling },
      'partially_approved insufficient_funds 50000',
    ],
    [
      'a part above the limit',
      { amountWon: 90_000, lots: [lot(50_001)], ruling },
      'unknown standin_limit_exceeded',
    ],
  ]
  for (const [sentence, given, expected] of cases) {
    test(`${sentence}: ${expected}`, () => assert.equal(word(given), expected))
  }
})

test('a refusal of policy is believed for its time and no longer', () => {
  const refused = (reason: CardReason): SaleRuling => ({ ruling: 'not_applicable', reason })
  const ages: readonly (readonly [CardReason, number])[] = [
    ['merchant_not_registered', 3 * DAY_MS],
    ['card_not_linked', 5 * MINUTE_MS],
    ['cardholder_chose_card', 3 * DAY_MS],
  ]
  for (const [reason, knownForMs] of ages) {
    const ruling = refused(reason)
    assert.equal(word({ ruling, knownForMs }), `not_applicable ${reason}`)
    assert.equal(word({ ruling, knownForMs: knownForMs + 1 }), 'unknown standin_snapshot_too_old')
  }
})

test('unknown answers carry what the cardholder chose, and what is left is told where it is certain', () => {
  const ruling = eligible({ onUnknown: 'provisional_debit' })
  assert.equal(decide({ amountWon: 50_001, ruling }).onUnknown, 'provisional_debit')
  assert.equal(decide({ lots: [lot(60_000)] }).remainingWon, 10_000)
  const asked = past(1, { seenMaxWon: won(10_000) })
  assert.equal(decide({ lots: [lot(90_000)], sales: [asked] }).remainingWon, undefined)
})
