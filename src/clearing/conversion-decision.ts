/**
 * What becomes of a sale that somebody's account paid while nobody could know: the table of SPEC.md, pure. The rules
 * are those of the day of the sale; the money is what the wallet has now.
 */
import { sumWon, won, type Instant, type OperationId, type Won } from '../base/base.ts'
import {
  isReversed,
  openHold,
  posted,
  standingParts,
  takingParts,
  type OpenHold,
  type SaleBooks,
  type SaleRuling,
} from '../cards/cards.ts'
import type { ConversionBody } from '../registration/registration.ts'

/**
 * What the ledger shows of the sale.
 * - `nothing`: it was never paid by voucher, or what was is given back because its outcome was unknown.
 * - `held`: voucher money is set aside for it. - `as_agreed`: voucher and account paid it together, and not too much.
 * - `paid_twice`: together they paid more than it cost. - `cancelled`: the goods were given back.
 * - `reversed`: the card company took it back, the account's part too.
 * - `converted`: its conversion is booked already.
 */
export const saleStates = [
  'nothing',
  'held',
  'as_agreed',
  'paid_twice',
  'cancelled',
  'reversed',
  'converted',
] as const
export type SaleState = (typeof saleStates)[number]

/** What the rules of that day say. `eligible_part`: the account may keep what the voucher cannot pay. */
export const daysRulings = [
  'eligible',
  'eligible_part',
  'not_applicable',
  'declined',
  'card_unknown',
  'merchant_unknown',
] as const
export type DaysRuling = (typeof daysRulings)[number]

/**
 * - `pay_all`, `pay_part`: the voucher pays, the account is refunded as much. - `free_and_…`: the hold is released
 *   first.
 * - `refund`: the voucher has paid; the account gets back what is too much.
 * - `explain`: nothing moves; the reason is told. - `go_on`: what is booked is told.
 */
export const conversionActions = [
  'pay_all',
  'pay_part',
  'free_and_pay_all',
  'free_and_pay_part',
  'free_and_explain',
  'refund',
  'explain',
  'go_on',
] as const
export type ConversionAction = (typeof conversionActions)[number]

type Row = Readonly<Record<DaysRuling, ConversionAction>>
const always = (action: ConversionAction): Row => ({
  eligible: action,
  eligible_part: action,
  not_applicable: action,
  declined: action,
  card_unknown: action,
  merchant_unknown: action,
})

export const conversionTable: Readonly<Record<SaleState, Row>> = {
  nothing: { ...always('explain'), eligible: 'pay_all', eligible_part: 'pay_part' },
  held: {
    ...always('free_and_explain'),
    eligible: 'free_and_pay_all',
    eligible_part: 'free_and_pay_part',
  },
  as_agreed: always('explain'),
  paid_twice: always('refund'),
  cancelled: always('explain'),
  reversed: always('explain'),
  converted: always('go_on'),
}

export function rulingOfDay(ruling: SaleRuling): DaysRuling {
  if (ruling.ruling === 'eligible') return ruling.partialAllowed ? 'eligible_part' : 'eligible'
  if (ruling.reason === 'card_not_linked') return 'card_unknown'
  if (ruling.reason === 'merchant_not_registered') return 'merchant_unknown'
  return ruling.ruling
}

/** Why nothing moves: a word of the sale's state where that decides, else of the rules. */
export function reasonOf(state: SaleState, ruling: SaleRuling): string {
  if (state !== 'nothing' && state !== 'held') return state
  return ruling.ruling === 'eligible' ? 'insufficient_funds' : ruling.reason
}

/** The sale as the ledger of one issuer shows it. */
export interface SaleInLedger {
  readonly state: SaleState
  /** Of the account's money, what is too much. */
  readonly excessWon: Won
  /** What paid or converted. */
  readonly operationId: OperationId | undefined
  readonly hold: OpenHold | undefined
  /** When a reversal took the conversion's place. */
  readonly reversedAt?: Instant
}

export const nothingInLedger: SaleInLedger = {
  state: 'nothing',
  excessWon: won(0),
  operationId: undefined,
  hold: undefined,
}

export function saleInLedger(
  { saleWon, accountWon }: Pick<ConversionBody, 'saleWon' | 'accountWon'>,
  books: SaleBooks,
): SaleInLedger {
  const conversion = posted(books, 'conversion')
  if (conversion !== undefined) {
    const isUndone = conversion.cancelledWon >= conversion.amountWon
    const { operationId } = conversion
    return { ...nothingInLedger, state: isUndone ? 'reversed' : 'converted', operationId }
  }
  const refused = books.operations.get('conversion')
  if (refused?.decline === 'reversed_first')
    return { ...nothingInLedger, state: 'reversed', reversedAt: refused.bookedAt }
  const standing = standingParts(books)
  const [main] = standing
  if (main !== undefined) {
    const paidWon = sumWon(standing.map(({ leftWon }) => leftWon))
    const tooMuchWon = Math.max(paidWon + accountWon - saleWon, 0)
    const excessWon = won(Math.min(tooMuchWon, accountWon))
    const state = excessWon > 0 ? 'paid_twice' : 'as_agreed'
    return { ...nothingInLedger, state, excessWon, operationId: main.operationId }
  }
  const hold = openHold(books)
  if (hold !== undefined) return { ...nothingInLedger, state: 'held', hold }
  const wasPaid = takingParts.some((part) => {
    const kind = posted(books, part)?.kind
    return kind === 'payment' || kind === 'capture'
  })
  return wasPaid && !isReversed(books)
    ? { ...nothingInLedger, state: 'cancelled' }
    : nothingInLedger
}
