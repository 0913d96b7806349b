/** Reads any number of rows in pages, inside a transaction, by a cursor of the server. */
import type { Sql } from './postgres-pool.ts'

/** What an auditor's transaction is asked through; a transaction of the driver is one. */
export type Transaction = Pick<Sql, 'unsafe'>

const PAGE_ROWS = 1_000
let cursorsMade = 0

/**
 * Yields pages of at most 1 000 rows. Cursors may be read in turns; each holds one page.
 * @param query plain SQL: who calls it puts nothing into it but numbers and the database's own texts
 */
export async function* pagesOf<Row extends object>(
  transaction: Transaction,
  query: string,
): AsyncGenerator<Row[]> {
  cursorsMade += 1
  const name = `audit_${cursorsMade}`
  await transaction.unsafe(`declare ${name} no scroll cursor for ${query}`)
  for (;;) {
    const rows = await transaction.unsafe<Row[]>(`fetch forward ${PAGE_ROWS} from ${name}`)
    if (rows.length > 0) yield rows
    if (rows.length < PAGE_ROWS) break
  }
  // After an error the transaction is over, and its cursors with it.
  await transaction.unsafe(`close ${name}`)
}

/** The rows one by one. */
export async function* rowsOf<Row extends object>(
  transaction: Transaction,
  query: string,
): AsyncGenerator<Row> {
  for await (const page of pagesOf<Row>(transaction, query)) yield* page
}
