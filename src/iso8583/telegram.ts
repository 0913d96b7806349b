/**
 * Fixed-length telegrams (전문) between bytes and values, by a table: every field has its place, whatever it holds.
 * Numbers stand right with zeros before them, text stands left with spaces behind it; an absent number is all spaces.
 * Lengths are bytes in EUC-KR.
 */
import { assert } from '../base/base.ts'
import { strayByte } from './content-class.ts'
import { decodeEucKr, encodeEucKr } from './euc-kr.ts'
import type { CodecProblem } from './message-codec.ts'

export interface TelegramField<Id extends string = string> {
  readonly id: Id
  readonly nameKo: string
  readonly nameEn: string
  readonly bytes: number
  /** `filler` is spaces and has no value. */
  readonly content: 'n' | 'an' | 'ans' | 'text' | 'filler'
  /** May be all spaces; its value is then the empty text. */
  readonly optional: boolean
  /** Logs show how long it is and nothing of it. */
  readonly masked: boolean
  readonly description: string
}

export interface TelegramLayout<Id extends string = string> {
  readonly name: string
  readonly nameKo: string
  readonly fields: readonly TelegramField<Id>[]
}

/** A value for every field; the empty text where there is none. Fillers need none. */
export type TelegramValues<Id extends string = string> = Readonly<Partial<Record<Id, string>>>

export interface TelegramRefusal {
  readonly ok: false
  readonly problem: CodecProblem
  /** The field's Korean name. */
  readonly field: string
  readonly detail: string
}

export interface TelegramCodec<Id extends string> {
  readonly layout: TelegramLayout<Id>
  readonly bytes: number
  /** Where a field begins, counted from 0. */
  offsetOf(id: Id): number
  unpack(
    bytes: Uint8Array,
  ):
    | { readonly ok: true; readonly values: TelegramValues<Id> }
    | (TelegramRefusal & { readonly before: TelegramValues<Id> })
  pack(
    values: TelegramValues<Id>,
  ): { readonly ok: true; readonly bytes: Uint8Array } | TelegramRefusal
  describe(values: TelegramValues<Id>): string
}

const SPACE = 0x20
const ZERO = 0x30
const latin1 = new TextDecoder('latin1')

export function createTelegramCodec<Id extends string>(
  layout: TelegramLayout<Id>,
): TelegramCodec<Id> {
  const offsets = new Map<Id, number>()
  let total = 0
  for (const field of layout.fields) {
    assert(!offsets.has(field.id), `${layout.name}: ${field.id} stands twice`)
    offsets.set(field.id, total)
    total += field.bytes
  }
  const offsetOf = (id: Id): number => {
    const offset = offsets.get(id)
    assert(offset !== undefined, `${layout.name} has no field ${id}`)
    return offset
  }
  return {
    layout,
    bytes: total,
    offsetOf,
    unpack(bytes) {
      const before: Partial<Record<Id, string>> = {}
      let at = 0
      for (const field of layout.fields) {
        const read = readField(field, bytes, at)
        if (typeof read !== 'string') return { ...read, before }
        before[field.id] = read
        at += field.bytes
      }
      if (bytes.length > total) {
        const detail = `${bytes.length - total} bytes after the last field`
        return { ...refuse('trailing_bytes', '끝', detail), before }
      }
      return { ok: true, values: before }
    },
    pack(values) {
      const bytes = new Uint8Array(total).fill(SPACE)
      let at = 0
      for (const field of layout.fields) {
        const refusal = writeField(
          field,
          values[field.id] ?? '',
          bytes.subarray(at, at + field.bytes),
        )
        if (refusal !== undefined) return refusal
        at += field.bytes
      }
      return { ok: true, bytes }
    },
    describe: (values) =>
      [layout.nameKo, ...layout.fields.flatMap((field) => describeField(field, values))].join(' '),
  }
}

function readField(
  field: TelegramField,
  bytes: Uint8Array,
  from: number,
): string | TelegramRefusal {
  const end = from + field.bytes
  if (bytes.length < end) return refuse('truncated', field.nameKo, 'the telegram ends within it')
  let to = end
  while (to > from && bytes[to - 1] === SPACE) to -= 1
  if (field.content === 'filler') {
    return to === from ? '' : refuse('content_invalid', field.nameKo, 'a filler is spaces')
  }
  if (to === from) {
    return field.optional ? '' : refuse('content_invalid', field.nameKo, 'it is empty')
  }
  if (field.content === 'text') {
    const decoded = decodeEucKr(bytes, from, to)
    if (decoded.ok) return decoded.text
    return refuse('charset_wrong', field.nameKo, `${decoded.why} at byte ${decoded.at - from}`)
  }
  const stray = strayByte(bytes, { from, to: field.content === 'n' ? end : to }, field.content)
  if (stray !== -1) {
    const detail = `byte ${stray - from} is not of class ${field.content}`
    return refuse('content_invalid', field.nameKo, detail)
  }
  return latin1.decode(bytes.subarray(from, to))
}

function writeField(
  field: TelegramField,
  value: string,
  place: Uint8Array,
): TelegramRefusal | undefined {
  if (value === '' || field.content === 'filler') {
    return field.optional || field.content === 'filler'
      ? undefined
      : refuse('content_invalid', field.nameKo, 'it is empty')
  }
  const encoded = encodeEucKr(value)
  if (encoded === undefined) {
    return refuse('charset_wrong', field.nameKo, 'it cannot be written in EUC-KR')
  }
  if (encoded.length > place.length) {
    const detail = `${encoded.length} bytes where ${place.length} may stand`
    return refuse('length_invalid', field.nameKo, detail)
  }
  const range = { from: 0, to: encoded.length }
  if (field.content !== 'text' && strayByte(encoded, range, field.content) !== -1) {
    return refuse('content_invalid', field.nameKo, `not of class ${field.content}`)
  }
  // It would come back without it.
  if (value.endsWith(' ')) return refuse('content_invalid', field.nameKo, 'it ends with a space')
  if (field.content === 'n') place.fill(ZERO)
  place.set(encoded, field.content === 'n' ? place.length - encoded.length : 0)
  return undefined
}

function describeField<Id extends string>(
  field: TelegramField<Id>,
  values: TelegramValues<Id>,
): readonly string[] {
  const value = values[field.id] ?? ''
  if (value === '') return []
  return [`${field.nameKo}=${field.masked ? `<${value.length}>` : value}`]
}

function refuse(problem: CodecProblem, field: string, detail: string): TelegramRefusal {
  return { ok: false, problem, field, detail }
}
