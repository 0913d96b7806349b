/**
 * The HTTP client of the bank's virtual accounts. It never repeats a call by itself; only an answer to the very
 * question counts, and whatever else arrives is no answer.
 */
import { assert, Fault, formatId, operationId, parseOperationId, won } from '../base/base.ts'
import type { VirtualAccountAnswer, VirtualAccounts } from '../issuing/issuing.ts'
import { Type, type Static, type TSchema } from 'typebox'
import { Check } from 'typebox/value'
import { NoAnswer } from './bank-answer.ts'
import { createExchange } from './exchange.ts'
import { certainlyNotBooked } from './bank-client.ts'
import { createLane } from './lane.ts'

/** Members that wait for a number, and the job of each issuer. */
const RUNNING_MAX = 8
const WAITING_MAX = 128
/**
 * Lists of deposits are asked for by jobs, whose workers are few: a bank that hangs holds so many of them, and the
 * others hear at once that it is away.
 */
const LISTS_RUNNING_MAX = 2
/** A list of that many deposits fits into an answer. */
const DEPOSITS_MAX = 50

const Standing = Type.Union([
  Type.Object({
    status: Type.Literal('open'),
    accountId: Type.String(),
    amountWon: Type.Integer(),
    bankCode: Type.String({ pattern: '^\\d{3}$' }),
    accountNumber: Type.String({ pattern: '^\\d{6,20}$' }),
  }),
  Type.Object({
    status: Type.Literal('deposited'),
    accountId: Type.String(),
    depositId: Type.String({ minLength: 1, maxLength: 60 }),
  }),
  Type.Object({ status: Type.Enum(['closed', 'refused']), accountId: Type.String() }),
])
const Deposits = Type.Object({
  memo: Type.String(),
  deposits: Type.Array(
    Type.Object({
      depositId: Type.String({ minLength: 1, maxLength: 60 }),
      accountId: Type.String(),
      amountWon: Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
    }),
  ),
})
const Taken = Type.Object({ status: Type.Literal('taken'), depositId: Type.String() })
const Returned = Type.Object({
  status: Type.Enum(['returned', 'refused']),
  depositId: Type.String(),
})

export interface VirtualAccountOptions {
  readonly baseUrl: string
  /** For the whole call, waiting for a place included. */
  readonly timeoutMs: number
}

export interface VirtualAccountClient extends VirtualAccounts {
  /** Cuts all connections: what still runs ends as `bank_answer_lost`. */
  end(): void
}

interface BankLine {
  /** @throws Fault where no answer came that is ours */
  ask<Schema extends TSchema>(
    message: { readonly method: 'GET' | 'POST'; readonly path: string; readonly body?: object },
    schema: Schema,
    isOurs: (body: Static<Schema>) => boolean,
  ): Promise<Static<Schema>>
  end(): void
}

function openLine({ baseUrl, timeoutMs }: VirtualAccountOptions): BankLine {
  assert(URL.canParse(baseUrl), 'the address of the bank is a URL')
  const orders = createLane({ runningMax: RUNNING_MAX, waitingMax: WAITING_MAX })
  const lists = createLane({ runningMax: LISTS_RUNNING_MAX, waitingMax: 0 })
  const exchange = createExchange({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    connectionsMax: RUNNING_MAX + LISTS_RUNNING_MAX,
  })
  let messages = 0
  return {
    async ask(message, schema, isOurs) {
      const signal = AbortSignal.timeout(timeoutMs)
      const lane = message.method === 'GET' ? lists : orders
      try {
        return await lane.run(signal, async () => {
          messages += 1
          const messageNumber = `virtual-${messages}`
          const reply = await exchange.send({ ...message, messageNumber, signal })
          const body = readJson(reply.text)
          const isAnswer = reply.httpStatus === 200 && reply.messageNumber === messageNumber
          if (isAnswer && Check(schema, body) && isOurs(body)) return body
          reply.distrust()
          const nothingBooked =
            reply.httpStatus === 503 && Reflect.get(Object(body), 'error') === 'nothing_booked'
          throw new NoAnswer(`HTTP ${reply.httpStatus} with a body that is no answer`, {
            nothingBooked,
          })
        })
      } catch (error) {
        const code = certainlyNotBooked(error) ? 'bank_unavailable' : 'bank_answer_lost'
        throw new Fault(code, 'the bank gave no answer that counts', { cause: error })
      }
    },
    end: () => exchange.close(),
  }
}

export function createVirtualAccounts(options: VirtualAccountOptions): VirtualAccountClient {
  const line = openLine(options)
  return {
    async open({ accountId, issuerId, amountWon, expiresAt }) {
      const body = { accountId, memo: formatId('iss', issuerId), amountWon, expiresAt }
      const message = { method: 'POST', path: '/virtual-accounts', body } as const
      const isOurs = (answer: Static<typeof Standing>) =>
        answer.accountId === accountId &&
        (answer.status !== 'open' || answer.amountWon === amountWon)
      return answerOf(await line.ask(message, Standing, isOurs))
    },
    async close(accountId) {
      const message = { method: 'POST', path: `/virtual-accounts/${accountId}/close` } as const
      const isOurs = (answer: Static<typeof Standing>) =>
        answer.accountId === accountId && answer.status !== 'open'
      return answerOf(await line.ask(message, Standing, isOurs))
    },
    async deposits(issuerId, limit) {
      const memo = formatId('iss', issuerId)
      const path = `/virtual-deposits?memo=${memo}&limit=${Math.min(limit, DEPOSITS_MAX)}`
      const isOurs = (answer: Static<typeof Deposits>) =>
        answer.memo === memo &&
        answer.deposits.every(({ accountId }) => parseOperationId(accountId) !== undefined)
      const { deposits } = await line.ask({ method: 'GET', path }, Deposits, isOurs)
      return deposits.map(({ depositId, accountId, amountWon }) => ({
        depositId,
        accountId: operationId(accountId),
        amountWon: won(amountWon),
      }))
    },
    async take(depositId) {
      const path = `/virtual-deposits/${encodeURIComponent(depositId)}/taking`
      await line.ask({ method: 'POST', path }, Taken, (answer) => answer.depositId === depositId)
    },
    async giveBack(depositId) {
      const path = `/virtual-deposits/${encodeURIComponent(depositId)}/return`
      const isOurs = (answer: Static<typeof Returned>) => answer.depositId === depositId
      return (await line.ask({ method: 'POST', path }, Returned, isOurs)).status
    },
    end: () => line.end(),
  }
}

function answerOf(answer: Static<typeof Standing>): VirtualAccountAnswer {
  if (answer.status === 'open') {
    const { status, bankCode, accountNumber } = answer
    return { status, bankCode, accountNumber }
  }
  if (answer.status === 'deposited') {
    return { status: answer.status, depositId: answer.depositId }
  }
  return { status: answer.status }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is one more thing that is not an answer.
    return undefined
  }
}
