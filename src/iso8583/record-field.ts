/**
 * The kinds of fields that records of fixed length are made of. A field says how it is written, what it takes when
 * it is read, and, in words, what would be right.
 */
import {
  assert,
  isWon,
  parseBusinessDate,
  startOfBusinessDate,
  sumWon,
  type BusinessDate,
  type Instant,
  type Won,
} from '../base/base.ts'
import { decodeEucKr, encodeEucKr } from './euc-kr.ts'

export interface Field<Value> {
  readonly bytes: number
  /** As the page of layouts says it: `9` digits, `X` characters, `K` Korean text, each with its length in bytes. */
  readonly format: string
  /** Korean name and remark, for the page. */
  readonly label: string
  readonly remark: string
  /** What would be right, to follow "expected". */
  readonly right: string
  /** A value that does not fit is our own bug. */
  write(value: Value): Uint8Array
  /** `undefined` for anything that `write` could not have written. */
  read(bytes: Uint8Array): Value | undefined
}

/** No space within: what is text here names something. */
const TEXT = /^[!-~]+$/
const encoder = new TextEncoder()
const SPACE = 0x20
const TILDE = 0x7e
const QUESTION_MARK = Uint8Array.of(0x3f)

interface Words {
  readonly label: string
  readonly remark?: string
}

interface AsciiField<Value> {
  readonly bytes: number
  readonly kind: '9' | 'X'
  readonly right: string
  write(value: Value): string
  read(text: string): Value | undefined
}

function ascii<Value>(field: AsciiField<Value>, { label, remark = '' }: Words): Field<Value> {
  const { bytes, kind, right } = field
  return {
    bytes,
    format: `${kind}(${bytes})`,
    label,
    remark,
    right,
    write(value) {
      const written = encoder.encode(field.write(value))
      assert(written.length === bytes, `${label} has ${bytes} bytes`)
      return written
    },
    read(slice) {
      const text = readAscii(slice)
      return text === undefined ? undefined : field.read(text)
    },
  }
}

/** The same in every record, so that nobody has to give it. */
export interface ConstantField extends Field<null> {
  readonly isConstant: true
}

/** Such as the letter that tells a record's kind. */
export function constant(word: string, { label, remark }: Words): ConstantField {
  const field = ascii<null>(
    {
      bytes: word.length,
      kind: 'X',
      right: `"${word}"`,
      write: () => word,
      read: (text) => (text === word ? null : undefined),
    },
    { label, remark: [remark, `always ${word}`].filter(Boolean).join('; ') },
  )
  return { ...field, isConstant: true }
}

/** A count or a line number: leading zeros, no sign. */
export function count(bytes: number, words: Words): Field<number> {
  return ascii(
    {
      bytes,
      kind: '9',
      right: `${bytes} digits`,
      write: (value) => digits(value, bytes),
      read: (text) => (/^\d+$/.test(text) ? Number(text) : undefined),
    },
    words,
  )
}

/** Digits that name something and keep their leading zeros. */
export function digitText(bytes: number, words: Words): Field<string> {
  return ascii(
    {
      bytes,
      kind: '9',
      right: `${bytes} digits`,
      write: (value) => value,
      read: (text) => (/^\d+$/.test(text) ? text : undefined),
    },
    words,
  )
}

/** Whole won: leading zeros, no sign. */
export function amount(bytes: number, words: Words): Field<Won> {
  return ascii(
    {
      bytes,
      kind: '9',
      right: `${bytes} digits of won, at most one trillion`,
      write: (value) => digits(value, bytes),
      read: (text) => (/^\d+$/.test(text) ? readWon(text) : undefined),
    },
    words,
  )
}

/** A sum over a file, which may pass what one amount may be. */
export function sum(bytes: number, words: Words): Field<Won> {
  const field = count(bytes, words)
  return {
    ...field,
    read: (slice) => sumOf(field.read(slice)),
    write: (value) => field.write(value),
  }
}

function sumOf(value: number | undefined): Won | undefined {
  // Up to 15 digits are counted exactly.
  return value === undefined ? undefined : sumWon([value as Won])
}

/** Whole won behind a sign that always stands. */
export function signedAmount(bytes: number, words: Words): Field<Won> {
  return ascii(
    {
      bytes,
      kind: 'X',
      right: `+ or - and ${bytes - 1} digits of won`,
      write: (value) => `${value < 0 ? '-' : '+'}${digits(Math.abs(value), bytes - 1)}`,
      // Makes zero of "-0".
      read: (text) => (/^[+-]\d+$/.test(text) ? sumOf(Number(text) + 0) : undefined),
    },
    words,
  )
}

