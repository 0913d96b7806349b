/**
 * The ledger's front door: the only way money moves. Every method takes a *set* of requests of one issuer and
 * gives one outcome for each, in input order, idempotent for ever by operation id.
 *
 * Two implementations are held to one contract suite: `MemoryLedger` (the executable specification, used in
 * simulation) and `PostgresLedger` in the room `postgres`.
 */
import type {
  BusinessDate,
  DeclineReason,
  Instant,
  IssuerId,
  LotId,
  LotKind,
  MemberId,
  MerchantId,
  OperationId,
  OutletId,
  PartnerId,
  PotDraw,
  ProgramId,
  Tender,
  WalletId,
  Won,
} from '../base/base.ts'
import type { LotExpiry } from './lot-expiry.ts'
import { movementKinds, type HoldingCap, type MovementKind, type Movements } from './movement.ts'
import type { NewPayout, Payouts } from './payout.ts'

export { accountKinds, funderAccountIds, type AccountKind, type Transfer } from './account.ts'
export {
  batchingDefaults,
  createBatcher,
  createBatchingLedger,
  type BatchingOptions,
} from './batching-ledger.ts'
export { DEPOSIT_TOKEN } from './deposit-token.ts'
export { lastDayOfUse, type ExpiringLot, type ExpiringLots } from './expiring-lots.ts'
export {
  assertExpiries,
  expiryRequest,
  type DueLot,
  type DueLotCursor,
  type ExpiryOutcome,
  type ExpiryRequest,
  type LotExpiry,
} from './lot-expiry.ts'
export { spendableParts, splitOver } from './lot-taking.ts'
export { createMemoryLedger, type LedgerSnapshot, type MemoryLedger } from './memory-ledger.ts'
export {
  createMerkleTree,
  inclusionProof,
  merkleRoot,
  sameBytes,
  verifyInclusion,
  type MerkleTree,
} from './merkle.ts'
export {
  FIRST_PREVIOUS_HASH,
  FIRST_SEGMENT_FROM_AT,
  makeSeal,
  sealBytes,
  sealProblems,
  type Seal,
  type SealAnchor,
  type SealBody,
  type SealSigner,
  type SealVerifier,
} from './seal.ts'
export {
  issuingKinds,
  movementAccounts,
  movementKinds,
  type HoldingCap,
  type LotOrigin,
  type MovementKind,
  type MovementOutcome,
  type MovementRequest,
  type Movements,
  type NewLot,
  type SeenLot,
} from './movement.ts'
export { assertMovements, inTransitWon, movementWon, rivalsOf } from './movement-rules.ts'
export {
  beneficiaryKinds,
  payoutStates,
  type Beneficiary,
  type NewPayout,
  type Payout,
  type PayoutAccount,
  type PayoutPage,
  type Payouts,
  type PayoutState,
  type PayoutStep,
} from './payout.ts'
export { assertSettlement } from './card-settlement.ts'
export { assertDraws } from './pot-draws.ts'
export {
  type CountedPurchases,
  type CountedWon,
  type DrawnFromPot,
  type ProgramHolder,
  type ProgramHoldings,
  type ProgramReading,
} from './program-reading.ts'
export {
  type CardReading,
  type LedgerReading,
  type OperationCursor,
  type OutletDay,
} from './reading.ts'
export { SET_SIZE_MAX } from './set-size.ts'

/** How a request came in. `card` and `system` are for doors that have no QR code. */
export const channels = ['mpm_static', 'mpm_dynamic', 'cpm', 'card', 'system'] as const
export type Channel = (typeof channels)[number]

const ownKinds = [
  'issue',
  'payment',
  'hold',
  'capture',
  'release',
  'cancellation',
  'purchase',
  'purchase_abandonment',
  'card_settlement',
  'expiry',
] as const
export type OperationKind = (typeof ownKinds)[number] | MovementKind
export const operationKinds: readonly OperationKind[] = [...ownKinds, ...movementKinds]

/** What an operation moved from, or gave back to, one lot. */
export interface Leg {
  lotId: LotId
  programId: ProgramId
  kind: LotKind
  amountWon: Won
}

/** What every request carries. */
export interface RequestBase {
  /** Made by the client before its first send; one outcome belongs to it for ever. */
  operationId: OperationId
  /** SHA-256 over the canonical request, 32 bytes: tells a repeat from another request. */
  requestHash: Uint8Array
  /** Who asked, as id text (`clk_…`), where it was not the wallet's own member. */
  actor?: string
  /** A decline that policy found before posting. It is stored as the outcome unless the key is already known. */
  refusal?: DeclineReason
}

