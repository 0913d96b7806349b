/**
 * One HTTP exchange with the core's edge door, and what its failing says: whether the core certainly never got it, or
 * may have. The surprise: `node:http` and not `fetch`, because a connection on which anything irregular was seen is
 * cut, or its next answer could be that of an earlier question.
 */
import { Agent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import { Fault, faultTable, type FaultCode } from '../base/base.ts'

export interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly body?: object
  /** For the whole exchange, or until the answer begins where it is read as a stream. */
  readonly timeoutMs: number
}

export interface CoreExchange {
  /** The JSON of an answer 200. @throws Faults for everything else */
  ask(question: Question, answerBytesMax: number): Promise<unknown>
  /** The answer's status and JSON, whatever the status; faults only where no whole answer came. */
  askAny(question: Question, answerBytesMax: number): Promise<CoreAnswer>
  /** An answer 200 to be read as it comes. @throws Faults for everything else */
  open(question: Question): Promise<IncomingMessage>
  close(): void
}

export interface CoreAnswer {
  readonly status: number
  /** `undefined` where the body is no JSON. */
  readonly body: unknown
  /** It was asked a second time: what became of the first is not known, whatever this one says. */
  readonly isRepeated: boolean
  distrust(): void
}

/** Connections that are idle are closed by us before the door would. */
const IDLE_MS = 30_000
const PROBLEM_BYTES_MAX = 16 * 1_024

interface ExchangeOptions {
  readonly baseUrl: string
  readonly token: string
  readonly connectionsMax: number
}

export function createCoreExchange(options: ExchangeOptions): CoreExchange {
  const isSecure = new URL(options.baseUrl).protocol === 'https:'
  const agent = new (isSecure ? HttpsAgent : Agent)({
    keepAlive: true,
    maxSockets: options.connectionsMax,
    timeout: IDLE_MS,
    // The connection used last is the least likely to be stale.
    scheduling: 'lifo',
  })
  const line: Line = {
    baseUrl: options.baseUrl.replace(/\/+$/, ''),
    token: options.token,
    agent,
    request: isSecure ? httpsRequest : httpRequest,
  }
  return {
    askAny: (question, bytesMax) => askAny(line, question, bytesMax),
    async ask(question, bytesMax) {
      const answer = await askAny(line, question, bytesMax)
      if (answer.status === 200 && answer.body !== undefined) return answer.body
      answer.distrust()
      throw refusalOf(answer)
    },
    async open(question) {
      const { response, timer, isRepeated } = await send(line, question)
      clearTimeout(timer)
      if (response.statusCode === 200) return response
      const status = response.statusCode ?? 0
      const { socket } = response
      const body = await bytesOf(response, PROBLEM_BYTES_MAX).then(parsed, () => undefined)
      socket.destroy()
      throw refusalOf({ status, body, isRepeated })
    },
    close: () => agent.destroy(),
  }
}

interface Line {
  readonly baseUrl: string
  readonly token: string
  readonly agent: Agent
  readonly request: typeof httpRequest
}

function send(line: Line, question: Question, isRepeated = false): Promise<Sent> {
  const { method, path, body } = question
  const text = body === undefined ? '' : JSON.stringify(body)
  const headers: Record<string, string | number> = {
    accept: 'application/json',
    authorization: `Bearer ${line.token}`,
    'content-length': Buffer.byteLength(text),
  }
  if (body !== undefined) headers['content-type'] = 'application/json'
  const { promise, resolve, reject } = Promise.withResolvers<Sent>()
  const sent = line.request(`${line.baseUrl}${path}`, { method, agent: line.agent, headers })
  const wasConnected = watchConnection(sent)
  const timer = setTimeout(() => sent.destroy(new TimedOut()), question.timeoutMs)
  sent.on('error', (error) => {
    clearTimeout(timer)
    // A connection that the core had closed while it was idle: everything asked is idempotent, so once more.
    if (!isRepeated && sent.reusedSocket && isReset(error)) {
      return resolve(send(line, question, true))
    }
    // Of a repeat only the second half is known: the first may have been heard.
    reject(faultOf(error, isRepeated || wasConnected()))
  })
  sent.once('response', (response) => resolve({ response, timer, isRepeated }))
  sent.end(text)
  return promise
}

async function askAny(line: Line, question: Question, bytesMax: number): Promise<CoreAnswer> {
  const { response, timer, isRepeated } = await send(line, question)
  const { socket } = response
  const status = response.statusCode ?? 0
  try {
    const body = parsed(await bytesOf(response, bytesMax))
    return { status, body, isRepeated, distrust: () => void socket.destroy() }
  } catch (error) {
    socket.destroy()
    throw lost('the answer of the core broke off', error)
  } finally {
    clearTimeout(timer)
  }
}

interface Sent {
  readonly response: IncomingMessage
  /** Ends the exchange when its time is over; cleared by who has read the answer. */
  readonly timer: NodeJS.Timeout
  readonly isRepeated: boolean
}

class TimedOut extends Error {
  override readonly name = 'TimedOut'
}

/** Tells afterwards whether a connection had been made: before that nothing can have been sent. */
function watchConnection(sent: ClientRequest): () => boolean {
  let isConnected = false
  sent.once('socket', (socket) => {
    if (socket.connecting) {
      socket.once('connect', () => {
        isConnected = true
      })
    } else isConnected = true
  })
  return () => isConnected
}

async function bytesOf(response: IncomingMessage, bytesMax: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > bytesMax) throw new Error(`an answer above ${bytesMax} bytes`)
    chunks.push(bytes)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No JSON is one more thing that is not an answer; the caller says so.
    return undefined
  }
}

/** What the door says of itself is believed; what something else in its place says is not. */
function refusalOf({ status, body, isRepeated }: Omit<CoreAnswer, 'distrust'>): Fault {
  if (isRepeated) return lost(`the core answered HTTP ${status} to a repeat`)
  const code: unknown = typeof body === 'object' && body !== null && Reflect.get(body, 'code')
  if (status === 503 && typeof code === 'string' && isFaultCode(code)) {
    return new Fault(code, 'the core says so')
  }
  if ([400, 413].includes(status) && typeof code === 'string') {
    return new Fault('core_refused', `the core cannot read what we ask: ${status}`)
  }
  const isRefused = [401, 404].includes(status) && typeof code === 'string'
  if (isRefused) return new Fault('core_unavailable', `the core refuses us: ${status}`)
  return lost(`the core answered HTTP ${status}`)
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faultTable, code)
}

function faultOf(error: unknown, wasConnected: boolean): Fault {
  return wasConnected
    ? lost('the core gave no answer', error)
    : new Fault('core_unavailable', 'the core cannot be reached', { cause: error })
}

export function lost(message: string, cause?: unknown): Fault {
  return new Fault('core_answer_lost', message, { cause })
}

function isReset(error: unknown): boolean {
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return code === 'ECONNRESET' || code === 'EPIPE'
}
