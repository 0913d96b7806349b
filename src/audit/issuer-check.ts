/** Rules about an issuer as a whole. They need sums by merchant, program and month only, never the rows behind them. */
import type { AccountKind } from '../ledger/ledger.ts'
import type { BookSale, Complaint, WalletBook } from './books.ts'
import { saleKey, saleProblems, salesOf } from './purchase-check.ts'
import { isPosted } from './wallet-view.ts'

/** Sums over all wallets of an issuer. Its size is that of merchants, and of programs × months. */
export interface IssuerTotals {
  operations: number
  transfers: number
  lots: number
  /** Credits less debits, from the transfers. */
  readonly accountsWon: Map<AccountKind, number>
  readonly payableByTransfers: Map<number, number>
  /** Captured less cancelled, from what the operations say. */
  readonly payableByOperations: Map<number, number>
  lotsRemainingWon: number
  lotsHeldWon: number
  /** By `saleKey`, from the purchases. */
  readonly salesWon: Map<string, number>
}

export function createTotals(): IssuerTotals {
  return {
    operations: 0,
    transfers: 0,
    lots: 0,
    accountsWon: new Map(),
    payableByTransfers: new Map(),
    payableByOperations: new Map(),
    lotsRemainingWon: 0,
    lotsHeldWon: 0,
    salesWon: new Map(),
  }
}

/** Adds one wallet. */
export function addWallet(totals: IssuerTotals, wallet: WalletBook): void {
  for (const operation of wallet.operations) {
    totals.operations += 1
    const { kind, merchantId, amountWon } = operation
    if (isPosted(operation) && merchantId !== undefined) {
      if (kind === 'payment' || kind === 'capture') {
        add(totals.payableByOperations, merchantId, amountWon)
      }
      if (kind === 'cancellation') add(totals.payableByOperations, merchantId, -amountWon)
    }
    for (const { debitKind, debitId, creditKind, creditId, amountWon } of operation.transfers) {
      totals.transfers += 1
      add(totals.accountsWon, debitKind, -amountWon)
      add(totals.accountsWon, creditKind, amountWon)
      if (debitKind === 'merchant_payable') add(totals.payableByTransfers, debitId, -amountWon)
      if (creditKind === 'merchant_payable') add(totals.payableByTransfers, creditId, amountWon)
    }
  }
  for (const lot of wallet.lots) {
    totals.lots += 1
    totals.lotsRemainingWon += lot.remainingWon
    totals.lotsHeldWon += lot.heldWon
  }
  for (const [key, amountWon] of salesOf(wallet.purchases)) add(totals.salesWon, key, amountWon)
}

function add<Key>(sums: Map<Key, number>, key: Key, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount)
}

/** All accounts together are zero, and what stands in the lots is what the transfers left there. */
export function checkConservation(totals: IssuerTotals): Complaint[] {
  const complaints: Complaint[] = []
  const where = 'the accounts'
  let balanceWon = 0
  for (const amountWon of totals.accountsWon.values()) balanceWon += amountWon
  if (balanceWon !== 0) {
    complaints.push({ where, sentence: `of the issuer add up to ${balanceWon} won, not to zero` })
  }
  const sides = [
    ['lots', totals.lotsRemainingWon, totals.accountsWon.get('lot') ?? 0],
    ['holds', totals.lotsHeldWon, totals.accountsWon.get('lot_hold') ?? 0],
  ] as const
  for (const [name, storedWon, movedWon] of sides) {
    if (storedWon === movedWon) continue
    complaints.push({
      where,
      sentence: `of all ${name} hold ${storedWon} won, the transfers left ${movedWon}`,
    })
  }
  return complaints
}

/** Each merchant is owed what was captured for it less what was cancelled. */
export function checkPayables(totals: IssuerTotals): Complaint[] {
  const { payableByOperations, payableByTransfers } = totals
  const complaints: Complaint[] = []
  for (const merchantId of new Set([...payableByOperations.keys(), ...payableByTransfers.keys()])) {
    const byOperations = payableByOperations.get(merchantId) ?? 0
    const byTransfers = payableByTransfers.get(merchantId) ?? 0
    if (byOperations === byTransfers) continue
    complaints.push({
      where: `merchant ${merchantId}`,
      sentence: `is owed ${byOperations} won by its payments and ${byTransfers} by the transfers`,
    })
  }
  return complaints
}

/** The operating fund and what the funders owe cover all that is owed: to members, for holds and to merchants. */
export function checkCoverage(totals: IssuerTotals): Complaint[] {
  const { accountsWon } = totals
  const assetsWon =
    -(accountsWon.get('operating_fund') ?? 0) - (accountsWon.get('subsidy_receivable') ?? 0)
  let payablesWon = 0
  for (const amountWon of totals.payableByOperations.values()) payablesWon += amountWon
  const owedWon = totals.lotsRemainingWon + totals.lotsHeldWon + payablesWon
  if (assetsWon >= owedWon) return []
  const percent = owedWon === 0 ? 0 : Math.floor((assetsWon / owedWon) * 10_000) / 100
  const sentence = `covers ${percent} % (${assetsWon} of ${owedWon} won) of what is owed`
  return [{ where: 'the fund', sentence }]
}

/** What was sold of each program in each month is the sum of the purchases that were not abandoned. */
export function checkProgramSales(
  totals: IssuerTotals,
  programSales: readonly BookSale[],
): Complaint[] {
  const stored = programSales.map(({ programId, month, amountWon }) => ({
    key: saleKey(programId, month),
    amountWon,
  }))
  return saleProblems(stored, totals.salesWon).map(({ key, sentence }) => ({
    where: `the sales of ${key}`,
    sentence,
  }))
}
