/**
 * The store in memory, over the ledger in memory: for simulations and tests, and what the one in PostgreSQL is held to.
 * Every method does its work before it returns its promise, so each call is one atomic step.
 */
import {
  assert,
  sumWon,
  won,
  type Instant,
  type IssuerId,
  type OperationId,
  type ProgramId,
} from '../base/base.ts'
import type { MemoryLedger } from '../ledger/ledger.ts'
import {
  NOTHING_RETURNED,
  type CashbackShare,
  type CashbackStore,
  type DecidedPage,
  type DueTakeBack,
  type Earning,
  type EarningResult,
  type FunderParts,
  type TakeBack,
  type TakeBackResult,
} from './cashback-store.ts'
import { chosenBy, netOf, pageOf, type Shelf } from './memory-journal-page.ts'

export function createMemoryCashback(
  ledger: Pick<MemoryLedger, 'snapshot' | 'seal'>,
): CashbackStore {
  const shelves = new Map<IssuerId, Shelf>()
  const shelfOf = (issuerId: IssuerId): Shelf => {
    const shelf = shelves.get(issuerId) ?? {
      reachedAt: 0,
      earnings: new Map(),
      takeBacks: new Map(),
      wishes: new Map(),
      pressedBy: new Map(),
    }
    shelves.set(issuerId, shelf)
    return shelf
  }
  return {
    ...following(ledger, shelfOf),
    ...settling(shelfOf),
    ...wishing(shelfOf),
    ...looking(shelfOf),
  }
}

type ShelfOf = (issuerId: IssuerId) => Shelf

function following(
  ledger: Pick<MemoryLedger, 'snapshot' | 'seal'>,
  shelfOf: ShelfOf,
): Pick<CashbackStore, 'read' | 'fix'> {
  return {
    async read(issuerId, { limit, now }) {
      ledger.seal(issuerId, now)
      return pageOf(shelfOf(issuerId), ledger.snapshot(issuerId), { limit, now })
    },
    async fix(issuerId, { after, until }, decided) {
      const shelf = shelfOf(issuerId)
      const isAsSeen = decided.touched.every(
        ({ paymentId, seen }) => shelf.earnings.get(paymentId)?.state === seen,
      )
      if (shelf.reachedAt !== after || !isAsSeen) return false
      shelf.reachedAt = until
      write(shelf, decided)
      return true
    },
  }
}

function write(shelf: Shelf, { earnings, takeBacks, touched }: DecidedPage): void {
  for (const earning of earnings) {
    shelf.earnings.set(earning.paymentId, earning)
    // Who earns is asked again for what is missing.
    for (const known of shelf.takeBacks.values()) {
      if (known.walletId !== earning.walletId || known.state !== 'short') continue
      const attempt = known.attempt + 1
      shelf.takeBacks.set(known.cancellationId, { ...known, state: 'due', attempt })
    }
  }
  const before = new Map(touched.map((each) => [each.paymentId, each]))
  for (const takeBack of takeBacks) {
    shelf.takeBacks.set(takeBack.cancellationId, takeBack)
    // What the page itself earned is written as it stands at its end.
    if (before.has(takeBack.paymentId)) changeShares(shelf, takeBack)
  }
  for (const { paymentId, state } of touched) {
    shelf.earnings.set(paymentId, { ...shelf.earnings.get(paymentId)!, state })
  }
}

function changeShares(shelf: Shelf, { paymentId, shares }: TakeBack): void {
  const earning = shelf.earnings.get(paymentId)!
  const changed = earning.shares.map((share): CashbackShare => {
    const taken = shares.find(({ programId }) => programId === share.programId)
    if (taken === undefined) return share
    const cancelledWon = won(share.cancelledWon + taken.cancelledWon)
    const takenBackWon = won(share.takenBackWon + taken.wantedWon)
    return { ...share, cancelledWon, takenBackWon }
  })
  shelf.earnings.set(paymentId, { ...earning, shares: changed })
}

type Settling = 'dueEarnings' | 'settleEarnings' | 'dueTakeBacks' | 'settleTakeBacks' | 'lapse'

