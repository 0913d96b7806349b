/**
 * The books of one issuer, recomputed from transfers: money is conserved lot by lot, nothing is below
 * zero, a merchant's payable is what was captured less what was cancelled, refunds stay inside what was paid.
 */
import type { LedgerSnapshot, Transfer } from '../../src/ledger/ledger.ts'
import type { Report } from './sales.ts'

type Operation = LedgerSnapshot['operations'][number]

export function checkMoney(snapshot: LedgerSnapshot, report: Report): void {
  checkLots(snapshot, report)
  checkDeclines(snapshot, report)
  checkPayables(snapshot, report)
  checkCancellations(snapshot, report)
  checkExpiry(snapshot, report)
  checkConsumerCodes(snapshot, report)
}

function checkLots(snapshot: LedgerSnapshot, report: Report): void {
  const remaining = new Map<number, number>()
  const held = new Map<number, number>()
  const issued = new Map<number, number>()
  const add = (sums: Map<number, number>, id: number, won: number): void =>
    void sums.set(id, (sums.get(id) ?? 0) + won)
  for (const operation of snapshot.operations) {
    for (const transfer of operation.transfers) {
      const { debitKind, debitId, creditKind, creditId, amountWon } = transfer
      if (amountWon <= 0) report(operation.operationId, `a transfer of ${amountWon}`)
      if (debitKind === 'lot') add(remaining, debitId, 0 - amountWon)
      if (creditKind === 'lot') add(remaining, creditId, amountWon)
      if (debitKind === 'lot_hold') add(held, debitId, 0 - amountWon)
      if (creditKind === 'lot_hold') add(held, creditId, amountWon)
      if (isSource(transfer)) add(issued, creditId, amountWon)
    }
  }
  for (const lot of snapshot.lots) {
    const { lotId, remainingWon, heldWon, faceWon } = lot
    const about = `lot ${lotId}`
    if (remainingWon !== (remaining.get(lotId) ?? 0)) {
      report(about, `has ${remainingWon}, its transfers say ${remaining.get(lotId)}`)
    }
    if (heldWon !== (held.get(lotId) ?? 0)) report(about, `holds ${heldWon} against its transfers`)
    if (faceWon !== issued.get(lotId)) {
      report(about, `has a face of ${faceWon}, ${issued.get(lotId)} were issued`)
    }
    if (remainingWon < 0 || heldWon < 0) report(about, `is below zero: ${remainingWon}, ${heldWon}`)
    if (remainingWon + heldWon > faceWon) report(about, 'has more than its face')
  }
}

function isSource(transfer: Transfer): boolean {
  const { debitKind, creditKind } = transfer
  return creditKind === 'lot' && (debitKind === 'operating_fund' || debitKind === 'subsidy_receivable')
}

function checkDeclines(snapshot: LedgerSnapshot, report: Report): void {
  for (const operation of snapshot.operations) {
    const { operationId, decline, transfers } = operation
    if (decline !== undefined && transfers.length > 0) {
      report(operationId, `was declined ${decline} and moved money`)
    }
  }
}

/** Payable = captured − cancelled, and never below zero. */
function checkPayables(snapshot: LedgerSnapshot, report: Report): void {
  const payable = new Map<number, number>()
  for (const { transfers } of snapshot.operations) {
    for (const { creditKind, creditId, debitKind, debitId, amountWon } of transfers) {
      if (creditKind === 'merchant_payable') {
        payable.set(creditId, (payable.get(creditId) ?? 0) + amountWon)
      }
      if (debitKind === 'merchant_payable') {
        payable.set(debitId, (payable.get(debitId) ?? 0) - amountWon)
      }
    }
  }
  const expected = new Map<number, number>()
  for (const operation of snapshot.operations) {
    const { kind, decline, merchantId, amountWon } = operation
    if (decline !== undefined || merchantId === undefined) continue
    const sign = kind === 'payment' || kind === 'capture' ? 1 : kind === 'cancellation' ? -1 : 0
    expected.set(merchantId, (expected.get(merchantId) ?? 0) + sign * amountWon)
  }
  for (const merchantId of new Set([...payable.keys(), ...expected.keys()])) {
    const has = payable.get(merchantId) ?? 0
    const should = expected.get(merchantId) ?? 0
    if (has !== should) {
      report(`merchant ${merchantId}`, `payable is ${has}, captured less cancelled is ${should}`)
    }
    if (has < 0) report(`merchant ${merchantId}`, `payable is below zero: ${has}`)
  }
}

/** Refunds, however they raced, give back no more than was paid, to the lots that paid it. */
function checkCancellations(snapshot: LedgerSnapshot, report: Report): void {
  const payments = new Map(snapshot.operations.map((one) => [one.operationId, one]))
  const backByLot = new Map<string, number>()
  for (const operation of snapshot.operations) {
    if (operation.kind !== 'cancellation' || operation.decline !== undefined) continue
    const payment = operation.targetId === undefined ? undefined : payments.get(operation.targetId)
    if (payment === undefined || payment.decline !== undefined) {
      report(operation.operationId, 'gives back a payment that there is not')
      continue
    }
    if (payment.merchantId !== operation.merchantId) {
      report(operation.operationId, 'gives back a payment of another merchant')
    }
    for (const { creditId, amountWon } of operation.transfers) {
      const key = `${payment.operationId}/${creditId}`
      const back = (backByLot.get(key) ?? 0) + amountWon
      backByLot.set(key, back)
      const paid = paidFromLot(payment, creditId)
      if (back > paid) {
        report(payment.operationId, `${back} went back to lot ${creditId}, which paid ${paid}`)
      }
    }
  }
}

function paidFromLot(payment: Operation, lotId: number): number {
  return payment.transfers
    .filter((one) => one.creditKind === 'merchant_payable' && one.debitId === lotId)
    .reduce((sum, one) => sum + one.amountWon, 0)
}

/** Nothing is paid from a lot at or after its expiry. */
function checkExpiry(snapshot: LedgerSnapshot, report: Report): void {
  const lots = new Map<number, number>(snapshot.lots.map((lot) => [lot.lotId, lot.expiresAt]))
  for (const operation of snapshot.operations) {
    if (operation.kind !== 'payment' && operation.kind !== 'hold') continue
    for (const { debitId } of operation.transfers) {
      if (operation.bookedAt >= lots.get(debitId)!) {
        report(operation.operationId, `paid from lot ${debitId} after its expiry`)
      }
    }
  }
}

/** One step of one wallet's consumer code pays once. */
function checkConsumerCodes(snapshot: LedgerSnapshot, report: Report): void {
  const used = new Set<string>()
  for (const { operationId, walletId, codeStep, decline } of snapshot.operations) {
    if (codeStep === undefined || decline !== undefined) continue
    const step = `${walletId}/${codeStep}`
    if (used.has(step)) report(operationId, `paid with the consumer code of step ${step} again`)
    used.add(step)
  }
}
