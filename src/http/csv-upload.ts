/** A CSV file as the body of a request, handed on piece by piece. */
import type { FastifyRequest } from 'fastify'
import type { App } from './door.ts'
import { refusal, tooManyRequests } from './refusals.ts'

/** Uploads under way at one time; each keeps the names of its list in mind. */
export const UPLOADS_AT_ONCE_MAX = 2
const RETRY_AFTER_SECONDS = 5
const PIECE_BYTES_MAX = 65_536

/** Only routes that say `csv` in their config take such a body; all others answer 415. */
export function readCsvBodies(app: App): void {
  app.addContentTypeParser('text/csv', (request, payload, done) => {
    if (request.routeOptions.config.csv === true) return done(null, payload)
    return done(refusal('media_type_unsupported', { field: 'header.content-type' }))
  })
}

export interface CsvUploads {
  /** @throws HttpProblem 413 before the first byte is read, or 429 where too many are under way */
  take<Result>(
    request: FastifyRequest,
    use: (bytes: AsyncIterable<Uint8Array>) => Promise<Result>,
  ): Promise<Result>
}

export function createCsvUploads(bytesMax: number): CsvUploads {
  let underWay = 0
  return {
    async take(request, use) {
      if (Number(request.headers['content-length'] ?? 0) > bytesMax) throw tooLarge()
      if (underWay >= UPLOADS_AT_ONCE_MAX) throw tooManyRequests(RETRY_AFTER_SECONDS)
      underWay += 1
      try {
        return await use(bodyOf(request, bytesMax))
      } finally {
        underWay -= 1
      }
    },
  }
}

/** @throws HttpProblem 400 where the sender went away, 413 where there is more than was said */
async function* bodyOf(request: FastifyRequest, bytesMax: number): AsyncIterable<Uint8Array> {
  const { body } = request
  // No body at all, or none of the right type, was parsed to something else.
  if (!isStream(body)) throw refusal('media_type_unsupported', { field: 'header.content-type' })
  const pieces = body[Symbol.asyncIterator]()
  let bytes = 0
  for (;;) {
    const piece = await pieces.next().catch(() => {
      throw refusal('malformed_body', { field: 'body' })
    })
    if (piece.done === true) return
    bytes += piece.value.length
    if (bytes > bytesMax) throw tooLarge()
    // However much arrives at once, no more of it becomes lines at once.
    for (let from = 0; from < piece.value.length; from += PIECE_BYTES_MAX) {
      yield piece.value.subarray(from, from + PIECE_BYTES_MAX)
    }
  }
}

function isStream(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === 'object' && body !== null && Symbol.asyncIterator in body
}

function tooLarge() {
  return refusal('body_too_large', { field: 'body' })
}
