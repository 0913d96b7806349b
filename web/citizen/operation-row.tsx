/** One line of the history: what happened, when, and how much came or went. */
import {
  ArrowDownToLine,
  Ban,
  Coins,
  CreditCard,
  Gift,
  Hourglass,
  ReceiptText,
  ShoppingBag,
  Undo2,
  type LucideIcon,
} from 'lucide-react'
import { RowLink } from '../ui/facts.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { directionOf, type Operation } from './history.ts'
import { words } from './history-words.ts'

const icons: Readonly<Partial<Record<Operation['kind'], LucideIcon>>> = {
  issue: ArrowDownToLine,
  payment: ShoppingBag,
  capture: CreditCard,
  hold: CreditCard,
  cancellation: Undo2,
  purchase_cancellation: Undo2,
  refund: Undo2,
  gift: Gift,
  gift_acceptance: Gift,
  gift_return: Gift,
  cashback: Coins,
  expiry: Hourglass,
}

export function OperationRow({ to, operation }: { to: string; operation: Operation }) {
  const writing = useWriting()
  const title = useOperationTitle(operation)
  const isDeclined = operation.declineReason !== null
  const Icon = isDeclined ? Ban : (icons[operation.kind] ?? ReceiptText)
  return (
    <RowLink to={to}>
      <span className="operation">
        <Icon className="operation-sign" aria-hidden />
        <span className="operation-what">
          <span className="strong">{title}</span>
          <span className="soft small">{writing.instant(operation.bookedAt)}</span>
          <OperationState operation={operation} />
        </span>
        <SignedAmount operation={operation} />
      </span>
    </RowLink>
  )
}

/** With what was looked for in the list, so that the way back leads to it. */
export function receiptPath(
  { issuerCode }: { readonly issuerCode: string },
  { operationId }: Operation,
  search: string,
): string {
  return `/app/history/${issuerCode}/${operationId}${search === '' ? '' : `?${search}`}`
}

/** The shop, or what happened. */
export function useOperationTitle(operation: Operation): string {
  const t = useWords(words)
  const language = useLanguage()
  const { outletName, merchantName, kind, targetId, kindText, kindTextEn } = operation
  const shop = outletName ?? merchantName
  if (shop !== null) return shop
  if (kind === 'issue' && targetId !== null) return t.bought
  return language === 'ko' ? kindText : kindTextEn
}

export function OperationState({ operation }: { operation: Operation }) {
  const t = useWords(words)
  const writing = useWriting()
  const { kind, declineReason, amountWon, cancelledWon, card } = operation
  if (declineReason !== null) return <Badge tone="bad">{t.declined}</Badge>
  if (kind === 'purchase') return <Badge tone="wait">{t.pending}</Badge>
  if (kind === 'cancellation') return <Badge>{t.kinds.cancellation}</Badge>
  if (cancelledWon >= amountWon && amountWon > 0) return <Badge>{t.cancelled}</Badge>
  if (cancelledWon > 0) return <Badge>{t.partly(writing.won(cancelledWon))}</Badge>
  if (card?.source === 'account') return <Badge tone="wait">{t.account}</Badge>
  return null
}

export function SignedAmount({ operation }: { operation: Operation }) {
  const writing = useWriting()
  const direction = directionOf(operation)
  const sign = direction === 'in' ? '+' : direction === 'out' ? '−' : ''
  return (
    <span className="amount signed" data-direction={direction}>
      {sign}
      {writing.won(operation.amountWon)}
    </span>
  )
}
