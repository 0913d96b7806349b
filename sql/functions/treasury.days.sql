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

-- What only one side had at the end of a day; of the bank's what funders paid in and interest; and what the bank lacks
-- of the ledger, key by key (zero or below).
drop function if exists treasury.open_at(integer, date);
create or replace function treasury.open_sums(p_issuer_id integer, p_business_date date)
returns table (
  bank_won bigint, bank_count integer, ledger_won bigint, ledger_count integer,
  funders_won bigint, interest_won bigint, lacking_won bigint
)
language sql
stable
security definer
set search_path = treasury, pg_temp
as $$
  with item as (
    select coalesce(e.match_key, 'entry:' || e.entry_number) as key, e.amount_won as bank_won, null::bigint as ledger_won,
      e.decision ->> 'as' as taken_as
    from bank_entry e
    where e.issuer_id = p_issuer_id and e.business_date <= p_business_date
      and (e.settled_on is null or e.settled_on > p_business_date)
    union all
    select f.match_key, null, f.amount_won, null
    from fund_entry f
    where f.issuer_id = p_issuer_id and f.business_date <= p_business_date
      and (f.settled_on is null or f.settled_on > p_business_date)
  ), keyed as (
    select sum(i.bank_won) as bank_won, count(i.bank_won) as bank_count, sum(i.ledger_won) as ledger_won,
      count(i.ledger_won) as ledger_count,
      sum(i.bank_won) filter (where i.taken_as = 'funder_payment') as funders_won,
      sum(i.bank_won) filter (where i.taken_as = 'fund_interest') as interest_won,
      least(coalesce(sum(i.bank_won), 0) - coalesce(sum(i.ledger_won), 0), 0) as lacking_won
    from item i
    group by i.key
  )
  select coalesce(sum(k.bank_won), 0)::bigint, coalesce(sum(k.bank_count), 0)::integer,
    coalesce(sum(k.ledger_won), 0)::bigint, coalesce(sum(k.ledger_count), 0)::integer,
    coalesce(sum(k.funders_won), 0)::bigint, coalesce(sum(k.interest_won), 0)::bigint,
    coalesce(sum(k.lacking_won), 0)::bigint
  from keyed k
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
