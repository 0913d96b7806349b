/** The lines of hand-outs in PostgreSQL. */
import { assert, won, type GiftId } from '../base/base.ts'
import {
  RECIPIENT_SET_MAX,
  type RecipientState,
  type RecipientStore,
  type StoredRecipient,
} from '../corporate/corporate.ts'
import { numberArray, textArray, wordArray } from './array-literal.ts'
import type { PostgresPool } from './postgres-pool.ts'

interface RecipientRow {
  line_number: number
  phone: string | null
  amount_won: number
  memo: string | null
  state: RecipientState
  reason: string | null
  gift_id: number | null
}

/** Throws Faults as the fault table classifies them. */
export function createPostgresRecipientStore(pool: PostgresPool): RecipientStore {
  return {
    async add(issuerId, handOutId, lines) {
      assert(lines.length <= RECIPIENT_SET_MAX, `at most ${RECIPIENT_SET_MAX} lines at once`)
      await pool.run(
        (sql) => sql`select corporate.add_recipients(${issuerId}, ${handOutId},
          ${numberArray(lines.map(({ lineNumber }) => lineNumber))}::integer[],
          ${textArray(lines.map(({ phone }) => phone))}::text[],
          ${numberArray(lines.map(({ amountWon }) => amountWon))}::bigint[],
          ${textArray(lines.map(({ memo }) => memo))}::text[])`,
      )
    },
    async lines(issuerId, handOutId, { states, after, limit }) {
      const rows = await pool.run(
        (sql) => sql<RecipientRow[]>`select * from corporate.recipients(${issuerId}, ${handOutId},
          ${wordArray(states)}::corporate.recipient_state[], ${after}, ${limit})`,
      )
      return rows.map(storedRecipient)
    },
    async line(issuerId, handOutId, lineNumber) {
      const rows = await pool.run(
        (sql) => sql<RecipientRow[]>`
          select * from corporate.recipient_line(${issuerId}, ${handOutId}, ${lineNumber})`,
      )
      return rows.map(storedRecipient)[0]
    },
    async settle(issuerId, handOutId, results) {
      if (results.length === 0) return
      await pool.run(
        (sql) => sql`select corporate.settle_recipients(${issuerId}, ${handOutId},
          ${numberArray(results.map(({ lineNumber }) => lineNumber))}::integer[],
          ${wordArray(results.map(({ state }) => state))}::corporate.recipient_state[],
          ${textArray(results.map(({ reason }) => reason))}::text[],
          ${numberArray(results.map(({ giftId }) => giftId))}::bigint[])`,
      )
    },
    async groups(issuerId, handOutId) {
      const rows = await pool.run(
        (sql) => sql<{ state: RecipientState; lines: number; amount_won: number }[]>`
          select * from corporate.recipient_groups(${issuerId}, ${handOutId})`,
      )
      return rows.map(({ state, lines, amount_won: amount }) => ({
        state,
        lines,
        amountWon: won(amount),
      }))
    },
    async erase(issuerId, handOutId, limit) {
      const rows = await pool.run(
        (sql) => sql<{ lines: number }[]>`
          select corporate.erase_recipients(${issuerId}, ${handOutId}, ${limit}) as lines`,
      )
      return rows[0]!.lines
    },
  }
}

function storedRecipient(row: RecipientRow): StoredRecipient {
  return {
    lineNumber: row.line_number,
    phone: row.phone,
    amountWon: won(row.amount_won),
    memo: row.memo,
    state: row.state,
    reason: row.reason,
    giftId: row.gift_id as GiftId | null, // Written as the id of a gift.
  }
}
