/** The gateway's desk, put together: requests, notices, outbox, feed, breaker and orders over one store. */
import { businessDate, Fault, won, type Won } from '../base/base.ts'
import { saleOfNotice, cardKeyText, type CardNotice } from '../cards/cards.ts'
import type { RecordDirectory } from '../registration/registration.ts'
import { createCoreBreaker, type CoreBreaker } from './core-breaker.ts'
import type { EdgeDesk, EdgeStatus, StandInOrder } from './edge-desk.ts'
import { edgeDefaults, type EdgeDeps, type EdgeFact, type EdgeOptions } from './edge-deps.ts'
import { createFeedFollower, type FeedFollower } from './feed-follower.ts'
import { noticeName } from './fingerprints.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { PEER_NOTES_MAX, type StandInNote } from './peer-notes.ts'
import { createPeerTeller, noteOfPeer, type PeerTeller } from './peer-teller.ts'
import { createRequestDesk, type RequestDesk } from './request-desk.ts'
import { tellAgain } from './retelling.ts'
import { createSaleBook, type SaleBook } from './sale-book.ts'
import { whereaboutsOf } from './sale-facts.ts'
import { createWriteQueue, type WriteQueue } from './write-queue.ts'

export interface StandInDesk extends EdgeDesk {
  /** What the other gateway tells of its stand-in. Resolves once it is noted down. @throws Faults of the store */
  heard(notes: readonly StandInNote[]): Promise<void>
  /** Records as the core told them: partners, issuers, merchants. */
  directory(): RecordDirectory
}

/** Rows removed at one time, so that no answer waits long behind it. */
const PRUNED_ROWS_MAX = 1_000

export function createEdgeDesk(deps: EdgeDeps): StandInDesk {
  const self = putTogether(deps)
  const { follower, outbox, requests, peer, writes } = self
  noteExposure(self)
  follower.start()
  outbox.wake()
  prune(self)
  return {
    answer: requests.answer,
    take: (notice) => take(self, notice),
    async order(order) {
      await writes.add((batch) => batch.putOrder(order))
      self.orders = deps.store.orders()
      const { mode, by, reason } = order
      self.say('standin.ordered', 'warn', { mode, by, reason })
    },
    async heard(notes) {
      await writes.add((batch) => {
        for (const note of notes.slice(0, PEER_NOTES_MAX)) noteOfPeer(batch, note, deps.clock)
      })
      self.count('peer.notes', notes.length)
    },
    directory: follower.directory,
    status: () => statusOf(self),
    async stop() {
      self.pruning?.()
      self.isStopped = true
      await requests.stop()
      peer.stop()
      await Promise.all([outbox.stop(), follower.stop()])
    },
  }
}

interface Parts {
  readonly deps: EdgeDeps
  readonly options: EdgeOptions
  readonly counts: Map<string, number>
  readonly count: (what: string, by?: number) => void
  readonly say: (fact: string, level: EdgeFact['level'], details?: EdgeFact['details']) => void
  readonly peer: PeerTeller
  readonly writes: WriteQueue
  readonly breaker: CoreBreaker
  readonly book: SaleBook
  outbox: Outbox
  follower: FeedFollower
  requests: RequestDesk
  orders: readonly StandInOrder[]
  /** At most since the start. */
  maxWon: Won
  boundWon: Won
  pruning: (() => void) | undefined
  isStopped: boolean
}

function putTogether(deps: EdgeDeps): Parts {
  const { store, clock, timers, random, afterTurn } = deps
  const options = { ...edgeDefaults, ...deps.options }
  const counts = new Map<string, number>()
  const say: Parts['say'] = (fact, level, details = {}) => deps.log({ fact, level, details })
  let onWritable = (): void => undefined
  const writes = createWriteQueue({
    store,
    clock,
    afterTurn,
    commitSizeMax: options.commitSizeMax,
    storeRetryMs: options.storeRetryMs,
    onChange(trouble) {
      if (trouble === undefined) {
        say('store.writable', 'info')
        onWritable()
      } else say('store.unwritable', 'error', { because: trouble.code })
    },
  })
  const parts: Omit<Parts, 'outbox' | 'follower' | 'requests'> = {
    deps,
    options,
    counts,
    count: (what, by = 1) => void counts.set(what, (counts.get(what) ?? 0) + by),
    say,
    peer: createPeerTeller({ peer: deps.peer, timers, random }),
    writes,
    breaker: createCoreBreaker(random),
    book: createSaleBook({ clock, sha256: deps.sha256 }),
    orders: store.orders(),
    maxWon: won(0),
    boundWon: won(0),
    pruning: undefined,
    isStopped: false,
  }
  const outbox = outboxOf(parts)
  const follower = followerOf(parts, outbox)
  // One object, so that what changes in it is seen by all who hold it.
  const self = Object.assign(parts, { outbox, follower })
  const whole = Object.assign(self, { requests: requestsOf(self) })
  onWritable = () => {
    void whole.requests.writeDown()
    outbox.catchUp()
  }
  return whole
}

