/** What happens when a timer of a merchant rings: one commit, in which it is noted that it rang. */
import {
  changeLife,
  dueMerchantTimers,
  renewalWindow,
  revenueAt,
  revenueClassOf,
  type MerchantLife,
  type MerchantTimer,
} from '../acquiring/acquiring.ts'
import {
  assert,
  businessDate,
  endOfDaysAfter,
  formatId,
  won,
  type Instant,
  type IssuerId,
  type MerchantId,
} from '../base/base.ts'
import { rulesAt, type IssuerRuleValues } from '../issuing/issuing.ts'
import type { CaseKind } from './card-record-bodies.ts'
import {
  decisionSubject,
  lifeRecords,
  readKnown,
  type KnownMerchant,
  type LifeDeps,
} from './merchant-lives.ts'
import { revenueSubject } from './merchant-revenues.ts'
import { factsOf, toIssuer, toMerchant } from './party-notices.ts'
import { naturalKey } from './record-bodies.ts'
import { changeRecords, findRecord, newRecord, type Change } from './record-store.ts'
import type { NewRecord } from './registry.ts'

export interface MerchantRing {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  readonly timer: MerchantTimer
}

/** Acts on a timer that is due. @returns false where it is not, or not any more: nothing was written */
export async function ringMerchantTimer(
  deps: LifeDeps,
  { issuerId, merchantId, timer }: MerchantRing,
): Promise<boolean> {
  const now = deps.clock()
  const decide = async (): Promise<Change<boolean>> => {
    const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
    const known = await readKnown(deps, issuerId, merchantId, rules)
    if (known === undefined) return { answer: false }
    const { annualRevenueWon } = known.merchant.body
    const due = dueMerchantTimers(known.life, rules, { now, annualRevenueWon })
    if (!due.includes(timer)) return { answer: false }
    const ring = { deps, issuerId, merchantId, timer, known, rules, now }
    return { answer: true, by: 'system', records: await recordsOf(ring) }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

interface Ring extends MerchantRing {
  readonly deps: LifeDeps
  readonly known: KnownMerchant
  readonly rules: IssuerRuleValues
  readonly now: Instant
}

async function recordsOf(ring: Ring): Promise<NewRecord[]> {
  const { timer, known, rules, now } = ring
  const { life } = known
  switch (timer) {
    case 'decision_reminder':
      return [...noted(ring), desk(ring, 'decision_due', { until: life.decideBy })]
    case 'decision_escalation':
      return [...noted(ring), ...(await decisionCase(ring, 'merchant_decision_due'))]
    case 'decision_overdue':
      return [...noted(ring), ...(await decisionCase(ring, 'merchant_decision_overdue'))]
    case 'documents_overdue':
      return [
        ...noted(ring),
        desk(ring, 'documents_overdue', { until: life.answerBy }),
        merchant(ring, 'documents_overdue', { until: life.answerBy }),
      ]
    case 'objection_over':
      return [
        ...noted(ring),
        desk(ring, 'objection_over', { until: life.cancellation?.objectUntil }),
      ]
    case 'suspension_over':
      return [...changed(ring, 'lift_suspension'), merchant(ring, 'suspension_lifted', {})]
    case 'lapse':
      return [...changed(ring, 'lapse'), merchant(ring, 'registration_lapsed', {})]
    case 'renewal_open':
      return [...noted(ring), merchant(ring, 'renewal_open', renewalFacts(life, rules))]
    case 'revenue_request':
      return [
        ...lifeRecords({ ...known, life: { ...life, revenueAskedAt: now } }),
        merchant(ring, 'revenue_requested', {
          until: endOfDaysAfter(now, rules.revenueAnswerDays),
        }),
      ]
    case 'revenue_overdue':
      return [...noted(ring), ...(await revenueCase(ring))]
    default:
      return revenueChanged(ring)
  }
}

/** The life with the timer noted in it. */
function noted({ known, timer }: Ring): NewRecord[] {
  const { life } = known
  return lifeRecords({ ...known, life: { ...life, rung: [...life.rung, timer] } })
}

function changed({ known, rules, now }: Ring, event: 'lift_suspension' | 'lapse'): NewRecord[] {
  const step = changeLife(known.life, { event }, rules, now)
  assert(step.status === 'changed', 'what is due is allowed')
  return lifeRecords({ ...known, life: step.life })
}

/** From today another revenue counts; the payment path is told. */
function revenueChanged(ring: Ring): NewRecord[] {
  const { known, now } = ring
  const annualRevenueWon = revenueAt(known.life.revenues, businessDate(now)) ?? won(0)
  const revenueClass = revenueClassOf(annualRevenueWon)
  return [
    ...lifeRecords({ ...known, annualRevenueWon }),
    merchant(ring, 'revenue_changed', { annualRevenueWon, revenueClass, from: businessDate(now) }),
  ]
}

type Facts = Parameters<typeof factsOf>[0]
type NoticeKind = Parameters<typeof toIssuer>[2]['partyNoticeKind']

function desk({ deps, merchantId, now: at }: Ring, kind: NoticeKind, facts: Facts): NewRecord {
  return toIssuer(deps.ids, merchantId, { partyNoticeKind: kind, at, facts: factsOf(facts) })
}

function merchant({ deps, merchantId, now: at }: Ring, kind: NoticeKind, facts: Facts): NewRecord {
  return toMerchant(deps.ids, merchantId, { partyNoticeKind: kind, at, facts: factsOf(facts) })
}

function renewalFacts(life: MerchantLife, rules: IssuerRuleValues): Facts {
  const { validUntil } = life
  if (validUntil === null) return {}
  return { validUntil, until: renewalWindow(validUntil, rules).closesAt }
}

function decisionCase(ring: Ring, caseKind: CaseKind): Promise<NewRecord[]> {
  const { known, merchantId, now } = ring
  const subject = decisionSubject(merchantId, known.life)
  return issuerCase(ring, { caseKind, subject, dueAt: known.life.decideBy ?? now })
}

function revenueCase(ring: Ring): Promise<NewRecord[]> {
  const { known, merchantId, now, rules } = ring
  const askedAt = known.life.revenueAskedAt ?? now
  return issuerCase(ring, {
    caseKind: 'merchant_revenue_overdue',
    subject: revenueSubject(merchantId, askedAt),
    dueAt: endOfDaysAfter(now, rules.revenueAnswerDays),
  })
}

/** A case of the issuer; nothing where there is one for the subject already. */
async function issuerCase(
  { deps, issuerId, merchantId, known, now }: Ring,
  { caseKind, subject, dueAt }: { caseKind: CaseKind; subject: string; dueAt: Instant },
): Promise<NewRecord[]> {
  const key = naturalKey.case(caseKind, subject)
  if ((await findRecord(deps.registry, issuerId, 'case', key)) !== undefined) return []
  const body = {
    caseKind,
    subject,
    owner: 'issuer',
    openedAt: now,
    dueAt,
    facts: { merchantId: formatId('mrc', merchantId), state: known.life.state },
    state: 'open',
    resolution: null,
    closedAt: null,
  } as const
  return [newRecord('case', { recordId: deps.ids.next('cas'), version: 1, body, keys: [key] })]
}
