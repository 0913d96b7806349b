/**
 * Readers of JSON that another process sent. What does not fit is an answer, never an assertion: the peer may be older,
 * newer, or out of its mind. A problem names the field and what was expected there, never the value that stood in it.
 */
import { AMOUNT_WON_MAX, isWon, parseBusinessDate } from '../base/base.ts'
import type { BusinessDate, Instant, Won } from '../base/base.ts'

export type WireRead<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly problem: string }

/** Gives the value as its type or throws `Unreadable`. @param path names the value in the problem */
export type WireReader<Value> = (value: unknown, path: string) => Value

/** Thrown by readers of this file only, and caught by `readWire` only. */
class Unreadable extends Error {
  override readonly name = 'Unreadable'
}

export function refuse(path: string, expected: string): never {
  throw new Unreadable(`${path} is not ${expected}`)
}

/** Runs a reader over a whole message. */
export function readWire<Value>(
  reader: WireReader<Value>,
  value: unknown,
  name: string,
): WireRead<Value> {
  try {
    return { ok: true, value: reader(value, name) }
  } catch (error) {
    if (error instanceof Unreadable) return { ok: false, problem: error.message }
    throw error
  }
}

/** Text of a pattern. @param expected describes it in the problem */
export function textLike(pattern: RegExp, expected: string): WireReader<string> {
  return (value, path) =>
    typeof value === 'string' && pattern.test(value) ? value : refuse(path, expected)
}

export const flag: WireReader<boolean> = (value, path) =>
  typeof value === 'boolean' ? value : refuse(path, 'true or false')

export function integerBetween(min: number, max: number): WireReader<number> {
  return (value, path) =>
    typeof value === 'number' &&
    Number.isSafeInteger(value) &&
    !Object.is(value, -0) &&
    value >= min &&
    value <= max
      ? value
      : refuse(path, `an integer of ${min} to ${max}`)
}

/** An amount of `min` won to the largest there is. */
export function wonFrom(min: number): WireReader<Won> {
  return (value, path) =>
    isWon(value) && value >= min
      ? value
      : refuse(path, `whole won between ${min} and ${AMOUNT_WON_MAX}`)
}

/** The end of the year 9999 in UTC: whatever is later cannot be written as a date. */
const INSTANT_MAX = 253_402_300_799_999
export const instant: WireReader<Instant> = integerBetween(0, INSTANT_MAX)

export const businessDay: WireReader<BusinessDate> = (value, path) =>
  (typeof value === 'string' ? parseBusinessDate(value) : undefined) ?? refuse(path, 'a day')

/** A number that names something. @param min 0 only for the issuer of the operator's own records */
export function idNumber<Id extends number>(min: 0 | 1 = 1): WireReader<Id> {
  const read = integerBetween(min, Number.MAX_SAFE_INTEGER)
  return (value, path) => read(value, path) as Id // Brand constructor: the field says what it names.
}

export function oneOf<Word extends string>(words: readonly Word[]): WireReader<Word> {
  return (value, path) =>
    words.find((word) => word === value) ?? refuse(path, `one of ${words.length} known words`)
}

export function listUpTo<Value>(
  countMax: number,
  reader: WireReader<Value>,
): WireReader<readonly Value[]> {
  return (value, path) => {
    if (!Array.isArray(value) || value.length > countMax) {
      return refuse(path, `a list of at most ${countMax}`)
    }
    return value.map((item, index) => reader(item, `${path}[${index}]`))
  }
}

type Readers<Fields extends object> = {
  readonly [Name in keyof Fields]-?: WireReader<Exclude<Fields[Name], undefined>>
}
type OptionalNames<Fields> = {
  [Name in keyof Fields]-?: object extends Pick<Fields, Name> ? Name : never
}[keyof Fields]

interface ShapeOptions<Fields extends object> {
  /** Fields that may be absent; a field that stands there as `null` is not absent. */
  readonly optional?: readonly (OptionalNames<Fields> & string)[]
  /**
   * `refused` where a misspelt field would change what is meant, as a cancellation without its amount cancels all;
   * `dropped` where a newer peer may say more than we know.
   */
  readonly others: 'refused' | 'dropped'
}

/** An object with a reader for each field. */
export function shape<Fields extends object>(
  readers: Readers<Fields>,
  options: ShapeOptions<Fields>,
): WireReader<Fields> {
  const named = Object.entries<WireReader<unknown>>(readers)
  const optional = new Set<string>(options.optional)
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return refuse(path, 'an object')
    }
    // A plain loop: every message and every fed wallet is read by it.
    const fields: Record<string, unknown> = {}
    let known = 0
    for (const [name, read] of named) {
      const isThere = Object.hasOwn(value, name)
      if (!isThere && optional.has(name)) continue
      fields[name] = read(isThere ? Reflect.get(value, name) : undefined, `${path}.${name}`)
      known += 1
    }
    if (options.others === 'refused' && Object.keys(value).length > known) {
      return refuse(path, `without fields beside ${named.map(([name]) => name).join(', ')}`)
    }
    return fields as Fields // Every field of `Fields` has just been read.
  }
}

/** One of several shapes, told apart by the word in one field. */
export function shapeBy<Value>(
  field: string,
  variants: Readonly<Record<string, WireReader<Value>>>,
): WireReader<Value> {
  const byWord = new Map(Object.entries(variants))
  return (value, path) => {
    const word =
      typeof value === 'object' && value !== null
        ? new Map<string, unknown>(Object.entries(value)).get(field)
        : undefined
    const reader = typeof word === 'string' ? byWord.get(word) : undefined
    return reader === undefined
      ? refuse(`${path}.${field}`, `one of ${byWord.size} known words`)
      : reader(value, path)
  }
}
