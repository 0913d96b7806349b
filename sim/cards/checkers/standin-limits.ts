/**
 * Stand-in against counters of the checker's own: no approval above the limit of one payment, of a day, of what the
 * core has not taken yet; none by knowledge that is too old, none against an order; and all of it within the bound.
 */
import { businessDate, HOUR_MS, type IssuerId } from '../../../src/base/base.ts'
import { cardKeyText, type CardNotice, type NoticeReceipt } from '../../../src/cards/cards.ts'
import type { StandInMode } from '../../../src/standin/standin.ts'
import type { Report } from '../../checkers/sales.ts'
import type { CardGateway } from '../card-gateway.ts'
import { CLOCK_SKEW_MS_MAX } from '../card-faults.ts'
import type { CityLimits } from '../card-world.ts'

export interface LimitWatch {
  approved(gateway: CardGateway, saleKey: string, wonApproved: number): void
  gaveBack(gateway: CardGateway, saleKey: string, wonBack: number): void
  /** The partner tells something; to be told before the gateway counts it. */
  noticed(gateway: CardGateway, saleKey: string, notice: CardNotice): void
  /** The core's receipt has arrived at the gateway. */
  receipt(gateway: string, notice: CardNotice, receipt: NoticeReceipt): void
  /** The feed said something to the gateway just now. */
  heard(gateway: string): void
  /**
   * What holds from now on; an order for one issuer comes before one for all. Gives the order's turn.
   * @param turn present: only where nothing else was ordered since
   */
  ordered(gateway: string, mode: StandInMode, issuerId: IssuerId | undefined, turn?: number): number
  checkBound(gateway: CardGateway): void
}

interface Approval {
  readonly saleKey: string
  readonly wallet: string
  readonly day: string
  netWon: number
  isTaken: boolean
}

export function watchLimits(given: {
  readonly limits: ReadonlyMap<IssuerId, CityLimits>
  readonly report: Report
  /** True time. */
  readonly now: () => number
}): LimitWatch {
  const { limits, report, now } = given
  const { of, find, lower } = createApprovals()
  const heardAt = new Map<string, number>()
  const boundWon = new Map<string, number>()
  const orders = new Map<string, { mode: StandInMode; turn: number }>()
  let turns = 0
  return {
    approved(gateway, saleKey, wonApproved) {
      const { name } = gateway
      const sale = gateway.store().sale(saleKey)
      const limit = sale && limits.get(sale.issuerId)
      if (sale === undefined || limit === undefined) {
        return report(saleKey, 'stand-in approved a sale that its store does not know')
      }
      const wallet = `${sale.issuerId}/${sale.walletId}`
      const day = businessDate(gateway.clock())
      of(name).push({ saleKey, wallet, day, netWon: wonApproved, isTaken: false })
      const own = of(name).filter((each) => each.wallet === wallet && each.netWon > 0)
      const found = limitFault(limit, {
        wonApproved,
        today: own.filter((each) => each.day === day).length,
        outstandingWon: outstanding(own),
        ageMs: now() - (heardAt.get(name) ?? Number.NEGATIVE_INFINITY),
        isForbidden:
          (orders.get(`${name}/${sale.issuerId}`) ?? orders.get(`${name}/`))?.mode === 'forbidden',
      })
      if (found !== undefined) report(saleKey, `stand-in approved ₩${wonApproved}${found}`)
    },
    gaveBack: ({ name }, saleKey, wonBack) => lower(name, saleKey, (netWon) => netWon - wonBack),
    noticed({ name }, saleKey, notice) {
      const leftWon = leftBy(notice)
      if (leftWon !== undefined) lower(name, saleKey, () => leftWon)
    },
    receipt(gateway, notice, { status }) {
      if (notice.kind !== 'advise' || status !== 'taken') return
      const approval = find(gateway, cardKeyText(notice.sale.key))
      if (approval !== undefined) approval.isTaken = true
    },
    heard: (gateway) => void heardAt.set(gateway, now()),
    ordered(gateway, mode, issuerId, turn) {
      const place = `${gateway}/${issuerId ?? ''}`
      if (turn !== undefined && turn !== orders.get(place)?.turn) return turn
      turns += 1
      orders.set(place, { mode, turn: turns })
      return turns
    },
    checkBound(gateway) {
      const { name } = gateway
      const bound = Math.max(boundWon.get(name) ?? 0, gateway.desk().status().exposure.boundWon)
      boundWon.set(name, bound)
      const atRisk = outstanding(of(name))
      if (atRisk > bound)
        report(`gateway ${name}`, `₩${atRisk} stand to be lost, and the bound is ₩${bound}`)
    },
  }
}

/** What each gateway approved. */
function createApprovals() {
  const approvals = new Map<string, Approval[]>()
  const of = (gateway: string): Approval[] => {
    const list = approvals.get(gateway) ?? []
    approvals.set(gateway, list)
    return list
  }
  const find = (gateway: string, saleKey: string) =>
    of(gateway).find((approval) => approval.saleKey === saleKey)
  const lower = (gateway: string, saleKey: string, to: (netWon: number) => number): void => {
    const approval = find(gateway, saleKey)
    if (approval !== undefined)
      approval.netWon = Math.max(0, Math.min(approval.netWon, to(approval.netWon)))
  }
  return { of, find, lower }
}

/** At most so much stands of an approval after a notice; `undefined`: as much as before. */
function leftBy(notice: CardNotice): number | undefined {
  if (notice.kind === 'reverse') return notice.keepWon
  if (notice.kind === 'complete') return notice.amountWon
  return notice.kind === 'advise' && notice.by === 'provisional_debit' ? 0 : undefined
}

function outstanding(list: readonly Approval[]): number {
  return list.filter(({ isTaken }) => !isTaken).reduce((sum, { netWon }) => sum + netWon, 0)
}

/** What of an approval is beyond a limit; `undefined` where nothing is. */
function limitFault(
  limit: CityLimits,
  is: {
    readonly wonApproved: number
    readonly today: number
    readonly outstandingWon: number
    readonly ageMs: number
    readonly isForbidden: boolean
  },
): string | undefined {
  const { wonApproved, today, outstandingWon, ageMs, isForbidden } = is
  // The gateway's clock may have been set right by as much as two clocks can differ.
  const ageMsMax = limit.snapshotAgeHoursMax * HOUR_MS + 2 * CLOCK_SKEW_MS_MAX
  if (wonApproved > limit.perPaymentWonMax) return ` of at most ${limit.perPaymentWonMax}`
  if (today > limit.paymentsMax) return `, payment ${today} of ${limit.paymentsMax} a day`
  if (outstandingWon > limit.cumulativeWonMax) {
    return `, in all ${outstandingWon} of ${limit.cumulativeWonMax}`
  }
  if (ageMs > ageMsMax) return ` by what it heard ${ageMs} ms ago`
  return isForbidden ? ' although that was forbidden' : undefined
}
