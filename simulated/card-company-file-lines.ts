/** What stands in the files of a simulated card company, taken from its books. */
import { businessDate, won, type BusinessDate, type Instant } from '../src/base/base.ts'
import type { CardKey } from '../src/cards/cards.ts'
import type { ClearingLine, IncidentLine } from '../src/clearing/clearing.ts'
import type { CancellationStanding, CompanyBooks, SaleStanding } from './card-company-books.ts'
import { cardKeyOf } from './card-company-entries.ts'

/** Names of shops that take vouchers, by merchant number. */
export type VoucherMerchants = (merchantNumber: string) => string | undefined

/** Voucher sales and cancellations of a day that were booked after the entry `after`. */
export function clearingLines(
  books: CompanyBooks,
  given: { readonly date: BusinessDate; readonly after: number; readonly names: VoucherMerchants },
): ClearingLine[] {
  return [...books.sales()].flatMap((standing) => {
    const sale = saleLine(standing, given)
    const cancellations = standing.cancellations.flatMap((one) =>
      cancellationLine(standing, one, given),
    )
    return sale === undefined ? cancellations : [sale, ...cancellations]
  })
}

interface Given {
  readonly date: BusinessDate
  readonly after: number
  readonly names: VoucherMerchants
}

/** An authorization is cleared when it is completed; a sale that was reversed is not cleared. */
function saleLine(standing: SaleStanding, { date, after, names }: Given): ClearingLine | undefined {
  const { sale, decided, completed, reversed } = standing
  if (decided?.outcome !== 'approved') return undefined
  const isAuthorization = sale.key.cardClass === 'authorization'
  const due = isAuthorization ? completed : decided
  if (due === undefined || due.sequence <= after) return undefined
  const clearedOn = isAuthorization ? businessDate(due.at) : sale.key.localDate
  const voucherWon = decided.voucherWon + (completed?.voucherWon ?? 0) + (reversed?.voucherWon ?? 0)
  if (clearedOn !== date || voucherWon <= 0) return undefined
  const saleWon = completed?.amountWon ?? sale.amountWon
  return {
    entry: 'sale',
    ...keyFieldsOf(sale.key),
    ...placeOf(standing, names),
    saleWon: won(saleWon),
    voucherWon: won(voucherWon),
  }
}

function cancellationLine(
  standing: SaleStanding,
  { asked, decided }: CancellationStanding,
  { date, after, names }: Given,
): ClearingLine[] {
  if (decided === undefined || decided.voucherWon >= 0 || decided.sequence <= after) return []
  if (asked.key.localDate !== date) return []
  return [
    {
      entry: 'cancellation',
      ...keyFieldsOf(cardKeyOf(asked.key)),
      ...placeOf(standing, names),
      saleWon: won(asked.amountWon),
      voucherWon: won(0 - decided.voucherWon),
    },
  ]
}

function keyFieldsOf({ acquirer, terminal, stan, localDate, cardClass }: CardKey) {
  return { acquirer, terminal, stan, localDate, cardClass: classOf(cardClass) }
}

/** Enquiries are not cleared. */
function classOf(cardClass: CardKey['cardClass']): ClearingLine['cardClass'] {
  return cardClass === 'enquiry' ? 'financial' : cardClass
}

function placeOf({ sale, decided }: SaleStanding, names: VoucherMerchants) {
  const { cardToken, merchantNumber } = sale
  const merchantName = names(merchantNumber) ?? ''
  return { cardToken, merchantNumber, merchantName, approvalCode: decided?.approvalCode ?? '' }
}

/** Debits at voucher merchants that nobody had said were right: provisional ones, and silent ones. */
export function incidentLines(
  books: CompanyBooks,
  given: { readonly from: Instant; readonly until: Instant; readonly names: VoucherMerchants },
): IncidentLine[] {
  return [...books.sales()].flatMap((standing): IncidentLine[] => {
    const { sale, decided, owed, accountWon } = standing
    if (decided === undefined || !(decided.provisional || decided.silent)) return []
    if (decided.at < given.from || decided.at >= given.until) return []
    const merchantName = given.names(sale.merchantNumber)
    if (merchantName === undefined) return []
    const { key, cardToken, merchantNumber, amountWon: saleWon } = sale
    const { acquirer, terminal, stan, localDate } = key
    const givenBack = accountWon === 0
    return [
      {
        acquirer,
        terminal,
        stan,
        localDate,
        cardClass: key.cardClass === 'authorization' ? 'authorization' : 'financial',
        cardToken,
        merchantNumber,
        merchantName,
        saleWon,
        accountWon: won(givenBack ? decided.accountWon : accountWon),
        debitedAt: decided.at,
        adviceSent: decided.provisional && !owed.includes('advise'),
        givenBack,
      },
    ]
  })
}
