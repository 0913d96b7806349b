/**
 * How an issuer stands right now: the days that are counted, and what has been booked since the last of them. The
 * surprise: the last days may still grow, so they are added up anew each time and kept nowhere.
 */
import { won, type BusinessDate, type ProgramId, type Won } from '../base/base.ts'
import type { DatedFlowSum, FlowSum } from './day-figures.ts'
import { flows, type Flow } from './flow.ts'

/** Sums that an officer asks for first. */
export interface Headline {
  /** Face value that was sold, granted or earned, less purchases that were cancelled. */
  readonly issuedWon: Won
  /** Used at shops, less what was given back. */
  readonly usedWon: Won
  /** Refunded to members, clawed back or expired. */
  readonly endedWon: Won
  /** Payments, without what was given back. */
  readonly payments: number
}

export interface Overview {
  readonly from: BusinessDate
  readonly through: BusinessDate
  /** The last day whose figures will not change any more. */
  readonly countedThrough: BusinessDate | null
  readonly days: readonly (Headline & { readonly day: BusinessDate })[]
  readonly whole: Headline
  readonly outstandingWon: Won
  readonly programs: readonly (Headline & {
    readonly programId: ProgramId
    readonly outstandingWon: Won
  })[]
  readonly sectors: readonly Used[]
  readonly districts: readonly Used[]
}

export interface Used {
  /** The sector's word, or the district as it is written. */
  readonly name: string
  readonly usedWon: Won
  readonly payments: number
}

const issued: ReadonlySet<Flow> = new Set(['sold', 'supported', 'granted', 'cashback'])
const unissued: ReadonlySet<Flow> = new Set(['purchase_cancelled', 'support_returned'])
const used: ReadonlySet<Flow> = new Set(['used_qr', 'used_card'])
const returned: ReadonlySet<Flow> = new Set(['returned_qr', 'returned_card'])
const ended: ReadonlySet<Flow> = new Set([
  'refunded',
  'clawed_back',
  'cashback_returned',
  'expired',
])

/** @param sums of each day of the span; @param before of all days before it */
export function overviewOf(
  given: Pick<Overview, 'from' | 'through' | 'countedThrough'> & {
    readonly allDays: readonly BusinessDate[]
  },
  sums: readonly DatedFlowSum[],
  before: readonly FlowSum[],
): Overview {
  const { from, through, countedThrough, allDays } = given
  const everything = [...before, ...sums]
  const programIds = [...new Set(everything.map(({ programId }) => programId))].toSorted(
    (a, b) => a - b,
  )
  return {
    from,
    through,
    countedThrough,
    days: allDays.map((day) => ({ day, ...headline(sums.filter((each) => each.day === day)) })),
    whole: headline(sums),
    outstandingWon: outstanding(everything),
    programs: programIds.map((programId) => {
      const own = (each: FlowSum): boolean => each.programId === programId
      return {
        programId,
        ...headline(sums.filter(own)),
        outstandingWon: outstanding(everything.filter(own)),
      }
    }),
    sectors: usedBy(sums, ({ sector }) => sector),
    districts: usedBy(sums, ({ district }) => district),
  }
}

function headline(sums: readonly FlowSum[]): Headline {
  const of = (names: ReadonlySet<Flow>): number => total(sums.filter(({ flow }) => names.has(flow)))
  const payments = sums.filter(({ flow }) => used.has(flow))
  return {
    issuedWon: won(of(issued) - of(unissued)),
    usedWon: won(of(used) - of(returned)),
    endedWon: won(of(ended)),
    payments: payments.reduce((sum, { count }) => sum + count, 0),
  }
}

function outstanding(sums: readonly FlowSum[]): Won {
  return won(sums.reduce((sum, { flow, amountWon }) => sum + flows[flow].sign * amountWon, 0))
}

/** The largest first. */
function usedBy(
  sums: readonly FlowSum[],
  nameOf: (sum: FlowSum) => string | null,
): readonly Used[] {
  const byName = new Map<string, FlowSum[]>()
  for (const each of sums) {
    const name = nameOf(each)
    if (name === null || (!used.has(each.flow) && !returned.has(each.flow))) continue
    byName.set(name, [...(byName.get(name) ?? []), each])
  }
  return [...byName]
    .map(([name, own]) => {
      const { usedWon, payments } = headline(own)
      return { name, usedWon, payments }
    })
    .toSorted((a, b) => b.usedWon - a.usedWon || (a.name < b.name ? -1 : 1))
}

function total(sums: readonly FlowSum[]): number {
  return sums.reduce((sum, { amountWon }) => sum + amountWon, 0)
}
