import { assert } from './assert.ts'

declare const operationBrand: unique symbol

/**
 * The idempotency key of a money operation: a UUID in lower case that the client made and stored before
 * its first send. Version 7 is best (sorted by time, so the index stays warm); any version is taken.
 */
export type OperationId = string & { readonly [operationBrand]: true }

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** Reads a UUID in either case; `undefined` for anything else. */
export function parseOperationId(text: string): OperationId | undefined {
  const lower = text.toLowerCase()
  return UUID.test(lower) ? (lower as OperationId) : undefined
}

/** Brands text that is known to be a UUID. */
export function operationId(text: string): OperationId {
  const parsed = parseOperationId(text)
  assert(parsed !== undefined, 'an operation id is a UUID')
  return parsed
}
