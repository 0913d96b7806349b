-- Figures of days: counting one from the journal, keeping it, and reading those that are kept.

-- Where an issuer stands: the last day that is kept, and the first instant at which anything was booked.
create or replace function reporting.standing(p_issuer_id integer)
returns table (last_day text, first_booked_at timestamptz)
language sql
stable
security definer
set search_path = reporting, ledger, pg_temp
as $$
  select (select max(d.day)::text from reporting.day d where d.issuer_id = p_issuer_id),
    (select o.booked_at from operation o
      where o.issuer_id = p_issuer_id and o.booked_at > '2000-01-01T00:00:00Z' order by o.booked_at limit 1)
$$;

-- What moved into lots and out of them, from an instant until just before another: by what moved it, program, kind of
-- lot and place. Between a lot and what is held of it nothing has moved in this sense.
create or replace function reporting.lot_flows(p_issuer_id integer, p_from timestamptz, p_until timestamptz)
returns table (
  operation_kind text, debit_kind text, credit_kind text, program_id bigint, lot_kind text, merchant_id bigint,
  outlet_id bigint, amount_won bigint, count integer
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select o.kind::text, t.debit_kind::text, t.credit_kind::text, l.program_id, l.kind::text, o.merchant_id, o.outlet_id,
    sum(t.amount_won)::bigint, count(distinct o.operation_id)::integer
  from operation o
  join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    and (t.debit_kind in ('lot', 'lot_hold')) <> (t.credit_kind in ('lot', 'lot_hold'))
  join lot l on l.issuer_id = p_issuer_id
    and l.lot_id = case when t.debit_kind in ('lot', 'lot_hold') then t.debit_id else t.credit_id end
  where o.issuer_id = p_issuer_id and o.decline is null
    and o.booked_at > '2000-01-01T00:00:00Z' and o.booked_at >= p_from and o.booked_at < p_until
  group by 1, 2, 3, 4, 5, 6, 7
$$;

-- Debits and credits by kind of account, of funders also by id.
create or replace function reporting.account_flows(p_issuer_id integer, p_from timestamptz, p_until timestamptz)
returns table (account_kind text, account_id bigint, debit_won bigint, credit_won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select s.account_kind::text, s.account_id, sum(s.debit_won)::bigint, sum(s.credit_won)::bigint
  from operation o
  join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
  cross join lateral (values
    (t.debit_kind, case when t.debit_kind = 'subsidy_receivable' then t.debit_id else 0 end, t.amount_won, 0::bigint),
    (t.credit_kind, case when t.credit_kind = 'subsidy_receivable' then t.credit_id else 0 end, 0, t.amount_won)
  ) as s (account_kind, account_id, debit_won, credit_won)
  where o.issuer_id = p_issuer_id and o.decline is null
    and o.booked_at > '2000-01-01T00:00:00Z' and o.booked_at >= p_from and o.booked_at < p_until
  group by 1, 2
$$;

-- Keeps a day with all its figures, in one commit. A day that is kept stays as it is: false.
create or replace function reporting.keep_day(
  p_issuer_id integer,
  p_day date,
  p_from timestamptz,
  p_until timestamptz,
  p_flows text[],
  p_program_ids bigint[],
  p_lot_kinds ledger.lot_kind[],
  p_sectors text[],
  p_districts text[],
  p_amounts_won bigint[],
  p_counts integer[],
  p_account_kinds ledger.account_kind[],
  p_account_ids bigint[],
  p_debits_won bigint[],
  p_credits_won bigint[]
) returns boolean
language plpgsql
security definer
set search_path = reporting, ledger, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_inserted integer;
begin
  insert into reporting.day (issuer_id, day, from_at, until_at) values (p_issuer_id, p_day, p_from, p_until)
  on conflict (issuer_id, day) do nothing;
  get diagnostics v_inserted = row_count;
  if v_inserted = 0 then
    return false;
  end if;
  insert into reporting.day_flow (issuer_id, day, line, flow, program_id, lot_kind, sector, district, amount_won, count)
  select p_issuer_id, p_day, u.line, u.flow, u.program_id, u.lot_kind, u.sector, u.district, u.amount_won, u.count
  from unnest(p_flows, p_program_ids, p_lot_kinds, p_sectors, p_districts, p_amounts_won, p_counts)
    with ordinality as u (flow, program_id, lot_kind, sector, district, amount_won, count, line);
  insert into reporting.day_account (issuer_id, day, account_kind, account_id, debit_won, credit_won)
  select p_issuer_id, p_day, u.account_kind, u.account_id, u.debit_won, u.credit_won
  from unnest(p_account_kinds, p_account_ids, p_debits_won, p_credits_won)
    as u (account_kind, account_id, debit_won, credit_won);
  return true;
end
$$;

-- The days that are kept from a day through another, in order.
create or replace function reporting.days(p_issuer_id integer, p_from date, p_through date)
returns table (day text)
language sql
stable
security definer
set search_path = reporting, pg_temp
as $$
  select d.day::text from reporting.day d
  where d.issuer_id = p_issuer_id and d.day between p_from and p_through
  order by d.day
$$;

-- Flows of days from one through another: of each day (p_by_day) or of all together.
create or replace function reporting.day_flows(p_issuer_id integer, p_from date, p_through date, p_by_day boolean)
returns table (
  day text, flow text, program_id bigint, lot_kind text, sector text, district text, amount_won bigint, count bigint
)
language sql
stable
security definer
set search_path = reporting, ledger, pg_temp
as $$
  select case when p_by_day then f.day::text end, f.flow, f.program_id, f.lot_kind::text, f.sector, f.district,
    sum(f.amount_won)::bigint, sum(f.count)::bigint
  from reporting.day_flow f
  where f.issuer_id = p_issuer_id and f.day between p_from and p_through
  group by 1, 2, 3, 4, 5, 6
  order by 1, 3, 4, 2, 5, 6
$$;

-- Debits and credits by kind of account of all kept days from one through another together.
create or replace function reporting.day_accounts(p_issuer_id integer, p_from date, p_through date)
returns table (account_kind text, account_id bigint, debit_won bigint, credit_won bigint)
language sql
stable
security definer
set search_path = reporting, ledger, pg_temp
as $$
  select a.account_kind::text, a.account_id, sum(a.debit_won)::bigint, sum(a.credit_won)::bigint
  from reporting.day_account a
  where a.issuer_id = p_issuer_id and a.day between p_from and p_through
  group by 1, 2
  order by 1, 2
$$;

-- What one wallet used, less what was given back, by program, kind of lot and place, from an instant until just before
-- another. A use is taken back on the day of the cancellation.
create or replace function reporting.wallet_use(
  p_issuer_id integer, p_wallet_id bigint, p_from timestamptz, p_until timestamptz
) returns table (program_id bigint, lot_kind text, merchant_id bigint, used_won bigint, count integer)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select l.program_id, l.kind::text, o.merchant_id,
    sum(case when t.debit_kind in ('lot', 'lot_hold') then t.amount_won else -t.amount_won end)::bigint,
    count(distinct o.operation_id)::integer
  from operation o
  join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    and (t.debit_kind in ('lot', 'lot_hold')) <> (t.credit_kind in ('lot', 'lot_hold'))
  join lot l on l.issuer_id = p_issuer_id
    and l.lot_id = case when t.debit_kind in ('lot', 'lot_hold') then t.debit_id else t.credit_id end
  where o.issuer_id = p_issuer_id and o.wallet_id = p_wallet_id and o.decline is null
    and o.kind in ('payment', 'capture', 'cancellation') and o.booked_at >= p_from and o.booked_at < p_until
  group by 1, 2, 3
  order by 1, 2, 3
$$;
