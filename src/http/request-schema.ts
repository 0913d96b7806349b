/** Schemas that many routes use, each with its way into the words the rooms use. */
import { Type, type TArray, type TObject, type TSchema, type TUnion } from 'typebox'
import {
  assert,
  operationId,
  parseBusinessDate,
  parseId,
  parseOperationId,
  won,
  type BusinessDate,
  type Id,
  type IdPrefix,
  type Instant,
  type OperationId,
  type Won,
} from '../base/base.ts'
import { cursorInvalid, dayInvalid } from './refusals.ts'

/** Exactly the texts that `parseId` reads: 53 bits in base 32, no leading zero. */
const ID_DIGITS = '(?:[1-9a-hjkmnp-tv-z][0-9a-hjkmnp-tv-z]{0,9}|[1-7][0-9a-hjkmnp-tv-z]{10})'

/** An id of one kind in text form. */
export function idSchema(prefix: IdPrefix) {
  return Type.String({
    pattern: `^${prefix}_${ID_DIGITS}$`,
    maxLength: prefix.length + 12,
    description: 'An id in text form',
    examples: [`${prefix}_11`],
  })
}

/** Reads an id that `idSchema` let through. */
export function readId<Prefix extends IdPrefix>(prefix: Prefix, text: string): Id<Prefix> {
  const parsed = parseId(prefix, text)
  assert(parsed !== undefined, `the schema let through what is no ${prefix} id`)
  return parsed
}

/** The same of a path whose parameters the types do not know, as where several paths share one handler. */
export function readPathId<Prefix extends IdPrefix>(
  prefix: Prefix,
  params: unknown,
  name: string,
): Id<Prefix> {
  return readId(prefix, String(Reflect.get(Object(params), name)))
}

/** An amount in whole won, as a JSON integer. Both bounds are amounts that are accepted. */
export function wonSchema(bounds: { readonly min: number; readonly max: number }) {
  return Type.Integer({
    minimum: bounds.min,
    maximum: bounds.max,
    description: 'Whole won (KRW has no minor unit)',
  })
}

/** Reads an amount that `wonSchema` let through. JSON's -0 is read as 0. */
export function readWon(value: number): Won {
  return won(value + 0)
}

export const operationIdSchema = Type.String({
  pattern: '^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$',
  maxLength: 36,
  description: 'A UUID: the Idempotency-Key of the operation',
})

/** Reads a UUID that `operationIdSchema` let through. */
export function readOperationId(text: string): OperationId {
  return operationId(text.toLowerCase())
}

/** RFC 3339 text of an instant, in UTC with milliseconds. */
export const instantSchema = Type.String({ description: 'RFC 3339 instant in UTC' })
export function instantText(at: Instant): string {
  return new Date(at).toISOString()
}
/** The same where there may be none. */
export function instantOrNull(at: Instant | null): string | null {
  return at === null ? null : instantText(at)
}

/** Reads a Korean day. @throws HttpProblem 400 for what no calendar has */
export function readDay(text: string, field: string): BusinessDate {
  const day = parseBusinessDate(text)
  if (day === undefined) throw dayInvalid(field)
  return day
}

/** Where the next page of a list begins: after this entry, newest first. */
export interface Cursor {
  readonly bookedAt: Instant
  readonly operationId: OperationId
}
const CURSOR_LENGTH_MAX = 80
const CURSOR_TEXT = /^([0-9]{1,15})\.([0-9a-f-]{36})$/

/** Opaque to clients, so that what it holds may change. */
export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(`${cursor.bookedAt}.${cursor.operationId}`).toString('base64url')
}

/** @throws HttpProblem 400 for text that `encodeCursor` did not write */
export function decodeCursor(text: string): Cursor {
  const [, at, id] = CURSOR_TEXT.exec(Buffer.from(text, 'base64url').toString('latin1')) ?? []
  const operationId = id === undefined ? undefined : parseOperationId(id)
  if (at === undefined || operationId === undefined) throw cursorInvalid()
  const cursor = { bookedAt: Number(at), operationId }
  // Only what we wrote ourselves comes out again as it went in.
  if (encodeCursor(cursor) !== text) throw cursorInvalid()
  return cursor
}

const PAGE_SIZE_MAX = 100
const PAGE_SIZE_DEFAULT = 20

/** Spread into a query schema of a list. */
export const pageQuery = {
  cursor: Type.Optional(Type.String({ maxLength: CURSOR_LENGTH_MAX })),
  limit: Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX, default: PAGE_SIZE_DEFAULT }),
}

/** The same for a list whose next page begins after an id of one kind. */
export function idPageQuery(prefix: IdPrefix) {
  return { ...pageQuery, cursor: Type.Optional(idSchema(prefix)) }
}

/** Reads a page that `idPageQuery` let through, newest first; with the state that was asked for, if any. */
export function readIdPage<Prefix extends IdPrefix, State extends string>(
  prefix: Prefix,
  query: { readonly cursor?: string; readonly limit: number; readonly state?: State },
): { readonly limit: number; readonly before?: Id<Prefix>; readonly state?: State } {
  const { cursor, limit, state } = query
  return {
    limit,
    ...(cursor === undefined ? {} : { before: readId(prefix, cursor) }),
    ...(state === undefined ? {} : { state }),
  }
}

/** Where the page after this one begins; a page that is not full is the last. */
export function nextCursor<Row>(
  page: readonly Row[],
  limit: number,
  cursorOf: (last: Row) => string,
): string | null {
  const last = page.at(-1)
  return last === undefined || page.length < limit ? null : cursorOf(last)
}

/** A page of a list; `nextCursor` is null on the last one. */
export function listSchema<Item extends TSchema>(
  item: Item,
): TObject<{
  items: TArray<Item>
  nextCursor: TUnion<[ReturnType<typeof Type.String>, ReturnType<typeof Type.Null>]>
}> {
  return Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
  })
}
