/**
 * The day of the fund: entries of the bank are booked, the ledger is added up, both sides are matched, and the day that
 * the newest statement tells is written down with its breaks and its coverage. Every part is repeated without harm.
 */
import {
  addBusinessDays,
  businessDate,
  DAY_MS,
  formatId,
  MINUTE_MS,
  startOfBusinessDate,
  won,
  type BusinessDate,
  type Won,
} from '../base/base.ts'
import { closeSettled } from './case-closing.ts'
import { coverageOf, type CertainFund } from './coverage.ts'
import { bookEntries, ENTRIES_A_STEP } from './entry-booking.ts'
import { breakKinds, groupItems, judge, type ItemGroup, type Judgement } from './matching.ts'
import type { TreasuryDeps, TreasuryRoom } from './treasury-deps.ts'
import type { DayResult, OpenItem, OpenSum, StatementFacts } from './treasury-store.ts'

/**
 * The tally stays so far behind the clock: whatever a core began before is booked or given up by then. Statements of a
 * day come after its end anyway.
 */
export const TALLY_LAG_MS = 10 * MINUTE_MS
/** So many operations are added up in one statement, and so many statements in one step. */
const OPERATIONS_A_TALLY = 5_000
const TALLIES_A_STEP = 10
const KEYS_A_PAGE = 500
/** Of so many breaks each is a case; a day with more is looked at as a whole, and its result counts them all. */
export const BREAK_CASES_MAX = 200

export interface ReconciliationStep {
  readonly done: boolean
  /** Set where the day was written anew. */
  readonly day?: DayResult
}

export async function reconcile(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  { lagMs = TALLY_LAG_MS }: { readonly lagMs?: number } = {},
): Promise<ReconciliationStep> {
  // Before its entries are booked: one that comes meanwhile is for the next step.
  const statement = await deps.store.newestStatement(room.issuerId)
  if ((await bookEntries(deps, room)) === ENTRIES_A_STEP) return { done: false }
  const until = room.now - lagMs
  const reachedAt = await advance(deps, room, until)
  if (reachedAt < until) return { done: false }
  if (statement === undefined) return { done: true }
  const endOfDay = startOfBusinessDate(statement.date) + DAY_MS
  if (reachedAt < endOfDay) return { done: true }
  const matched = await match(deps, room)
  const day = await writeDay(deps, room, { statement, matched })
  await openDayCases(deps, room, day)
  return { done: true, day }
}

/** @returns how far the tally has come */
async function advance(deps: TreasuryDeps, room: TreasuryRoom, until: number): Promise<number> {
  const { payoutEntries } = room.rules
  let reachedAt = Number.NEGATIVE_INFINITY
  for (let turn = 0; turn < TALLIES_A_STEP && reachedAt < until; turn += 1) {
    const options = { until, limit: OPERATIONS_A_TALLY, payoutEntries }
    reachedAt = await deps.store.advanceTally(room.issuerId, options)
  }
  return reachedAt
}

interface Matched {
  readonly timingCount: number
  readonly breakCount: number
}

/** One pass over everything that is open. */
async function match(deps: TreasuryDeps, room: TreasuryRoom): Promise<Matched> {
  const { issuerId, rules, now } = room
  const { holidays } = deps
  const day = { today: businessDate(now), holidays, openDays: rules.fundItemOpenDays }
  const broken = new Set<string>()
  let timingCount = 0
  let breakCount = 0
  let afterKey = ''
  for (;;) {
    const items = await deps.store.openItems(issuerId, { afterKey, keys: KEYS_A_PAGE })
    const groups = groupItems(items)
    const settled: SettledItem[] = []
    for (const group of groups) {
      const judgement = judge(group, day)
      if (judgement.status === 'settled') settled.push(...settledItems(group, judgement.on))
      else if (judgement.status === 'timing') timingCount += group.items.length
      else {
        breakCount += group.items.length
        const isNamed = broken.size < BREAK_CASES_MAX
        broken.add(`${judgement.kind}/${group.matchKey}`)
        if (isNamed) await openBreak(deps, room, group, judgement)
      }
    }
    if (settled.length > 0) await deps.store.settle(issuerId, settled)
    if (groups.length < KEYS_A_PAGE) break
    afterKey = groups.at(-1)!.matchKey
  }
  await closeSettled(deps, room, {
    kinds: breakKinds,
    isSettled: (subject, kind) => !broken.has(`${kind}/${subject}`),
    resolution: '양쪽 기록 일치 · both sides agree now',
  })
  return { timingCount, breakCount }
}

