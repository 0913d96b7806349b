/**
 * The treasury's work, issuer by issuer: payouts go to the bank, its files are taken, what came back is followed up,
 * and the fund is reconciled. Files come and go through a folder for each issuer, as over the bank's file transfer.
 */
import { MINUTE_MS, type IssuerId } from '../base/base.ts'
import { FILE_BYTES_MAX } from '../treasury/treasury.ts'
import type { DayResult, GivenFile, RetryTurn, TakenFile, Treasury } from '../treasury/treasury.ts'
import { takeArrival, type ClearingArrivals } from './clearing-exchange.ts'
import type { JobDefinition, JobStep, JobWork } from './job-work.ts'

export const treasuryJobs = [
  'payout_files',
  'treasury_arrivals',
  'payout_follow_up',
  'reconciliation',
] as const
export type TreasuryJob = (typeof treasuryJobs)[number]

const everyMs: Readonly<Record<TreasuryJob, number>> = {
  payout_files: 10 * MINUTE_MS,
  treasury_arrivals: MINUTE_MS,
  payout_follow_up: 60 * MINUTE_MS,
  reconciliation: 10 * MINUTE_MS,
}

/** What an operator wants to see; names and counts are for the log as they are. */
export interface TreasuryTold {
  file(issuerId: IssuerId, taken: TakenFile): void
  given(issuerId: IssuerId, file: GivenFile): void
  followedUp(issuerId: IssuerId, turn: RetryTurn): void
  day(issuerId: IssuerId, day: DayResult): void
}

export interface TreasuryWorkDeps {
  readonly treasury: Treasury
  /** By the issuer's code. */
  readonly arrivals: ClearingArrivals
  readonly codeOf: (issuerId: IssuerId) => string | undefined
  readonly told: TreasuryTold
}

/** Of one step; the files that are left are for the next. */
const FILES_A_STEP = 20

export function treasuryWorks(deps: TreasuryWorkDeps): Readonly<Record<TreasuryJob, JobWork>> {
  const { treasury, told } = deps
  return {
    async payout_files(issuerId, _data, now) {
      const given = await treasury.writePayoutFile(issuerId, now)
      if (given === undefined) return { done: true }
      told.given(issuerId, given)
      return { done: false }
    },
    async treasury_arrivals(issuerId, _data, now) {
      const files = await takeArrivals(deps, issuerId, now)
      const isPosted = await treasury.postOutcomes(issuerId, now)
      return { done: files.done && isPosted }
    },
    async payout_follow_up(issuerId, _data, now) {
      told.followedUp(issuerId, await treasury.followUpPayouts(issuerId, now))
      return { done: true }
    },
    async reconciliation(issuerId, _data, now) {
      const { done, day } = await treasury.reconcile(issuerId, now)
      if (day !== undefined) told.day(issuerId, day)
      return { done }
    },
  }
}

async function takeArrivals(
  { treasury, arrivals, codeOf, told }: TreasuryWorkDeps,
  issuerId: IssuerId,
  now: number,
): Promise<JobStep> {
  const code = codeOf(issuerId)
  if (code === undefined) return { done: true }
  const waiting = await arrivals.waiting(code)
  let left = FILES_A_STEP
  for (const name of waiting) {
    if (left === 0) return { done: false }
    const arrival = { partnerCode: code, name }
    const taken = await takeArrival(arrivals, arrival, async (bytes): Promise<TakenFile> => {
      if (bytes === undefined) return { status: 'refused', name, problems: [tooLarge] }
      return treasury.takeFile(issuerId, { name, bytes }, now)
    })
    // It waits for another one, and keeps nobody behind it waiting.
    if (taken.status === 'later') continue
    left -= 1
    told.file(issuerId, taken)
  }
  return { done: true }
}

const tooLarge = { line: 0, field: null, expected: `at most ${FILE_BYTES_MAX} bytes` } as const

/** The bank's folder is looked at more often than anything that takes the database's time. */
export function treasuryJobDefinitions(deps: TreasuryWorkDeps): readonly JobDefinition[] {
  const works = treasuryWorks(deps)
  return treasuryJobs.map((name) => ({
    name,
    work: works[name],
    schedule: { kind: 'every', everyMs: everyMs[name] },
    of: 'each_issuer',
  }))
}
