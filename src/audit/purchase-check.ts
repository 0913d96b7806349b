/**
 * Purchases: reserved by one operation, ended by at most one, and the lot they issue is what was bought. What members
 * bought in a month is the sum of their purchases.
 */
import type { BookLot, BookOperation, BookPurchase, Complaint } from './books.ts'
import { isPosted, named, sumBy, type WalletView } from './wallet-view.ts'

export function checkPurchases(wallet: WalletView): Complaint[] {
  const complaints: Complaint[] = []
  const purchaseById = new Map(wallet.purchases.map((purchase) => [purchase.purchaseId, purchase]))
  for (const operation of wallet.operations) {
    if (!isPosted(operation)) continue
    const where = named(operation)
    if (operation.kind === 'purchase' && !purchaseById.has(operation.operationId)) {
      complaints.push({ where, sentence: 'reserved a purchase that does not exist' })
    }
    if (isEnding(operation) && !purchaseById.has(operation.targetId ?? '')) {
      complaints.push({ where, sentence: 'ends a purchase that does not exist' })
    }
  }
  for (const purchase of wallet.purchases) {
    const where = `purchase ${purchase.purchaseId}`
    for (const sentence of purchaseProblems(wallet, purchase)) complaints.push({ where, sentence })
  }
  return complaints
}

/** A granted lot is issued without a purchase: only an issue that names one is its ending. */
function isEnding(operation: BookOperation): boolean {
  const { kind, targetId } = operation
  return kind === 'purchase_abandonment' || (kind === 'issue' && targetId !== undefined)
}

function purchaseProblems(wallet: WalletView, purchase: BookPurchase): string[] {
  const problems: string[] = []
  const reservation = wallet.operationById.get(purchase.purchaseId)
  if (reservation?.kind !== 'purchase' || !isPosted(reservation)) {
    problems.push('was reserved by no operation')
  } else {
    if (reservation.amountWon !== purchase.faceWon) {
      problems.push(`is of ${purchase.faceWon} won, reserved were ${reservation.amountWon}`)
    }
    if (reservation.bookedAt !== purchase.reservedAt) {
      problems.push('was not reserved when its operation was booked')
    }
  }
  const { payWon, nationalWon, provinceWon, cityWon, faceWon } = purchase
  if (payWon + nationalWon + provinceWon + cityWon !== faceWon) {
    problems.push('has parts that do not add up to its face value')
  }
  return [...problems, ...endingProblems(wallet, purchase), ...returnProblems(wallet, purchase)]
}

function endingProblems(wallet: WalletView, purchase: BookPurchase): string[] {
  const endings = (wallet.postedByTarget.get(purchase.purchaseId) ?? []).filter(isEnding)
  if (endings.length > 1) return [`was ended ${endings.length} times`]
  const [ending] = endings
  const problems: string[] = []
  const state =
    ending === undefined ? 'reserved' : ending.kind === 'issue' ? 'completed' : 'abandoned'
  if (purchase.state !== state) {
    problems.push(`is ${purchase.state}, its operations say ${state}`)
  }
  if (purchase.closedAt !== ending?.bookedAt) {
    problems.push('was not closed when its ending was booked')
  }
  if (ending?.kind === 'issue') {
    problems.push(...sourceProblems(purchase, ending))
    problems.push(...lotProblems(purchase, wallet.lotById.get(purchase.lotId)))
  }
  return problems
}

/** A sale is given back by the cancellation of a purchase that was completed. */
function returnProblems(wallet: WalletView, purchase: BookPurchase): string[] {
  const { saleReturnedBy, purchaseId, state } = purchase
  if (saleReturnedBy === undefined) return []
  const cancellations = (wallet.postedByTarget.get(purchaseId) ?? []).filter(
    ({ kind, operationId }) => kind === 'purchase_cancellation' && operationId === saleReturnedBy,
  )
  if (cancellations.length === 1 && state === 'completed') return []
  return [`gave its sale back by ${saleReturnedBy}, which did not cancel it`]
}

/** Who paid for the lot is who was to pay for it. */
function sourceProblems(purchase: BookPurchase, issue: BookOperation): string[] {
  const funded = sumBy(issue.transfers, ({ debitKind, debitId }) => {
    if (debitKind === 'operating_fund') return 0
    return debitKind === 'subsidy_receivable' ? debitId : undefined
  })
  const parts = [purchase.payWon, purchase.nationalWon, purchase.provinceWon, purchase.cityWon]
  const isAsBought =
    parts.every((amountWon, source) => (funded.get(source) ?? 0) === amountWon) &&
    issue.transfers.every((transfer) => transfer.creditId === purchase.lotId)
  return isAsBought ? [] : [`was issued by ${named(issue)} from other sources or to another lot`]
}

function lotProblems(purchase: BookPurchase, lot: BookLot | undefined): string[] {
  if (lot === undefined) return [`is completed and its lot ${purchase.lotId} does not exist`]
  const isAsBought =
    lot.kind === 'purchase' &&
    lot.programId === purchase.programId &&
    lot.faceWon === purchase.faceWon &&
    lot.expiresAt === purchase.expiresAt
  return isAsBought ? [] : [`and its lot ${lot.lotId} differ in program, kind, value or expiry`]
}

/** What the wallet bought of each program in each month is the sum of its purchases that stand. */
export function checkMemberSales(wallet: WalletView): Complaint[] {
  const stored = wallet.memberSales.map(({ programId, month, amountWon }) => ({
    key: saleKey(programId, month),
    amountWon,
  }))
  return saleProblems(stored, salesOf(wallet.purchases)).map(({ key, sentence }) => ({
    where: `wallet ${wallet.walletId}, ${key}`,
    sentence,
  }))
}

/** Sums by `saleKey`, of purchases that were not abandoned and did not give their sale back. */
export function salesOf(purchases: readonly BookPurchase[]): Map<string, number> {
  const sales = new Map<string, number>()
  for (const { programId, month, faceWon, state, saleReturnedBy } of purchases) {
    if (state === 'abandoned' || saleReturnedBy !== undefined) continue
    const key = saleKey(programId, month)
    sales.set(key, (sales.get(key) ?? 0) + faceWon)
  }
  return sales
}

export function saleKey(programId: number, month: string): string {
  return `program ${programId} in ${month}`
}

/** Where stored sums differ from computed ones. A stored zero is the same as none. */
export function saleProblems(
  stored: readonly { readonly key: string; readonly amountWon: number }[],
  computed: ReadonlyMap<string, number>,
): { key: string; sentence: string }[] {
  const problems: { key: string; sentence: string }[] = []
  const left = new Map(computed)
  for (const { key, amountWon } of stored) {
    const computedWon = left.get(key) ?? 0
    if (computedWon !== amountWon) {
      problems.push({ key, sentence: `says ${amountWon} won, the purchases say ${computedWon}` })
    }
    left.delete(key)
  }
  for (const [key, computedWon] of left) {
    problems.push({ key, sentence: `is missing, the purchases say ${computedWon} won` })
  }
  return problems
}
