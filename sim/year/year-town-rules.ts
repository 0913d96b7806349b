/**
 * The rules of the scripted town as plain numbers. The town is set up from them, and the recalculation reads the same
 * numbers: what the two do not share is how one gets from the rules to a won.
 */
import type { ProgramName } from './year-events.ts'

/** By the yearly revenue of a shop. */
export interface FeeStep {
  /** `null`: any revenue. */
  readonly revenueWonMax: number | null
  readonly basisPoints: number
}

export interface ProgramRules {
  readonly kind: 'purchase' | 'stipend'
  /** The lowest is spent first. */
  readonly rank: number
  readonly mode: 'pre_discount' | 'cashback' | 'none'
  /** When the year begins; officers change it. */
  readonly rateBasisPoints: number
  /** Of state, province and city. */
  readonly weights: readonly [number, number, number]
  readonly unitWon: number
  readonly leastWon: number
  readonly quotaWon: number
  /** As the rate. */
  readonly monthlyCapWon: number
  readonly holdingCapWon: number
  readonly validityYears: number
  readonly usableUntil: string | null
  readonly soldFrom: string
  /** The first day on which it is sold no more. */
  readonly soldUntil: string | null
  /** Highest yearly revenue of a shop that takes what was bought or granted; `null`: any. */
  readonly revenueWonMax: number | null
  readonly lagDays: number
  readonly fees: readonly FeeStep[]
  /** Of programs whose benefit comes with spending. */
  readonly cashback: CashbackRules | null
  /** Of programs that grant. */
  readonly stipend: StipendRules | null
}

export interface CashbackRules {
  /** By the yearly revenue of the shop; the last has no bound. */
  readonly steps: readonly FeeStep[]
  /** What one member earns in a month. */
  readonly monthlyCapWon: number
  readonly validityMonths: number
}

export interface StipendRules {
  /** Days after that of the grant on which it may be spent. */
  readonly validityDays: number
  /** After the release: who joins until then is granted still. */
  readonly joinDays: number
  readonly appealDays: number
  /** What is left in the end is its funders' again, or nobody's. */
  readonly clawsBack: boolean
}

export interface ShopRules {
  readonly revenueWon: number
}

export interface MemberRules {
  /** What the bank has of theirs when the year begins. */
  readonly accountWon: number
}

const fees: readonly FeeStep[] = [
  { revenueWonMax: 800_000_000, basisPoints: 0 },
  { revenueWonMax: 1_200_000_000, basisPoints: 30 },
  { revenueWonMax: null, basisPoints: 50 },
]

const voucher: ProgramRules = {
  kind: 'purchase',
  rank: 20,
  mode: 'pre_discount',
  rateBasisPoints: 1_000,
  weights: [5, 2, 3],
  unitWon: 10_000,
  leastWon: 10_000,
  quotaWon: 1_500_000,
  monthlyCapWon: 300_000,
  holdingCapWon: 500_000,
  validityYears: 5,
  usableUntil: null,
  soldFrom: '2026-01-03',
  soldUntil: null,
  revenueWonMax: 3_000_000_000,
  lagDays: 1,
  fees,
  cashback: null,
  stipend: null,
}

const stipend: ProgramRules = {
  ...voucher,
  kind: 'stipend',
  rank: 5,
  mode: 'none',
  rateBasisPoints: 0,
  quotaWon: 0,
  monthlyCapWon: 0,
  revenueWonMax: null,
  lagDays: 2,
}

const programs: Readonly<Record<ProgramName, ProgramRules>> = {
  voucher,
  cashback: {
    ...voucher,
    rank: 15,
    mode: 'cashback',
    rateBasisPoints: 1_250,
    weights: [8, 2, 3],
    lagDays: 2,
    quotaWon: 4_000_000,
    cashback: {
      steps: [
        { revenueWonMax: 480_000_000, basisPoints: 1_250 },
        { revenueWonMax: 1_200_000_000, basisPoints: 733 },
        { revenueWonMax: null, basisPoints: 0 },
      ],
      monthlyCapWon: 4_000,
      validityMonths: 1,
    },
  },
  // Little time: what is left goes back to the province and the city.
  allowance: {
    ...stipend,
    weights: [0, 4, 6],
    holdingCapWon: 200_000,
    stipend: { validityDays: 20, joinDays: 15, appealDays: 10, clawsBack: true },
  },
  relief: {
    ...stipend,
    rank: 6,
    weights: [9, 0, 1],
    usableUntil: '2026-11-30',
    stipend: { validityDays: 24, joinDays: 30, appealDays: 12, clawsBack: false },
  },
  // Sold in spring, worthless in autumn: what expires of purchases within the year.
  festival: {
    ...voucher,
    rank: 10,
    rateBasisPoints: 1_500,
    weights: [0, 0, 1],
    usableUntil: '2026-09-30',
    soldFrom: '2026-02-01',
    soldUntil: '2026-06-01',
    lagDays: 3,
  },
}

const members: readonly MemberRules[] = Array.from({ length: 40 }, (_, index) => ({
  accountWon: index % 9 === 8 ? 150_000 : 20_000_000,
}))

const shops: readonly ShopRules[] = [
  80_000_000, 250_000_000, 480_000_000, 790_000_000, 800_000_000, 800_000_001, 1_150_000_000,
  1_200_000_001, 2_900_000_000, 5_000_000_000,
].map((revenueWon) => ({ revenueWon }))

/** The shop that registers its account only then, as days; the others have theirs from the beginning. */
const accountFrom: Readonly<Record<number, number>> = { 3: 75 }

export const townRules = {
  programs,
  members,
  /** Who joins in the course of the year, by lists; they link no account. */
  lateMembers: 4,
  shops,
  accountFrom,
  /** Minutes after midnight: a day of settlement ends at seven in the evening. */
  cutOffMinute: 19 * 60,
  minimumPayoutWon: 3_000,
  /** Of this shop the bank closes the account for some days, until it names another. */
  closedAccount: { shop: 5, from: 100, until: 140 },
  gifts: { acceptDays: 7, giftsPerDay: 10, giftWonPerDay: 500_000 },
  /** Whole days between telling members that terms get worse and the day on which they do. */
  adverseNoticeDays: 7,
  /** The most that the law lets a program give. */
  rateBasisPointsMax: 2_000,
  /** A proposal without a day of its own is decided within so many days. */
  proposalDays: 30,
  appealsMax: 3,
  /** Workdays until the bank is told to pay what goes back to members. */
  refundLagDays: 1,
  /** Lots that may be handed back unused until so many days after, and refunded once so much of them is used. */
  cancelDays: 7,
  refund: {
    usedBasisPoints: 6_000,
    smallLotWon: 10_000,
    smallLotUsedBasisPoints: 8_000,
    smallRemainderBasisPoints: 2_000,
  },
} as const
