/**
 * Whether what is written about cashback agrees with the journal: what payments spent, what was earned of it and kept
 * after cancellations, what was posted, and what went back to which funder.
 */
import type { Complaint } from '../audit/audit.ts'
import { complaintsOf } from './audit-queries.ts'
import type { Transaction } from './cursor.ts'

export function checkCashback(
  transaction: Transaction,
  issuerId: number,
): AsyncGenerator<Complaint> {
  return complaintsOf(transaction, queriesOf(issuerId))
}

/** Each gives the places where its sentence is true. */
const queriesOf = (issuer: number): Readonly<Record<string, string>> => ({
  'spent something else than is written of it': `
    select ${place('s.payment_id', 's.program_id')} as place
    from cashback.earning_share s
    left join (${spent(issuer)}) j on j.operation_id = s.payment_id and j.program_id = s.program_id
    where s.issuer_id = ${issuer} and j.won is distinct from s.spent_won`,
  'has earned more than its rate, or less without a reason': `
    select ${place('payment_id', 'program_id')} as place
    from cashback.earning_share
    where issuer_id = ${issuer} and (
      earned_won > div(spent_won * rate_basis_points, 10000)
      or (reason is null and earned_won <> div(spent_won * rate_basis_points, 10000)))`,
  'keeps something else than its rest would have earned': `
    select ${place('s.payment_id', 's.program_id')} as place
    from cashback.earning_share s
    join cashback.earning e on e.issuer_id = ${issuer} and e.payment_id = s.payment_id
    where s.issuer_id = ${issuer} and e.state in ('due', 'waiting', 'posted', 'cancelled')
      and s.earned_won - s.taken_back_won <> case when s.posted_won = 0 then 0
        else least(s.earned_won, div((s.spent_won - s.cancelled_won) * s.rate_basis_points, 10000)) end`,
  'was cancelled by something else than is written of it': `
    select ${place('s.payment_id', 's.program_id')} as place
    from cashback.earning_share s
    left join (
      select b.payment_id, p.program_id, sum(p.cancelled_won) as cancelled_won, sum(p.wanted_won) as wanted_won
      from cashback.take_back b
      join cashback.take_back_share p on p.issuer_id = ${issuer} and p.cancellation_id = b.cancellation_id
      where b.issuer_id = ${issuer}
      group by b.payment_id, p.program_id
    ) t on t.payment_id = s.payment_id and t.program_id = s.program_id
    where s.issuer_id = ${issuer} and (
      s.cancelled_won <> coalesce(t.cancelled_won, 0)
      or (s.posted_won is distinct from 0 and s.taken_back_won <> coalesce(t.wanted_won, 0)))`,
  'is of no cancellation of the payment, or of another amount': `
    select 'the cancellation ' || p.cancellation_id || ', program ' || p.program_id as place
    from cashback.take_back_share p
    join cashback.take_back b on b.issuer_id = ${issuer} and b.cancellation_id = p.cancellation_id
    left join (${cancelled(issuer)}) j on j.operation_id = p.cancellation_id and j.program_id = p.program_id
    where p.issuer_id = ${issuer} and (j.won is distinct from p.cancelled_won
      or j.target_id is distinct from b.payment_id)`,
  'was posted otherwise than is written, or not at all, or twice': `
    select ${place('coalesce(s.payment_id, m.target_id)', 'coalesce(s.program_id, m.program_id)')} as place
    from (
      select x.*, e.operation_id from cashback.earning_share x
      join cashback.earning e on e.issuer_id = ${issuer} and e.payment_id = x.payment_id
      where x.issuer_id = ${issuer} and e.state = 'posted' and x.posted_won > 0
    ) s
    full join (
      select o.operation_id, o.target_id, o.wallet_id, l.program_id, sum(t.amount_won) as won
      from ledger.operation o
      join ledger.transfer t on t.issuer_id = ${issuer} and t.operation_id = o.operation_id
      join ledger.lot l on l.issuer_id = ${issuer} and l.lot_id = t.credit_id
      where o.issuer_id = ${issuer} and o.kind = 'cashback' and o.decline is null
      group by o.operation_id, o.target_id, o.wallet_id, l.program_id
    ) m on m.operation_id = s.operation_id and m.program_id = s.program_id
    where (m.operation_id is null)
      or (s.payment_id is not null
        and (m.won <> s.posted_won or m.target_id <> s.payment_id or m.wallet_id <> s.wallet_id))
      -- Where nothing was ever read, nobody pays cashback here; and what a worker has just posted is not written yet.
      or (s.payment_id is null
        and exists (select 1 from cashback.progress p where p.issuer_id = ${issuer})
        and not exists (
          select 1 from cashback.earning e
          where e.issuer_id = ${issuer} and e.payment_id = m.target_id and e.state = 'due'))`,
  'gave back to its funders something else than is written': `
    select ${place('coalesce(s.payment_id, m.target_id)', 'coalesce(s.program_id, m.program_id)')} as place
    from (
      select * from cashback.earning_share
      where issuer_id = ${issuer} and returned_national_won + returned_province_won + returned_city_won > 0
    ) s
    full join (
      select o.target_id, l.program_id,
        coalesce(sum(t.amount_won) filter (where t.credit_id = 1), 0) as national_won,
        coalesce(sum(t.amount_won) filter (where t.credit_id = 2), 0) as province_won,
        coalesce(sum(t.amount_won) filter (where t.credit_id = 3), 0) as city_won
      from ledger.operation o
      join ledger.transfer t on t.issuer_id = ${issuer} and t.operation_id = o.operation_id
      join ledger.lot l on l.issuer_id = ${issuer} and l.lot_id = t.debit_id
      where o.issuer_id = ${issuer} and o.kind = 'cashback_return' and o.decline is null
      group by o.target_id, l.program_id
    ) m on m.target_id = s.payment_id and m.program_id = s.program_id
    where ((s.payment_id is null or m.target_id is null
          or s.returned_national_won <> m.national_won or s.returned_province_won <> m.province_won
          or s.returned_city_won <> m.city_won)
        and exists (select 1 from cashback.progress p where p.issuer_id = ${issuer})
        and not exists (
          select 1 from cashback.take_back b
          where b.issuer_id = ${issuer} and b.payment_id = coalesce(s.payment_id, m.target_id) and b.state = 'due'))`,
  'has promised more or less than waits': `
    select 'program ' || coalesce(p.program_id, w.program_id) as place
    from (select * from cashback.promise where issuer_id = ${issuer}) p
    full join (
      select s.program_id, sum(s.earned_won - s.taken_back_won) as won
      from cashback.earning e
      join cashback.earning_share s on s.issuer_id = ${issuer} and s.payment_id = e.payment_id
      where e.issuer_id = ${issuer} and e.state = 'waiting'
      group by s.program_id
    ) w on w.program_id = p.program_id
    where coalesce(p.waiting_won, 0) <> coalesce(w.won, 0)`,
  'says that more or less was taken than went back': `
    select ${place('s.payment_id', 's.program_id')} as place
    from cashback.earning_share s
    join (
      select b.payment_id, p.program_id, sum(p.taken_won) as taken_won
      from cashback.take_back b
      join cashback.take_back_share p on p.issuer_id = ${issuer} and p.cancellation_id = b.cancellation_id
      where b.issuer_id = ${issuer}
      group by b.payment_id, p.program_id
    ) t on t.payment_id = s.payment_id and t.program_id = s.program_id
    where s.issuer_id = ${issuer} and s.posted_won > 0
      and t.taken_won <> s.earned_won - s.posted_won
        + s.returned_national_won + s.returned_province_won + s.returned_city_won`,
})

