/**
 * What the room remembers, in the database: files, what the bank said of payouts, statements, and how far the ledger
 * was added up. Writing is idempotent: what stands is answered, and the first to write wins.
 */
import type {
  BusinessDate,
  Funder,
  Instant,
  IssuerId,
  OperationId,
  PayoutId,
  Won,
} from '../base/base.ts'
import type { AccountKind } from '../ledger/ledger.ts'
import type { FileKind } from './files/file-names.ts'

export const fileStates = ['begun', 'written', 'done'] as const
export interface FileFacts {
  readonly name: string
  readonly kind: FileKind
  readonly date: BusinessDate
  readonly sequence: number
  readonly part: number
}
export interface StoredFile extends FileFacts {
  readonly state: (typeof fileStates)[number]
  readonly begunAt: Instant
  /** Hex; `null` while it is begun only. */
  readonly sha256: string | null
  readonly lines: number
  readonly amountWon: Won
}
export interface FileContent {
  readonly sha256: string
  readonly bytes: Uint8Array
  readonly lines: number
  readonly amountWon: Won
}

export interface OutcomeFacts {
  readonly payoutId: PayoutId
  readonly attempt: number
  readonly result: 'paid' | 'returned'
  readonly reason: string
  readonly amountWon: Won
  readonly payoutFile: string
  readonly doneAt: Instant
  /** Under which the ledger is moved. */
  readonly operationId: OperationId
}
export const outcomeStates = ['told', 'posted', 'contradicted'] as const
export interface Outcome extends OutcomeFacts {
  readonly state: (typeof outcomeStates)[number]
}

export interface StatementFacts {
  readonly date: BusinessDate
  readonly openingWon: Won
  readonly closingWon: Won
}
export interface EntryFacts {
  readonly entryNumber: string
  readonly bookedAt: Instant
  /** Below zero: a withdrawal. */
  readonly amountWon: Won
  readonly counterparty: string
  readonly reference: string
}
/** What an entry is taken for, once for ever. */
export type EntryDecision =
  /** Its other side comes, or came, from the ledger itself. */
  | { readonly as: 'expected' }
  | { readonly as: 'funder_payment'; readonly funder: Funder; readonly expectedId: number }
  | { readonly as: 'fund_interest' }
  | { readonly as: 'unidentified_deposit' }
export interface BankEntry extends EntryFacts {
  readonly date: BusinessDate
  readonly state: 'new' | 'decided' | 'booked'
  readonly matchKey: string | null
  readonly decision: EntryDecision | null
}

/** One side of what has to come to the same. */
export interface OpenItem {
  readonly matchKey: string
  readonly side: 'bank' | 'ledger'
  /** Entry number, or operation id. */
  readonly itemId: string
  readonly date: BusinessDate
  readonly amountWon: Won
}

/** Debits less credits. */
export interface AccountBalance {
  readonly kind: AccountKind
  /** The funder of a receivable, else 0. */
  readonly accountId: number
  readonly balanceWon: Won
}

/** What only one side had at the end of a day. */
export interface OpenSum {
  readonly bankWon: Won
  readonly bankCount: number
  readonly ledgerWon: Won
  readonly ledgerCount: number
  /** Of the bank: what funders paid in, and what the fund earned. */
  readonly fundersWon: Won
  readonly interestWon: Won
  /** What the bank lacks of the ledger, key by key: zero or below. */
  readonly lackingWon: Won
}

/** What a day came to; plain JSON. */
export interface DayResult {
  readonly date: BusinessDate
  readonly computedAt: Instant
  readonly bankWon: Won
  readonly ledgerWon: Won
  /** What only one side has at the end of the day, bank less ledger. */
  readonly openWon: Won
  readonly openCount: number
  /** Bank less ledger that no open item explains: zero, or a break. */
  readonly unexplainedWon: Won
  readonly timingCount: number
  readonly breakCount: number
  readonly owedWon: Won
  readonly receivableWon: Won
  readonly coveringWon: Won
  /** Of what is owed; `null` where nothing is. */
  readonly coverageBasisPoints: number | null
  readonly coverageBasisPointsMin: number
  readonly receivablesCount: boolean
  readonly shortWon: Won
  readonly balances: readonly AccountBalance[]
}