function settling(shelfOf: ShelfOf): Pick<CashbackStore, Settling> {
  return {
    async dueEarnings(issuerId, { walletId, limit }) {
      return oldestFirst(shelfOf(issuerId))
        .filter((each) => each.state === 'due' && (walletId ?? each.walletId) === each.walletId)
        .slice(0, limit)
    },
    async settleEarnings(issuerId, results) {
      for (const result of results) settleEarning(shelfOf(issuerId), result)
    },
    async dueTakeBacks(issuerId, limit) {
      const { takeBacks, earnings } = shelfOf(issuerId)
      const due = [...takeBacks.values()]
        .filter(({ state }) => state === 'due')
        .toSorted(
          (a, b) => a.cancelledAt - b.cancelledAt || (a.cancellationId < b.cancellationId ? -1 : 1),
        )
      const firstOfWallets = due.filter(
        ({ walletId }, index) => due.findIndex((each) => each.walletId === walletId) === index,
      )
      return firstOfWallets.slice(0, limit).map((takeBack): DueTakeBack => {
        const { paidAt, operationId, shares } = earnings.get(takeBack.paymentId)!
        assert(operationId !== undefined, 'what is asked back was posted')
        const returned = shares.map((share) => ({ programId: share.programId, ...share.returned }))
        return { ...takeBack, paidAt, earnedBy: operationId, returned }
      })
    },
    async settleTakeBacks(issuerId, results) {
      for (const result of results) settleTakeBack(shelfOf(issuerId), result)
    },
    async lapse(issuerId, now, limit) {
      const shelf = shelfOf(issuerId)
      const over = oldestFirst(shelf)
        .filter(({ state, shares }) => {
          return state === 'waiting' && shares.every(({ expiresAt }) => expiresAt <= now)
        })
        .slice(0, limit)
      for (const each of over) shelf.earnings.set(each.paymentId, { ...each, state: 'lapsed' })
      return over.length
    },
  }
}

function oldestFirst({ earnings }: Shelf): Earning[] {
  return [...earnings.values()].toSorted(
    (a, b) => a.paidAt - b.paidAt || (a.paymentId < b.paymentId ? -1 : 1),
  )
}

function settleEarning(shelf: Shelf, result: EarningResult): void {
  const known = shelf.earnings.get(result.paymentId)
  if (known?.state !== 'due' || known.attempt !== result.attempt) return
  const { state, waitsFor, operationId, posted } = result
  const isPosted = state === 'posted'
  const shares = known.shares.map((share): CashbackShare => {
    const isThere = posted.some(({ programId }) => programId === share.programId)
    // What had expired before it could be posted is nobody's to take back.
    if (isPosted && !isThere) return { ...share, takenBackWon: share.earnedWon }
    const isRefused = state === 'refused' && share.earnedWon > 0
    return isRefused
      ? { ...share, earnedWon: won(0), takenBackWon: won(0), reason: 'budget_exhausted' }
      : share
  })
  const attempt = isPosted ? known.attempt : known.attempt + 1
  shelf.earnings.set(known.paymentId, { ...known, state, waitsFor, attempt, operationId, shares })
}

function settleTakeBack(shelf: Shelf, result: TakeBackResult): void {
  const known = shelf.takeBacks.get(result.cancellationId)
  if (known?.state !== 'due' || known.attempt !== result.attempt) return
  const takenOf = (programId: ProgramId) =>
    result.taken.find((each) => each.programId === programId) ?? NOTHING_RETURNED
  const shares = known.shares.map((share) => {
    return { ...share, takenWon: won(share.takenWon + sumOf(takenOf(share.programId))) }
  })
  shelf.takeBacks.set(known.cancellationId, { ...known, state: result.state, shares })
  const earning = shelf.earnings.get(known.paymentId)!
  const returned = earning.shares.map((share): CashbackShare => {
    const taken = takenOf(share.programId)
    const add = (name: keyof FunderParts) => won(share.returned[name] + taken[name])
    return {
      ...share,
      returned: {
        nationalWon: add('nationalWon'),
        provinceWon: add('provinceWon'),
        cityWon: add('cityWon'),
      },
    }
  })
  shelf.earnings.set(earning.paymentId, { ...earning, shares: returned })
}

