/** The books of the recalculation: lots, what funders owe, what shops took. Plain sums in plain lists. */
import { dayOf, isWorkday, startOfDay, workdaysAfter } from './year-calendar.ts'
import { programNames, type ProgramName } from './year-events.ts'
import { openCashbackBook, type CashbackBook } from './recalculated-cashback-book.ts'
import { openOffices, type ModelOffices } from './recalculated-offices.ts'
import {
  createSettlementBook,
  settlementDayOf,
  type SettlementBook,
} from './recalculated-settlement.ts'
import { townRules, type ProgramRules } from './year-town-rules.ts'

export type Three = [number, number, number]
type Weights = readonly [number, number, number]

export interface ModelLot {
  readonly member: number
  readonly program: ProgramName
  readonly kind: 'purchase' | 'stipend' | 'cashback' | 'gift'
  readonly faceWon: number
  leftWon: number
  /** Given to others and not come back: that is no use. */
  givenWon: number
  /** The last day of use, as text: days compare like texts. */
  readonly lastDay: string
  /** Lots that were made earlier go first where they end on one day. */
  readonly order: number
}

export interface ModelPayment {
  readonly shop: number
  /** The settlement's day. */
  readonly paidOn: number
  readonly takes: { readonly lot: ModelLot; wonLeft: number }[]
}

export interface ModelPurchase {
  readonly lot: ModelLot
  readonly day: number
  readonly at: number
  readonly payWon: number
  readonly shares: Three
  /** Where quota and cap count it. */
  readonly months: readonly string[]
}

/** What the ledger should say, in won. */
export interface YearFigures {
  fund: number
  readonly receivable: Three
  readonly shops: number[]
  breakage: number
  fees: number
  transit: number
  returned: number
  interest: number
  unidentified: number
  /** Presents under way. */
  gifts: number
  /** What lies at the bank. */
  bank: number
  /** How often members were told that terms get worse. */
  told: number
  /** Cashback that was to go back and was not there any more, as cases. */
  missing: number
  /** `member/program/kind` → what is left; nothing where there is nothing. */
  readonly held: Record<string, number>
}

/** What somebody is to be paid from the operating fund. */
export interface ModelPayout {
  /** `shop/3`, `member/12`. */
  readonly to: string
  /** The bank is told on the first workday from then on. */
  readonly day: number
  readonly won: number
}

/** What came into the fund and is known of only by the next day's statement. */
export interface ModelDeposit {
  readonly day: number
  readonly won: number
  readonly as: 0 | 1 | 2 | 'interest' | 'stranger'
}

export interface ModelGift {
  readonly from: number
  readonly to: number
  readonly program: ProgramName
  readonly amountWon: number
  readonly parts: readonly { readonly lot: ModelLot; readonly won: number }[]
  readonly day: number
  readonly sentAt: number
  /** From this instant on it goes back. */
  readonly lapsesAt: number
  isOpen: boolean
}

export interface ModelBooks extends ModelOffices {
  readonly cashback: CashbackBook
  readonly presents: Map<number, ModelGift>
  readonly lots: ModelLot[]
  readonly payments: Map<number, ModelPayment>
  readonly purchases: Map<number, ModelPurchase>
  /** `program/month` and `member/program/month` → face bought. */
  readonly sold: Map<string, number>
  readonly accounts: number[]
  readonly receivable: Three
  readonly shops: number[]
  readonly settlement: SettlementBook
  payouts: ModelPayout[]
  /** Came back, until the account is another. */
  parked: ModelPayout[]
  deposits: ModelDeposit[]
  /** `program/kind/flow` → won, of the whole time. */
  readonly flows: Map<string, number>
  fund: number
  breakage: number
  fees: number
  transit: number
  returned: number
  interest: number
  unidentified: number
  gifts: number
  bank: number
  told: number
}

