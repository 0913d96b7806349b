/** A partner's profile of ISO 8583:1987 as data: which fields there are, what they are called, how they are written. */
import { assert } from '../base/base.ts'
import type { ContentClass } from './content-class.ts'

/** One field, or one element inside a field of tags. Lengths are bytes in the field's encoding. */
export interface FieldSpec {
  readonly number: number
  readonly nameEn: string
  readonly nameKo: string
  readonly length: 'fixed' | 'llvar' | 'lllvar'
  readonly bytesMax: number
  /** Of the value without its padding; 1 where absent, or the whole of a fixed field that is not padded. */
  readonly bytesMin?: number
  readonly content: ContentClass
  readonly encoding: 'ascii' | 'binary' | 'euc_kr'
  /** `zero_left` for numbers, `space_right` for text. Reading takes spaces away and leaves zeros. */
  readonly padding: 'none' | 'zero_left' | 'space_right'
  /** Logs show how long it is and nothing of it. */
  readonly masked: boolean
  readonly description: string
  /** The value is a run of elements: tag (2 digits), length (2 digits), value. */
  readonly tags?: readonly TagSpec[]
}

export interface TagSpec {
  /** Two digits. */
  readonly tag: string
  readonly nameEn: string
  readonly nameKo: string
  readonly bytesMin: number
  readonly bytesMax: number
  readonly content: Exclude<ContentClass, 'b' | 'text'>
  readonly masked: boolean
  readonly description: string
}

export interface MessageProfile {
  readonly name: string
  /** How a bitmap of 64 bits stands: 8 bytes, or 16 hexadecimal digits. */
  readonly bitmap: 'binary' | 'hex'
  readonly fields: readonly FieldSpec[]
}

/** Field 1 announces the second bitmap and field 65 a third, which this codec does not know. */
const RESERVED = new Set([1, 65])
const FIELD_MAX = 128

/** The fields by number. A profile that contradicts itself is our own defect. */
export function indexProfile(profile: MessageProfile): readonly (FieldSpec | undefined)[] {
  const byNumber: (FieldSpec | undefined)[] = Array.from({ length: FIELD_MAX + 1 })
  for (const field of profile.fields) {
    const name = `${profile.name} DE ${field.number}`
    assert(field.number > 1 && field.number <= FIELD_MAX, `${name}: no such field`)
    assert(!RESERVED.has(field.number), `${name} is a bitmap`)
    assert(byNumber[field.number] === undefined, `${name} stands twice`)
    assert((field.content === 'b') === (field.encoding === 'binary'), `${name}: bits are binary`)
    assert((field.content === 'text') === (field.encoding === 'euc_kr'), `${name}: text is EUC-KR`)
    assert(field.length === 'fixed' || field.padding === 'none', `${name}: only fixed is padded`)
    assert(
      field.padding !== 'zero_left' || field.content === 'n',
      `${name}: only numbers take zeros`,
    )
    assert(
      field.bytesMax <= { fixed: 999, llvar: 99, lllvar: 999 }[field.length],
      `${name}: too long`,
    )
    byNumber[field.number] = field
  }
  return byNumber
}

/** The fewest bytes that a value may have. */
export function bytesMinOf(field: FieldSpec): number {
  return (
    field.bytesMin ?? (field.length === 'fixed' && field.padding === 'none' ? field.bytesMax : 1)
  )
}
