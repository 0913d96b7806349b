/**
 * What a stretch of the journal earned and took back, one event after the other. Page, terms, revenues and what pots
 * have left are given, and the decision is written before any money is moved.
 */
import {
  assert,
  businessDate,
  businessMonth,
  sumWon,
  won,
  type BusinessDate,
  type Instant,
  type MerchantId,
  type OperationId,
  type PotDraw,
  type PotId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import {
  cashbackExpiresAt,
  chooseDraws,
  earnCashback,
  fundedBy,
  keptCashback,
  termsAt,
  type CashbackRules,
  type FundingPot,
  type Program,
  type ProgramTerms,
} from '../issuing/issuing.ts'
import {
  NOTHING_RETURNED,
  type CancellationSeen,
  type CashbackShare,
  type DecidedPage,
  type Earning,
  type JournalPage,
  type MonthEarned,
  type PaymentSeen,
  type TakeBack,
  type TakeBackShare,
} from './cashback-store.ts'
import type { EarningState } from './earning-machine.ts'

export interface PageFacts {
  readonly programs: readonly Program[]
  readonly revenueOn: (merchantId: MerchantId, day: BusinessDate) => Won | undefined
  readonly pots: readonly FundingPot[]
  /** What each pot has left. */
  readonly potsLeft: ReadonlyMap<PotId, number>
  readonly now: Instant
}

/** Keeps count while the page is gone through. */
interface Tally {
  readonly facts: PageFacts
  readonly months: Map<string, number>
  readonly potsLeft: Map<PotId, number>
  /** Known before, and of this page. */
  readonly earnings: Map<OperationId, Earning>
  readonly takeBacks: TakeBack[]
}

/**
 * @returns `undefined` where a payment that the page cancels is being posted at this moment: what became of it is to be
 * known first
 */
export function decidePage(page: JournalPage, facts: PageFacts): DecidedPage | undefined {
  const seen = new Map(page.earnings.map((earning) => [earning.paymentId, earning]))
  if (page.earnings.some(({ state }) => state === 'due')) return undefined
  const tally: Tally = {
    facts,
    months: new Map(page.months.map((month) => [keyOf(month), month.earnedWon])),
    potsLeft: new Map(facts.potsLeft),
    earnings: new Map(seen),
    takeBacks: [],
  }
  for (const { programId, amountWon } of page.promised) reserve(tally, programId, amountWon)
  for (const event of page.events) {
    if (event.kind === 'payment') earn(tally, event)
    else takeBack(tally, event)
  }
  const all = [...tally.earnings.values()]
  const cancelled = new Set(tally.takeBacks.map(({ paymentId }) => paymentId))
  return {
    earnings: all.filter(({ paymentId }) => !seen.has(paymentId)),
    takeBacks: tally.takeBacks,
    touched: all.flatMap(({ paymentId, state }) => {
      const before = seen.get(paymentId)
      const isTouched = before !== undefined && cancelled.has(paymentId)
      return isTouched ? [{ paymentId, seen: before.state, state }] : []
    }),
  }
}

function keyOf({ walletId, programId, month }: Omit<MonthEarned, 'earnedWon'>): string {
  return `${walletId} ${programId} ${month}`
}

/** The terms of a program at an instant where they give cashback. */
export function cashbackTermsAt(
  programs: readonly Program[],
  programId: ProgramId,
  at: Instant,
): { readonly terms: ProgramTerms; readonly rules: CashbackRules } | undefined {
  const program = programs.find((each) => each.programId === programId)
  const terms = termsAt(program?.terms ?? [], at)
  if (terms?.benefit.mode !== 'cashback' || terms.cashback === null) return undefined
  return { terms, rules: terms.cashback }
}

function earn(tally: Tally, payment: PaymentSeen): void {
  const { operationId: paymentId, bookedAt: paidAt, walletId, memberId, merchantId } = payment
  const { programs, revenueOn } = tally.facts
  const revenueWon = revenueOn(merchantId, businessDate(paidAt)) ?? won(0)
  const month = businessMonth(paidAt)
  const paying = payment.shares.flatMap(({ programId, spentWon }) => {
    const found = cashbackTermsAt(programs, programId, paidAt)
    return found === undefined ? [] : [{ programId, spentWon, ...found }]
  })
  if (paying.length === 0) return
  const shares = paying.map(({ programId, spentWon, terms, rules }): CashbackShare => {
    const key = keyOf({ walletId, programId, month })
    const before = tally.months.get(key) ?? 0
    const earned = earnCashback(rules, { spentWon, revenueWon, earnedBeforeWon: won(before) })
    const isFunded = earned.earnedWon === 0 || drawIfAble(tally, terms, earned.earnedWon)
    const paid = isFunded
      ? earned
      : { ...earned, earnedWon: won(0), reason: 'budget_exhausted' as const }
    tally.months.set(key, before + paid.earnedWon)
    return {
      programId,
      spentWon,
      cancelledWon: won(0),
      takenBackWon: won(0),
      ...paid,
      expiresAt: cashbackExpiresAt(terms, rules, paidAt),
      returned: NOTHING_RETURNED,
    }
  })
  const byButton = paying.some(({ rules }) => rules.spending === 'by_button')
  const spending = payment.chosen ?? (byButton ? 'by_button' : 'automatic')
  const earnedWon = sumWon(shares.map((share) => share.earnedWon))
  const waits = earnedWon > 0 && spending === 'by_button'
  tally.earnings.set(paymentId, {
    paymentId,
    walletId,
    memberId,
    merchantId,
    paidAt,
    month,
    revenueWon,
    spending,
    state: earnedWon === 0 ? 'nothing' : waits ? 'waiting' : 'due',
    waitsFor: waits ? 'button' : null,
    attempt: 1,
    operationId: undefined,
    shares,
  })
}

/** Counts what the pots would give, all of it or nothing; the ledger has the last word when it is posted. */
function drawIfAble(tally: Tally, terms: ProgramTerms, amountWon: Won): boolean {
  const draws = drawsOf(tally, terms, amountWon)
  if (draws === undefined) return false
  if (draws.some((draw) => leftOf(tally, draw.potId) < draw.amountWon)) return false
  count(tally, draws)
  return true
}

/** What waits is promised: the pots that would pay it now have so much less for others. */
function reserve(tally: Tally, programId: ProgramId, amountWon: Won): void {
  const { programs, now } = tally.facts
  const found = cashbackTermsAt(programs, programId, now)
  if (found !== undefined) count(tally, drawsOf(tally, found.terms, amountWon) ?? [])
}

function drawsOf(
  { facts: { pots, now } }: Tally,
  { programId, benefit }: ProgramTerms,
  amountWon: Won,
): readonly PotDraw[] | undefined {
  const choice = chooseDraws(pots, { programId, shares: fundedBy(benefit, amountWon), now })
  return choice.status === 'drawn' ? choice.draws : undefined
}

function count(tally: Tally, draws: readonly PotDraw[]): void {
  for (const { potId, amountWon } of draws) {
    tally.potsLeft.set(potId, leftOf(tally, potId) - amountWon)
  }
}

function leftOf({ potsLeft }: Tally, potId: PotId): number {
  return potsLeft.get(potId) ?? 0
}

/** States in which something was earned that a cancellation can ask back. */
const livingStates: readonly EarningState[] = ['due', 'waiting', 'posted']

function takeBack(tally: Tally, cancellation: CancellationSeen): void {
  const { operationId: cancellationId, bookedAt: cancelledAt, paymentId } = cancellation
  const earning = tally.earnings.get(paymentId)
  if (earning === undefined || !livingStates.includes(earning.state)) return
  const isPosted = earning.state === 'posted'
  const taken: TakeBackShare[] = []
  const shares = earning.shares.map((share): CashbackShare => {
    const cancelledWon =
      cancellation.shares.find(({ programId }) => programId === share.programId)?.spentWon ?? won(0)
    if (cancelledWon === 0) return share
    const after = cancelShare(share, cancelledWon)
    const wantedWon = won(after.takenBackWon - share.takenBackWon)
    const takenWon = isPosted ? won(0) : wantedWon
    taken.push({ programId: share.programId, cancelledWon, wantedWon, takenWon })
    const key = keyOf({ ...earning, programId: share.programId })
    const before = tally.months.get(key)
    // A month that the page pays in has room again; others are summed up when they are asked for.
    if (before !== undefined) tally.months.set(key, before - wantedWon)
    return after
  })
  if (taken.length === 0) return
  const asks = isPosted && taken.some(({ wantedWon }) => wantedWon > 0)
  const { walletId, memberId } = earning
  tally.takeBacks.push({
    cancellationId,
    paymentId,
    walletId,
    memberId,
    cancelledAt,
    state: asks ? 'due' : 'done',
    attempt: 1,
    shares: taken,
  })
  const isNothingLeft = shares.every((share) => share.takenBackWon === share.earnedWon)
  const state = !isPosted && isNothingLeft ? 'cancelled' : earning.state
  tally.earnings.set(paymentId, { ...earning, shares, state })
}

/** What a share is after a cancellation gave back so much of what the payment took. */
export function cancelShare(share: CashbackShare, cancelledWon: Won): CashbackShare {
  const { spentWon, earnedWon, rateBasisPoints } = share
  const gone = won(share.cancelledWon + cancelledWon)
  assert(gone <= spentWon, 'a cancellation gives back what was taken')
  const leftWon = won(spentWon - gone)
  const keptWon = keptCashback({ rateBasisPoints, earnedWon, leftWon })
  // Of what could not be posted any more everything counts as taken back.
  const takenBackWon = won(Math.max(share.takenBackWon, earnedWon - keptWon))
  return { ...share, cancelledWon: gone, takenBackWon }
}
