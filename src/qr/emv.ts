/**
 * EMVCo QR Code Specification for Payment Systems, Merchant-Presented Mode v1.1: the text of a
 * code. This knows the standard and nothing of Dure. What the encoder writes, the decoder has
 * accepted.
 */
import { assert } from '../base/base.ts'
import { crcOf } from './crc.ts'
import {
  characterCount,
  readDataObjects,
  writeDataObjects,
  type DataObject,
  type DataObjects,
} from './tlv.ts'

/** Characters in a whole code, checksum included (§3 of the specification). */
export const EMV_TEXT_MAX = 512

export const emvProblems = [
  'not_emv',
  'too_long',
  'crc_wrong',
  'duplicate_field',
  'field_missing',
  'field_misplaced',
  'field_malformed',
] as const
export type EmvProblem = (typeof emvProblems)[number]

export interface EmvCode {
  /** Every root field's value as written, in the code's order; unknown ids among them. */
  readonly fields: DataObjects
  /** The fields that are templates (26–51, 62, 64, 80–99), taken apart. */
  readonly templates: ReadonlyMap<string, DataObjects>
}

export interface EmvRefusal {
  readonly ok: false
  readonly problem: EmvProblem
  /** The id of the field (`54`, `26.00`), a range of ids, or `code` where it is about the whole. */
  readonly field: string
}

export type EmvResult = { readonly ok: true; readonly code: EmvCode } | EmvRefusal

const PAYLOAD_FORMAT = '000201'
/** Field 63 is the code's last eight characters: id, length and four hexadecimal digits. */
const CRC_FIELD = /6304[0-9A-F]{4}$/
const CRC_FIELD_LOWER_CASE = /6304[0-9A-Fa-f]{4}$/

const REQUIRED = ['00', '52', '53', '58', '59', '60', '63'] as const
const PRINTABLE_ASCII = /^[\x20-\x7e]*$/
const CONTROL = /\p{Cc}/u

/** Formats of the fields that have one of their own; the others are printable ASCII of 1…99. */
const formats: Readonly<Record<string, RegExp>> = {
  '00': /^01$/,
  '01': /^1[12]$/,
  '52': /^[0-9]{4}$/,
  '53': /^[0-9]{3}$/,
  '54': /^(?=.{1,13}$)[0-9]+(\.[0-9]*)?$/,
  '55': /^0[123]$/,
  '56': /^(?=.{1,13}$)[0-9]+(\.[0-9]*)?$/,
  '57': /^(?=.{1,5}$)[0-9]+(\.[0-9]*)?$/,
  '58': /^[A-Z]{2}$/,
  '59': /^.{1,25}$/,
  '60': /^.{1,15}$/,
  '61': /^.{1,10}$/,
  '62.05': /^.{1,25}$/,
  '64.00': /^[A-Za-z]{2}$/,
  '64.01': /^.{1,25}$/u,
  '64.02': /^.{1,15}$/u,
}

/** 26–51: who is paid, by scheme. 80–99: free for any scheme. Each says first whose it is. */
function startsWithGui(id: string): boolean {
  return (id >= '26' && id <= '51') || (id >= '80' && id <= '99')
}

function isTemplate(id: string): boolean {
  return startsWithGui(id) || id === '62' || id === '64'
}

/**
 * Writes a code: root fields in the order given, without field 63, which is added. Throws `Bug`
 * only.
 */
export function encodeEmv(objects: readonly DataObject[]): string {
  const body = `${writeDataObjects(objects)}6304`
  const text = body + crcOf(body)
  const read = decodeEmv(text)
  assert(read.ok, `wrote a code that is refused: ${read.ok ? '' : `${read.problem} ${read.field}`}`)
  return text
}

/** Reads any string whatever; never throws. The checksum is looked at before the fields. */
export function decodeEmv(text: string): EmvResult {
  if (!text.startsWith(PAYLOAD_FORMAT)) return refuse('not_emv', '00')
  // A code point is at most two units: nothing longer than this need be counted.
  if (text.length > 2 * EMV_TEXT_MAX || characterCount(text) > EMV_TEXT_MAX) {
    return refuse('too_long', 'code')
  }
  if (!text.isWellFormed()) return refuse('field_malformed', 'code')
  if (!CRC_FIELD.test(text)) {
    return CRC_FIELD_LOWER_CASE.test(text)
      ? refuse('field_malformed', '63')
      : refuse('field_missing', '63')
  }
  if (crcOf(text.slice(0, -4)) !== text.slice(-4)) return refuse('crc_wrong', '63')
  const root = readDataObjects(text)
  if (!root.ok) return root
  return readFields(root.objects)
}

function readFields(fields: DataObjects): EmvResult {
  const missing = REQUIRED.find((id) => !fields.has(id))
  if (missing !== undefined) return refuse('field_missing', missing)
  const ids = [...fields.keys()]
  if (ids.at(-1) !== '63') return refuse('field_misplaced', '63')
  if (!ids.some((id) => id >= '02' && id <= '51')) return refuse('field_missing', '02-51')
  const templates = new Map<string, DataObjects>()
  for (const [id, value] of fields) {
    if (id !== '64' && !PRINTABLE_ASCII.test(value)) return refuse('field_malformed', id)
    if (formats[id]?.test(value) === false) return refuse('field_malformed', id)
    if (!isTemplate(id)) continue
    const template = readTemplate(id, value)
    if ('problem' in template) return template
    templates.set(id, template)
  }
  return { ok: true, code: { fields, templates } }
}

function readTemplate(id: string, value: string): DataObjects | EmvRefusal {
  const read = readDataObjects(value, id)
  if (!read.ok) return read
  const objects = read.objects
  const [first] = objects.keys()
  if (startsWithGui(id) && first !== '00') {
    return objects.has('00')
      ? refuse('field_misplaced', `${id}.00`)
      : refuse('field_missing', `${id}.00`)
  }
  if (startsWithGui(id) && characterCount(objects.get('00') ?? '') > 32) {
    return refuse('field_malformed', `${id}.00`)
  }
  if (id === '64') {
    const missing = ['00', '01'].find((sub) => !objects.has(sub))
    if (missing !== undefined) return refuse('field_missing', `64.${missing}`)
  }
  for (const [sub, text] of objects) {
    const format = formats[`${id}.${sub}`]
    if (CONTROL.test(text) || format?.test(text) === false) {
      return refuse('field_malformed', `${id}.${sub}`)
    }
  }
  return objects
}

function refuse(problem: EmvProblem, field: string): EmvRefusal {
  return { ok: false, problem, field }
}
