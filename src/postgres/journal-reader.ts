/**
 * Reads the books from the raw tables, as `dure_audit`: the audit believes none of the functions that wrote them.
 * Numbers come as text and are read here, because a tampered one may be anything.
 */
import type { BookLot, BookOperation, BookPurchase, IssuerBooks } from '../audit/audit.ts'
import { groupByWallet } from '../audit/audit.ts'
import { readPayouts } from './payout-books.ts'
import { pagesOf, rowsOf, type Transaction } from './cursor.ts'

/** A first statement for every auditor's transaction: how times are printed below. */
export const READING_SETTINGS = `set local timezone = 'UTC'; set local datestyle = 'ISO'`

// Below, `order by` names its table: a bare name would mean the text that is selected.

/** An instant in milliseconds, with its microseconds if it has any. */
export const ms = (column: string) => `(extract(epoch from ${column}) * 1000)::text`
/** `2026-11`; a day other than the first is shown, since none is ever stored. */
const month = (column: string) =>
  `case when extract(day from ${column}) = 1 then to_char(${column}, 'YYYY-MM') else ${column}::text end`

/** The books of one issuer. Memory: a page of each stream, and the largest wallet. */
export function readIssuerBooks(transaction: Transaction, issuerId: number): IssuerBooks {
  const where = `issuer_id = ${issuerId}`
  return {
    issuerId,
    wallets: () =>
      groupByWallet({
        wallets: mapped(pagesOf<{ wallet_id: string }>(transaction, walletQuery(where)), (row) => ({
          walletId: Number(row.wallet_id),
        })),
        operations: mapped(
          pagesOf<OperationRow>(transaction, operationQuery(where)),
          bookOperation,
        ),
        lots: mapped(pagesOf<LotRow>(transaction, lotQuery(where)), bookLot),
        purchases: mapped(pagesOf<PurchaseRow>(transaction, purchaseQuery(where)), bookPurchase),
        memberSales: mapped(pagesOf<MemberSaleRow>(transaction, memberSaleQuery(where)), (row) => ({
          ...bookSale(row),
          walletId: Number(row.wallet_id),
        })),
      }),
    async *programSales() {
      const query = `select program_id::text, ${month('month')} as month, sold_won::text as won
        from ledger.program_sale where ${where}`
      for await (const row of rowsOf<SaleRow>(transaction, query)) yield bookSale(row)
    },
    async *potUses() {
      const query = `select pot_id::text, used_won::text as won from ledger.pot_use where ${where}`
      type Row = { pot_id: string; won: string }
      for await (const { pot_id, won } of rowsOf<Row>(transaction, query)) {
        yield { potId: Number(pot_id), amountWon: Number(won) }
      }
    },
    async *strayDraws() {
      const query = `select d.operation_id::text from ledger.pot_draw d
        where d.${where} and not exists (select 1 from ledger.operation o
          where o.issuer_id = d.issuer_id and o.operation_id = d.operation_id)`
      for await (const row of rowsOf<{ operation_id: string }>(transaction, query)) {
        yield row.operation_id
      }
    },
    ...readPayouts(transaction, issuerId),
    async *strayTransfers() {
      const query = `select t.operation_id::text, t.line::text from ledger.transfer t
        where t.${where} and not exists (select 1 from ledger.operation o
          where o.issuer_id = t.issuer_id and o.operation_id = t.operation_id)`
      type Row = { operation_id: string; line: string }
      for await (const { operation_id, line } of rowsOf<Row>(transaction, query)) {
        yield { operationId: operation_id, line: Number(line) }
      }
    },
    async *repeatedKeys() {
      const query = `select operation_id::text from ledger.operation where ${where}
        group by operation_id having count(*) > 1`
      for await (const row of rowsOf<{ operation_id: string }>(transaction, query)) {
        yield row.operation_id
      }
    },
  }
}

/** Of a seal, or of several that follow one another; as PostgreSQL prints timestamps. */
export interface JournalWindow {
  readonly fromAt: string
  readonly untilAt: string
}

