/**
 * What a movement comes to in the in-memory ledger: nothing where a lot, a payout or a target is not as policy saw it,
 * else its lines as they are, with the lots that they make and what became of payouts and sales.
 */
import { assert, sumWon, won, type DeclineReason, type Instant } from '../base/base.ts'
import type { Lot } from './ledger.ts'
import {
  addLot,
  outcomeOf,
  recordOperation,
  targeting,
  type Books,
  type Verdict,
} from './memory-books.ts'
import { addPayout, isPayoutAsSeen, takeStep } from './memory-payouts.ts'
import { drawDecline, recordDraws } from './memory-pots.ts'
import { exceedsHoldingCap, returnSale } from './memory-purchases.ts'
import type { LotOrigin, MovementOutcome, MovementRequest } from './movement.ts'
import { creditedWon, inTransitWon, movementWon, rivalsOf } from './movement-rules.ts'

/** Under a key that is not known yet. */
export function moveMoney(
  books: Books,
  request: MovementRequest,
  bookedAt: Instant,
): MovementOutcome {
  const { kind, walletId, merchantId, targetId, lines } = request
  const refusal = request.refusal ?? walletDecline(books, request)
  if (refusal === undefined && !isAsSeen(books, request)) return { status: 'changed' }
  const decline =
    refusal ?? holdingDecline(books, request, bookedAt) ?? drawDecline(books, request.draws)
  const isPosted = decline === undefined
  if (isPosted) addLots(books, request)
  const verdict: Verdict = {
    kind,
    channel: 'system',
    decline,
    walletId,
    merchantId,
    amountWon: movementWon(request),
    targetId,
    movements: isPosted ? lines.map((line) => ({ ...line })) : [],
  }
  const row = recordOperation(books, request, verdict, bookedAt)
  if (isPosted) follow(books, request, bookedAt)
  return outcomeOf(books, row, false)
}

/** What a posted movement does beside its lines. */
function follow(books: Books, request: MovementRequest, bookedAt: Instant): void {
  const { returnsSaleOf, operationId, payout } = request
  if (payout !== undefined) {
    addPayout(books, { operationId, payout, amountWon: inTransitWon(request) }, bookedAt)
  }
  takeStep(books, request, bookedAt)
  recordDraws(books, operationId, request.draws)
  if (returnsSaleOf !== undefined) returnSale(books, returnsSaleOf, operationId)
}

function walletDecline(books: Books, { walletId }: MovementRequest): DeclineReason | undefined {
  return walletId === undefined || books.wallets.has(walletId) ? undefined : 'wallet_unknown'
}

function isAsSeen(books: Books, request: MovementRequest): boolean {
  const { kind, targetId, seen = [] } = request
  const rivals = rivalsOf(kind)
  if (targetId !== undefined && rivals.length > 0) {
    const target = books.operations.get(targetId)
    assert(target !== undefined && target.decline === undefined, 'what is ended was posted')
    const ended = targeting(books, targetId).some((row) => rivals.includes(row.kind))
    if (ended) return false
  }
  return isPayoutAsSeen(books, request) && seen.every((lot) => isLotAsSeen(books, lot))
}

function isLotAsSeen(
  books: Books,
  seen: Pick<Lot, 'walletId' | 'lotId' | 'remainingWon' | 'heldWon'>,
): boolean {
  const lot = books.lots.get(seen.lotId)
  return (
    lot !== undefined &&
    lot.walletId === seen.walletId &&
    lot.remainingWon === seen.remainingWon &&
    lot.heldWon === seen.heldWon
  )
}

function holdingDecline(
  books: Books,
  request: MovementRequest,
  bookedAt: Instant,
): DeclineReason | undefined {
  const { walletId, newLots = [], holdingCaps = [] } = request
  if (walletId === undefined || newLots.length === 0) return undefined
  const credited = creditedWon(request, 'lot')
  const added = newLots.map(({ programId, lotId }) => {
    return { programId, amountWon: credited.get(lotId) ?? won(0) }
  })
  const exceeds = holdingCaps.some((cap) =>
    exceedsHoldingCap(books, { walletId, cap, added, bookedAt }),
  )
  return exceeds ? 'holding_cap_exceeded' : undefined
}

/** The lots that the lines fill; what comes back of a gift fills lots that are there. */
function addLots(books: Books, request: MovementRequest): void {
  const { walletId, newLots = [] } = request
  const credited = creditedWon(request, 'lot')
  if (credited.size === 0) return
  assert(walletId !== undefined, 'lots are in a wallet')
  for (const lot of newLots) {
    const faceWon = credited.get(lot.lotId) ?? won(0)
    addLot(books, { ...lot, walletId, faceWon, remainingWon: won(0), heldWon: won(0) })
  }
  for (const lotId of credited.keys()) {
    const lot = books.lots.get(lotId as Lot['lotId']) // The id of a lot account is the lot's.
    assert(lot?.walletId === walletId, 'a movement is about the lots of one wallet')
  }
}

/** The issue of a lot, with what each source gave for it. */
export function lotOrigin(books: Books, lotId: Lot['lotId']): LotOrigin | undefined {
  const lot = books.lots.get(lotId)
  const issuedBy = books.issues.get(lotId)
  const issue = issuedBy && books.operations.get(issuedBy)
  if (lot === undefined || issue === undefined) return undefined
  const { walletId, programId, kind, expiresAt } = lot
  const transfers = issue.transfers.filter(
    ({ creditKind, creditId }) => creditKind === 'lot' && creditId === lotId,
  )
  const from = (debitKind: string, debitId: number) => {
    const own = transfers.filter((one) => one.debitKind === debitKind && one.debitId === debitId)
    return sumWon(own.map(({ amountWon }) => amountWon))
  }
  return {
    lotId,
    walletId,
    programId,
    kind,
    issuedBy: issue.operationId,
    issuedAt: issue.bookedAt,
    expiresAt,
    purchaseId: issue.kind === 'issue' ? issue.targetId : undefined,
    sources: {
      payWon: from('operating_fund', 0),
      nationalWon: from('subsidy_receivable', 1),
      provinceWon: from('subsidy_receivable', 2),
      cityWon: from('subsidy_receivable', 3),
    },
  }
}
