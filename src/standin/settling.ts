/**
 * The last step of a request, within one commit: what was heard from the core, or what stand-in decides, becomes the
 * answer, with what must be told to the core. It is decided in here and not before, so that two requests of one wallet
 * never use the same limit twice.
 */
import { DAY_MS, startOfBusinessDate, won, type Instant, type Sha256 } from '../base/base.ts'
import {
  approvalCode,
  cardKeyText,
  cardOperationId,
  type CardAnswer,
  type CardSale,
} from '../cards/cards.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { answerOfDecision, balanceAnswer, cancellationAnswer, refusal } from './answers.ts'
import { availability } from './availability.ts'
import type { StandInMode } from './edge-desk.ts'
import { requestFingerprint, saleFingerprint } from './fingerprints.ts'
import type { SaleBook } from './sale-book.ts'
import { keyOf, ruleHere, saleOf, walletOf, type KeyedRequest } from './sale-facts.ts'
import { decideStandIn, type BelievedAges } from './standin-decision.ts'
import type { StoreBatch, StoredSale, StoreReading, WalletRef } from './store.ts'

/** What asking the core came to. */
export type CoreWord =
  | { readonly heard: 'answer'; readonly answer: CardAnswer }
  /** `mayHavePostedSince`: it was asked then, and how that ended is not known. */
  | { readonly heard: 'nothing'; readonly mayHavePostedSince?: Instant }

/** How old what the feed told is, and by which clocks. */
export interface Knowledge {
  /** `undefined` before the first synchronisation has ended. */
  readonly heardAt: Instant | undefined
  /** The core's time at an instant of ours, not earlier than it really was; `undefined` where not known. */
  coreTime(at: Instant): Instant | undefined
  /** Whether the feed may have told the wallet at or after an instant of ours. */
  toldSince(wallet: WalletRef, at: Instant): boolean
}

export interface SettlingDeps {
  readonly clock: () => Instant
  readonly sha256: Sha256
  readonly directory: () => RecordDirectory
  readonly knowledge: () => Knowledge
  /** Whether the core may have posted a sale that is not marked as such. */
  readonly toldUnmarked: (saleKey: string) => boolean
  readonly book: SaleBook
  readonly believed: BelievedAges
  /** So long answers and reversals are remembered. */
  readonly keptMs: number
}

export interface Settled {
  readonly answer: CardAnswer
  /** False where a repeat shall be asked anew: nothing was decided. */
  readonly isKept: boolean
}

export function settle(
  batch: StoreBatch,
  request: KeyedRequest,
  word: CoreWord,
  mode: StandInMode,
  deps: SettlingDeps,
): Settled {
  const key = cardKeyText(keyOf(request))
  const known = batch.answered(key)
  if (known !== undefined) return { answer: known.answer, isKept: true }
  const settled = decide(batch, request, word, mode, deps)
  if (!settled.isKept) return settled
  const { answer } = settled
  const isApproval = answer.verdict === 'approved' || answer.verdict === 'partially_approved'
  const wallet = batch.sale(cardKeyText(saleOf(request).key))
  batch.putAnswer({
    key,
    fingerprint: requestFingerprint(request, deps.sha256),
    answeredAt: deps.clock(),
    answer,
    ...(isApproval && request.kind !== 'enquire_balance' ? { request } : {}),
    ...(wallet === undefined ? {} : { issuerId: wallet.issuerId }),
  })
  return settled
}

function decide(
  batch: StoreBatch,
  request: KeyedRequest,
  word: CoreWord,
  mode: StandInMode,
  deps: SettlingDeps,
): Settled {
  switch (request.kind) {
    case 'authorize':
    case 'pay':
      return { answer: settleSale(batch, request.sale, word, mode, deps), isKept: true }
    case 'cancel':
      return settleCancellation(batch, request, word, mode, deps)
    default:
      if (word.heard === 'answer') return { answer: word.answer, isKept: true }
      return settleEnquiry(batch, request, mode, deps)
  }
}

