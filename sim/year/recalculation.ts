/**
 * The year calculated a second time, from the list of events and the town's rules alone: what everyone is told, and
 * every balance. It shares no line with the product: own calendar, own rounding, own idea of a lot.
 */
import { dayOf, monthOf } from './year-calendar.ts'
import type { ProgramName, Told, WishOf, YearEvent } from './year-events.ts'
import { programNames } from './year-events.ts'
import { townRules, type ProgramRules } from './year-town-rules.ts'

type Three = [number, number, number]

interface ModelLot {
  readonly member: number
  readonly program: ProgramName
  readonly kind: 'purchase' | 'stipend' | 'cashback' | 'gift'
  readonly faceWon: number
  leftWon: number
  /** The last day of use, as text: days compare like texts. */
  readonly lastDay: string
  /** Lots that were made earlier go first where they end on one day. */
  readonly order: number
}

interface ModelPayment {
  readonly shop: number
  readonly takes: { readonly lot: ModelLot; wonLeft: number }[]
}

/** What the ledger should say, in won. */
export interface YearFigures {
  fund: number
  readonly receivable: Three
  readonly shops: number[]
  breakage: number
  /** `member/program/kind` → what is left; nothing where there is nothing. */
  readonly held: Record<string, number>
}

export interface Recalculation {
  /** What the person is to be told. */
  apply(event: YearEvent): Told
  /** The clockwork of the night before a day. */
  beginDay(day: number): void
  figures(): YearFigures
}

export function createRecalculation(): Recalculation {
  const state = openingState()
  return {
    apply: (event) => applyWish(state, event),
    beginDay: (day) => expire(state, day),
    figures: () => figuresOf(state),
  }
}

function openingState() {
  return {
    lots: [] as ModelLot[],
    payments: new Map<number, ModelPayment>(),
    /** `program/month` and `member/program/month` → face bought. */
    sold: new Map<string, number>(),
    accounts: townRules.members.map(({ accountWon }) => accountWon),
    fund: 0,
    receivable: [0, 0, 0] as Three,
    shops: townRules.shops.map(() => 0),
    breakage: 0,
  }
}
type State = ReturnType<typeof openingState>

const declined = (reason: string): Told => ({ status: 'declined', reason })

function applyWish(state: State, event: YearEvent): Told {
  const { wish } = event
  switch (wish.what) {
    case 'buy':
      return buy(state, event.day, wish)
    case 'pay':
      return pay(state, event, wish)
    case 'cancel_payment':
      return cancelPayment(state, wish)
    case 'grant':
      return grant(state, event.day, wish)
    default:
      throw new Error(`nobody knows what this wish comes to: ${JSON.stringify(wish)}`)
  }
}

function buy(state: State, day: number, { member, program, faceWon }: WishOf<'buy'>): Told {
  const rules = townRules.programs[program]
  const today = dayOf(day)
  if (rules.kind !== 'purchase' || today < rules.soldFrom) return declined('sale_not_open')
  if (rules.soldUntil !== null && today >= rules.soldUntil) return declined('sale_not_open')
  if (faceWon < rules.leastWon || faceWon % rules.unitWon !== 0) {
    return declined('amount_not_offered')
  }
  const ofMember = `${member}/${program}/${monthOf(day)}`
  const ofProgram = `${program}/${monthOf(day)}`
  const bought = (key: string): number => state.sold.get(key) ?? 0
  if (bought(ofMember) + faceWon > rules.monthlyCapWon) return declined('purchase_cap_exceeded')
  if (held(state, member, program, today) + faceWon > rules.holdingCapWon) {
    return declined('holding_cap_exceeded')
  }
  if (bought(ofProgram) + faceWon > rules.quotaWon) return declined('sold_out')
  const discountWon = rules.mode === 'pre_discount' ? partOf(faceWon, rateOn(rules, day)) : 0
  const payWon = faceWon - discountWon
  if (state.accounts[member]! < payWon) return declined('bank_refused')
  state.accounts[member]! -= payWon
  state.fund += payWon
  fund(state, rules, discountWon)
  state.sold.set(ofMember, bought(ofMember) + faceWon)
  state.sold.set(ofProgram, bought(ofProgram) + faceWon)
  addLot(state, { member, program, kind: 'purchase', faceWon, lastDay: lastDayOf(rules, today) })
  return { status: 'done', won: { faceWon, payWon } }
}

function grant(state: State, day: number, { member, program, amountWon }: WishOf<'grant'>): Told {
  const rules = townRules.programs[program]
  fund(state, rules, amountWon)
  const lastDay = lastDayOf(rules, dayOf(day))
  addLot(state, { member, program, kind: 'stipend', faceWon: amountWon, lastDay })
  return { status: 'done', won: { amountWon } }
}

