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

export function createFeedIntake(deps: {
  readonly store: StandInStore
  readonly writes: WriteQueue
  readonly clock: Clock
  readonly log: (fact: EdgeFact) => void
}): FeedIntake {
  const { store, writes } = deps
  let directory = createRecordDirectory()
  /** When wallets were told last, the newest last. */
  const toldAt = new Map<string, Instant>()
  /** Before this instant it is not known any more which wallets were told. */
  let forgottenAt = Number.NEGATIVE_INFINITY
  const noteTold = (wallets: readonly FedWallet[], at: Instant): void => {
    for (const { issuerId, walletId } of wallets) {
      const place = `${issuerId}/${walletId}`
      toldAt.delete(place)
      toldAt.set(place, at)
    }
    for (const [place, instant] of toldAt) {
      if (toldAt.size <= TOLD_REMEMBERED_MAX) break
      toldAt.delete(place)
      forgottenAt = instant
    }
  }

  const rebuildDirectory = (): void => {
    const fresh = createRecordDirectory()
    for (const record of store.records()) fresh.apply(record.issuerId, record)
    directory = fresh
  }
  rebuildDirectory()

  /** A record that this program cannot read is passed over: one bad record must not silence all others. */
  const isReadable = (record: FedRecord): boolean => {
    try {
      readBody(record.kind, record.body)
      return true
    } catch (error) {
      if (!(error instanceof Bug)) throw error
      const { kind, recordId, version } = record
      const details = { kind, recordId, version }
      deps.log({ fact: 'feed.record_unreadable', level: 'error', details })
      return false
    }
  }

  return {
    async takeRecords(records, { generation, rowsOfCommit }) {
      for (const some of inPortions(records.filter(isReadable), rowsOfCommit)) {
        const applied = await writes.add((batch) =>
          some.filter((record) => putRecord(batch, record, generation)),
        )
        for (const record of applied) directory.apply(record.issuerId, record)
        const changed = new Set(
          applied.flatMap(({ kind, issuerId }) => (kind === 'terms' ? [issuerId] : [])),
        )
        if (changed.size === 0) continue
        await writes.add((batch) => {
          for (const issuerId of changed) {
            batch.setCumulativeMax(issuerId, cumulativeMax(directory, issuerId))
          }
        })
      }
    },
    async takeWallets(wallets, { generation, asOf, isDoubtful, rowsOfCommit }) {
      for (const some of inPortions(wallets, rowsOfCommit)) {
        await writes.add((batch) => {
          // Here and not afterwards: a decision of the same commit sees these rows.
          noteTold(some, deps.clock())
          for (const wallet of some) {
            batch.putWallet(wallet, generation)
            if (isDoubtful(wallet.issuerId)) batch.doubt(wallet)
            batch.releaseSales({ wallet, coreBefore: asOf })
          }
        })
      }
    },
    toldSince({ issuerId, walletId }, at) {
      return (
        at <= forgottenAt ||
        (toldAt.get(`${issuerId}/${walletId}`) ?? Number.NEGATIVE_INFINITY) >= at
      )
    },
    directory: () => directory,
    rebuildDirectory,
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
