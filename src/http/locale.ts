/** The reader's language: Korean, unless English is asked for. */
import { locales, type Locale } from './problem.ts'

const HEADER_LENGTH_MAX = 200
const RANGE =
  /^\s*([A-Za-z]{1,8})(?:-[A-Za-z0-9-]{1,20})?\s*(?:;\s*q\s*=\s*([01](?:\.[0-9]{0,3})?))?\s*$/

/** The best of `Accept-Language` (RFC 9110 §12.5.4) that we speak; Korean where none is. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  let best: Locale = 'ko'
  let bestWeight = 0
  for (const range of (acceptLanguage ?? '').slice(0, HEADER_LENGTH_MAX).split(',')) {
    const [, language, weight] = RANGE.exec(range) ?? []
    const locale = locales.find((known) => known === language?.toLowerCase())
    const asked = weight === undefined ? 1 : Number(weight)
    if (locale !== undefined && asked > bestWeight) {
      best = locale
      bestWeight = asked
    }
  }
  return best
}
