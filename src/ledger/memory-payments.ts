/**
 * What payments, holds, closures of holds and cancellations come to in the in-memory ledger.
 * Nothing is written here: each function reads the books and returns a verdict, and recording it
 * moves the money.
 */
import {
  assert,
  sumWon,
  won,
  type DeclineReason,
  type Instant,
  type LotId,
  type MerchantId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import type {
  CancellationRequest,
  HoldClosureRequest,
  Lot,
  OperationKind,
  PaymentRequest,
} from './ledger.ts'
import {
  codeKey,
  lotsOf,
  targeting,
  type Books,
  type Movement,
  type OperationRow,
  type Verdict,
} from './memory-books.ts'

/** Some won of one lot. */
interface Part {
  lotId: LotId
  amountWon: Won
}

/** Bugs of the caller that the database would meet as a broken constraint. */
export function assertPayment(request: PaymentRequest): void {
  if (request.refusal !== undefined) return
  assert(request.amountWon > 0, 'a payment is above zero')
  assert(request.merchantId !== undefined, 'a payment that is not refused has a merchant')
  const tenders = new Set(request.tenders.map(({ programId, kind }) => `${programId}/${kind}`))
  assert(tenders.size === request.tenders.length, 'a tender stands once in a payment')
}

/** A payment gives to the merchant what it takes; a hold only sets it apart, lot by lot. */
export function decidePayment(
  books: Books,
  kind: 'payment' | 'hold',
  request: PaymentRequest,
  bookedAt: Instant,
): Verdict {
  const { walletId, merchantId, outletId, channel, amountWon, codeStep } = request
  const codeUsed = codeStep !== undefined && books.usedCodes.has(codeKey(walletId, codeStep))
  const refusal = request.refusal ?? (codeUsed ? 'code_already_used' : undefined)
  const parts = refusal === undefined ? takeParts(books, request, bookedAt) : []
  return {
    kind,
    channel,
    decline: refusal ?? (parts.length === 0 ? 'insufficient_funds' : undefined),
    walletId,
    merchantId,
    outletId,
    amountWon,
    codeStep,
    movements: parts.map((part) => paymentMovement(kind, part, merchantId)),
  }
}

function paymentMovement(
  kind: 'payment' | 'hold',
  { lotId, amountWon }: Part,
  merchantId: MerchantId | undefined,
): Movement {
  const debit = { debitKind: 'lot', debitId: lotId, amountWon } as const
  if (kind === 'hold') return { ...debit, creditKind: 'lot_hold', creditId: lotId }
  assert(merchantId !== undefined, 'who is paid is known')
  return { ...debit, creditKind: 'merchant_payable', creditId: merchantId }
}

/**
 * What a payment takes from each lot, in the order of taking; nothing where the lots do not
 * suffice.
 */
function takeParts(books: Books, request: PaymentRequest, bookedAt: Instant): Part[] {
  const spendable = lotsOf(books, request.walletId).filter(
    (lot) => lot.remainingWon > 0 && lot.expiresAt > bookedAt,
  )
  const eligible = request.tenders.flatMap((tender) =>
    spendable
      .filter((lot) => lot.programId === tender.programId && lot.kind === tender.kind)
      .toSorted(byExpiry),
  )
  if (sumWon(eligible.map((lot) => lot.remainingWon)) < request.amountWon) return []
  return splitOver(
    eligible.map((lot) => ({ lotId: lot.lotId, amountWon: lot.remainingWon })),
    request.amountWon,
  )
}

/** Inside one tender: what expires first, then the lowest lot id. */
export function byExpiry(a: Lot, b: Lot): number {
  return a.expiresAt - b.expiresAt || a.lotId - b.lotId
}

/** Fills `amountWon` from the parts in their order; parts that are not needed are left out. */
function splitOver(parts: readonly Part[], amountWon: Won): Part[] {
  let restWon = amountWon
  const split: Part[] = []
  for (const part of parts) {
    const takeWon = won(Math.min(part.amountWon, restWon))
    if (takeWon <= 0) continue
    split.push({ lotId: part.lotId, amountWon: takeWon })
    restWon = won(restWon - takeWon)
  }
  return split
}

/** Captures in the order of taking and gives each lot's rest back to it at once. */
export function decideHoldClosure(books: Books, request: HoldClosureRequest): Verdict {
  const { holdId, amountWon } = request
  const hold = targetOf(books, holdId, ['hold'])
  const decline = request.refusal ?? holdDecline(books, hold, amountWon)
  return {
    kind: amountWon === 0 ? 'release' : 'capture',
    channel: hold?.channel ?? 'system',
    decline,
    walletId: hold?.walletId,
    merchantId: hold?.merchantId,
    outletId: hold?.outletId,
    amountWon,
    targetId: holdId,
    movements: decline === undefined && hold !== undefined ? closureMovements(hold, amountWon) : [],
  }
}

function holdDecline(
  books: Books,
  hold: OperationRow | undefined,
  amountWon: Won,
): DeclineReason | undefined {
  if (hold === undefined || hold.decline !== undefined) return 'hold_unknown'
  if (targeting(books, hold.operationId).length > 0) return 'hold_closed'
  return amountWon > hold.amountWon ? 'capture_exceeds_hold' : undefined
}

function closureMovements(hold: OperationRow, amountWon: Won): Movement[] {
  assert(hold.merchantId !== undefined, 'a hold has a merchant')
  const merchantId = hold.merchantId
  let restWon = amountWon
  return hold.transfers.flatMap((transfer) => {
    const lotId = transfer.debitId
    const captureWon = won(Math.min(transfer.amountWon, restWon))
    const releaseWon = won(transfer.amountWon - captureWon)
    restWon = won(restWon - captureWon)
    const held = { debitKind: 'lot_hold', debitId: lotId } as const
    const movements: Movement[] = [
      { ...held, creditKind: 'merchant_payable', creditId: merchantId, amountWon: captureWon },
      { ...held, creditKind: 'lot', creditId: lotId, amountWon: releaseWon },
    ]
    return movements.filter((movement) => movement.amountWon > 0)
  })
}

/**
 * The operation that a request is about, declined or not, where it is of a kind that the request
 * can be about.
 */
function targetOf(
  books: Books,
  targetId: OperationId,
  kinds: readonly OperationKind[],
): OperationRow | undefined {
  const row = books.operations.get(targetId)
  return row !== undefined && kinds.includes(row.kind) ? row : undefined
}

/**
 * Gives back to the lot taken last, first; also to a lot that has expired since. The record names
 * the merchant that asked, be it declined as the wrong one.
 */
export function decideCancellation(books: Books, request: CancellationRequest): Verdict {
  const { paymentId, merchantId } = request
  const payment = targetOf(books, paymentId, ['payment', 'capture'])
  const left = payment === undefined ? [] : partsLeft(books, payment)
  const leftWon = sumWon(left.map((part) => part.amountWon))
  const amountWon = request.amountWon ?? leftWon
  const decline = request.refusal ?? cancelDecline({ payment, merchantId, amountWon, leftWon })
  return {
    kind: 'cancellation',
    channel: payment?.channel ?? 'system',
    decline,
    walletId: payment?.walletId,
    merchantId,
    outletId: payment?.outletId,
    amountWon,
    targetId: paymentId,
    movements:
      decline === undefined
        ? splitOver(left, amountWon).map((part) => ({
            debitKind: 'merchant_payable',
            debitId: merchantId,
            creditKind: 'lot',
            creditId: part.lotId,
            amountWon: part.amountWon,
          }))
        : [],
  }
}

function cancelDecline(facts: {
  payment: OperationRow | undefined
  merchantId: MerchantId
  amountWon: Won
  leftWon: Won
}): DeclineReason | undefined {
  if (facts.payment === undefined || facts.payment.decline !== undefined) return 'payment_unknown'
  if (facts.payment.merchantId !== facts.merchantId) return 'payment_of_other_merchant'
  const fits = facts.amountWon > 0 && facts.amountWon <= facts.leftWon
  return fits ? undefined : 'cancel_exceeds_payment'
}

/** What each lot paid and did not get back yet, the lot taken last first. */
function partsLeft(books: Books, payment: OperationRow): Part[] {
  const givenBack = targeting(books, payment.operationId).flatMap((row) => row.transfers)
  return payment.transfers
    .filter((transfer) => transfer.creditKind === 'merchant_payable')
    .toReversed()
    .map((paid) => {
      const backWon = sumWon(
        givenBack.filter((back) => back.creditId === paid.debitId).map((back) => back.amountWon),
      )
      const lotId = paid.debitId as LotId // The id of a lot account is the lot's.
      return { lotId, amountWon: won(paid.amountWon - backWon) }
    })
}
