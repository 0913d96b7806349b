/**
 * Whether settlements with merchants agree with the journal: what was taken on the days that runs settled is what their
 * lines say, lines add up to settlements, what is carried follows from one to the next, and what was paid is what left
 * the merchant's account.
 */
import type { Complaint } from '../audit/audit.ts'
import { complaintsOf } from './audit-queries.ts'
import type { Transaction } from './cursor.ts'

export function checkSettlements(
  transaction: Transaction,
  issuerId: number,
): AsyncGenerator<Complaint> {
  return complaintsOf(transaction, queriesOf(issuerId))
}

/** Each gives the places where its sentence is true. */
const queriesOf = (issuer: number): Readonly<Record<string, string>> => ({
  'does not begin where the day before ended': `
    select 'the day ' || day as place from (
      select day, from_at, lag(until_at) over (order by day) as ended, lag(day) over (order by day) as before
      from settlement.closed_day where issuer_id = ${issuer}
    ) d
    where before is not null and (ended <> from_at or before + 1 <> day)`,
  'settles what was booked after its end, or a day that is not closed': `
    select 'the run of ' || p.settlement_day as place
    from settlement.program_day p
    left join settlement.run r on r.issuer_id = p.issuer_id and r.settlement_day = p.settlement_day
    left join settlement.closed_day d on d.issuer_id = p.issuer_id and d.day = p.day
    where p.issuer_id = ${issuer} and (r.until_at is null or d.until_at is null or d.until_at > r.until_at)
    group by p.settlement_day`,
  'is closed and has payouts that were not moved': `
    select 'the run of ' || r.settlement_day as place
    from settlement.run r
    where r.issuer_id = ${issuer} and r.state = 'closed' and exists (
      select 1 from settlement.merchant_settlement m
      where m.issuer_id = ${issuer} and m.settlement_day = r.settlement_day and m.outcome = 'due')`,
  'has lines that add up to something else': `
    select ${place('m')} as place
    from (
      select * from settlement.merchant_settlement where issuer_id = ${issuer}
    ) m
    full join (
      select merchant_id, settlement_day, sum(payments_won) as payments_won, sum(payments) as payments,
        sum(cancellations_won) as cancellations_won, sum(cancellations) as cancellations, sum(fee_won) as fee_won
      from settlement.line where issuer_id = ${issuer}
      group by merchant_id, settlement_day
    ) l on l.merchant_id = m.merchant_id and l.settlement_day = m.settlement_day
    where m.merchant_id is null
      or m.payments_won <> coalesce(l.payments_won, 0) or m.payments <> coalesce(l.payments, 0)
      or m.cancellations_won <> coalesce(l.cancellations_won, 0)
      or m.cancellations <> coalesce(l.cancellations, 0) or m.line_fee_won <> coalesce(l.fee_won, 0)
      or m.payable_won <> m.carried_payable_won + m.payments_won - m.cancellations_won
      or m.fee_won <> m.carried_fee_won + m.line_fee_won`,
  'carries something else than the settlement before left': `
    select ${place('m')} as place from (
      select merchant_id, settlement_day, carried_payable_won, carried_fee_won,
        lag(outcome in ('due', 'paid')) over merchant as moved, lag(payable_won) over merchant as payable_won,
        lag(fee_won) over merchant as fee_won
      from settlement.merchant_settlement where issuer_id = ${issuer}
      window merchant as (partition by merchant_id order by settlement_day)
    ) m
    where carried_payable_won <> case when coalesce(moved, true) then 0 else payable_won end
      or carried_fee_won <> case when coalesce(moved, true) then least(coalesce(fee_won, 0), 0) else fee_won end`,
  'has lines whose fees are not the fee on what is left of the day': `
    select 'merchant ' || merchant_id || ', paid on ' || paid_on as place
    from settlement.line where issuer_id = ${issuer}
    group by merchant_id, program_id, paid_on
    having min(fee_basis_points) <> max(fee_basis_points)
      or sum(fee_won) <> div(
        greatest(sum(payments_won - cancellations_won), 0) * max(fee_basis_points), 10000)`,
  'was paid another amount than was settled, or not at all, or twice': `
    select coalesce(${place('m')}, 'payout operation ' || o.operation_id) as place
    from (
      select * from settlement.merchant_settlement where issuer_id = ${issuer} and payout_key is not null
    ) m
    full join (
      select p.operation_id, p.merchant_id,
        sum(t.amount_won) filter (where t.debit_kind = 'merchant_payable') as payable_won,
        coalesce(sum(t.amount_won) filter (where t.credit_kind = 'merchant_fee'), 0) as fee_won,
        (select y.payout_id from ledger.payout_step y
          where y.issuer_id = ${issuer} and y.operation_id = p.operation_id) as payout_id
      from ledger.operation p
      join ledger.transfer t on t.issuer_id = ${issuer} and t.operation_id = p.operation_id
      where p.issuer_id = ${issuer} and p.kind = 'payout' and p.decline is null
      group by p.operation_id, p.merchant_id
    ) o on o.operation_id = m.payout_key
    -- Where no run was ever made, nobody settles here, and there is nothing to compare with.
    where (m.payout_key is null
        and exists (select 1 from settlement.run r where r.issuer_id = ${issuer}))
      or (o.operation_id is null and m.outcome = 'paid')
      or (o.operation_id = m.payout_key and (
        o.merchant_id <> m.merchant_id or o.payable_won <> m.payable_won
        or o.fee_won <> greatest(m.fee_won, 0) or o.payout_id is distinct from m.payout_id))`,
  'says something else than was taken on the day': `
    select 'merchant ' || coalesce(l.merchant_id, t.merchant_id) || ', program '
      || coalesce(l.program_id, t.program_id) || ', paid on ' || coalesce(l.paid_on, t.paid_on)
      || ', settled on ' || coalesce(l.settlement_day, t.settlement_day) as place
    from (
      select * from settlement.line where issuer_id = ${issuer}
    ) l
    full join (${takings(issuer)}) t on t.merchant_id = l.merchant_id and t.program_id = l.program_id
      and t.paid_on = l.paid_on and t.settlement_day = l.settlement_day
    where l.merchant_id is null or t.merchant_id is null
      or l.payments_won <> t.payments_won or l.payments <> t.payments
      or l.cancellations_won <> t.cancellations_won or l.cancellations <> t.cancellations`,
})

