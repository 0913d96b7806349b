/**
 * What a card company does with what it heard: the table of the five answers, as one plain function. No answer is never
 * read as "no voucher", except by a company that is told to behave as companies did in September 2025.
 */
import type { FallbackPreference } from '../src/issuing/issuing.ts'
import type { CardAnswer, MoneySource } from '../src/cards/cards.ts'
import type { HeardVerdict, OwedNotice } from './card-company-entries.ts'

/** What came of a request, or why nothing did. */
export type Heard =
  | { readonly outcome: 'answered'; readonly answer: CardAnswer }
  | { readonly outcome: 'no_answer' | 'link_lost' | 'not_sent' | 'restarted' }

/**
 * - `by_choice`: the cardholder's choice, made beforehand, decides.
 * - `off`: the company debits nobody provisionally, whatever the choice.
 * - `as_2025`: silence counts as "no voucher"; the account is debited and nobody is told.
 */
export const fallbacks = ['by_choice', 'off', 'as_2025'] as const
export type Fallback = (typeof fallbacks)[number]

export interface SaleInQuestion {
  readonly amountWon: number
  readonly partialAllowed: boolean
  /** The company's own copy; `null`: the cardholder left it to the program. */
  readonly onUnknown: FallbackPreference | null
  /** What the cardholder's account holds. */
  readonly availableWon: number
  readonly fallback: Fallback
}

export interface Decision {
  readonly verdict: HeardVerdict
  readonly reason: string | null
  readonly outcome: 'approved' | 'declined'
  readonly source: MoneySource
  readonly voucherWon: number
  readonly accountWon: number
  readonly provisional: boolean
  readonly silent: boolean
  /** The notice that has to reach the platform. */
  readonly owes: OwedNotice | null
}

export function decideSale(heard: Heard, sale: SaleInQuestion): Decision {
  if (heard.outcome !== 'answered') return decideUnknown(heard.outcome, null, sale)
  const { answer } = heard
  switch (answer.verdict) {
    case 'approved':
      return isSensible(answer, sale) ? byVoucher(answer) : undoNonsense(answer)
    case 'partially_approved':
      return isSensible(answer, sale) ? bySplit(answer, sale) : undoNonsense(answer)
    case 'not_applicable':
      return byAccount(answer, sale)
    case 'declined':
      return declined('declined', answer.reason ?? null, null)
    default:
      return decideUnknown('unknown', answer, sale)
  }
}

/** Whether the amounts of an approval can be true: voucher and account together are the sale. */
function isSensible(answer: CardAnswer, { amountWon }: SaleInQuestion): boolean {
  const { voucherWon, accountWon, verdict } = answer
  if (verdict === 'approved') return voucherWon === amountWon && accountWon === 0
  return voucherWon > 0 && accountWon > 0 && voucherWon + accountWon === amountWon
}

function byVoucher(answer: CardAnswer): Decision {
  const { voucherWon } = answer
  return { ...approved('approved', 'voucher'), voucherWon }
}

/** The rest is the account's only where the cardholder allowed it and the account has it; else the voucher is freed. */
function bySplit(answer: CardAnswer, sale: SaleInQuestion): Decision {
  const { voucherWon, accountWon } = answer
  const { verdict } = answer
  if (!sale.partialAllowed) return declined(verdict, 'partial_not_allowed', 'reverse')
  if (accountWon > sale.availableWon) return declined(verdict, 'account_short', 'reverse')
  return { ...approved(verdict, 'voucher_and_account'), voucherWon, accountWon }
}

function byAccount(answer: CardAnswer, sale: SaleInQuestion): Decision {
  const { verdict, reason = null } = answer
  if (sale.amountWon > sale.availableWon) return declined(verdict, 'account_short', null)
  return { ...approved(verdict, 'account'), reason, accountWon: sale.amountWon }
}

/** An approval whose amounts contradict the sale is no answer: it is undone, and nobody pays. */
function undoNonsense(answer: CardAnswer): Decision {
  return declined(answer.verdict, 'answer_contradicts_sale', 'reverse')
}

function decideUnknown(
  verdict: HeardVerdict,
  answer: CardAnswer | null,
  sale: SaleInQuestion,
): Decision {
  // What was never sent cannot have been approved.
  const undo = verdict === 'not_sent' ? null : 'reverse'
  const reason = answer?.reason ?? null
  // A sale that was under way when the company went down: its terminal is gone too.
  if (verdict === 'restarted') return declined(verdict, reason, undo)
  const debits =
    sale.fallback === 'as_2025' ||
    (sale.fallback === 'by_choice' &&
      (sale.onUnknown ?? answer?.onUnknown ?? 'decline') === 'provisional_debit')
  if (!debits) return declined(verdict, reason, undo)
  if (sale.amountWon > sale.availableWon) return declined(verdict, 'account_short', undo)
  const debited = { ...approved(verdict, 'account'), reason, accountWon: sale.amountWon }
  return sale.fallback === 'as_2025'
    ? { ...debited, silent: true, owes: undo }
    : { ...debited, provisional: true, owes: 'advise' }
}

function approved(verdict: HeardVerdict, source: MoneySource): Decision {
  return {
    verdict,
    reason: null,
    outcome: 'approved',
    source,
    voucherWon: 0,
    accountWon: 0,
    provisional: false,
    silent: false,
    owes: null,
  }
}

function declined(verdict: HeardVerdict, reason: string | null, owes: OwedNotice | null): Decision {
  return { ...approved(verdict, 'none'), reason, outcome: 'declined', owes }
}
