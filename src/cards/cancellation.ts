/**
 * Business cancellations (승인취소), asked for or granted by stand-in: money goes back under the cancellation's own key,
 * from the sale's main part first and then from what was taken beside it. A hold that nobody completed is let go.
 */
import {
  formatId,
  requestHash,
  sumWon,
  won,
  type DeclineReason,
  type OperationId,
  type Won,
} from '../base/base.ts'
import type { Outcome } from '../ledger/ledger.ts'
import type { CardAnswer } from './card-answer.ts'
import type { NoticeReceipt } from './card-desk.ts'
import type { CardKey, CardNotice, CardRequest, CardSale } from './card-message.ts'
import { approvalCode, cardActors, cardKeyText, cardOperationId } from './card-operation.ts'
import { left } from './decide-sale.ts'
import type { CardDeskDeps } from './desk-ports.ts'
import { openCase, taken, takenAsCase } from './notice-receipts.ts'
import { settleHome } from './one-home.ts'
import { claim, raiseTo } from './sale-amount.ts'
import {
  findBooks,
  isReversed,
  openHold,
  posted,
  standingParts,
  tookAnything,
  type SaleBooks,
  type StandingPart,
} from './sale-books.ts'
import { homeOf, locateSale, tendersOfTold, type LocatedSale, type SaleHome } from './sale-home.ts'
import { isFresh, one, takenWon, voidParts } from './sale-posting.ts'

type Cancellation = Extract<CardRequest, { readonly kind: 'cancel' }>
type GrantedCancellation = Extract<CardNotice, { readonly kind: 'cancelled' }>

/** One cancellation at one issuer. */
interface Cancelling {
  readonly deps: CardDeskDeps
  readonly key: CardKey
  readonly original: CardSale
  readonly home: SaleHome
  /** As the message says it; `undefined`: all that is left. */
  readonly toldWon: Won | undefined
  /** What is tried to give back: what was told, or so much of a granted cancellation as is left. */
  readonly askedWon: Won | undefined
  /** By stand-in: it cannot be refused. */
  readonly isGranted: boolean
  readonly actor: string
}

type CancelPart = 'cancellation' | 'second_cancellation'

export async function decideCancellation(
  deps: CardDeskDeps,
  { key, original, amountWon }: Cancellation,
): Promise<CardAnswer> {
  const located = await locateSale(deps, original, keysOf(key, original), 'always')
  const home = homeOf(located)
  if (home === undefined) return declined('payment_unknown')
  const actor = formatId('prt', key.partnerId)
  const amounts = { toldWon: amountWon, askedWon: amountWon, isGranted: false }
  const cancelling = { deps, key, original, home, ...amounts, actor }
  const outcomes = await cancelStanding(cancelling, booksOf(located, home))
  const answer = answerOf(cancelling, outcomes)
  return { ...answer, ...(await left(deps, located, home)) }
}

/** A cancellation that stand-in granted happened, also where its sale is not known yet: then it makes it known. */
export async function takeCancellation(
  deps: CardDeskDeps,
  notice: GrantedCancellation,
): Promise<NoticeReceipt> {
  const { key, original, amountWon, decidedAt } = notice
  if (amountWon === 0) return taken(deps, 'already')
  const located = await locateSale(deps, original, keysOf(key, original), 'always')
  const home = await settleHome(deps, original, located)
  if (home === undefined) {
    const issuerId = located.places[0]?.merchant.issuerId
    const facts = { cancelledWon: amountWon }
    return takenAsCase(deps, { issuerId, caseKind: 'wallet_not_found', sale: original, facts })
  }
  const actor = cardActors.standin
  const amounts = { toldWon: amountWon, askedWon: amountWon, isGranted: true }
  const cancelling = { deps, key, original, home, ...amounts, actor }
  const books = await withSale(cancelling, located, decidedAt)
  if (books === 'voided') return taken(deps, 'voided')
  // Asked for all that was left, and the answer was not heard: stand-in granted what the ledger gives back already.
  if (backBefore(books) === amountWon) return taken(deps, 'already')
  const outcomes = await cancelStanding(
    { ...cancelling, askedWon: within(books, amountWon) },
    books,
  )
  const backWon = outcomes.reduce((sum, { wonBack }) => sum + wonBack, 0)
  // A hold that had found less than was approved gives back what it found.
  if (backWon !== amountWon && !outcomes.some(({ isRelease }) => isRelease)) {
    const facts = { cancelledWon: amountWon, givenBackWon: backWon }
    const { issuerId } = home
    await openCase(deps, { issuerId, caseKind: 'advice_mismatch', sale: original, facts })
    if (backWon === 0) return taken(deps, 'case')
  }
  return taken(deps, outcomes.some(({ outcome }) => isFresh(outcome)) ? 'posted' : 'already')
}

