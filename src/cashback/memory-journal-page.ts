/** The next page of the journal as the store in memory finds it in the ledger in memory. */
import {
  assert,
  businessMonth,
  sumWon,
  won,
  type Instant,
  type OperationId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import { earningLotKinds } from '../issuing/issuing.ts'
import type { LedgerSnapshot } from '../ledger/ledger.ts'
import type {
  CancellationSeen,
  Earning,
  JournalPage,
  PaymentSeen,
  SpentShare,
  TakeBack,
  Wish,
} from './cashback-store.ts'

/** Everything about one issuer; rows are replaced, never changed. */
export interface Shelf {
  reachedAt: Instant
  readonly earnings: Map<OperationId, Earning>
  readonly takeBacks: Map<OperationId, TakeBack>
  readonly wishes: Map<OperationId, Wish>
  /** Which press made a payment's cashback due. */
  readonly pressedBy: Map<OperationId, OperationId>
}

export function pageOf(
  shelf: Shelf,
  { operations, lots, wallets }: LedgerSnapshot,
  { limit, now }: { readonly limit: number; readonly now: Instant },
): JournalPage | undefined {
  const after = shelf.reachedAt
  const ahead = operations
    .filter(({ bookedAt }) => bookedAt > after && bookedAt <= now)
    .toSorted((a, b) => a.bookedAt - b.bookedAt)
  if (ahead.length === 0) return undefined
  const until = ahead[Math.min(limit, ahead.length) - 1]!.bookedAt
  const earns = new Map<number, ProgramId>(
    lots
      .filter(({ kind }) => earningLotKinds.includes(kind))
      .map(({ lotId, programId }) => [lotId, programId]),
  )
  const members = new Map(wallets.map(({ walletId, memberId }) => [walletId, memberId]))
  const events = ahead
    .filter(({ bookedAt, decline }) => bookedAt <= until && decline === undefined)
    .flatMap((operation): (PaymentSeen | CancellationSeen)[] => {
      const { operationId, bookedAt, walletId, merchantId, targetId } = operation
      const shares = spentOf(operation, earns)
      if (shares.length === 0) return []
      if (operation.kind === 'cancellation') {
        assert(targetId !== undefined, 'a cancellation names its payment')
        return [{ kind: 'cancellation', operationId, bookedAt, paymentId: targetId, shares }]
      }
      assert(walletId !== undefined && merchantId !== undefined, 'a payment has both its sides')
      const memberId = members.get(walletId)!
      const chosen = chosenBy(shelf, walletId, bookedAt)
      const who = { walletId, memberId, merchantId, chosen }
      return [{ kind: 'payment', operationId, bookedAt, ...who, shares }]
    })
    .toSorted((a, b) => a.bookedAt - b.bookedAt || rank(a) - rank(b) || order(a, b))
  const earnings = events.flatMap((event) => {
    const known = event.kind === 'cancellation' ? shelf.earnings.get(event.paymentId) : undefined
    return known === undefined ? [] : [known]
  })
  const months = monthsOf(shelf, events)
  return {
    after,
    until,
    events,
    earnings: [...new Set(earnings)],
    months,
    promised: promisedOf(shelf),
  }
}

function rank({ kind }: PaymentSeen | CancellationSeen): number {
  return kind === 'payment' ? 0 : 1
}

function order(one: PaymentSeen | CancellationSeen, other: PaymentSeen | CancellationSeen): number {
  return one.operationId < other.operationId ? -1 : 1
}

/** What an operation took of money that earns, or gave back to it, by program. */
function spentOf(
  { kind, transfers }: LedgerSnapshot['operations'][number],
  earns: ReadonlyMap<number, ProgramId>,
): readonly SpentShare[] {
  if (kind !== 'payment' && kind !== 'capture' && kind !== 'cancellation') return []
  const sums = new Map<ProgramId, number>()
  for (const { debitKind, debitId, creditKind, creditId, amountWon } of transfers) {
    const takes = debitKind === 'lot' || debitKind === 'lot_hold'
    const gives = creditKind === 'lot' || creditKind === 'lot_hold'
    const programId = earns.get(takes ? debitId : creditId)
    if (takes === gives || programId === undefined) continue
    sums.set(programId, (sums.get(programId) ?? 0) + amountWon)
  }
  return [...sums]
    .map(([programId, spentWon]) => ({ programId, spentWon: won(spentWon) }))
    .toSorted((a, b) => a.programId - b.programId)
}

function monthsOf(
  { earnings }: Shelf,
  events: readonly (PaymentSeen | CancellationSeen)[],
): JournalPage['months'] {
  const known = [...earnings.values()]
  const wanted = new Map(
    events.flatMap((event) => {
      if (event.kind !== 'payment') return []
      const { walletId, bookedAt } = event
      const month = businessMonth(bookedAt)
      return event.shares.map(({ programId }) => {
        return [`${walletId} ${programId} ${month}`, { walletId, programId, month }] as const
      })
    }),
  )
  return [...wanted.values()].map((each) => {
    const own = known.filter(
      ({ walletId, month }) => walletId === each.walletId && month === each.month,
    )
    return { ...each, earnedWon: netOf(own, each.programId) }
  })
}

function promisedOf(shelf: Shelf): JournalPage['promised'] {
  const waiting = [...shelf.earnings.values()].filter(({ state }) => state === 'waiting')
  const programIds = waiting.flatMap(({ shares }) => shares.map(({ programId }) => programId))
  return [...new Set(programIds)]
    .map((programId) => ({ programId, amountWon: netOf(waiting, programId) }))
    .filter(({ amountWon }) => amountWon > 0)
}

export function netOf(earnings: readonly Earning[], programId: ProgramId): Won {
  const shares = earnings.flatMap((earning) => earning.shares)
  const own = shares.filter((share) => share.programId === programId)
  return sumWon(own.map(({ earnedWon, takenBackWon }) => won(earnedWon - takenBackWon)))
}

/** The member's own choice at an instant. */
export function chosenBy({ wishes }: Shelf, walletId: WalletId, at: Instant) {
  const choices = [...wishes.values()].flatMap((wish) => {
    const isChoice = wish.walletId === walletId && wish.at <= at && wish.kind !== 'press'
    return isChoice ? [wish] : []
  })
  const last = choices
    .toSorted((a, b) => a.at - b.at || (a.requestId < b.requestId ? -1 : 1))
    .at(-1)
  return last === undefined || last.kind === 'press' ? null : last.kind
}
