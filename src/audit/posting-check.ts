/**
 * Money is conserved: every operation's transfers have the shape of its kind and add up to what it says it moved, and a
 * declined operation moved nothing.
 */
import { movementAccounts, type AccountKind, type OperationKind } from '../ledger/ledger.ts'
import type { BookOperation, BookTransfer, Complaint } from './books.ts'
import { isPosted, named, sum, type WalletView } from './wallet-view.ts'

type Movements = Record<OperationKind, readonly (readonly [AccountKind, AccountKind])[]>

/** From which kind of account to which, for each kind of operation. */
const movements: Movements = {
  issue: [
    ['operating_fund', 'lot'],
    ['subsidy_receivable', 'lot'],
  ],
  payment: [['lot', 'merchant_payable']],
  hold: [['lot', 'lot_hold']],
  capture: [
    ['lot_hold', 'merchant_payable'],
    ['lot_hold', 'lot'],
  ],
  release: [['lot_hold', 'lot']],
  cancellation: [['merchant_payable', 'lot']],
  purchase: [],
  purchase_abandonment: [],
  card_settlement: [],
  expiry: [['lot', 'breakage']],
  ...movementAccounts,
}

/** The same for operations about a card: the card company is owed, and an advice may cost a loss. */
const cardMovements: Movements = {
  ...movements,
  payment: [
    ['lot', 'card_clearing'],
    ['standin_loss', 'card_clearing'],
  ],
  capture: [
    ['lot_hold', 'card_clearing'],
    ['lot_hold', 'lot'],
  ],
  cancellation: [
    ['card_clearing', 'standin_loss'],
    ['card_clearing', 'lot'],
  ],
  card_settlement: [['card_clearing', 'settlement_in_transit']],
}

function movementsOf({ kind, partnerId }: BookOperation): Movements[OperationKind] {
  return (partnerId === undefined ? movements : cardMovements)[kind]
}

export function checkPostings(wallet: WalletView): Complaint[] {
  return wallet.operations.flatMap((operation) =>
    postingProblems(operation).map((sentence) => ({ where: named(operation), sentence })),
  )
}

function postingProblems(operation: BookOperation): string[] {
  const { transfers } = operation
  if (!isPosted(operation)) {
    return transfers.length === 0 ? [] : [`was declined and moved ${moved(transfers)} won`]
  }
  const problems = transfers.flatMap((transfer) => transferProblems(operation, transfer))
  if (transfers.some((transfer, index) => transfer.line !== index + 1)) {
    problems.push('has transfers whose lines are not 1, 2, 3, …')
  }
  const expectedWon = expectedMovement(operation)
  if (expectedWon !== undefined && movedForAmount(operation) !== expectedWon) {
    problems.push(`is of ${expectedWon} won but moved ${movedForAmount(operation)} won`)
  }
  return [...problems, ...lossProblems(operation)]
}

/** The loss account pays what the wallet lacked: one line, after all that was there; and is paid back first. */
function lossProblems({ kind, transfers }: BookOperation): string[] {
  const isLoss = ({ debitKind, creditKind }: BookTransfer) =>
    debitKind === 'standin_loss' || creditKind === 'standin_loss'
  const losses = transfers.filter(isLoss)
  if (losses.length === 0) return []
  const place = kind === 'payment' ? transfers.length - 1 : 0
  const isInPlace = losses.length === 1 && transfers.findIndex(isLoss) === place
  const side = kind === 'payment' ? 'last' : 'first'
  return isInPlace ? [] : [`has a loss that is not its ${side} line`]
}

/** Accounts of which an issuer has one, beside the operating fund. */
const standsOnce: readonly AccountKind[] = [
  ...(['standin_loss', 'settlement_in_transit', 'breakage', 'merchant_fee'] as const),
  ...(['unidentified_deposit', 'fund_interest'] as const),
]

