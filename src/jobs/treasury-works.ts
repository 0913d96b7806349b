/**
 * The treasury's work, issuer by issuer: payouts go to the bank, its files are taken, what came back is followed up,
 * and the fund is reconciled. Files come and go through a folder for each issuer, as over the bank's file transfer.
 */
import type { Clock, IssuerId } from '../base/base.ts'
import { FILE_BYTES_MAX } from '../treasury/treasury.ts'
import type { DayResult, GivenFile, RetryTurn, TakenFile, Treasury } from '../treasury/treasury.ts'
import type { ClearingArrivals } from './clearing-exchange.ts'
import type { JobStep, JobWork } from './job-work.ts'
import { startLoop, type Loop } from './loop.ts'

export const treasuryJobs = [
  'payout_files',
  'treasury_arrivals',
  'payout_follow_up',
  'reconciliation',
] as const
export type TreasuryJob = (typeof treasuryJobs)[number]

/** How often each is done where nobody schedules it otherwise. */
export const treasuryJobEveryMs: Readonly<Record<TreasuryJob, number>> = {
  payout_files: 60_000,
  treasury_arrivals: 5_000,
  payout_follow_up: 600_000,
  reconciliation: 300_000,
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

/** A file leaves the bank's folder only after it was taken or its refusal was laid out. */
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
    const bytes = await arrivals.read(code, name)
    const taken: TakenFile =
      bytes === undefined
        ? { status: 'refused', name, problems: [tooLarge] }
        : await treasury.takeFile(issuerId, { name, bytes }, now)
    // It waits for another one, and keeps nobody behind it waiting.
    if (taken.status === 'later') continue
    left -= 1
    if (taken.status === 'refused') await arrivals.tellProblems(code, name, taken.problems)
    await arrivals.setAside(code, name, taken.status)
    told.file(issuerId, taken)
  }
  return { done: true }
}

const tooLarge = { line: 0, field: null, expected: `at most ${FILE_BYTES_MAX} bytes` } as const

export interface TreasuryRunOptions extends TreasuryWorkDeps {
  readonly issuers: () => readonly { readonly issuerId: IssuerId }[]
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly everyMs?: Partial<Record<TreasuryJob, number>>
}

/** A loop for each job: where nothing else schedules them. One issuer's failure is told and stops no other's work. */
export function startTreasuryRun(options: TreasuryRunOptions): Loop {
  const works = treasuryWorks(options)
  const loops = treasuryJobs.map((job) =>
    startLoop({
      everyMs: options.everyMs?.[job] ?? treasuryJobEveryMs[job],
      work: () => turn(options, works[job]),
      onError: options.onError,
    }),
  )
  return {
    async stop() {
      await Promise.all(loops.map((loop) => loop.stop()))
    },
  }
}

/** So many steps of one issuer before the next has its turn. */
const STEPS_A_TURN = 50

async function turn({ issuers, clock, onError }: TreasuryRunOptions, work: JobWork): Promise<void> {
  for (const { issuerId } of issuers()) {
    try {
      for (let step = 0; step < STEPS_A_TURN; step += 1) {
        if ((await work(issuerId, {}, clock())).done) break
      }
    } catch (error) {
      onError(error)
    }
  }
}
