/** What the expiry of a lot comes to in the in-memory ledger, and which lots are due. */
import { assert, type Instant } from '../base/base.ts'
import type { DueLot, DueLotCursor, ExpiryOutcome, ExpiryRequest } from './lot-expiry.ts'
import { outcomeOf, recordOperation, targeting, type Books } from './memory-books.ts'
import { byExpiry } from './lot-taking.ts'

/** Under a key that is not known yet. What is held is not touched: its payment was made in time. */
export function expireLot(books: Books, request: ExpiryRequest, bookedAt: Instant): ExpiryOutcome {
  const { walletId, lotId } = request
  const lot = books.lots.get(lotId)
  if (lot === undefined || lot.walletId !== walletId || lot.expiresAt > bookedAt) {
    return { status: 'not_due' }
  }
  const { remainingWon, heldWon } = lot
  if (remainingWon === 0 && heldWon > 0) return { status: 'not_due' }
  if (heldWon === 0) books.closedLots.add(lotId)
  if (remainingWon === 0) return { status: 'nothing_left' }
  const verdict = {
    kind: 'expiry',
    channel: 'system',
    decline: undefined,
    walletId,
    amountWon: remainingWon,
    targetId: books.issues.get(lotId),
    movements: [
      {
        debitKind: 'lot',
        debitId: lotId,
        creditKind: 'breakage',
        creditId: 0,
        amountWon: remainingWon,
      },
    ],
  } as const
  const outcome = outcomeOf(books, recordOperation(books, request, verdict, bookedAt), false)
  assert(outcome.status === 'posted', 'an expiry is never declined')
  return outcome
}

export function dueLots(
  books: Books,
  { until, after, limit }: { until: Instant; after?: DueLotCursor | undefined; limit: number },
): DueLot[] {
  const isAfter = ({ expiresAt, lotId }: DueLotCursor): boolean =>
    after === undefined ||
    expiresAt > after.expiresAt ||
    (expiresAt === after.expiresAt && lotId > after.lotId)
  return [...books.lots.values()]
    .filter((lot) => lot.expiresAt <= until && !books.closedLots.has(lot.lotId) && isAfter(lot))
    .filter(({ remainingWon, heldWon }) => remainingWon > 0 || heldWon === 0)
    .toSorted(byExpiry)
    .slice(0, limit)
    .map(({ walletId, lotId, programId, kind: lotKind, expiresAt, remainingWon, heldWon }) => {
      const issue = books.issues.get(lotId)
      assert(issue !== undefined, 'a lot was issued by an operation')
      const times = targeting(books, issue).filter(
        ({ kind, transfers }) =>
          (kind === 'expiry' || kind === 'clawback') && transfers[0]?.debitId === lotId,
      ).length
      const place = { walletId, lotId, programId, kind: lotKind, expiresAt }
      return { ...place, remainingWon, heldWon, times }
    })
}