function settleSale(
  batch: StoreBatch,
  sale: CardSale,
  word: CoreWord,
  mode: StandInMode,
  deps: SettlingDeps,
): CardAnswer {
  // Taken back before it was answered; the reversal itself tells the core.
  if (batch.isReversed(cardKeyText(sale.key))) {
    return refusal('declined', 'reversed_first', 'gateway')
  }
  const known = batch.sale(cardKeyText(sale.key))
  const isToldOf = known !== undefined && known.decidedBy !== 'peer'
  if (isToldOf && known.approvedWon === known.returnedWon) {
    // The partner has told already that the account paid.
    return refusal('declined', 'reversed_first', 'gateway')
  }
  if (word.heard === 'answer') {
    if (!isToldOf) noteApprovalOfCore(batch, sale, word.answer, deps)
    return word.answer
  }
  // Advised before it was asked: the core knows how much of it stands, or will.
  if (isToldOf) return refusal('unknown', 'core_unreachable', 'gateway')
  const answer = standInAnswer(batch, sale, word, mode, deps)
  if (word.mayHavePostedSince !== undefined && answer.voucherWon === 0) {
    const decidedAt = deps.clock()
    deps.book.note(
      batch,
      { kind: 'reverse', sale, keepWon: won(0), decidedAt, by: 'gateway' },
      walletOf(ruleHere(sale, batch, deps.directory(), decidedAt)),
    )
  }
  return answer
}

function noteApprovalOfCore(
  batch: StoreBatch,
  sale: CardSale,
  { voucherWon }: CardAnswer,
  deps: SettlingDeps,
): void {
  if (voucherWon === 0) return
  const now = deps.clock()
  const ruling = ruleHere(sale, batch, deps.directory(), now)
  const wallet = walletOf(ruling)
  // A card that was not fed yet: the feed shows its wallet as it is after this sale, or later.
  if (wallet === undefined) return
  deps.book.approve(batch, {
    sale,
    wallet,
    tenders: ruling.ruling === 'eligible' ? ruling.tenders : [],
    decidedBy: 'core',
    approvedWon: voucherWon,
    mayBeSeen: true,
    settledCoreAt: deps.knowledge().coreTime(now),
  })
}

function standInAnswer(
  batch: StoreBatch,
  sale: CardSale,
  { mayHavePostedSince }: { readonly mayHavePostedSince?: Instant },
  mode: StandInMode,
  deps: SettlingDeps,
): CardAnswer {
  const now = deps.clock()
  const ruling = ruleHere(sale, batch, deps.directory(), now)
  const onUnknown =
    ruling.ruling === 'eligible' ? ruling.onUnknown : (ruling.found?.link.onUnknown ?? undefined)
  if (mode === 'forbidden') return refusal('unknown', 'standin_forbidden', 'gateway', onUnknown)
  // What was answered, or reversed, so long ago may be forgotten here: only the ledger knows this key for ever.
  if (startOfBusinessDate(sale.key.localDate) < now - deps.keptMs + DAY_MS) {
    return refusal('unknown', 'core_unreachable', 'gateway', onUnknown)
  }
  const key = cardKeyText(sale.key)
  const wallet = walletOf(ruling)
  const { heardAt, toldSince } = deps.knowledge()
  const isShown =
    mayHavePostedSince !== undefined &&
    wallet !== undefined &&
    toldSince(wallet, mayHavePostedSince)
  const decision = decideStandIn(
    {
      ruling,
      amountWon: sale.amountWon,
      wallet: wallet && batch.wallet(wallet),
      // The other gateway may have approved this very sale: it is one sale still.
      sales:
        wallet === undefined
          ? []
          : batch
              .openSales(wallet)
              .filter((each) => each.key !== key)
              .map((each) => asTold(each, deps)),
      mayBeShownWon: isShown ? sale.amountWon : won(0),
      knownForMs: ageMs(heardAt, now),
      believed: deps.believed,
    },
    now,
  )
  if (decision.voucherWon > 0 && ruling.ruling === 'eligible' && wallet !== undefined) {
    const { tenders } = ruling
    const approvedWon = decision.voucherWon
    const mayBeSeen = mayHavePostedSince !== undefined
    const approval = { sale, wallet, tenders, approvedWon, mayBeSeen }
    deps.book.approve(batch, { ...approval, decidedBy: 'standin' })
    const advice = { kind: 'advise', sale, by: 'standin', approvedWon, decidedAt: now } as const
    deps.book.note(batch, advice, wallet)
  }
  return answerOfDecision(sale, decision, heardAt, deps.sha256)
}