export interface PaymentRequest extends RequestBase {
  channel: Channel
  walletId: WalletId
  /** Absent only together with a refusal: a code that names nobody still gets its one outcome. */
  merchantId?: MerchantId
  outletId?: OutletId
  amountWon: Won
  /** What may be consumed, in this order; inside one tender earliest expiry first, then lowest lot id. */
  tenders: readonly Tender[]
  /** Time step of a consumer-presented code: one wallet's step pays once. */
  codeStep?: number
  coverage?: Coverage
  /** A card payment is owed to the card company, which pays the merchant: its clearing account is credited. */
  card?: CardBooking
}

/**
 * - `all` (also where absent): the whole amount, or `insufficient_funds`.
 * - `partial`: what the tenders hold, up to the amount; nothing at all is `insufficient_funds`. The operation's amount
 *   is what was taken.
 * - `advice`: the whole amount, always; what the tenders lack is taken from `standin_loss`. Payments only. Only
 *   `key_reused`, a stored decline of the same key, or a refusal keep it from being posted.
 */
export const coverages = ['all', 'partial', 'advice'] as const
export type Coverage = (typeof coverages)[number]

/** Whose card, and the partner's business date that the operation is cleared under. */
export interface CardBooking {
  partnerId: PartnerId
  businessDate: BusinessDate
}

/**
 * Closes a hold: captures `amountWon` (0 = releases all) in the order of taking and releases the rest. What a card's
 * hold captures is credited to that card company's clearing account.
 */
export interface HoldClosureRequest extends RequestBase {
  holdId: OperationId
  amountWon: Won
  /** Of a card's hold: the partner is the hold's own; the date is that of the closure. */
  card?: CardBooking
}

export interface CancellationRequest extends RequestBase {
  /** A payment or a capture. */
  paymentId: OperationId
  /** Who cancels; must be the merchant that was paid. */
  merchantId: MerchantId
  /** Part to give back; absent: all that is left. A loss is given back first, then the lot taken last, first. */
  amountWon?: Won
  card?: CardBooking
}

/** Pays a card company what its clearing account shows: `card_clearing` to `settlement_in_transit`, and a payout. */
export interface CardSettlementRequest extends RequestBase {
  card: CardBooking
  amountWon: Won
  /** To the card company, of the whole amount, made in the same commit; absent only together with a refusal. */
  payout?: NewPayout
}

/** Opens a wallet, once for each member of an issuer. */
export interface WalletOpening {
  walletId: WalletId
  memberId: MemberId
}

/** A granted lot: no quota, no caps, no bank (stipends, tests, demonstration). */
export interface IssueRequest extends RequestBase {
  walletId: WalletId
  lotId: LotId
  programId: ProgramId
  kind: LotKind
  expiresAt: Instant
  sources: LotSources
  /** What it takes of funders' pots, each named once; else `budget_exhausted`. */
  draws?: readonly PotDraw[]
}

/** Where a lot's value comes from; the sum is its face value. */
export interface LotSources {
  /** Paid by the citizen into the operating fund. */
  payWon: Won
  nationalWon: Won
  provinceWon: Won
  cityWon: Won
}

/** Reserves quota and caps for a purchase; the bank is asked afterwards. */
export interface PurchaseRequest extends RequestBase {
  walletId: WalletId
  programId: ProgramId
  /** The lot that completion will issue. */
  lotId: LotId
  faceWon: Won
  sources: LotSources
  expiresAt: Instant
  /** `YYYY-MM`, Korean calendar: the month whose cap and quota count. */
  month: string
  /** Limits in won as the program's terms say today. */
  quotaWon: Won
  purchaseCapWon: Won
  holdingCapWon: Won
  /** Limits over several programs together, beside that of the program; else `holding_cap_exceeded`. */
  holdingCaps?: readonly HoldingCap[]
  /** What it takes of funders' pots, each named once; else `budget_exhausted`. An abandonment gives it back. */
  draws?: readonly PotDraw[]
  /** The linked account, as the bank's token, or `DEPOSIT_TOKEN`. */
  accountToken: string
}

