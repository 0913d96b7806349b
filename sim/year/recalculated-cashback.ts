/**
 * Cashback, calculated: what the day's payments earned, in the order of the day; then what was earned is paid, and then
 * what cancelled payments had earned is taken back.
 */
import {
  addLot,
  flow,
  lastDayOfMonths,
  oweFunders,
  partOf,
  split,
  sum,
  type ModelBooks,
  type ModelLot,
} from './recalculated-books.ts'
import type {
  CashbackBook,
  CashbackEvent,
  Claim,
  Earning,
  Spent,
} from './recalculated-cashback-book.ts'
import { dayOf, monthOf } from './year-calendar.ts'
import { done, type ProgramName, type Told, type WishOf, type YearEvent } from './year-events.ts'
import { townRules, type CashbackRules } from './year-town-rules.ts'

/** What of lots earns, by program. */
export function spentOf(parts: readonly { readonly lot: ModelLot; readonly won: number }[]): Spent {
  const spent = new Map<ProgramName, number>()
  for (const { lot, won } of parts) {
    if (lot.kind !== 'purchase' && lot.kind !== 'gift') continue
    spent.set(lot.program, (spent.get(lot.program) ?? 0) + Math.abs(won))
  }
  return spent
}

/** The night's work about the day before. */
export function payCashback(books: ModelBooks): void {
  const { cashback } = books
  // Whoever pressed the button since is asked first.
  takeBackClaims(books)
  for (const event of cashback.today.splice(0)) {
    if (event.kind === 'payment') earn(books, event)
    else shrink(cashback, event)
  }
  const earned = new Set<number>()
  for (const earnings of cashback.earnings.values()) {
    for (const earning of earnings) {
      if (!earning.waits && post(books, earning)) earned.add(earning.member)
    }
  }
  askAgain(cashback, earned)
  takeBackClaims(books)
}

/** What waits, and can be spent still; of the day's payments nobody has looked at any. */
export function pressButton(
  books: ModelBooks,
  { day }: YearEvent,
  { member }: WishOf<'press_button'>,
): Told {
  const { cashback } = books
  let pressedWon = 0
  for (const earnings of cashback.earnings.values()) {
    for (const earning of earnings) {
      const isOpen = earning.member === member && earning.waits && lastDayOf(earning) >= dayOf(day)
      if (isOpen && post(books, earning)) pressedWon += earning.keptWon
    }
  }
  if (pressedWon > 0) askAgain(cashback, new Set([member]))
  return done({ pressedWon })
}

function askAgain({ claims }: CashbackBook, members: ReadonlySet<number>): void {
  for (const claim of claims) if (members.has(claim.earning.member)) claim.isShort = false
}

function takeBackClaims(books: ModelBooks): void {
  for (const claim of books.cashback.claims) if (!claim.isShort) takeBackClaim(books, claim)
  books.cashback.claims = books.cashback.claims.filter(({ openWon }) => openWon > 0)
}

function earn(
  { cashback }: ModelBooks,
  { payment, member, shop, day, spent, waits }: Extract<CashbackEvent, { kind: 'payment' }>,
): void {
  const earnings: Earning[] = []
  for (const [program, spentWon] of spent) {
    const rules = townRules.programs[program].cashback
    if (rules === null) continue
    const { basisPoints } = stepOf(rules, townRules.shops[shop]!.revenueWon)
    const own = [...cashback.earnings.values(), earnings].flat()
    const before = own.filter(
      (other) =>
        other.member === member && other.program === program && monthOf(other.day) === monthOf(day),
    )
    const leftWon = rules.monthlyCapWon - sum(before.map(({ keptWon }) => keptWon))
    const earnedWon = Math.min(partOf(spentWon, basisPoints), Math.max(0, leftWon))
    earnings.push({
      member,
      program,
      day,
      basisPoints,
      earnedWon,
      spentWon,
      keptWon: earnedWon,
      waits,
      lot: undefined,
      given: [0, 0, 0],
    })
  }
  cashback.earnings.set(payment, earnings)
}

function stepOf({ steps }: CashbackRules, revenueWon: number): CashbackRules['steps'][number] {
  return steps.find(({ revenueWonMax }) => revenueWonMax === null || revenueWon <= revenueWonMax)!
}

/** A payment keeps what the rest of it would have earned alone. */
function shrink(
  cashback: CashbackBook,
  { payment, back }: Extract<CashbackEvent, { kind: 'cancellation' }>,
): void {
  for (const earning of cashback.earnings.get(payment) ?? []) {
    earning.spentWon -= back.get(earning.program) ?? 0
    const keptWon = Math.min(earning.earnedWon, partOf(earning.spentWon, earning.basisPoints))
    const openWon = earning.keptWon - keptWon
    earning.keptWon = Math.min(earning.keptWon, keptWon)
    if (earning.lot !== undefined && openWon > 0) {
      cashback.claims.push({ earning, openWon, isShort: false, isCase: false })
    }
  }
}

function post(books: ModelBooks, earning: Earning): boolean {
  const { lot, keptWon: faceWon, member, program } = earning
  if (lot !== undefined || faceWon === 0) return false
  const { weights } = townRules.programs[program]
  const given = split(faceWon, weights)
  oweFunders(books, given, 1)
  for (const funder of [0, 1, 2]) earning.given[funder]! += given[funder]!
  const lastDay = lastDayOf(earning)
  earning.lot = addLot(books, { member, program, kind: 'cashback', faceWon, lastDay })
  flow(books, earning.lot, 'cashback', faceWon)
  return true
}

function lastDayOf({ program, day }: Earning): string {
  return lastDayOfMonths(dayOf(day), townRules.programs[program].cashback!.validityMonths)
}

/** Out of what the payment brought, then other cashback, then whatever was bought or given of the program. */
function takeBackClaim(books: ModelBooks, claim: Claim): void {
  const { earning } = claim
  const { member, program } = earning
  const place = (lot: ModelLot): number =>
    lot === earning.lot ? 0 : lot.kind === 'cashback' ? 1 : 2
  const lots = books.lots
    .filter((lot) => lot.member === member && lot.program === program && lot.leftWon > 0)
    .filter(({ kind }) => kind !== 'stipend')
    .toSorted(
      (a, b) => place(a) - place(b) || a.lastDay.localeCompare(b.lastDay) || a.order - b.order,
    )
  let takenWon = 0
  for (const lot of lots) {
    const won = Math.min(lot.leftWon, claim.openWon - takenWon)
    lot.leftWon -= won
    takenWon += won
    flow(books, lot, 'cashback_returned', won)
  }
  if (takenWon > 0) {
    const parts = split(takenWon, earning.given)
    oweFunders(books, parts, -1)
    for (const funder of [0, 1, 2]) earning.given[funder]! -= parts[funder]!
  }
  claim.openWon -= takenWon
  claim.isShort = claim.openWon > 0
  if (claim.isShort && !claim.isCase) books.cashback.missing += 1
  claim.isCase ||= claim.isShort
}