interface SettledItem {
  readonly side: OpenItem['side']
  readonly itemId: string
  readonly on: BusinessDate
}

function settledItems({ items }: ItemGroup, on: BusinessDate): readonly SettledItem[] {
  return items.map(({ side, itemId }) => ({ side, itemId, on }))
}

async function openBreak(
  { casebook }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  { matchKey, items }: ItemGroup,
  { kind, since, bankWon, ledgerWon }: Extract<Judgement, { status: 'break' }>,
): Promise<void> {
  await casebook.openCase({
    issuerId,
    caseKind: kind,
    subject: matchKey,
    owner: 'operator',
    facts: { since, bankWon, ledgerWon, items: items.length },
  })
}

async function writeDay(
  { store }: TreasuryDeps,
  { issuerId, rules, now }: TreasuryRoom,
  given: { readonly statement: StatementFacts; readonly matched: Matched },
): Promise<DayResult> {
  const { date, closingWon: bankWon } = given.statement
  const balances = await store.balances(issuerId, date)
  const open = await store.openAt(issuerId, date)
  const ledgerWon = balances.find(({ kind }) => kind === 'operating_fund')?.balanceWon ?? won(0)
  const openWon = difference(open.bankWon, open.ledgerWon)
  const day: DayResult = {
    date,
    computedAt: now,
    bankWon,
    ledgerWon,
    openWon,
    openCount: open.bankCount + open.ledgerCount,
    unexplainedWon: difference(difference(bankWon, ledgerWon), openWon),
    ...given.matched,
    ...coverageOf(balances, certainFund(ledgerWon, open), rules),
    coverageBasisPointsMin: rules.fundCoverageBasisPointsMin,
    receivablesCount: rules.receivablesCount,
    balances,
  }
  await store.recordDay(issuerId, day)
  return day
}

/**
 * What certainly is in the fund: what the ledger has, less what the bank lacks of it, key by key; and what funders and
 * the bank paid in although it was booked only on the next day. Other deposits are somebody's, and are owed from the
 * moment they are booked.
 */
function certainFund(ledgerWon: Won, open: OpenSum): CertainFund {
  const { fundersWon, interestWon, lackingWon } = open
  const fundWon = ledgerWon + fundersWon + interestWon + lackingWon
  return { fundWon: fundWon as Won, fundersWon } // Sums of integers.
}

function difference(one: Won, other: Won): Won {
  return (one - other) as Won // Of integers; sums may pass what one amount may be.
}

/** What is wrong with the day as a whole: a difference that no item explains, and a fund that does not cover. */
async function openDayCases(deps: TreasuryDeps, room: TreasuryRoom, day: DayResult): Promise<void> {
  const { issuerId, issuer, now } = room
  const common = { issuerId, subject: day.date } as const
  const nextDay = addBusinessDays(businessDate(now), 1, deps.holidays)
  if (day.unexplainedWon !== 0) {
    const { bankWon, ledgerWon, openWon, unexplainedWon } = day
    await deps.casebook.openCase({
      ...common,
      caseKind: 'fund_unexplained',
      owner: 'operator',
      facts: { bankWon, ledgerWon, openWon, unexplainedWon },
    })
  }
  if (day.shortWon > 0 && !(await isShortKnown(deps, room))) {
    const { owedWon, coveringWon, shortWon, coverageBasisPoints } = day
    await deps.casebook.openCase({
      ...common,
      caseKind: 'fund_short',
      owner: 'issuer',
      facts: {
        issuer: formatId('iss', issuer.issuerId),
        owedWon,
        coveringWon,
        shortWon,
        coverageBasisPoints: coverageBasisPoints ?? 0,
      },
      // 전자금융거래법 §25의2: a shortage is made up by the next business day.
      dueAt: startOfBusinessDate(nextDay) + DAY_MS,
    })
  }
  await closeSettled(deps, room, {
    kinds: ['fund_unexplained', 'fund_short'],
    isSettled: (subject, kind) =>
      kind === 'fund_short' ? day.shortWon === 0 : day.unexplainedWon === 0 && subject <= day.date,
    resolution: '해소 · resolved',
  })
}

/** A shortage is one case from the day it began until it is made up. */
async function isShortKnown(
  { casebook }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
): Promise<boolean> {
  const open = await casebook.cases(issuerId, { state: 'open', limit: OPEN_CASES_LOOKED_AT })
  return open.some(({ caseKind }) => caseKind === 'fund_short')
}

const OPEN_CASES_LOOKED_AT = 1_000
