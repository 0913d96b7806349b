/**
 * The bank of the simulated city, with its own books and its own time. It keeps the port's contract (one
 * id, one answer; an enquiry about an unknown id closes it) and misbehaves in every way that leaves it
 * kept: slow, refusing, failing, silent, undecided, and hearing the same order twice.
 */
import { Fault, type IssuerId, type OperationId, type Won } from '../src/base/base.ts'
import type { Random } from '../src/demonstration/random.ts'
import type { BankDebit, BankRefusal, DebitAnswer, DebitOrder } from '../src/issuing/issuing.ts'
import type { FaultOdds } from './fault-odds.ts'
import type { Journal } from './journal.ts'
import type { VirtualTime } from './virtual-time.ts'

/** How long the core waits for the bank before it calls the answer lost. */
const BANK_TIMEOUT_MS = 3_000
const TRIP_MS_MIN = 20
const TRIP_MS_MAX = 300
const SLOW_MS_MAX = 60_000
const DECIDES_WITHIN_MS = 90_000

/** What the bank has under one id. `closed`: asked about before it came. */
export interface BankDebitRow {
  readonly debitId: OperationId
  readonly issuerId: IssuerId | undefined
  readonly amountWon: Won
  state: 'debited' | 'refused' | 'pending' | 'closed'
  reason: BankRefusal | undefined
}

export interface BankSide {
  /** The port for one life of the core; a dead core hears nothing. */
  portFor(isAlive: () => boolean): BankDebit
  readonly debits: ReadonlyMap<OperationId, BankDebitRow>
}

export interface BankSideOptions {
  readonly time: VirtualTime
  readonly random: Random
  readonly odds: FaultOdds
  readonly journal: Journal
  /** Money in the members' accounts, by token; changed by debits. */
  readonly balances: Map<string, Won>
}

export function createBankSide(options: BankSideOptions): BankSide {
  const debits = new Map<OperationId, BankDebitRow>()
  return {
    debits,
    portFor: (isAlive) => ({
      debit: (order) =>
        ask(options, isAlive, (reply) => receiveOrder(options, debits, order, reply)),
      enquire: (debitId) =>
        ask(options, isAlive, (reply) => reply(receiveEnquiry(options, debits, debitId))),
    }),
  }
}

type Reply = (answer: DebitAnswer) => void

/** One exchange over the line to the bank: request, perhaps a second copy of it, answer or time-out. */
function ask(
  options: BankSideOptions,
  isAlive: () => boolean,
  handle: (reply: Reply) => void,
): Promise<DebitAnswer> {
  const { time, random, odds } = options
  const tripMs = (): number => {
    const late = random.chance(odds.bankSlow) ? random.integer(0, SLOW_MS_MAX) : 0
    return random.integer(TRIP_MS_MIN, TRIP_MS_MAX) + late
  }
  return new Promise((resolve, reject) => {
    const fail = (fault: Fault): void => {
      if (isAlive()) reject(fault)
    }
    if (random.chance(odds.bankNotReached)) {
      time.after(tripMs(), () => fail(new Fault('bank_unavailable', 'no line to the bank')))
      return
    }
    time.after(BANK_TIMEOUT_MS, () => fail(new Fault('bank_answer_lost', 'the bank is silent')))
    const deliver = (): void =>
      handle((answer) => {
        if (random.chance(odds.bankSilent)) return
        time.after(tripMs(), () => {
          if (isAlive()) resolve(answer)
        })
      })
    const fails = random.chance(odds.bankFails)
    if (fails && random.chance(50)) {
      // Fails before anything is booked, and does not say so.
      time.after(tripMs(), () => fail(new Fault('bank_answer_lost', 'status 500')))
      return
    }
    time.after(tripMs(), deliver)
    if (random.chance(odds.bankTwice)) time.after(tripMs(), deliver)
    // Fails after it was booked.
    if (fails) time.after(tripMs(), () => fail(new Fault('bank_answer_lost', 'connection reset')))
  })
}

function receiveOrder(
  options: BankSideOptions,
  debits: Map<OperationId, BankDebitRow>,
  order: DebitOrder,
  reply: Reply,
): void {
  const { time, random, odds, journal } = options
  const { debitId, issuerId, amountWon } = order
  const known = debits.get(debitId)
  if (known !== undefined) {
    reply(answerOf(known))
    return
  }
  const row: BankDebitRow = { debitId, issuerId, amountWon, state: 'pending', reason: undefined }
  debits.set(debitId, row)
  if (random.chance(odds.bankPending)) {
    journal.note(debitId, `bank takes a debit of ${amountWon} undecided`)
    time.after(random.integer(0, DECIDES_WITHIN_MS), () => decide(options, row, order))
  } else {
    decide(options, row, order)
  }
  reply(answerOf(row))
}

function decide(options: BankSideOptions, row: BankDebitRow, order: DebitOrder): void {
  const { random, odds, balances, journal } = options
  const balanceWon = balances.get(order.accountToken)
  if (balanceWon === undefined) refuse(row, 'account_unknown')
  else if (random.chance(odds.bankRefuses)) refuse(row, 'limit_exceeded')
  else if (balanceWon < order.amountWon) refuse(row, 'insufficient_balance')
  else {
    row.state = 'debited'
    balances.set(order.accountToken, (balanceWon - order.amountWon) as Won) // Never below zero.
  }
  journal.note(row.debitId, `bank ${row.state} ${row.amountWon} ${row.reason ?? ''}`)
}

function refuse(row: BankDebitRow, reason: BankRefusal): void {
  row.state = 'refused'
  row.reason = reason
}

function receiveEnquiry(
  options: BankSideOptions,
  debits: Map<OperationId, BankDebitRow>,
  debitId: OperationId,
): DebitAnswer {
  const known = debits.get(debitId)
  if (known !== undefined && known.state !== 'closed') return answerOf(known)
  if (known === undefined) {
    options.journal.note(debitId, 'bank closes an id that it never saw')
    const nothing = { issuerId: undefined, amountWon: 0 as Won, reason: undefined } // Zero won.
    debits.set(debitId, { debitId, ...nothing, state: 'closed' })
  }
  return { status: 'unknown_debit' }
}

/** The answer to an order; a closed id is refused for ever. */
function answerOf(row: BankDebitRow): DebitAnswer {
  switch (row.state) {
    case 'debited':
      return { status: 'debited' }
    case 'pending':
      return { status: 'pending' }
    case 'refused':
      return { status: 'refused', reason: row.reason ?? 'limit_exceeded' }
    default:
      return { status: 'refused', reason: 'debit_closed' }
  }
}