function asTold(sale: StoredSale, { toldUnmarked }: SettlingDeps): StoredSale {
  return toldUnmarked(sale.key) ? { ...sale, seenMaxWon: sale.approvedWon } : sale
}

/**
 * Stand-in grants a cancellation of what it knows as approved in full by the voucher. What it cannot tell is not kept:
 * a repeat is asked anew, or the money could never be given back.
 */
function settleCancellation(
  batch: StoreBatch,
  request: Extract<KeyedRequest, { readonly kind: 'cancel' }>,
  word: CoreWord,
  mode: StandInMode,
  deps: SettlingDeps,
): Settled {
  const { original, key } = request
  const saleKey = cardKeyText(original.key)
  const sale = batch.sale(saleKey)
  if (word.heard === 'answer') {
    const returnedWon = won((sale?.returnedWon ?? 0) + word.answer.voucherWon)
    deps.book.giveBack(batch, saleKey, returnedWon)
    return { answer: word.answer, isKept: true }
  }
  if (mode === 'forbidden') return notKept('standin_forbidden')
  const leftWon = sale === undefined ? 0 : sale.approvedWon - sale.returnedWon
  const amountWon = won(request.amountWon ?? leftWon)
  const isKnown =
    sale !== undefined &&
    sale.fingerprint === saleFingerprint(original, deps.sha256) &&
    sale.approvedWon === original.amountWon &&
    original.key.cardClass === 'financial'
  if (!isKnown || amountWon <= 0 || amountWon > leftWon) return notKept('core_unreachable')
  const decidedAt = deps.clock()
  deps.book.note(batch, { kind: 'cancelled', key, original, amountWon, decidedAt }, sale)
  const code = approvalCode(cardOperationId(key, 'cancellation', deps.sha256))
  return { answer: cancellationAnswer(amountWon, code), isKept: true }
}

function settleEnquiry(
  reading: StoreReading,
  request: Extract<KeyedRequest, { readonly kind: 'enquire_balance' }>,
  mode: StandInMode,
  deps: SettlingDeps,
): Settled {
  if (mode === 'forbidden') return notKept('standin_forbidden')
  const now = deps.clock()
  const ruling = ruleHere(saleOf(request), reading, deps.directory(), now)
  const { heardAt } = deps.knowledge()
  const wallet = ruling.ruling === 'eligible' ? walletOf(ruling) : undefined
  const fed = wallet && reading.wallet(wallet)
  if (heardAt === undefined || (ruling.ruling === 'eligible' && fed === undefined)) {
    return notKept('standin_snapshot_too_old')
  }
  if (ruling.ruling !== 'eligible') {
    const { reason } = ruling
    return { answer: refusal(ruling.ruling, reason, 'standin'), isKept: true }
  }
  const sales = wallet === undefined ? [] : reading.openSales(wallet)
  const { lowerWon } = availability(fed?.lots ?? [], sales, ruling.tenders, now)
  return { answer: balanceAnswer(lowerWon, heardAt), isKept: true }
}

function notKept(reason: 'standin_forbidden' | 'core_unreachable' | 'standin_snapshot_too_old') {
  return { answer: refusal('unknown', reason, 'gateway'), isKept: false }
}

/** A clock that was set back makes nothing newer than new. */
function ageMs(heardAt: Instant | undefined, now: Instant): number | undefined {
  return heardAt === undefined ? undefined : Math.max(0, now - heardAt)
}
