/**
 * Takes the advice of a provisional debit: nobody could know, and by the cardholder's choice the account paid. Voucher
 * and account never both pay: whatever the core or stand-in had taken for the sale goes back, and then the sale is
 * offered to the voucher again (사후전환).
 */
import type { NoticeEffect, NoticeReceipt } from './card-desk.ts'
import type { CardNotice } from './card-message.ts'
import { cardOperationId } from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { openCase, ownerOf, taken } from './notice-receipts.ts'
import { declineOf } from './sale-books.ts'
import { homeOf, homesToVoid, locateSale, type LocatedSale } from './sale-home.ts'
import { strongest, undoSale } from './take-reversal.ts'

type ProvisionalDebit = Extract<CardNotice, { readonly kind: 'advise' }>

export async function takeProvisionalDebit(
  deps: CardDeskDeps,
  advice: ProvisionalDebit,
): Promise<NoticeReceipt> {
  const { sale } = advice
  if (advice.approvedWon === 0) return taken(deps, 'already')
  const located = await locateSale(deps, sale, { key: sale.key }, 'always')
  // The partner took the sale back before it told of the debit: the account has its money again.
  const isReversed = located.found.some(
    (books) => declineOf(books, 'conversion') === 'reversed_first',
  )
  if (isReversed) return taken(deps, 'voided')
  const effects: NoticeEffect[] = []
  for (const home of homesToVoid(located)) {
    const effect = await undoSale(deps, sale, home, 'without_conversion')
    const { issuerId } = home
    if (effect === 'case') await openCase(deps, { issuerId, caseKind: 'advice_mismatch', sale })
    effects.push(effect)
  }
  const opened = await openConversion(deps, advice, located)
  if (effects.includes('posted')) return taken(deps, 'posted')
  if (effects.includes('case') || opened === 'opened') return taken(deps, 'case')
  return taken(deps, strongest(effects) === 'voided' ? 'case' : 'already')
}

async function openConversion(
  { casebook, sha256 }: CardDeskDeps,
  { sale, approvedWon, decidedAt }: ProvisionalDebit,
  located: LocatedSale,
): Promise<'opened' | 'known'> {
  const { places, links } = located
  const { partnerId, acquirer, terminal, stan, localDate } = sale.key
  const home = homeOf(located)
  const issuerId = home?.issuerId ?? places[0]?.merchant.issuerId
  const link = links.find((each) => each.issuerId === issuerId)
  const place = places.find(({ merchant }) => merchant.issuerId === issuerId)
  const cardClass = sale.key.cardClass === 'authorization' ? 'authorization' : 'financial'
  const { status } = await casebook.openConversion(ownerOf(issuerId), {
    partnerId,
    saleId: cardOperationId(sale.key, 'sale', sha256),
    key: { acquirer, terminal, stan, localDate, cardClass },
    cardToken: sale.cardToken,
    memberId: link?.memberId ?? null,
    walletId: home?.walletId ?? null,
    merchantId: home?.merchantId ?? place?.merchant.merchantId ?? null,
    merchantNumber: sale.merchantNumber,
    saleWon: sale.amountWon,
    accountWon: approvedWon,
    debitedAt: decidedAt,
    heardFrom: 'advice',
  })
  return status
}
