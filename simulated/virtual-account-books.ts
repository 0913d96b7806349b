/**
 * The simulated bank's books of virtual accounts: numbers that take one exact amount once, what came to them, and what
 * went back, as entries that are only ever added. Nothing here waits or writes, and no chance is in it.
 */
import { Type, type Static } from 'typebox'
import type { Instant } from '../src/base/base.ts'

/** All entries are held in memory; beyond this the bank opens no more and says so. */
export const VIRTUAL_ENTRIES_MAX = 1_000_000
export const DEPOSITS_PAGE_MAX = 500
/** The bank that opens them, as three digits. */
export const VIRTUAL_BANK_CODE = '011'
/** What comes from payers whose name begins so cannot be sent back. */
const GONE_PREFIX = '해지'

const strict = { additionalProperties: false }
const everyEntry = { sequence: Type.Integer({ minimum: 1 }), at: Type.Integer() }
export const AccountId = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
})
export const DepositId = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,60}$' })
const AmountWon = Type.Integer({ minimum: 1, maximum: 1_000_000_000 })

export const OpeningRequest = Type.Object(
  {
    accountId: AccountId,
    /** Names the issuer whose fund the money is for. */
    memo: Type.String({ pattern: '^iss_[0-9a-z]{1,11}$' }),
    amountWon: AmountWon,
    expiresAt: Type.Integer({ minimum: 0 }),
  },
  strict,
)
export type OpeningRequest = Static<typeof OpeningRequest>

export const PayIn = Type.Object(
  {
    accountNumber: Type.String({ pattern: '^\\d{6,20}$' }),
    amountWon: AmountWon,
    payer: Type.String({ minLength: 1, maxLength: 20 }),
    /** The same id again is the same deposit; made by the bank where absent. */
    depositId: Type.Optional(DepositId),
    /** Takes the money although the account should refuse it: a bank's mistake. */
    isForced: Type.Optional(Type.Boolean()),
  },
  strict,
)
export type PayIn = Static<typeof PayIn>

const Opening = Type.Object(
  {
    kind: Type.Literal('opening'),
    ...everyEntry,
    ...OpeningRequest.properties,
    accountNumber: Type.String(),
  },
  strict,
)
const Closure = Type.Object(
  { kind: Type.Literal('closure'), ...everyEntry, accountId: AccountId },
  strict,
)
const Deposit = Type.Object(
  {
    kind: Type.Literal('deposit'),
    ...everyEntry,
    depositId: DepositId,
    accountId: AccountId,
    memo: Type.String(),
    amountWon: AmountWon,
    payer: Type.String(),
  },
  strict,
)
const Taking = Type.Object(
  { kind: Type.Literal('taking'), ...everyEntry, depositId: DepositId },
  strict,
)
/** `isReturned` false: the account that it came from is no more. */
const Return = Type.Object(
  { kind: Type.Literal('return'), ...everyEntry, depositId: DepositId, isReturned: Type.Boolean() },
  strict,
)
export const VirtualEntry = Type.Union([Opening, Closure, Deposit, Taking, Return])
export type VirtualEntry = Static<typeof VirtualEntry>
export type DepositEntry = Static<typeof Deposit>

export type VirtualStanding =
  | { readonly status: 'open'; readonly accountNumber: string; readonly amountWon: number }
  | { readonly status: 'deposited'; readonly depositId: string }
  | { readonly status: 'closed' | 'refused' | 'conflict' }

export type PayInRefusal = 'account_unknown' | 'amount_differs' | 'account_closed' | 'already_paid'

/** Every method that adds entries gives them to be written before the answer goes out. */
export interface VirtualBooks {
  open(request: OpeningRequest, at: Instant): VirtualStanding
  close(accountId: string, at: Instant): VirtualStanding
  payIn(
    order: PayIn,
    at: Instant,
  ): { readonly depositId: string } | { readonly refusal: PayInRefusal }
  /** Those of an issuer that nobody took, the oldest first. */
  untaken(memo: string, limit: number): readonly DepositEntry[]
  /** False where there is no such deposit. */
  take(depositId: string, at: Instant): boolean
  giveBack(depositId: string, at: Instant): 'returned' | 'refused' | 'unknown'
  /** Money of issuers' funds, by the sequence of its entries: in, and out again. */
  moneyAfter(sequence: number, limit: number): readonly MoneyOfFund[]
  replay(entry: VirtualEntry): void
}

export interface MoneyOfFund {
  readonly sequence: number
  readonly memo: string
  readonly accountId: string
  readonly amountWon: number
  readonly payer: string
}

interface Account {
  readonly opening: Static<typeof Opening> | undefined
  isClosed: boolean
  paidBy: string | undefined
}

interface State {
  readonly entries: VirtualEntry[]
  readonly accounts: Map<string, Account>
  /** Of accounts, by their numbers. */
  readonly numbers: Map<string, string>
  readonly deposits: Map<string, DepositEntry>
  readonly untaken: Map<string, DepositEntry>
  readonly returns: Map<string, boolean>
  readonly onEntry: (entry: VirtualEntry) => void
}