/**
 * The leaves of a segment, in the order of the Merkle tree. The same text as ledger.journal_rows gives (a test holds
 * the two together), but from the tables.
 */
export async function* readLeaves(
  transaction: Transaction,
  issuerId: number,
  window: JournalWindow,
): AsyncGenerator<{ leaf: string }> {
  for (const query of leafQueries(issuerId, window)) yield* rowsOf<LeafRow>(transaction, query)
}

/** In microseconds since 1970. */
export interface SegmentTimes {
  readonly from: number
  readonly until: number
}

export interface SegmentReader {
  /** What `readLeaves` gives of a segment. Each begins where the one before ended, or later. */
  leavesOf(segment: SegmentTimes): AsyncGenerator<string>
}

/**
 * Reads the leaves of many segments in one pass: a query for each would have to be planned for each, and that takes
 * longer than reading what a minute of an ordinary town leaves behind. Memory: a page of each kind of leaf.
 */
export function readSegments(
  transaction: Transaction,
  issuerId: number,
  window: JournalWindow,
): SegmentReader {
  const kinds = leafQueries(issuerId, window).map((query) => ({
    rows: rowsOf<LeafRow>(transaction, query),
    next: undefined as IteratorResult<LeafRow, undefined> | undefined,
  }))
  return {
    async *leavesOf({ from, until }) {
      for (const kind of kinds) {
        for (;;) {
          kind.next ??= await kind.rows.next()
          if (kind.next.done === true) break
          const at = Number(kind.next.value.at_us)
          if (at > until) break
          if (at > from) yield kind.next.value.leaf
          kind.next = undefined
        }
      }
    },
  }
}

interface LeafRow {
  leaf: string
  at_us: string
}

/** Operations, wallets, records: one after the other in each segment. */
function leafQueries(issuer: number, window: JournalWindow): readonly string[] {
  const during = (column: string) =>
    `${column} > '${window.fromAt}'::timestamptz and ${column} <= '${window.untilAt}'::timestamptz`
  return [operationLeaves(issuer), walletLeaves(issuer), recordLeaves(issuer)].map(
    ({ time, query }) => `select leaf, (extract(epoch from at) * 1000000)::text as at_us
      from (${query} and ${during(time)}) leaves
      order by at, key collate "C"`,
  )
}

interface LeafQuery {
  /** The column that says when it was booked. */
  readonly time: string
  readonly query: string
}

const operationLeaves = (issuer: number): LeafQuery => ({
  time: 'o.booked_at',
  query: `
      select o.booked_at as at, o.operation_id::text as key,
        (jsonb_build_array('operation', o.operation_id, o.kind, o.channel, extract(epoch from o.booked_at),
          encode(o.request_hash, 'hex'), o.decline, o.wallet_id, o.merchant_id, o.outlet_id, o.amount_won,
          o.target_id, o.code_step, o.actor,
          (select jsonb_agg(jsonb_build_array(
              t.line, t.debit_kind, t.debit_id, t.credit_kind, t.credit_id, t.amount_won) order by t.line)
            from ledger.transfer t where t.issuer_id = o.issuer_id and t.operation_id = o.operation_id),
          case when o.kind in ('issue', 'gift_acceptance', 'cashback') then (
            select jsonb_agg(jsonb_build_array(l.wallet_id, l.lot_id, l.program_id, l.kind, l.face_won,
              extract(epoch from l.expires_at), l.issued_by) order by l.lot_id)
            from ledger.lot l
            where l.issuer_id = o.issuer_id and l.wallet_id = o.wallet_id and l.lot_id in (
              select t.credit_id from ledger.transfer t
              where t.issuer_id = o.issuer_id and t.operation_id = o.operation_id)) end,
          case when o.kind = 'purchase' then (
            select jsonb_agg(jsonb_build_array(p.wallet_id, p.program_id, p.lot_id, p.month, p.face_won, p.pay_won,
              p.national_won, p.province_won, p.city_won, extract(epoch from p.expires_at), p.account_token,
              extract(epoch from p.reserved_at)))
            from ledger.purchase p
            where p.issuer_id = o.issuer_id and p.purchase_id = o.operation_id) end)
          || case when coalesce(o.partner_id::text, o.business_date::text) is null then '[]'
            else jsonb_build_array(o.partner_id, o.business_date) end
          || coalesce((
            select jsonb_agg(jsonb_build_array('payout', s.payout_id, s.attempt, s.from_state, s.to_state,
              p.beneficiary_kind, p.beneficiary_id, p.amount_won, s.due_on, s.bank_code, s.account_number,
              s.holder_name, s.file_name, extract(epoch from s.sent_at), s.reason))
            from ledger.payout_step s
            join ledger.payout p on p.issuer_id = s.issuer_id and p.payout_id = s.payout_id
            where s.issuer_id = o.issuer_id and s.operation_id = o.operation_id), '[]'::jsonb)
          || coalesce((
            select jsonb_agg(jsonb_build_array('draw', d.pot_id, d.amount_won) order by d.pot_id)
            from ledger.pot_draw d
            where d.issuer_id = o.issuer_id and d.operation_id = o.operation_id), '[]'::jsonb))::text as leaf
      from ledger.operation o where o.issuer_id = ${issuer}`,
})

