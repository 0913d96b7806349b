/**
 * What the card feed reads: seals, wallets that were touched, and what wallets hold. It never writes and takes no lock.
 *
 * Its surprise: a reading is named (`snapshot`), and the next may ask for what was not given by then. No column of the
 * database tells that, so this reader remembers which operations it has given out. What it has forgotten, or
 * was asked for under a name that it does not know, it gives again: telling twice does no harm, leaving out would.
 */
import {
  won,
  type Instant,
  type IssuerId,
  type LotKind,
  type OperationId,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import {
  FED_RECORDS_PAGE,
  type FedRecord,
  type FedWallet,
  type SealPosition,
} from '../cards/cards.ts'
import type { RecordKind } from '../registration/registration.ts'
import { instantArray, numberArray, textArray, wordArray } from './array-literal.ts'
import { createGivenOut } from './given-out.ts'
import type { PostgresPool } from './postgres-pool.ts'

export interface CardFeedReader {
  /** The newest seal of every issuer that has one, the operator (issuer 0) too. */
  seals(): Promise<SealEnd[]>
  /** Those of the positions that stand in their issuer's chain with that very hash. */
  knownSeals(positions: readonly SealPosition[]): Promise<SealEnd[]>
  /**
   * Wallets with an operation that was not declined and is booked later than the floor of its issuer, and wallets that
   * were opened later than that. @param since a reading's `snapshot`: leaves out what that reading or one of its line
   * before it gave; absent: all, and a line begins
   */
  touchedWallets(floors: readonly Floor[], since?: string): Promise<Touched>
  /** As they stand now, all of one moment; those that do not exist are left out. Expired lots are told too. */
  wallets(refs: readonly WalletRef[]): Promise<FedWallet[]>
  /** Wallets of an issuer by id, those without a lot too, after one of them (0: from the first). */
  walletsAfter(issuerId: IssuerId, after: number, limit: number): Promise<FedWallet[]>
  /** Versions of an issuer's records, recorded later than an instant, oldest first, in pages. */
  recordsSince(
    issuerId: IssuerId,
    kinds: readonly RecordKind[],
    after: Instant,
  ): AsyncGenerator<FedRecord[]>
}

/** A seal with the boundary it stands for: nothing can be booked at or before `untilAt` any more. */
interface SealEnd extends SealPosition {
  readonly untilAt: Instant
}

interface Floor {
  readonly issuerId: IssuerId
  readonly after: Instant
}

interface WalletRef {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
}

interface Touched {
  readonly snapshot: string
  /** How many transactions the database had begun: fewer than before means that it was replaced by an older copy. */
  readonly transactions: number
  /** Each once. */
  readonly wallets: readonly WalletRef[]
}

/** Rows of one issuer in one statement; what is not sealed is far less unless the sealer has stopped. */
const TOUCHED_PAGE = 20_000

/** Throws Faults as the fault table classifies them. @param touchedPage for tests */
export function createCardFeedReader(
  pool: PostgresPool,
  { touchedPage = TOUCHED_PAGE }: { touchedPage?: number } = {},
): CardFeedReader {
  const givenOut = createGivenOut()
  return {
    async seals() {
      const rows = await pool.run((sql) => sql<SealRow[]>`select * from ledger.newest_seals()`)
      return rows.map(sealEnd)
    },
    async knownSeals(positions) {
      const rows = await pool.run(
        (sql) => sql<SealRow[]>`select * from ledger.known_seals(
          ${numberArray(positions.map(({ issuerId }) => issuerId))}::integer[],
          ${numberArray(positions.map(({ segment }) => segment))}::integer[],
          ${textArray(positions.map(({ hash }) => hash))}::text[])`,
      )
      return rows.map(sealEnd)
    },
    async touchedWallets(floors, since) {
      const reading = givenOut.begin(since)
      const refs = new Map<string, WalletRef>()
      let transactions: number | undefined
      let next: Cursors | undefined = cursorsAt(floors)
      while (next !== undefined) {
        const page = await touchedPageOf(pool, next, touchedPage)
        // The first page's: what was begun since, the next reading sees.
        transactions ??= page.transactions
        for (const { key, issuerId, walletId } of page.rows) {
          if (reading.isNew(`${issuerId} ${key}`)) {
            refs.set(`${issuerId} ${walletId}`, { issuerId, walletId })
          }
        }
        next = page.next
      }
      return { snapshot: reading.name, transactions: transactions!, wallets: [...refs.values()] }
    },
    async wallets(refs) {
      const rows = await pool.run(
        (sql) => sql<WalletRow[]>`select * from ledger.spendable_lots(
          ${numberArray(refs.map(({ issuerId }) => issuerId))}::integer[],
          ${numberArray(refs.map(({ walletId }) => walletId))}::bigint[])`,
      )
      return rows.map(fedWallet)
    },
    async walletsAfter(issuerId, after, limit) {
      const rows = await pool.run(
        (sql) => sql<WalletRow[]>`
          select * from ledger.wallet_page(${issuerId}, ${after}, ${limit})`,
      )
      return rows.map(fedWallet)
    },
    recordsSince: (issuerId, kinds, after) => recordsSince(pool, issuerId, kinds, after),
  }
}

interface SealRow {
  issuer_id: IssuerId
  segment: number
  hash: string
  until_at: Instant
}

function sealEnd({ issuer_id: issuerId, segment, hash, until_at: untilAt }: SealRow): SealEnd {
  return { issuerId, segment, hash, untilAt }
}

/** Where the pages of operations and of opened wallets go on, by issuer. */
interface Cursors {
  readonly operations: readonly Cursor<OperationId>[]
  readonly openings: readonly Cursor<number>[]
}

/** Strictly later than this instant and key. */
interface Cursor<Key> {
  readonly issuerId: IssuerId
  readonly at: Instant
  readonly key: Key
}

/** Behind every key of the same instant. */
const LAST_OPERATION = 'ffffffff-ffff-ffff-ffff-ffffffffffff' as OperationId // Compared, never looked up.
const LAST_WALLET = Number.MAX_SAFE_INTEGER

function cursorsAt(floors: readonly Floor[]): Cursors {
  return {
    operations: floors.map(({ issuerId, after }) => ({ issuerId, at: after, key: LAST_OPERATION })),
    openings: floors.map(({ issuerId, after }) => ({ issuerId, at: after, key: LAST_WALLET })),
  }
}

interface TouchedRow {
  transactions: number
  issuer_id: IssuerId | null
  /** Null of an opened wallet. */
  operation_id: OperationId | null
  wallet_id: WalletId
  at: Instant
}

interface TouchedPage {
  readonly transactions: number
  readonly rows: readonly (WalletRef & { readonly key: string })[]
  /** Absent where no issuer has more. */
  readonly next: Cursors | undefined
}

/** One statement, and so one moment of the database. */
async function touchedPageOf(
  pool: PostgresPool,
  { operations, openings }: Cursors,
  limit: number,
): Promise<TouchedPage> {
  const rows = await pool.run(
    (sql) => sql<TouchedRow[]>`
      select n.transactions, t.* from ledger.transactions_begun() as n (transactions)
      left join (
        select o.issuer_id, o.operation_id, o.wallet_id, o.booked_at as at from ledger.operations_after(
          ${numberArray(operations.map(({ issuerId }) => issuerId))}::integer[],
          ${instantArray(operations.map(({ at }) => at))}::timestamptz[],
          ${wordArray(operations.map(({ key }) => key))}::uuid[], ${limit}) o
        union all
        select w.issuer_id, null, w.wallet_id, w.recorded_at from ledger.wallets_opened_after(
          ${numberArray(openings.map(({ issuerId }) => issuerId))}::integer[],
          ${instantArray(openings.map(({ at }) => at))}::timestamptz[],
          ${numberArray(openings.map(({ key }) => key))}::bigint[], ${limit}) w
      ) t on true`,
  )
  const moved: Cursor<OperationId>[] = []
  const opened: Cursor<number>[] = []
  const touched = rows.flatMap((row) => {
    const { issuer_id: issuerId, wallet_id: walletId, operation_id: operationId, at } = row
    if (issuerId === null) return [] // Nothing was touched.
    if (operationId === null) opened.push({ issuerId, at, key: walletId })
    else moved.push({ issuerId, at, key: operationId })
    return [{ issuerId, walletId, key: operationId ?? `wallet ${walletId}` }]
  })
  const goOn = { operations: unfinished(moved, limit), openings: unfinished(opened, limit) }
  const isLast = goOn.operations.length === 0 && goOn.openings.length === 0
  return { transactions: rows[0]!.transactions, rows: touched, next: isLast ? undefined : goOn }
}

/** The last row of each issuer whose page is full; rows of an issuer come in order. */
function unfinished<Key>(rows: readonly Cursor<Key>[], limit: number): Cursor<Key>[] {
  const ofIssuers = Map.groupBy(rows, ({ issuerId }) => issuerId)
  return [...ofIssuers.values()].flatMap((own) => (own.length < limit ? [] : own.slice(-1)))
}

interface WalletRow {
  issuer_id: IssuerId
  wallet_id: WalletId
  program_ids: ProgramId[]
  lot_kinds: LotKind[]
  expires_at: Instant[]
  amounts_won: number[]
}

function fedWallet(row: WalletRow): FedWallet {
  return {
    issuerId: row.issuer_id,
    walletId: row.wallet_id,
    lots: row.program_ids.map((programId, index) => ({
      programId,
      kind: row.lot_kinds[index]!,
      expiresAt: row.expires_at[index]!,
      remainingWon: won(row.amounts_won[index]!),
    })),
  }
}

interface RecordRow {
  kind: RecordKind
  record_id: number
  version: number
  body: unknown
  recorded_at: Instant
}

async function* recordsSince(
  pool: PostgresPool,
  issuerId: IssuerId,
  kinds: readonly RecordKind[],
  after: Instant,
): AsyncGenerator<FedRecord[]> {
  // Records keep milliseconds: the first that is later than the instant.
  let from = { recorded_at: after + 1, kind: '', record_id: 0, version: 0 }
  for (;;) {
    const rows = await pool.run(
      (sql) => sql<RecordRow[]>`select * from registry.records_since(${issuerId},
        ${wordArray(kinds)}::text[], ${from.recorded_at}, ${from.kind}, ${from.record_id},
        ${from.version}, ${FED_RECORDS_PAGE})`,
    )
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(({ kind, record_id: recordId, version, body }) => {
      return { issuerId, kind, recordId, version, body }
    })
    if (rows.length < FED_RECORDS_PAGE) return
    from = last
  }
}
