/**
 * Cashback (캐시백): what payments earn, and what cancellations take back. It follows the sealed journal, writes down
 * what each payment earned before any money moves, and posts it; so a payment waits for none of it. SPEC.md has the
 * rules, the states, and how to compute all of it anew.
 */
import type {
  BusinessMonth,
  Instant,
  IssuerId,
  OperationId,
  PotId,
  WalletId,
} from '../base/base.ts'
import type { CashbackSpending, Program } from '../issuing/issuing.ts'
import type { CashbackDeps } from './cashback-deps.ts'
import type {
  DecidedPage,
  Earning,
  EarningCursor,
  JournalPage,
  MonthFigures,
  ProgramStanding,
  PromisedCashback,
  WishKind,
} from './cashback-store.ts'
import { decidePage } from './page-decision.ts'
import { postEarnings } from './posting.ts'
import { takeBackDue } from './taking-back.ts'

export { type CashbackDeps, type Revenues } from './cashback-deps.ts'
export {
  takeBackStates,
  waitingCauses,
  wishKinds,
  type CancellationSeen,
  type CashbackShare,
  type CashbackStore,
  type DecidedPage,
  type DueTakeBack,
  type Earning,
  type EarningCursor,
  type EarningResult,
  type JournalPage,
  type MonthFigures,
  type PaymentSeen,
  type ProgramStanding,
  type PromisedCashback,
  type TakeBack,
  type TakeBackResult,
  type TakeBackState,
  type WaitingCause,
  type Wish,
  type WishKind,
} from './cashback-store.ts'
export {
  earningEvents,
  earningStates,
  earningTable,
  nextEarningState,
  type EarningEvent,
  type EarningState,
} from './earning-machine.ts'
export { createMemoryCashback } from './memory-cashback.ts'
export { cashbackTermsAt } from './page-decision.ts'

/** So many operations of the journal are read at once, and so much of what is due is posted. */
const PAGE = 500
const EARNINGS_A_STEP = 100
const TAKE_BACKS_A_STEP = 50
const LAPSED_A_STEP = 500
/** A press takes the oldest; who has more presses again. */
export const PRESSED_MAX = 200

/** `working`: there is more, to be called again at once. */
export interface CashbackStep {
  readonly status: 'idle' | 'working'
}

export interface PressCommand {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
  readonly requestId: OperationId
}

/** What a press, or a choice under its key, came to. */
export type WishAnswer<Given> =
  | { readonly status: 'key_reused' }
  | ({ readonly status: 'done' } & Given)

export interface MemberCashback {
  /** The member's own choice; `null`: as each program says. */
  readonly chosen: CashbackSpending | null
  readonly figures: readonly MonthFigures[]
  readonly waiting: readonly PromisedCashback[]
}

/** All methods throw the Faults of store, ledger and registry. */
export interface Cashback {
  /** One bounded step of the issuer's work; may be killed, repeated and run twice at once. */
  step(issuerId: IssuerId, now: Instant): Promise<CashbackStep>
  /** The button: what waits becomes money that pays. */
  press(command: PressCommand): Promise<WishAnswer<{ readonly earnings: readonly Earning[] }>>
  /** Counts for payments that are booked from now on. */
  choose(
    command: PressCommand & { readonly spending: CashbackSpending },
  ): Promise<WishAnswer<{ readonly spending: CashbackSpending }>>
  ofMember(issuerId: IssuerId, walletId: WalletId, month: BusinessMonth): Promise<MemberCashback>
  /** What of each program waits for the member. */
  waiting(issuerId: IssuerId, walletId: WalletId): Promise<readonly PromisedCashback[]>
  /** Newest first. */
  earningsOf(
    issuerId: IssuerId,
    walletId: WalletId,
    page: { readonly before?: EarningCursor; readonly limit: number },
  ): Promise<readonly Earning[]>
  standing(issuerId: IssuerId): Promise<readonly ProgramStanding[]>
}

