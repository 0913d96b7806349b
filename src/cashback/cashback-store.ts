/**
 * What cashback remembers beside the ledger: how far the journal was read, what each payment earned and why not more,
 * what cancellations took back, and what members wished. One issuer a call; each call is one commit.
 */
import type {
  BusinessMonth,
  Instant,
  IssuerId,
  MemberId,
  MerchantId,
  OperationId,
  ProgramId,
  WalletId,
  Won,
} from '../base/base.ts'
import type { CashbackReason, CashbackSpending } from '../issuing/issuing.ts'
import type { EarningState } from './earning-machine.ts'

/** What one program says to one payment. */
export interface CashbackShare {
  readonly programId: ProgramId
  /** What the payment took of money that earns. */
  readonly spentWon: Won
  /** What cancellations gave back of that. */
  readonly cancelledWon: Won
  readonly rateBasisPoints: number
  readonly earnedWon: Won
  /** Of what was earned, what cancellations ask back; never more than was earned. */
  readonly takenBackWon: Won
  /** Why it is not more. */
  readonly reason: CashbackReason | null
  /** What is earned can be spent until just before. */
  readonly expiresAt: Instant
  /** What went back to each funder, of what was posted. */
  readonly returned: FunderParts
}

export interface FunderParts {
  readonly nationalWon: Won
  readonly provinceWon: Won
  readonly cityWon: Won
}

export const NOTHING_RETURNED = { nationalWon: 0, provinceWon: 0, cityWon: 0 } as FunderParts // Zero is an amount.

/** What keeps what was earned from becoming money: the member's button, what the law lets a member hold, a pot. */
export const waitingCauses = ['button', 'holding_cap', 'budget'] as const
export type WaitingCause = (typeof waitingCauses)[number]

/** A payment that programs with cashback paid. */
export interface Earning {
  readonly paymentId: OperationId
  readonly walletId: WalletId
  readonly memberId: MemberId
  readonly merchantId: MerchantId
  readonly paidAt: Instant
  /** The Korean month whose cap it counts in. */
  readonly month: BusinessMonth
  /** The merchant's yearly revenue that counted on the day of the payment. */
  readonly revenueWon: Won
  readonly spending: CashbackSpending
  readonly state: EarningState
  readonly waitsFor: WaitingCause | null
  /** Part of the key under which it is posted: a decline is the answer to its key for ever. */
  readonly attempt: number
  /** The movement that posted it. */
  readonly operationId: OperationId | undefined
  readonly shares: readonly CashbackShare[]
}

/** `short`: what the wallet no longer had is claimed again when it earns. */
export const takeBackStates = ['due', 'done', 'short'] as const
export type TakeBackState = (typeof takeBackStates)[number]

export interface TakeBackShare {
  readonly programId: ProgramId
  /** What the cancellation gave back of money that had earned. */
  readonly cancelledWon: Won
  readonly wantedWon: Won
  readonly takenWon: Won
}

/** A cancellation of such a payment. */
export interface TakeBack {
  readonly cancellationId: OperationId
  readonly paymentId: OperationId
  readonly walletId: WalletId
  readonly memberId: MemberId
  readonly cancelledAt: Instant
  readonly state: TakeBackState
  readonly attempt: number
  readonly shares: readonly TakeBackShare[]
}

/** One that asks back, as one look sees it, with what there is to know of its payment. */
export interface DueTakeBack extends TakeBack {
  readonly paidAt: Instant
  /** The movement that posted what is asked back. */
  readonly earnedBy: OperationId
  /** What the payment's cancellations gave back before, by program. */
  readonly returned: readonly (FunderParts & { readonly programId: ProgramId })[]
}

/** Part of what an operation moved: money of one program that earns when it is spent. */
export interface SpentShare {
  readonly programId: ProgramId
  readonly spentWon: Won
}

export interface PaymentSeen {
  readonly kind: 'payment'
  readonly operationId: OperationId
  readonly bookedAt: Instant
  readonly walletId: WalletId
  readonly memberId: MemberId
  readonly merchantId: MerchantId
  /** What the member had chosen by then. */
  readonly chosen: CashbackSpending | null
  readonly shares: readonly SpentShare[]
}

export interface CancellationSeen {
  readonly kind: 'cancellation'
  readonly operationId: OperationId
  readonly bookedAt: Instant
  readonly paymentId: OperationId
  readonly shares: readonly SpentShare[]
}

/** What a member earned of a program by the payments of a month, less what was taken back. */
export interface MonthEarned {
  readonly walletId: WalletId
  readonly programId: ProgramId
  readonly month: BusinessMonth
  readonly earnedWon: Won
}

