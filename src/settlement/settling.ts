/**
 * Runs settlements in bounded steps. Its memory is the store: each step looks where the issuer stands and does the next
 * thing, so it does not matter who did the last one, nor whether he lived to tell.
 *
 * Order inside a run: payouts that are fixed are moved before more is fixed; so at most one page of merchants waits for
 * its money when a worker dies, and a payout is never decided anew.
 */
import {
  assert,
  addBusinessDays,
  businessDate,
  derivedOperationId,
  formatId,
  requestHash,
  unreachable,
  won,
  type BusinessDate,
  type IdSource,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type Sha256,
  type Won,
  nextDate,
} from '../base/base.ts'
import { termsAt, type IssuingDirectory } from '../issuing/issuing.ts'
import type { MovementRequest, Movements } from '../ledger/ledger.ts'
import {
  payoutLines,
  settleMerchant,
  type MerchantFacts,
  type MerchantSettlement,
  type Payee,
} from './merchant-settlement.ts'
import {
  daysToClose,
  endOfDay,
  nextSettlementDay,
  programDaysDue,
  type ClosedDay,
  type ProgramDay,
  type SettlementRules,
} from './settlement-calendar.ts'
import { feeBasisPointsOf } from './settlement-fee.ts'
import type {
  DueSettlement,
  FixedSettlement,
  FoundMerchant,
  SettlementPosition,
  SettlementRun,
  SettlementStore,
} from './settlement-store.ts'

/** So many merchants are read, and fixed, at once. */
export const MERCHANTS_PAGE = 200

/** What others know of merchants. */
export interface MerchantKnowledge {
  /** The yearly revenue that counts for a day of paying, of some merchants; `undefined` of one without any. */
  revenues(
    issuerId: IssuerId,
    merchantIds: readonly MerchantId[],
  ): Promise<(merchantId: MerchantId, day: Pick<ClosedDay, 'day' | 'untilAt'>) => Won | undefined>
  /** Where a settlement day's money goes, as things are now; one for each merchant. */
  payees(
    issuerId: IssuerId,
    merchantIds: readonly MerchantId[],
    settlementDay: BusinessDate,
  ): Promise<ReadonlyMap<MerchantId, Payee>>
}

export interface SettlingDeps extends MerchantKnowledge {
  readonly store: SettlementStore
  readonly ledger: Pick<Movements, 'move'>
  readonly issuing: Pick<IssuingDirectory, 'programs'>
  readonly rulesAt: (issuerId: IssuerId, now: Instant) => SettlementRules
  /** All there are, for progress. */
  readonly merchantIds: (issuerId: IssuerId) => readonly MerchantId[]
  readonly holidays: readonly BusinessDate[]
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly merchantsPage?: number
}

/**
 * - `idle`: nothing is to be settled now.
 * - `waiting`: the journal is not sealed up to the cut-off yet; to be called again a little later.
 * - `working`: there is more; to be called again at once.
 * - `closed`: a run was brought to its end.
 */
export interface SettlingStep {
  readonly status: 'idle' | 'waiting' | 'working' | 'closed'
  readonly settlementDay?: BusinessDate
  /** Merchants. */
  readonly progress?: { readonly done: number; readonly whole: number }
}

/** What the next run would pay if nothing more happened; days that are not over yet count as far as they are. */
export interface SettlementPreview {
  readonly settlementDay: BusinessDate
  readonly programDays: readonly (ProgramDay & ClosedDay)[]
  readonly settlements: readonly MerchantSettlement[]
  /** Where the next page begins; `undefined`: this was the last. */
  readonly next: MerchantId | undefined
}

export interface Settling {
  step(issuerId: IssuerId, now: Instant): Promise<SettlingStep>
  /** Reads only. `undefined` while a run is under way: what it has not fixed yet is between two runs. */
  preview(
    issuerId: IssuerId,
    page: { readonly after?: MerchantId | undefined; readonly limit: number },
    now: Instant,
  ): Promise<SettlementPreview | undefined>
}

export function createSettling(deps: SettlingDeps): Settling {
  return {
    async step(issuerId, now) {
      const position = await deps.store.position(issuerId)
      const { run } = position
      return run?.state === 'open'
        ? workOn(deps, issuerId, run, now)
        : begin(deps, issuerId, position, now)
    },
    preview: (issuerId, page, now) => preview(deps, issuerId, page, now),
  }
}

