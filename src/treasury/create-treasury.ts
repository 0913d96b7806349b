/** The treasury as its doors see it: steps of work for one issuer, files that arrive, and what officers may do. */
import {
  hexOf,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type PayoutId,
} from '../base/base.ts'
import type { Payout, PayoutPage } from '../ledger/ledger.ts'
import { refused, type Registered } from '../registration/registration.ts'
import {
  expectedPayments,
  expectPayment,
  withdrawExpected,
  type ExpectedPayment,
  type PaymentExpectation,
} from './expected-payments.ts'
import { readFileName } from './files/file-names.ts'
import { followUpPayouts, OUTCOMES_A_STEP, postOutcomes, type RetryTurn } from './outcomes.ts'
import { writePayoutFile, type GivenFile } from './payout-run.ts'
import { parkPayout, retryPayout } from './payout-steps.ts'
import { reconcile, type ReconciliationStep } from './reconciliation.ts'
import { takeResult } from './result-intake.ts'
import { takeStatement, watchStatements } from './statement-intake.ts'
import { refusedFile, type TakenFile } from './taken-file.ts'
import { roomOf, type TreasuryDeps } from './treasury-deps.ts'
import type { DayResult } from './treasury-store.ts'

/** Who acts, as id text, and on what. */
export interface PayoutCommand {
  readonly issuerId: IssuerId
  readonly payoutId: PayoutId
  readonly by: string
}

/** All methods throw the ledger's and the registry's Faults, and may be repeated at any time. */
export interface Treasury {
  /** Gives out what is due; `undefined` where nothing is. */
  writePayoutFile(issuerId: IssuerId, now: Instant): Promise<GivenFile | undefined>
  /** Takes a result or a statement; the ledger is moved by the steps below. */
  takeFile(
    issuerId: IssuerId,
    file: { readonly name: string; readonly bytes: Uint8Array },
    now: Instant,
  ): Promise<TakenFile>
  /** @returns whether all that was told is in the ledger */
  postOutcomes(issuerId: IssuerId, now: Instant): Promise<boolean>
  followUpPayouts(issuerId: IssuerId, now: Instant): Promise<RetryTurn>
  reconcile(issuerId: IssuerId, now: Instant): Promise<ReconciliationStep>

  payouts(issuerId: IssuerId, page: PayoutPage): Promise<readonly Payout[]>
  /** What came back goes out again on the next business day, to the account as it is now. */
  retryPayout(command: PayoutCommand, now: Instant): Promise<Registered<{ payout: Payout }>>
  /** What is due and was not told to the bank yet is kept back. */
  parkPayout(command: PayoutCommand, now: Instant): Promise<Registered<{ payout: Payout }>>
  expectPayment(
    issuerId: IssuerId,
    expectation: PaymentExpectation,
    now: Instant,
  ): Promise<Registered<{ readonly expected: ExpectedPayment }>>
  withdrawExpected(
    issuerId: IssuerId,
    change: { readonly id: number; readonly by: string; readonly now: Instant },
  ): Promise<Registered<{ readonly expected: ExpectedPayment }>>
  expectedPayments(issuerId: IssuerId, limit: number): Promise<readonly ExpectedPayment[]>
  days(
    issuerId: IssuerId,
    page: { readonly before?: BusinessDate; readonly limit: number },
  ): Promise<readonly DayResult[]>
}

