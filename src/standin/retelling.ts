/**
 * A core that was restored from a copy has forgotten what it answered and took since. Whatever a seal that it still
 * knows does not cover is told again: as advices of its own decisions, and the notices once more. All of it is
 * idempotent by key, so telling too much does no harm.
 */
import type { Clock, Instant, IssuerId } from '../base/base.ts'
import { saleOfNotice, cardKeyText, type CardNotice } from '../cards/cards.ts'
import type { CoreReplacement } from './feed-follower.ts'
import type { SyncedIssuer } from './feed-synchronisation.ts'
import type { SaleBook } from './sale-book.ts'
import { whereaboutsAt } from './sale-facts.ts'
import type { AnswerCursor, StandInStore, StoredAnswer, WalletRef } from './store.ts'
import type { WriteQueue } from './write-queue.ts'

/** A page of the feed may be so much older than it looked when it was read. */
const MARGIN_MS = 10_000
/** Segments that a restored core may have sealed before we heard of it. */
const RESEALED_MAX = 60
const PAGE = 100
const OF_GROUP_MAX = 1_000

/**
 * What was answered before this instant is in a seal that the core still knows; 0 where none is known.
 * A seal's boundary is drawn after the seal before it was stored, and that was after a page that did not know it yet:
 * hence always one position further back.
 */
export function coveredUntil(issuer: SyncedIssuer): Instant {
  const { position, afresh, positionsBefore } = issuer
  const same = positionsBefore.findIndex(
    (each) => each.segment === position.segment && each.hash === position.hash,
  )
  const common =
    same >= 0 || !afresh
      ? Math.max(same, 0)
      : positionsBefore.findIndex((each) => each.segment < position.segment - RESEALED_MAX)
  if (common < 0) return 0
  return Math.max(0, (positionsBefore[common + 1]?.notBefore ?? 0) - MARGIN_MS)
}

export interface RetellingDeps {
  readonly store: StandInStore
  readonly writes: WriteQueue
  readonly book: SaleBook
  readonly clock: Clock
}

interface Retold {
  readonly at: Instant
  readonly notice: CardNotice
  readonly wallet: WalletRef | undefined
}

/** Gives how many notices wait again. @throws Faults of the store; it is then done again from the beginning */
export async function tellAgain(change: CoreReplacement, deps: RetellingDeps): Promise<number> {
  const since = new Map<IssuerId, Instant>()
  for (const issuer of change.issuers) {
    if (!change.isNewLife && !issuer.isOtherHistory) continue
    since.set(issuer.position.issuerId, coveredUntil(issuer))
  }
  if (since.size === 0) return 0
  const from = Math.min(...since.values())
  /** Of an issuer that is not known here, or that was not told about, nothing is known to be covered. */
  const concerns = (issuerId: IssuerId | undefined, at: Instant): boolean =>
    issuerId === undefined ? at >= from : at >= (since.get(issuerId) ?? Number.POSITIVE_INFINITY)
  const forgotten = [...approvals(deps, from, concerns), ...notices(deps, from, concerns)]
  const retold = [...forgotten, ...waitingOf(deps, forgotten)].toSorted((a, b) => a.at - b.at)
  for (let index = 0; index < retold.length; index += PAGE) {
    const page = retold.slice(index, index + PAGE)
    await deps.writes.add((batch) => {
      for (const { notice, wallet } of page) deps.book.tellAgain(batch, notice, wallet)
    })
  }
  return retold.length
}

type Concerns = (issuerId: IssuerId | undefined, at: Instant) => boolean

function* approvals(
  { store }: RetellingDeps,
  from: Instant,
  concerns: Concerns,
): Generator<Retold> {
  let after: AnswerCursor | undefined
  for (;;) {
    const page = store.approvedByCoreSince(from, {
      ...(after === undefined ? {} : { after }),
      limit: PAGE,
    })
    for (const answered of page) {
      const notice = noticeOf(answered)
      if (notice === undefined || !concerns(answered.issuerId, answered.answeredAt)) continue
      yield { at: answered.answeredAt, notice, wallet: undefined }
    }
    if (page.length < PAGE) return
    after = page.at(-1)
  }
}

function* notices({ store }: RetellingDeps, from: Instant, concerns: Concerns): Generator<Retold> {
  let after = 0
  for (;;) {
    const page = store.takenSince(from, { after, limit: PAGE })
    for (const { saleKey, takenAt, notedAt, notice } of page) {
      const wallet = store.sale(saleKey)
      if (takenAt === undefined || !concerns(wallet?.issuerId, takenAt)) continue
      yield { at: notedAt, notice, wallet }
    }
    if (page.length < PAGE) return
    after = page.at(-1)!.seq
  }
}

/** What waits about the same sales was noted later: it must not overtake what is told again before it. */
function waitingOf({ store }: RetellingDeps, forgotten: readonly Retold[]): readonly Retold[] {
  const waiting = new Map<number, Retold>()
  for (const { notice } of forgotten) {
    const sale = saleOfNotice(notice)
    const wallet = store.sale(cardKeyText(sale.key))
    for (const group of whereaboutsAt(sale, wallet).groups) {
      for (const { seq, saleKey, notedAt, notice: waits } of store.waitingIn(group, OF_GROUP_MAX)) {
        if (saleKey !== cardKeyText(sale.key)) continue
        waiting.set(seq, { at: notedAt, notice: waits, wallet })
      }
    }
  }
  return [...waiting.values()]
}

function noticeOf({ request, answer, answeredAt }: StoredAnswer): CardNotice | undefined {
  const decidedAt = answeredAt
  switch (request?.kind) {
    case 'authorize':
    case 'pay': {
      const approvedWon = answer.voucherWon
      return { kind: 'advise', sale: request.sale, by: 'core', approvedWon, decidedAt }
    }
    case 'cancel': {
      const { key, original } = request
      return { kind: 'cancelled', key, original, amountWon: answer.voucherWon, decidedAt }
    }
    default:
      return undefined
  }
}