export function createCashback(deps: CashbackDeps): Cashback {
  const { store } = deps
  return {
    step: (issuerId, now) => step(deps, issuerId, now),
    press: (command) => press(deps, command),
    async choose({ issuerId, walletId, requestId, spending }) {
      const wish = { requestId, walletId, kind: spending, at: deps.clock() } as const
      const isOurs = await store.wish(issuerId, wish, 0)
      return isOurs ? { status: 'done', spending } : { status: 'key_reused' }
    },
    async ofMember(issuerId, walletId, month) {
      return {
        chosen: await store.chosen(issuerId, walletId),
        figures: await store.figures(issuerId, walletId, month),
        waiting: await store.waiting(issuerId, walletId),
      }
    },
    waiting: (issuerId, walletId) => store.waiting(issuerId, walletId),
    earningsOf: (issuerId, walletId, page) => store.earningsOf(issuerId, walletId, page),
    standing: (issuerId) => store.standing(issuerId),
  }
}

/**
 * What is fixed is posted before more is fixed. So a page that cancels a payment finds what became of it, and at most a
 * page waits for its money when a worker dies.
 */
async function step(deps: CashbackDeps, issuerId: IssuerId, now: Instant): Promise<CashbackStep> {
  const { store, stepSize } = deps
  const earnings = await store.dueEarnings(issuerId, { limit: stepSize ?? EARNINGS_A_STEP })
  if (earnings.length > 0) {
    await postEarnings(deps, issuerId, earnings, now)
    return { status: 'working' }
  }
  const due = await store.dueTakeBacks(issuerId, stepSize ?? TAKE_BACKS_A_STEP)
  if ((await takeBackDue(deps, issuerId, due, now)) > 0) return { status: 'working' }
  const page = await store.read(issuerId, { limit: stepSize ?? PAGE, now })
  if (page !== undefined) {
    await decide(deps, issuerId, page, now)
    return { status: 'working' }
  }
  const lapsed = await store.lapse(issuerId, now, LAPSED_A_STEP)
  return { status: lapsed < LAPSED_A_STEP ? 'idle' : 'working' }
}

async function decide(
  deps: CashbackDeps,
  issuerId: IssuerId,
  page: JournalPage,
  now: Instant,
): Promise<void> {
  const { store, issuing, funding, reading, revenues } = deps
  const pots = funding.pots(issuerId)
  const payments = page.events.filter((event) => event.kind === 'payment')
  const merchantIds = [...new Set(payments.map(({ merchantId }) => merchantId))]
  const uses = await reading.potUses(
    issuerId,
    pots.map(({ potId }) => potId),
  )
  const potsLeft = new Map<PotId, number>(
    pots.map(({ potId, amountWon }) => [potId, amountWon - (uses.get(potId) ?? 0)]),
  )
  const revenueOn = await revenues(issuerId, merchantIds)
  const programs = issuing.programs(issuerId)
  const decided = decidePage(page, { programs, revenueOn, pots, potsLeft, now })
  // Somebody pressed the button meanwhile: the next step posts that first.
  if (decided === undefined) return
  await tellOfCaps(deps, issuerId, programs, decided)
  await store.fix(issuerId, page, decided)
}

/** Once for each member, program and month. */
async function tellOfCaps(
  { casebook }: Pick<CashbackDeps, 'casebook'>,
  issuerId: IssuerId,
  programs: readonly Program[],
  { earnings }: DecidedPage,
): Promise<void> {
  for (const { memberId, month, shares } of earnings) {
    for (const { programId, reason } of shares) {
      if (reason !== 'monthly_cap') continue
      const program = programs.find((each) => each.programId === programId)
      await casebook.notify(issuerId, {
        memberId,
        noticeKind: 'cashback_cap_reached',
        subject: `${memberId}/${programId}/${month}`,
        facts: { month, program: program?.name ?? '', programEn: program?.nameEn ?? '' },
      })
    }
  }
}

async function press(
  deps: CashbackDeps,
  { issuerId, walletId, requestId }: PressCommand,
): Promise<WishAnswer<{ readonly earnings: readonly Earning[] }>> {
  const { store } = deps
  const wish: { readonly kind: WishKind } = { kind: 'press' }
  const at = deps.clock()
  const isOurs = await store.wish(issuerId, { ...wish, requestId, walletId, at }, PRESSED_MAX)
  if (!isOurs) return { status: 'key_reused' }
  const due = await store.dueEarnings(issuerId, { walletId, limit: PRESSED_MAX })
  await postEarnings(deps, issuerId, due, at)
  return { status: 'done', earnings: await store.pressed(issuerId, requestId) }
}
