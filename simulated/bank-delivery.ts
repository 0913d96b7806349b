/**
 * How an answer of the simulated bank travels, or fails to: by the book, late, twice, or never.
 * Money is booked by the caller's function; here it is only decided when that runs.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { FastifyReply } from 'fastify'
import type { Answer } from './bank-answer.ts'
import type { Conduct } from './bank-behaviour.ts'
import { RequestError } from './strict-server.ts'

/** Requests that are held without an answer; beyond this they are cut, to bound memory. */
export const HELD_MAX = 1000
const CALLBACKS_MAX = 16
const CALLBACK_TIMEOUT_MS = 2000

export interface Delivery {
  /** Books through `book` and answers, each as `conduct` has it. */
  deliver(
    reply: FastifyReply,
    order: {
      conduct: Conduct
      book: (conduct: Conduct) => Promise<Answer>
      callbackUrl?: string | undefined
    },
  ): Promise<FastifyReply>
}

/** @param closing aborts all waiting when the bank closes */
export function createDelivery(closing: AbortSignal): Delivery {
  let held = 0
  let callbacks = 0

  const hold = (reply: FastifyReply): void => {
    const { socket } = reply.raw
    if (held >= HELD_MAX) {
      socket?.destroy()
      return
    }
    held += 1
    reply.raw.once('close', () => {
      held -= 1
    })
  }

  const callBack = async (url: string, answer: Answer): Promise<void> => {
    if (callbacks >= CALLBACKS_MAX) return
    callbacks += 1
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(answer.body),
        redirect: 'error',
        signal: AbortSignal.any([closing, AbortSignal.timeout(CALLBACK_TIMEOUT_MS)]),
      })
      await response.body?.cancel()
    } catch (error) {
      // A duplicate that does not arrive is no harm: the first answer counts.
      console.error(`callback to ${url} failed: ${String(error)}`)
    } finally {
      callbacks -= 1
    }
  }

  return {
    async deliver(reply, { conduct, book, callbackUrl }) {
      const { mode, delayMs, booked } = conduct
      if (mode === 'fail') {
        throw new RequestError(500, 'internal_error', 'the simulated bank fails as it was told to')
      }
      if (mode === 'unavailable') throw unavailable('the bank is closed as it was told to be')
      if (mode === 'never_answer') {
        if (booked) await book(conduct)
        reply.hijack()
        hold(reply)
        return reply
      }
      if (mode === 'lose_answer') {
        await book(conduct)
        reply.hijack()
        reply.raw.socket?.destroy()
        return reply
      }
      if (mode === 'slow' && !booked) await wait(delayMs, undefined, { signal: closing })
      const answer = await book(conduct)
      if (mode === 'slow' && booked) await wait(delayMs, undefined, { signal: closing })
      if (mode !== 'answer_twice') {
        return reply.code(answer.httpStatus).send(answer.body)
      }
      answerTwice(reply, { answer, delayMs })
      if (callbackUrl !== undefined) void callBack(callbackUrl, answer)
      return reply
    },
  }
}

/** The one refusal of which a client may believe that no money moved. */
export function unavailable(message: string): RequestError {
  return new RequestError(503, 'nothing_booked', message)
}

/** Writes a second response where HTTP allows one, as a broken server or proxy would. */
function answerTwice(reply: FastifyReply, options: { answer: Answer; delayMs: number }): void {
  const { answer, delayMs } = options
  const body = Buffer.from(JSON.stringify(answer.body))
  const headers: Record<string, string> = {
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(body.length),
  }
  for (const [name, value] of Object.entries(reply.getHeaders())) headers[name] = String(value)
  const { raw } = reply
  const { socket } = raw
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const again = `HTTP/1.1 ${answer.httpStatus} Again\r\n${head.join('')}\r\n`
  reply.hijack()
  raw.once('finish', () => {
    setTimeout(() => {
      if (socket?.writable === true) socket.write(Buffer.concat([Buffer.from(again), body]))
    }, delayMs).unref()
  })
  raw.writeHead(answer.httpStatus, headers)
  raw.end(body)
}
