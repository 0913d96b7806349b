/** The requests that the desk makes of the ledger, one kind of posting a function, and what their outcomes say. */
import {
  assert,
  sumWon,
  won,
  type BusinessDate,
  type DeclineReason,
  type OperationId,
  type Tender,
  type Won,
} from '../base/base.ts'
import type { Coverage, Outcome, PaymentRequest } from '../ledger/ledger.ts'
import type { CardSale } from './card-message.ts'
import {
  cardActors,
  cardOperationId,
  conversionOperation,
  holdParts,
  saleHash,
  type CardOperationPart,
  type TakingPart,
} from './card-operation.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import type { SaleHome } from './sale-home.ts'

export interface TakingOrder {
  readonly part: Exclude<TakingPart, 'conversion'>
  readonly amountWon: Won
  readonly tenders: readonly Tender[]
  readonly coverage: Coverage
  readonly actor: string
  readonly refusal?: DeclineReason
  /** Where it is not that of the sale. */
  readonly requestHash?: Uint8Array
  /** The day it is cleared under, where that is not the sale's own. */
  readonly businessDate?: BusinessDate
}

/** Takes money under a part of the sale's key; a hold where the sale is an authorization and `part` stands for it. */
export async function takeMoney(
  deps: CardDeskDeps,
  sale: CardSale,
  home: SaleHome,
  order: TakingOrder,
): Promise<Outcome> {
  const { part, amountWon, tenders, coverage, actor, refusal } = order
  const request: PaymentRequest = {
    ...whom(home),
    operationId: cardOperationId(sale.key, part, deps.sha256),
    requestHash: order.requestHash ?? saleHash(sale, deps.sha256),
    amountWon,
    tenders,
    coverage,
    actor,
    ...(refusal === undefined ? {} : { refusal }),
    card: {
      partnerId: sale.key.partnerId,
      businessDate: order.businessDate ?? sale.key.localDate,
    },
  }
  return one(await post(deps, sale, home, part, request))
}

/**
 * Takes the places of parts that nobody has posted yet, so that nobody ever will: `reversed_first`, or `hold_closed`
 * where the sale was completed without its hold. What was posted before is told as such, in the order of `parts`.
 */
export async function voidParts(
  deps: CardDeskDeps,
  sale: CardSale,
  home: SaleHome,
  order: { readonly parts: readonly TakingPart[]; readonly refusal: DeclineReason },
): Promise<readonly Outcome[]> {
  const { parts, refusal } = order
  const saleId = cardOperationId(sale.key, 'sale', deps.sha256)
  const voiding = parts.map((part) => {
    const named =
      part === 'conversion'
        ? conversionOperation(saleId, deps.sha256)
        : {
            operationId: cardOperationId(sale.key, part, deps.sha256),
            requestHash: saleHash(sale, deps.sha256),
          }
    return post(deps, sale, home, part, {
      ...whom(home),
      ...named,
      amountWon: sale.amountWon,
      tenders: [],
      actor: cardActors.reversal,
      refusal,
      card: { partnerId: sale.key.partnerId, businessDate: sale.key.localDate },
    })
  })
  return (await Promise.all(voiding)).map(one)
}

/** Holds and payments are two doors of the ledger; a key that is known is answered alike at both. */
function post(
  { ledger, clock }: CardDeskDeps,
  sale: CardSale,
  { issuerId }: SaleHome,
  part: TakingPart,
  request: PaymentRequest,
): Promise<Outcome[]> {
  const holds = sale.key.cardClass === 'authorization' && holdParts.some((each) => each === part)
  return holds
    ? ledger.hold(issuerId, [request], clock())
    : ledger.pay(issuerId, [request], clock())
}

function whom({ walletId, merchantId, outletId }: SaleHome) {
  return {
    channel: 'card',
    walletId,
    merchantId,
    ...(outletId === undefined ? {} : { outletId }),
  } as const
}

export interface GivingBack {
  readonly part: CardOperationPart
  readonly paymentId: OperationId
  readonly merchantId: SaleHome['merchantId']
  /** Absent: all that is left. */
  readonly amountWon?: Won
  readonly actor: string
  /** The day it is cleared under, where that is not the sale's own. */
  readonly businessDate?: BusinessDate
}

/** Gives back under a part of the sale's own key. */
export async function giveBack(
  { ledger, sha256, clock }: CardDeskDeps,
  sale: CardSale,
  issuerId: SaleHome['issuerId'],
  order: GivingBack,
): Promise<Outcome> {
  const { part, paymentId, merchantId, amountWon, actor } = order
  return one(
    await ledger.cancel(
      issuerId,
      [
        {
          operationId: cardOperationId(sale.key, part, sha256),
          requestHash: saleHash(sale, sha256),
          paymentId,
          merchantId,
          ...(amountWon === undefined ? {} : { amountWon }),
          actor,
          card: {
            partnerId: sale.key.partnerId,
            businessDate: order.businessDate ?? sale.key.localDate,
          },
        },
      ],
      clock(),
    ),
  )
}

/**
 * The sale that the core posted is told of by others: our gateway must not take it back any more as a question that was
 * never answered. @returns false where it has done so already
 */
export async function claimAsked(
  { ledger, sha256, clock }: CardDeskDeps,
  sale: CardSale,
  { issuerId, merchantId }: SaleHome,
): Promise<boolean> {
  const outcome = one(
    await ledger.cancel(
      issuerId,
      [
        {
          operationId: cardOperationId(sale.key, 'question_reversal', sha256),
          requestHash: saleHash(sale, sha256),
          paymentId: cardOperationId(sale.key, 'sale', sha256),
          merchantId,
          actor: cardActors.reversal,
          refusal: 'cancel_exceeds_payment',
          card: { partnerId: sale.key.partnerId, businessDate: sale.key.localDate },
        },
      ],
      clock(),
    ),
  )
  return outcome.status !== 'posted'
}

/** Captures what is due of a hold, or releases it (0), under a part of the sale's own key. */
export async function closeHold(
  { ledger, sha256, clock }: CardDeskDeps,
  sale: CardSale,
  issuerId: SaleHome['issuerId'],
  order: {
    readonly part: CardOperationPart
    readonly holdId: OperationId
    readonly amountWon: Won
    readonly actor: string
    readonly businessDate?: BusinessDate
    readonly requestHash?: Uint8Array
  },
): Promise<Outcome> {
  const { part, holdId, amountWon, actor } = order
  const { partnerId, localDate } = sale.key
  return one(
    await ledger.closeHolds(
      issuerId,
      [
        {
          operationId: cardOperationId(sale.key, part, sha256),
          requestHash: order.requestHash ?? saleHash(sale, sha256),
          holdId,
          amountWon,
          actor,
          card: { partnerId, businessDate: order.businessDate ?? localDate },
        },
      ],
      clock(),
    ),
  )
}

export function one([outcome]: readonly Outcome[]): Outcome {
  assert(outcome !== undefined, 'a set of one has one outcome')
  return outcome
}

/** What an operation took in all, the loss account's part included. */
export function takenWon(outcome: Outcome): Won {
  return won(walletWon(outcome) + lossWon(outcome))
}

export function walletWon(outcome: Outcome): Won {
  return outcome.status === 'posted' ? sumWon(outcome.legs.map((leg) => leg.amountWon)) : won(0)
}

export function lossWon(outcome: Outcome): Won {
  return (outcome.status === 'posted' ? outcome.lossWon : undefined) ?? won(0)
}

export function isFresh(outcome: Outcome): boolean {
  return outcome.status !== 'key_reused' && !outcome.replayed
}
