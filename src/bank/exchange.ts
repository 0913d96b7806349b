/**
 * One HTTP request and its whole answer, over connections that are kept open.
 * The surprise: `node:http` and not `fetch`, because a connection on which anything irregular was seen
 * must be cut, or its next answer could be that of an earlier question.
 */
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http'
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https'

/** An answer of the bank port is a few hundred bytes. */
const ANSWER_BYTES_MAX = 16 * 1024
/** Idle connections are closed before the bank would, so that a request does not run into its close. */
const IDLE_MS = 4000

export interface HttpAnswer {
  readonly httpStatus: number
  readonly messageNumber: string | undefined
  readonly text: string
  /** Cuts the connection that brought the answer. */
  distrust(): void
}

export interface Exchange {
  /** @throws the error of Node where no whole answer came; the connection is gone then */
  send(message: {
    method: 'GET' | 'POST'
    path: string
    messageNumber: string
    body?: object
    signal: AbortSignal
  }): Promise<HttpAnswer>
  /** Cuts all connections. */
  close(): void
}

export function createExchange(options: { baseUrl: string; connectionsMax: number }): Exchange {
  const { baseUrl, connectionsMax } = options
  const secure = new URL(baseUrl).protocol === 'https:'
  const Agent = secure ? HttpsAgent : HttpAgent
  const request = secure ? httpsRequest : httpRequest
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax, timeout: IDLE_MS })
  return {
    send({ method, path, messageNumber, body, signal }) {
      const text = body === undefined ? '' : JSON.stringify(body)
      const headers: Record<string, string | number> = {
        accept: 'application/json',
        'x-message-number': messageNumber,
        'content-length': Buffer.byteLength(text),
      }
      if (body !== undefined) headers['content-type'] = 'application/json'
      return new Promise((resolve, reject) => {
        const sent = request(`${baseUrl}${path}`, { method, agent, headers, signal })
        sent.on('error', reject)
        sent.once('response', (response) => {
          readAnswer(response).then(resolve, reject)
        })
        sent.end(text)
      })
    },
    close: () => agent.destroy(),
  }
}

async function readAnswer(response: IncomingMessage): Promise<HttpAnswer> {
  const { socket } = response
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk)
    length += bytes.length
    if (length > ANSWER_BYTES_MAX) throw new Error(`an answer above ${ANSWER_BYTES_MAX} bytes`)
    chunks.push(bytes)
  }
  const messageNumber = response.headers['x-message-number']
  return {
    httpStatus: response.statusCode ?? 0,
    messageNumber: typeof messageNumber === 'string' ? messageNumber : undefined,
    text: Buffer.concat(chunks).toString('utf8'),
    distrust: () => socket.destroy(),
  }
}