function sumOf({ nationalWon, provinceWon, cityWon }: FunderParts): number {
  return nationalWon + provinceWon + cityWon
}

function wishing(shelfOf: ShelfOf): Pick<CashbackStore, 'wish' | 'pressed' | 'chosen'> {
  return {
    async wish(issuerId, wish, limit) {
      const shelf = shelfOf(issuerId)
      const { requestId, walletId, kind, at } = wish
      const known = shelf.wishes.get(requestId)
      if (known !== undefined) return known.walletId === walletId && known.kind === kind
      shelf.wishes.set(requestId, wish)
      if (kind !== 'press') return true
      const waiting = oldestFirst(shelf).filter((each) => {
        const isAlive = each.shares.some(({ expiresAt }) => expiresAt > at)
        return each.walletId === walletId && each.state === 'waiting' && isAlive
      })
      for (const each of waiting.slice(0, limit)) {
        shelf.earnings.set(each.paymentId, { ...each, state: 'due' })
        shelf.pressedBy.set(each.paymentId, requestId)
      }
      return true
    },
    async pressed(issuerId, requestId) {
      const shelf = shelfOf(issuerId)
      return oldestFirst(shelf).filter(
        ({ paymentId }) => shelf.pressedBy.get(paymentId) === requestId,
      )
    },
    chosen: async (issuerId, walletId) => chosenBy(shelfOf(issuerId), walletId, Infinity),
  }
}

function looking(
  shelfOf: ShelfOf,
): Pick<CashbackStore, 'figures' | 'waiting' | 'earningsOf' | 'standing'> {
  const allOf = (issuerId: IssuerId) => [...shelfOf(issuerId).earnings.values()]
  return {
    async figures(issuerId, walletId, month) {
      const own = allOf(issuerId).filter(
        (each) => each.walletId === walletId && each.month === month,
      )
      return programsOf(own).map((programId) => ({
        programId,
        earnedWon: netOf(own, programId),
        takenBackWon: sumWon(
          own
            .flatMap(({ shares }) => shares)
            .filter((share) => share.programId === programId)
            .map(({ takenBackWon }) => takenBackWon),
        ),
      }))
    },
    async waiting(issuerId, walletId) {
      const own = allOf(issuerId).filter(
        (each) => each.walletId === walletId && each.state === 'waiting',
      )
      return programsOf(own)
        .map((programId) => ({ programId, amountWon: netOf(own, programId) }))
        .filter(({ amountWon }) => amountWon > 0)
    },
    async earningsOf(issuerId, walletId, { before, limit }) {
      return oldestFirst(shelfOf(issuerId))
        .toReversed()
        .filter((each) => each.walletId === walletId && isBefore(each, before))
        .slice(0, limit)
    },
    async standing(issuerId) {
      const { takeBacks } = shelfOf(issuerId)
      const waiting = allOf(issuerId).filter(({ state }) => state === 'waiting')
      const missing = [...takeBacks.values()]
        .filter(({ state }) => state === 'short')
        .flatMap(({ shares }) => shares)
      const programIds = [...programsOf(waiting), ...missing.map(({ programId }) => programId)]
      return [...new Set(programIds)]
        .map((programId) => ({
          programId,
          waitingWon: netOf(waiting, programId),
          waiting: waiting.filter((each) => netOf([each], programId) > 0).length,
          missingWon: sumWon(
            missing
              .filter((share) => share.programId === programId)
              .map(({ wantedWon, takenWon }) => won(wantedWon - takenWon)),
          ),
        }))
        .filter(({ waitingWon, missingWon }) => waitingWon > 0 || missingWon > 0)
        .toSorted((a, b) => a.programId - b.programId)
    },
  }
}

function programsOf(earnings: readonly Earning[]): ProgramId[] {
  const ids = earnings.flatMap(({ shares }) => shares.map(({ programId }) => programId))
  return [...new Set(ids)].toSorted((a, b) => a - b)
}

function isBefore(
  { paidAt, paymentId }: Earning,
  before: { readonly paidAt: Instant; readonly paymentId: OperationId } | undefined,
): boolean {
  if (before === undefined) return true
  return paidAt < before.paidAt || (paidAt === before.paidAt && paymentId < before.paymentId)
}