export function openModelBooks(): ModelBooks {
  const hasAccount = (shop: number, day: number): boolean =>
    day >= (townRules.accountFrom[shop] ?? 0)
  return {
    lots: [],
    payments: new Map(),
    purchases: new Map(),
    presents: new Map(),
    sold: new Map(),
    accounts: townRules.members.map(({ accountWon }) => accountWon),
    receivable: [0, 0, 0],
    shops: townRules.shops.map(() => 0),
    settlement: createSettlementBook(hasAccount),
    payouts: [],
    parked: [],
    deposits: [],
    flows: new Map(),
    fund: 0,
    breakage: 0,
    fees: 0,
    transit: 0,
    returned: 0,
    interest: 0,
    unidentified: 0,
    gifts: 0,
    bank: 0,
    told: 0,
    ...openOffices(),
    cashback: openCashbackBook(),
  }
}

/** Usable by a member of one program and kind, in the order in which they are spent. */
export function usableLots(
  books: ModelBooks,
  {
    member,
    program,
    kind,
    today,
  }: Pick<ModelLot, 'member' | 'program'> & { kind: string; today: string },
): ModelLot[] {
  return books.lots
    .filter((lot) => lot.member === member && lot.program === program && lot.kind === kind)
    .filter((lot) => lot.leftWon > 0 && lot.lastDay >= today)
    .toSorted((a, b) =>
      a.lastDay === b.lastDay ? a.order - b.order : a.lastDay < b.lastDay ? -1 : 1,
    )
}

export function addLot(
  books: ModelBooks,
  lot: Omit<ModelLot, 'leftWon' | 'givenWon' | 'order'>,
): ModelLot {
  const added = { ...lot, leftWon: lot.faceWon, givenWon: 0, order: books.lots.length }
  books.lots.push(added)
  return added
}

/** In the night, what was usable until yesterday is gone, or its funders' again. */
export function expireLots(books: ModelBooks, day: number): void {
  const today = dayOf(day)
  for (const lot of books.lots) {
    if (lot.lastDay >= today || lot.leftWon === 0) continue
    if (lot.kind === 'stipend' && townRules.programs[lot.program].stipend?.clawsBack === true) {
      takeBack(books, lot)
      continue
    }
    books.breakage += lot.leftWon
    flow(books, lot, 'expired', lot.leftWon)
    lot.leftWon = 0
  }
}

/** What is left of a stipend goes back to those who paid for it, as they paid. */
export function takeBack(books: ModelBooks, lot: ModelLot): number {
  const won = lot.leftWon
  oweFunders(books, split(won, books.grants.get(lot)!), -1)
  flow(books, lot, 'clawed_back', won)
  lot.leftWon = 0
  return won
}

/** Shops' payouts of the night. */
export function settleShops(books: ModelBooks, day: number): void {
  for (const { shop, takingsWon, feeWon, paidWon } of books.settlement.settle(day)) {
    books.shops[shop]! -= takingsWon
    books.fees += feeWon
    payLater(books, { to: `shop/${shop}`, day, won: paidWon })
  }
}

/** What the last day's statement tells of money that came in. */
export function bookDeposits(books: ModelBooks, day: number): void {
  for (const { won, as } of books.deposits.filter((each) => each.day < day)) {
    books.fund += won
    if (as === 'interest') books.interest += won
    else if (as === 'stranger') books.unidentified += won
    else books.receivable[as] -= won
  }
  books.deposits = books.deposits.filter((each) => each.day >= day)
}

/** The bank's work of the night: it pays what it can, and gives back the rest. */
export function payOut(books: ModelBooks, day: number): void {
  const { shop, from, until } = townRules.closedAccount
  const isDue = (payout: ModelPayout): boolean => payout.day <= day && isWorkday(day)
  const due = books.payouts.filter(isDue)
  books.payouts = books.payouts.filter((payout) => !isDue(payout))
  for (const payout of due) {
    books.transit -= payout.won
    const isClosed = payout.to === `shop/${shop}` && day >= from && day < until
    if (isClosed) {
      books.returned += payout.won
      books.parked.push(payout)
    } else {
      books.fund -= payout.won
      books.bank -= payout.won
    }
  }
}

/** With another account, what was given back goes out again, that day or on the next workday. */
export function resumePayouts(books: ModelBooks, day: number): void {
  if (day < townRules.closedAccount.until) return
  for (const { to, won } of books.parked) {
    books.returned -= won
    payLater(books, { to, day: workdaysAfter(day, 0), won })
  }
  books.parked = []
}

