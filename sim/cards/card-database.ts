/**
 * The core's database in memory: ledger, registry and seals, as a list of commits that can be played again. So it can
 * be put back to a copy of a moment before, with everything that was committed since forgotten.
 */
import {
  Fault,
  type Clock,
  type Instant,
  type IssuerId,
  type OperationId,
  type WalletId,
} from '../../src/base/base.ts'
import type { FedWallet, SealPosition } from '../../src/cards/cards.ts'
import type { CardFeedReading, SealMark, WalletRef } from '../../src/jobs/card-feed-reading.ts'
import { createGivenOut } from '../../src/postgres/given-out.ts'
import {
  createMemoryLedger,
  type Ledger,
  type MemoryLedger,
  type Outcome,
  type Payouts,
} from '../../src/ledger/ledger.ts'
import {
  createMemoryRegistry,
  type MemoryRegistry,
  type Registry,
} from '../../src/registration/registration.ts'
import { sha256 } from '../crypto-ports.ts'

export interface CardDatabase {
  /** A connection of now: after the database was put back it is broken for ever. */
  connect(): {
    readonly ledger: Ledger
    readonly registry: Registry
    readonly reading: CardFeedReading
  }
  /** For checkers, and for what is read without money hanging on it. */
  readonly ledger: () => MemoryLedger
  readonly registry: () => MemoryRegistry
  seal(issuerId: IssuerId, until: Instant): Promise<void>
  /** Forgets what was committed later than this. Gives how many commits went. */
  restore(to: Instant): Promise<number>
}

interface Touch {
  readonly commit: number
  readonly issuerId: IssuerId
  readonly walletId: WalletId
  readonly operationId: OperationId
  readonly bookedAt: Instant
}

interface State {
  readonly ledger: MemoryLedger
  readonly registry: MemoryRegistry
  readonly walletOf: Map<OperationId, WalletId>
  readonly opened: WalletRef[]
  readonly touched: Touch[]
  readonly seals: Map<IssuerId, SealMark[]>
  commits: number
}

interface Commit {
  readonly at: Instant
  readonly redo: (state: State) => Promise<unknown>
}

/** @param note told of each outcome as it is booked, for the trace */
export function createCardDatabase(
  clock: Clock,
  note: (operationId: OperationId, text: string) => void,
): CardDatabase {
  let commits: Commit[] = []
  let state = emptyState()
  let copies = 0

  const run = <Result>(redo: (on: State) => Promise<Result>): Promise<Result> => {
    commits.push({ at: clock(), redo })
    state.commits += 1
    return redo(state)
  }
  return {
    ledger: () => state.ledger,
    registry: () => state.registry,
    connect() {
      const copy = copies
      const whole = <Result>(call: () => Promise<Result>): Promise<Result> => {
        if (copy === copies) return call()
        return Promise.reject(new Fault('postgres_unavailable', 'the database was put back'))
      }
      const on: Connection = {
        read: (call) => whole(() => call(state)),
        write: (redo) => whole(() => run(redo)),
      }
      return { ledger: ledgerOver(on, note), registry: registryOver(on), reading: readingOver(on) }
    },
    seal: (issuerId, until) => run((on) => seal(on, issuerId, until)),
    async restore(to) {
      const kept = commits.filter(({ at }) => at <= to)
      const lost = commits.length - kept.length
      copies += 1
      state = emptyState()
      commits = kept
      for (const { redo } of kept) {
        state.commits += 1
        await redo(state)
      }
      return lost
    },
  }
}

function emptyState(): State {
  return {
    ledger: createMemoryLedger(),
    registry: createMemoryRegistry(),
    walletOf: new Map(),
    opened: [],
    touched: [],
    seals: new Map(),
    commits: 0,
  }
}

interface Connection {
  read<Result>(call: (state: State) => Promise<Result>): Promise<Result>
  write<Result>(redo: (state: State) => Promise<Result>): Promise<Result>
}

