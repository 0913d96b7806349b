/** The store in memory: what the one in PostgreSQL does, for tests and simulation. */
import {
  assert,
  businessDate,
  DAY_MS,
  startOfBusinessDate,
  won,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import type { Transfer } from '../ledger/ledger.ts'
import type {
  AccountBalance,
  BankEntry,
  DayResult,
  OpenItem,
  Outcome,
  StatementFacts,
  StoredFile,
  TreasuryStore,
} from './treasury-store.ts'

/** An operation of the ledger with what it moved. */
export interface JournalOperation {
  readonly operationId: OperationId
  readonly kind: string
  readonly bookedAt: Instant
  readonly targetId: OperationId | undefined
  readonly transfers: readonly Transfer[]
}

interface Settleable extends OpenItem {
  settledOn: BusinessDate | undefined
}

interface Room {
  readonly files: Map<string, StoredFile & { readonly bytes?: Uint8Array }>
  readonly outcomes: Map<string, Outcome>
  readonly statements: Map<BusinessDate, StatementFacts>
  readonly entries: Map<string, BankEntry>
  readonly settledEntries: Map<string, BusinessDate>
  readonly fund: Settleable[]
  readonly balances: Map<BusinessDate, Map<string, AccountBalance>>
  readonly days: Map<BusinessDate, DayResult>
  reachedAt: Instant | undefined
}

/** @param journal all operations of an issuer, in any order */
export function createMemoryTreasuryStore(
  journal: (issuerId: IssuerId) => readonly JournalOperation[],
): TreasuryStore {
  const rooms = new Map<IssuerId, Room>()
  const roomOf = (issuerId: IssuerId): Room => {
    const room = rooms.get(issuerId) ?? createRoom()
    rooms.set(issuerId, room)
    return room
  }
  return {
    ...files(roomOf),
    ...outcomes(roomOf),
    ...statements(roomOf),
    ...sides(roomOf),
    ...days(roomOf),
    async advanceTally(issuerId, { until, limit, payoutEntries }) {
      const room = roomOf(issuerId)
      const all = journal(issuerId).toSorted((one, other) => one.bookedAt - other.bookedAt)
      const first = all[0]?.bookedAt ?? until
      const from = room.reachedAt ?? startOfBusinessDate(businessDate(first))
      if (from >= until) return (room.reachedAt = from)
      const date = businessDate(from)
      const end = Math.min(until, startOfBusinessDate(date) + DAY_MS)
      const next = all.filter(({ bookedAt }) => bookedAt >= from && bookedAt < end)
      const full = next[limit]?.bookedAt
      const reached = full === undefined ? end : Math.max(full, from + 1)
      addUp(room, date, {
        operations: next.filter(({ bookedAt }) => bookedAt < reached),
        keyOf: (operation) => matchKeyOf(room, operation, payoutEntries),
      })
      return (room.reachedAt = reached)
    },
  }
}

function createRoom(): Room {
  return {
    files: new Map(),
    outcomes: new Map(),
    statements: new Map(),
    entries: new Map(),
    settledEntries: new Map(),
    fund: [],
    balances: new Map(),
    days: new Map(),
    reachedAt: undefined,
  }
}

type RoomOf = (issuerId: IssuerId) => Room
type Part<Names extends keyof TreasuryStore> = Pick<TreasuryStore, Names>

function files(
  roomOf: RoomOf,
): Part<'beginFile' | 'writeFile' | 'finishFile' | 'file' | 'fileBytes' | 'files'> {
  const plain = ({ bytes: _bytes, ...file }: StoredFile & { bytes?: Uint8Array }): StoredFile =>
    file
  return {
    async beginFile(issuerId, facts, at) {
      const { files: known } = roomOf(issuerId)
      const begun = { sha256: null, lines: 0, amountWon: won(0), state: 'begun' } as const
      if (!known.has(facts.name)) known.set(facts.name, { ...begun, ...facts, begunAt: at })
      return plain(known.get(facts.name)!)
    },
    async writeFile(issuerId, name, content) {
      const { files: known } = roomOf(issuerId)
      const file = known.get(name)
      assert(file !== undefined, 'a file that is written was begun')
      if (file.state === 'begun') known.set(name, { ...file, ...content, state: 'written' })
      return plain(known.get(name)!)
    },
    async finishFile(issuerId, name) {
      const { files: known } = roomOf(issuerId)
      const file = known.get(name)
      if (file?.state === 'written') known.set(name, { ...file, state: 'done' })
    },
    async file(issuerId, name) {
      const file = roomOf(issuerId).files.get(name)
      return file && plain(file)
    },
    fileBytes: async (issuerId, name) => roomOf(issuerId).files.get(name)?.bytes,
    async files(issuerId, kind, which) {
      return [...roomOf(issuerId).files.values()]
        .filter((file) => file.kind === kind)
        .filter(({ state, date }) => (which === 'open' ? state !== 'done' : date === which))
        .toSorted((one, other) => (one.name < other.name ? -1 : 1))
        .map(plain)
    },
  }
}

function outcomes(
  roomOf: RoomOf,
): Part<'recordResult' | 'outcomesOf' | 'outcomesTold' | 'endOutcome'> {
  const inOrder = (room: Room): Outcome[] =>
    [...room.outcomes.values()].toSorted(
      (one, other) => one.payoutId - other.payoutId || one.attempt - other.attempt,
    )
  return {
    async recordResult(issuerId, file, told, at) {
      const room = roomOf(issuerId)
      if (room.files.has(file.name)) return
      room.files.set(file.name, { ...file, state: 'done', begunAt: at })
      for (const one of told) {
        const key = `${one.payoutId}/${one.attempt}`
        assert(!room.outcomes.has(key), 'an attempt is told of once')
        room.outcomes.set(key, { ...one, state: 'told' })
      }
    },
    async outcomesOf(issuerId, payoutIds) {
      return inOrder(roomOf(issuerId)).filter(({ payoutId }) => payoutIds.includes(payoutId))
    },
    async outcomesTold(issuerId, limit) {
      return inOrder(roomOf(issuerId))
        .filter(({ state }) => state === 'told')
        .slice(0, limit)
    },
    async endOutcome(issuerId, { payoutId, attempt }, state) {
      const room = roomOf(issuerId)
      const known = room.outcomes.get(`${payoutId}/${attempt}`)
      if (known?.state === 'told') room.outcomes.set(`${payoutId}/${attempt}`, { ...known, state })
    },
  }
}

function statements(
  roomOf: RoomOf,
): Part<
  | 'recordStatement'
  | 'newestStatement'
  | 'statement'
  | 'knownEntries'
  | 'entriesToBook'
  | 'decideEntry'
  | 'bookEntries'
> {
  return {
    async recordStatement(issuerId, file, { entries, ...statement }, at) {
      const room = roomOf(issuerId)
      if (room.files.has(file.name)) return
      assert(!room.statements.has(statement.date), 'a day has one statement')
      room.files.set(file.name, { ...file, state: 'done', begunAt: at })
      room.statements.set(statement.date, statement)
      for (const entry of entries) {
        assert(!room.entries.has(entry.entryNumber), 'an entry is told of once')
        const fresh = {
          date: statement.date,
          state: 'new',
          matchKey: null,
          decision: null,
        } as const
        room.entries.set(entry.entryNumber, { ...entry, ...fresh })
      }
    },
    async newestStatement(issuerId) {
      const { statements: known } = roomOf(issuerId)
      const last = [...known.keys()].toSorted().at(-1)
      return last && known.get(last)
    },
    statement: async (issuerId, date) => roomOf(issuerId).statements.get(date),
    async knownEntries(issuerId, numbers) {
      return numbers.filter((number) => roomOf(issuerId).entries.has(number))
    },
    async entriesToBook(issuerId, limit) {
      return [...roomOf(issuerId).entries.values()]
        .filter(({ state }) => state !== 'booked')
        .toSorted((one, other) => (one.entryNumber < other.entryNumber ? -1 : 1))
        .slice(0, limit)
    },
    async decideEntry(issuerId, number, decided) {
      const { entries } = roomOf(issuerId)
      const entry = entries.get(number)
      assert(entry !== undefined, 'an entry that is decided was told')
      if (entry.state === 'new') entries.set(number, { ...entry, ...decided, state: 'decided' })
      return entries.get(number)!
    },
    async bookEntries(issuerId, numbers) {
      const { entries } = roomOf(issuerId)
      for (const number of numbers) {
        const entry = entries.get(number)
        if (entry?.state === 'decided') entries.set(number, { ...entry, state: 'booked' })
      }
    },
  }
}

function sides(roomOf: RoomOf): Part<'openItems' | 'settle' | 'openAt'> {
  return {
    async openItems(issuerId, { afterKey, keys }) {
      const open = itemsOf(roomOf(issuerId)).filter(({ settledOn }) => settledOn === undefined)
      const next = [...new Set(open.map(({ matchKey }) => matchKey))]
        .filter((key) => key > afterKey)
        .toSorted()
        .slice(0, keys)
      return next.flatMap((key) =>
        open
          .filter(({ matchKey }) => matchKey === key)
          .toSorted((one, other) => (placeOf(one) < placeOf(other) ? -1 : 1))
          .map(({ settledOn: _open, ...item }) => item),
      )
    },
    async settle(issuerId, settled) {
      const room = roomOf(issuerId)
      for (const { side, itemId, on } of settled) {
        const entry = room.fund.find((item) => side === 'ledger' && item.itemId === itemId)
        if (entry !== undefined) entry.settledOn ??= on
        if (side === 'bank' && !room.settledEntries.has(itemId)) room.settledEntries.set(itemId, on)
      }
    },
    async openAt(issuerId, date) {
      const { entries } = roomOf(issuerId)
      const open = everyItem(roomOf(issuerId)).filter(
        (item) => item.date <= date && (item.settledOn === undefined || item.settledOn > date),
      )
      const { bank = [], ledger = [] } = Object.groupBy(open, ({ side }) => side)
      const takenAs = (as: string) =>
        bank.filter(({ itemId }) => entries.get(itemId)?.decision?.as === as)
      return {
        bankWon: sumOf(bank),
        bankCount: bank.length,
        ledgerWon: sumOf(ledger),
        ledgerCount: ledger.length,
        fundersWon: sumOf(takenAs('funder_payment')),
        interestWon: sumOf(takenAs('fund_interest')),
        lackingWon: lackingWon(open),
      }
    },
  }
}

function lackingWon(open: readonly OpenItem[]): Won {
  const byKey = Map.groupBy(open, ({ matchKey, itemId }) => matchKey || itemId)
  let lacking = 0
  for (const items of byKey.values()) {
    const { bank = [], ledger = [] } = Object.groupBy(items, ({ side }) => side)
    lacking += Math.min(0, sumOf(bank) - sumOf(ledger))
  }
  return lacking as Won // A sum of integers.
}

const placeOf = ({ side, itemId }: OpenItem): string => `${side}/${itemId}`
const sumOf = (items: readonly OpenItem[]): Won =>
  items.reduce((sum, { amountWon }) => sum + amountWon, 0) as Won // A sum of integers.

/** Those that have a key. */
function itemsOf(room: Room): Settleable[] {
  return everyItem(room).filter(({ matchKey }) => matchKey !== '')
}

function everyItem(room: Room): Settleable[] {
  const bank = [...room.entries.values()].map((entry) => ({
    matchKey: entry.matchKey ?? '',
    side: 'bank' as const,
    itemId: entry.entryNumber,
    date: entry.date,
    amountWon: entry.amountWon,
    settledOn: room.settledEntries.get(entry.entryNumber),
  }))
  return [...bank, ...room.fund]
}

function days(roomOf: RoomOf): Part<'balances' | 'recordDay' | 'days'> {
  return {
    async balances(issuerId, date) {
      return [...(roomOf(issuerId).balances.get(date)?.values() ?? [])]
    },
    async recordDay(issuerId, day) {
      roomOf(issuerId).days.set(day.date, day)
    },
    async days(issuerId, { before, limit }) {
      return [...roomOf(issuerId).days.values()]
        .filter(({ date }) => before === undefined || date < before)
        .toSorted((one, other) => (one.date > other.date ? -1 : 1))
        .slice(0, limit)
    },
  }
}

function matchKeyOf(
  room: Room,
  operation: JournalOperation,
  payoutEntries: 'each' | 'file',
): string {
  const { operationId, kind, targetId } = operation
  const told = [...room.outcomes.values()].find((one) => one.operationId === operationId)
  if (told !== undefined) {
    return payoutEntries === 'file' ? `file:${told.payoutFile}` : `payout:${told.payoutId}`
  }
  return kind === 'issue' && targetId !== undefined
    ? `purchase:${targetId}`
    : `operation:${operationId}`
}

function addUp(
  room: Room,
  date: BusinessDate,
  given: {
    readonly operations: readonly JournalOperation[]
    readonly keyOf: (operation: JournalOperation) => string
  },
): void {
  const before = [...room.balances.keys()].filter((day) => day < date).toSorted()
  const today = room.balances.get(date) ?? new Map(room.balances.get(before.at(-1)!))
  room.balances.set(date, today)
  const add = (kind: Transfer['debitKind'], id: number, amountWon: number): void => {
    const accountId = kind === 'subsidy_receivable' ? id : 0
    const key = `${kind}/${accountId}`
    const balanceWon = ((today.get(key)?.balanceWon ?? 0) + amountWon) as Won // Of integers.
    today.set(key, { kind, accountId, balanceWon })
  }
  for (const operation of given.operations) {
    let fundWon = 0
    for (const { debitKind, debitId, creditKind, creditId, amountWon } of operation.transfers) {
      add(debitKind, debitId, amountWon)
      add(creditKind, creditId, 0 - amountWon)
      if (debitKind === 'operating_fund') fundWon += amountWon
      if (creditKind === 'operating_fund') fundWon -= amountWon
    }
    if (fundWon === 0) continue
    const { operationId: itemId } = operation
    const matchKey = given.keyOf(operation)
    const amountWon = fundWon as Won // A sum of integers.
    room.fund.push({ matchKey, side: 'ledger', itemId, date, amountWon, settledOn: undefined })
  }
}