function pay(state: State, event: YearEvent, { member, shop, amountWon }: WishOf<'pay'>): Told {
  const today = dayOf(event.day)
  const { revenueWon } = townRules.shops[shop]!
  const takes: ModelPayment['takes'] = []
  let missing = amountWon
  let isEligible = false
  for (const program of programNames.toSorted((a, b) => rankOf(a) - rankOf(b))) {
    const rules = townRules.programs[program]
    if (rules.revenueWonMax !== null && revenueWon > rules.revenueWonMax) continue
    isEligible = true
    const kinds = rules.kind === 'stipend' ? ['stipend'] : ['cashback', 'gift', 'purchase']
    for (const kind of kinds) {
      const usable = state.lots
        .filter((lot) => lot.member === member && lot.program === program && lot.kind === kind)
        .filter((lot) => lot.leftWon > 0 && lot.lastDay >= today)
        .toSorted((a, b) =>
          a.lastDay === b.lastDay ? a.order - b.order : a.lastDay < b.lastDay ? -1 : 1,
        )
      for (const lot of usable) {
        const wonLeft = Math.min(lot.leftWon, missing)
        if (wonLeft > 0) takes.push({ lot, wonLeft })
        missing -= wonLeft
      }
    }
  }
  if (!isEligible) return declined('merchant_not_eligible')
  if (missing > 0) return declined('insufficient_funds')
  for (const { lot, wonLeft } of takes) lot.leftWon -= wonLeft
  state.shops[shop]! += amountWon
  state.payments.set(event.number, { shop, takes })
  return { status: 'done', won: { amountWon } }
}

function cancelPayment(state: State, { payment, amountWon }: WishOf<'cancel_payment'>): Told {
  const paid = state.payments.get(payment)
  if (paid === undefined) return declined('payment_unknown')
  const { shop, takes } = paid
  const whole = sum(takes.map(({ wonLeft }) => wonLeft))
  let rest = amountWon ?? whole
  if (rest > whole || rest === 0) return declined('cancel_exceeds_payment')
  const backWon = rest
  state.shops[shop]! -= backWon
  for (const take of takes.toReversed()) {
    const back = Math.min(take.wonLeft, rest)
    take.wonLeft -= back
    take.lot.leftWon += back
    rest -= back
  }
  return { status: 'done', won: { amountWon: backWon } }
}

/** In the night, what was usable until yesterday is gone. */
function expire(state: State, day: number): void {
  const today = dayOf(day)
  for (const lot of state.lots) {
    if (lot.lastDay >= today || lot.leftWon === 0) continue
    state.breakage += lot.leftWon
    lot.leftWon = 0
  }
}

function addLot(state: State, lot: Omit<ModelLot, 'leftWon' | 'order'>): void {
  state.lots.push({ ...lot, leftWon: lot.faceWon, order: state.lots.length })
}

/** What the funders owe for a benefit: by weight, rounded down, the rest a won each to the largest remainders. */
function fund(state: State, { weights }: ProgramRules, amountWon: number): void {
  const whole = sum(weights)
  const exact = weights.map((weight) => (amountWon * weight) / whole)
  const parts = exact.map(Math.floor)
  const byRemainder = [0, 1, 2].toSorted(
    (a, b) => ((amountWon * weights[b]!) % whole) - ((amountWon * weights[a]!) % whole) || a - b,
  )
  for (let rest = amountWon - sum(parts), turn = 0; rest > 0; rest -= 1, turn += 1) {
    parts[byRemainder[turn]!]! += 1
  }
  for (const funder of [0, 1, 2]) state.receivable[funder]! += parts[funder]!
}

function rankOf(program: ProgramName): number {
  return townRules.programs[program].rank
}

function rateOn(rules: ProgramRules, day: number): number {
  return rules.rates.findLast(({ fromDay }) => fromDay <= day)!.basisPoints
}

function partOf(amountWon: number, basisPoints: number): number {
  return Math.floor((amountWon * basisPoints) / 10_000)
}

function lastDayOf({ validityYears, usableUntil }: ProgramRules, today: string): string {
  const year = Number(today.slice(0, 4)) + validityYears
  const own = `${year}${today.slice(4)}`
  return usableUntil !== null && usableUntil < own ? usableUntil : own
}

function held(state: State, member: number, program: ProgramName, today: string): number {
  const own = state.lots.filter((lot) => lot.member === member && lot.program === program)
  return sum(own.filter((lot) => lot.lastDay >= today).map((lot) => lot.leftWon))
}

function figuresOf(state: State): YearFigures {
  const heldWon: Record<string, number> = {}
  for (const { member, program, kind, leftWon } of state.lots) {
    const key = `${member}/${program}/${kind}`
    if (leftWon > 0) heldWon[key] = (heldWon[key] ?? 0) + leftWon
  }
  const { fund: fundWon, receivable, shops, breakage } = state
  return { fund: fundWon, receivable: [...receivable], shops: [...shops], breakage, held: heldWon }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
