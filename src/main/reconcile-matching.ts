/**
 * Holds three books of one card sale against each other: the card company's, the gateways' and the ledger's. Plain
 * functions over what was read; each sale is counted once, by the worst that is wrong with it.
 */
import type { OperationId, Sha256 } from '../base/base.ts'
import {
  cardKeyText,
  cardOperationId,
  cardOperationParts,
  verdictOfDecline,
  type CardKey,
  type CardOperationPart,
} from '../cards/cards.ts'
import type { CardBooks, CardLedgerOperation } from '../postgres/postgres.ts'
import type { CompanySale } from './reconcile-company.ts'
import { gatewayView, type GatewayBooks, type GatewayView } from './reconcile-gateway.ts'

/** What may be wrong with a sale, the worst first. */
export const breakKinds = [
  // The account paid what nobody had said it should pay.
  'paid_twice',
  'silent_debit',
  'account_without_reason',
  'provisional_without_conversion',
  // The books do not agree, or not yet.
  'ledger_differs',
  'conversion_differs',
  'gateway_differs',
  'gateway_without_record',
  'unknown_to_company',
  'notice_not_taken',
  'company_not_finished',
] as const
export type BreakKind = (typeof breakKinds)[number]
const wrongSources: readonly BreakKind[] = breakKinds.slice(0, 4)

export interface Break {
  readonly kinds: readonly BreakKind[]
  /** The card key, or the ledger's operation where no sale of a company is known to it. */
  readonly key: string
  readonly company: string
  readonly gateways: string
  readonly ledger: string
  readonly differenceWon: number
}

export interface Reconciliation {
  readonly matched: number
  readonly unmatched: number
  readonly wrongSource: number
  readonly differenceWon: number
  readonly breaks: readonly Break[]
}

export interface ThreeBooks {
  readonly sales: readonly CompanySale[]
  readonly gateways: readonly GatewayBooks[]
  readonly ledger: CardBooks
  /** Gateways keep answers for a bounded time: of sales before this they need not know. */
  readonly gatewaysKnowSince: number
}

export function reconcile(books: ThreeBooks, sha256: Sha256): Reconciliation {
  const index = indexLedger(books.ledger)
  const breaks: Break[] = []
  let matched = 0
  for (const sale of books.sales) {
    const ledger = ledgerView(index, sale, sha256)
    const gateway = gatewayView(books.gateways, sale)
    const found = { sale, ledger, gateway }
    const kinds = [
      ...accountBreaks(found),
      ...amountBreaks(found, sale.askedAt >= books.gatewaysKnowSince),
    ]
    if (kinds.length === 0) matched += 1
    else breaks.push(breakOf(found, kinds))
  }
  breaks.push(...strayOperations(index), ...strayAnswers(books))
  const wrong = breaks.filter(({ kinds }) => kinds.some((kind) => wrongSources.includes(kind)))
  return {
    matched,
    unmatched: breaks.length - wrong.length,
    wrongSource: wrong.length,
    differenceWon: breaks.reduce((sum, { differenceWon }) => sum + differenceWon, 0),
    breaks,
  }
}

/** What the ledger holds under one sale's key. */
interface LedgerView {
  readonly isThere: boolean
  /** Something was undone, completed, or made impossible under the key. */
  readonly isChanged: boolean
  /** Paid and captured less given back, the loss account's part included; conversions apart. */
  readonly paidWon: number
  readonly heldWon: number
  readonly convertedWon: number
  /** A decline that says that the voucher has nothing to do with the sale. */
  readonly saysNotApplicable: boolean
  readonly conversion: CardBooks['conversions'][number] | undefined
}

interface LedgerIndex {
  /** A sale at a shop that several issuers know may have operations of one id with each. */
  readonly operations: ReadonlyMap<OperationId, readonly CardLedgerOperation[]>
  readonly conversions: ReadonlyMap<OperationId, CardBooks['conversions'][number]>
  readonly closedHolds: ReadonlySet<OperationId>
  readonly explained: Set<OperationId>
}

function indexLedger({ operations, conversions }: CardBooks): LedgerIndex {
  const closed = operations.flatMap(({ kind, decline, targetId }) =>
    decline === null && targetId !== null && (kind === 'capture' || kind === 'release')
      ? [targetId]
      : [],
  )
  return {
    operations: Map.groupBy(operations, ({ operationId }) => operationId),
    conversions: new Map(conversions.map((conversion) => [conversion.saleId, conversion])),
    closedHolds: new Set(closed),
    explained: new Set(),
  }
}

