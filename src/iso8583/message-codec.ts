/**
 * ISO 8583:1987 between bytes and values, by a profile. Nothing throws on what the world may send: a result names the
 * field. Values are text; bits are upper-case hexadecimal digits. Lengths are counted in bytes of the encoded charset.
 */
import { strayByte } from './content-class.ts'
import { decodeEucKr, encodeEucKr } from './euc-kr.ts'
import { bytesMinOf, indexProfile, type FieldSpec, type MessageProfile } from './field-profile.ts'
import { describeTags } from './tagged-data.ts'

export interface IsoMessage {
  /** Four digits. */
  readonly mti: string
  /** By field number, without bitmaps. */
  readonly fields: ReadonlyMap<number, string>
}

export const codecProblems = [
  'truncated',
  'trailing_bytes',
  'mti_invalid',
  'field_unknown',
  'length_invalid',
  'content_invalid',
  'charset_wrong',
] as const
export type CodecProblem = (typeof codecProblems)[number]

export interface CodecRefusal {
  readonly ok: false
  readonly problem: CodecProblem
  /** Such as `DE 43`, `MTI` or `bitmap`. */
  readonly field: string
  /** Never shows a value. */
  readonly detail: string
}

export type Unpacked =
  | { readonly ok: true; readonly message: IsoMessage }
  /** With what stood before the trouble, so that a refusal can still be addressed. */
  | (CodecRefusal & { readonly before?: IsoMessage })

export type Packed = { readonly ok: true; readonly bytes: Uint8Array } | CodecRefusal

export interface MessageCodec {
  readonly profile: MessageProfile
  unpack(bytes: Uint8Array): Unpacked
  pack(message: IsoMessage): Packed
  /** One line for logs; what the profile masks shows only its length. */
  describe(message: IsoMessage): string
}

const MTI_BYTES = 4
const BITMAP_BITS = 64
const ascii = new TextDecoder('latin1')
const HEX = Array.from({ length: 256 }, (_, byte) =>
  byte.toString(16).toUpperCase().padStart(2, '0'),
)

export function createMessageCodec(profile: MessageProfile): MessageCodec {
  const byNumber = indexProfile(profile)
  return {
    profile,
    unpack: (bytes) => unpack(profile, byNumber, bytes),
    pack: (message) => pack(profile, byNumber, message),
    describe: ({ mti, fields }) => {
      const parts = Array.from(fields, ([number, value]) =>
        describeField(byNumber[number], number, value),
      )
      return [mti, ...parts].join(' ')
    },
  }
}

function unpack(
  profile: MessageProfile,
  byNumber: readonly (FieldSpec | undefined)[],
  bytes: Uint8Array,
): Unpacked {
  if (bytes.length < MTI_BYTES) return refuse('truncated', 'MTI', 'the message ends before it')
  if (strayByte(bytes, { from: 0, to: MTI_BYTES }, 'n') !== -1) {
    return refuse('mti_invalid', 'MTI', 'not four digits')
  }
  const mti = asciiOf(bytes, 0, MTI_BYTES)
  const bitmaps = readBitmaps(profile, bytes)
  if (!bitmaps.ok) return bitmaps
  const fields = new Map<number, string>()
  const before: IsoMessage = { mti, fields }
  let at = bitmaps.end
  for (const number of bitmaps.numbers) {
    const field = byNumber[number]
    if (field === undefined) {
      const detail = 'the profile has no such field'
      return { ...refuse('field_unknown', `DE ${number}`, detail), before }
    }
    const read = readField(field, bytes, at)
    if (!read.ok) return { ...read, before }
    fields.set(number, read.value)
    at = read.end
  }
  if (at !== bytes.length) {
    const detail = `${bytes.length - at} bytes after the last field`
    return { ...refuse('trailing_bytes', 'end', detail), before }
  }
  return { ok: true, message: before }
}

type Bitmaps =
  | { readonly ok: true; readonly numbers: readonly number[]; readonly end: number }
  | CodecRefusal