const place = (row: string): string =>
  `'the settlement of merchant ' || ${row}.merchant_id || ' of ' || ${row}.settlement_day`

/** What was taken, from the journal alone, as far as merchants have come in the runs of its days. */
const takings = (issuer: number): string => `
  select v.merchant_id, v.program_id, v.paid_on, s.settlement_day,
    coalesce(sum(v.won) filter (where v.kind <> 'cancellation'), 0) as payments_won,
    count(distinct v.operation_id) filter (where v.kind <> 'cancellation') as payments,
    coalesce(sum(v.won) filter (where v.kind = 'cancellation'), 0) as cancellations_won,
    count(distinct v.operation_id) filter (where v.kind = 'cancellation') as cancellations
  from (
    select o.merchant_id, o.operation_id, o.kind, t.amount_won as won, l.program_id, own.day, paid.day as paid_on
    from ledger.operation o
    join ledger.transfer t on t.issuer_id = ${issuer} and t.operation_id = o.operation_id
      and 'merchant_payable' in (t.debit_kind, t.credit_kind)
    join ledger.lot l on l.issuer_id = ${issuer}
      and l.lot_id = case when o.kind = 'cancellation' then t.credit_id else t.debit_id end
    left join ledger.operation target on target.issuer_id = ${issuer} and target.operation_id = o.target_id
      and o.kind = 'cancellation'
    cross join lateral (
      select d.day from settlement.closed_day d
      where d.issuer_id = ${issuer} and d.until_at >= o.booked_at order by d.until_at limit 1
    ) own
    cross join lateral (
      select d.day from settlement.closed_day d
      where d.issuer_id = ${issuer} and d.until_at >= coalesce(target.booked_at, o.booked_at)
      order by d.until_at limit 1
    ) paid
    where o.issuer_id = ${issuer} and o.kind in ('payment', 'capture', 'cancellation')
      and o.decline is null and o.partner_id is null
  ) v
  join settlement.program_day s on s.issuer_id = ${issuer} and s.program_id = v.program_id and s.day = v.day
  join settlement.run r on r.issuer_id = ${issuer} and r.settlement_day = s.settlement_day
    and (r.state = 'closed' or r.reached >= v.merchant_id)
  group by v.merchant_id, v.program_id, v.paid_on, s.settlement_day`
