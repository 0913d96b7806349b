/**
 * The simulated bank's books: what was debited and refunded, as entries that are only ever added.
 * Nothing here waits or writes; the server makes an entry durable before it answers with it.
 */
import { assert, type Instant } from '../src/base/base.ts'
import { Type, type Static } from 'typebox'

/** What an account holds when it is first seen; tokens that begin with `poor-` hold nothing. */
export const STARTING_BALANCE_WON = 5_000_000
/** Accounts whose token begins so are refused whatever they hold. */
const refusedPrefixes = { 'unknown-': 'account_unknown', 'stopped-': 'account_stopped' } as const
const POOR_PREFIX = 'poor-'
/** All entries are held in memory; beyond this the bank refuses to book and says so. */
export const ENTRIES_MAX = 1_000_000
export const PAGE_MAX = 500

const Uuid = Type.String({
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
})
const AmountWon = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })
export const AccountToken = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,128}$' })

const debitFields = {
  debitId: Uuid,
  accountToken: AccountToken,
  amountWon: AmountWon,
  memo: Type.String({ maxLength: 200 }),
  /** By which consent the debit is ordered; the bank asks for the proof only in a dispute. */
  consentId: Type.Optional(Type.String({ pattern: '^cas_[0-9a-z]{1,11}$' })),
}
const refundFields = { refundId: Uuid, debitId: Uuid, amountWon: AmountWon }
const strict = { additionalProperties: false }

export const DebitRequest = Type.Object(debitFields, strict)
export type DebitRequest = Static<typeof DebitRequest>
export const RefundRequest = Type.Object(refundFields, strict)
export type RefundRequest = Static<typeof RefundRequest>

const everyEntry = { sequence: Type.Integer({ minimum: 1 }), at: Type.Integer() }

/** A debit that the bank took and has not decided. A debit entry under the same id ends it. */
const AcceptanceEntry = Type.Object(
  { kind: Type.Literal('acceptance'), ...everyEntry, ...debitFields },
  strict,
)
/** `refusal` is null where money moved. Refusals are booked too: the same id gets the same answer. */
const DebitEntry = Type.Object(
  {
    kind: Type.Literal('debit'),
    ...everyEntry,
    ...debitFields,
    refusal: Type.Union([
      Type.Null(),
      Type.Literal('account_unknown'),
      Type.Literal('account_stopped'),
      Type.Literal('insufficient_balance'),
    ]),
  },
  strict,
)
/** An id that was enquired after before any debit came: none may be made under it any more. */
const ClosureEntry = Type.Object(
  { kind: Type.Literal('closure'), ...everyEntry, debitId: Uuid },
  strict,
)
const RefundEntry = Type.Object(
  {
    kind: Type.Literal('refund'),
    ...everyEntry,
    ...refundFields,
    refusal: Type.Union([
      Type.Null(),
      Type.Literal('debit_unknown'),
      Type.Literal('exceeds_debit'),
    ]),
  },
  strict,
)
export const Entry = Type.Union([AcceptanceEntry, DebitEntry, ClosureEntry, RefundEntry])
export type Entry = Static<typeof Entry>
export type AcceptanceEntry = Static<typeof AcceptanceEntry>
export type DebitEntry = Static<typeof DebitEntry>
export type ClosureEntry = Static<typeof ClosureEntry>
export type RefundEntry = Static<typeof RefundEntry>
/** What the bank last wrote under a debit's id. */
export type DebitStanding = AcceptanceEntry | DebitEntry | ClosureEntry

/** `new` must be made durable before it is answered; `conflict` is the same id with another body. */
export type Booking<Kind extends Entry> =
  | { readonly outcome: 'new' | 'known'; readonly entry: Kind }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'full' }

export interface BooksTotals {
  debits: number
  debitedWon: number
  refunds: number
  refundedWon: number
  refused: number
}

export interface Books {
  /** Debits or refuses; an id that was accepted or closed before stands as it is. */
  debit(request: DebitRequest, at: Instant): Booking<DebitStanding>
  /** Takes a debit without deciding it. */
  accept(request: DebitRequest, at: Instant): Booking<DebitStanding>
  /** Decides a debit that was accepted; undefined where none waits under the id. */
  decide(debitId: string, at: Instant): DebitEntry | undefined
  /** Tells how a debit stands; an id never heard of is closed for good. */
  close(debitId: string, at: Instant): Booking<DebitStanding>
  refund(request: RefundRequest, at: Instant): Booking<RefundEntry>
  standing(debitId: string): DebitStanding | undefined
  /** Ids of debits that are accepted and not decided. */
  undecided(): readonly string[]
  balanceWon(accountToken: string): number
  totals(): BooksTotals
  /** Entries with a sequence above `after`, oldest first. */
  page(after: number, limit: number): readonly Entry[]
  /** Takes an entry that was read back from the file. Throws where it does not follow the last. */
  replay(entry: Entry): void
}