function readBitmaps(profile: MessageProfile, bytes: Uint8Array): Bitmaps {
  const size = profile.bitmap === 'binary' ? BITMAP_BITS / 8 : BITMAP_BITS / 4
  const numbers: number[] = []
  let end = MTI_BYTES
  for (let first = 0; first < 2 * BITMAP_BITS; first += BITMAP_BITS) {
    if (bytes.length < end + size) {
      return refuse('truncated', 'bitmap', 'the message ends within it')
    }
    for (let byte = 0; byte < BITMAP_BITS / 8; byte += 1) {
      const bits =
        profile.bitmap === 'binary'
          ? bytes[end + byte]!
          : (hexDigit(bytes[end + byte * 2]!) << 4) | hexDigit(bytes[end + byte * 2 + 1]!)
      if (bits < 0) return refuse('content_invalid', 'bitmap', 'not upper-case hexadecimal digits')
      for (let bit = 0; bit < 8; bit += 1) {
        if ((bits & (0x80 >> bit)) !== 0) numbers.push(first + byte * 8 + bit + 1)
      }
    }
    end += size
    // Bit 1 is no field: it says that a second bitmap follows.
    if (first === 0 && numbers[0] !== 1) return { ok: true, numbers, end }
    if (first === 0) numbers.shift()
  }
  return { ok: true, numbers, end }
}

type ReadField = { readonly ok: true; readonly value: string; readonly end: number } | CodecRefusal

function readField(field: FieldSpec, bytes: Uint8Array, start: number): ReadField {
  const name = `DE ${field.number}`
  let from = start
  let length = field.bytesMax
  if (field.length !== 'fixed') {
    const digits = field.length === 'llvar' ? 2 : 3
    from = start + digits
    if (bytes.length < from) return refuse('truncated', name, 'the message ends in its length')
    if (strayByte(bytes, { from: start, to: from }, 'n') !== -1) {
      return refuse('length_invalid', name, 'its length is not a number')
    }
    length = Number(asciiOf(bytes, start, from))
    if (length > field.bytesMax || length < bytesMinOf(field)) {
      const detail = `${length} bytes where ${bytesMinOf(field)} to ${field.bytesMax} may stand`
      return refuse('length_invalid', name, detail)
    }
  }
  const end = from + length
  if (bytes.length < end) return refuse('truncated', name, 'the message ends within it')
  return readValue(field, bytes, { from, end })
}

function readValue(
  field: FieldSpec,
  bytes: Uint8Array,
  { from, end }: { from: number; end: number },
): ReadField {
  const name = `DE ${field.number}`
  if (field.encoding === 'binary') return { ok: true, value: hexOf(bytes, from, end), end }
  let to = end
  if (field.padding === 'space_right') while (to > from && bytes[to - 1] === 0x20) to -= 1
  if (to - from < bytesMinOf(field)) return refuse('content_invalid', name, 'it is empty or short')
  if (field.encoding === 'euc_kr') {
    const decoded = decodeEucKr(bytes, from, to)
    return decoded.ok
      ? { ok: true, value: decoded.text, end }
      : refuse('charset_wrong', name, `${decoded.why} at byte ${decoded.at - from}`)
  }
  const stray = strayByte(bytes, { from, to }, field.content)
  if (stray !== -1) {
    return refuse('content_invalid', name, `byte ${stray - from} is not of class ${field.content}`)
  }
  return { ok: true, value: asciiOf(bytes, from, to), end }
}

function pack(
  profile: MessageProfile,
  byNumber: readonly (FieldSpec | undefined)[],
  { mti, fields }: IsoMessage,
): Packed {
  if (!/^\d{4}$/.test(mti)) return refuse('mti_invalid', 'MTI', 'not four digits')
  const bits = new Uint8Array((2 * BITMAP_BITS) / 8)
  const parts: Uint8Array[] = []
  let length = 0
  for (const number of [...fields.keys()].sort((a, b) => a - b)) {
    const field = byNumber[number]
    if (field === undefined) {
      return refuse('field_unknown', `DE ${number}`, 'the profile has no such field')
    }
    const written = writeField(field, fields.get(number)!)
    if (!(written instanceof Uint8Array)) return written
    bits[(number - 1) >> 3]! |= 0x80 >> ((number - 1) & 7)
    if (number > BITMAP_BITS) bits[0]! |= 0x80
    parts.push(written)
    length += written.length
  }
  const present = bits.subarray(0, (bits[0]! & 0x80) === 0 ? 8 : 16)
  const bitmap =
    profile.bitmap === 'binary' ? present : asciiBytes(hexOf(present, 0, present.length))
  const bytes = new Uint8Array(MTI_BYTES + bitmap.length + length)
  bytes.set(asciiBytes(mti))
  bytes.set(bitmap, MTI_BYTES)
  let at = MTI_BYTES + bitmap.length
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return { ok: true, bytes }
}

