/**
 * Reads a synchronisation to its end. What it tells counts from the first item on, because all of it is state; what an
 * issuer had before is forgotten only at the end, so that one that breaks off leaves nobody without a balance.
 */
import { Fault, type Clock, type Instant, type IssuerId } from '../base/base.ts'
import type { SealPosition, SyncItem } from '../cards/cards.ts'
import { withinTime, type Timers } from './edge-deps.ts'
import { SYNC_ROWS_OF_COMMIT, type FeedIntake } from './feed-intake.ts'
import type { StoreBatch, StoredPosition } from './store.ts'

/** How an issuer's history stands to what was known of it here. */
export interface SyncedIssuer {
  readonly position: SealPosition
  readonly afresh: boolean
  /** What was known of the issuer before, newest first. */
  readonly positionsBefore: readonly StoredPosition[]
  /** The core does not know a seal that it told before: its history was replaced. */
  readonly isOtherHistory: boolean
}

export interface Synchronised {
  readonly coreLife: string
  readonly next: number
  readonly asOf: Instant
  readonly begunAt: Instant
  readonly generation: number
  readonly issuers: readonly SyncedIssuer[]
}

export interface SynchronisationDeps {
  readonly items: AsyncIterable<SyncItem>
  readonly generation: number
  readonly wasOffered: (issuerId: IssuerId) => boolean
  readonly positionsOf: (issuerId: IssuerId) => readonly StoredPosition[]
  readonly silenceMsMax: number
  readonly intake: FeedIntake
  readonly timers: Timers
  readonly clock: Clock
  readonly stopped: () => boolean
}

/** `undefined` where it was stopped. @throws Faults where it broke off */
export async function readSynchronisation(
  deps: SynchronisationDeps,
): Promise<Synchronised | undefined> {
  const { generation, intake, clock } = deps
  const begunAt = clock()
  const issuers = new Map<IssuerId, SyncedIssuer>()
  let begin: Extract<SyncItem, { item: 'begin' }> | undefined
  for await (const item of untilSilent(deps)) {
    if (deps.stopped()) return undefined
    if (item.item === 'begin') {
      begin = item
      continue
    }
    if (begin === undefined)
      throw new Fault('core_answer_lost', 'it does not begin at the beginning')
    if (item.item === 'end') {
      const { coreLife, next, asOf } = begin
      return { coreLife, next, asOf, begunAt, generation, issuers: [...issuers.values()] }
    }
    if (item.item === 'issuer') {
      const { issuerId } = item.position
      const wasOffered = deps.wasOffered(issuerId)
      issuers.set(issuerId, syncedIssuer(item, wasOffered, deps.positionsOf(issuerId)))
      continue
    }
    const isDoubtful = (issuerId: IssuerId): boolean => issuers.get(issuerId)?.afresh !== true
    const rowsOfCommit = SYNC_ROWS_OF_COMMIT
    const told = { generation, asOf: begin.asOf, isDoubtful, rowsOfCommit }
    if (item.item === 'records') await intake.takeRecords(item.records, told)
    else await intake.takeWallets(item.wallets, told)
  }
  throw new Fault('core_answer_lost', 'the synchronisation ended without its end')
}

function syncedIssuer(
  item: Extract<SyncItem, { item: 'issuer' }>,
  wasOffered: boolean,
  positionsBefore: readonly StoredPosition[],
): SyncedIssuer {
  const { position, afresh } = item
  const newest = positionsBefore[0]
  const isOther =
    newest !== undefined &&
    (position.segment < newest.segment ||
      (position.segment === newest.segment && position.hash !== newest.hash))
  return { position, afresh, positionsBefore, isOtherHistory: afresh && (wasOffered || isOther) }
}

/** Takes over what it came to. Not before the core was told again: what is covered is known by the positions before. */
export function takeOver(batch: StoreBatch, { issuers, generation }: Synchronised): void {
  for (const { position, afresh } of issuers) {
    const { issuerId, segment, hash } = position
    const known = batch.positionsOf(issuerId)[0]
    if (segment > 0 && (known?.segment !== segment || known.hash !== hash)) {
      // When it was made is not known here, only that it was after the one before.
      batch.putPosition({ issuerId, segment, hash, notBefore: known?.notBefore ?? 0 })
    }
    if (afresh) batch.startAfresh(issuerId, generation)
  }
}

/** The items, with a fault where the next one does not come in time or the port fails. */
async function* untilSilent(deps: SynchronisationDeps): AsyncGenerator<SyncItem> {
  const items = deps.items[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = items.next()
      next.catch(() => undefined)
      const inTime = await withinTime(next, deps.silenceMsMax, deps.timers)
      if (inTime === undefined) throw new Fault('core_answer_lost', 'the synchronisation is silent')
      if (inTime.value.done === true) return
      yield inTime.value.value
    }
  } catch (error) {
    if (error instanceof Fault) throw error
    throw new Fault('core_answer_lost', 'the synchronisation broke off', { cause: error })
  } finally {
    // Not awaited: a source that hangs is left behind.
    void items.return?.().catch(() => undefined)
  }
}
