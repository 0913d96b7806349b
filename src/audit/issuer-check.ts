/**
 * Rules about an issuer as a whole. They need sums by merchant, card company, program and month only, never the rows
 * behind them.
 */
import type { AccountKind } from '../ledger/ledger.ts'
import type { BookOperation, BookSale, Complaint, WalletBook } from './books.ts'
import { saleKey, saleProblems, salesOf } from './purchase-check.ts'
import { isPosted } from './wallet-view.ts'

/** Sums over all wallets of an issuer. Its size is that of merchants and card companies, and of programs × months. */
export interface IssuerTotals {
  operations: number
  transfers: number
  lots: number
  /** Credits less debits, from the transfers. */
  readonly accountsWon: Map<AccountKind, number>
  readonly payableByTransfers: Map<number, number>
  /** Captured less cancelled, from what the operations say; what cards paid is in `clearingByOperations`. */
  readonly payableByOperations: Map<number, number>
  readonly clearingByTransfers: Map<number, number>
  /** By card company: captured less cancelled less settled, from what the operations say. */
  readonly clearingByOperations: Map<number, number>
  /** What expired, from what the operations say, less what was taken out of it. */
  breakageByOperationsWon: number
  /** What was settled with card companies, by operation, from what the operations say. */
  readonly cardSettlements: Map<string, CardSettlement>
  /** What gifts and deposits still hold, by name; nothing where all is accounted for. */
  readonly openWon: Map<string, number>
  lotsRemainingWon: number
  lotsHeldWon: number
  /** By `saleKey`, from the purchases. */
  readonly salesWon: Map<string, number>
  /** By pot, from the operations. */
  readonly drawnWon: Map<number, number>
}

export interface CardSettlement {
  readonly amountWon: number
  readonly bookedAt: number
}

export function createTotals(): IssuerTotals {
  return {
    operations: 0,
    transfers: 0,
    lots: 0,
    accountsWon: new Map(),
    payableByTransfers: new Map(),
    payableByOperations: new Map(),
    clearingByTransfers: new Map(),
    clearingByOperations: new Map(),
    breakageByOperationsWon: 0,
    cardSettlements: new Map(),
    openWon: new Map(),
    lotsRemainingWon: 0,
    lotsHeldWon: 0,
    salesWon: new Map(),
    drawnWon: new Map(),
  }
}

/** Adds one wallet. */
export function addWallet(totals: IssuerTotals, wallet: WalletBook): void {
  for (const operation of wallet.operations) {
    totals.operations += 1
    const { merchantId, partnerId } = operation
    const owedWon = owedBy(operation)
    if (partnerId !== undefined) add(totals.clearingByOperations, partnerId, owedWon)
    else if (merchantId !== undefined) add(totals.payableByOperations, merchantId, owedWon)
    if (operation.kind === 'expiry' && isPosted(operation)) {
      totals.breakageByOperationsWon += operation.amountWon
    }
    if (operation.kind === 'card_settlement' && isPosted(operation)) {
      const { operationId, amountWon, bookedAt } = operation
      totals.cardSettlements.set(operationId, { amountWon, bookedAt })
    }
    addOpen(totals, operation)
    for (const { potId, amountWon } of operation.draws ?? []) {
      add(totals.drawnWon, potId, amountWon)
    }
    for (const { debitKind, debitId, creditKind, creditId, amountWon } of operation.transfers) {
      totals.transfers += 1
      if (debitKind === 'breakage') totals.breakageByOperationsWon -= amountWon
      add(totals.accountsWon, debitKind, -amountWon)
      add(totals.accountsWon, creditKind, amountWon)
      if (debitKind === 'merchant_payable') add(totals.payableByTransfers, debitId, -amountWon)
      if (creditKind === 'merchant_payable') add(totals.payableByTransfers, creditId, amountWon)
      if (debitKind === 'card_clearing') add(totals.clearingByTransfers, debitId, -amountWon)
      if (creditKind === 'card_clearing') add(totals.clearingByTransfers, creditId, amountWon)
    }
  }
  for (const lot of wallet.lots) {
    totals.lots += 1
    totals.lotsRemainingWon += lot.remainingWon
    totals.lotsHeldWon += lot.heldWon
  }
  for (const [key, amountWon] of salesOf(wallet.purchases)) add(totals.salesWon, key, amountWon)
}