function writeField(field: FieldSpec, value: string): Uint8Array | CodecRefusal {
  const name = `DE ${field.number}`
  const body = bodyOf(field, value)
  if (body === undefined)
    return refuse('charset_wrong', name, 'it cannot be written in its charset')
  if (body.length > field.bytesMax || body.length < bytesMinOf(field)) {
    const detail = `${body.length} bytes where ${bytesMinOf(field)} to ${field.bytesMax} may stand`
    return refuse('length_invalid', name, detail)
  }
  const range = { from: 0, to: body.length }
  if (field.encoding === 'ascii' && strayByte(body, range, field.content) !== -1) {
    return refuse('content_invalid', name, `not of class ${field.content}`)
  }
  // It would come back without it.
  if (field.padding === 'space_right' && value.endsWith(' ')) {
    return refuse('content_invalid', name, 'it ends with a space')
  }
  if (field.length === 'fixed') return body.length === field.bytesMax ? body : padded(field, body)
  const digits = field.length === 'llvar' ? 2 : 3
  const whole = new Uint8Array(digits + body.length)
  whole.set(asciiBytes(String(body.length).padStart(digits, '0')))
  whole.set(body, digits)
  return whole
}

function bodyOf(field: FieldSpec, value: string): Uint8Array | undefined {
  if (field.encoding === 'euc_kr') return encodeEucKr(value)
  if (field.encoding === 'binary') {
    return /^(?:[0-9A-F]{2})*$/.test(value) ? hexBytes(value) : undefined
  }
  return asciiBytes(value)
}

function padded(field: FieldSpec, body: Uint8Array): Uint8Array {
  const isZeros = field.padding === 'zero_left'
  const whole = new Uint8Array(field.bytesMax).fill(isZeros ? 0x30 : 0x20)
  whole.set(body, isZeros ? field.bytesMax - body.length : 0)
  return whole
}

function describeField(field: FieldSpec | undefined, number: number, value: string): string {
  if (field === undefined) return `DE ${number} ?`
  const name = `DE ${number} ${field.nameEn}`
  if (field.masked) return `${name}=<${value.length}>`
  if (field.tags !== undefined) return `${name}={${describeTags(field.tags, value)}}`
  return `${name}=${value}`
}

function refuse(problem: CodecProblem, field: string, detail: string): CodecRefusal {
  return { ok: false, problem, field, detail }
}

function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  // One character at a time is faster than a decoder for what is this short.
  if (to - from > 24) return ascii.decode(bytes.subarray(from, to))
  let text = ''
  for (let at = from; at < to; at += 1) text += String.fromCharCode(bytes[at]!)
  return text
}

/** A character that is not ASCII becomes a byte that no content class has. */
function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length)
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index)
    bytes[index] = unit < 0x80 ? unit : 0xff
  }
  return bytes
}

function hexOf(bytes: Uint8Array, from: number, to: number): string {
  let text = ''
  for (let at = from; at < to; at += 1) text += HEX[bytes[at]!]!
  return text
}

function hexBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length / 2)
  for (let at = 0; at < bytes.length; at += 1) {
    const [high, low] = [text.charCodeAt(at * 2), text.charCodeAt(at * 2 + 1)]
    bytes[at] = (hexDigit(high) << 4) | hexDigit(low)
  }
  return bytes
}

/** -1 for what is no upper-case digit; in a pair it makes the whole negative. */
function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  if (byte >= 0x41 && byte <= 0x46) return byte - 0x37
  return -1
}