const place = (payment: string, program: string): string =>
  `'the payment ' || ${payment} || ', program ' || ${program}`

const moved = (
  issuer: number,
  {
    kinds,
    accounts,
    lotId,
  }: { readonly kinds: string; readonly accounts: string; readonly lotId: string },
): string => `
  select o.operation_id, o.target_id, l.program_id, sum(t.amount_won) as won
  from ledger.operation o
  join ledger.transfer t on t.issuer_id = ${issuer} and t.operation_id = o.operation_id
    and ${accounts}
  join ledger.lot l on l.issuer_id = ${issuer} and l.lot_id = ${lotId}
  where o.issuer_id = ${issuer} and o.kind in (${kinds}) and o.decline is null and l.kind in ('purchase', 'gift')
  group by o.operation_id, o.target_id, l.program_id`

/** What payments took of money that earns, from the journal alone. */
const spent = (issuer: number): string =>
  moved(issuer, {
    kinds: `'payment', 'capture'`,
    accounts: `t.debit_kind in ('lot', 'lot_hold') and t.credit_kind not in ('lot', 'lot_hold')`,
    lotId: 't.debit_id',
  })

const cancelled = (issuer: number): string =>
  moved(issuer, {
    kinds: `'cancellation'`,
    accounts: `t.credit_kind = 'lot'`,
    lotId: 't.credit_id',
  })
