/**
 * Whether the two sides of the fund's account say the same, key by key. What one side only has may be on its way until
 * the next business day; after that it is a break, until it comes after all.
 */
import { addBusinessDays, type BusinessDate, type Won } from '../base/base.ts'
import type { CaseKind } from '../registration/registration.ts'
import type { OpenItem } from './treasury-store.ts'

export type BreakKind = Extract<
  CaseKind,
  'fund_missing_at_bank' | 'fund_missing_in_ledger' | 'fund_amount_differs' | 'fund_twice'
>
export const breakKinds: readonly BreakKind[] = [
  'fund_missing_at_bank',
  'fund_missing_in_ledger',
  'fund_amount_differs',
  'fund_twice',
]

export interface ItemGroup {
  readonly matchKey: string
  readonly items: readonly OpenItem[]
}

export type Judgement =
  /** Both sides came to the same, on the later of their days. */
  | { readonly status: 'settled'; readonly on: BusinessDate }
  /** The other side may still come. */
  | { readonly status: 'timing' }
  | {
      readonly status: 'break'
      readonly kind: BreakKind
      readonly since: BusinessDate
      readonly bankWon: Won
      readonly ledgerWon: Won
    }

export interface JudgementDay {
  readonly today: BusinessDate
  readonly holidays: readonly BusinessDate[]
  /** Business days that an item may wait for its other side. */
  readonly openDays: number
}

/** Items of one key next to each other, as the store gives them. */
export function groupItems(items: readonly OpenItem[]): readonly ItemGroup[] {
  const groups = Map.groupBy(items, ({ matchKey }) => matchKey)
  return [...groups].map(([matchKey, group]) => ({ matchKey, items: group }))
}

export function judge({ items }: ItemGroup, day: JudgementDay): Judgement {
  const bank = items.filter(({ side }) => side === 'bank')
  const ledger = items.filter(({ side }) => side === 'ledger')
  const [bankWon, ledgerWon] = [sumOf(bank), sumOf(ledger)]
  const days = items.map(({ date }) => date).toSorted()
  const [since, on] = [days[0]!, days.at(-1)!]
  // Also what the bank took and gave back by itself, of which the ledger need not know.
  if (bankWon === ledgerWon) return { status: 'settled', on }
  if (day.today <= addBusinessDays(since, day.openDays, day.holidays)) return { status: 'timing' }
  const sides = { bank, ledger, bankWon, ledgerWon }
  return { status: 'break', kind: breakKind(sides), since, bankWon, ledgerWon }
}

function breakKind(sides: {
  readonly bank: readonly OpenItem[]
  readonly ledger: readonly OpenItem[]
  readonly bankWon: Won
  readonly ledgerWon: Won
}): BreakKind {
  const { bank, ledger, bankWon, ledgerWon } = sides
  if (isTwice(bank, ledgerWon) || isTwice(ledger, bankWon)) return 'fund_twice'
  if (bank.length === 0) return 'fund_missing_at_bank'
  if (ledger.length === 0) return 'fund_missing_in_ledger'
  return 'fund_amount_differs'
}

/** One side says several times what the other says once, or what nobody else says at all. */
function isTwice(side: readonly OpenItem[], otherWon: Won): boolean {
  const [first] = side
  return (
    first !== undefined &&
    side.length > 1 &&
    side.every(({ amountWon }) => amountWon === first.amountWon) &&
    (otherWon === first.amountWon || otherWon === 0)
  )
}

function sumOf(items: readonly OpenItem[]): Won {
  return items.reduce((sum, { amountWon }) => sum + amountWon, 0) as Won // A sum of integers.
}
