/** Removes, bit by bit, what the newest synchronisation of an issuer passed over. */
import type { FeedCounts, Limits } from './sqlite-store-feed-writing.ts'
import { numberOf, textOf, type Row, type Statements } from './sqlite-store-rows.ts'

/** Rows looked at for each that may be removed: what was passed over is rare. */
const LOOKED_AT = 4

export function createSweep(
  sql: Statements,
  counts: FeedCounts,
  limits: Limits,
): (rowsMax: number) => number {
  const tables = [walletSweep(sql, counts, limits), cardSweep(sql, counts), recordSweep(sql)]
  /** The table that is walked through, and the generation it is done for. */
  let turn = 0
  let sweptFor = 0
  return (rowsMax) => {
    const row = sql.get('select coalesce(max(fresh_from), 0) as g from issuer')!
    const freshest = numberOf(row, 'g')
    const table = tables[turn]
    if (sweptFor === freshest || table === undefined || rowsMax <= 0) return 0
    const { removed, isAtEnd } = table(rowsMax * LOOKED_AT)
    if (isAtEnd) turn += 1
    if (turn === tables.length) {
      turn = 0
      sweptFor = freshest
    }
    return removed
  }
}

/** Walks on from where it stood, and removes what its issuer's newest synchronisation passed over. */
type Sweep = (lookedAt: number) => { readonly removed: number; readonly isAtEnd: boolean }

function walletSweep(sql: Statements, counts: FeedCounts, limits: Limits): Sweep {
  let from: [number, number] = [-1, -1]
  return (limit) => {
    const rows = sql.all(
      `select w.issuer_id, w.wallet_id, w.held_won,
         w.generation < coalesce(i.fresh_from, 0) as passed
       from wallet w left join issuer i on i.issuer_id = w.issuer_id
       where (w.issuer_id, w.wallet_id) > (?, ?) order by w.issuer_id, w.wallet_id limit ?`,
      ...from,
      limit,
    )
    const passed = rows.filter((row) => row['passed'] === 1)
    for (const row of passed) {
      const issuerId = numberOf(row, 'issuer_id')
      const walletId = numberOf(row, 'wallet_id')
      sql.run('delete from wallet where issuer_id = ? and wallet_id = ?', issuerId, walletId)
      counts.boundWon -= Math.min(numberOf(row, 'held_won'), limits.of(issuerId))
    }
    counts.wallets -= passed.length
    const last = rows.at(-1)
    const isAtEnd = rows.length < limit || last === undefined
    from = isAtEnd ? [-1, -1] : [numberOf(last, 'issuer_id'), numberOf(last, 'wallet_id')]
    return { removed: passed.length, isAtEnd }
  }
}

function cardSweep(sql: Statements, counts: FeedCounts): Sweep {
  let from: [number, string, number] = [-1, '', -1]
  return (limit) => {
    const rows = sql.all(
      `select c.partner_id, c.card_token, c.issuer_id,
         c.generation < coalesce(i.fresh_from, 0) as passed
       from card c left join issuer i on i.issuer_id = c.issuer_id
       where (c.partner_id, c.card_token, c.issuer_id) > (?, ?, ?)
       order by c.partner_id, c.card_token, c.issuer_id limit ?`,
      ...from,
      limit,
    )
    const placeOf = (row: Row): [number, string, number] => [
      numberOf(row, 'partner_id'),
      textOf(row, 'card_token'),
      numberOf(row, 'issuer_id'),
    ]
    const passed = rows.filter((row) => row['passed'] === 1)
    for (const row of passed) {
      sql.run(
        'delete from card where partner_id = ? and card_token = ? and issuer_id = ?',
        ...placeOf(row),
      )
    }
    counts.cards -= passed.length
    const last = rows.at(-1)
    const isAtEnd = rows.length < limit || last === undefined
    from = isAtEnd ? [-1, '', -1] : placeOf(last)
    return { removed: passed.length, isAtEnd }
  }
}

/** Records are few beside wallets and cards: all at once. */
function recordSweep(sql: Statements): Sweep {
  return () => {
    const removed = sql.run(
      `delete from record where generation < coalesce(
         (select fresh_from from issuer i where i.issuer_id = record.issuer_id), 0)`,
    )
    return { removed, isAtEnd: true }
  }
}
