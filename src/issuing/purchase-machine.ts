/**
 * A purchase from its reservation to its end, as one complete table; SPEC.md holds the same table
 * and a test compares the two. The surprise: silence of the bank moves nothing, only its word
 * does.
 */
import { unreachable, type Fault } from '../base/base.ts'
import type { DebitAnswer } from './bank-debit.ts'

/** `reserved`: quota and caps are taken, the bank's word is awaited. The others are ends. */
export const purchaseStates = ['reserved', 'completed', 'abandoned'] as const
export type PurchaseState = (typeof purchaseStates)[number]

/** What the bank's side can tell us about the debit of a purchase. */
export const purchaseEvents = [
  'bank_debited',
  'bank_refused',
  'bank_pending',
  'bank_never_saw_it',
  'debit_not_sent',
  'debit_answer_lost',
  'enquiry_failed',
] as const
export type PurchaseEvent = (typeof purchaseEvents)[number]

/**
 * - `issue_lot`: post fund, subsidy and lot, and close the reservation, in one ledger operation.
 * - `release_reservation`: give quota and cap back.
 * - `enquire_later`: ask the bank again, after a pause.
 * - `open_case`: the bank contradicts what is booked; a person must look.
 * - `nothing`: already so.
 */
export const purchaseActions = [
  'issue_lot',
  'release_reservation',
  'enquire_later',
  'open_case',
  'nothing',
] as const
export type PurchaseAction = (typeof purchaseActions)[number]

export interface PurchaseStep {
  readonly state: PurchaseState
  readonly action: PurchaseAction
}

const completes: PurchaseStep = { state: 'completed', action: 'issue_lot' }
const givesUp: PurchaseStep = { state: 'abandoned', action: 'release_reservation' }
const waits: PurchaseStep = { state: 'reserved', action: 'enquire_later' }

/** Every state × every event: a forgotten cell does not compile. */
export const purchaseTable: Readonly<
  Record<PurchaseState, Readonly<Record<PurchaseEvent, PurchaseStep>>>
> = {
  reserved: {
    bank_debited: completes,
    bank_refused: givesUp,
    bank_pending: waits,
    bank_never_saw_it: givesUp,
    debit_not_sent: givesUp,
    debit_answer_lost: waits,
    enquiry_failed: waits,
  },
  completed: {
    bank_debited: { state: 'completed', action: 'nothing' },
    bank_refused: { state: 'completed', action: 'open_case' },
    bank_pending: { state: 'completed', action: 'open_case' },
    bank_never_saw_it: { state: 'completed', action: 'open_case' },
    debit_not_sent: { state: 'completed', action: 'open_case' },
    debit_answer_lost: { state: 'completed', action: 'nothing' },
    enquiry_failed: { state: 'completed', action: 'nothing' },
  },
  abandoned: {
    bank_debited: { state: 'abandoned', action: 'open_case' },
    bank_refused: { state: 'abandoned', action: 'nothing' },
    bank_pending: { state: 'abandoned', action: 'open_case' },
    bank_never_saw_it: { state: 'abandoned', action: 'nothing' },
    debit_not_sent: { state: 'abandoned', action: 'nothing' },
    debit_answer_lost: { state: 'abandoned', action: 'nothing' },
    enquiry_failed: { state: 'abandoned', action: 'nothing' },
  },
}

/** The state after an event, and what must be done to get there. */
export function nextPurchaseStep(state: PurchaseState, event: PurchaseEvent): PurchaseStep {
  return purchaseTable[state][event]
}

/** The event that a bank's answer is, to a debit or to an enquiry alike. */
export function purchaseEventOfAnswer(answer: DebitAnswer): PurchaseEvent {
  switch (answer.status) {
    case 'debited':
      return 'bank_debited'
    case 'refused':
      return 'bank_refused'
    case 'pending':
      return 'bank_pending'
    case 'unknown_debit':
      return 'bank_never_saw_it'
    default:
      return unreachable(answer)
  }
}

/**
 * The event that a fault is. Only a *debit* that certainly did not leave us ends a purchase; an
 * enquiry that did not leave us says nothing about the debit before it.
 */
export function purchaseEventOfFault(fault: Fault, during: 'debit' | 'enquiry'): PurchaseEvent {
  if (during === 'enquiry') return 'enquiry_failed'
  return fault.certainty === 'did_not_happen' ? 'debit_not_sent' : 'debit_answer_lost'
}
