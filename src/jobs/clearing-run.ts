/**
 * Clearing's clockwork: takes card companies' files as they come, decides conversions, gives out refund and settlement
 * files, and lets old holds go. One failure is told and keeps nothing else from its turn.
 */
import { DAY_MS, type Clock } from '../base/base.ts'
import type {
  Clearing,
  ConversionTurn,
  GivenFile,
  MatchedDate,
  TakenFile,
} from '../clearing/clearing.ts'
import type { Partner } from '../registration/registration.ts'
import { takeArrival, type ClearingArrivals } from './clearing-exchange.ts'
import { startLoop, type Loop } from './loop.ts'

export const FILES_EVERY_MS = 2_000
/** Conversions and the refund files that tell of them: a debited account should not wait for a clock. */
export const CONVERSIONS_EVERY_MS = 15_000
/** Matching again, settlement and old holds: much reading for little news. */
export const SETTLEMENT_EVERY_MS = 600_000

/** How far back a restored copy of the database is looked after. */
export const TAKEN_AGAIN_MS = 3 * DAY_MS

/** What an operator wants to see; the counts and names are for the log as they are. */
export interface ClearingTold {
  file(partner: Partner, taken: TakenFile): void
  matched(partner: Partner, date: MatchedDate): void
  conversions(turn: ConversionTurn): void
  given(partner: Partner, kind: 'refund' | 'settlement', file: GivenFile): void
  holdsReleased(count: number): void
}

export interface ClearingRunOptions {
  readonly clearing: Clearing
  readonly arrivals: ClearingArrivals
  readonly partners: () => readonly Partner[]
  readonly clock: Clock
  readonly told: ClearingTold
  readonly onError: (error: unknown) => void
  readonly filesEveryMs?: number
  readonly conversionsEveryMs?: number
  readonly settlementEveryMs?: number
}

export function startClearingRun(options: ClearingRunOptions): Loop {
  return startLoop({
    everyMs: options.filesEveryMs ?? FILES_EVERY_MS,
    work: createClearingTurn(options),
    onError: options.onError,
  })
}

/** One turn of the run; it knows when each of its parts was last done. */
export function createClearingTurn(options: ClearingRunOptions): () => Promise<void> {
  const { clock, partners } = options
  const conversionsDue = every(clock, options.conversionsEveryMs ?? CONVERSIONS_EVERY_MS)
  const settlementDue = every(clock, options.settlementEveryMs ?? SETTLEMENT_EVERY_MS)
  let isFirst = true
  return async () => {
    const active = partners().filter((partner) => partner.active)
    if (isFirst) for (const partner of active) await takeAgain(options, partner)
    isFirst = false
    for (const partner of active) await takeArrivals(options, partner)
    if (conversionsDue()) {
      await runConversions(options)
      for (const partner of active) await refund(options, partner)
    }
    if (!settlementDue()) return
    for (const partner of active) await settle(options, partner)
    await releaseHolds(options)
  }
}

function every(clock: Clock, everyMs: number): () => boolean {
  let next = Number.NEGATIVE_INFINITY
  return () => {
    const now = clock()
    if (now < next) return false
    next = now + everyMs
    return true
  }
}

/** Tells a failure and goes on: what could not be done is done in a later turn. */
async function orTell(options: ClearingRunOptions, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    options.onError(error)
  }
}

async function takeArrivals(options: ClearingRunOptions, partner: Partner): Promise<void> {
  const { arrivals } = options
  await orTell(options, async () => {
    for (const name of await arrivals.waiting(partner.code)) {
      await orTell(options, () => takeWaiting(options, partner, name))
    }
  })
}

/**
 * After a start: a database that was restored from a copy may have forgotten the last files, which have left the
 * partner's folder. Whatever it still knows is known, and nothing comes of it.
 */
async function takeAgain(options: ClearingRunOptions, partner: Partner): Promise<void> {
  const { arrivals, clearing, clock, told } = options
  await orTell(options, async () => {
    for (const name of await arrivals.takenSince(partner.code, clock() - TAKEN_AGAIN_MS)) {
      await orTell(options, async () => {
        const bytes = await arrivals.read(partner.code, name, 'taken')
        if (bytes === undefined) return
        const taken = await clearing.takeFile({ partner, name, bytes })
        if (taken.status !== 'taken' || !taken.known) told.file(partner, taken)
      })
    }
  })
}

async function takeWaiting(
  { arrivals, clearing, told }: ClearingRunOptions,
  partner: Partner,
  name: string,
): Promise<void> {
  const arrival = { partnerCode: partner.code, name }
  const taken = await takeArrival(arrivals, arrival, async (bytes): Promise<TakenFile> => {
    if (bytes === undefined) return { status: 'refused', name, problems: [tooLarge] }
    return clearing.takeFile({ partner, name, bytes })
  })
  if (taken.status !== 'later') told.file(partner, taken)
}

const tooLarge = { line: 0, field: null, expected: 'a smaller file: several for one date' } as const

async function runConversions(options: ClearingRunOptions): Promise<void> {
  const { clearing, told } = options
  const sum = { converted: 0, explained: 0, open: 0, dueSoon: 0, overdue: 0 }
  for (const issuerId of clearing.books()) {
    await orTell(options, async () => {
      const turn = await clearing.runConversions(issuerId)
      sum.converted += turn.converted
      sum.explained += turn.explained
      sum.open += turn.open
      sum.dueSoon += turn.dueSoon
      sum.overdue += turn.overdue
    })
  }
  if (sum.converted + sum.explained + sum.dueSoon + sum.overdue > 0) told.conversions(sum)
}

async function refund(options: ClearingRunOptions, partner: Partner): Promise<void> {
  await orTell(options, async () => {
    const given = await options.clearing.writeRefundFile(partner)
    if (given !== undefined) options.told.given(partner, 'refund', given)
  })
}

async function settle(options: ClearingRunOptions, partner: Partner): Promise<void> {
  const { clearing, told } = options
  await orTell(options, async () => {
    for (const date of await clearing.matchOpenDates(partner)) {
      if (date.differences + date.waiting > 0) told.matched(partner, date)
    }
  })
  await orTell(options, async () => {
    const given = await clearing.writeSettlementFile(partner)
    if (given !== undefined) told.given(partner, 'settlement', given)
  })
}

async function releaseHolds(options: ClearingRunOptions): Promise<void> {
  let released = 0
  for (const issuerId of options.clearing.books()) {
    await orTell(options, async () => {
      released += await options.clearing.releaseOldHolds(issuerId)
    })
  }
  if (released > 0) options.told.holdsReleased(released)
}
