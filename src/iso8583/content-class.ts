/** Which bytes may stand in a field, by its content class; one look into a table for each byte. */

/**
 * ISO 8583's own letters. `n` digits · `a` letters · `an` letters and digits · `ans` printable ASCII with space ·
 * `xn` C or D, then digits · `b` bits, written as hexadecimal digits in values · `text` Korean text in EUC-KR.
 */
export const contentClasses = ['n', 'a', 'an', 'ans', 'xn', 'b', 'text'] as const
export type ContentClass = (typeof contentClasses)[number]

const DIGIT = 1
const LETTER = 2
const SPECIAL = 4

const classOfByte = new Uint8Array(256)
for (let byte = 0x20; byte <= 0x7e; byte += 1) classOfByte[byte] = SPECIAL
for (let byte = 0x30; byte <= 0x39; byte += 1) classOfByte[byte] = DIGIT
for (let byte = 0x41; byte <= 0x5a; byte += 1) {
  classOfByte[byte] = LETTER
  classOfByte[byte + 0x20] = LETTER
}

const allowedIn: Record<ContentClass, number> = {
  n: DIGIT,
  a: LETTER,
  an: DIGIT | LETTER,
  ans: DIGIT | LETTER | SPECIAL,
  xn: DIGIT,
  // Any byte at all, and text that the charset's own table judges.
  b: 0,
  text: 0,
}

/** Where the first byte stands that does not belong, or -1. Not for `b` and `text`. */
export function strayByte(
  bytes: Uint8Array,
  range: { readonly from: number; readonly to: number },
  content: ContentClass,
): number {
  const allowed = allowedIn[content]
  let at = range.from
  if (content === 'xn') {
    const sign = bytes[at]
    if (sign !== 0x43 && sign !== 0x44) return at
    at += 1
  }
  for (; at < range.to; at += 1) {
    if ((classOfByte[bytes[at]!]! & allowed) === 0) return at
  }
  return -1
}