/** Closes days whose cut-off has come, then opens the run that is next. */
async function begin(
  deps: SettlingDeps,
  issuerId: IssuerId,
  { firstDay, lastDay, run }: SettlementPosition,
  now: Instant,
): Promise<SettlingStep> {
  if (firstDay === undefined) return { status: 'idle' }
  const { store, holidays } = deps
  const rules = deps.rulesAt(issuerId, now)
  const days = daysToClose({ last: lastDay, firstDay, rules, now })
  if (days.length > 0) {
    await store.closeDays(issuerId, days)
    return { status: 'working' }
  }
  const programs = deps.issuing.programs(issuerId)
  const lastRun = run?.settlementDay
  const settlementDay = nextSettlementDay({ now, lastRun, rules, holidays, programs })
  if (settlementDay === undefined) return { status: 'idle' }
  const unsettled = await store.unsettledDays(
    issuerId,
    programs.map(({ programId }) => programId),
  )
  const programDays = programDaysDue({ settlementDay, unsettled, programs, holidays })
  if (programDays.length === 0) return { status: 'idle' }
  const untilAt = Math.max(...programDays.map((each) => each.untilAt))
  if (!(await store.sealedUntil(issuerId, untilAt))) return { status: 'waiting', settlementDay }
  const { minimumPayoutWon } = rules
  await store.openRun(issuerId, { settlementDay, untilAt, minimumPayoutWon, programDays }, now)
  return { status: 'working', settlementDay }
}

async function workOn(
  deps: SettlingDeps,
  issuerId: IssuerId,
  run: SettlementRun,
  now: Instant,
): Promise<SettlingStep> {
  const { store, merchantsPage: limit = MERCHANTS_PAGE } = deps
  const { settlementDay } = run
  const due = await store.dueSettlements(issuerId, settlementDay, limit)
  if (due.length > 0) {
    await payOut(deps, issuerId, due, now)
    return { status: 'working', settlementDay, progress: progressOf(deps, issuerId, run) }
  }
  const programDays = await store.programDaysOf(issuerId, settlementDay)
  const found = await store.findMerchants(issuerId, { programDays, after: run.reached, limit })
  const last = found.at(-1)
  if (last === undefined) {
    await store.closeRun(issuerId, settlementDay, now)
    return { status: 'closed', settlementDay }
  }
  const page = { settlementDay, after: run.reached, reached: last.merchantId }
  const settlements = await decidePage(deps, issuerId, run, found)
  const fixed = settlements.map((each) => named(deps, issuerId, settlementDay, each))
  await store.fixSettlements(issuerId, page, fixed)
  const progress = progressOf(deps, issuerId, { reached: last.merchantId })
  return { status: 'working', settlementDay, progress }
}

function progressOf(
  { merchantIds }: SettlingDeps,
  issuerId: IssuerId,
  { reached }: Pick<SettlementRun, 'reached'>,
): NonNullable<SettlingStep['progress']> {
  const ids = merchantIds(issuerId)
  return { done: ids.filter((merchantId) => merchantId <= reached).length, whole: ids.length }
}

async function preview(
  deps: SettlingDeps,
  issuerId: IssuerId,
  { after, limit }: { readonly after?: MerchantId | undefined; readonly limit: number },
  now: Instant,
): Promise<SettlementPreview | undefined> {
  const { store, holidays } = deps
  const { firstDay, lastDay, run } = await store.position(issuerId)
  if (run?.state === 'open') return undefined
  const rules = deps.rulesAt(issuerId, now)
  const programs = deps.issuing.programs(issuerId)
  const programIds = programs.map(({ programId }) => programId)
  const today = businessDate(now)
  const isMade = run !== undefined && run.settlementDay >= today
  const settlementDay = addBusinessDays(isMade ? nextDate(run.settlementDay) : today, 0, holidays)
  const toCome =
    firstDay === undefined
      ? []
      : daysToClose({ last: lastDay, firstDay, rules, now: endOfDay(settlementDay, rules) + 1 })
  const unsettled = [
    ...(await store.unsettledDays(issuerId, programIds)),
    ...toCome.flatMap((day) => programIds.map((programId) => ({ programId, ...day }))),
  ]
  const programDays = programDaysDue({ settlementDay, unsettled, programs, holidays })
  const found = await store.findMerchants(issuerId, { programDays, after: after ?? 0, limit })
  const terms = { settlementDay, minimumPayoutWon: rules.minimumPayoutWon }
  const settlements = await decidePage(deps, issuerId, terms, found)
  const next = found.length < limit ? undefined : found.at(-1)?.merchantId
  return { settlementDay, programDays, settlements, next }
}

