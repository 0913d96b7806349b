/**
 * The bank's books against the ledger's: every debit is a lot, or a purchase that still waits, or a case;
 * every lot that was bought was debited; at the end the operating fund is the money at the bank.
 */
import type { IssuerId, OperationId } from '../../src/base/base.ts'
import type { LedgerSnapshot } from '../../src/ledger/ledger.ts'
import type { PurchaseCase } from '../../src/selling/selling.ts'
import type { BankDebitRow } from '../bank-side.ts'
import type { Report } from './sales.ts'

export interface BankBooks {
  readonly debits: ReadonlyMap<OperationId, BankDebitRow>
  readonly snapshots: ReadonlyMap<IssuerId, LedgerSnapshot>
  readonly cases: readonly PurchaseCase[]
  /** After healing nothing may wait any more. */
  readonly atEnd: boolean
}

export function checkBankBooks(books: BankBooks, report: Report): void {
  const { debits, snapshots, cases, atEnd } = books
  for (const { purchaseId, state, event } of cases) {
    report(purchaseId, `a case (${event} while ${state}), though the bank keeps its word`)
  }
  const waiting = new Set<OperationId>()
  const known = new Set<OperationId>()
  for (const { purchases } of snapshots.values()) {
    for (const { purchaseId, state, sources } of purchases) {
      known.add(purchaseId)
      const debit = debits.get(purchaseId)
      const debited = debit?.state === 'debited'
      if (state === 'reserved') {
        waiting.add(purchaseId)
        if (atEnd) report(purchaseId, 'is reserved still, after all has healed')
      }
      if (state === 'completed' && !debited && sources.payWon > 0) {
        report(purchaseId, `is a lot, and the bank has it ${debit?.state ?? 'never seen'}`)
      }
      if (state === 'abandoned' && debited) report(purchaseId, 'was abandoned and debited')
      if (debited && debit.amountWon !== sources.payWon) {
        report(purchaseId, `was debited ${debit.amountWon} for a price of ${sources.payWon}`)
      }
    }
  }
  for (const debit of debits.values()) {
    if (debit.state === 'debited' && !known.has(debit.debitId)) {
      report(debit.debitId, `the bank debited ${debit.amountWon} for no purchase`)
    }
  }
  for (const [issuerId, snapshot] of snapshots) {
    checkFund({ issuerId, snapshot, debits, waiting }, report)
  }
}

function checkFund(
  fund: {
    issuerId: IssuerId
    snapshot: LedgerSnapshot
    debits: ReadonlyMap<OperationId, BankDebitRow>
    waiting: ReadonlySet<OperationId>
  },
  report: Report,
): void {
  const { issuerId, snapshot, debits, waiting } = fund
  let bookedWon = 0
  for (const { transfers } of snapshot.operations) {
    for (const { debitKind, creditKind, amountWon } of transfers) {
      if (debitKind === 'operating_fund') bookedWon += amountWon
      if (creditKind === 'operating_fund') bookedWon -= amountWon
    }
  }
  let atBankWon = 0
  let onItsWayWon = 0
  for (const debit of debits.values()) {
    if (debit.issuerId !== issuerId || debit.state !== 'debited') continue
    atBankWon += debit.amountWon
    if (waiting.has(debit.debitId)) onItsWayWon += debit.amountWon
  }
  if (atBankWon - onItsWayWon !== bookedWon) {
    report(
      `issuer ${issuerId}`,
      `the bank has ${atBankWon}, ${onItsWayWon} of it unbooked, and the fund is ${bookedWon}`,
    )
  }
}
