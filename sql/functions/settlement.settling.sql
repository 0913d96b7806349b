-- What a run finds of merchants, and what it writes about them.

-- The next merchants by number, with what was carried to them, and for each day of paying what some programs' days hold.
-- Reads by merchant, so that a page costs what its merchants took and nothing else; steps from merchant to merchant over
-- an index, so that nobody who ever took money is left out. Days that are not closed yet may be asked for: a look ahead.
-- The planner is told its plan: every table is entered by an index whose first columns are known.
create or replace function settlement.find_merchants(
  p_issuer_id integer, p_program_ids bigint[], p_days date[], p_from_at timestamptz[], p_until_at timestamptz[],
  p_after bigint, p_limit integer
) returns table (
  merchant_id bigint, outcome text, reason text, payable_won bigint, fee_won bigint,
  program_id bigint, paid_on text, paid_until_at timestamptz, payments_won bigint, payments integer,
  cancellations_won bigint, cancellations integer, settled_won bigint, settled_fee_won bigint
)
language sql
stable
security definer
set search_path = settlement, ledger, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
set enable_bitmapscan = off
as $$
  with recursive merchant as (
    select (
      select o.merchant_id from operation o
      where o.issuer_id = p_issuer_id and o.merchant_id > p_after order by o.merchant_id limit 1) as merchant_id,
      1 as turn
    union all
    select (
      select o.merchant_id from operation o
      where o.issuer_id = p_issuer_id and o.merchant_id > m.merchant_id order by o.merchant_id limit 1),
      m.turn + 1
    from merchant m
    where m.merchant_id is not null and m.turn < p_limit
  ), span as (
    select min(u.from_at) as from_at, max(u.until_at) as until_at
    from unnest(p_from_at, p_until_at) as u (from_at, until_at)
  ), moved as (
    select m.merchant_id, o.operation_id, l.program_id, o.is_cancellation,
      coalesce(paid.booked_at, o.booked_at) as paid_at, t.amount_won,
      coalesce(
        (select d.day from closed_day d
          where d.issuer_id = p_issuer_id and d.until_at >= o.booked_at order by d.until_at limit 1),
        (select u.day from unnest(p_days, p_until_at) as u (day, until_at)
          where u.until_at >= o.booked_at order by u.until_at limit 1)) as day
    from merchant m
    cross join span
    cross join lateral (
      select o.operation_id, o.booked_at, o.target_id, o.kind = 'cancellation' as is_cancellation
      from operation o
      where o.issuer_id = p_issuer_id and o.merchant_id = m.merchant_id
        and o.booked_at > span.from_at and o.booked_at <= span.until_at
        and o.kind in ('payment', 'capture', 'cancellation') and o.decline is null and o.partner_id is null
      offset 0
    ) o
    cross join lateral (
      select t.amount_won, case when o.is_cancellation then t.credit_id else t.debit_id end as lot_id
      from transfer t
      where t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
        and case when o.is_cancellation then t.debit_kind else t.credit_kind end = 'merchant_payable'
      offset 0
    ) t
    cross join lateral (
      select l.program_id from lot l where l.issuer_id = p_issuer_id and l.lot_id = t.lot_id offset 0
    ) l
    left join lateral (
      select p.booked_at from operation p
      where p.issuer_id = p_issuer_id and p.operation_id = o.target_id and o.is_cancellation
      offset 0
    ) paid on true
  ), share as (
    select v.merchant_id, v.program_id, v.is_cancellation, v.operation_id, sum(v.amount_won) as won,
      coalesce(
        (select d.day from closed_day d
          where d.issuer_id = p_issuer_id and d.until_at >= v.paid_at order by d.until_at limit 1),
        (select u.day from unnest(p_days, p_until_at) as u (day, until_at)
          where u.until_at >= v.paid_at order by u.until_at limit 1)) as paid_on
    from moved v
    -- Hidden in coalesce so that it stays a hashed look-up.
    where coalesce((v.program_id, v.day) in (
      select u.program_id, u.day from unnest(p_program_ids, p_days) as u (program_id, day)), false)
    group by v.merchant_id, v.program_id, v.is_cancellation, v.operation_id, v.paid_at
  ), found as (
    select s.merchant_id, s.program_id, s.paid_on,
      coalesce(sum(s.won) filter (where not s.is_cancellation), 0)::bigint as payments_won,
      (count(*) filter (where not s.is_cancellation))::integer as payments,
      coalesce(sum(s.won) filter (where s.is_cancellation), 0)::bigint as cancellations_won,
      (count(*) filter (where s.is_cancellation))::integer as cancellations
    from share s
    group by s.merchant_id, s.program_id, s.paid_on
  )
  select m.merchant_id, newest.outcome::text, newest.reason, newest.payable_won, newest.fee_won,
    f.program_id, f.paid_on::text,
    coalesce(
      (select d.until_at from closed_day d where d.issuer_id = p_issuer_id and d.day = f.paid_on),
      (select u.until_at from unnest(p_days, p_until_at) as u (day, until_at) where u.day = f.paid_on limit 1)),
    f.payments_won, f.payments, f.cancellations_won, f.cancellations, before.won, before.fee_won
  from merchant m
  left join lateral (
    select n.outcome, n.reason, n.payable_won, n.fee_won from merchant_settlement n
    where n.issuer_id = p_issuer_id and n.merchant_id = m.merchant_id
    order by n.settlement_day desc limit 1
  ) newest on true
  left join found f on f.merchant_id = m.merchant_id
  left join lateral (
    select coalesce(sum(l.payments_won - l.cancellations_won), 0)::bigint as won,
      coalesce(sum(l.fee_won), 0)::bigint as fee_won
    from line l
    where l.issuer_id = p_issuer_id and l.merchant_id = f.merchant_id and l.program_id = f.program_id
      and l.paid_on = f.paid_on
  ) before on true
  where m.merchant_id is not null
  order by m.merchant_id, f.paid_on, f.program_id
