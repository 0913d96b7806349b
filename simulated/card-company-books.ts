/**
 * A simulated card company's books in memory: what its entries add up to, for sales, accounts and cards. Nothing here
 * waits or writes; the desk makes an entry durable before anybody hears of it.
 */
import { assert, type Instant } from '../src/base/base.ts'
import type { CardKey, CardSale } from '../src/cards/cards.ts'
import type { FallbackPreference } from '../src/issuing/issuing.ts'
import type { CardSpending } from '../src/registration/registration.ts'
import {
  cardSaleOf,
  type Entry,
  type EntryOf,
  type NewEntry,
  type OwedNotice,
} from './card-company-entries.ts'

/** All entries are held in memory; beyond this the company takes no sale and says so. */
export const ENTRIES_MAX = 3_000_000
export const PAGE_MAX = 1_000
const STAN_MAX = 999_999

/** A card as the company issued it. */
export interface IssuedCard {
  readonly cardToken: string
  readonly lastFour: string
  readonly personId: string
  /** What the account behind it held when the books were opened. */
  readonly accountWon: number
  readonly links: readonly ({ readonly issuerCode: string } & LinkChoice)[]
}

/** The company's copy of what the cardholder chose. */
export interface LinkChoice {
  readonly spending: CardSpending
  /** `null`: as the program says. */
  readonly onUnknown: FallbackPreference | null
}

export interface CardStanding extends Omit<IssuedCard, 'links'> {
  /** By the issuer's code. */
  readonly links: ReadonlyMap<string, LinkChoice>
}

export interface CancellationStanding {
  readonly asked: EntryOf<'cancellation_asked'>
  readonly decided: EntryOf<'cancellation_decided'> | undefined
}

/** A sale as all its entries leave it. */
export interface SaleStanding {
  readonly saleId: string
  readonly sale: CardSale
  readonly decided: EntryOf<'decided'> | undefined
  /** What voucher and account paid and did not get back. */
  readonly voucherWon: number
  readonly accountWon: number
  readonly reversed: EntryOf<'reversed'> | undefined
  readonly completed: EntryOf<'completed'> | undefined
  /** Notices that nobody acknowledged, in the order in which they are told. */
  readonly owed: readonly OwedNotice[]
  readonly cancellations: readonly CancellationStanding[]
  readonly lateAnswer: EntryOf<'late_answer'> | undefined
  readonly refunded: readonly EntryOf<'refunded'>[]
}

export interface CompanyBooks {
  isFull(): boolean
  /** Numbers and dates an entry and counts it; the caller makes it durable. */
  add(entry: NewEntry, at: Instant): Entry
  /** Takes an entry that was read back. @throws Error where it does not follow the last */
  replay(entry: Entry): void
  /** Of the last entry; 0 before the first. */
  lastSequence(): number
  /** Entries with a sequence above `after`, oldest first. */
  page(after: number, limit: number): readonly Entry[]
  /** The number that the terminal's next message bears; taken by adding an entry with it. */
  nextStan(terminal: string): string
  sale(saleId: string): SaleStanding | undefined
  sales(): Iterable<SaleStanding>
  card(cardToken: string): CardStanding | undefined
  cards(): readonly CardStanding[]
  /** What the account behind a card holds. */
  availableWon(cardToken: string): number
  linkCode(code: string): EntryOf<'link_code'> | undefined
  /** The issuer that a link code was redeemed for. */
  linkCodeUsedFor(code: string): string | undefined
  files(): readonly EntryOf<'filed'>[]
}

export function createCompanyBooks(issued: readonly IssuedCard[]): CompanyBooks {
  const state = emptyState(issued)
  const { entries, sales, cards } = state
  return {
    isFull: () => entries.length >= ENTRIES_MAX,
    add(entry, at) {
      const numbered: Entry = { sequence: entries.length + 1, at, ...entry }
      addEntry(state, numbered)
      return numbered
    },
    replay(entry) {
      if (entry.sequence !== entries.length + 1) {
        throw new Error(`entry ${entry.sequence} does not follow entry ${entries.length}`)
      }
      addEntry(state, entry)
    },
    lastSequence: () => entries.length,
    page: (after, limit) => entries.slice(after, after + Math.min(limit, PAGE_MAX)),
    nextStan(terminal) {
      const last = state.lastStans.get(terminal) ?? 0
      return String(last >= STAN_MAX ? 1 : last + 1).padStart(6, '0')
    },
    sale: (saleId) => sales.get(saleId),
    sales: () => sales.values(),
    card: (cardToken) => cards.get(cardToken),
    cards: () => [...cards.values()],
    availableWon: (cardToken) =>
      (cards.get(cardToken)?.accountWon ?? 0) - (state.spentWon.get(cardToken) ?? 0),
    linkCode: (code) => state.linkCodes.get(code),
    linkCodeUsedFor: (code) => state.usedLinkCodes.get(code),
    files: () => state.files,
  }
}

/** The sale's own name at this company: what its card key says, in short. */
export function saleIdOf({ terminal, localDate, stan }: CardKey): string {
  return `${terminal}-${localDate.replaceAll('-', '')}-${stan}`
}

/** The cardholder's choice for when nobody can know: of several links the most careful. `null`: as the program says. */
export function onUnknownOf({ links }: CardStanding): FallbackPreference | null {
  const choices = [...links.values()].map((link) => link.onUnknown)
  if (choices.includes('decline')) return 'decline'
  return choices.length > 0 && !choices.includes(null) ? 'provisional_debit' : null
}