export function createTreasury(deps: TreasuryDeps, { lagMs }: { lagMs?: number } = {}): Treasury {
  const { payouts, store } = deps
  return {
    async writePayoutFile(issuerId, now) {
      const room = roomOf(deps, issuerId, now)
      return room && writePayoutFile(deps, room)
    },
    takeFile: (issuerId, file, now) => takeFile(deps, issuerId, file, now),
    async postOutcomes(issuerId, now) {
      const room = roomOf(deps, issuerId, now)
      return room === undefined || (await postOutcomes(deps, room)) < OUTCOMES_A_STEP
    },
    async followUpPayouts(issuerId, now) {
      const room = roomOf(deps, issuerId, now)
      if (room === undefined) return { retried: 0, parked: 0, silent: 0 }
      await watchStatements(deps, room)
      return followUpPayouts(deps, room)
    },
    async reconcile(issuerId, now) {
      const room = roomOf(deps, issuerId, now)
      if (room === undefined) return { done: true }
      return reconcile(deps, room, lagMs === undefined ? {} : { lagMs })
    },
    payouts: (issuerId, page) => payouts.payouts(issuerId, page),
    retryPayout: (command, now) => retry(deps, command, now),
    parkPayout: (command, now) => park(deps, command, now),
    expectPayment: (issuerId, expectation, now) => expectPayment(deps, issuerId, expectation, now),
    async withdrawExpected(issuerId, change) {
      const expected = await withdrawExpected(deps, issuerId, change)
      if (expected === undefined) return refused('expected_payment_unknown')
      return expected.state === 'withdrawn'
        ? { status: 'registered', expected }
        : refused('expected_payment_claimed')
    },
    expectedPayments: (issuerId, limit) => expectedPayments(deps, issuerId, { limit }),
    days: (issuerId, page) => store.days(issuerId, page),
  }
}

async function takeFile(
  deps: TreasuryDeps,
  issuerId: IssuerId,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  now: Instant,
): Promise<TakenFile> {
  const room = roomOf(deps, issuerId, now)
  if (room === undefined) return { status: 'later', name }
  const named = readFileName(name)
  const { code } = room.issuer
  if (named === undefined || named.kind === 'payout') {
    const expected = `a name such as ST-${code}-20261122.dat or PR-${code}-20261122-0001-01.dat`
    return refusedFile(name, { line: 0, field: null, expected })
  }
  if (named.issuerCode !== code) {
    return refusedFile(name, { line: 0, field: null, expected: `a file of ${code}` })
  }
  const arrived = { name, bytes, named, sha256: hexOf(deps.sha256(bytes)) }
  return named.kind === 'result'
    ? takeResult(deps, room, arrived)
    : takeStatement(deps, room, arrived)
}

/** The same again finds it done. */
async function retry(
  deps: TreasuryDeps,
  { issuerId, payoutId, by }: PayoutCommand,
  now: Instant,
): Promise<Registered<{ payout: Payout }>> {
  const room = roomOf(deps, issuerId, now)
  const payout = await deps.payouts.payout(issuerId, payoutId)
  if (room === undefined || payout === undefined) return refused('payout_unknown')
  if (payout.state === 'due') return { status: 'registered', payout }
  if (payout.state !== 'returned' && payout.state !== 'parked') return refused('payout_moves')
  const account = (await deps.accountNow(issuerId, payout)) ?? payout.account
  await retryPayout(deps, room, { payout, account, actor: by })
  return afterStep(deps, issuerId, payoutId, 'due')
}

async function park(
  deps: TreasuryDeps,
  { issuerId, payoutId, by }: PayoutCommand,
  now: Instant,
): Promise<Registered<{ payout: Payout }>> {
  const room = roomOf(deps, issuerId, now)
  const payout = await deps.payouts.payout(issuerId, payoutId)
  if (room === undefined || payout === undefined) return refused('payout_unknown')
  if (payout.state === 'parked') return { status: 'registered', payout }
  if (payout.state !== 'due') return refused('payout_moves')
  await parkPayout(deps, room, { payout, actor: by })
  return afterStep(deps, issuerId, payoutId, 'parked')
}

async function afterStep(
  { payouts }: TreasuryDeps,
  issuerId: IssuerId,
  payoutId: PayoutId,
  wanted: Payout['state'],
): Promise<Registered<{ payout: Payout }>> {
  const payout = await payouts.payout(issuerId, payoutId)
  if (payout === undefined) return refused('payout_unknown')
  return payout.state === wanted ? { status: 'registered', payout } : refused('payout_moves')
}
