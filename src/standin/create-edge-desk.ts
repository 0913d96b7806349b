/** The gateway's desk, put together: requests, notices, outbox, feed, breaker and orders over one store. */
import { businessDate, Fault, won, type Won } from '../base/base.ts'
import type { CardNotice } from '../cards/cards.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { createCoreBreaker } from './core-breaker.ts'
import type { EdgeDesk, EdgeStatus, StandInOrder } from './edge-desk.ts'
import { edgeDefaults, type EdgeDeps, type EdgeFact } from './edge-deps.ts'
import { createFeedFollower, type FeedFollower } from './feed-follower.ts'
import { noticeName } from './fingerprints.ts'
import { createOutbox } from './outbox.ts'
import { PEER_NOTES_MAX, type StandInNote } from './peer-notes.ts'
import { createPeerTeller, noteOfPeer } from './peer-teller.ts'
import { createRequestDesk } from './request-desk.ts'
import { tellAgain } from './retelling.ts'
import { createSaleBook } from './sale-book.ts'
import { saleOfNotice, whereaboutsOf } from './sale-facts.ts'
import type { StoredSale } from './store.ts'
import { createWriteQueue } from './write-queue.ts'

export interface StandInDesk extends EdgeDesk {
  /** What the other gateway tells of its stand-in. Resolves once it is noted down. @throws Faults of the store */
  heard(notes: readonly StandInNote[]): Promise<void>
  /** Records as the core told them: partners, issuers, merchants. */
  directory(): RecordDirectory
}

/** Rows removed at one time, so that no answer waits long behind it. */
const PRUNED_ROWS_MAX = 500

export function createEdgeDesk(deps: EdgeDeps): StandInDesk {
  const { store, clock, timers, sha256 } = deps
  const options = { ...edgeDefaults, ...deps.options }
  const counts = new Map<string, number>()
  const count = (what: string, by = 1): void => void counts.set(what, (counts.get(what) ?? 0) + by)
  const say = (fact: string, level: EdgeFact['level'], details: EdgeFact['details'] = {}): void =>
    deps.log({ fact, level, details })

  const peer = createPeerTeller({ peer: deps.peer, timers, random: deps.random })
  const tellPeer = (sale: StoredSale | undefined): void => {
    if (sale?.decidedBy === 'standin') peer.add(sale)
  }
  const writes = createWriteQueue({
    store,
    clock,
    afterTurn: deps.afterTurn,
    commitSizeMax: options.commitSizeMax,
    storeRetryMs: options.storeRetryMs,
    onChange(trouble) {
      if (trouble === undefined) say('store.writable', 'info')
      else say('store.unwritable', 'error', { because: trouble.code })
    },
  })
  const breaker = createCoreBreaker(deps.random)
  const book = createSaleBook({ clock, sha256 })
  const outbox = createOutbox({
    store,
    writes,
    core: deps.core,
    breaker,
    book,
    clock,
    timers,
    afterTurn: deps.afterTurn,
    random: deps.random,
    options,
    log: (fact, details) => say(fact, 'warn', details),
    onTaken(notice, receipt) {
      count(`notice.${receipt.effect}`)
      if (receipt.lossWon > 0) count('notice.loss_won', receipt.lossWon)
      tellPeer(store.sale(notice.saleKey))
    },
  })
  const follower: FeedFollower = createFeedFollower({
    store,
    writes,
    feed: deps.feed,
    clock,
    timers,
    random: deps.random,
    options,
    log: deps.log,
    async onCoreReplaced(change) {
      const again = await tellAgain(change, { store, writes, book, clock })
      say('outbox.told_again', 'warn', { notices: again })
      outbox.wake()
    },
  })
  const requests = createRequestDesk({
    store,
    writes,
    core: deps.core,
    breaker,
    outbox,
    book,
    clock,
    timers,
    sha256,
    options,
    directory: follower.directory,
    knowledge: follower.knowledge,
    orders: () => orders,
    count,
    log: say,
    onSale: (saleKey) => {
      tellPeer(store.sale(saleKey))
      noteExposure()
    },
  })

  let orders: readonly StandInOrder[] = store.orders()
  let maxWon: Won = won(0)
  let boundWon: Won = won(0)
  const noteExposure = (): void => {
    const totals = store.totals()
    if (totals.outstandingWon > maxWon) maxWon = totals.outstandingWon
    if (totals.boundWon > boundWon) boundWon = totals.boundWon
  }
  let pruning: (() => void) | undefined
  const prune = (): void => {
    pruning = timers.after(options.pruneEveryMs, () => {
      const now = clock()
      const bounds = { before: now - options.keptMs, today: businessDate(now) }
      writes
        .add((batch) => batch.prune({ ...bounds, rowsMax: PRUNED_ROWS_MAX }))
        .catch((error: unknown) => {
          if (!(error instanceof Fault)) throw error
        })
        .finally(prune)
    })
  }

  noteExposure()
  follower.start()
  outbox.wake()
  prune()

  return {
    answer: requests.answer,
    async take(notice: CardNotice) {
      if (store.notice(noticeName(notice, sha256)) !== undefined) {
        count('notice.repeat')
        return
      }
      const sale = saleOfNotice(notice)
      try {
        await writes.add((batch) => {
          const { wallet } = whereaboutsOf(sale, batch, follower.directory(), clock())
          book.note(batch, notice, wallet)
        })
      } catch (error) {
        if (!(error instanceof Fault)) throw error
        await outbox.tellAtOnce(notice)
        count('notice.unrecorded')
        return
      }
      count(`notice.${notice.kind}`)
      requests.noteTaken(notice)
      outbox.wake()
    },
    async order(order) {
      await writes.add((batch) => batch.putOrder(order))
      orders = store.orders()
      const { mode, by, reason } = order
      say('standin.ordered', 'warn', { mode, by, reason })
    },
    async heard(notes) {
      await writes.add((batch) => {
        for (const note of notes.slice(0, PEER_NOTES_MAX)) noteOfPeer(batch, note, clock)
      })
      count('peer.notes', notes.length)
    },
    directory: follower.directory,
    status: (): EdgeStatus => {
      noteExposure()
      const now = clock()
      const totals = store.totals()
      const { heardAt } = follower.knowledge()
      const coreStates = { closed: 'asked', half_open: 'probed', open: 'not_asked' } as const
      return {
        core: coreStates[breaker.state(now)],
        orders,
        feed: {
          state: follower.state(),
          lagMs: heardAt === undefined ? null : Math.max(0, now - heardAt),
          cards: totals.cards,
          wallets: totals.wallets,
        },
        store: { state: writes.isWritable() ? 'writable' : 'full' },
        waiting: { notices: totals.waiting, oldestAt: store.oldestWaitingAt() ?? null },
        exposure: { nowWon: totals.outstandingWon, maxWon, boundWon },
        counts: Object.fromEntries(counts),
      }
    },
    async stop() {
      pruning?.()
      await requests.stop()
      peer.stop()
      await Promise.all([outbox.stop(), follower.stop()])
    },
  }
}
