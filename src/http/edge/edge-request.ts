/** What a gateway sends: its bearer token, and a body of bounded size. */
import { assert } from '../../base/base.ts'
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

const TOKEN_LENGTH_MIN = 32

/** A no that is neither a fault nor a bug. */
export class EdgeProblem extends Error {
  override readonly name = 'EdgeProblem'
  readonly status: number
  readonly code: string
  /** For the gateway's engineers: names fields, never values. */
  readonly detail: string | undefined
  constructor(status: number, code: string, detail?: string) {
    super(code)
    this.status = status
    this.code = code
    this.detail = detail
  }
}

/** Takes as long for a wrong token as for the right one: digests are compared, which are of one length. */
export function createBearerCheck(token: string): (authorization: string | undefined) => boolean {
  assert(token.length >= TOKEN_LENGTH_MIN, 'a token of gateways has at least 32 characters')
  const expected = digest(`Bearer ${token}`)
  return (authorization) => timingSafeEqual(digest(authorization ?? ''), expected)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}

/** @throws EdgeProblem 413 as soon as there are too many bytes, 400 where they are no JSON */
export async function readJson(request: IncomingMessage, bytesMax: number): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  if (Number(request.headers['content-length'] ?? 0) > bytesMax) {
    throw new EdgeProblem(413, 'too_large')
  }
  try {
    for await (const chunk of request) {
      const bytes = Buffer.from(chunk)
      length += bytes.length
      if (length > bytesMax) throw new EdgeProblem(413, 'too_large')
      chunks.push(bytes)
    }
  } catch (error) {
    if (error instanceof EdgeProblem) throw error
    // The gateway left in the middle: nobody hears the answer.
    throw new EdgeProblem(400, 'malformed', 'the body ended too early')
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8'))
  } catch {
    throw new EdgeProblem(400, 'malformed', 'the body is no JSON')
  }
}

/** A query parameter that is there once. */
export function queryOf(request: IncomingMessage): URLSearchParams {
  return new URL(request.url ?? '/', 'http://edge').searchParams
}
