/**
 * Pages of operations for people: what the books keep for themselves alone is passed over, and what was not looked for.
 * Only rows of the wallet or merchant itself are read, so that a search costs what their own history is long.
 */
import { Type, type Static } from 'typebox'
import {
  DAY_MS,
  searchedText,
  searchWords,
  startOfBusinessDate,
  type Instant,
  type IssuerId,
  type OperationId,
} from '../../base/base.ts'
import { onlyKeepsPlace } from '../../cards/cards.ts'
import { operationKinds, type RecordedOperation } from '../../ledger/ledger.ts'
import { dayInvalid, decodeCursor, encodeCursor, pageQuery, readDay, type Cursor } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { whoWasPaid, wordOut } from './views.ts'

/** A page that was passed over whole is followed by another, so often; then the reader asks on. */
const ROUNDS_MAX = 5
/** Read at one time where most may be passed over. */
const SEARCHED_PAGE = 100
const TEXT_LENGTH_MAX = 60
/** Before all others of its instant. */
const FIRST_ID = '00000000-0000-0000-0000-000000000000' as OperationId // Never a key: those have a version.

const daySchema = Type.String({
  maxLength: 10,
  description: 'A Korean day: `2026-11-22`. Both ends belong to the period',
})

export const periodQuery = {
  from: Type.Optional(daySchema),
  through: Type.Optional(daySchema),
}

export const searchQuery = {
  ...pageQuery,
  ...periodQuery,
  kind: Type.Optional(wordOut(operationKinds)),
}

export const textQuery = {
  text: Type.Optional(
    Type.String({
      maxLength: TEXT_LENGTH_MAX,
      description: 'Words of the names of merchant and outlet',
    }),
  ),
}

/** A page may be short, or empty, and have a next one: then there was much to pass over. */
export interface OperationPage {
  readonly operations: readonly RecordedOperation[]
  readonly nextCursor: string | null
}

type Read = (options: { before?: Cursor; limit: number }) => Promise<readonly RecordedOperation[]>

export interface Search {
  readonly before: Cursor | undefined
  readonly limit: number
  /** Nothing booked before is looked at. */
  readonly from?: Instant | undefined
  /** Absent: all that is for people. */
  readonly keep?: ((operation: RecordedOperation) => boolean) | undefined
}

/** @param read gives operations before a place, newest first */
export async function readOperations(read: Read, search: Search): Promise<OperationPage> {
  const { limit, from = 0, keep = () => true } = search
  const pageSize = search.keep === undefined ? limit : Math.max(limit, SEARCHED_PAGE)
  let { before } = search
  const shown: RecordedOperation[] = []
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const page = await read({ limit: pageSize, ...(before === undefined ? {} : { before }) })
    const inPeriod = page.filter(({ bookedAt }) => bookedAt >= from)
    shown.push(...inPeriod.filter((operation) => !onlyKeepsPlace(operation) && keep(operation)))
    const isEnd = page.length < pageSize || inPeriod.length < page.length
    if (shown.length >= limit) {
      const operations = shown.slice(0, limit)
      const isLast = isEnd && shown.length === limit
      return { operations, nextCursor: isLast ? null : encodeCursor(operations.at(-1)!) }
    }
    before = page.at(-1)
    if (before === undefined || isEnd) return { operations: shown, nextCursor: null }
  }
  return { operations: shown, nextCursor: before === undefined ? null : encodeCursor(before) }
}

type SearchQuery = Static<ReturnType<typeof Type.Object<typeof searchQuery>>>

/** @param also what else an operation has to be; absent: no more is asked. @throws HttpProblem 400 */
export function readSearch(
  query: SearchQuery,
  also?: (operation: RecordedOperation) => boolean,
): Search {
  const { cursor, limit, kind } = query
  const { from, until } = readPeriod(query)
  const isNarrow = kind !== undefined || also !== undefined
  return {
    limit,
    from,
    before: earlier(cursor === undefined ? undefined : decodeCursor(cursor), until),
    keep: isNarrow
      ? (operation) =>
          (kind === undefined || operation.kind === kind) && (also?.(operation) ?? true)
      : undefined,
  }
}

/** `until` is the first instant that no longer belongs to it. @throws HttpProblem 400 that names the end */
export function readPeriod(query: { readonly from?: string; readonly through?: string }): {
  readonly from: Instant | undefined
  readonly until: Instant | undefined
} {
  const from = query.from === undefined ? undefined : readDay(query.from, 'query.from')
  const through = query.through === undefined ? undefined : readDay(query.through, 'query.through')
  if (from !== undefined && through !== undefined && through < from) {
    throw dayInvalid('query.through')
  }
  return {
    from: from && startOfBusinessDate(from),
    until: through && startOfBusinessDate(through) + DAY_MS,
  }
}

function earlier(cursor: Cursor | undefined, until: Instant | undefined): Cursor | undefined {
  if (until === undefined || (cursor !== undefined && cursor.bookedAt < until)) return cursor
  return { bookedAt: until, operationId: FIRST_ID }
}

/** Whether the names of who was paid have all the words; `undefined` where there are none. */
export function paidTo(
  deps: Pick<RouteDeps, 'acquiring'>,
  issuerId: IssuerId,
  text: string | undefined,
): ((operation: RecordedOperation) => boolean) | undefined {
  const words = searchWords(text ?? '')
  if (words.length === 0) return undefined
  return (operation) => {
    const { merchant, outlet } = whoWasPaid(deps, issuerId, operation)
    const names = searchedText(`${merchant?.name ?? ''}\n${outlet?.name ?? ''}`)
    return words.every((word) => names.includes(word))
  }
}
