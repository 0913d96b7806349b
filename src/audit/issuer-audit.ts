/** Runs every checker over the books of one issuer, in one pass over its wallets. */
import type { BookSale, Complaint, Finding, IssuerBooks } from './books.ts'
import {
  addWallet,
  checkClearing,
  checkConservation,
  checkCoverage,
  checkOpenBalances,
  checkPayables,
  checkProgramSales,
  createTotals,
  type IssuerTotals,
} from './issuer-check.ts'
import {
  BOOKING_SLACK_MS,
  checkBreakage,
  checkExpiry,
  checkLotBalances,
  checkLotOrigins,
} from './lot-check.ts'
import { checkTargets } from './movement-check.ts'
import { checkCancellations, checkHolds } from './payment-check.ts'
import { checkPayouts } from './payout-check.ts'
import { checkKeys, checkOpening, checkPostings } from './posting-check.ts'
import { checkDraws, checkPotUses } from './pot-check.ts'
import { checkMemberSales, checkPurchases } from './purchase-check.ts'
import { viewWallet, type WalletChecker } from './wallet-view.ts'

/** Every rule that is checked wallet by wallet, by the name that findings carry. */
export const walletCheckers = {
  opening: checkOpening,
  key: checkKeys,
  posting: checkPostings,
  lot_balance: checkLotBalances,
  lot_origin: checkLotOrigins,
  expiry: checkExpiry,
  breakage: checkBreakage,
  cancellation: checkCancellations,
  hold: checkHolds,
  purchase: checkPurchases,
  member_sale: checkMemberSales,
  draw: checkDraws,
  target: checkTargets,
} as const satisfies Record<string, WalletChecker>

/** Every rule about the issuer's sums. */
export const issuerCheckers = {
  conservation: checkConservation,
  payable: checkPayables,
  clearing: checkClearing,
  coverage: checkCoverage,
  open_balance: checkOpenBalances,
} as const satisfies Record<string, (totals: IssuerTotals) => Complaint[]>

export interface IssuerAuditOptions {
  readonly onFinding: (finding: Finding) => void
  /** Told after each wallet, for whoever watches. */
  readonly onWallet?: (totals: Readonly<IssuerTotals>) => void
  /** See `BOOKING_SLACK_MS`. */
  readonly slackMs?: number
}

/** Reads the books once and reports what is wrong. Returns what was read. */
export async function checkBooks(
  books: IssuerBooks,
  { onFinding, onWallet, slackMs = BOOKING_SLACK_MS }: IssuerAuditOptions,
): Promise<IssuerTotals> {
  const { issuerId } = books
  const report = (checker: string, complaints: readonly Complaint[]) => {
    for (const complaint of complaints) onFinding({ checker, issuerId, ...complaint })
  }
  const totals = createTotals()
  const checkers: [string, WalletChecker][] = Object.entries({
    ...walletCheckers,
    lot_balance: (wallet) => checkLotBalances(wallet, slackMs),
  } satisfies Record<keyof typeof walletCheckers, WalletChecker>)
  for await (const book of books.wallets()) {
    const wallet = viewWallet(book)
    for (const [name, check] of checkers) report(name, check(wallet))
    addWallet(totals, book)
    onWallet?.(totals)
  }
  for (const [name, check] of Object.entries(issuerCheckers)) report(name, check(totals))
  const programSales: BookSale[] = []
  for await (const sale of books.programSales()) programSales.push(sale)
  report('program_sale', checkProgramSales(totals, programSales))
  report('pot_use', await checkPotUses(books, totals))
  for await (const complaint of checkPayouts(books, totals)) report('payout', [complaint])
  for await (const operationId of books.strayDraws()) {
    const sentence = 'does not exist and drew from a pot'
    report('stray_draw', [{ where: `operation ${operationId}`, sentence }])
  }
  for await (const { operationId, line } of books.strayTransfers()) {
    const where = `transfer ${operationId} line ${line}`
    report('stray_transfer', [{ where, sentence: 'belongs to no operation' }])
  }
  for await (const operationId of books.repeatedKeys()) {
    const where = `operation ${operationId}`
    report('key', [{ where, sentence: 'stands in the journal more than once' }])
  }
  return totals
}
