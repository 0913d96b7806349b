/**
 * A purchase by virtual account from its reservation to its end, as one complete table; SPEC.md holds the same table
 * and a test compares the two. The surprise: our clock ends nothing. When the time is over the bank is asked to close
 * the account, and only its word gives quota back.
 */
import type { Fault } from '../base/base.ts'
import type { VirtualAccountAnswer } from './virtual-account.ts'

/**
 * `prepared`: quota and caps are taken, the number is not known; `waiting`: the member knows where to pay. The others
 * are ends.
 */
export const depositStates = ['prepared', 'waiting', 'paid', 'lapsed'] as const
export type DepositState = (typeof depositStates)[number]

/**
 * - `account_open`, `account_refused`, `account_closed`: the bank, of the account.
 * - `deposit_came`: the first deposit of the right amount, or word of the one that paid already.
 * - `deposit_again`: another one than that which paid; `deposit_differs`: of another amount.
 * - `order_not_sent`: the first order certainly did not leave us; `answer_lost`: whatever else is no answer.
 */
export const depositEvents = [
  'account_open',
  'account_refused',
  'account_closed',
  'deposit_came',
  'deposit_again',
  'deposit_differs',
  'order_not_sent',
  'answer_lost',
] as const
export type DepositEvent = (typeof depositEvents)[number]

/**
 * - `show_number`: keep the number and tell the member.
 * - `issue_lot`, `release_reservation`: as for a purchase by debit.
 * - `return_deposit`: send the money back to where it came from; a case where that cannot be done.
 * - `close_account`: ask the bank to take nothing more.
 * - `ask_later`: ask the bank again, after a pause.
 * - `open_case`: the bank contradicts what is booked; a person must look.
 * - `nothing`: already so.
 */
export const depositActions = [
  'show_number',
  'issue_lot',
  'release_reservation',
  'return_deposit',
  'close_account',
  'ask_later',
  'open_case',
  'nothing',
] as const
export type DepositAction = (typeof depositActions)[number]

export interface DepositStep {
  readonly state: DepositState
  readonly action: DepositAction
}

const to = (state: DepositState, action: DepositAction): DepositStep => ({ state, action })
const paid = to('paid', 'issue_lot')
const lapses = to('lapsed', 'release_reservation')

/** Every state × every event: a forgotten cell does not compile. */
export const depositTable: Readonly<
  Record<DepositState, Readonly<Record<DepositEvent, DepositStep>>>
> = {
  prepared: {
    account_open: to('waiting', 'show_number'),
    account_refused: lapses,
    account_closed: lapses,
    deposit_came: paid,
    deposit_again: to('prepared', 'return_deposit'),
    deposit_differs: to('prepared', 'return_deposit'),
    order_not_sent: lapses,
    answer_lost: to('prepared', 'ask_later'),
  },
  waiting: {
    account_open: to('waiting', 'nothing'),
    account_refused: to('waiting', 'open_case'),
    account_closed: lapses,
    deposit_came: paid,
    deposit_again: to('waiting', 'return_deposit'),
    deposit_differs: to('waiting', 'return_deposit'),
    order_not_sent: to('waiting', 'ask_later'),
    answer_lost: to('waiting', 'ask_later'),
  },
  paid: {
    account_open: to('paid', 'open_case'),
    account_refused: to('paid', 'open_case'),
    account_closed: to('paid', 'open_case'),
    deposit_came: to('paid', 'nothing'),
    deposit_again: to('paid', 'return_deposit'),
    deposit_differs: to('paid', 'return_deposit'),
    order_not_sent: to('paid', 'nothing'),
    answer_lost: to('paid', 'nothing'),
  },
  lapsed: {
    account_open: to('lapsed', 'close_account'),
    account_refused: to('lapsed', 'nothing'),
    account_closed: to('lapsed', 'nothing'),
    deposit_came: to('lapsed', 'return_deposit'),
    deposit_again: to('lapsed', 'return_deposit'),
    deposit_differs: to('lapsed', 'return_deposit'),
    order_not_sent: to('lapsed', 'nothing'),
    answer_lost: to('lapsed', 'nothing'),
  },
}

/** The state after an event, and what must be done to get there. */
export function nextDepositStep(state: DepositState, event: DepositEvent): DepositStep {
  return depositTable[state][event]
}

/** The event that the bank's word on an account is. */
export function depositEventOfAnswer({ status }: VirtualAccountAnswer): DepositEvent {
  const events = {
    open: 'account_open',
    deposited: 'deposit_came',
    closed: 'account_closed',
    refused: 'account_refused',
  } as const
  return events[status]
}

/** The event that a fault is. @param isFirst of the very first order: whatever was sent before may have arrived */
export function depositEventOfFault({ certainty }: Fault, isFirst: boolean): DepositEvent {
  return isFirst && certainty === 'did_not_happen' ? 'order_not_sent' : 'answer_lost'
}
