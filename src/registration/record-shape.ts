/**
 * Readers of plain JSON that we wrote ourselves: a body that does not fit is our own bug, so they assert. Fields
 * that a reader does not name are left alone, because a newer program may have added them.
 */
import {
  assert,
  Bug,
  isWon,
  parseBusinessDate,
  type BusinessDate,
  type OperationId,
  type Won,
} from '../base/base.ts'

/** Gives the value as its type. @param path names the value in the assertion that fails */
export type Reader<Value> = (value: unknown, path: string) => Value

export const text: Reader<string> = (value, path) => {
  assert(typeof value === 'string', `${path} is text`)
  return value
}

export const operation = text as Reader<OperationId> // Written from a parsed or derived key.

export const integer: Reader<number> = (value, path) => {
  assert(typeof value === 'number' && Number.isSafeInteger(value), `${path} is an integer`)
  return value
}

/** Of latitude or longitude. */
export const degrees: Reader<number> = (value, path) => {
  assert(typeof value === 'number' && Math.abs(value) <= 180, `${path} is in degrees`)
  return value
}

export const flag: Reader<boolean> = (value, path) => {
  assert(typeof value === 'boolean', `${path} is true or false`)
  return value
}

export const wonAmount: Reader<Won> = (value, path) => {
  assert(isWon(value), `${path} is an amount of won`)
  return value
}

export const date: Reader<BusinessDate> = (value, path) => {
  const read = typeof value === 'string' ? parseBusinessDate(value) : undefined
  assert(read !== undefined, `${path} is a day`)
  return read
}

/** The id of a record, branded by what the field means. */
export function idNumber<Id extends number>(): Reader<Id> {
  return (value, path) => {
    assert(Number.isSafeInteger(value) && Number(value) > 0, `${path} is an id`)
    return value as Id // Brand constructor: what the field holds is fixed by the body's kind.
  }
}

export function oneOf<Word extends string>(words: readonly Word[]): Reader<Word> {
  return (value, path) => {
    const word = words.find((candidate) => candidate === value)
    if (word === undefined) throw new Bug(`${path} is one of ${words.join(', ')}`)
    return word
  }
}

export function nullable<Value>(reader: Reader<Value>): Reader<Value | null> {
  return (value, path) => (value === null ? null : reader(value, path))
}

/** A field that bodies of an earlier release do not have. */
export function absentAs<Value>(value: Value, reader: Reader<Value>): Reader<Value> {
  return (given, path) => (given === undefined ? value : reader(given, path))
}

export function list<Value>(reader: Reader<Value>): Reader<readonly Value[]> {
  return (value, path) => {
    assert(Array.isArray(value), `${path} is a list`)
    return value.map((item, index) => reader(item, `${path}[${index}]`))
  }
}

/** An object with a reader for each field. */
export function shape<Fields extends object>(readers: {
  readonly [Name in keyof Fields]-?: Reader<Fields[Name]>
}): Reader<Fields> {
  const named = Object.entries<Reader<unknown>>(readers)
  return (value, path) => {
    assert(typeof value === 'object' && value !== null, `${path} is an object`)
    // A plain loop: millions of bodies are read by it when a gateway is brought up to date.
    const fields: Record<string, unknown> = {}
    for (const [name, read] of named) {
      const given = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined
      fields[name] = read(given, `${path}.${name}`)
    }
    return fields as Fields // Every field of `Fields` has just been read.
  }
}

/** An object whose field names are free and whose values are all of one type. */
export function record<Value>(reader: Reader<Value>): Reader<Readonly<Record<string, Value>>> {
  return (value, path) => {
    assert(typeof value === 'object' && value !== null, `${path} is an object`)
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [name, reader(item, `${path}.${name}`)]),
    )
  }
}
