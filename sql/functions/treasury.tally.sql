-- Adding up the journal, once, as it grows: balances by kind of account and day, and the entries of the fund.

-- Adds up the next operations, about p_limit, up to but without p_until and within one Korean day. Returns how far the
-- tally has come. Nothing may be booked before p_until any more: the caller stays well behind the clock.
create or replace function treasury.advance_tally(
  p_issuer_id integer, p_until timestamptz, p_limit integer, p_by_file boolean
) returns timestamptz
language plpgsql
security definer
set search_path = treasury, ledger, pg_temp
set lock_timeout = '2s'
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_from timestamptz;
  v_until timestamptz;
  v_full timestamptz;
  v_date date;
  v_before date;
begin
  insert into tally (issuer_id, reached_at)
  select p_issuer_id, coalesce(
    (select date_trunc('day', o.booked_at, 'Asia/Seoul') from operation o
     where o.issuer_id = p_issuer_id and o.booked_at > '2000-01-01T00:00:00Z' order by o.booked_at limit 1),
    date_trunc('day', p_until, 'Asia/Seoul'))
  on conflict (issuer_id) do nothing;
  select t.reached_at into strict v_from from tally t where t.issuer_id = p_issuer_id for update;
  if v_from >= p_until then
    return v_from;
  end if;
  v_date := (v_from at time zone 'Asia/Seoul')::date;
  v_until := least(p_until, ((v_date + 1)::timestamp at time zone 'Asia/Seoul'));
  select o.booked_at into v_full from operation o
  where o.issuer_id = p_issuer_id and o.booked_at >= v_from and o.booked_at < v_until
    and o.booked_at > '2000-01-01T00:00:00Z'
  order by o.booked_at offset p_limit limit 1;
  if v_full is not null then
    -- All of one instant together; else a crowded instant would never be passed.
    v_until := greatest(v_full, v_from + interval '1 millisecond');
  end if;

  if not exists (select 1 from balance b where b.issuer_id = p_issuer_id and b.business_date = v_date) then
    select max(b.business_date) into v_before from balance b
    where b.issuer_id = p_issuer_id and b.business_date < v_date;
    insert into balance (issuer_id, business_date, account_kind, account_id, balance_won)
    select p_issuer_id, v_date, b.account_kind, b.account_id, b.balance_won
    from balance b where b.issuer_id = p_issuer_id and b.business_date = v_before;
  end if;
  insert into balance (issuer_id, business_date, account_kind, account_id, balance_won)
  select p_issuer_id, v_date, s.kind, s.id, sum(s.won)
  from operation o
  join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
  cross join lateral (values
    (t.debit_kind, case when t.debit_kind = 'subsidy_receivable' then t.debit_id else 0 end, t.amount_won),
    (t.credit_kind, case when t.credit_kind = 'subsidy_receivable' then t.credit_id else 0 end, - t.amount_won)
  ) as s (kind, id, won)
  where o.issuer_id = p_issuer_id and o.booked_at >= v_from and o.booked_at < v_until
    and o.booked_at > '2000-01-01T00:00:00Z'
  group by s.kind, s.id
  order by s.kind, s.id
  on conflict (issuer_id, business_date, account_kind, account_id)
    do update set balance_won = balance.balance_won + excluded.balance_won;

  insert into fund_entry (issuer_id, operation_id, business_date, amount_won, match_key)
  select p_issuer_id, o.operation_id, v_date,
    sum(case when t.debit_kind = 'operating_fund' then t.amount_won else - t.amount_won end),
    coalesce(
      (select case when p_by_file then 'file:' || c.payout_file else 'payout:' || c.payout_id end
       from outcome c where c.issuer_id = p_issuer_id and c.operation_id = o.operation_id),
      case when o.kind = 'issue' then 'purchase:' || o.target_id end,
      'operation:' || o.operation_id)
  from operation o
  join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    and (t.debit_kind = 'operating_fund') <> (t.credit_kind = 'operating_fund')
  where o.issuer_id = p_issuer_id and o.booked_at >= v_from and o.booked_at < v_until
    and o.booked_at > '2000-01-01T00:00:00Z'
  group by o.operation_id, o.kind, o.target_id
  order by o.operation_id
  on conflict (issuer_id, operation_id) do nothing;

  update tally t set reached_at = v_until where t.issuer_id = p_issuer_id;
  return v_until;
end
$$;

create or replace function treasury.read_balances(p_issuer_id integer, p_business_date date)
returns table (account_kind text, account_id bigint, balance_won bigint)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select b.account_kind::text, b.account_id, b.balance_won
  from balance b
  where b.issuer_id = p_issuer_id and b.business_date = p_business_date
  order by b.account_kind, b.account_id
$$;