export function createBooks(options: { entriesMax?: number } = {}): Books {
  const entriesMax = options.entriesMax ?? ENTRIES_MAX
  const state = emptyState()
  const { entries, debits, refunds } = state

  const add = <Kind extends Entry>(entry: Kind): Booking<Kind> => {
    addEntry(state, entry)
    return { outcome: 'new', entry }
  }
  /** What is already written under the id of a debit, or that there is no room for more. */
  const standingOf = (request: DebitRequest): Booking<DebitStanding> | undefined => {
    const known = debits.get(request.debitId)
    if (known === undefined) return entries.length < entriesMax ? undefined : { outcome: 'full' }
    const same = known.kind === 'closure' || sameDebit(known, request)
    return same ? { outcome: 'known', entry: known } : { outcome: 'conflict' }
  }
  const decided = (request: DebitRequest, at: Instant): DebitEntry => ({
    sequence: entries.length + 1,
    kind: 'debit',
    ...request,
    refusal: debitRefusal(request, balanceWon(state, request.accountToken)),
    at,
  })

  return {
    debit: (request, at) => standingOf(request) ?? add(decided(request, at)),
    accept: (request, at) =>
      standingOf(request) ??
      add({ sequence: entries.length + 1, kind: 'acceptance', ...request, at }),
    decide(debitId, at) {
      const known = debits.get(debitId)
      if (known?.kind !== 'acceptance') return undefined
      const { accountToken, amountWon, memo, consentId } = known
      const proof = consentId === undefined ? {} : { consentId }
      const entry = decided({ debitId, accountToken, amountWon, memo, ...proof }, at)
      add(entry)
      return entry
    },
    close(debitId, at) {
      const known = debits.get(debitId)
      if (known !== undefined) return { outcome: 'known', entry: known }
      if (entries.length >= entriesMax) return { outcome: 'full' }
      return add({ sequence: entries.length + 1, kind: 'closure', debitId, at })
    },
    refund(request, at) {
      const known = refunds.get(request.refundId)
      if (known !== undefined) {
        const same = known.debitId === request.debitId && known.amountWon === request.amountWon
        return same ? { outcome: 'known', entry: known } : { outcome: 'conflict' }
      }
      if (entries.length >= entriesMax) return { outcome: 'full' }
      const refusal = refundRefusal(state, request)
      return add({ sequence: entries.length + 1, kind: 'refund', ...request, refusal, at })
    },
    standing: (debitId) => debits.get(debitId),
    undecided: () =>
      [...debits.values()]
        .filter(({ kind }) => kind === 'acceptance')
        .map((entry) => entry.debitId),
    balanceWon: (accountToken) => balanceWon(state, accountToken),
    totals: () => ({ ...state.totals }),
    page: (after, limit) => entries.slice(after, after + Math.min(limit, PAGE_MAX)),
    replay(entry) {
      if (entry.sequence !== entries.length + 1) {
        throw new Error(`entry ${entry.sequence} does not follow entry ${entries.length}`)
      }
      addEntry(state, entry)
    },
  }
}

interface BooksState {
  readonly entries: Entry[]
  readonly debits: Map<string, DebitStanding>
  readonly refunds: Map<string, RefundEntry>
  readonly refundedWonByDebit: Map<string, number>
  readonly movedWonByAccount: Map<string, number>
  readonly totals: BooksTotals
}

function emptyState(): BooksState {
  return {
    entries: [],
    debits: new Map(),
    refunds: new Map(),
    refundedWonByDebit: new Map(),
    movedWonByAccount: new Map(),
    totals: { debits: 0, debitedWon: 0, refunds: 0, refundedWon: 0, refused: 0 },
  }
}

function addEntry(state: BooksState, entry: Entry): void {
  state.entries.push(entry)
  if (entry.kind === 'refund') state.refunds.set(entry.refundId, entry)
  else state.debits.set(entry.debitId, entry)
  if (entry.kind === 'acceptance' || entry.kind === 'closure') return
  const { totals } = state
  if (entry.refusal !== null) {
    totals.refused += 1
  } else if (entry.kind === 'debit') {
    totals.debits += 1
    totals.debitedWon += entry.amountWon
    increase(state.movedWonByAccount, entry.accountToken, entry.amountWon)
  } else {
    const debit = state.debits.get(entry.debitId)
    assert(debit?.kind === 'debit', 'a refund follows its debit')
    totals.refunds += 1
    totals.refundedWon += entry.amountWon
    increase(state.movedWonByAccount, debit.accountToken, -entry.amountWon)
    increase(state.refundedWonByDebit, debit.debitId, entry.amountWon)
  }
}

function increase(sums: Map<string, number>, key: string, amountWon: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amountWon)
}

function sameDebit(known: AcceptanceEntry | DebitEntry, request: DebitRequest): boolean {
  return (
    known.accountToken === request.accountToken &&
    known.amountWon === request.amountWon &&
    known.memo === request.memo &&
    known.consentId === request.consentId
  )
}

function balanceWon(state: BooksState, token: string): number {
  const startingWon = token.startsWith(POOR_PREFIX) ? 0 : STARTING_BALANCE_WON
  return startingWon - (state.movedWonByAccount.get(token) ?? 0)
}

function debitRefusal(request: DebitRequest, balanceWon: number): DebitEntry['refusal'] {
  for (const [prefix, refusal] of Object.entries(refusedPrefixes)) {
    if (request.accountToken.startsWith(prefix)) return refusal
  }
  return request.amountWon > balanceWon ? 'insufficient_balance' : null
}

function refundRefusal(state: BooksState, request: RefundRequest): RefundEntry['refusal'] {
  const debit = state.debits.get(request.debitId)
  if (debit?.kind !== 'debit' || debit.refusal !== null) return 'debit_unknown'
  const refundedWon = state.refundedWonByDebit.get(request.debitId) ?? 0
  return refundedWon + request.amountWon > debit.amountWon ? 'exceeds_debit' : null
}
