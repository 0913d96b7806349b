/** The ledger's keys for card messages, made from the card key alone: whoever tells of it names the same operation. */
import {
  derivedOperationId,
  requestHash,
  type DeclineReason,
  type OperationId,
  type Sha256,
  type Won,
} from '../base/base.ts'
import type { AdvisedBy, CardKey, CardSale } from './card-message.ts'

/**
 * What takes voucher money under a sale's key. `sale`: the payment or hold itself. `advice`: the sale again, where its
 * own key was declined, or took too little, before the advice came. `kept`: what a partial reversal leaves of a sale
 * that was never posted, or of a hold. `completion`: the capture of a hold, or the payment where no hold is known.
 * `rest`: what a completion needs beyond its hold, or an advice beyond what a cancellation that overtook it had posted.
 * `conversion`: the sale once more, after the account had paid it.
 */
export const takingParts = ['sale', 'advice', 'kept', 'completion', 'rest', 'conversion'] as const
export type TakingPart = (typeof takingParts)[number]

/** Those that are holds where the sale is an authorization, the one that counts first. */
export const holdParts = ['kept', 'advice', 'sale'] as const satisfies readonly TakingPart[]
export type HoldPart = (typeof holdParts)[number]

/**
 * What gives it back. Each part has an undoing of its own, because an operation has one target and one outcome.
 * `question_reversal` takes back what our own gateway asked without hearing an answer; whoever tells of the sale later
 * takes that place first, so that of the two only one can happen. `partial_reversal` and `partial_release` leave
 * something; `correction` takes back what the core approved beyond what stand-in told. `cancellation` and
 * `second_cancellation` stand under the cancellation's own key.
 */
export const cardOperationParts = [
  ...takingParts,
  'reversal',
  'advice_reversal',
  'kept_reversal',
  'completion_reversal',
  'rest_reversal',
  'conversion_reversal',
  'question_reversal',
  'partial_reversal',
  'partial_release',
  'correction',
  'cancellation',
  'second_cancellation',
] as const
export type CardOperationPart = (typeof cardOperationParts)[number]

/** The operation that takes all of a part back. */
export const undoingOf = {
  sale: 'reversal',
  advice: 'advice_reversal',
  kept: 'kept_reversal',
  completion: 'completion_reversal',
  rest: 'rest_reversal',
  conversion: 'conversion_reversal',
} as const satisfies Record<TakingPart, CardOperationPart>

/** No two keys have one text, whatever characters acquirers and terminals use. */
export function cardKeyText(key: CardKey): string {
  const { partnerId, acquirer, terminal, stan, localDate, cardClass } = key
  const names = [acquirer, terminal].map(encodeURIComponent)
  return [partnerId, ...names, stan, localDate, cardClass].join('/')
}

export function cardOperationId(
  key: CardKey,
  part: CardOperationPart,
  sha256: Sha256,
): OperationId {
  if (part === 'conversion') {
    return conversionOperation(cardOperationId(key, 'sale', sha256), sha256).operationId
  }
  return derivedOperationId(requestHash(sha256, ['card', part, cardKeyText(key)]))
}

/** Over what a reversal repeats of its original, so that a reversal that comes first can take the original's place. */
export function saleHash(
  sale: Pick<CardSale, 'key' | 'cardToken' | 'merchantNumber' | 'amountWon'>,
  sha256: Sha256,
): Uint8Array {
  return requestHash(sha256, [
    'card_sale',
    cardKeyText(sale.key),
    sale.cardToken,
    sale.merchantNumber,
    sale.amountWon,
  ])
}

/** Of a completion, which stands under the sale's key and may be of another amount. */
export function completionHash(sale: CardSale, dueWon: Won, sha256: Sha256): Uint8Array {
  return requestHash(sha256, ['card_completion', cardKeyText(sale.key), sale.cardToken, dueWon])
}

/**
 * Key and hash of a sale's conversion, made from the sale's id alone: clearing knows no more of it, and a reversal that
 * comes before the conversion takes its place under the very same key.
 */
export function conversionOperation(
  saleId: OperationId,
  sha256: Sha256,
): { readonly operationId: OperationId; readonly requestHash: Uint8Array } {
  return {
    operationId: derivedOperationId(requestHash(sha256, ['card_conversion_id', saleId])),
    requestHash: requestHash(sha256, ['card_conversion', saleId]),
  }
}

/** Six digits out of the sale's operation id: the core and stand-in give the same one. */
export function approvalCode(saleId: OperationId): string {
  const number = Number.parseInt(saleId.slice(0, 8), 16) % 1_000_000
  return String(number).padStart(6, '0')
}

/**
 * Who is recorded as the actor of a card operation, beside a partner's own id for what the partner asked for: totals
 * and repeats have to tell a sale that was asked from one that was told, and a reversal from a cancellation.
 */
export const cardActors = {
  core: 'advice_core',
  standin: 'advice_standin',
  partner: 'advice_partner',
  /** A sale that is known only from its cancellation, which came first. */
  cancelledAhead: 'cancelled_ahead',
  completion: 'completion',
  reversal: 'reversal',
  correction: 'correction',
  conversion: 'conversion',
  conversionReversal: 'conversion_reversal',
} as const satisfies Record<string, string>

/**
 * True of what a reversal, or a notice that came first, wrote only so that nothing can be posted there any more: nobody
 * asked for it, no money moved by it, and whoever looks at payments need not see it.
 */
export function onlyKeepsPlace(operation: {
  readonly actor: string | undefined
  readonly decline: DeclineReason | undefined
}): boolean {
  return operation.actor === cardActors.reversal && operation.decline !== undefined
}

/** True where a sale was decided elsewhere and told to the terminal before the ledger heard of it. */
export function wasTold(actor: string | undefined): boolean {
  const told: readonly (string | undefined)[] = [
    cardActors.core,
    cardActors.standin,
    cardActors.partner,
  ]
  return told.includes(actor)
}

export function actorOfAdvice(by: Exclude<AdvisedBy, 'provisional_debit'>): string {
  return cardActors[by]
}
