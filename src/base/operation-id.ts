/** Idempotency keys: the client's own name for one money operation. */
import { assert } from './assert.ts'
import { hexOf } from './text.ts'

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

/**
 * An operation id made from the first 16 bytes of a hash (RFC 9562 version 8): the same cause gives the same key,
 * so that whoever finishes a purchase finishes it once.
 */
export function derivedOperationId(hash: Uint8Array): OperationId {
  assert(hash.length >= 16, 'a derived operation id needs 16 bytes')
  const bytes = hash.slice(0, 16)
  bytes[6] = (bytes[6]! & 0x0f) | 0x80
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = hexOf(bytes)
  return operationId(
    `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`,
  )
}