function ledgerOver(
  { read, write }: Connection,
  note: (operationId: OperationId, text: string) => void,
): Ledger {
  const posting = <Request extends { operationId: OperationId }>(
    kind: string,
    post: (
      on: State,
    ) => (issuerId: IssuerId, set: readonly Request[], at: Instant) => Promise<Outcome[]>,
    walletOf: (on: State, request: Request) => WalletId | undefined,
  ) => {
    return (issuerId: IssuerId, set: readonly Request[], at: Instant): Promise<Outcome[]> =>
      write(async (on) => {
        const commit = on.commits
        const outcomes = await post(on)(issuerId, set, at)
        for (const [index, request] of set.entries()) {
          const { operationId } = request
          const walletId = walletOf(on, request)
          const outcome = outcomes[index]
          note(operationId, `${kind} with issuer ${issuerId}: ${outcomeText(outcome)}`)
          if (walletId === undefined || outcome?.status !== 'posted' || outcome.replayed) continue
          on.walletOf.set(operationId, walletId)
          on.touched.push({ commit, issuerId, walletId, operationId, bookedAt: outcome.bookedAt })
        }
        return outcomes
      })
  }
  return {
    openWallets: (issuerId, openings, at) =>
      write(async (on) => {
        for (const { walletId } of openings) on.opened.push({ issuerId, walletId })
        await on.ledger.openWallets(issuerId, openings, at)
      }),
    issue: posting(
      'issue',
      (on) => on.ledger.issue,
      (_, request) => request.walletId,
    ),
    pay: posting(
      'payment',
      (on) => on.ledger.pay,
      (_, request) => request.walletId,
    ),
    hold: posting(
      'hold',
      (on) => on.ledger.hold,
      (_, request) => request.walletId,
    ),
    closeHolds: posting(
      'closure',
      (on) => on.ledger.closeHolds,
      (on, request) => on.walletOf.get(request.holdId),
    ),
    cancel: posting(
      'cancellation',
      (on) => on.ledger.cancel,
      (on, request) => on.walletOf.get(request.paymentId),
    ),
    settleCards: (...args) => write((on) => on.ledger.settleCards(...args)),
    expire: expiring(write, note),
    dueLots: (...args) => read((on) => on.ledger.dueLots(...args)),
    reservePurchases: (...args) => write((on) => on.ledger.reservePurchases(...args)),
    closePurchases: (...args) => write((on) => on.ledger.closePurchases(...args)),
    purchase: (...args) => read((on) => on.ledger.purchase(...args)),
    reservedPurchases: (...args) => read((on) => on.ledger.reservedPurchases(...args)),
    move: moving(write, note),
    ...payoutsOver({ read, write }),
    ...enquiringOver(read),
  }
}

function enquiringOver(read: Connection['read']): Pick<Ledger, 'find' | 'lots' | 'lotOrigins'> {
  return {
    find: (...args) => read((on) => on.ledger.find(...args)),
    lots: (...args) => read((on) => on.ledger.lots(...args)),
    lotOrigins: (...args) => read((on) => on.ledger.lotOrigins(...args)),
  }
}

function payoutsOver({ read, write }: Connection): Payouts {
  return {
    payouts: (...args) => read((on) => on.ledger.payouts(...args)),
    payout: (...args) => read((on) => on.ledger.payout(...args)),
    assignFile: (...args) => write((on) => on.ledger.assignFile(...args)),
  }
}

function moving(
  write: Connection['write'],
  note: (operationId: OperationId, text: string) => void,
): Ledger['move'] {
  return (issuerId, set, at) =>
    write(async (on) => {
      const commit = on.commits
      const outcomes = await on.ledger.move(issuerId, set, at)
      for (const [index, { operationId, walletId, kind }] of set.entries()) {
        const outcome = outcomes[index]
        if (outcome?.status !== 'posted' || outcome.replayed || walletId === undefined) continue
        note(operationId, `${kind} with issuer ${issuerId}: ${outcomeText(outcome)}`)
        on.walletOf.set(operationId, walletId)
        on.touched.push({ commit, issuerId, walletId, operationId, bookedAt: outcome.bookedAt })
      }
      return outcomes
    })
}

function expiring(
  write: Connection['write'],
  note: (operationId: OperationId, text: string) => void,
): Ledger['expire'] {
  return (issuerId, set, at) =>
    write(async (on) => {
      const commit = on.commits
      const outcomes = await on.ledger.expire(issuerId, set, at)
      for (const [index, { operationId, walletId }] of set.entries()) {
        const outcome = outcomes[index]
        if (outcome?.status !== 'posted' || outcome.replayed) continue
        note(operationId, `expiry with issuer ${issuerId}: ${outcomeText(outcome)}`)
        on.walletOf.set(operationId, walletId)
        on.touched.push({ commit, issuerId, walletId, operationId, bookedAt: outcome.bookedAt })
      }
      return outcomes
    })
}

function outcomeText(outcome: Outcome | undefined): string {
  if (outcome?.status === 'declined')
    return `declined ${outcome.reason}${outcome.replayed ? ', as before' : ''}`
  if (outcome?.status !== 'posted') return outcome?.status ?? 'nothing'
  const wonMoved = outcome.legs.reduce((sum, { amountWon }) => sum + amountWon, 0)
  return `posted ₩${wonMoved}${outcome.replayed ? ', as before' : ''}`
}

