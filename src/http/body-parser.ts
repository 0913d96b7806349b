/**
 * Reads JSON bodies. Stricter than Fastify's own reader: bytes that are no UTF-8 are refused where that would put
 * replacement characters into a name, and so is text that no database can store.
 */
import { isUtf8 } from 'node:buffer'
import type { App } from './door.ts'
import type { HttpProblem, Words } from './problem.ts'
import { refusal } from './refusals.ts'

/** Of a whole request body. The largest that is asked for, a shop's registration, has less than 4 KiB. */
export const BODY_BYTES_MAX = 65_536

/** JSON is the only media type that is taken; everything else is answered 415. */
export function readJsonBodies(app: App): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer', bodyLimit: BODY_BYTES_MAX },
    (request, body, done) => {
      const bytes = Buffer.from(body)
      if (bytes.length === 0) return done(malformed(empty))
      if (!isUtf8(bytes)) return done(malformed(notUtf8))
      const text = bytes.toString('utf8')
      return parse(request, text, (error, value) => {
        if (error !== null) return done(malformed(notJson))
        // Only an escape can bring in what UTF-8 itself cannot hold, or the NUL that bytes may.
        const isSuspect = text.includes('\\u') || text.includes('\0')
        return isSuspect && !isStorable(value) ? done(malformed(notStorable)) : done(null, value)
      })
    },
  )
}

const empty = { ko: '내용이 비어 있습니다.', en: 'The body is empty.' }
const notUtf8 = { ko: 'UTF-8이 아닌 바이트가 있습니다.', en: 'The body is not valid UTF-8.' }
const notJson = { ko: 'JSON 형식이 아닙니다.', en: 'The body is not valid JSON.' }
const notStorable = {
  ko: '저장할 수 없는 문자(NUL 또는 짝이 없는 서로게이트)가 있습니다.',
  en: 'A text holds NUL or a lone surrogate.',
}

function malformed(detail: Words): HttpProblem {
  return refusal('malformed_body', { detail, field: 'body' })
}

/** True where no text in the value holds NUL or a lone surrogate. */
function isStorable(value: unknown): boolean {
  const waiting: unknown[] = [value]
  for (let next = waiting.pop(); waiting.length > 0 || next !== undefined; next = waiting.pop()) {
    if (typeof next === 'string' && (next.includes('\0') || !next.isWellFormed())) return false
    if (typeof next === 'object' && next !== null) {
      for (const [name, member] of Object.entries(next)) waiting.push(name, member)
    }
  }
  return true
}
