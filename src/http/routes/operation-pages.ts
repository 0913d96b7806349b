/** Pages of operations for people: what the books keep for themselves alone is passed over. */
import { onlyKeepsPlace } from '../../cards/cards.ts'
import type { RecordedOperation } from '../../ledger/ledger.ts'
import { encodeCursor, type Cursor } from '../door.ts'

/** A page that was passed over whole is followed by another, so often; then the reader asks on. */
const ROUNDS_MAX = 5

export interface OperationPage {
  readonly operations: readonly RecordedOperation[]
  readonly nextCursor: string | null
}

/** @param read gives operations before a place, newest first */
export async function readOperations(
  read: (options: { before?: Cursor; limit: number }) => Promise<readonly RecordedOperation[]>,
  options: { readonly before: Cursor | undefined; readonly limit: number },
): Promise<OperationPage> {
  const { limit } = options
  let { before } = options
  const shown: RecordedOperation[] = []
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const page = await read({ limit, ...(before === undefined ? {} : { before }) })
    shown.push(...page.filter((operation) => !onlyKeepsPlace(operation)))
    if (shown.length >= limit) {
      const operations = shown.slice(0, limit)
      const isLast = page.length < limit && shown.length === limit
      return { operations, nextCursor: isLast ? null : encodeCursor(operations.at(-1)!) }
    }
    before = page.at(-1)
    if (before === undefined || page.length < limit) return { operations: shown, nextCursor: null }
  }
  return { operations: shown, nextCursor: before === undefined ? null : encodeCursor(before) }
}