$$;

-- Writes what was decided about all merchants after p_after up to p_reached, all or nothing, and moves the run there.
-- False where the run is elsewhere by now: another worker was faster.
create or replace function settlement.fix_settlements(
  p_issuer_id integer, p_settlement_day date, p_after bigint, p_reached bigint,
  p_merchant_ids bigint[], p_outcomes settlement.outcome[], p_reasons text[],
  p_carried_payables_won bigint[], p_carried_fees_won bigint[], p_payout_ids bigint[], p_payout_keys uuid[],
  p_bank_codes text[], p_account_numbers text[], p_holder_names text[],
  p_line_merchant_ids bigint[], p_program_ids bigint[], p_paid_on date[], p_payments_won bigint[], p_payments integer[],
  p_cancellations_won bigint[], p_cancellations integer[], p_fee_basis_points integer[], p_fees_won bigint[]
) returns boolean
language plpgsql
security definer
set search_path = settlement, pg_temp
set lock_timeout = '2s'
as $$
begin
  update run r
  set reached = p_reached
  where r.issuer_id = p_issuer_id and r.settlement_day = p_settlement_day and r.state = 'open' and r.reached = p_after;
  if not found then
    return false;
  end if;
  insert into merchant_settlement (issuer_id, merchant_id, settlement_day, outcome, reason, carried_payable_won,
    carried_fee_won, payments_won, payments, cancellations_won, cancellations, line_fee_won, payable_won, fee_won,
    payout_id, payout_key, bank_code, account_number, holder_name)
  select p_issuer_id, u.merchant_id, p_settlement_day, u.outcome, u.reason, u.carried_payable_won, u.carried_fee_won,
    coalesce(l.payments_won, 0), coalesce(l.payments, 0), coalesce(l.cancellations_won, 0),
    coalesce(l.cancellations, 0), coalesce(l.fee_won, 0),
    u.carried_payable_won + coalesce(l.payments_won - l.cancellations_won, 0),
    u.carried_fee_won + coalesce(l.fee_won, 0),
    u.payout_id, u.payout_key, u.bank_code, u.account_number, u.holder_name
  from unnest(p_merchant_ids, p_outcomes, p_reasons, p_carried_payables_won, p_carried_fees_won, p_payout_ids,
      p_payout_keys, p_bank_codes, p_account_numbers, p_holder_names)
    as u (merchant_id, outcome, reason, carried_payable_won, carried_fee_won, payout_id, payout_key, bank_code,
      account_number, holder_name)
  left join (
    select e.merchant_id, sum(e.payments_won)::bigint as payments_won, sum(e.payments)::integer as payments,
      sum(e.cancellations_won)::bigint as cancellations_won, sum(e.cancellations)::integer as cancellations,
      sum(e.fee_won)::bigint as fee_won
    from unnest(p_line_merchant_ids, p_payments_won, p_payments, p_cancellations_won, p_cancellations, p_fees_won)
      as e (merchant_id, payments_won, payments, cancellations_won, cancellations, fee_won)
    group by e.merchant_id
  ) l on l.merchant_id = u.merchant_id
  order by u.merchant_id;
  insert into line (issuer_id, merchant_id, program_id, paid_on, settlement_day, payments_won, payments,
    cancellations_won, cancellations, fee_basis_points, fee_won)
  select p_issuer_id, e.merchant_id, e.program_id, e.paid_on, p_settlement_day, e.payments_won, e.payments,
    e.cancellations_won, e.cancellations, e.fee_basis_points, e.fee_won
  from unnest(p_line_merchant_ids, p_program_ids, p_paid_on, p_payments_won, p_payments, p_cancellations_won,
      p_cancellations, p_fee_basis_points, p_fees_won)
    as e (merchant_id, program_id, paid_on, payments_won, payments, cancellations_won, cancellations,
      fee_basis_points, fee_won)
  order by e.merchant_id, e.program_id, e.paid_on;
  return true;
end
$$;

-- Settlements of a run that wait for their payout, by merchant.
create or replace function settlement.due_settlements(p_issuer_id integer, p_settlement_day date, p_limit integer)
returns table (
  settlement_day text, merchant_id bigint, payable_won bigint, fee_won bigint, payout_id bigint, payout_key uuid,
  bank_code text, account_number text, holder_name text
)
language sql
stable
security definer
set search_path = settlement, pg_temp
as $$
  select m.settlement_day::text, m.merchant_id, m.payable_won, m.fee_won, m.payout_id, m.payout_key, m.bank_code,
    m.account_number, m.holder_name
  from merchant_settlement m
  where m.issuer_id = p_issuer_id and m.settlement_day = p_settlement_day and m.outcome = 'due'
  order by m.merchant_id
  limit p_limit
$$;

-- What was moved is paid. Repeating is harmless.
create or replace function settlement.mark_paid(p_issuer_id integer, p_settlement_day date, p_merchant_ids bigint[])
returns void
language sql
security definer
set search_path = settlement, pg_temp
set lock_timeout = '2s'
as $$
  update merchant_settlement m
  set outcome = 'paid'
  where m.issuer_id = p_issuer_id and m.settlement_day = p_settlement_day and m.merchant_id = any (p_merchant_ids)
    and m.outcome = 'due'
$$;
