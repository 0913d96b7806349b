/**
 * The HTTP client of the bank port. It never repeats a call by itself: whoever holds the purchase knows
 * whether to enquire, wait or give up.
 */
import { assert, Fault, formatId, type FaultCode, type OperationId } from '../base/base.ts'
import type { BankDebit, DebitAnswer, DebitOrder } from '../issuing/issuing.ts'
import { NoAnswer, readBankReply } from './bank-answer.ts'
import { createExchange } from './exchange.ts'
import { createLane, LaneClosed, type Lane } from './lane.ts'

/** Debits at the bank at one time, and those that wait for a place. */
const DEBITS_RUNNING_MAX = 32
const DEBITS_WAITING_MAX = 256
/** Enquiries have a lane of their own: debits that hang must not keep us from asking about them. */
const ENQUIRIES_RUNNING_MAX = 8
const ENQUIRIES_WAITING_MAX = 64

export interface BankClientOptions {
  /** `http:` or `https:`, with a path where the bank has one. */
  readonly baseUrl: string
  /** For the whole call, waiting for a place and reading the answer included. */
  readonly timeoutMs: number
  readonly debitsRunningMax?: number
  readonly debitsWaitingMax?: number
}

export interface BankClient extends BankDebit {
  /** Calls that run and wait, for metrics. */
  load(): { debits: ReturnType<Lane['load']>; enquiries: ReturnType<Lane['load']> }
  /** Cuts all connections: what still runs ends as `bank_answer_lost`. */
  close(): void
}

export function createBankClient(options: BankClientOptions): BankClient {
  const { timeoutMs } = options
  assert(URL.canParse(options.baseUrl), 'the address of the bank is a URL')
  assert(Number.isInteger(timeoutMs) && timeoutMs > 0, 'timeoutMs is above zero')
  const debitsRunningMax = options.debitsRunningMax ?? DEBITS_RUNNING_MAX
  const debits = createLane({
    runningMax: debitsRunningMax,
    waitingMax: options.debitsWaitingMax ?? DEBITS_WAITING_MAX,
  })
  const enquiries = createLane({
    runningMax: ENQUIRIES_RUNNING_MAX,
    waitingMax: ENQUIRIES_WAITING_MAX,
  })
  const exchange = createExchange({
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    connectionsMax: debitsRunningMax + ENQUIRIES_RUNNING_MAX,
  })
  // Unique in this process is enough: a connection is not shared with another.
  let messages = 0

  const ask = async (
    lane: Lane,
    order: Pick<DebitOrder, 'debitId'> & Partial<DebitOrder>,
    message: { path: string; body?: object },
  ): Promise<DebitAnswer> => {
    const signal = AbortSignal.timeout(timeoutMs)
    return lane.run(signal, async () => {
      messages += 1
      const messageNumber = String(messages)
      const reply = await exchange.send({ method: 'POST', ...message, messageNumber, signal })
      try {
        return readBankReply({ ...order, messageNumber }, reply)
      } catch (error) {
        reply.distrust()
        throw error
      }
    })
  }

  return {
    async debit(order) {
      const { debitId, accountToken, amountWon, consentId } = order
      // The memo tells the bank's books which issuer's fund the money is for.
      const memo = formatId('iss', order.issuerId)
      const consent = consentId === undefined ? {} : { consentId }
      const body = { debitId, accountToken, amountWon, memo, ...consent }
      let answer: DebitAnswer
      try {
        answer = await ask(debits, order, { path: '/debits', body })
      } catch (error) {
        throw fault(certainlyNotBooked(error) ? 'bank_unavailable' : 'bank_answer_lost', error)
      }
      if (answer.status !== 'unknown_debit') return answer
      throw fault('bank_answer_lost', new NoAnswer('a debit was answered like an enquiry'))
    },
    async enquire(debitId: OperationId) {
      try {
        return await ask(enquiries, { debitId }, { path: `/debits/${debitId}/close` })
      } catch (error) {
        // Even where this enquiry was certainly not sent, the debit before it may have happened.
        throw fault('bank_answer_lost', error)
      }
    },
    load: () => ({ debits: debits.load(), enquiries: enquiries.load() }),
    close: () => exchange.close(),
  }
}

function fault(code: FaultCode, cause: unknown): Fault {
  return new Fault(code, 'the bank gave no answer that counts', { cause })
}

/**
 * True only where no doubt is left: we never sent it, nobody was there to take it, or the bank says so.
 * A connection that broke while it was in use proves nothing, whatever its error is called.
 */
export function certainlyNotBooked(error: unknown): boolean {
  if (error instanceof LaneClosed) return true
  if (error instanceof NoAnswer) return error.nothingBooked
  // A name with several addresses fails with the errors of all of them.
  if (error instanceof AggregateError) {
    return error.errors.length > 0 && error.errors.every(certainlyNotBooked)
  }
  return (
    error instanceof Error &&
    Reflect.get(error, 'code') === 'ECONNREFUSED' &&
    Reflect.get(error, 'syscall') === 'connect'
  )
}
