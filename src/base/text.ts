/** Text that people typed: what may pass, and how it is shown in a log. */
import type { BusinessDate } from './time.ts'

/** Control, bidirectional, zero-width and private characters have no place in a name. */
const FORBIDDEN = /[\p{Cc}\p{Co}\p{Cn}\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/u

/**
 * NFC, trimmed, inner white space folded. `undefined` where the text is empty, longer than `lengthMax`
 * characters (code points), has a lone surrogate, or a control or direction mark.
 */
export function cleanText(text: string, lengthMax: number): string | undefined {
  if (text.length > lengthMax * 4 || !text.isWellFormed()) return undefined
  if (FORBIDDEN.test(text)) return undefined
  const clean = text.normalize('NFC').trim().replaceAll(/\s+/gu, ' ')
  const length = [...clean].length
  return length === 0 || length > lengthMax ? undefined : clean
}

/** The same for text of several lines: each is cleaned, empty ones at both ends go; `lengthMax` is for all of it. */
export function cleanLines(text: string, lengthMax: number): string | undefined {
  if (text.length > lengthMax * 4) return undefined
  const lines = text
    .split(/\r?\n/u)
    .map((line) => (line.trim() === '' ? '' : cleanText(line, lengthMax)))
  if (lines.some((line) => line === undefined)) return undefined
  const clean = lines
    .join('\n')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim()
  const length = [...clean].length
  return length === 0 || length > lengthMax ? undefined : clean
}

/** The words of a search, told apart neither by case nor by how a letter is composed; none where nothing is asked. */
export function searchWords(text: string): readonly string[] {
  return searchedText(text)
    .split(/\s+/u)
    .filter((word) => word !== '')
}

/** Text as words of a search are looked for in it. */
export function searchedText(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** `김하늘` → `김*늘`: how names stand in logs and for roles that need not know. */
export function maskName(name: string): string {
  const letters = [...name]
  if (letters.length <= 1) return '*'
  if (letters.length === 2) return `${letters[0]}*`
  return `${letters[0]}${'*'.repeat(letters.length - 2)}${letters.at(-1)}`
}

/** `010-1234-5678` → `010-****-5678`. */
export function maskPhone(phone: string): string {
  return phone.replace(/^(\d{2,3})-?\d{3,4}-?(\d{4})$/, '$1-****-$2')
}

/** `3020000123451` → `*********3451`; a bank's own token, which may be long, is hidden as a number is. */
export function maskAccountNumber(digits: string): string {
  return `${'*'.repeat(Math.min(9, Math.max(0, digits.length - 4)))}${digits.slice(-4)}`
}

/** Bytes as lower-case hex. */
export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What stands where something personal was, until it was erased. */
export const ERASED = '(erased)'
/** A day on which nobody who lives was born, where a day has to stand. */
export const ERASED_DAY = '1000-01-01' as BusinessDate // A day of the calendar, as its name says.
