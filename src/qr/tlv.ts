/**
 * Data objects of EMVCo codes: an id (2 digits), a length (2 digits), a value; one after the other.
 * The surprise: lengths count characters (Unicode code points), not bytes, so a Korean name of five
 * letters has length 05 though it takes fifteen bytes of the symbol.
 */
import { assert } from '../base/base.ts'

export interface DataObject {
  /** `00`…`99`. */
  readonly id: string
  /** 1…99 characters. */
  readonly value: string
}

export type DataObjects = ReadonlyMap<string, string>

export type DataObjectsResult =
  | { readonly ok: true; readonly objects: DataObjects }
  | {
      readonly ok: false
      readonly problem: 'field_malformed' | 'duplicate_field'
      readonly field: string
    }

const TWO_DIGITS = /^[0-9]{2}$/
const VALUE_LENGTH_MAX = 99

/** Counts as EMVCo counts: code points. */
export function characterCount(text: string): number {
  return [...text].length
}

/**
 * Writes data objects in the order given; a bad id or a value of no or over 99 characters is our
 * bug.
 */
export function writeDataObjects(objects: readonly DataObject[]): string {
  let text = ''
  for (const { id, value } of objects) {
    const length = characterCount(value)
    assert(TWO_DIGITS.test(id), `not the id of a data object: ${id}`)
    assert(length >= 1 && length <= VALUE_LENGTH_MAX, `data object ${id} has ${length} characters`)
    text += id + String(length).padStart(2, '0') + value
  }
  return text
}

/**
 * Reads data objects up to the very end of the text; their order is kept. Two of one id are
 * refused, for then two readers could take different ones. Never throws.
 *
 * @param parent id of the template the text is the value of; a problem's field is named `26.03`
 *   then.
 */
export function readDataObjects(text: string, parent?: string): DataObjectsResult {
  const characters = [...text]
  const objects = new Map<string, string>()
  const nameOf = (id: string): string => (parent === undefined ? id : `${parent}.${id}`)
  let at = 0
  while (at < characters.length) {
    const id = characters.slice(at, at + 2).join('')
    const length = characters.slice(at + 2, at + 4).join('')
    if (!TWO_DIGITS.test(id)) {
      return { ok: false, problem: 'field_malformed', field: nameOf(`character ${at + 1}`) }
    }
    const end = at + 4 + Number(length)
    if (!TWO_DIGITS.test(length) || length === '00' || end > characters.length) {
      return { ok: false, problem: 'field_malformed', field: nameOf(id) }
    }
    if (objects.has(id)) return { ok: false, problem: 'duplicate_field', field: nameOf(id) }
    objects.set(id, characters.slice(at + 4, end).join(''))
    at = end
  }
  return { ok: true, objects }
}
