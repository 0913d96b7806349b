/**
 * How an answer's words stand on the wire, for every partner: a letter for each verdict, source and decider, three
 * digits and a response code (DE 39) for each reason. A reason without codes does not compile.
 */
import { unreachable } from '../../base/base.ts'
import type {
  AdvisedBy,
  CardAnswer,
  CardReason,
  CardVerdict,
  MoneySource,
} from '../../cards/cards.ts'
import type { FallbackPreference } from '../../issuing/issuing.ts'

export interface ReasonCode {
  /** Three digits, never given to another reason. */
  readonly code: string
  /** DE 39 where the verdict is `declined` or `not_applicable`. */
  readonly responseCode: string
}

const reasonCodes = {
  // 1xx: whether this voucher has anything to do with the sale.
  merchant_not_registered: { code: '101', responseCode: '03' },
  card_not_linked: { code: '102', responseCode: '14' },
  cardholder_chose_card: { code: '103', responseCode: '57' },
  merchant_unknown: { code: '104', responseCode: '03' },
  merchant_not_active: { code: '105', responseCode: '58' },
  outlet_closed: { code: '106', responseCode: '58' },
  merchant_not_eligible: { code: '107', responseCode: '57' },
  program_suspended: { code: '108', responseCode: '62' },
  // 2xx: who pays, and how much.
  wallet_unknown: { code: '201', responseCode: '14' },
  wallet_stopped: { code: '202', responseCode: '62' },
  member_too_young: { code: '203', responseCode: '57' },
  own_shop: { code: '204', responseCode: '59' },
  amount_above_limit: { code: '205', responseCode: '61' },
  insufficient_funds: { code: '206', responseCode: '51' },
  standin_limit_exceeded: { code: '207', responseCode: '65' },
  // 3xx: what the message refers to.
  reversed_first: { code: '301', responseCode: '68' },
  payment_unknown: { code: '302', responseCode: '25' },
  payment_of_other_merchant: { code: '303', responseCode: '12' },
  cancel_exceeds_payment: { code: '304', responseCode: '13' },
  hold_unknown: { code: '305', responseCode: '25' },
  hold_closed: { code: '306', responseCode: '12' },
  capture_exceeds_hold: { code: '307', responseCode: '13' },
  key_reused: { code: '309', responseCode: '94' },
  totals_differ: { code: '308', responseCode: '95' },
  // 4xx: nobody can know.
  core_unreachable: { code: '401', responseCode: '91' },
  standin_forbidden: { code: '402', responseCode: '91' },
  standin_snapshot_too_old: { code: '403', responseCode: '91' },
  standin_store_full: { code: '404', responseCode: '91' },
  gateway_busy: { code: '405', responseCode: '91' },
  signed_off: { code: '406', responseCode: '91' },
  // 8xx: of codes and of buying; the card path never meets them.
  code_invalid: { code: '801', responseCode: '12' },
  code_expired: { code: '802', responseCode: '54' },
  code_of_other_issuer: { code: '803', responseCode: '12' },
  amount_differs_from_code: { code: '804', responseCode: '13' },
  amount_missing: { code: '805', responseCode: '13' },
  code_already_used: { code: '806', responseCode: '94' },
  program_unknown: { code: '811', responseCode: '12' },
  sale_not_open: { code: '812', responseCode: '12' },
  amount_not_offered: { code: '813', responseCode: '13' },
  purchase_cap_exceeded: { code: '814', responseCode: '61' },
  holding_cap_exceeded: { code: '815', responseCode: '61' },
  sold_out: { code: '816', responseCode: '12' },
  bank_refused: { code: '817', responseCode: '05' },
  purchase_unknown: { code: '818', responseCode: '25' },
  purchase_closed: { code: '819', responseCode: '12' },
  settlement_exceeds_clearing: { code: '820', responseCode: '12' },
  budget_exhausted: { code: '821', responseCode: '12' },
} as const satisfies Record<CardReason, ReasonCode>

/** Widened, so that a reason looks up its codes and not one of two score literal types. */
export const reasonTable: Readonly<Record<CardReason, ReasonCode>> = reasonCodes

export const verdictLetters = {
  approved: 'A',
  partially_approved: 'P',
  not_applicable: 'N',
  declined: 'D',
  unknown: 'U',
} as const satisfies Record<CardVerdict, string>

/** The first digit of a telegram's response code; the other three are the reason's, or 000. */
export const verdictDigits = {
  approved: '0',
  partially_approved: '1',
  not_applicable: '2',
  declined: '3',
  unknown: '9',
} as const satisfies Record<CardVerdict, string>

export const sourceLetters = {
  voucher: 'V',
  voucher_and_account: 'B',
  account: 'A',
  none: 'N',
} as const satisfies Record<MoneySource, string>

export const deciderLetters = {
  core: 'C',
  standin: 'S',
  gateway: 'G',
} as const satisfies Record<CardAnswer['decidedBy'], string>

export const preferenceLetters = {
  decline: 'D',
  provisional_debit: 'P',
} as const satisfies Record<FallbackPreference, string>

export const adviceLetters = {
  core: 'CO',
  standin: 'SI',
  partner: 'PA',
  provisional_debit: 'PD',
} as const satisfies Record<AdvisedBy, string>

/** Stands where `adviceLetters` do, for a completion. */
export const COMPLETION_LETTERS = 'CM'

/** The message could not be read; the message's MAC is wrong. Both are answered with the verdict `unknown`. */
export const REFUSED_FORMAT = '30'
export const REFUSED_MALFUNCTION = '96'

/** DE 39. A verdict of `unknown` is always 91, because only 91 makes every host ask for stand-in. */
export function responseCodeOf(answer: Pick<CardAnswer, 'verdict' | 'reason'>): string {
  switch (answer.verdict) {
    case 'approved':
      return '00'
    case 'partially_approved':
      return '10'
    case 'unknown':
      return '91'
    case 'not_applicable':
      return answer.reason === undefined ? '57' : reasonTable[answer.reason].responseCode
    case 'declined':
      return answer.reason === undefined ? '05' : reasonTable[answer.reason].responseCode
    default:
      return unreachable(answer.verdict)
  }
}

export const verdictOfLetter = inverse(verdictLetters)
export const verdictOfDigit = inverse(verdictDigits)
export const sourceOfLetter = inverse(sourceLetters)
export const deciderOfLetter = inverse(deciderLetters)
export const preferenceOfLetter = inverse(preferenceLetters)
export const advisedByOfLetters = inverse(adviceLetters)
export const reasonOfCode: ReadonlyMap<string, CardReason> = new Map(
  Object.entries(reasonTable).map(([reason, { code }]) => [code, reason as CardReason]), // The table's own keys.
)

function inverse<Word extends string>(letters: Record<Word, string>): ReadonlyMap<string, Word> {
  return new Map(
    Object.entries<string>(letters).map(([word, letter]) => [letter, word as Word]), // The table's own keys.
  )
}