function transferProblems(operation: BookOperation, transfer: BookTransfer): string[] {
  const { line, debitKind, debitId, creditKind, creditId, amountWon } = transfer
  const problems: string[] = []
  const isUsual = movementsOf(operation).some(
    ([debit, credit]) => debit === debitKind && credit === creditKind,
  )
  if (!isUsual) {
    problems.push(`moves money from ${debitKind} to ${creditKind} in line ${line}`)
  }
  if (!(amountWon > 0)) problems.push(`moves ${amountWon} won in line ${line}`)
  for (const [kind, id] of [
    [debitKind, debitId],
    [creditKind, creditId],
  ] as const) {
    if (kind === 'merchant_payable' && id !== operation.merchantId) {
      problems.push(`is about merchant ${operation.merchantId} but line ${line} is about ${id}`)
    }
    if (kind === 'card_clearing' && id !== operation.partnerId) {
      const own = operation.partnerId === undefined ? 'no card' : `partner ${operation.partnerId}`
      problems.push(`is about ${own} but line ${line} is about partner ${id}`)
    }
    if (kind === 'operating_fund' && id !== 0) {
      problems.push(`is about an operating fund ${id} that does not exist in line ${line}`)
    }
    if (kind === 'subsidy_receivable' && ![1, 2, 3].includes(id)) {
      problems.push(`is about a funder ${id} that does not exist in line ${line}`)
    }
    if (standsOnce.includes(kind) && id !== 0) {
      problems.push(`moves an account ${kind} ${id} that does not exist in line ${line}`)
    }
  }
  // A hold and its end stay with the lot.
  const staysWithLot = ['lot', 'lot_hold']
  if (staysWithLot.includes(debitKind) && staysWithLot.includes(creditKind)) {
    if (debitId !== creditId) {
      problems.push(`moves value from lot ${debitId} to lot ${creditId} in line ${line}`)
    }
  }
  return problems
}

/** What the transfers that stand for the amount have to add up to; `undefined` where the hold decides it. */
function expectedMovement(operation: BookOperation): number | undefined {
  if (operation.kind === 'release') return undefined
  const movesNothing = movementsOf(operation).length === 0
  return movesNothing ? 0 : operation.amountWon
}

function movedForAmount({ kind, transfers }: BookOperation): number {
  if (kind !== 'capture') return moved(transfers)
  return moved(transfers.filter((transfer) => transfer.creditKind !== 'lot'))
}

function moved(transfers: readonly BookTransfer[]): number {
  return sum(transfers.map((transfer) => transfer.amountWon))
}

/** A wallet that operations were posted in is opened, once. */
export function checkOpening(wallet: WalletView): Complaint[] {
  const { walletId, openings } = wallet
  if (walletId === undefined) {
    return wallet.operations
      .filter((operation) => isPosted(operation) && !isWithoutWallet(operation))
      .map((operation) => ({ where: named(operation), sentence: 'was posted without a wallet' }))
  }
  const isUsed =
    wallet.operations.some(isPosted) || wallet.lots.length > 0 || wallet.purchases.length > 0
  if (openings === 1 || (openings === 0 && !isUsed)) return []
  return [{ where: `wallet ${walletId}`, sentence: `is used and was opened ${openings} times` }]
}

/** What is about merchants, card companies, funders or the fund names no wallet, where it touches no lot. */
function isWithoutWallet({ kind, transfers }: BookOperation): boolean {
  const touchesLots = transfers.some((one) => one.debitKind === 'lot' || one.creditKind === 'lot')
  return kind === 'card_settlement' || (kind in movementAccounts && !touchesLots)
}

/** Each key has one outcome, and a consumer-presented code pays once. */
export function checkKeys(wallet: WalletView): Complaint[] {
  const complaints: Complaint[] = []
  const keys = new Set<string>()
  const codeSteps = new Set<number>()
  for (const operation of wallet.operations) {
    if (keys.has(operation.operationId)) {
      complaints.push({ where: named(operation), sentence: 'has more than one outcome' })
    }
    keys.add(operation.operationId)
    if (operation.codeStep === undefined || !isPosted(operation)) continue
    if (codeSteps.has(operation.codeStep)) {
      const sentence = `paid with code ${operation.codeStep}, which had paid before`
      complaints.push({ where: named(operation), sentence })
    }
    codeSteps.add(operation.codeStep)
  }
  return complaints
}
