/**
 * EUC-KR (KS X 1001) and nothing beyond it: two bytes from A1 to FE for each Korean character. The wider CP949, which
 * libraries give under the same name, is refused, because a partner's host that speaks EUC-KR would not understand it.
 * iconv-lite knows the characters; here they become two tables, so that a message costs a few look-ups.
 */
import iconv from 'iconv-lite'

const FIRST = 0xa1
const LAST = 0xfe
const ROW = LAST - FIRST + 1
const NONE = 0

const { characters, codes } = tables()

export type EucKrText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly at: number; readonly why: string }

/** Reads a stretch of bytes as EUC-KR with printable ASCII; `at` counts from the beginning of `bytes`. */
export function decodeEucKr(bytes: Uint8Array, from: number, to: number): EucKrText {
  // Looked for in any case, because it is what people really send.
  if (isHangulInUtf8(bytes, from, to)) return { ok: false, at: from, why: 'UTF-8, not EUC-KR' }
  let text = ''
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte < 0x80) {
      if (byte < 0x20 || byte === 0x7f) return { ok: false, at, why: 'a control character' }
      text += String.fromCharCode(byte)
      continue
    }
    if (byte < FIRST || byte > LAST) return { ok: false, at, why: 'not a lead byte of EUC-KR' }
    if (at + 1 >= to) return { ok: false, at, why: 'a lead byte stands alone' }
    const trail = bytes[at + 1]!
    if (trail < FIRST || trail > LAST) return { ok: false, at, why: 'not a pair of EUC-KR' }
    const character = characters[(byte - FIRST) * ROW + trail - FIRST]!
    if (character === NONE) return { ok: false, at, why: 'an unassigned pair of EUC-KR' }
    text += String.fromCharCode(character)
    at += 1
  }
  return { ok: true, text }
}

/** `undefined` where a character is not printable ASCII and not in KS X 1001. */
export function encodeEucKr(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array(text.length * 2)
  let length = 0
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) {
      if (unit < 0x20 || unit === 0x7f) return undefined
      bytes[length++] = unit
      continue
    }
    const code = codes.get(unit)
    if (code === undefined) return undefined
    bytes[length++] = code >> 8
    bytes[length++] = code & 0xff
  }
  return bytes.subarray(0, length)
}

/**
 * Some UTF-8 happens to be pairs of EUC-KR too: 갡 is EA B0 A1. What is Hangul in UTF-8 throughout would be Hanja
 * beside symbols in EUC-KR, and nobody is called that.
 */
function isHangulInUtf8(bytes: Uint8Array, from: number, to: number): boolean {
  let syllables = 0
  for (let at = from; at < to; at += 1) {
    const byte = bytes[at]!
    if (byte < 0x80) continue
    const second = bytes[at + 1] ?? 0
    const third = bytes[at + 2] ?? 0
    const isSyllable =
      at + 2 < to &&
      byte >= 0xea &&
      byte <= 0xed &&
      (second & 0xc0) === 0x80 &&
      (third & 0xc0) === 0x80
    if (!isSyllable) return false
    syllables += 1
    at += 2
  }
  return syllables > 0
}

/** Every pair in order, each on a line of its own, so that a pair which is none cannot swallow its neighbour. */
function tables(): { characters: Uint16Array; codes: Map<number, number> } {
  const pairs = new Uint8Array(ROW * ROW * 3)
  for (let index = 0; index < ROW * ROW; index += 1) {
    pairs.set([FIRST + Math.floor(index / ROW), FIRST + (index % ROW), 0x0a], index * 3)
  }
  const characters = new Uint16Array(ROW * ROW)
  const codes = new Map<number, number>()
  for (const [index, text] of iconv.decode(pairs, 'euc-kr').split('\n').entries()) {
    const unit = text.charCodeAt(0)
    // U+FFFD stands for what is unassigned, U+E000 to U+F8FF for rows that everybody may fill for himself.
    if (text.length !== 1 || unit === 0xfffd || (unit >= 0xe000 && unit <= 0xf8ff)) continue
    characters[index] = unit
    codes.set(unit, ((FIRST + Math.floor(index / ROW)) << 8) | (FIRST + (index % ROW)))
  }
  return { characters, codes }
}
