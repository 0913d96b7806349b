/**
 * An account is debited for a reason that was said: a positive "not applicable", the rest of a partial approval that
 * the cardholder allowed, or provisionally because the cardholder chose so. Never silently.
 */
import { cardKeyText } from '../../../src/cards/cards.ts'
import { onUnknownOf, type CompanyBooks } from '../../../simulated/card-company-books.ts'
import type { Entry } from '../../../simulated/card-company-entries.ts'
import type { Report } from '../../checkers/sales.ts'
import type { AnswerWatch } from './answers.ts'

/** To be told of each entry of a company as it is made. */
export function checkAccount(
  entry: Entry,
  books: CompanyBooks,
  watch: Pick<AnswerWatch, 'toldChoice'>,
  report: Report,
): void {
  if (entry.kind !== 'decided' || entry.accountWon === 0) return
  const { verdict, provisional, silent, voucherWon, accountWon } = entry
  const sale = books.sale(entry.saleId)?.sale
  if (sale === undefined) return
  const key = cardKeyText(sale.key)
  const debited = `the account was debited by ₩${accountWon}`
  if (voucherWon + accountWon !== sale.amountWon)
    report(key, `${debited} of a sale of ₩${sale.amountWon}`)
  if (silent) return report(key, `${debited} silently`)
  if (provisional) {
    const card = books.card(sale.cardToken)
    const chosen = (card && onUnknownOf(card)) ?? watch.toldChoice(key) ?? 'decline'
    if (chosen !== 'provisional_debit')
      report(key, `${debited} provisionally, and the cardholder chose ${chosen}`)
    if (entry.owes !== 'advise') report(key, `${debited} provisionally, and nobody will be told`)
    return
  }
  const isAllowed =
    verdict === 'not_applicable' || (verdict === 'partially_approved' && sale.partialAllowed)
  if (!isAllowed) report(key, `${debited} because of ${verdict}`)
}