const ofCancellation: readonly CardOperationPart[] = ['cancellation', 'second_cancellation']
const ofSale = cardOperationParts.filter((part) => !ofCancellation.includes(part))

function ledgerView(index: LedgerIndex, sale: CompanySale, sha256: Sha256): LedgerView {
  const view = {
    paidWon: 0,
    heldWon: 0,
    convertedWon: 0,
    isThere: false,
    isChanged: false,
    saysNotApplicable: false,
  }
  const addOne = (operation: CardLedgerOperation, part: CardOperationPart): void => {
    const { operationId } = operation
    index.explained.add(operationId)
    view.isThere = true
    const isFirst = part === 'sale' || part === 'advice'
    view.isChanged ||= isFirst ? operation.decline === 'reversed_first' : operation.decline === null
    if (operation.decline !== null) {
      view.saysNotApplicable ||=
        part === 'sale' && verdictOfDecline(operation.decline) === 'not_applicable'
      return
    }
    if (operation.kind === 'hold') {
      if (!index.closedHolds.has(operationId)) view.heldWon += operation.amountWon
    } else if (part === 'conversion' || part === 'conversion_reversal') {
      view.convertedWon += signedWon(operation)
    } else {
      view.paidWon += signedWon(operation)
    }
  }
  const add = (key: CardKey, part: CardOperationPart): void => {
    const operations = index.operations.get(cardOperationId(key, part, sha256)) ?? []
    for (const operation of operations) addOne(operation, part)
  }
  for (const part of ofSale) add(sale.key, part)
  for (const key of sale.cancellationKeys) for (const part of ofCancellation) add(key, part)
  const conversion = index.conversions.get(cardOperationId(sale.key, 'sale', sha256))
  return { ...view, conversion }
}

function signedWon({ kind, amountWon }: CardLedgerOperation): number {
  if (kind === 'cancellation') return -amountWon
  return kind === 'payment' || kind === 'capture' ? amountWon : 0
}

interface Found {
  readonly sale: CompanySale
  readonly ledger: LedgerView
  readonly gateway: GatewayView
}

/** An account pays by a positive statement, the rest of a split sale, or provisionally with a conversion to come. */
function accountBreaks({ sale, ledger, gateway }: Found): BreakKind[] {
  const { verdict, accountWon, provisional, silent } = sale
  if (accountWon <= 0) return []
  const kinds: BreakKind[] = []
  const isSplit = verdict === 'partially_approved'
  if (!isSplit && ledger.paidWon > 0) kinds.push('paid_twice')
  // Said afterwards and in so many words, it is a positive statement all the same.
  const isExplained = ledger.conversion?.state === 'explained'
  if (silent) {
    if (!isExplained) kinds.push('silent_debit')
  } else if (provisional) {
    const isStillTold = sale.open.length > 0 || gateway.waiting > 0
    if (ledger.conversion === undefined && !isStillTold)
      kinds.push('provisional_without_conversion')
  } else if (verdict === 'not_applicable') {
    if (!gateway.saysNotApplicable && !ledger.saysNotApplicable) {
      kinds.push('account_without_reason')
    }
  } else if (!isSplit || accountWon > sale.amountWon) {
    kinds.push('account_without_reason')
  }
  return kinds
}

function amountBreaks({ sale, ledger, gateway }: Found, gatewayMustKnow: boolean): BreakKind[] {
  const kinds: BreakKind[] = []
  if (ledgerDifference(sale, ledger) !== 0) kinds.push('ledger_differs')
  if (sale.convertedWon !== ledger.convertedWon) kinds.push('conversion_differs')
  const isRecorded = gateway.hasAnswer || sale.decidedBy !== 'standin'
  if (gatewayMustKnow && !isRecorded) kinds.push('gateway_without_record')
  if (gatewayDiffers({ sale, ledger, gateway })) kinds.push('gateway_differs')
  if (gateway.waiting > 0) kinds.push('notice_not_taken')
  if (sale.open.length > 0) kinds.push('company_not_finished')
  return kinds
}

/**
 * While a gateway's disk is full, the core's answers pass it without being recorded, and so do notices that the core
 * took at once. So what the gateway does not know may stand in the ledger; what stand-in approved is always recorded.
 */
