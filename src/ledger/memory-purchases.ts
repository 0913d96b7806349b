/**
 * Granted lots and purchases in the in-memory ledger. A purchase takes its quota and caps first and
 * becomes a lot only when the bank has debited; its two counters are the only rows here that no
 * transfer explains.
 */
import {
  assert,
  sumWon,
  won,
  type DeclineReason,
  type Instant,
  type OperationId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type {
  IssueRequest,
  Lot,
  LotSources,
  Outcome,
  PurchaseClosure,
  PurchaseRequest,
} from './ledger.ts'
import type { HoldingCap } from './movement.ts'
import type { CountedPurchases, CountedWon } from './program-reading.ts'
import {
  addLot,
  lotsOf,
  outcomeOf,
  recordOperation,
  type Books,
  type MemberSaleRow,
  type Movement,
  type OperationRow,
  type ProgramSaleRow,
  type PurchaseRow,
  type Verdict,
} from './memory-books.ts'
import { drawDecline, recordDraws, returnDraws } from './memory-pots.ts'
import { assertDraws } from './pot-draws.ts'

/** Account ids of `subsidy_receivable`. */
const FUNDER_ACCOUNTS = { nationalWon: 1, provinceWon: 2, cityWon: 3 } as const

/**
 * Stands in the place of a request's hash in the ending of a purchase, which nobody requested: no
 * hash of 32 bytes equals it, so the key of an ending can never be taken for a client's own.
 */
const NO_REQUEST_HASH = new Uint8Array(0)

/** Bugs of the caller that the database would meet as a broken constraint. */
export function assertIssue(request: IssueRequest): void {
  assert(faceOf(request.sources) > 0, 'a lot has a face value above zero')
  assertDraws(request.draws)
}

/** @see assertIssue */
export function assertPurchase(request: PurchaseRequest): void {
  assert(request.faceWon > 0, 'a purchase is above zero')
  assert(faceOf(request.sources) === request.faceWon, 'sources add up to the face value')
  assert(/^\d{4}-\d{2}$/.test(request.month), 'a month is YYYY-MM')
  assertDraws(request.draws)
}

function faceOf(sources: LotSources): Won {
  const { payWon, nationalWon, provinceWon, cityWon } = sources
  const parts = [payWon, nationalWon, provinceWon, cityWon]
  assert(
    parts.every((part) => part >= 0),
    'no source is below zero',
  )
  return sumWon(parts)
}

/** A grant; the lot is added here and filled when the verdict is recorded. */
export function decideIssue(books: Books, request: IssueRequest): Verdict {
  const { walletId, lotId, programId, kind, expiresAt, sources, operationId, draws } = request
  const faceWon = faceOf(sources)
  const decline =
    request.refusal ??
    (books.wallets.has(walletId) ? drawDecline(books, draws) : ('wallet_unknown' as const))
  if (decline === undefined) {
    addLot(books, emptyLot({ walletId, lotId, programId, kind, faceWon, expiresAt }))
    recordDraws(books, operationId, draws)
  }
  return {
    kind: 'issue',
    channel: 'system',
    decline,
    walletId,
    amountWon: faceWon,
    movements: decline === undefined ? issueMovements(request) : [],
  }
}

function emptyLot(lot: Omit<Lot, 'remainingWon' | 'heldWon'>): Lot {
  return { ...lot, remainingWon: won(0), heldWon: won(0) }
}

/**
 * The citizen's money first, then the funders' from the widest to the nearest; sources of zero are
 * left out.
 */
function issueMovements({ lotId, sources }: Pick<IssueRequest, 'lotId' | 'sources'>): Movement[] {
  const credit = { creditKind: 'lot', creditId: lotId } as const
  const funder = { ...credit, debitKind: 'subsidy_receivable' } as const
  const { nationalWon, provinceWon, cityWon } = FUNDER_ACCOUNTS
  const movements: Movement[] = [
    { ...credit, debitKind: 'operating_fund', debitId: 0, amountWon: sources.payWon },
    { ...funder, debitId: nationalWon, amountWon: sources.nationalWon },
    { ...funder, debitId: provinceWon, amountWon: sources.provinceWon },
    { ...funder, debitId: cityWon, amountWon: sources.cityWon },
  ]
  return movements.filter((movement) => movement.amountWon > 0)
}

/**
 * A reservation; accepted, it counts at once against the caps and the quota of those that follow in
 * the set.
 */
export function decidePurchase(books: Books, request: PurchaseRequest, bookedAt: Instant): Verdict {
  const decline = request.refusal ?? purchaseDecline(books, request, bookedAt)
  if (decline === undefined) reservePurchase(books, request, bookedAt)
  return {
    kind: 'purchase',
    channel: 'system',
    decline,
    walletId: request.walletId,
    amountWon: request.faceWon,
    movements: [],
  }
}

function reservePurchase(books: Books, request: PurchaseRequest, bookedAt: Instant): void {
  const { operationId, walletId, programId, lotId, faceWon } = request
  const purchase: PurchaseRow = {
    purchaseId: operationId,
    walletId,
    programId,
    lotId,
    faceWon,
    sources: { ...request.sources },
    expiresAt: request.expiresAt,
    month: request.month,
    accountToken: request.accountToken,
    state: 'reserved',
    reservedAt: bookedAt,
    closedAt: undefined,
    closureId: undefined,
    saleReturnedBy: undefined,
  }
  books.purchases.set(operationId, purchase)
  books.reserved.set(walletId, [...reservedOf(books, walletId), purchase])
  countSale(books, purchase, faceWon)
  recordDraws(books, operationId, request.draws)
}

function reservedOf(books: Books, walletId: WalletId): readonly PurchaseRow[] {
  return books.reserved.get(walletId) ?? []
}

function purchaseDecline(
  books: Books,
  request: PurchaseRequest,
  bookedAt: Instant,
): DeclineReason | undefined {
  const { walletId, programId, faceWon } = request
  if (!books.wallets.has(walletId)) return 'wallet_unknown'
  if (memberSale(books, request).boughtWon + faceWon > request.purchaseCapWon) {
    return 'purchase_cap_exceeded'
  }
  const own: HoldingCap = { programIds: [programId], capWon: request.holdingCapWon }
  const added = [{ programId, amountWon: faceWon }]
  const exceeds = [own, ...(request.holdingCaps ?? [])].some((cap) =>
    exceedsHoldingCap(books, { walletId, cap, added, bookedAt }),
  )
  if (exceeds) return 'holding_cap_exceeded'
  if (programSale(books, request).soldWon + faceWon > request.quotaWon) return 'sold_out'
  return drawDecline(books, request.draws)
}

/**
 * Whether the wallet would have more of some programs than it may: unexpired lots of every kind with what is held, what
 * it is buying, and what is added.
 */
export function exceedsHoldingCap(
  books: Books,
  asked: {
    walletId: WalletId
    cap: HoldingCap
    added: readonly { programId: ProgramId; amountWon: Won }[]
    bookedAt: Instant
  },
): boolean {
  const { walletId, cap, added, bookedAt } = asked
  const { programIds, capWon } = cap
  const addedWon = added
    .filter(({ programId }) => programIds.includes(programId))
    .map(({ amountWon }) => amountWon)
  return sumWon([holdingWon(books, walletId, { programIds, bookedAt }), ...addedWon]) > capWon
}

/** What a wallet has of some programs, with what it is buying. */
function holdingWon(
  books: Books,
  walletId: WalletId,
  { programIds, bookedAt }: { programIds: readonly ProgramId[]; bookedAt: Instant },
): Won {
  const isAsked = ({ programId }: { programId: ProgramId }) => programIds.includes(programId)
  const lots = lotsOf(books, walletId).filter((lot) => isAsked(lot) && lot.expiresAt > bookedAt)
  return sumWon([
    ...lots.flatMap((lot) => [lot.remainingWon, lot.heldWon]),
    ...reservedOf(books, walletId)
      .filter(isAsked)
      .map((purchase) => purchase.faceWon),
  ])
}

/** What a reservation would be held against. */
export function countPurchases(books: Books, asked: CountedPurchases, at: Instant): CountedWon {
  const { walletId, groups } = asked
  return {
    boughtWon: memberSale(books, asked).boughtWon,
    soldWon: programSale(books, asked).soldWon,
    heldWon: groups.map((programIds) => holdingWon(books, walletId, { programIds, bookedAt: at })),
  }
}

/** Ends one purchase. A repeat is answered from the purchase, whatever key it comes with. */
export function closePurchase(books: Books, closure: PurchaseClosure, bookedAt: Instant): Outcome {
  const purchase = books.purchases.get(closure.purchaseId)
  if (purchase === undefined) {
    return { status: 'declined', reason: 'purchase_unknown', replayed: false }
  }
  if (purchase.state !== 'reserved') return closedBefore(books, purchase, closure)
  const row = closure.debited
    ? completePurchase(books, purchase, closure.closureId, bookedAt)
    : abandonPurchase(books, purchase, closure.closureId, bookedAt)
  purchase.state = closure.debited ? 'completed' : 'abandoned'
  purchase.closedAt = bookedAt
  purchase.closureId = closure.closureId
  const { walletId } = purchase
  books.reserved.set(
    walletId,
    reservedOf(books, walletId).filter((other) => other !== purchase),
  )
  return outcomeOf(books, row, false)
}

function closedBefore(books: Books, purchase: PurchaseRow, closure: PurchaseClosure): Outcome {
  if ((purchase.state === 'completed') !== closure.debited) {
    return { status: 'declined', reason: 'purchase_closed', replayed: false }
  }
  const row = purchase.closureId && books.operations.get(purchase.closureId)
  assert(row !== undefined, 'a closed purchase has its ending')
  return outcomeOf(books, row, true)
}

function completePurchase(
  books: Books,
  purchase: PurchaseRow,
  closureId: OperationId,
  bookedAt: Instant,
): OperationRow {
  const { walletId, lotId, programId, faceWon, expiresAt } = purchase
  addLot(books, emptyLot({ walletId, lotId, programId, kind: 'purchase', faceWon, expiresAt }))
  return recordEnding(books, purchase, { closureId, kind: 'issue', bookedAt })
}

function abandonPurchase(
  books: Books,
  purchase: PurchaseRow,
  closureId: OperationId,
  bookedAt: Instant,
): OperationRow {
  countSale(books, purchase, won(0 - purchase.faceWon))
  returnDraws(books, purchase.purchaseId, closureId)
  return recordEnding(books, purchase, { closureId, kind: 'purchase_abandonment', bookedAt })
}

function recordEnding(
  books: Books,
  purchase: PurchaseRow,
  ending: { closureId: OperationId; kind: 'issue' | 'purchase_abandonment'; bookedAt: Instant },
): OperationRow {
  const verdict: Verdict = {
    kind: ending.kind,
    channel: 'system',
    decline: undefined,
    walletId: purchase.walletId,
    amountWon: purchase.faceWon,
    targetId: purchase.purchaseId,
    movements: ending.kind === 'issue' ? issueMovements(purchase) : [],
  }
  const key = { operationId: ending.closureId, requestHash: NO_REQUEST_HASH }
  return recordOperation(books, key, verdict, ending.bookedAt)
}

/** Gives back what a completed purchase took of its month's quota and of the member's cap. */
export function returnSale(books: Books, purchaseId: OperationId, returnedBy: OperationId): void {
  const purchase = books.purchases.get(purchaseId)
  assert(purchase?.state === 'completed', 'a sale that is given back was made')
  assert(purchase.saleReturnedBy === undefined, 'a sale is given back once')
  countSale(books, purchase, won(0 - purchase.faceWon))
  purchase.saleReturnedBy = returnedBy
  returnDraws(books, purchaseId, returnedBy)
}

type SaleKey = Pick<PurchaseRow, 'programId' | 'walletId' | 'month'>

/** Counters exist from the first accepted purchase on; before, they read as zero. */
function countSale(books: Books, sale: SaleKey, changeWon: Won): void {
  const program = programSale(books, sale)
  const member = memberSale(books, sale)
  program.soldWon = won(program.soldWon + changeWon)
  member.boughtWon = won(member.boughtWon + changeWon)
  assert(program.soldWon >= 0 && member.boughtWon >= 0, 'a sale counter never falls below zero')
  books.programSales.set(programKey(sale), program)
  books.memberSales.set(memberKey(sale), member)
}

function programSale(books: Books, sale: SaleKey): ProgramSaleRow {
  const { programId, month } = sale
  return books.programSales.get(programKey(sale)) ?? { programId, month, soldWon: won(0) }
}

function memberSale(books: Books, sale: SaleKey): MemberSaleRow {
  const { programId, walletId, month } = sale
  const none = { programId, walletId, month, boughtWon: won(0) }
  return books.memberSales.get(memberKey(sale)) ?? none
}

function programKey(sale: SaleKey): string {
  return `${sale.programId}/${sale.month}`
}

function memberKey(sale: SaleKey): string {
  return `${sale.programId}/${sale.walletId}/${sale.month}`
}