function registryOver({ read, write }: Connection): Registry {
  return {
    openIssuer: (issuerId) => write((on) => on.registry.openIssuer(issuerId)),
    // Like money, a record is dated no earlier than what is sealed.
    append: (issuerId, by, records, at) =>
      write((on) => {
        const sealedUntil = on.seals.get(issuerId)?.at(-1)?.untilAt ?? 0
        return on.registry.append(issuerId, by, records, Math.max(at, sealedUntil + 1))
      }),
    read: (...args) => read((on) => on.registry.read(...args)),
    findByKey: (...args) => read((on) => on.registry.findByKey(...args)),
    findByKeys: (...args) => read((on) => on.registry.findByKeys(...args)),
    listByKey: (...args) => read((on) => on.registry.listByKey(...args)),
    list: (...args) => read((on) => on.registry.list(...args)),
  }
}

function readingOver({ read }: Connection): CardFeedReading {
  const givenOut = createGivenOut()
  return {
    seals: () => read(async (on) => [...on.seals.values()].flatMap((chain) => chain.at(-1) ?? [])),
    knownSeals: (positions) =>
      read(async (on) => positions.flatMap((position) => sealAt(on, position) ?? [])),
    touchedWallets: (floors, since) =>
      read(async (on) => {
        const reading = givenOut.begin(since)
        const after = new Map(floors.map((floor) => [floor.issuerId, floor.after]))
        const wallets = new Map<string, WalletRef>()
        for (const { commit, issuerId, walletId, bookedAt } of on.touched) {
          const floor = after.get(issuerId)
          if (floor === undefined || bookedAt <= floor) continue
          const place = `${issuerId}/${walletId}`
          if (reading.isNew(`${commit}/${place}`)) wallets.set(place, { issuerId, walletId })
        }
        const { commits } = on
        return { snapshot: reading.name, transactions: commits, wallets: [...wallets.values()] }
      }),
    wallets: (refs) =>
      read(async (on) => {
        const opened = refs.filter((ref) => on.opened.some((one) => isSame(one, ref)))
        return Promise.all(opened.map((ref) => fedWallet(on, ref)))
      }),
    walletsAfter: (issuerId, after, limit) =>
      read(async (on) => {
        const refs = on.opened
          .filter((ref) => ref.issuerId === issuerId && ref.walletId > after)
          .toSorted((a, b) => a.walletId - b.walletId)
          .slice(0, limit)
        return Promise.all(refs.map((ref) => fedWallet(on, ref)))
      }),
    async *recordsSince(issuerId, kinds, after) {
      const records = await read(async (on) =>
        on.registry
          .versions(issuerId)
          .filter(({ kind, recordedAt }) => kinds.includes(kind) && recordedAt > after)
          .map(({ kind, recordId, version, body }) => ({
            issuerId,
            kind,
            recordId,
            version,
            body,
          })),
      )
      if (records.length > 0) yield records
    },
  }
}

async function fedWallet(on: State, { issuerId, walletId }: WalletRef): Promise<FedWallet> {
  const lots = await on.ledger.lots(issuerId, walletId)
  return {
    issuerId,
    walletId,
    lots: lots
      .filter(({ remainingWon }) => remainingWon > 0)
      .map(({ programId, kind, expiresAt, remainingWon }) => ({
        programId,
        kind,
        expiresAt,
        remainingWon,
      })),
  }
}

function isSame(a: WalletRef, b: WalletRef): boolean {
  return a.issuerId === b.issuerId && a.walletId === b.walletId
}

function sealAt(on: State, { issuerId, segment, hash }: SealPosition): SealMark | undefined {
  const seal = on.seals.get(issuerId)?.[segment - 1]
  return seal?.hash === hash ? seal : undefined
}

/** The hash stands for all that the segment holds, so that another history has other hashes. */
async function seal(on: State, issuerId: IssuerId, until: Instant): Promise<void> {
  const chain = on.seals.get(issuerId) ?? []
  const last = chain.at(-1)
  if (last !== undefined && until <= last.untilAt) return
  on.ledger.seal(issuerId, until)
  const booked = on.touched
    .filter((touch) => touch.issuerId === issuerId && touch.bookedAt <= until)
    .filter((touch) => touch.bookedAt > (last?.untilAt ?? 0))
    .map(({ operationId }) => operationId)
  const text = [last?.hash ?? '', until, ...booked].join('\n')
  const hash = Buffer.from(sha256(new TextEncoder().encode(text))).toString('hex')
  on.seals.set(issuerId, [...chain, { issuerId, segment: chain.length + 1, hash, untilAt: until }])
}