/** @param onEntry has each new entry, to be made durable */
export function createVirtualBooks(onEntry: (entry: VirtualEntry) => void): VirtualBooks {
  const state: State = {
    entries: [],
    accounts: new Map(),
    numbers: new Map(),
    deposits: new Map(),
    untaken: new Map(),
    returns: new Map(),
    onEntry,
  }
  const { entries, accounts, deposits, untaken, returns } = state
  return {
    open: (request, at) => open(state, request, at),
    close(accountId, at) {
      const known = settle(state, accountId, at)
      const isOpen = known === undefined || standing(known).status === 'open'
      if (isOpen) add(state, { kind: 'closure', ...next(state, at), accountId })
      return standing(accounts.get(accountId)!)
    },
    payIn: (order, at) => payIn(state, order, at),
    untaken: (memo, limit) =>
      [...untaken.values()]
        .filter((deposit) => deposit.memo === memo)
        .slice(0, Math.min(limit, DEPOSITS_PAGE_MAX)),
    take(depositId, at) {
      if (untaken.has(depositId)) add(state, { kind: 'taking', ...next(state, at), depositId })
      return deposits.has(depositId)
    },
    giveBack(depositId, at) {
      const deposit = deposits.get(depositId)
      if (deposit === undefined) return 'unknown'
      if (!returns.has(depositId)) {
        const isReturned = !deposit.payer.startsWith(GONE_PREFIX)
        add(state, { kind: 'return', ...next(state, at), depositId, isReturned })
      }
      return returns.get(depositId) === true ? 'returned' : 'refused'
    },
    moneyAfter: (sequence, limit) => moneyAfter(state, sequence, limit),
    replay(entry) {
      if (entry.sequence !== entries.length + 1) {
        throw new Error(`entry ${entry.sequence} does not follow entry ${entries.length}`)
      }
      keep(state, entry)
    },
  }
}

function next({ entries }: State, at: Instant) {
  return { sequence: entries.length + 1, at }
}

function add(state: State, entry: VirtualEntry): void {
  keep(state, entry)
  state.onEntry(entry)
}

function keep(state: State, entry: VirtualEntry): void {
  const { entries, accounts, numbers, deposits, untaken, returns } = state
  entries.push(entry)
  if (entry.kind === 'opening') {
    accounts.set(entry.accountId, { opening: entry, isClosed: false, paidBy: undefined })
    numbers.set(entry.accountNumber, entry.accountId)
  } else if (entry.kind === 'closure') {
    const known = accounts.get(entry.accountId)
    if (known !== undefined) known.isClosed = true
    else accounts.set(entry.accountId, { opening: undefined, isClosed: true, paidBy: undefined })
  } else if (entry.kind === 'deposit') {
    deposits.set(entry.depositId, entry)
    untaken.set(entry.depositId, entry)
    const account = accounts.get(entry.accountId)
    // What came to a closed account, or in another amount, does not pay.
    if (account?.opening?.amountWon === entry.amountWon && !account.isClosed) {
      account.paidBy ??= entry.depositId
    }
  } else if (entry.kind === 'taking') untaken.delete(entry.depositId)
  else returns.set(entry.depositId, entry.isReturned)
}

/** An account runs out by itself, for good: before anything is told of it, that is written down. */
function settle(state: State, accountId: string, at: Instant): Account | undefined {
  const account = state.accounts.get(accountId)
  if (account?.opening === undefined) return account
  const { opening, isClosed, paidBy } = account
  if (at >= opening.expiresAt && !isClosed && paidBy === undefined) {
    add(state, { kind: 'closure', ...next(state, at), accountId })
  }
  return account
}

function standing({ opening, isClosed, paidBy }: Account): VirtualStanding {
  if (paidBy !== undefined) return { status: 'deposited', depositId: paidBy }
  if (isClosed || opening === undefined) return { status: 'closed' }
  return { status: 'open', accountNumber: opening.accountNumber, amountWon: opening.amountWon }
}

function open(state: State, request: OpeningRequest, at: Instant): VirtualStanding {
  const known = settle(state, request.accountId, at)
  if (known !== undefined) {
    const { opening } = known
    const isSame =
      opening === undefined ||
      (opening.memo === request.memo && opening.amountWon === request.amountWon)
    return isSame ? standing(known) : { status: 'conflict' }
  }
  if (state.entries.length >= VIRTUAL_ENTRIES_MAX) return { status: 'refused' }
  const entry = next(state, at)
  const accountNumber = `790${String(entry.sequence).padStart(9, '0')}`
  add(state, { kind: 'opening', ...entry, ...request, accountNumber })
  return standing(settle(state, request.accountId, at)!)
}

function payIn(state: State, order: PayIn, at: Instant): ReturnType<VirtualBooks['payIn']> {
  const { accountNumber, amountWon, payer, isForced = false } = order
  const depositId = order.depositId ?? `dep-${next(state, at).sequence}`
  if (state.deposits.has(depositId)) return { depositId }
  const accountId = state.numbers.get(accountNumber)
  const account = accountId === undefined ? undefined : settle(state, accountId, at)
  if (accountId === undefined || account?.opening === undefined) {
    return { refusal: 'account_unknown' }
  }
  const { opening } = account
  const { status } = standing(account)
  if (!isForced && opening.amountWon !== amountWon) return { refusal: 'amount_differs' }
  if (!isForced && status === 'deposited') return { refusal: 'already_paid' }
  if (!isForced && status !== 'open') return { refusal: 'account_closed' }
  const deposit = { depositId, accountId, memo: opening.memo, amountWon, payer }
  add(state, { kind: 'deposit', ...next(state, at), ...deposit })
  return { depositId }
}

function moneyAfter({ entries, deposits }: State, sequence: number, limit: number): MoneyOfFund[] {
  const money: MoneyOfFund[] = []
  for (const entry of entries.slice(sequence)) {
    if (money.length === limit) break
    if (entry.kind === 'deposit') money.push(entry)
    if (entry.kind !== 'return' || !entry.isReturned) continue
    const { memo, accountId, amountWon, payer } = deposits.get(entry.depositId)!
    money.push({ sequence: entry.sequence, memo, accountId, payer, amountWon: 0 - amountWon })
  }
  return money
}