const keysOf = (key: CardKey, original: CardSale) => ({ key: original.key, cancellationKey: key })

function booksOf({ found }: LocatedSale, { issuerId }: SaleHome): SaleBooks {
  return found.find((books) => books.issuerId === issuerId) ?? { issuerId, operations: new Map() }
}

/** What this very cancellation has given back of this very sale. */
function backBefore(books: SaleBooks): Won {
  const ofSale = new Set([...books.operations.values()].map(({ operationId }) => operationId))
  const parts = (['cancellation', 'second_cancellation'] as const).flatMap((part) => {
    const back = posted(books, part)
    const isOfSale = back?.targetId !== undefined && ofSale.has(back.targetId)
    return isOfSale && back.kind === 'cancellation' ? [back.amountWon] : []
  })
  return sumWon(parts)
}

/** What stand-in granted beyond what is left cannot be given back; the difference is somebody's case. */
function within(books: SaleBooks, amountWon: Won): Won {
  if (posted(books, 'cancellation') !== undefined || openHold(books) !== undefined) return amountWon
  const leftWon = standingParts(books).reduce((sum, part) => sum + part.leftWon, 0)
  return leftWon === 0 ? amountWon : won(Math.min(leftWon, amountWon))
}

/**
 * The sale's books once the sale is in them. A cancellation may overtake the advice of its sale, when two gateways tell
 * them: so much of the sale as was cancelled is posted now, and the advice finds it there.
 */
async function withSale(
  cancelling: Cancelling,
  located: LocatedSale,
  decidedAt: number,
): Promise<SaleBooks | 'voided'> {
  const { deps, key, original, home, toldWon } = cancelling
  const before = booksOf(located, home)
  if (before.operations.has('cancellation')) return before
  if (original.key.cardClass === 'authorization') return withHold(cancelling)
  const raised = await raiseTo(deps, original, home, {
    amountWon: won(Math.min(toldWon ?? original.amountWon, original.amountWon)),
    tenders: tendersOfTold(deps, located, home, decidedAt),
    actor: cardActors.cancelledAhead,
    cancellationKey: key,
  })
  // More than others said was approved: what stands is given back, and the difference is somebody's case.
  if (raised.status === 'mismatch') return findBooks(deps, home.issuerId, keysOf(key, original))
  const stands = standingParts(raised.books).length > 0
  return raised.status === 'raised' || stands ? raised.books : 'voided'
}

/** Where nothing is held or captured, nothing will be: a hold that is on its way must not come about. */
async function withHold({ deps, key, original, home }: Cancelling): Promise<SaleBooks | 'voided'> {
  const find = (): Promise<SaleBooks> => findBooks(deps, home.issuerId, keysOf(key, original))
  let books = await find()
  if (!(await claim(deps, original, home, books))) books = await find()
  const stands = standingParts(books).length > 0 || openHold(books) !== undefined
  if (stands || (tookAnything(books) && !isReversed(books))) return books
  await voidParts(deps, original, home, {
    parts: ['sale', 'advice'],
    refusal: 'reversed_first',
  })
  const after = await find()
  return openHold(after) === undefined ? 'voided' : after
}

interface PartOutcome {
  readonly outcome: Outcome
  readonly wonBack: Won
  readonly isRelease?: boolean
}

/** Gives back what was asked for, all of it or nothing; a repeat finishes what the first telling began. */
async function cancelStanding(
  cancelling: Cancelling,
  books: SaleBooks,
): Promise<readonly PartOutcome[]> {
  const { askedWon } = cancelling
  const before = books.operations.get('cancellation')
  const hold = openHold(books)
  if (before?.kind === 'release' || (before === undefined && hold !== undefined)) {
    return [await releaseHold(cancelling, books)]
  }
  const standing = standingParts(books)
  const main = before?.targetId ?? standing[0]?.operationId ?? paidBefore(books)
  const first = await cancelPart(cancelling, 'cancellation', main, amountOfMain(askedWon, standing))
  if (first.outcome.status !== 'posted') return [first]
  const secondBefore = books.operations.get('second_cancellation')
  const second =
    secondBefore?.targetId ?? standing.find((part) => part.operationId !== main)?.operationId
  const restWon = askedWon === undefined ? undefined : won(askedWon - first.wonBack)
  if (second === undefined || restWon === 0) return [first]
  return [first, await cancelPart(cancelling, 'second_cancellation', second, restWon)]
}

/** Of a sale whose money has gone back already: the ledger says so by its name. */
function paidBefore({ operations }: SaleBooks): OperationId | undefined {
  return [...operations.values()].find(
    ({ kind, decline }) => decline === undefined && (kind === 'payment' || kind === 'capture'),
  )?.operationId
}

