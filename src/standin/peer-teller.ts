/**
 * Tells the other gateway what stand-in approved here, and notes down what it tells. Best effort: nothing waits for it.
 */
import { won, type Clock } from '../base/base.ts'
import { pauseMs, withinTime, type Timers } from './edge-deps.ts'
import { PEER_NOTES_MAX, type PeerGateway, type StandInNote } from './peer-notes.ts'
import type { StoreBatch, StoredSale } from './store.ts'

export interface PeerTeller {
  /** What became of a sale that stand-in approved. */
  add(sale: StoredSale): void
  stop(): void
}

/** Notes that wait while the other gateway is away; the oldest go first, because they are taken soonest. */
const WAITING_MAX = 20_000
const CALL_MS_MAX = 2_000

export function createPeerTeller(deps: PeerTellerDeps): PeerTeller {
  const self: Telling = {
    deps,
    waiting: new Map(),
    isRunning: false,
    isStopped: false,
    failures: 0,
    callOff: undefined,
  }
  return {
    add(sale) {
      const { waiting } = self
      if (deps.peer === undefined || self.isStopped) return
      waiting.delete(sale.key)
      waiting.set(sale.key, noteOf(sale))
      for (const oldest of waiting.keys()) {
        if (waiting.size <= WAITING_MAX) break
        waiting.delete(oldest)
      }
      if (!self.isRunning) void run(self, deps.peer)
    },
    stop() {
      self.isStopped = true
      self.callOff?.()
    },
  }
}

export interface PeerTellerDeps {
  readonly peer: PeerGateway | undefined
  readonly timers: Timers
  readonly random: () => number
}

interface Telling {
  readonly deps: PeerTellerDeps
  /** By sale: a later word replaces an earlier one. */
  readonly waiting: Map<string, StandInNote>
  isRunning: boolean
  isStopped: boolean
  failures: number
  callOff: (() => void) | undefined
}

async function run(self: Telling, peer: PeerGateway): Promise<void> {
  const { deps, waiting } = self
  self.isRunning = true
  while (waiting.size > 0 && !self.isStopped) {
    const notes = [...waiting.values()].slice(0, PEER_NOTES_MAX)
    const told = peer.tell(notes).then(
      () => true,
      () => false,
    )
    const inTime = await withinTime(told, CALL_MS_MAX, deps.timers)
    if (inTime?.value === true) {
      self.failures = 0
      for (const note of notes) {
        if (waiting.get(note.saleKey) === note) waiting.delete(note.saleKey)
      }
      continue
    }
    self.failures += 1
    const ms = pauseMs(self.failures, { firstMs: 200, mostMs: 5_000 }, deps.random)
    await new Promise<void>((resolve) => {
      self.callOff = deps.timers.after(ms, resolve)
    })
  }
  self.isRunning = false
}

function noteOf(sale: StoredSale): StandInNote {
  const { key, issuerId, walletId, decidedAt, day, tenders, outstanding, settledCoreAt } = sale
  return {
    saleKey: key,
    issuerId,
    walletId,
    decidedAt,
    day,
    tenders,
    netWon: won(sale.approvedWon - sale.returnedWon),
    ...(outstanding ? {} : { takenAt: settledCoreAt ?? 0 }),
  }
}

/** What the other gateway approved counts here like our own, except that we owe the core nothing for it. */
export function noteOfPeer(batch: StoreBatch, note: StandInNote, clock: Clock): void {
  const known = batch.sale(note.saleKey)
  // The same sale came over both gateways: our own word on it is nearer.
  if (known !== undefined && known.decidedBy !== 'peer') return
  const { issuerId, walletId, decidedAt, day, netWon, tenders, takenAt } = note
  const approvedWon = won(Math.max(known?.approvedWon ?? 0, netWon))
  batch.putSale({
    key: note.saleKey,
    issuerId,
    walletId,
    fingerprint: '',
    decidedBy: 'peer',
    decidedAt,
    day,
    approvedWon,
    returnedWon: won(approvedWon - netWon),
    seenMinWon: won(0),
    // The other gateway may be telling the core at this very moment.
    seenMaxWon: approvedWon,
    tenders,
    outstanding: takenAt === undefined,
    ...(takenAt === undefined ? {} : { settledAt: clock(), settledCoreAt: takenAt }),
    open: true,
  })
}
