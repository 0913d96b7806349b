/**
 * Where runs, lines and settlements are kept. Every change is one atomic call that says what it found before, so that
 * a worker who was killed, or two at once, cannot settle anything twice.
 */
import type {
  BusinessDate,
  Instant,
  IssuerId,
  MerchantId,
  OperationId,
  PayoutId,
  ProgramId,
  Won,
} from '../base/base.ts'
import type { PayoutAccount } from '../ledger/ledger.ts'
import type {
  Carried,
  DaySums,
  HeldReason,
  MerchantSettlement,
  SettlementLine,
  SettlementOutcome,
  Standing,
} from './merchant-settlement.ts'
import type { ClosedDay, ProgramDay } from './settlement-calendar.ts'

/** One settlement day of one issuer: `open` while merchants are gone through, then `closed` for good. */
export interface SettlementRun {
  readonly settlementDay: BusinessDate
  readonly state: 'open' | 'closed'
  /** Nothing that was booked later counts. */
  readonly untilAt: Instant
  readonly minimumPayoutWon: Won
  readonly openedAt: Instant
  readonly closedAt: Instant | undefined
  /** The last merchant that was fixed; 0: none yet. */
  readonly reached: MerchantId | 0
}

/** Where an issuer stands. */
export interface SettlementPosition {
  /** The Korean day of the first operation; `undefined`: there is nothing to settle. */
  readonly firstDay: BusinessDate | undefined
  readonly lastDay: ClosedDay | undefined
  /** The newest run. */
  readonly run: SettlementRun | undefined
}

/** What a run finds of one merchant. */
export interface FoundMerchant {
  readonly merchantId: MerchantId
  readonly carried: Carried
  readonly standing: Standing | undefined
  readonly sums: readonly DaySums[]
}

/** A settlement that waits for its payout. */
export interface DueSettlement {
  readonly settlementDay: BusinessDate
  readonly merchantId: MerchantId
  readonly payableWon: Won
  readonly feeWon: Won
  readonly payoutId: PayoutId
  readonly payoutKey: OperationId
  readonly account: PayoutAccount
}

/** What is written of a merchant; payouts have their names before they are moved. */
export interface FixedSettlement extends MerchantSettlement {
  readonly payout: { readonly payoutId: PayoutId; readonly payoutKey: OperationId } | undefined
}

export interface SettlementStore {
  position(issuerId: IssuerId): Promise<SettlementPosition>
  /** Appends days. Those that are closed already stay as they are. */
  closeDays(issuerId: IssuerId, days: readonly ClosedDay[]): Promise<void>
  /** Closed days of these programs that no run has settled, oldest first. */
  unsettledDays(
    issuerId: IssuerId,
    programIds: readonly ProgramId[],
  ): Promise<readonly (ProgramDay & ClosedDay)[]>
  /** Opens the run of a day with what it settles. Nothing happens where it is there, or another is open. */
  openRun(
    issuerId: IssuerId,
    run: Pick<SettlementRun, 'settlementDay' | 'untilAt' | 'minimumPayoutWon'> & {
      readonly programDays: readonly ProgramDay[]
    },
    now: Instant,
  ): Promise<void>
  /** True when nothing can be booked any more at or before an instant; asks for that where it is not so yet. */
  sealedUntil(issuerId: IssuerId, at: Instant): Promise<boolean>
  /** What a run settles. */
  programDaysOf(
    issuerId: IssuerId,
    settlementDay: BusinessDate,
  ): Promise<readonly (ProgramDay & ClosedDay)[]>
  /**
   * What some programs' days hold for the next merchants by number: for every merchant that ever took money, so that
   * none is forgotten. Days that are not closed may be among them: that is a look ahead.
   */
  findMerchants(
    issuerId: IssuerId,
    page: {
      readonly programDays: readonly (ProgramDay & ClosedDay)[]
      readonly after: MerchantId | 0
      readonly limit: number
    },
  ): Promise<readonly FoundMerchant[]>
  /**
   * Writes what was decided about all merchants after `after` up to `reached`, and moves the run there.
   * @returns false where the run is elsewhere by now: another worker was faster, and nothing was written
   */
  fixSettlements(
    issuerId: IssuerId,
    page: {
      readonly settlementDay: BusinessDate
      readonly after: MerchantId | 0
      readonly reached: MerchantId
    },
    settlements: readonly FixedSettlement[],
  ): Promise<boolean>
  dueSettlements(
    issuerId: IssuerId,
    settlementDay: BusinessDate,
    limit: number,
  ): Promise<readonly DueSettlement[]>
  /** `due` becomes `paid`; repeating is harmless. */
  markPaid(
    issuerId: IssuerId,
    settlementDay: BusinessDate,
    merchantIds: readonly MerchantId[],
  ): Promise<void>
  /** Closes a run in which nothing is due. */
  closeRun(issuerId: IssuerId, settlementDay: BusinessDate, now: Instant): Promise<void>
}

/** A settlement as it is read. */
export interface SettlementRecord {
  readonly settlementDay: BusinessDate
  readonly merchantId: MerchantId
  readonly outcome: SettlementOutcome
  readonly reason: HeldReason | undefined
  readonly carried: Carried
  readonly paymentsWon: Won
  readonly payments: number
  readonly cancellationsWon: Won
  readonly cancellations: number
  /** The fee of this run's lines alone. */
  readonly lineFeeWon: Won
  /** With what was carried. */
  readonly payableWon: Won
  readonly feeWon: Won
  readonly payoutId: PayoutId | undefined
  readonly account: PayoutAccount | undefined
}

/** A run's figures. */
export interface RunTotals extends SettlementRun {
  readonly merchants: number
  readonly paid: number
  readonly held: number
  readonly carriedOn: number
  readonly paymentsWon: Won
  readonly cancellationsWon: Won
  readonly feeWon: Won
  readonly payoutsWon: Won
  readonly heldWon: Won
}

/** One issuer a call; lists are newest first. */
export interface SettlementReading {
  settlementsOf(
    issuerId: IssuerId,
    merchantId: MerchantId,
    page: {
      readonly from?: BusinessDate | undefined
      /** Strictly before this settlement day. */
      readonly before?: BusinessDate | undefined
      readonly limit: number
    },
  ): Promise<readonly SettlementRecord[]>
  settlement(
    issuerId: IssuerId,
    merchantId: MerchantId,
    settlementDay: BusinessDate,
  ): Promise<SettlementRecord | undefined>
  /** By day of paying, then program. */
  linesOf(
    issuerId: IssuerId,
    merchantId: MerchantId,
    settlementDay: BusinessDate,
  ): Promise<readonly SettlementLine[]>
  runs(
    issuerId: IssuerId,
    page: { readonly before?: BusinessDate | undefined; readonly limit: number },
  ): Promise<readonly RunTotals[]>
  /** Merchants whose newest settlement is held back, by number. */
  heldBack(
    issuerId: IssuerId,
    page: { readonly after?: MerchantId | undefined; readonly limit: number },
  ): Promise<readonly SettlementRecord[]>
}