type Mutable<Shape> = { -readonly [Field in keyof Shape]: Shape[Field] }
type SaleState = Mutable<Omit<SaleStanding, 'owed' | 'cancellations' | 'refunded'>> & {
  owed: OwedNotice[]
  cancellations: Mutable<CancellationStanding>[]
  refunded: EntryOf<'refunded'>[]
}
type CardState = Omit<CardStanding, 'links'> & { links: Map<string, LinkChoice> }

interface BooksState {
  readonly entries: Entry[]
  readonly sales: Map<string, SaleState>
  readonly cards: Map<string, CardState>
  readonly spentWon: Map<string, number>
  readonly lastStans: Map<string, number>
  readonly linkCodes: Map<string, EntryOf<'link_code'>>
  readonly usedLinkCodes: Map<string, string>
  readonly files: EntryOf<'filed'>[]
}

function emptyState(issued: readonly IssuedCard[]): BooksState {
  const cards = issued.map(({ links, ...card }): [string, CardState] => {
    const choices = links.map(
      ({ issuerCode, spending, onUnknown }) => [issuerCode, { spending, onUnknown }] as const,
    )
    return [card.cardToken, { ...card, links: new Map(choices) }]
  })
  return {
    entries: [],
    sales: new Map(),
    cards: new Map(cards),
    spentWon: new Map(),
    lastStans: new Map(),
    linkCodes: new Map(),
    usedLinkCodes: new Map(),
    files: [],
  }
}

function addEntry(state: BooksState, entry: Entry): void {
  apply(state, entry)
  state.entries.push(entry)
}

function apply(state: BooksState, entry: Entry): void {
  switch (entry.kind) {
    case 'asked':
      addSale(state, entry)
      return
    case 'numbered':
      useStan(state, entry.key)
      return
    case 'link_code':
      state.linkCodes.set(entry.linkCode, entry)
      return
    case 'linked':
      setLink(state, entry)
      return
    case 'filed':
      state.files.push(entry)
      return
    default:
      applyToSale(state, entry)
  }
}

function addSale(state: BooksState, entry: EntryOf<'asked'>): void {
  const { saleId } = entry
  assert(!state.sales.has(saleId), `${saleId} is asked once`)
  const sale = cardSaleOf(entry.sale)
  useStan(state, entry.sale.key)
  state.sales.set(saleId, {
    saleId,
    sale,
    decided: undefined,
    voucherWon: 0,
    accountWon: 0,
    reversed: undefined,
    completed: undefined,
    owed: [],
    cancellations: [],
    lateAnswer: undefined,
    refunded: [],
  })
}

type SaleEntry = Exclude<
  Entry,
  | EntryOf<'asked'>
  | EntryOf<'numbered'>
  | EntryOf<'link_code'>
  | EntryOf<'linked'>
  | EntryOf<'filed'>
>

function applyToSale(state: BooksState, entry: SaleEntry): void {
  const sale = state.sales.get(entry.saleId)
  assert(sale !== undefined, `${entry.saleId} was asked before`)
  moveMoney(state, sale, entry)
  switch (entry.kind) {
    case 'decided':
      assert(sale.decided === undefined, `${entry.saleId} is decided once`)
      sale.decided = entry
      owe(sale, entry.owes)
      return
    case 'late_answer':
      sale.lateAnswer ??= entry
      return
    case 'reversed':
      sale.reversed = entry
      owe(sale, entry.owes)
      return
    case 'completed':
      sale.completed = entry
      owe(sale, entry.owes)
      return
    case 'acknowledged':
      sale.owed = sale.owed.filter((notice) => notice !== entry.notice)
      return
    case 'cancellation_asked':
      useStan(state, entry.key)
      sale.cancellations.push({ asked: entry, decided: undefined })
      return
    case 'cancellation_decided': {
      const cancellation = sale.cancellations.find(
        ({ asked, decided }) => decided === undefined && sameNumber(asked.key, entry.key),
      )
      assert(cancellation !== undefined, 'a cancellation is asked before it is decided')
      cancellation.decided = entry
      return
    }
    case 'refunded':
      sale.refunded.push(entry)
  }
}

function moveMoney(state: BooksState, sale: SaleState, entry: SaleEntry): void {
  if (!('voucherWon' in entry)) return
  sale.voucherWon += entry.voucherWon
  sale.accountWon += entry.accountWon
  assert(sale.voucherWon >= 0 && sale.accountWon >= 0, `${sale.saleId} gives back what it took`)
  if (entry.accountWon === 0) return
  const { cardToken } = sale.sale
  state.spentWon.set(cardToken, (state.spentWon.get(cardToken) ?? 0) + entry.accountWon)
}

function sameNumber(
  one: EntryOf<'cancellation_asked'>['key'],
  other: EntryOf<'cancellation_asked'>['key'],
): boolean {
  return (
    one.terminal === other.terminal && one.stan === other.stan && one.localDate === other.localDate
  )
}

function owe(sale: SaleState, notice: OwedNotice | null): void {
  if (notice !== null && !sale.owed.includes(notice)) sale.owed.push(notice)
}

function useStan(state: BooksState, key: { terminal: string; stan: string }): void {
  state.lastStans.set(key.terminal, Number(key.stan))
}

function setLink(
  state: BooksState,
  { cardToken, issuerCode, linkCode, link }: EntryOf<'linked'>,
): void {
  const card = state.cards.get(cardToken)
  assert(card !== undefined, 'a card is issued before it is linked')
  if (link === null) card.links.delete(issuerCode)
  else card.links.set(issuerCode, link)
  if (linkCode !== null) state.usedLinkCodes.set(linkCode, issuerCode)
}