const walletLeaves = (issuer: number): LeafQuery => ({
  time: 'w.recorded_at',
  query: `
      select w.recorded_at as at, w.wallet_id::text as key,
        jsonb_build_array('wallet', w.wallet_id, w.member_id, extract(epoch from w.recorded_at))::text as leaf
      from ledger.wallet w where w.issuer_id = ${issuer}`,
})

const recordLeaves = (issuer: number): LeafQuery => ({
  time: 'r.recorded_at',
  query: `
      select r.recorded_at as at, concat_ws('|', r.kind, r.record_id, r.version) as key,
        jsonb_build_array('record', r.kind, r.record_id, r.version, extract(epoch from r.recorded_at),
          r.recorded_by, r.body, r.keys)::text as leaf
      from registry.record r where r.issuer_id = ${issuer}`,
})

async function* mapped<Row, Item>(
  pages: AsyncIterable<readonly Row[]>,
  read: (row: Row) => Item,
): AsyncGenerator<Item[]> {
  for await (const rows of pages) yield rows.map(read)
}

const walletQuery = (where: string) =>
  `select wallet_id::text from ledger.wallet where ${where} order by wallet.wallet_id`

interface OperationRow {
  operation_id: string
  kind: BookOperation['kind']
  booked_ms: string
  decline: string | null
  wallet_id: string | null
  merchant_id: string | null
  amount_won: string
  target_id: string | null
  code_step: string | null
  partner_id: string | null
  transfers: TransferRow[] | null
  /** Pot, amount. */
  draws: [number, number][] | null
}

/** line, debit kind and id, credit kind and id, amount. */
type TransferRow = [number, AccountKind, number, AccountKind, number, number]
type AccountKind = BookOperation['transfers'][0]['debitKind']

const operationQuery = (where: string) => `
  select o.operation_id::text, o.kind::text, ${ms('o.booked_at')} as booked_ms, o.decline, o.wallet_id::text,
    o.merchant_id::text, o.amount_won::text, o.target_id::text, o.code_step::text, o.partner_id::text, (
      select json_agg(json_build_array(
        t.line, t.debit_kind, t.debit_id, t.credit_kind, t.credit_id, t.amount_won) order by t.line)
      from ledger.transfer t where t.issuer_id = o.issuer_id and t.operation_id = o.operation_id) as transfers, (
      select json_agg(json_build_array(d.pot_id, d.amount_won) order by d.pot_id)
      from ledger.pot_draw d where d.issuer_id = o.issuer_id and d.operation_id = o.operation_id) as draws
  from ledger.operation o where o.${where}
  order by o.wallet_id, o.booked_at, o.operation_id`

