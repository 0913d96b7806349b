/** Counts days that are over, one a step, in order: each is kept once, and none is left out. */
import {
  businessDate,
  DAY_MS,
  startOfBusinessDate,
  type BusinessDate,
  type Instant,
  type IssuerId,
  nextDate,
} from '../base/base.ts'
import type { AcquiringDirectory } from '../acquiring/acquiring.ts'
import { sumFlows, type FlowSum, type Place, type ReportingStore } from './day-figures.ts'

export interface CountingDeps {
  readonly store: ReportingStore
  readonly acquiring: Pick<AcquiringDirectory, 'merchant' | 'outlet'>
}

/**
 * - `counted`: a day was kept; there may be more.
 * - `waiting`: the next day is over, and something may still be booked into it.
 * - `idle`: no day is over that is not kept.
 */
export type CountedDay =
  | { readonly status: 'counted'; readonly day: BusinessDate; readonly daysLeft: number }
  | { readonly status: 'waiting'; readonly day: BusinessDate }
  | { readonly status: 'idle' }

export async function countNextDay(
  { store, acquiring }: CountingDeps,
  issuerId: IssuerId,
  now: Instant,
): Promise<CountedDay> {
  const { lastDay, firstBookedAt } = await store.standing(issuerId)
  if (firstBookedAt === undefined) return { status: 'idle' }
  const day = lastDay === undefined ? businessDate(firstBookedAt) : nextDate(lastDay)
  const [fromAt, untilAt] = [startOfBusinessDate(day), startOfBusinessDate(nextDate(day))]
  if (untilAt > now) return { status: 'idle' }
  if (!(await store.isOver(issuerId, untilAt))) return { status: 'waiting', day }
  const flows = await flowsOf({ store, acquiring }, issuerId, { fromAt, untilAt })
  const accounts = await store.accountSums(issuerId, fromAt, untilAt)
  await store.keepDay(issuerId, { day, fromAt, untilAt, flows, accounts })
  const daysLeft = Math.max(0, Math.floor((now - untilAt) / DAY_MS))
  return { status: 'counted', day, daysLeft }
}

/** What came into lots and went out of them between two instants, at the shops' places of now. */
export async function flowsOf(
  { store, acquiring }: CountingDeps,
  issuerId: IssuerId,
  { fromAt, untilAt }: { readonly fromAt: Instant; readonly untilAt: Instant },
): Promise<readonly FlowSum[]> {
  const placeOf = (...[merchantId, outletId]: Parameters<Parameters<typeof sumFlows>[1]>) => {
    const merchant = acquiring.merchant(issuerId, merchantId)
    if (merchant === undefined) return undefined
    const outlet = outletId === undefined ? undefined : acquiring.outlet(issuerId, outletId)
    const place: Place = { sector: merchant.sector, district: (outlet ?? merchant).district }
    return place
  }
  return sumFlows(await store.lotFlows(issuerId, fromAt, untilAt), placeOf)
}
