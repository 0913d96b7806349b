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
  type MerchantId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import type {
  CancellationRequest,
  CardBooking,
  HoldClosureRequest,
  Leg,
  OperationKind,
  PaymentRequest,
} from './ledger.ts'
import { spendableParts, splitOver } from './lot-taking.ts'
import {
  codeKey,
  isHoldClosed,
  lotsOf,
  targeting,
  type Books,
  type Movement,
  type OperationRow,
  type Verdict,
} from './memory-books.ts'

/** What is credited: who is paid, or the card company that pays them; debited when it is given back. */
interface PayableAccount {
  creditKind: 'merchant_payable' | 'card_clearing'
  creditId: number
}

/** Bugs of the caller that the database would meet as a broken constraint. */
export function assertPayment(kind: 'payment' | 'hold', request: PaymentRequest): void {
  if (request.refusal !== undefined) return
  if (request.coverage === 'advice') {
    assert(kind === 'payment', 'a hold is no advice')
    assert(request.card !== undefined, 'an advice is about a card')
    assert(request.codeStep === undefined, 'an advice has no code')
  }
  assert(request.amountWon > 0, 'a payment is above zero')
  assert(request.merchantId !== undefined, 'a payment that is not refused has a merchant')
  const tenders = new Set(request.tenders.map(({ programId, kind }) => `${programId}/${kind}`))
  assert(tenders.size === request.tenders.length, 'a tender stands once in a payment')
}

/**
 * A payment gives to the merchant, or to the card company, what it takes; a hold only sets it apart, lot by lot. What
 * an advice finds missing is the last movement.
 */
export function decidePayment(
  books: Books,
  kind: 'payment' | 'hold',
  request: PaymentRequest,
  bookedAt: Instant,
): Verdict {
  const { walletId, merchantId, outletId, channel, amountWon, codeStep, coverage, card } = request
  const codeUsed = codeStep !== undefined && books.usedCodes.has(codeKey(walletId, codeStep))
  const refusal = request.refusal ?? (codeUsed ? 'code_already_used' : undefined)
  const parts = refusal === undefined ? takeParts(books, request, bookedAt) : []
  const takenWon = sumWon(parts.map((part) => part.amountWon))
  const decline = refusal ?? (suffices(request, takenWon) ? undefined : 'insufficient_funds')
  const verdict = { kind, channel, decline, walletId, merchantId, outletId, codeStep, card }
  if (decline !== undefined) return { ...verdict, amountWon, movements: [] }
  const movements = parts.map((part) => paymentMovement(kind, part, request))
  if (coverage !== 'advice') return { ...verdict, amountWon: takenWon, movements }
  const lossWon = won(amountWon - takenWon)
  const loss = { ...payableOf(request), debitKind: 'standin_loss', debitId: 0 } as const
  if (lossWon > 0) movements.push({ ...loss, amountWon: lossWon })
  return { ...verdict, amountWon, movements }
}

function suffices({ coverage, amountWon }: PaymentRequest, takenWon: Won): boolean {
  if (coverage === 'advice') return true
  return coverage === 'partial' ? takenWon > 0 : takenWon === amountWon
}

function paymentMovement(
  kind: 'payment' | 'hold',
  { lotId, amountWon }: Leg,
  request: PaymentRequest,
): Movement {
  const debit = { debitKind: 'lot', debitId: lotId, amountWon } as const
  if (kind === 'hold') return { ...debit, creditKind: 'lot_hold', creditId: lotId }
  return { ...debit, ...payableOf(request) }
}

function payableOf({
  merchantId,
  card,
}: {
  merchantId?: MerchantId | undefined
  card?: CardBooking | undefined
}): PayableAccount {
  if (card !== undefined) return { creditKind: 'card_clearing', creditId: card.partnerId }
  assert(merchantId !== undefined, 'who is paid is known')
  return { creditKind: 'merchant_payable', creditId: merchantId }
}

/** What a payment can take from each lot, up to its amount, in the order of taking. */
function takeParts(books: Books, request: PaymentRequest, bookedAt: Instant): Leg[] {
  const { walletId, tenders, amountWon } = request
  return splitOver(spendableParts(lotsOf(books, walletId), tenders, bookedAt), amountWon)
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
    card: cardOf(request, hold),
    notBefore: decline === undefined ? hold?.bookedAt : undefined,
    movements: decline === undefined && hold !== undefined ? closureMovements(hold, amountWon) : [],
  }
}

/** The partner is that of what is closed or given back; the date that of the request, where it says one. */
function cardOf(
  { card }: { card?: CardBooking },
  target: OperationRow | undefined,
): CardBooking | undefined {
  if (target === undefined) return card
  return target.card && { ...target.card, ...(card && { businessDate: card.businessDate }) }
}

function holdDecline(
  books: Books,
  hold: OperationRow | undefined,
  amountWon: Won,
): DeclineReason | undefined {
  if (hold === undefined || hold.decline !== undefined) return 'hold_unknown'
  if (isHoldClosed(books, hold.operationId)) return 'hold_closed'
  return amountWon > hold.amountWon ? 'capture_exceeds_hold' : undefined
}

function closureMovements(hold: OperationRow, amountWon: Won): Movement[] {
  const payable = payableOf(hold)
  let restWon = amountWon
  return hold.transfers.flatMap((transfer) => {
    const lotId = transfer.debitId
    const captureWon = won(Math.min(transfer.amountWon, restWon))
    const releaseWon = won(transfer.amountWon - captureWon)
    restWon = won(restWon - captureWon)
    const held = { debitKind: 'lot_hold', debitId: lotId } as const
    const movements: Movement[] = [
      { ...held, ...payable, amountWon: captureWon },
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
 * Gives back a loss first, then to the lot taken last, first; also to a lot that has expired since.
 * The record names the merchant that asked, be it declined as the wrong one.
 */
export function decideCancellation(books: Books, request: CancellationRequest): Verdict {
  const { paymentId, merchantId } = request
  const payment = targetOf(books, paymentId, ['payment', 'capture'])
  const left = payment === undefined ? [] : backLeft(books, payment)
  const leftWon = sumWon(left.map((back) => back.amountWon))
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
    card: cardOf(request, payment),
    movements: decline === undefined ? splitOver(left, amountWon) : [],
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

/** What a payment's lines can still give back, the last line first: a loss, then the lot taken last. */
function backLeft(books: Books, payment: OperationRow): Movement[] {
  const givenBack = targeting(books, payment.operationId).flatMap((row) => row.transfers)
  return payment.transfers
    .filter(({ creditKind }) => creditKind !== 'lot')
    .toReversed()
    .map((paid) => {
      const creditKind = paid.debitKind === 'standin_loss' ? 'standin_loss' : 'lot'
      const creditId = paid.debitId
      const before = givenBack.filter(
        (back) => back.creditKind === creditKind && back.creditId === creditId,
      )
      const backWon = sumWon(before.map((back) => back.amountWon))
      const { creditKind: debitKind, creditId: debitId } = paid
      const amountWon = won(paid.amountWon - backWon)
      return { debitKind, debitId, creditKind, creditId, amountWon }
    })
}