/** What a run says about some merchants, as things are now. */
async function decidePage(
  deps: Pick<SettlingDeps, 'issuing' | 'revenues' | 'payees'>,
  issuerId: IssuerId,
  { settlementDay, minimumPayoutWon }: Pick<SettlementRun, 'settlementDay' | 'minimumPayoutWon'>,
  found: readonly FoundMerchant[],
): Promise<MerchantSettlement[]> {
  const payees = await deps.payees(
    issuerId,
    found.map(({ merchantId }) => merchantId),
    settlementDay,
  )
  const rateOf = await readRates(deps, issuerId, found)
  return found.flatMap((each) => {
    const { merchantId } = each
    const payee = payees.get(merchantId)
    assert(payee !== undefined, 'every merchant has a payee or a reason')
    const feeBasisPoints: MerchantFacts['feeBasisPoints'] = (of) => rateOf(merchantId, of)
    const facts = { ...each, payee, minimumPayoutWon, feeBasisPoints }
    return settleMerchant(facts) ?? []
  })
}

/** Fee rates by the terms and the merchant's revenue at the end of each day of paying. */
async function readRates(
  deps: Pick<SettlingDeps, 'issuing' | 'revenues'>,
  issuerId: IssuerId,
  found: readonly FoundMerchant[],
): Promise<(merchantId: MerchantId, of: Parameters<MerchantFacts['feeBasisPoints']>[0]) => number> {
  const programs = new Map(deps.issuing.programs(issuerId).map((each) => [each.programId, each]))
  const merchantIds = found
    .filter(({ sums }) => sums.length > 0)
    .map(({ merchantId }) => merchantId)
  const revenueOn = await deps.revenues(issuerId, merchantIds)
  return (merchantId, { programId, paidOn: day, paidUntilAt: untilAt }) => {
    const terms = termsAt(programs.get(programId)?.terms ?? [], untilAt)
    assert(terms !== undefined, 'what was paid with was in force')
    return feeBasisPointsOf(terms.feeTiers, revenueOn(merchantId, { day, untilAt }) ?? won(0))
  }
}

/** One key for each issuer, settlement day and merchant, whoever computes it. */
export function payoutKey(
  sha256: Sha256,
  issuerId: IssuerId,
  { settlementDay, merchantId }: Pick<DueSettlement, 'settlementDay' | 'merchantId'>,
): OperationId {
  const names = [formatId('iss', issuerId), settlementDay, formatId('mrc', merchantId)]
  return derivedOperationId(requestHash(sha256, ['merchant_payout', ...names]))
}

function named(
  { ids, sha256 }: SettlingDeps,
  issuerId: IssuerId,
  settlementDay: BusinessDate,
  settlement: MerchantSettlement,
): FixedSettlement {
  if (settlement.outcome !== 'due') return { ...settlement, payout: undefined }
  const key = payoutKey(sha256, issuerId, { settlementDay, merchantId: settlement.merchantId })
  return { ...settlement, payout: { payoutId: ids.next('pay'), payoutKey: key } }
}

/** Moves what was fixed. A repeat finds it posted; what was fixed is told in the same words by everybody. */
async function payOut(
  deps: SettlingDeps,
  issuerId: IssuerId,
  due: readonly DueSettlement[],
  now: Instant,
): Promise<void> {
  const today = addBusinessDays(businessDate(now), 0, deps.holidays)
  const requests = due.map((each) => payoutRequest(deps.sha256, issuerId, each, today))
  const outcomes = await deps.ledger.move(issuerId, requests, now)
  const moved: MerchantId[] = []
  for (const [index, outcome] of outcomes.entries()) {
    const { settlementDay, merchantId } = due[index]!
    switch (outcome.status) {
      case 'posted':
        moved.push(merchantId)
        break
      case 'declined':
      case 'key_reused':
      case 'changed':
        // Nothing that policy saw can change under a payout, and nobody else has its key.
        assert(false, `the payout of ${settlementDay} to merchant ${merchantId}: ${outcome.status}`)
        break
      default:
        unreachable(outcome)
    }
  }
  await deps.store.markPaid(issuerId, due[0]!.settlementDay, moved)
}

function payoutRequest(
  sha256: Sha256,
  issuerId: IssuerId,
  due: DueSettlement,
  today: BusinessDate,
): MovementRequest {
  const { settlementDay, merchantId, payableWon, feeWon, payoutId, account } = due
  const names = [formatId('iss', issuerId), settlementDay, formatId('mrc', merchantId)]
  return {
    kind: 'payout',
    operationId: due.payoutKey,
    requestHash: requestHash(sha256, [
      'merchant_payout',
      ...names,
      payableWon,
      feeWon,
      formatId('pay', payoutId),
    ]),
    merchantId,
    lines: payoutLines(merchantId, { payableWon, feeWon }),
    payout: {
      payoutId,
      beneficiary: { kind: 'merchant', id: merchantId },
      account,
      // A run that began late tells the bank on the next day that it works.
      dueOn: settlementDay > today ? settlementDay : today,
    },
  }
}