export interface TreasuryStore {
  /** Gives a file its name and time; as it is where the name is known. */
  beginFile(issuerId: IssuerId, file: FileFacts, at: Instant): Promise<StoredFile>
  /** From here on its bytes stand; as it is where they stood before. */
  writeFile(issuerId: IssuerId, name: string, content: FileContent): Promise<StoredFile>
  finishFile(issuerId: IssuerId, name: string): Promise<void>
  file(issuerId: IssuerId, name: string): Promise<StoredFile | undefined>
  fileBytes(issuerId: IssuerId, name: string): Promise<Uint8Array | undefined>
  /** Files of a kind: those that are not done, or all of a day, by name. */
  files(
    issuerId: IssuerId,
    kind: FileKind,
    which: 'open' | BusinessDate,
  ): Promise<readonly StoredFile[]>

  /** File and outcomes in one; nothing where the name is known. */
  recordResult(
    issuerId: IssuerId,
    file: FileFacts & FileContent,
    outcomes: readonly OutcomeFacts[],
    at: Instant,
  ): Promise<void>
  /** Of these payouts, every attempt. */
  outcomesOf(issuerId: IssuerId, payoutIds: readonly PayoutId[]): Promise<readonly Outcome[]>
  /** Which the ledger is still to be moved for, by payout. */
  outcomesTold(issuerId: IssuerId, limit: number): Promise<readonly Outcome[]>
  endOutcome(
    issuerId: IssuerId,
    outcome: Pick<Outcome, 'payoutId' | 'attempt'>,
    state: 'posted' | 'contradicted',
  ): Promise<void>

  /** File, balances and entries in one; nothing where the day or the name is known. */
  recordStatement(
    issuerId: IssuerId,
    file: FileFacts & FileContent,
    statement: StatementFacts & { readonly entries: readonly EntryFacts[] },
    at: Instant,
  ): Promise<void>
  newestStatement(issuerId: IssuerId): Promise<StatementFacts | undefined>
  statement(issuerId: IssuerId, date: BusinessDate): Promise<StatementFacts | undefined>
  knownEntries(issuerId: IssuerId, entryNumbers: readonly string[]): Promise<readonly string[]>
  /** That are not booked yet, by number. */
  entriesToBook(issuerId: IssuerId, limit: number): Promise<readonly BankEntry[]>
  /** The entry as it is decided then: the first decision stands. */
  decideEntry(
    issuerId: IssuerId,
    entryNumber: string,
    decision: { readonly matchKey: string; readonly decision: EntryDecision },
  ): Promise<BankEntry>
  bookEntries(issuerId: IssuerId, entryNumbers: readonly string[]): Promise<void>

  /**
   * Adds up the next operations of the ledger, at most about `limit`, none booked at or after `until`, and none of two
   * days. @returns how far it has come
   */
  advanceTally(
    issuerId: IssuerId,
    options: {
      readonly until: Instant
      readonly limit: number
      readonly payoutEntries: 'each' | 'file'
    },
  ): Promise<Instant>
  balances(issuerId: IssuerId, date: BusinessDate): Promise<readonly AccountBalance[]>
  /** All items of the next keys that have open ones, by key. */
  openItems(
    issuerId: IssuerId,
    page: { readonly afterKey: string; readonly keys: number },
  ): Promise<readonly OpenItem[]>
  settle(
    issuerId: IssuerId,
    settled: readonly {
      readonly side: OpenItem['side']
      readonly itemId: string
      readonly on: BusinessDate
    }[],
  ): Promise<void>
  /** What was open at the end of a day. */
  openAt(issuerId: IssuerId, date: BusinessDate): Promise<OpenSum>
  recordDay(issuerId: IssuerId, day: DayResult): Promise<void>
  /** Newest first. */
  days(
    issuerId: IssuerId,
    page: { readonly before?: BusinessDate; readonly limit: number },
  ): Promise<readonly DayResult[]>
}