function bookOperation(row: OperationRow): BookOperation {
  return {
    operationId: row.operation_id,
    kind: row.kind,
    bookedAt: Number(row.booked_ms),
    decline: row.decline ?? undefined,
    walletId: optionalNumber(row.wallet_id),
    merchantId: optionalNumber(row.merchant_id),
    amountWon: Number(row.amount_won),
    targetId: row.target_id ?? undefined,
    codeStep: optionalNumber(row.code_step),
    partnerId: optionalNumber(row.partner_id),
    draws: (row.draws ?? []).map(([potId, amountWon]) => ({ potId, amountWon })),
    transfers: (row.transfers ?? []).map(
      ([line, debitKind, debitId, creditKind, creditId, amountWon]) => ({
        line,
        debitKind,
        debitId,
        creditKind,
        creditId,
        amountWon,
      }),
    ),
  }
}

function optionalNumber(text: string | null): number | undefined {
  return text === null ? undefined : Number(text)
}

interface LotRow {
  lot_id: string
  wallet_id: string
  program_id: string
  kind: BookLot['kind']
  face_won: string
  remaining_won: string
  held_won: string
  closed: boolean
  expires_ms: string
  issued_by: string
}

const lotQuery = (where: string) => `
  select lot_id::text, wallet_id::text, program_id::text, kind::text, face_won::text, remaining_won::text,
    held_won::text, closed, ${ms('expires_at')} as expires_ms, issued_by::text
  from ledger.lot where ${where}
  order by lot.wallet_id, lot.lot_id`

function bookLot(row: LotRow): BookLot {
  return {
    lotId: Number(row.lot_id),
    walletId: Number(row.wallet_id),
    programId: Number(row.program_id),
    kind: row.kind,
    faceWon: Number(row.face_won),
    remainingWon: Number(row.remaining_won),
    heldWon: Number(row.held_won),
    closed: row.closed,
    expiresAt: Number(row.expires_ms),
    issuedBy: row.issued_by,
  }
}

interface PurchaseRow {
  purchase_id: string
  wallet_id: string
  program_id: string
  lot_id: string
  month: string
  face_won: string
  pay_won: string
  national_won: string
  province_won: string
  city_won: string
  expires_ms: string
  state: BookPurchase['state']
  reserved_ms: string
  closed_ms: string | null
  sale_returned_by: string | null
}

const purchaseQuery = (where: string) => `
  select purchase_id::text, wallet_id::text, program_id::text, lot_id::text, ${month('month')} as month,
    face_won::text, pay_won::text, national_won::text, province_won::text, city_won::text,
    ${ms('expires_at')} as expires_ms, state::text, ${ms('reserved_at')} as reserved_ms,
    ${ms('closed_at')} as closed_ms, sale_returned_by::text
  from ledger.purchase where ${where}
  order by purchase.wallet_id, purchase.purchase_id`

function bookPurchase(row: PurchaseRow): BookPurchase {
  return {
    purchaseId: row.purchase_id,
    walletId: Number(row.wallet_id),
    programId: Number(row.program_id),
    lotId: Number(row.lot_id),
    month: row.month,
    faceWon: Number(row.face_won),
    payWon: Number(row.pay_won),
    nationalWon: Number(row.national_won),
    provinceWon: Number(row.province_won),
    cityWon: Number(row.city_won),
    expiresAt: Number(row.expires_ms),
    state: row.state,
    reservedAt: Number(row.reserved_ms),
    closedAt: optionalNumber(row.closed_ms),
    saleReturnedBy: row.sale_returned_by ?? undefined,
  }
}

interface SaleRow {
  program_id: string
  month: string
  won: string
}

type MemberSaleRow = SaleRow & { wallet_id: string }

const memberSaleQuery = (where: string) => `
  select wallet_id::text, program_id::text, ${month('month')} as month, bought_won::text as won
  from ledger.member_sale where ${where}
  order by member_sale.wallet_id, member_sale.program_id, member_sale.month`

function bookSale({ program_id, month, won }: SaleRow) {
  return { programId: Number(program_id), month, amountWon: Number(won) }
}
