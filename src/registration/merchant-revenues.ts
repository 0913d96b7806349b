/** The yearly revenue that a merchant tells, and the day from which it counts. */
import { annualRevenue, isRegistered, revenueClassOf, withRevenue } from '../acquiring/acquiring.ts'
import {
  businessDate,
  DAY_MS,
  formatId,
  isWon,
  type Instant,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type Won,
} from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import {
  answerOf,
  caseEnded,
  lifeRecords,
  readKnown,
  type LifeDeps,
  type MerchantOfLife,
} from './merchant-lives.ts'
import { toIssuer } from './party-notices.ts'
import { naturalKey } from './record-bodies.ts'
import { changeRecords, findRecord, type Change } from './record-store.ts'
import { refused, type Registered } from './refusal.ts'

const DAYS_MAX = 366

export interface RevenueTelling {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** The owner, as id text. */
  readonly by: string
  readonly requestId: OperationId
  readonly revenueWon: Won
  /** Of how many days it is the revenue, 0…366. */
  readonly days: number
}

/** Takes the revenue of a year, or of the part of one since a shop opened. The desk may correct it. */
export async function tellRevenue(
  deps: LifeDeps,
  telling: RevenueTelling,
): Promise<Registered<MerchantOfLife>> {
  const { registry, ids } = deps
  const { issuerId, merchantId, by, requestId, revenueWon, days } = telling
  if (!isWon(revenueWon) || revenueWon < 0) return refused('field_invalid', 'revenueWon')
  if (!Number.isInteger(days) || days < 0 || days > DAYS_MAX)
    return refused('field_invalid', 'days')
  const annualRevenueWon = annualRevenue(revenueWon, days)
  const key = naturalKey.request(requestId)
  const now = deps.clock()
  const decide = async (): Promise<Change<Registered<MerchantOfLife>>> => {
    const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
    const known = await readKnown(deps, issuerId, merchantId, rules)
    if (known === undefined) return { answer: refused('merchant_unknown') }
    const doneBefore = await findRecord(registry, issuerId, 'merchant_life', key)
    if (doneBefore !== undefined) {
      const isOurs = doneBefore.recordId === merchantId
      return { answer: isOurs ? answerOf(issuerId, known) : refused('request_reused') }
    }
    if (!isRegistered(known.life.state)) {
      return { answer: refused('merchant_transition_refused', 'status') }
    }
    const from = businessDate(now + rules.revenueCountsAfterDays * DAY_MS)
    const life = {
      ...known.life,
      revenues: withRevenue(known.life.revenues, { from, annualRevenueWon, at: now }),
      revenueAskedAt: null,
      rung: known.life.rung.filter((timer) => timer !== 'revenue_overdue'),
    }
    const revenueClass = revenueClassOf(annualRevenueWon)
    const facts = { annualRevenueWon, revenueClass, from }
    const { revenueAskedAt } = known.life
    const records = [
      ...lifeRecords({ ...known, life }, key),
      toIssuer(ids, merchantId, { partyNoticeKind: 'revenue_told', at: now, facts }),
      ...(revenueAskedAt === null
        ? []
        : await caseEnded(registry, issuerId, revenueCaseKey(merchantId, revenueAskedAt), now)),
    ]
    return { answer: answerOf(issuerId, { ...known, life }), by, records }
  }
  return changeRecords(registry, issuerId, now, decide)
}

export function revenueSubject(merchantId: MerchantId, askedAt: Instant): string {
  return `${formatId('mrc', merchantId)}/${businessDate(askedAt)}`
}

function revenueCaseKey(merchantId: MerchantId, askedAt: Instant): string {
  return naturalKey.case('merchant_revenue_overdue', revenueSubject(merchantId, askedAt))
}