function gatewayDiffers({ sale, ledger, gateway }: Found): boolean {
  if (gateway.voucherWon === sale.voucherWon) return false
  const isPassedBy = !gateway.hasAnswer || ledger.isChanged
  return !isPassedBy || ledgerDifference(sale, ledger) !== 0
}

/** A hold may hold less than stand-in promised: what lacks shows, and is covered, when it is completed. */
function ledgerDifference(sale: CompanySale, ledger: LedgerView): number {
  if (!sale.isHold) return Math.abs(sale.voucherWon - ledger.paidWon - ledger.heldWon)
  const isPromised = ledger.isThere && ledger.paidWon === 0 && ledger.heldWon <= sale.voucherWon
  return isPromised ? 0 : Math.abs(sale.voucherWon - ledger.paidWon - ledger.heldWon)
}

function breakOf({ sale, ledger, gateway }: Found, kinds: readonly BreakKind[]): Break {
  const gatewayWon = kinds.includes('gateway_differs')
    ? Math.abs(sale.voucherWon - gateway.voucherWon)
    : 0
  const ledgerWon =
    ledgerDifference(sale, ledger) + Math.abs(sale.convertedWon - ledger.convertedWon)
  const isWrongSource = kinds.some((kind) => wrongSources.includes(kind))
  return {
    kinds,
    key: sale.keyText,
    company: companyText(sale),
    gateways: gateway.text,
    ledger: ledgerText(ledger),
    differenceWon: Math.max(gatewayWon, ledgerWon, isWrongSource ? sale.accountWon : 0),
  }
}

function companyText(sale: CompanySale): string {
  const flags = [
    sale.verdict ?? 'undecided',
    ...(sale.provisional ? ['provisional'] : []),
    ...(sale.silent ? ['silent'] : []),
    ...(sale.isHold ? ['held'] : []),
    ...(sale.convertedWon === 0 ? [] : [`converted ₩${sale.convertedWon}`]),
    ...sale.open,
  ]
  return `voucher ₩${sale.voucherWon}, account ₩${sale.accountWon} (${flags.join(', ')})`
}

function ledgerText(view: LedgerView): string {
  if (!view.isThere && view.conversion === undefined) return 'nothing'
  const parts = [
    `paid ₩${view.paidWon}`,
    ...(view.heldWon === 0 ? [] : [`held ₩${view.heldWon}`]),
    ...(view.convertedWon === 0 ? [] : [`converted ₩${view.convertedWon}`]),
    ...(view.conversion === undefined ? [] : [`conversion ${view.conversion.state}`]),
  ]
  return parts.join(', ')
}

/** Money that moved for a card and belongs to no sale of any company. */
function strayOperations(index: LedgerIndex): Break[] {
  return [...index.operations.values()]
    .flat()
    .filter(
      ({ operationId, decline, kind }) =>
        decline === null && kind !== 'release' && !index.explained.has(operationId),
    )
    .map((operation) => ({
      kinds: ['unknown_to_company'],
      key: operation.operationId,
      company: 'nothing',
      gateways: '',
      ledger: `${operation.kind} ₩${operation.amountWon}`,
      differenceWon: Math.abs(signedWon(operation)),
    }))
}

/** Voucher money that a gateway promised to nobody's sale. */
function strayAnswers({ sales, gateways }: ThreeBooks): Break[] {
  const known = new Set(
    sales.flatMap(({ keyText, cancellationKeys }) => [
      keyText,
      ...cancellationKeys.map(cardKeyText),
    ]),
  )
  return gateways.flatMap(({ gateway, answers, waiting }) => [
    ...[...answers]
      .filter(([key, { verdict, voucherWon }]) => {
        return !known.has(key) && voucherWon > 0 && verdict.endsWith('approved')
      })
      .map(([key, { verdict, voucherWon }]): Break => {
        const text = `${gateway}: ${verdict} ₩${voucherWon}`
        return stray(key, text, voucherWon)
      }),
    ...[...waiting]
      .filter(([key]) => !known.has(key))
      .map(([key, count]) => stray(key, `${gateway}: ${count} notices not taken`, 0)),
  ])
}

function stray(key: string, gateways: string, differenceWon: number): Break {
  return {
    kinds: ['unknown_to_company'],
    key,
    company: 'nothing',
    gateways,
    ledger: '',
    differenceWon,
  }
}
