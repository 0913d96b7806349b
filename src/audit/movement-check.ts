/** Movements name what they are about: a gift, a purchase, a payment or an issue of this wallet, and end it once. */
import { rivalsOf, type OperationKind } from '../ledger/ledger.ts'
import type { BookOperation, Complaint } from './books.ts'
import { isIssue } from './lot-check.ts'
import { isPosted, named, type WalletView } from './wallet-view.ts'

/** What a movement of the wallet is about; who accepts a gift looks into the giver's wallet, see `open_balance`. */
const targets: Partial<Record<OperationKind, readonly OperationKind[]>> = {
  purchase_cancellation: ['purchase'],
  gift_return: ['gift'],
  cashback: ['payment', 'capture'],
  cashback_return: ['payment', 'capture'],
}

export function checkTargets(wallet: WalletView): Complaint[] {
  const complaints: Complaint[] = []
  for (const operation of wallet.operations) {
    if (!isPosted(operation)) continue
    for (const sentence of targetProblems(wallet, operation)) {
      complaints.push({ where: named(operation), sentence })
    }
  }
  for (const [targetId, operations] of wallet.postedByTarget) {
    for (const kinds of new Set(operations.map(({ kind }) => rivalsOf(kind)))) {
      const ends = operations.filter(({ kind }) => kinds.includes(kind))
      if (ends.length < 2) continue
      complaints.push({
        where: `operation ${targetId}`,
        sentence: `was ended ${ends.length} times`,
      })
    }
  }
  return complaints
}

function targetProblems(wallet: WalletView, operation: BookOperation): string[] {
  const { kind, targetId, transfers } = operation
  const target = wallet.operationById.get(targetId ?? '')
  const kinds = targets[kind]
  const isAbout = target !== undefined && isPosted(target)
  if (kinds !== undefined && !(isAbout && kinds.includes(target.kind))) {
    return ['is about no operation that it can be about']
  }
  if (kind !== 'clawback') return []
  const isOfIssue = transfers.every(({ debitId }) =>
    target?.transfers.some((issued) => issued.creditKind === 'lot' && issued.creditId === debitId),
  )
  const isOwn = isAbout && isIssue(target) && isOfIssue
  return isOwn ? [] : ['takes from a lot that its target did not issue']
}