function readWon(text: string): Won | undefined {
  const value = Number(text)
  return isWon(value) ? value : undefined
}

function digits(value: number, width: number): string {
  assert(Number.isSafeInteger(value) && value >= 0, `not a count: ${value}`)
  return String(value).padStart(width, '0')
}

/** ASCII without spaces, filled with spaces on the right. */
export function text(bytes: number, words: Words): Field<string> {
  return ascii(
    {
      bytes,
      kind: 'X',
      right: 'ASCII without spaces, left-aligned, filled with spaces, not empty',
      write: (value) => value.padEnd(bytes),
      read(text) {
        const value = text.trimEnd()
        return TEXT.test(value) ? value : undefined
      },
    },
    words,
  )
}

/** Korean text for people: cut where it is too long, may be empty. */
export function koreanText(bytes: number, { label, remark = '' }: Words): Field<string> {
  return {
    bytes,
    format: `K(${bytes})`,
    label,
    remark,
    right: 'EUC-KR (KS X 1001), left-aligned, filled with spaces',
    write: (value) => cutToFit(value, bytes),
    read(slice) {
      const decoded = decodeEucKr(slice, 0, slice.length)
      return decoded.ok ? decoded.text.trimEnd() : undefined
    },
  }
}

/** As many whole characters as fit; one that EUC-KR has not becomes a question mark. */
function cutToFit(value: string, width: number): Uint8Array {
  const written = new Uint8Array(width).fill(SPACE)
  let at = 0
  for (const character of value) {
    const bytes = encodeEucKr(character) ?? QUESTION_MARK
    if (at + bytes.length > width) break
    written.set(bytes, at)
    at += bytes.length
  }
  return written
}

/** `undefined` where a byte is not printable ASCII. */
function readAscii(bytes: Uint8Array): string | undefined {
  let text = ''
  for (const byte of bytes) {
    if (byte < SPACE || byte > TILDE) return undefined
    text += String.fromCharCode(byte)
  }
  return text
}

/** `20261122`, a Korean day. */
export function day(words: Words): Field<BusinessDate> {
  return ascii(
    {
      bytes: 8,
      kind: '9',
      right: 'a day as YYYYMMDD',
      write: (value) => value.replaceAll('-', ''),
      read: (text) => parseBusinessDate(`${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`),
    },
    words,
  )
}

const KST_OFFSET_MS = 9 * 3_600_000
const DAY_TIME = /^(\d{4})(\d\d)(\d\d)([01]\d|2[0-3])([0-5]\d)([0-5]\d)$/

/** `20261122143005`, Korean time to the second. */
export function dayTime(words: Words): Field<Instant> {
  return ascii(
    {
      bytes: 14,
      kind: '9',
      right: 'Korean time as YYYYMMDDhhmmss',
      write: (value) =>
        new Date(value + KST_OFFSET_MS).toISOString().replaceAll(/[-:T]/g, '').slice(0, 14),
      read(text) {
        const [, year, month, date, hour, minute, second] = DAY_TIME.exec(text) ?? []
        const korean = parseBusinessDate(`${year}-${month}-${date}`)
        if (korean === undefined) return undefined
        const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second)
        return startOfBusinessDate(korean) + seconds * 1_000
      },
    },
    words,
  )
}

/** One word of a list, each with its letters in the file. */
export function choice<Word extends string>(
  letters: Readonly<Record<Word, string>>,
  words: Words,
): Field<Word> {
  // The words of the table are the table's own keys.
  const entries = Object.entries<string>(letters) as [Word, string][]
  const list = entries.map(([word, letter]) => `${letter} ${word}`).join(', ')
  return ascii(
    {
      bytes: entries[0]![1].length,
      kind: 'X',
      right: `one of ${list}`,
      write: (word) => letters[word],
      read: (text) => entries.find(([, letter]) => letter === text)?.[0],
    },
    { label: words.label, remark: [words.remark, list].filter(Boolean).join('; ') },
  )
}

export function yesNo(words: Words): Field<boolean> {
  return ascii(
    {
      bytes: 1,
      kind: 'X',
      right: 'Y or N',
      write: (value) => (value ? 'Y' : 'N'),
      read: (text) => (text === 'Y' ? true : text === 'N' ? false : undefined),
    },
    { label: words.label, remark: [words.remark, 'Y or N'].filter(Boolean).join('; ') },
  )
}
