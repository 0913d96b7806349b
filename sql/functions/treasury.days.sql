-- The two sides of the fund's account, and what a day came to.

-- All items of the next keys after one of them that have open items, at most p_keys keys, by key.
create or replace function treasury.open_items(p_issuer_id integer, p_after_key text, p_keys integer)
returns table (match_key text, from_bank boolean, item_id text, business_date text, amount_won bigint)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  with next as (
    select n.match_key from (
      (select distinct e.match_key collate "C" as match_key from bank_entry e
       where e.issuer_id = p_issuer_id and e.settled_on is null and e.match_key collate "C" > p_after_key
       order by 1 limit p_keys)
      union
      (select distinct f.match_key collate "C" from fund_entry f
       where f.issuer_id = p_issuer_id and f.settled_on is null and f.match_key collate "C" > p_after_key
       order by 1 limit p_keys)
    ) n
    order by n.match_key
    limit p_keys
  )
  select i.match_key, i.from_bank, i.item_id, i.business_date::text, i.amount_won
  from (
    select e.match_key, true as from_bank, e.entry_number as item_id, e.business_date, e.amount_won
    from next n
    join bank_entry e on e.issuer_id = p_issuer_id and e.match_key = n.match_key and e.settled_on is null
    union all
    select f.match_key, false, f.operation_id::text, f.business_date, f.amount_won
    from next n
    join fund_entry f on f.issuer_id = p_issuer_id and f.match_key = n.match_key and f.settled_on is null
  ) i
  order by i.match_key collate "C", i.from_bank desc, i.item_id
$$;

-- Items that came to the same as their other side, on the later of both days.
create or replace function treasury.settle_items(
  p_issuer_id integer, p_entry_numbers text[], p_entry_days date[], p_operation_ids uuid[], p_operation_days date[]
) returns void
language plpgsql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
begin
  update bank_entry e set settled_on = u.settled_on
  from unnest(p_entry_numbers, p_entry_days) as u (entry_number, settled_on)
  where e.issuer_id = p_issuer_id and e.entry_number = u.entry_number and e.settled_on is null;
  update fund_entry f set settled_on = u.settled_on
  from unnest(p_operation_ids, p_operation_days) as u (operation_id, settled_on)
  where f.issuer_id = p_issuer_id and f.operation_id = u.operation_id and f.settled_on is null;
end
$$;

-- What only one side had at the end of a day.
create or replace function treasury.open_at(p_issuer_id integer, p_business_date date)
returns table (bank_won bigint, bank_count integer, ledger_won bigint, ledger_count integer)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select b.won, b.count, f.won, f.count
  from (
    select coalesce(sum(e.amount_won), 0)::bigint as won, count(*)::integer as count from bank_entry e
    where e.issuer_id = p_issuer_id and e.business_date <= p_business_date
      and (e.settled_on is null or e.settled_on > p_business_date)
  ) b
  cross join (
    select coalesce(sum(f.amount_won), 0)::bigint as won, count(*)::integer as count from fund_entry f
    where f.issuer_id = p_issuer_id and f.business_date <= p_business_date
      and (f.settled_on is null or f.settled_on > p_business_date)
  ) f
$$;

-- What a day came to, written anew.
create or replace function treasury.record_day(
  p_issuer_id integer, p_business_date date, p_computed_at timestamptz, p_body jsonb
) returns void
language sql
security definer
set search_path = treasury, pg_temp
set lock_timeout = '2s'
as $$
  insert into day (issuer_id, business_date, computed_at, body)
  values (p_issuer_id, p_business_date, p_computed_at, p_body)
  on conflict (issuer_id, business_date) do update set computed_at = excluded.computed_at, body = excluded.body
$$;

create or replace function treasury.read_days(p_issuer_id integer, p_before date, p_limit integer)
returns table (body jsonb)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  select d.body
  from day d
  where d.issuer_id = p_issuer_id and (p_before is null or d.business_date < p_before)
  order by d.business_date desc
  limit p_limit
$$;
