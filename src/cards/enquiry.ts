/** Questions that move nothing: what a card could pay at a merchant, and whether both sides counted the same. */
import { sumWon, won, type IssuerId, type Won } from '../base/base.ts'
import type { RecordedOperation } from '../ledger/ledger.ts'
import type { CardAnswer, CardReason } from './card-answer.ts'
import type { CardRequest, CardSale, CardTotals, CountAndSum } from './card-message.ts'
import { cardActors } from './card-operation.ts'
import { spendableWon } from './decide-sale.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { locateSale } from './sale-home.ts'

type Enquiry = Extract<CardRequest, { readonly kind: 'enquire_balance' }>

/** Operations that are read at once. */
const TOTALS_PAGE = 1_000

/** What is spendable at that merchant, by the rules that a payment of one won would meet. */
export async function enquireBalance(deps: CardDeskDeps, enquiry: Enquiry): Promise<CardAnswer> {
  const { key, cardToken, merchantNumber, at } = enquiry
  const smallest: CardSale = {
    key,
    cardToken,
    merchantNumber,
    at,
    amountWon: won(1),
    partialAllowed: false,
  }
  const { ruling } = await locateSale(deps, smallest, { key }, 'where_moved')
  if (ruling.ruling !== 'eligible') return nothingMoved(ruling.ruling, ruling.reason)
  const home = { issuerId: ruling.issuerId, walletId: ruling.link.walletId }
  const remainingWon = await spendableWon(deps, home, ruling.tenders)
  return { ...nothingMoved('approved'), ...(remainingWon === undefined ? {} : { remainingWon }) }
}

/**
 * Holds the partner's counts of one of its days against ours. A sale that was reversed counts on neither side: who took
 * it back because no answer came cannot know whether it was ever posted.
 */
export async function compareTotals(deps: CardDeskDeps, told: CardTotals): Promise<CardAnswer> {
  const ours = await totalsOf(deps, told)
  const same =
    net(ours.payments, ours.reversals) === net(told.payments, told.reversals) &&
    countText(ours.cancellations) === countText(told.cancellations)
  return same ? nothingMoved('approved') : nothingMoved('declined', 'totals_differ')
}

const countText = ({ count, sumWon: sum }: CountAndSum): string => `${count}/${sum}`
const net = (payments: CountAndSum, reversals: CountAndSum): string =>
  `${payments.count - reversals.count}/${payments.sumWon - reversals.sumWon}`

type Counted = 'payments' | 'cancellations' | 'reversals'

/** Our counts of a partner's day, over all issuers. */
export async function totalsOf(
  { reading, issuing }: Pick<CardDeskDeps, 'reading' | 'issuing'>,
  { partnerId, date }: Pick<CardTotals, 'partnerId' | 'date'>,
): Promise<CardTotals> {
  const amounts: Record<Counted, Won[]> = { payments: [], cancellations: [], reversals: [] }
  const corrections: Won[] = []
  const count = (operation: RecordedOperation): void => {
    const counted = countedAs(operation)
    if (counted === 'correction') corrections.push(operation.amountWon)
    else if (counted !== undefined) amounts[counted].push(operation.amountWon)
  }
  for (const { issuerId } of issuing.issuers()) {
    for await (const page of pages(reading, issuerId, { partnerId, businessDate: date })) {
      for (const operation of page) count(operation)
    }
  }
  const summed = (list: readonly Won[]): CountAndSum => ({
    count: list.length,
    sumWon: sumWon(list),
  })
  const payments = summed(amounts.payments)
  return {
    partnerId,
    date,
    payments: { ...payments, sumWon: won(payments.sumWon - sumWon(corrections)) },
    cancellations: summed(amounts.cancellations),
    reversals: summed(amounts.reversals),
  }
}

/** Holds and releases are no payments yet; a conversion was the account's payment when the partner counted it. */
function countedAs({
  kind,
  decline,
  actor,
}: RecordedOperation): Counted | 'correction' | undefined {
  if (decline !== undefined) return undefined
  if (actor === cardActors.conversion || actor === cardActors.conversionReversal) return undefined
  if (kind === 'payment' || kind === 'capture') return 'payments'
  if (kind !== 'cancellation') return undefined
  if (actor === cardActors.correction) return 'correction'
  return actor === cardActors.reversal ? 'reversals' : 'cancellations'
}

async function* pages(
  reading: CardDeskDeps['reading'],
  issuerId: IssuerId,
  card: NonNullable<RecordedOperation['card']>,
): AsyncGenerator<readonly RecordedOperation[]> {
  let after: RecordedOperation['operationId'] | undefined
  for (;;) {
    const page = await reading.cardOperations(issuerId, card, {
      limit: TOTALS_PAGE,
      ...(after === undefined ? {} : { after }),
    })
    yield page
    if (page.length < TOTALS_PAGE) return
    after = page.at(-1)?.operationId
  }
}

function nothingMoved(verdict: CardAnswer['verdict'], reason?: CardReason): CardAnswer {
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    voucherWon: won(0),
    accountWon: won(0),
    source: 'none',
    decidedBy: 'core',
  }
}