/** Gifts by their account, deposits by the operation that brought them: what comes and goes meets at the same name. */
function addOpen(totals: IssuerTotals, { operationId, targetId, transfers }: BookOperation): void {
  for (const { debitKind, debitId, creditKind, creditId, amountWon } of transfers) {
    if (creditKind === 'gift_transit') addBalance(totals.openWon, `gift ${creditId}`, amountWon)
    if (debitKind === 'gift_transit') addBalance(totals.openWon, `gift ${debitId}`, -amountWon)
    if (creditKind === 'unidentified_deposit') {
      addBalance(totals.openWon, `deposit ${operationId}`, amountWon)
    }
    if (debitKind === 'unidentified_deposit') {
      addBalance(totals.openWon, `deposit ${targetId ?? 'of no name'}`, -amountWon)
    }
  }
}

/** What is even again is forgotten, so that only what is open takes memory. */
function addBalance(balances: Map<string, number>, name: string, amountWon: number): void {
  const balanceWon = (balances.get(name) ?? 0) + amountWon
  if (balanceWon === 0) balances.delete(name)
  else balances.set(name, balanceWon)
}

/** How much more the merchant, or the card company, is owed by an operation. */
function owedBy(operation: BookOperation): number {
  if (!isPosted(operation)) return 0
  switch (operation.kind) {
    case 'payment':
    case 'capture':
      return operation.amountWon
    case 'cancellation':
    case 'card_settlement':
    case 'payout':
      return -operation.amountWon
    default:
      return 0
  }
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

/** No more is taken out of a gift, a deposit, or what the issuer earned than came into it. */
export function checkOpenBalances(totals: IssuerTotals): Complaint[] {
  const earned = ['breakage', 'merchant_fee', 'fund_interest'] as const
  const balances = [
    ...totals.openWon,
    ...earned.map((kind) => [`the account ${kind}`, totals.accountsWon.get(kind) ?? 0] as const),
  ]
  return balances
    .filter(([, balanceWon]) => balanceWon < 0)
    .map(([where, balanceWon]) => ({ where, sentence: `gave ${-balanceWon} won that it had not` }))
}

/** Each merchant is owed what was captured for it less what was cancelled and what was paid out. */
export function checkPayables(totals: IssuerTotals): Complaint[] {
  return owingComplaints('merchant', totals.payableByOperations, totals.payableByTransfers)
}

/** Each card company is owed what was captured less what was cancelled and what was settled. */
export function checkClearing(totals: IssuerTotals): Complaint[] {
  return owingComplaints('partner', totals.clearingByOperations, totals.clearingByTransfers)
}

function owingComplaints(
  who: 'merchant' | 'partner',
  owedByOperations: ReadonlyMap<number, number>,
  owedByTransfers: ReadonlyMap<number, number>,
): Complaint[] {
  const complaints: Complaint[] = []
  for (const id of new Set([...owedByOperations.keys(), ...owedByTransfers.keys()])) {
    const byOperations = owedByOperations.get(id) ?? 0
    const byTransfers = owedByTransfers.get(id) ?? 0
    if (byOperations === byTransfers) continue
    complaints.push({
      where: `${who} ${id}`,
      sentence: `is owed ${byOperations} won by its payments and ${byTransfers} by the transfers`,
    })
  }
  return complaints
}

const owedByAccount = [
  ...(['settlement_in_transit', 'returned_payout', 'gift_transit'] as const),
  ...(['unidentified_deposit', 'merchant_fee', 'fund_interest'] as const),
]

/**
 * The operating fund, what the funders owe and what the operator owes for losses of stand-in cover all that is owed: to
 * members, for holds, to merchants, to card companies, for payouts, gifts and deposits, and what expired or was earned,
 * of which nobody may have spent more than was paid out of it.
 */
export function checkCoverage(totals: IssuerTotals): Complaint[] {
  const { accountsWon } = totals
  const paidIn = ['operating_fund', 'subsidy_receivable', 'standin_loss'] as const
  let assetsWon = 0
  for (const kind of paidIn) assetsWon -= accountsWon.get(kind) ?? 0
  let owedWon = totals.lotsRemainingWon + totals.lotsHeldWon
  for (const amountWon of totals.payableByOperations.values()) owedWon += amountWon
  for (const amountWon of totals.clearingByOperations.values()) owedWon += amountWon
  for (const kind of owedByAccount) owedWon += accountsWon.get(kind) ?? 0
  owedWon += totals.breakageByOperationsWon
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
