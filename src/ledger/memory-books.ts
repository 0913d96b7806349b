/**
 * The rows of the in-memory ledger, one set of books for each issuer, and the only function that
 * moves money in them. Lots never change by hand: a recorded operation's transfers do it, so lots
 * always say what transfers say.
 */
import {
  assert,
  sumWon,
  won,
  type BusinessDate,
  type DeclineReason,
  type Instant,
  type LotId,
  type MemberId,
  type OperationId,
  type PotId,
  type PayoutId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type {
  AccountKind,
  CardBooking,
  Channel,
  Leg,
  Lot,
  OperationKind,
  Outcome,
  PurchaseRequest,
  RecordedOperation,
  RequestBase,
  Transfer,
} from './ledger.ts'
import { issuingKinds } from './movement.ts'
import type { Payout, PayoutAccount, PayoutState } from './payout.ts'

/** Drawn from a pot less given back. */
export interface PotUseRow {
  potId: PotId
  usedWon: Won
}

/** What an operation drew from a pot; below zero: gave back. */
export interface PotDrawRow {
  operationId: OperationId
  potId: PotId
  amountWon: Won
}

export interface WalletRow {
  walletId: WalletId
  memberId: MemberId
  recordedAt: Instant
}

/** The key and its one outcome, for ever, with the transfers it caused. A decline has none. */
export interface OperationRow extends Omit<RecordedOperation, 'legs' | 'cancelledWon' | 'lossWon'> {
  requestHash: Uint8Array
  codeStep: number | undefined
  transfers: readonly Transfer[]
}

export interface PurchaseRow extends Pick<
  PurchaseRequest,
  | 'walletId'
  | 'programId'
  | 'lotId'
  | 'faceWon'
  | 'sources'
  | 'expiresAt'
  | 'month'
  | 'accountToken'
> {
  purchaseId: OperationId
  state: 'reserved' | 'completed' | 'abandoned'
  reservedAt: Instant
  closedAt: Instant | undefined
  closureId: OperationId | undefined
  /** The movement that gave back what it took of its quota and its cap. */
  saleReturnedBy: OperationId | undefined
}

/** Reserved and completed purchases of a program in a month. */
export interface ProgramSaleRow {
  programId: ProgramId
  month: string
  soldWon: Won
}

/** What one wallet reserved and bought of a program in a month. */
export interface MemberSaleRow {
  programId: ProgramId
  walletId: WalletId
  month: string
  boughtWon: Won
}

/** Day and account stand where it became due, file and its time where it had been sent. */
export interface PayoutStepRow {
  operationId: OperationId
  payoutId: PayoutId
  attempt: number
  /** `undefined`: the step made it. */
  from: PayoutState | undefined
  to: PayoutState
  dueOn: BusinessDate | undefined
  account: PayoutAccount | undefined
  fileName: string | undefined
  sentAt: Instant | undefined
  reason: string | undefined
}

/** How many payouts were put into a file, once for ever. */
export interface PayoutFileRow {
  name: string
  payouts: number
  assignedAt: Instant
}

/** Everything the ledger knows of one issuer. */
export interface Books {
  sealedUntil: Instant | undefined
  readonly wallets: Map<WalletId, WalletRow>
  readonly lots: Map<LotId, Lot>
  readonly lotsByWallet: Map<WalletId, Lot[]>
  /** The operation that issued each lot. */
  readonly issues: Map<LotId, OperationId>
  /** Expired, with nothing left and nothing held; what is given back opens a lot again. */
  readonly closedLots: Set<LotId>
  readonly operations: Map<OperationId, OperationRow>
  /** Operations that were not declined, by what they target. */
  readonly byTarget: Map<OperationId, OperationRow[]>
  /** `wallet/step` of every consumer-presented code that was paid with. */
  readonly usedCodes: Set<string>
  readonly purchases: Map<OperationId, PurchaseRow>
  /** What each wallet is buying: its purchases that are still reserved. */
  readonly reserved: Map<WalletId, PurchaseRow[]>
  readonly programSales: Map<string, ProgramSaleRow>
  readonly memberSales: Map<string, MemberSaleRow>
  /** Drawn less given back. */
  readonly potUses: Map<PotId, Won>
  readonly potDraws: PotDrawRow[]
  readonly payouts: Map<PayoutId, Payout>
  /** What each movement made of a payout. */
  readonly payoutSteps: Map<OperationId, PayoutStepRow>
  readonly payoutFiles: Map<string, PayoutFileRow>
}

export function createBooks(): Books {
  return {
    sealedUntil: undefined,
    wallets: new Map(),
    lots: new Map(),
    lotsByWallet: new Map(),
    issues: new Map(),
    closedLots: new Set(),
    operations: new Map(),
    byTarget: new Map(),
    usedCodes: new Set(),
    purchases: new Map(),
    reserved: new Map(),
    programSales: new Map(),
    memberSales: new Map(),
    potUses: new Map(),
    potDraws: [],
    payouts: new Map(),
    payoutSteps: new Map(),
    payoutFiles: new Map(),
  }
}

/** One debit and one credit that does not know its line yet. */
export type Movement = Omit<Transfer, 'line'>

/** What a request comes to: recorded as it is, whether it moves money or was declined. */
export interface Verdict {
  kind: OperationKind
  /** A request without a channel takes its target's, or `system`. */
  channel: Channel
  decline: DeclineReason | undefined
  walletId?: OperationRow['walletId']
  merchantId?: OperationRow['merchantId']
  outletId?: OperationRow['outletId']
  amountWon: Won
  targetId?: OperationId | undefined
  codeStep?: number | undefined
  card?: CardBooking | undefined
  /** What happened after another operation is booked no earlier than it, also where a clock was set back between. */
  notBefore?: Instant | undefined
  movements: readonly Movement[]
}

/** The booking time of a call: never inside what is already sealed. */
export function bookingTime(books: Books, at: Instant): Instant {
  return books.sealedUntil === undefined ? at : Math.max(at, books.sealedUntil + 1)
}

/** Writes the operation and moves its money. The one place where a lot's amounts change. */
export function recordOperation(
  books: Books,
  request: Pick<RequestBase, 'operationId' | 'requestHash' | 'actor'>,
  verdict: Verdict,
  bookedAt: Instant,
): OperationRow {
  const { decline } = verdict
  assert(!books.operations.has(request.operationId), 'an operation id is recorded once')
  assert(decline === undefined || verdict.movements.length === 0, 'a decline moves no money')
  const row: OperationRow = {
    operationId: request.operationId,
    kind: verdict.kind,
    channel: verdict.channel,
    bookedAt: Math.max(bookedAt, verdict.notBefore ?? bookedAt),
    requestHash: request.requestHash.slice(),
    decline,
    walletId: verdict.walletId,
    merchantId: verdict.merchantId,
    outletId: verdict.outletId,
    amountWon: verdict.amountWon,
    targetId: verdict.targetId,
    codeStep: verdict.codeStep,
    actor: request.actor,
    ...(verdict.card !== undefined && { card: { ...verdict.card } }),
    transfers: verdict.movements.map((movement, index) => ({ line: index + 1, ...movement })),
  }
  books.operations.set(row.operationId, row)
  if (decline !== undefined) return row
  for (const transfer of row.transfers) moveTransfer(books, transfer)
  if (issuingKinds.some((kind) => kind === row.kind)) {
    for (const { creditId } of row.transfers) {
      books.issues.set(lotOfAccount(books, creditId).lotId, row.operationId)
    }
  }
  if (row.targetId !== undefined) {
    books.byTarget.set(row.targetId, [...targeting(books, row.targetId), row])
  }
  if (row.codeStep !== undefined) books.usedCodes.add(codeKey(row.walletId, row.codeStep))
  return row
}

/** Adds an empty lot; the transfers of the operation that issues it fill it. */
export function addLot(books: Books, lot: Lot): void {
  assert(books.wallets.has(lot.walletId), 'a lot belongs to an open wallet')
  assert(!books.lots.has(lot.lotId), 'a lot is issued once')
  assert(lot.remainingWon === 0 && lot.heldWon === 0, 'a new lot is empty')
  books.lots.set(lot.lotId, lot)
  books.lotsByWallet.set(lot.walletId, [...lotsOf(books, lot.walletId), lot])
}

export function lotsOf(books: Books, walletId: WalletId): readonly Lot[] {
  return books.lotsByWallet.get(walletId) ?? []
}

/** Operations that were not declined and that close, give back or complete `operationId`. */
export function targeting(books: Books, operationId: OperationId): readonly OperationRow[] {
  return books.byTarget.get(operationId) ?? []
}

/** Whether a hold was captured or released. What else names it as its target, such as a cashback, leaves it open. */
export function isHoldClosed(books: Books, holdId: OperationId): boolean {
  return targeting(books, holdId).some(({ kind }) => kind === 'capture' || kind === 'release')
}

export function codeKey(walletId: WalletId | undefined, codeStep: number): string {
  return `${walletId}/${codeStep}`
}

function moveTransfer(books: Books, transfer: Transfer): void {
  assert(transfer.amountWon > 0, 'a transfer moves more than nothing')
  moveLot(books, transfer.debitKind, transfer.debitId, won(0 - transfer.amountWon))
  moveLot(books, transfer.creditKind, transfer.creditId, transfer.amountWon)
}

/**
 * Changes a lot where the account is one; all other accounts are sums over transfers, never rows.
 */
function moveLot(books: Books, kind: AccountKind, accountId: number, amountWon: Won): void {
  if (kind !== 'lot' && kind !== 'lot_hold') return
  const lot = lotOfAccount(books, accountId)
  if (kind === 'lot') lot.remainingWon = won(lot.remainingWon + amountWon)
  else lot.heldWon = won(lot.heldWon + amountWon)
  if (amountWon > 0) books.closedLots.delete(lot.lotId)
  assert(lot.remainingWon >= 0, 'a lot never falls below zero')
  assert(lot.heldWon >= 0, 'a hold never falls below zero')
  assert(lot.remainingWon + lot.heldWon <= lot.faceWon, 'a lot never has more than its face')
}

function lotOfAccount(books: Books, accountId: number): Lot {
  const lot = books.lots.get(accountId as LotId) // The id of a lot account is the lot's.
  assert(lot !== undefined, `no lot behind account ${accountId}`)
  return lot
}

/**
 * What an operation did, lot by lot in the order of its lines. One leg for each lot: an issue has
 * up to four sources and one leg; a capture's legs are what was captured, not what went back to the
 * lots. What touches no lot (a loss, a settlement) is no leg.
 */
export function legsOf(books: Books, row: OperationRow): Leg[] {
  const legs = new Map<LotId, Leg>()
  for (const transfer of row.transfers) {
    if (row.kind === 'capture' && transfer.creditKind === 'lot') continue
    const fromLot = transfer.debitKind === 'lot' || transfer.debitKind === 'lot_hold'
    if (!fromLot && transfer.creditKind !== 'lot') continue
    const lot = lotOfAccount(books, fromLot ? transfer.debitId : transfer.creditId)
    const { lotId, programId, kind } = lot
    const beforeWon = legs.get(lotId)?.amountWon ?? 0
    legs.set(lotId, { lotId, programId, kind, amountWon: won(beforeWon + transfer.amountWon) })
  }
  return [...legs.values()]
}

export function outcomeOf(books: Books, row: OperationRow, replayed: boolean): Outcome {
  if (row.decline !== undefined) return { status: 'declined', reason: row.decline, replayed }
  const { bookedAt } = row
  return { status: 'posted', bookedAt, replayed, legs: legsOf(books, row), ...lossOf(row) }
}

/** What an operation took from the stand-in loss account, or gave back to it; nothing where that is nothing. */
export function lossOf({ transfers }: Pick<OperationRow, 'transfers'>): { lossWon?: Won } {
  const losses = transfers.filter(
    ({ debitKind, creditKind }) => debitKind === 'standin_loss' || creditKind === 'standin_loss',
  )
  return losses.length === 0 ? {} : { lossWon: sumWon(losses.map((loss) => loss.amountWon)) }
}

/** An operation as the journal keeps it. */
export function recordedOperation(books: Books, row: OperationRow): RecordedOperation {
  const { requestHash: _hash, codeStep: _step, transfers: _transfers, ...recorded } = row
  const cancellations = targeting(books, row.operationId).filter(
    (target) => target.kind === 'cancellation',
  )
  return {
    ...recorded,
    legs: legsOf(books, row),
    cancelledWon: sumWon(cancellations.map((cancellation) => cancellation.amountWon)),
    ...lossOf(row),
  }
}
