/** One HTTP request and its whole answer, over a connection of its own. */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'

/** An answer of the linking service is a few hundred bytes. */
const ANSWER_BYTES_MAX = 16 * 1024

export interface Message {
  readonly method: 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  readonly body?: object
}

export interface Answer {
  readonly httpStatus: number
  readonly text: string
}

/** Rejects with the error of Node where no whole answer came in time. */
export type Exchange = (message: Message) => Promise<Answer>

export function createExchange(options: { baseUrl: string; timeoutMs: number }): Exchange {
  const { baseUrl, timeoutMs } = options
  const request = new URL(baseUrl).protocol === 'https:' ? httpsRequest : httpRequest
  return ({ method, path, body }) => {
    const text = body === undefined ? '' : JSON.stringify(body)
    const headers: Record<string, string | number> = {
      accept: 'application/json',
      'content-length': Buffer.byteLength(text),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const signal = AbortSignal.timeout(timeoutMs)
    return new Promise((resolve, reject) => {
      const sent = request(`${baseUrl}${path}`, { method, agent: false, headers, signal })
      sent.on('error', reject)
      sent.once('response', (response) => {
        readAnswer(response).then(resolve, reject)
      })
      sent.end(text)
    })
  }
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > ANSWER_BYTES_MAX) throw new Error(`an answer above ${ANSWER_BYTES_MAX} bytes`)
    chunks.push(bytes)
  }
  return {
    httpStatus: response.statusCode ?? 0,
    text: Buffer.concat(chunks).toString('utf8'),
  }
}
