/** What comes after a payment or a hold: cancellations give back what was taken, and a hold is closed at most once. */
import type { BookOperation, BookTransfer, Complaint } from './books.ts'
import { isPosted, named, sum, sumBy, type WalletView } from './wallet-view.ts'

/** Cancellations are by the merchant that was paid and never exceed the payment, in all and lot by lot. */
export function checkCancellations(wallet: WalletView): Complaint[] {
  const complaints: Complaint[] = []
  for (const operation of wallet.operations) {
    if (!isPosted(operation)) continue
    if (operation.kind === 'cancellation') {
      complaints.push(...cancellationProblems(operation, targetOf(wallet, operation)))
    }
    if (operation.kind === 'payment' || operation.kind === 'capture') {
      complaints.push(...givenBackProblems(wallet, operation))
    }
  }
  return complaints
}

function targetOf(wallet: WalletView, operation: BookOperation): BookOperation | undefined {
  const { targetId } = operation
  const target = targetId === undefined ? undefined : wallet.operationById.get(targetId)
  return target !== undefined && isPosted(target) ? target : undefined
}

function cancellationProblems(
  cancellation: BookOperation,
  payment: BookOperation | undefined,
): Complaint[] {
  const where = named(cancellation)
  if (payment === undefined || (payment.kind !== 'payment' && payment.kind !== 'capture')) {
    return [{ where, sentence: 'cancels no payment of this wallet' }]
  }
  if (payment.merchantId !== cancellation.merchantId) {
    return [{ where, sentence: `is by another merchant than ${named(payment)}` }]
  }
  if (payment.partnerId === cancellation.partnerId) return []
  return [{ where, sentence: `is of another card company than ${named(payment)}` }]
}

function givenBackProblems(wallet: WalletView, payment: BookOperation): Complaint[] {
  const cancellations = (wallet.postedByTarget.get(payment.operationId) ?? []).filter(
    (operation) => operation.kind === 'cancellation',
  )
  if (cancellations.length === 0) return []
  const complaints: Complaint[] = []
  const where = named(payment)
  const cancelledWon = sum(cancellations.map((cancellation) => cancellation.amountWon))
  if (cancelledWon > payment.amountWon) {
    const sentence = `is of ${payment.amountWon} won and ${cancelledWon} won of it were cancelled`
    complaints.push({ where, sentence })
  }
  const taken = sumBy(payment.transfers, ({ creditKind, debitKind, debitId }) =>
    creditKind === 'lot' || debitKind === 'standin_loss' ? undefined : debitId,
  )
  const backs = cancellations.flatMap((cancellation) => cancellation.transfers)
  const givenBack = sumBy(backs, ({ creditKind, creditId }) =>
    creditKind === 'lot' ? creditId : undefined,
  )
  const lossWon = lossOf(payment.transfers, 'debitKind')
  const lossBackWon = lossOf(backs, 'creditKind')
  if (lossBackWon > lossWon || (lossBackWon < lossWon && givenBack.size > 0)) {
    const sentence = `cost a loss of ${lossWon} won, of which ${lossBackWon} came back before the lots`
    complaints.push({ where, sentence })
  }
  for (const [lotId, amountWon] of givenBack) {
    const takenWon = taken.get(lotId) ?? 0
    if (amountWon <= takenWon) continue
    const sentence = `took ${takenWon} won from lot ${lotId} and ${amountWon} were given back to it`
    complaints.push({ where, sentence })
  }
  return complaints
}

function lossOf(transfers: readonly BookTransfer[], side: 'debitKind' | 'creditKind'): number {
  const losses = transfers.filter((transfer) => transfer[side] === 'standin_loss')
  return sum(losses.map((transfer) => transfer.amountWon))
}

/** A hold ends at most once, and its end moves exactly what was held, lot by lot. */
export function checkHolds(wallet: WalletView): Complaint[] {
  const complaints: Complaint[] = []
  for (const operation of wallet.operations) {
    if (!isPosted(operation)) continue
    if (operation.kind === 'capture' || operation.kind === 'release') {
      const hold = targetOf(wallet, operation)
      if (hold?.kind !== 'hold') {
        complaints.push({ where: named(operation), sentence: 'closes no hold of this wallet' })
      }
    }
    if (operation.kind === 'hold') complaints.push(...closureProblems(wallet, operation))
  }
  return complaints
}

function closureProblems(wallet: WalletView, hold: BookOperation): Complaint[] {
  const where = named(hold)
  const closures = (wallet.postedByTarget.get(hold.operationId) ?? []).filter(
    ({ kind }) => kind === 'capture' || kind === 'release',
  )
  if (closures.length > 1) return [{ where, sentence: `was closed ${closures.length} times` }]
  const [closure] = closures
  if (closure === undefined) return []
  const complaints: Complaint[] = []
  if (closure.merchantId !== hold.merchantId) {
    complaints.push({ where, sentence: `was closed for another merchant by ${named(closure)}` })
  }
  if (closure.partnerId !== hold.partnerId) {
    complaints.push({ where, sentence: `was closed for another card company by ${named(closure)}` })
  }
  const heldWon = sumBy(hold.transfers, ({ creditKind, creditId }) =>
    creditKind === 'lot_hold' ? creditId : undefined,
  )
  const freedWon = sumBy(closure.transfers, ({ debitKind, debitId }) =>
    debitKind === 'lot_hold' ? debitId : undefined,
  )
  for (const lotId of new Set([...heldWon.keys(), ...freedWon.keys()])) {
    const held = heldWon.get(lotId) ?? 0
    const freed = freedWon.get(lotId) ?? 0
    if (held === freed) continue
    const sentence = `held ${held} won of lot ${lotId}, and ${named(closure)} freed ${freed}`
    complaints.push({ where, sentence })
  }
  return complaints
}
