/**
 * What is due in the life of a merchant at an instant. Each timer rings once for what it is about: whoever acts on it
 * notes it in the same commit, so that it may be asked at any time, after any pause, by two at once.
 */
import {
  addMonths,
  businessDate,
  DAY_MS,
  endOfDaysAfter,
  startOfBusinessDate,
  type Instant,
  type Won,
} from '../base/base.ts'
import { renewalWindow, type LifeRules, type MerchantLife } from './merchant-life.ts'
import { isRegistered } from './merchant-machine.ts'
import { revenueAt } from './revenue-history.ts'

/**
 * - `decision_reminder`, `decision_escalation`, `decision_overdue`: about an application or an objection.
 * - `documents_overdue`: the applicant brought nothing.
 * - `objection_over`: nobody objected; the cancellation may be decided.
 * - `suspension_over`: it ends by itself.
 * - `revenue_request`, `revenue_overdue`: the yearly revenue is old; no answer came.
 * - `revenue_change`: another revenue counts from today.
 * - `renewal_open`, `lapse`: the validity of a registration.
 */
export const merchantTimers = [
  'decision_reminder',
  'decision_escalation',
  'decision_overdue',
  'documents_overdue',
  'objection_over',
  'suspension_over',
  'revenue_request',
  'revenue_overdue',
  'revenue_change',
  'renewal_open',
  'lapse',
] as const
export type MerchantTimer = (typeof merchantTimers)[number]

/** In the order of the list above; none that rang already. */
export function dueMerchantTimers(
  life: MerchantLife,
  rules: LifeRules,
  facts: { readonly now: Instant; readonly annualRevenueWon: Won },
): readonly MerchantTimer[] {
  const due = { ...dueDecision(life, rules, facts.now), ...dueRegistration(life, rules, facts) }
  return merchantTimers.filter((timer) => due[timer] === true && !life.rung.includes(timer))
}

type Due = Partial<Record<MerchantTimer, boolean>>

function dueDecision(life: MerchantLife, rules: LifeRules, now: Instant): Due {
  const { state, decideBy, stoppedAt, answerBy, cancellation } = life
  const isRunning = decideBy !== null && stoppedAt === null
  const left = (days: number): boolean => isRunning && now >= decideBy - days * DAY_MS
  return {
    decision_reminder: left(rules.merchantReminderDays),
    decision_escalation: left(rules.merchantEscalationDays),
    decision_overdue: left(0),
    documents_overdue: state === 'documents_asked' && answerBy !== null && now >= answerBy,
    objection_over:
      state === 'cancellation_noticed' && cancellation !== null && now >= cancellation.objectUntil,
  }
}

function dueRegistration(
  life: MerchantLife,
  rules: LifeRules,
  { now, annualRevenueWon }: { readonly now: Instant; readonly annualRevenueWon: Won },
): Due {
  if (!isRegistered(life.state)) return {}
  const { suspension, validUntil, revenueAskedAt, state } = life
  const today = revenueAt(life.revenues, businessDate(now))
  return {
    suspension_over: suspension !== null && suspension.until !== null && now >= suspension.until,
    revenue_request: revenueAskedAt === null && now >= revenueOldAt(life, rules),
    revenue_overdue:
      revenueAskedAt !== null && now >= endOfDaysAfter(revenueAskedAt, rules.revenueAnswerDays),
    revenue_change: today !== undefined && today !== annualRevenueWon,
    renewal_open: validUntil !== null && now >= renewalWindow(validUntil, rules).opensAt,
    // A cancellation that is under way is decided first.
    lapse: state === 'registered' && validUntil !== null && now >= validUntil,
  }
}

/** When the newest revenue that is known, in force or not yet, is to be asked anew. */
function revenueOldAt(life: MerchantLife, rules: LifeRules): Instant {
  const newest = life.revenues.map(({ from }) => startOfBusinessDate(from))
  return addMonths(Math.max(...newest), rules.revenueRenewalMonths)
}

/** Whose move it is in a registration, and until when; `null`: no day is set. */
export interface Waiting {
  readonly forWhom: 'issuer' | 'merchant' | 'nobody'
  readonly until: Instant | null
}

export function waitingOf(life: MerchantLife): Waiting {
  switch (life.state) {
    case 'applied':
    case 'objected':
      return { forWhom: 'issuer', until: life.decideBy }
    case 'documents_asked':
      return { forWhom: 'merchant', until: life.answerBy }
    case 'cancellation_noticed':
      return { forWhom: 'merchant', until: life.cancellation?.objectUntil ?? null }
    default:
      return { forWhom: 'nobody', until: null }
  }
}