/** For the reports: what came into lots or went out of them. */
export function flow(
  books: ModelBooks,
  { program, kind }: Pick<ModelLot, 'program' | 'kind'>,
  name: string,
  won: number,
): void {
  if (won === 0) return
  const key = `${program}/${kind}/${name}`
  books.flows.set(key, (books.flows.get(key) ?? 0) + won)
}

export function payLater(books: ModelBooks, payout: ModelPayout): void {
  books.payouts.push(payout)
  books.transit += payout.won
}

/** A shop takes from lots, or gives back to them where the sums are below zero. */
export function enterTakings(
  books: ModelBooks,
  entry: { shop: number; day: number; at: number; paidOn?: number },
  parts: readonly { readonly lot: ModelLot; readonly won: number }[],
): number {
  const { shop, day, at } = entry
  const bookedOn = settlementDayOf(day, at, startOfDay(day))
  const paidOn = entry.paidOn ?? bookedOn
  for (const { lot, won } of parts) {
    books.shops[shop]! += won
    flow(books, lot, won > 0 ? 'used_qr' : 'returned_qr', Math.abs(won))
    books.settlement.enter({ shop, program: lot.program, bookedOn, paidOn, won })
  }
  return bookedOn
}

/** By weight, rounded down, the rest a won each to the largest remainders. */
export function split(amountWon: number, weights: Weights): Three {
  const whole = sum(weights)
  const parts = weights.map((weight) => Math.floor((amountWon * weight) / whole)) as Three
  const byRemainder = [0, 1, 2].toSorted(
    (a, b) => ((amountWon * weights[b]!) % whole) - ((amountWon * weights[a]!) % whole) || a - b,
  )
  for (let rest = amountWon - sum(parts), turn = 0; rest > 0; rest -= 1, turn += 1) {
    parts[byRemainder[turn]!]! += 1
  }
  return parts
}

/** @param sign 1: the funders owe it; -1: it is theirs again */
export function oweFunders(books: ModelBooks, parts: Three, sign: 1 | -1): void {
  for (const funder of [0, 1, 2]) books.receivable[funder]! += sign * parts[funder]!
}

export function partOf(amountWon: number, basisPoints: number): number {
  return Math.floor((amountWon * basisPoints) / 10_000)
}

export function lastDayOf({ validityYears, usableUntil }: ProgramRules, today: string): string {
  const year = Number(today.slice(0, 4)) + validityYears
  const own = `${year}${today.slice(4)}`
  return usableUntil !== null && usableUntil < own ? usableUntil : own
}

/** The same day so many months later, or that month's last. */
export function lastDayOfMonths(today: string, months: number): string {
  const [year, month, date] = today.split('-').map(Number)
  const last = new Date(Date.UTC(year!, month! - 1 + months + 1, 0))
  last.setUTCDate(Math.min(date!, last.getUTCDate()))
  return last.toISOString().slice(0, 10)
}

export function heldWon(
  books: ModelBooks,
  member: number,
  program: ProgramName,
  today: string,
): number {
  const own = books.lots.filter((lot) => lot.member === member && lot.program === program)
  return sum(own.filter((lot) => lot.lastDay >= today).map((lot) => lot.leftWon))
}

export function programsByRank(): ProgramName[] {
  const rank = (program: ProgramName): number => townRules.programs[program].rank
  return programNames.toSorted((a, b) => rank(a) - rank(b))
}

export function figuresOf(books: ModelBooks): YearFigures {
  const held: Record<string, number> = {}
  for (const { member, program, kind, leftWon } of books.lots) {
    const key = `${member}/${program}/${kind}`
    if (leftWon > 0) held[key] = (held[key] ?? 0) + leftWon
  }
  const { fund, receivable, shops, breakage, fees, transit, returned } = books
  const { interest, unidentified, gifts, bank, told } = books
  const sums = { fund, breakage, fees, transit, returned, interest, unidentified, gifts, bank }
  return {
    ...sums,
    told,
    missing: books.cashback.missing,
    receivable: [...receivable],
    shops: [...shops],
    held,
  }
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
