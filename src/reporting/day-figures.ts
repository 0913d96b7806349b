/**
 * The figures of one day that is over: what came into lots and went out of them, by program, kind and place. Sector and
 * district are those that the shop had when the day was counted; a later move of the shop does not move what was used.
 */
import {
  won,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type LotKind,
  type MerchantId,
  type OutletId,
  type ProgramId,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type { AccountKind } from '../ledger/ledger.ts'
import { flowOf, type Flow, type LotFlow } from './flow.ts'

/** One sum of a day, or of several days together. */
export interface FlowSum {
  readonly flow: Flow
  readonly programId: ProgramId
  readonly lotKind: LotKind
  /** Of what was used or given back. */
  readonly sector: string | null
  readonly district: string | null
  readonly amountWon: Won
  readonly count: number
}

export interface DatedFlowSum extends FlowSum {
  readonly day: BusinessDate
}

/** Debits and credits of a kind of account; of funders each for itself, otherwise id 0. */
export interface AccountSum {
  readonly accountKind: AccountKind
  readonly accountId: number
  readonly debitWon: Won
  readonly creditWon: Won
}

export interface DayFigures {
  readonly day: BusinessDate
  readonly fromAt: Instant
  /** The first instant of the next day. */
  readonly untilAt: Instant
  readonly flows: readonly FlowSum[]
  readonly accounts: readonly AccountSum[]
}

/** What one wallet used of one program's lots of a kind with one merchant, less what was given back. */
export interface WalletUse {
  readonly programId: ProgramId
  readonly lotKind: LotKind
  readonly merchantId: MerchantId
  /** Below zero where more was given back than used in the time asked about. */
  readonly usedWon: Won
  readonly count: number
}

/** Where figures are counted and kept. One issuer a call. */
export interface ReportingStore {
  standing(issuerId: IssuerId): Promise<{
    readonly lastDay: BusinessDate | undefined
    /** `undefined`: nothing was ever booked. */
    readonly firstBookedAt: Instant | undefined
  }>
  /** True when nothing can be booked any more before an instant. */
  isOver(issuerId: IssuerId, at: Instant): Promise<boolean>
  lotFlows(issuerId: IssuerId, from: Instant, until: Instant): Promise<readonly LotFlow[]>
  accountSums(issuerId: IssuerId, from: Instant, until: Instant): Promise<readonly AccountSum[]>
  /** All or nothing. @returns false where the day is kept already: it stays as it is */
  keepDay(issuerId: IssuerId, figures: DayFigures): Promise<boolean>
  /** Days that are kept from one through another, in order. */
  days(issuerId: IssuerId, span: DaySpan): Promise<readonly BusinessDate[]>
  daily(issuerId: IssuerId, span: DaySpan): Promise<readonly DatedFlowSum[]>
  /** Of all days of the span together. */
  totals(issuerId: IssuerId, span: DaySpan): Promise<readonly FlowSum[]>
  accounts(issuerId: IssuerId, span: DaySpan): Promise<readonly AccountSum[]>
  walletUse(
    issuerId: IssuerId,
    walletId: WalletId,
    time: { readonly from: Instant; readonly until: Instant },
  ): Promise<readonly WalletUse[]>
}

/** Both ends belong to it. */
export interface DaySpan {
  readonly from: BusinessDate
  readonly through: BusinessDate
}

/** Where something was used. */
export interface Place {
  readonly sector: string
  readonly district: string
}

/** Sums a day's movements by what reports tell apart, in an order that is always the same. */
export function sumFlows(
  lotFlows: readonly LotFlow[],
  placeOf: (merchantId: MerchantId, outletId: OutletId | undefined) => Place | undefined,
): readonly FlowSum[] {
  const sums = new Map<string, FlowSum>()
  for (const each of lotFlows) {
    const flow = flowOf(each)
    const { programId, lotKind, merchantId, outletId, amountWon, count } = each
    const place = merchantId === undefined ? undefined : placeOf(merchantId, outletId)
    const { sector = null, district = null } = place ?? {}
    const key = JSON.stringify([programId, lotKind, flow, sector, district])
    const known = sums.get(key)
    sums.set(key, {
      flow,
      programId,
      lotKind,
      sector,
      district,
      amountWon: won((known?.amountWon ?? 0) + amountWon),
      count: (known?.count ?? 0) + count,
    })
  }
  return [...sums].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum)
}
