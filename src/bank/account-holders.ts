/** Asks the bank whether an account is the named holder's (예금주 조회). A question changes nothing. */
import { assert, Fault } from '../base/base.ts'
import type { AccountHolders } from '../registration/registration.ts'
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { createExchange } from './exchange.ts'
import { createLane } from './lane.ts'

/** Owners change their accounts a few times in their lives. */
const RUNNING_MAX = 4
const WAITING_MAX = 32

const HolderAnswer = Type.Object({
  result: Type.Enum(['matches', 'differs', 'account_unknown']),
  bankCode: Type.String(),
  accountNumber: Type.String(),
})

export interface AccountHolderClient extends AccountHolders {
  close(): void
}

export function createAccountHolders(options: {
  readonly baseUrl: string
  /** For the whole question. */
  readonly timeoutMs: number
}): AccountHolderClient {
  const { baseUrl, timeoutMs } = options
  assert(URL.canParse(baseUrl), 'the address of the bank is a URL')
  const lane = createLane({ runningMax: RUNNING_MAX, waitingMax: WAITING_MAX })
  const exchange = createExchange({
    baseUrl: baseUrl.replace(/\/+$/, ''),
    connectionsMax: RUNNING_MAX,
  })
  let messages = 0
  return {
    async check({ bankCode, accountNumber, holderName }) {
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        return await lane.run(signal, async () => {
          messages += 1
          const messageNumber = `holder-${messages}`
          const body = { bankCode, accountNumber, holderName }
          const path = '/account-holders/checks'
          const message = { method: 'POST', path, body, messageNumber, signal } as const
          const reply = await exchange.send(message)
          const answer = readAnswer(reply.text)
          const isOurs =
            reply.httpStatus === 200 &&
            reply.messageNumber === messageNumber &&
            answer?.bankCode === bankCode &&
            answer.accountNumber === accountNumber
          if (isOurs) return answer.result
          reply.distrust()
          throw new Error(`HTTP ${reply.httpStatus} with a body that is no answer`)
        })
      } catch (error) {
        throw new Fault('bank_unavailable', 'the bank did not say whose the account is', {
          cause: error,
        })
      }
    },
    close: () => exchange.close(),
  }
}

function readAnswer(text: string) {
  try {
    const body: unknown = JSON.parse(text)
    return Check(HolderAnswer, body) ? body : undefined
  } catch {
    // No JSON is one more thing that is not an answer.
    return undefined
  }
}
