/** Takes what the core tells into the store and into the directory of records, in commits of a bounded size. */
import { Bug, won, type Clock, type Instant, type IssuerId, type Won } from '../base/base.ts'
import type { CardLink, FedRecord, FedWallet } from '../cards/cards.ts'
import {
  createRecordDirectory,
  readBody,
  type RecordDirectory,
} from '../registration/registration.ts'
import type { EdgeFact } from './edge-deps.ts'
import type { StandInStore, StoreBatch, WalletRef } from './store.ts'
import type { WriteQueue } from './write-queue.ts'

export interface Told {
  readonly generation: number
  /** The core's clock when it was read. */
  readonly asOf: Instant
  /** Whether the newest seal that is known here may not cover what is told of an issuer. */
  isDoubtful(issuerId: IssuerId): boolean
  readonly rowsOfCommit: number
}

export interface FeedIntake {
  takeRecords(records: readonly FedRecord[], told: Told): Promise<void>
  takeWallets(wallets: readonly FedWallet[], told: Told): Promise<void>
  /** Whether the wallet may have been told at or after an instant of ours. */
  toldSince(wallet: WalletRef, at: Instant): boolean
  directory(): RecordDirectory
  /** From the store: after an issuer was told afresh, older versions may count again. */
  rebuildDirectory(): void
}

/** Rows of one commit while the tail is followed: some milliseconds, which an answer may have to wait. */
export const TAIL_ROWS_OF_COMMIT = 250
/** While it is synchronised there is much to take in, and each commit waits for the disk. */
export const SYNC_ROWS_OF_COMMIT = 2_000
/** Wallets of which it is remembered when they were told: more than change while one request waits. */
const TOLD_REMEMBERED_MAX = 20_000

export interface FeedIntakeDeps {
  readonly store: StandInStore
  readonly writes: WriteQueue
  readonly clock: Clock
  readonly log: (fact: EdgeFact) => void
}

export function createFeedIntake(deps: FeedIntakeDeps): FeedIntake {
  const lately = createLatelyTold()
  let directory = directoryOf(deps.store)
  return {
    takeRecords: (records, told) => takeRecords(deps, directory, records, told),
    async takeWallets(wallets, { generation, asOf, isDoubtful, rowsOfCommit }) {
      for (const some of inPortions(wallets, rowsOfCommit)) {
        await deps.writes.add((batch) => {
          // Here and not afterwards: a decision of the same commit sees these rows.
          lately.note(some, deps.clock())
          for (const wallet of some) {
            batch.putWallet(wallet, generation)
            if (isDoubtful(wallet.issuerId)) batch.doubt(wallet)
            batch.releaseSales({ wallet, coreBefore: asOf })
          }
        })
      }
    },
    toldSince: lately.toldSince,
    directory: () => directory,
    rebuildDirectory() {
      directory = directoryOf(deps.store)
    },
  }
}

function directoryOf(store: StandInStore): RecordDirectory {
  const directory = createRecordDirectory()
  for (const record of store.records()) directory.apply(record.issuerId, record)
  return directory
}

async function takeRecords(
  deps: FeedIntakeDeps,
  directory: RecordDirectory,
  records: readonly FedRecord[],
  { generation, rowsOfCommit }: Told,
): Promise<void> {
  const readable = records.filter((record) => isReadable(deps, record))
  for (const some of inPortions(readable, rowsOfCommit)) {
    const applied = await deps.writes.add((batch) =>
      some.filter((record) => putRecord(batch, record, generation)),
    )
    for (const record of applied) directory.apply(record.issuerId, record)
    const changed = new Set(
      applied.flatMap(({ kind, issuerId }) => (kind === 'terms' ? [issuerId] : [])),
    )
    if (changed.size === 0) continue
    await deps.writes.add((batch) => {
      for (const issuerId of changed) {
        batch.setCumulativeMax(issuerId, cumulativeMax(directory, issuerId))
      }
    })
  }
}

/** A record that this program cannot read is passed over: one bad record must not silence all others. */
function isReadable({ log }: FeedIntakeDeps, record: FedRecord): boolean {
  try {
    readBody(record.kind, record.body)
    return true
  } catch (error) {
    if (!(error instanceof Bug)) throw error
    const { kind, recordId, version } = record
    log({ fact: 'feed.record_unreadable', level: 'error', details: { kind, recordId, version } })
    return false
  }
}

/** Remembers for a while which wallets were told when. */
function createLatelyTold(): {
  note(wallets: readonly WalletRef[], at: Instant): void
  toldSince(wallet: WalletRef, at: Instant): boolean
} {
  /** The newest last. */
  const toldAt = new Map<string, Instant>()
  /** Up to this instant it is not known any more which wallets were told. */
  let forgottenUntil = Number.NEGATIVE_INFINITY
  const placeOf = ({ issuerId, walletId }: WalletRef): string => `${issuerId}/${walletId}`
  return {
    note(wallets, at) {
      for (const wallet of wallets) {
        toldAt.delete(placeOf(wallet))
        toldAt.set(placeOf(wallet), at)
      }
      for (const [place, instant] of toldAt) {
        if (toldAt.size <= TOLD_REMEMBERED_MAX) break
        toldAt.delete(place)
        forgottenUntil = instant
      }
    },
    toldSince: (wallet, at) =>
      at <= forgottenUntil || (toldAt.get(placeOf(wallet)) ?? Number.NEGATIVE_INFINITY) >= at,
  }
}

function putRecord(batch: StoreBatch, record: FedRecord, generation: number): boolean {
  if (record.kind !== 'card_link') return batch.putRecord(record, generation)
  const { issuerId, recordId, version } = record
  const linkId = recordId as CardLink['linkId'] // The record id of a link is the link's own.
  const link: CardLink = { issuerId, linkId, ...readBody('card_link', record.body) }
  batch.putCard(link, version, generation)
  return false
}

/** The highest of all terms, those to come and those that ended too, so that it never has to rise by time alone. */
function cumulativeMax(directory: RecordDirectory, issuerId: IssuerId): Won {
  const all = directory.programs(issuerId).flatMap((program) => program.terms)
  return won(Math.max(0, ...all.map((terms) => terms.standInLimits.cumulativeWonMax)))
}

function* inPortions<Item>(items: readonly Item[], size: number): Generator<readonly Item[]> {
  for (let from = 0; from < items.length; from += size) {
    yield items.slice(from, from + size)
  }
}