/** Ends a purchase once the bank's answer is known. `closureId` is the key of the ending itself. */
export interface PurchaseClosure {
  purchaseId: OperationId
  closureId: OperationId
  debited: boolean
}

/** The answer to one request of a set. */
export type Outcome =
  | {
      status: 'posted'
      bookedAt: Instant
      replayed: boolean
      legs: readonly Leg[]
      /** Taken from, or given back to, the stand-in loss account; absent: nothing. */
      lossWon?: Won
    }
  | { status: 'declined'; reason: DeclineReason; replayed: boolean }
  /** The key is known with another request: the client's error, nothing was recorded. */
  | { status: 'key_reused' }

/**
 * All methods throw only Faults (`postgres_unavailable`, `wallet_busy`, …, certain or uncertain by the fault
 * table) and Bugs. `at` is the caller's clock; the ledger books no earlier than what is already sealed.
 */
export interface Ledger extends LotExpiry, Movements, Payouts {
  openWallets(issuerId: IssuerId, openings: readonly WalletOpening[], at: Instant): Promise<void>
  issue(issuerId: IssuerId, requests: readonly IssueRequest[], at: Instant): Promise<Outcome[]>
  pay(issuerId: IssuerId, requests: readonly PaymentRequest[], at: Instant): Promise<Outcome[]>
  hold(issuerId: IssuerId, requests: readonly PaymentRequest[], at: Instant): Promise<Outcome[]>
  closeHolds(
    issuerId: IssuerId,
    requests: readonly HoldClosureRequest[],
    at: Instant,
  ): Promise<Outcome[]>
  cancel(
    issuerId: IssuerId,
    requests: readonly CancellationRequest[],
    at: Instant,
  ): Promise<Outcome[]>
  /** `posted` with no legs. */
  settleCards(
    issuerId: IssuerId,
    requests: readonly CardSettlementRequest[],
    at: Instant,
  ): Promise<Outcome[]>
  /** `posted` with no legs: the purchase is reserved and may be debited. */
  reservePurchases(
    issuerId: IssuerId,
    requests: readonly PurchaseRequest[],
    at: Instant,
  ): Promise<Outcome[]>
  /** `debited`: issues the lot (one leg). Not debited: gives quota and caps back. Repeating is harmless. */
  closePurchases(
    issuerId: IssuerId,
    closures: readonly PurchaseClosure[],
    at: Instant,
  ): Promise<Outcome[]>
  /** A purchase as it stands; `undefined` where the id is unknown or its reservation was declined. */
  purchase(issuerId: IssuerId, purchaseId: OperationId): Promise<PurchaseRecord | undefined>
  /** Purchases that await the bank's word since before an instant, oldest first. @param by a debit where absent */
  reservedPurchases(
    issuerId: IssuerId,
    before: Instant,
    limit: number,
    by?: 'debit' | 'deposit',
  ): Promise<PurchaseRecord[]>
  /** Enquiry by key after a lost answer; `undefined` where the key is unknown. */
  find(issuerId: IssuerId, ids: readonly OperationId[]): Promise<(RecordedOperation | undefined)[]>
  lots(issuerId: IssuerId, walletId: WalletId): Promise<Lot[]>
}

/** `reserved` awaits the bank's word; the others are ends. */
export interface PurchaseRecord {
  purchaseId: OperationId
  walletId: WalletId
  programId: ProgramId
  lotId: LotId
  faceWon: Won
  payWon: Won
  accountToken: string
  state: 'reserved' | 'completed' | 'abandoned'
  reservedAt: Instant
  expiresAt: Instant
}

/** A lot as it stands now. */
export interface Lot {
  lotId: LotId
  walletId: WalletId
  programId: ProgramId
  kind: LotKind
  faceWon: Won
  remainingWon: Won
  heldWon: Won
  expiresAt: Instant
}

/** An operation as the journal keeps it. */
export interface RecordedOperation {
  operationId: OperationId
  kind: OperationKind
  channel: Channel
  bookedAt: Instant
  decline: DeclineReason | undefined
  walletId: WalletId | undefined
  merchantId: MerchantId | undefined
  outletId: OutletId | undefined
  amountWon: Won
  targetId: OperationId | undefined
  actor: string | undefined
  legs: readonly Leg[]
  /** Of a payment or capture: what was given back so far. */
  cancelledWon: Won
  /** Taken from the stand-in loss account by an advice, or given back to it; absent: nothing. */
  lossWon?: Won
  card?: CardBooking
}