function outboxOf(self: Omit<Parts, 'outbox' | 'follower' | 'requests'>): Outbox {
  const { deps, say, count } = self
  return createOutbox({
    ...deps,
    ...self,
    log: (fact, details) => say(fact, 'warn', details),
    onTaken(notice, receipt) {
      count(`notice.${receipt.effect}`)
      if (receipt.lossWon > 0) count('notice.loss_won', receipt.lossWon)
      tellPeer(self, notice.saleKey)
    },
  })
}

function followerOf(
  self: Omit<Parts, 'outbox' | 'follower' | 'requests'>,
  outbox: Outbox,
): FeedFollower {
  const { deps, options, writes, book, say } = self
  return createFeedFollower({
    ...deps,
    options,
    writes,
    async onCoreReplaced(change) {
      outbox.coreReplaced()
      const again = await tellAgain(change, { ...deps, writes, book })
      if (again > 0) say('outbox.told_again', 'warn', { notices: again })
      outbox.wake()
    },
  })
}

function requestsOf(self: Omit<Parts, 'requests'>): RequestDesk {
  const { deps, follower, say } = self
  return createRequestDesk({
    ...deps,
    ...self,
    directory: follower.directory,
    knowledge: follower.knowledge,
    orders: () => self.orders,
    log: say,
    onSale(saleKey) {
      tellPeer(self, saleKey)
      noteExposure(self)
    },
  })
}

async function take(self: Parts, notice: CardNotice): Promise<void> {
  const { deps, writes, book, follower, outbox, count } = self
  if (deps.store.notice(noticeName(notice, deps.sha256)) !== undefined) {
    count('notice.repeat')
    return
  }
  const sale = saleOfNotice(notice)
  try {
    await writes.add((batch) => {
      const { wallet } = whereaboutsOf(sale, batch, follower.directory(), deps.clock())
      book.note(batch, notice, wallet)
    })
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    self.requests.notePassed(notice)
    await outbox.tellAtOnce(notice)
    count('notice.unrecorded')
    return
  }
  count(`notice.${notice.kind}`)
  self.requests.noteTaken(notice)
  tellPeer(self, cardKeyText(sale.key))
  outbox.wake()
}

function tellPeer({ deps, peer }: Pick<Parts, 'deps' | 'peer'>, saleKey: string): void {
  const sale = deps.store.sale(saleKey)
  if (sale?.decidedBy === 'standin') peer.add(sale)
}

function noteExposure(self: Pick<Parts, 'deps' | 'maxWon' | 'boundWon'>): void {
  const { outstandingWon, boundWon } = self.deps.store.totals()
  if (outstandingWon > self.maxWon) self.maxWon = outstandingWon
  if (boundWon > self.boundWon) self.boundWon = boundWon
}

/** Again and again, a bounded number of rows at a time. */
/** Where a round was full there is more: the next follows soon, so that a busy store does not outgrow it. */
function prune(self: Parts, pauseMs = self.options.pruneEveryMs): void {
  const { deps, options, writes } = self
  self.pruning = deps.timers.after(pauseMs, () => {
    const now = deps.clock()
    const bounds = { before: now - options.keptMs, today: businessDate(now) }
    let isFull = false
    writes
      .add((batch) => {
        isFull = batch.prune({ ...bounds, rowsMax: PRUNED_ROWS_MAX }) >= PRUNED_ROWS_MAX
      })
      .catch((error: unknown) => {
        if (!(error instanceof Fault)) throw error
      })
      .finally(() => {
        if (!self.isStopped) prune(self, isFull ? options.pruneEveryMs / 4 : undefined)
      })
  })
}

function statusOf(self: Parts): EdgeStatus {
  const { deps, breaker, follower, writes } = self
  noteExposure(self)
  const now = deps.clock()
  const totals = deps.store.totals()
  const { heardAt } = follower.knowledge()
  const coreStates = { closed: 'asked', half_open: 'probed', open: 'not_asked' } as const
  return {
    core: coreStates[breaker.state(now)],
    orders: self.orders,
    feed: {
      state: follower.state(),
      lagMs: heardAt === undefined ? null : Math.max(0, now - heardAt),
      cards: totals.cards,
      wallets: totals.wallets,
    },
    store: { state: writes.isWritable() ? 'writable' : 'full' },
    waiting: {
      notices: totals.waiting,
      oldestAt: deps.store.oldestWaitingAt() ?? null,
    },
    exposure: { nowWon: totals.outstandingWon, maxWon: self.maxWon, boundWon: self.boundWon },
    counts: Object.fromEntries(self.counts),
  }
}