/** The next stretch of the journal, all of it sealed. */
export interface JournalPage {
  /** Where it begins: strictly after. */
  readonly after: Instant
  /** Where it ends: with this instant. */
  readonly until: Instant
  /** In the order of booking; of one instant payments first. Those that moved no money that earns are left out. */
  readonly events: readonly (PaymentSeen | CancellationSeen)[]
  /** What is known of payments that the page cancels. */
  readonly earnings: readonly Earning[]
  /** Of every wallet, program and month that the page's payments are of. */
  readonly months: readonly MonthEarned[]
  /** What of each program waits, all wallets together. */
  readonly promised: readonly PromisedCashback[]
}

/** Earned, and not drawn from the funders' pots yet. */
export interface PromisedCashback {
  readonly programId: ProgramId
  readonly amountWon: Won
}

/** What is written about a page. */
export interface DecidedPage {
  readonly earnings: readonly Earning[]
  readonly takeBacks: readonly TakeBack[]
  /** Earlier payments that were cancelled, as they were seen, and what becomes of them. */
  readonly touched: readonly {
    readonly paymentId: OperationId
    readonly seen: EarningState
    readonly state: EarningState
  }[]
}

/** What became of an attempt to post what a payment earned; `attempt` is the one it speaks of. */
export interface EarningResult {
  readonly paymentId: OperationId
  readonly attempt: number
  /** `due`: to be tried again under another key. */
  readonly state: Extract<EarningState, 'posted' | 'waiting' | 'refused' | 'lapsed' | 'due'>
  readonly waitsFor: WaitingCause | null
  readonly operationId: OperationId | undefined
  /** What was posted of each program. */
  readonly posted: readonly { readonly programId: ProgramId; readonly amountWon: Won }[]
}

export interface TakeBackResult {
  readonly cancellationId: OperationId
  readonly attempt: number
  readonly state: Extract<TakeBackState, 'done' | 'short'>
  /** What this attempt took, by program. */
  readonly taken: readonly (FunderParts & { readonly programId: ProgramId })[]
}

/** What members say under keys of their own. */
export const wishKinds = ['press', 'automatic', 'by_button'] as const
export type WishKind = (typeof wishKinds)[number]

export interface Wish {
  readonly requestId: OperationId
  readonly walletId: WalletId
  readonly kind: WishKind
  readonly at: Instant
}

/** Where a page of a member's payments begins: strictly older than this. */
export interface EarningCursor {
  readonly paidAt: Instant
  readonly paymentId: OperationId
}

/** One program's figures of a wallet. */
export interface MonthFigures {
  readonly programId: ProgramId
  /** Less what was taken back. */
  readonly earnedWon: Won
  readonly takenBackWon: Won
}

export interface CashbackStore {
  /** @returns `undefined` where nothing is sealed that was not read */
  read(
    issuerId: IssuerId,
    page: { readonly limit: number; readonly now: Instant },
  ): Promise<JournalPage | undefined>
  /** All or nothing. @returns false where another was faster, or a touched payment is no longer as it was seen */
  fix(
    issuerId: IssuerId,
    page: Pick<JournalPage, 'after' | 'until'>,
    decided: DecidedPage,
  ): Promise<boolean>
  /** Of the issuer, or of one wallet; oldest first. */
  dueEarnings(
    issuerId: IssuerId,
    page: { readonly walletId?: WalletId; readonly limit: number },
  ): Promise<readonly Earning[]>
  settleEarnings(issuerId: IssuerId, results: readonly EarningResult[]): Promise<void>
  /** The oldest of each wallet. */
  dueTakeBacks(issuerId: IssuerId, limit: number): Promise<readonly DueTakeBack[]>
  settleTakeBacks(issuerId: IssuerId, results: readonly TakeBackResult[]): Promise<void>
  /** Ends what waited longer than it could be spent. @returns how many */
  lapse(issuerId: IssuerId, now: Instant, limit: number): Promise<number>
  /**
   * Written once under its key; a press makes what waits in its wallet due, the oldest first, at most `limit` of them.
   * @returns false where the key is of another wish
   */
  wish(issuerId: IssuerId, wish: Wish, limit: number): Promise<boolean>
  /** What a press was about. */
  pressed(issuerId: IssuerId, requestId: OperationId): Promise<readonly Earning[]>
  chosen(issuerId: IssuerId, walletId: WalletId): Promise<CashbackSpending | null>
  figures(
    issuerId: IssuerId,
    walletId: WalletId,
    month: BusinessMonth,
  ): Promise<readonly MonthFigures[]>
  /** Waiting for the button or for room, by program. */
  waiting(issuerId: IssuerId, walletId: WalletId): Promise<readonly PromisedCashback[]>
  /** Newest first. */
  earningsOf(
    issuerId: IssuerId,
    walletId: WalletId,
    page: { readonly before?: EarningCursor; readonly limit: number },
  ): Promise<readonly Earning[]>
  /** What officers look at: what waits and what is missing, by program. */
  standing(issuerId: IssuerId): Promise<readonly ProgramStanding[]>
}

export interface ProgramStanding {
  readonly programId: ProgramId
  readonly waitingWon: Won
  readonly waiting: number
  /** Asked back, and not there to be taken. */
  readonly missingWon: Won
}
