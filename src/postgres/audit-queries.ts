/** Checks that are queries: the database does the comparing, and what is wrong comes back. */
import type { Complaint } from '../audit/audit.ts'
import { rowsOf, type Transaction } from './cursor.ts'

/** @param queries by sentence; each gives the places where its sentence is true */
export async function* complaintsOf(
  transaction: Transaction,
  queries: Readonly<Record<string, string>>,
): AsyncGenerator<Complaint> {
  for (const [sentence, query] of Object.entries(queries)) {
    for await (const row of rowsOf<{ place: string }>(transaction, query)) {
      yield { where: row.place, sentence }
    }
  }
}