/** More than is left is asked of the main part as it is: the ledger declines it, and keeps the decline. */
function amountOfMain(
  askedWon: Won | undefined,
  standing: readonly StandingPart[],
): Won | undefined {
  const leftWon = standing.reduce((sum, part) => sum + part.leftWon, 0)
  if (askedWon === undefined || askedWon > leftWon) return askedWon
  return won(Math.min(askedWon, standing[0]?.leftWon ?? askedWon))
}

async function cancelPart(
  { deps, key, original, home, toldWon, actor }: Cancelling,
  part: CancelPart,
  paymentId: OperationId | undefined,
  amountWon: Won | undefined,
): Promise<PartOutcome> {
  const { ledger, sha256, clock } = deps
  const outcome = one(
    await ledger.cancel(
      home.issuerId,
      [
        {
          operationId: cardOperationId(key, part, sha256),
          requestHash: cancellationHash(deps, { key, original, toldWon }),
          paymentId: paymentId ?? cardOperationId(original.key, 'sale', sha256),
          merchantId: home.merchantId,
          ...(amountWon === undefined ? {} : { amountWon }),
          actor,
          card: { partnerId: key.partnerId, businessDate: key.localDate },
        },
      ],
      clock(),
    ),
  )
  return { outcome, wonBack: takenWon(outcome) }
}

async function releaseHold(
  { deps, key, original, home, toldWon, askedWon, isGranted, actor }: Cancelling,
  books: SaleBooks,
): Promise<PartOutcome> {
  const { ledger, sha256, clock } = deps
  const hold = openHold(books)
  const before = books.operations.get('cancellation')
  const held = [...books.operations.values()].find(
    ({ operationId }) => operationId === (before?.targetId ?? hold?.operationId),
  )
  const heldWon = held?.amountWon ?? won(0)
  // What stand-in granted is always of the whole sale, of which it may have told less than was held.
  const refusal = isGranted ? undefined : refusalOfRelease(askedWon, heldWon, original.amountWon)
  const outcome = one(
    await ledger.closeHolds(
      home.issuerId,
      [
        {
          operationId: cardOperationId(key, 'cancellation', sha256),
          requestHash: cancellationHash(deps, { key, original, toldWon }),
          holdId: held?.operationId ?? cardOperationId(original.key, 'sale', sha256),
          amountWon: won(0),
          actor,
          ...(refusal === undefined ? {} : { refusal }),
          card: { partnerId: key.partnerId, businessDate: key.localDate },
        },
      ],
      clock(),
    ),
  )
  const isRelease = outcome.status === 'posted'
  // A completion that was told before, and comes later over the other gateway, has been given back by this.
  if (isRelease) {
    const order = { parts: ['completion'], refusal: 'hold_closed' } as const
    await voidParts(deps, original, home, order)
  }
  return { outcome, wonBack: isRelease ? heldWon : won(0), isRelease }
}

/** Of a cancellation that is asked of a hold; `undefined`: it is let go. */
function refusalOfRelease(
  askedWon: Won | undefined,
  heldWon: Won,
  authorizedWon: Won,
): DeclineReason | undefined {
  if (askedWon === undefined) return undefined
  // Who asks for more than was authorized knows of a completion that has not come here yet: what is held now is not
  // what he speaks of.
  if (askedWon > authorizedWon) return 'cancel_exceeds_payment'
  // A part of a hold is nobody's yet: less is completed instead.
  return askedWon < Math.min(heldWon, authorizedWon) ? 'payment_unknown' : undefined
}

function cancellationHash(
  { sha256 }: CardDeskDeps,
  { key, original, toldWon }: Pick<Cancelling, 'key' | 'original' | 'toldWon'>,
): Uint8Array {
  return requestHash(sha256, [
    'card_cancellation',
    cardKeyText(key),
    cardKeyText(original.key),
    toldWon,
  ])
}

function answerOf({ deps, key }: Cancelling, outcomes: readonly PartOutcome[]): CardAnswer {
  const [first] = outcomes
  if (first === undefined || first.outcome.status === 'key_reused') return declined('key_reused')
  if (first.outcome.status === 'declined') return declined(first.outcome.reason)
  return {
    verdict: 'approved',
    voucherWon: won(outcomes.reduce((sum, { wonBack }) => sum + wonBack, 0)),
    accountWon: won(0),
    source: 'voucher',
    approvalCode: approvalCode(cardOperationId(key, 'cancellation', deps.sha256)),
    decidedBy: 'core',
  }
}

function declined(reason: NonNullable<CardAnswer['reason']>): CardAnswer {
  const nothing = won(0)
  return {
    verdict: 'declined',
    reason,
    voucherWon: nothing,
    accountWon: nothing,
    source: 'none',
    decidedBy: 'core',
  }
}
