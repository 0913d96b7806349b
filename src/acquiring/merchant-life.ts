/**
 * Everything that a registration goes through, beside what the payment path asks about the merchant. A change is an
 * event of the machine with its facts; it gives the next life or says why not.
 */
import {
  addMonths,
  businessDate,
  DAY_MS,
  endOfDaysAfter,
  type Instant,
  type IssuerId,
  type MerchantId,
} from '../base/base.ts'
import type { DocumentKind } from './document.ts'
import { isRegistered, type MerchantState } from './merchant-machine.ts'
import type { MerchantTimer } from './merchant-timers.ts'
import type { Merchant, MerchantStatus } from './merchant.ts'
import type { RevenueEntry } from './revenue-history.ts'
import type { BarRules, CancellationReason } from './re-registration-bar.ts'

export interface Suspension {
  readonly reason: string
  readonly from: Instant
  /** `null` until somebody lifts it. */
  readonly until: Instant | null
}

export interface Cancellation {
  readonly reason: CancellationReason
  readonly words: string
  readonly noticedAt: Instant
  /** The merchant may object before this instant, and nothing is decided before it unless it has objected. */
  readonly objectUntil: Instant
  readonly objection: string | null
  readonly objectedAt: Instant | null
  /** Set by the decision. */
  readonly cancelledAt: Instant | null
  readonly barredUntil: Instant | null
}

/** The issuer whose registration was taken over, by the owner's consent (지역사랑상품권법 §7: deemed application). */
export interface TakenOver {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  readonly consentedAt: Instant
}

export interface MerchantLife {
  readonly state: MerchantState
  /** Counts applications. */
  readonly round: number
  readonly appliedAt: Instant
  /** The first instant at which the decision, about an application or an objection, is late. */
  readonly decideBy: Instant | null
  /** Since when the days of the decision rest. */
  readonly stoppedAt: Instant | null
  /** Since when, and until when, the applicant is to bring documents. */
  readonly askedAt: Instant | null
  readonly answerBy: Instant | null
  readonly documentsAsked: readonly DocumentKind[]
  /** The words of the last decision, or of whoever ended it. */
  readonly words: string | null
  readonly suspension: Suspension | null
  readonly cancellation: Cancellation | null
  readonly registeredAt: Instant | null
  /** The first instant at which the registration is not valid any more; `null`: no end. */
  readonly validUntil: Instant | null
  readonly endedAt: Instant | null
  readonly takenOver: TakenOver | null
  readonly revenues: readonly RevenueEntry[]
  /** When its revenue was last asked for, while no answer has come. */
  readonly revenueAskedAt: Instant | null
  /** Timers that were acted on and are not to be again until what they are about has changed. */
  readonly rung: readonly MerchantTimer[]
}

/** What this room reads of an issuer's rules; `IssuerRuleValues` of issuing has this shape. */
export interface LifeRules extends BarRules {
  readonly merchantDecisionDays: number
  readonly merchantReminderDays: number
  readonly merchantEscalationDays: number
  readonly documentsStopClock: boolean
  readonly documentsAnswerDays: number
  readonly documentsRequired: readonly string[]
  readonly sectorsRestricted: readonly string[]
  readonly districtsRegistered: readonly string[]
  readonly objectionDays: number
  readonly objectionDecisionDays: number
  readonly barMayBeHalved: boolean
  readonly registrationYears: number | null
  readonly renewalOpensMonths: number
  readonly renewalClosesDays: number
  readonly revenueRenewalMonths: number
  readonly revenueAnswerDays: number
  readonly revenueCountsAfterDays: number
}

/** One event with what belongs to it. */
export type MerchantChange =
  | { readonly event: 'apply'; readonly revenue: RevenueEntry; readonly takenOver?: TakenOver }
  | {
      readonly event: 'ask_documents'
      readonly documents: readonly DocumentKind[]
      readonly words: string
    }
  | { readonly event: 'complete_documents' | 'approve' | 'lift_suspension' | 'renew' | 'lapse' }
  | {
      readonly event: 'refuse' | 'close' | 'strike_off' | 'withdraw_cancellation'
      readonly words: string
    }
  | { readonly event: 'suspend'; readonly words: string; readonly until: Instant | null }
  | {
      readonly event: 'notice_cancellation'
      readonly reason: CancellationReason
      readonly words: string
    }
  | { readonly event: 'object'; readonly words: string }
  | { readonly event: 'cancel'; readonly words: string; readonly halved: boolean }

/** A life that begins with an application; the same merchant applying anew goes through `changeLife`. */
export function beginLife(
  rules: LifeRules,
  now: Instant,
  { revenue, takenOver }: { readonly revenue: RevenueEntry; readonly takenOver?: TakenOver },
): MerchantLife {
  return {
    state: 'applied',
    round: 1,
    appliedAt: now,
    decideBy: endOfDaysAfter(now, rules.merchantDecisionDays),
    stoppedAt: null,
    askedAt: null,
    answerBy: null,
    documentsAsked: [],
    words: null,
    suspension: null,
    cancellation: null,
    registeredAt: null,
    validUntil: null,
    endedAt: null,
    takenOver: takenOver ?? null,
    revenues: [revenue],
    revenueAskedAt: null,
    rung: [],
  }
}

/** The life of a merchant of whom only the present is on record. */
export function lifeOfMerchant(rules: LifeRules, merchant: Merchant): MerchantLife {
  const { status, registeredAt: at, annualRevenueWon } = merchant
  const revenue = { from: businessDate(at), annualRevenueWon, at }
  const life = beginLife(rules, at, { revenue })
  if (status === 'applied') return life
  const over = { ...life, decideBy: null, registeredAt: at }
  if (status === 'closed') return { ...over, state: 'closed', endedAt: at }
  const suspension = status === 'suspended' ? { reason: '', from: at, until: null } : null
  return { ...over, state: 'registered', suspension }
}

/** What the payment path is told. */
export function statusOf({
  state,
  suspension,
}: Pick<MerchantLife, 'state' | 'suspension'>): MerchantStatus {
  if (state === 'applied' || state === 'documents_asked') return 'applied'
  if (!isRegistered(state)) return 'closed'
  return suspension === null ? 'active' : 'suspended'
}

/** From when until before when a registration may be renewed (Onnuri: 3 months to 10 days before its end). */
export function renewalWindow(
  validUntil: Instant,
  rules: Pick<LifeRules, 'renewalOpensMonths' | 'renewalClosesDays'>,
): { readonly opensAt: Instant; readonly closesAt: Instant } {
  return {
    opensAt: addMonths(validUntil, -rules.renewalOpensMonths),
    closesAt: validUntil - rules.renewalClosesDays * DAY_MS,
  }
}
