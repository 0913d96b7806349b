/**
 * Bytes of a file into lines of text, piece by piece as they arrive. A line is what stands between two line feeds, even
 * inside quotes: so a quote that somebody forgot to close spoils its own line and no other. The encoding is UTF-8 or
 * EUC-KR; the first line with a byte above ASCII decides, and from then on every line is held to it.
 */
import { decodeEucKr } from '../iso8583/iso8583.ts'
import type { FileProblem } from './file-problem.ts'

/** Of one line in bytes; more is no list of names. */
export const LINE_BYTES_MAX = 2_000

export type FileEncoding = 'utf-8' | 'euc-kr'

export type TextLine =
  | { readonly number: number; readonly text: string; readonly isWhole: boolean }
  | { readonly number: number; readonly problem: FileProblem; readonly isWhole: boolean }

export interface LineDecoder {
  push(bytes: Uint8Array): TextLine[]
  /** The rest after the last line feed, where there is any. */
  end(): TextLine[]
}

const LINE_FEED = 0x0a
const CARRIAGE_RETURN = 0x0d
const BYTE_ORDER_MARK: readonly number[] = [0xef, 0xbb, 0xbf]

export function createLineDecoder(): LineDecoder {
  let number = 0
  let waiting: Uint8Array[] = []
  let waitingBytes = 0
  let encoding: FileEncoding | undefined

  const keep = (bytes: Uint8Array): void => {
    // Of a line that is too long, only so much is kept that one sees that it is.
    if (waitingBytes <= LINE_BYTES_MAX) waiting.push(bytes.slice(0, LINE_BYTES_MAX + 2))
    waitingBytes += bytes.length
  }
  const take = (isWhole: boolean): TextLine => {
    number += 1
    const isTooLong = waitingBytes > LINE_BYTES_MAX + 1
    let line = joined(waiting)
    waiting = []
    waitingBytes = 0
    if (isTooLong) {
      const wanted = String(LINE_BYTES_MAX)
      return { number, isWhole, problem: { code: 'line_too_long', line: number, wanted } }
    }
    if (line.at(-1) === CARRIAGE_RETURN) line = line.subarray(0, -1)
    if (number === 1 && BYTE_ORDER_MARK.every((byte, at) => line[at] === byte)) {
      encoding = 'utf-8'
      line = line.subarray(BYTE_ORDER_MARK.length)
    }
    if (number === 1 && isUtf16(line)) {
      const wrong = { code: 'encoding_unknown', found: 'UTF-16', wanted: 'UTF-8, EUC-KR' } as const
      return { number, isWhole, problem: { ...wrong, line: number } }
    }
    encoding ??= encodingOf(line)
    const read = decodeLine(line, encoding)
    return 'text' in read
      ? { number, isWhole, text: read.text }
      : { number, isWhole, problem: { ...read, line: number } }
  }

  return {
    push(bytes) {
      const lines: TextLine[] = []
      let from = 0
      for (;;) {
        const at = bytes.indexOf(LINE_FEED, from)
        if (at === -1) break
        keep(bytes.subarray(from, at))
        lines.push(take(true))
        from = at + 1
      }
      if (from < bytes.length) keep(bytes.subarray(from))
      return lines
    },
    end: () => (waitingBytes === 0 ? [] : [take(false)]),
  }
}

/** Both byte order marks of UTF-16, as spreadsheets write "Unicode text". */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)
}

/** What the line itself shows; `undefined` where all is ASCII. */
function encodingOf(line: Uint8Array): FileEncoding | undefined {
  if (line.every((byte) => byte < 0x80)) return undefined
  if (badUtf8(line) === undefined) return 'utf-8'
  return decodeEucKr(line, 0, line.length).ok ? 'euc-kr' : undefined
}

function decodeLine(
  line: Uint8Array,
  encoding: FileEncoding | undefined,
): Omit<FileProblem, 'line'> | { text: string } {
  const nul = line.indexOf(0)
  if (nul !== -1) return { code: 'nul_byte', byteColumn: nul + 1 }
  // Before anything has shown which it is, a line that neither can read is held to UTF-8.
  if (encoding === 'euc-kr') {
    // A tab is no character of EUC-KR's reader here, and white space in a cell.
    const spaced = line.map((byte) => (byte === 0x09 ? 0x20 : byte))
    const read = decodeEucKr(spaced, 0, spaced.length)
    return read.ok ? { text: read.text } : undecodable(line, read.at, encoding)
  }
  const at = badUtf8(line)
  if (at !== undefined) return undecodable(line, at, encoding ?? 'utf-8')
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(line) }
}

function undecodable(
  line: Uint8Array,
  at: number,
  encoding: FileEncoding,
): Omit<FileProblem, 'line'> {
  const found = (line[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')
  return { code: 'undecodable', byteColumn: at + 1, found, wanted: encoding.toUpperCase() }
}

/** Where the first byte stands that is not of UTF-8 (Unicode 15, table 3-7). */
export function badUtf8(bytes: Uint8Array): number | undefined {
  let at = 0
  while (at < bytes.length) {
    const lead = bytes[at]!
    const [length, low, high] = followers(lead)
    if (length === 0) return at
    for (let index = 1; index < length; index += 1) {
      const byte = bytes[at + index]
      const isSecond = index === 1
      if (byte === undefined || byte < (isSecond ? low : 0x80) || byte > (isSecond ? high : 0xbf)) {
        return at
      }
    }
    at += length
  }
  return undefined
}

/** Length of the sequence that a byte begins, and the bounds of its second byte. */
function followers(lead: number): readonly [length: number, low: number, high: number] {
  if (lead < 0x80) return [1, 0, 0]
  if (lead < 0xc2 || lead > 0xf4) return [0, 0, 0]
  if (lead < 0xe0) return [2, 0x80, 0xbf]
  if (lead < 0xf0) return [3, lead === 0xe0 ? 0xa0 : 0x80, lead === 0xed ? 0x9f : 0xbf]
  return [4, lead === 0xf0 ? 0x90 : 0x80, lead === 0xf4 ? 0x8f : 0xbf]
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  if (pieces.length === 1) return pieces[0]!
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    whole.set(piece, at)
    at += piece.length
  }
  return whole
}
