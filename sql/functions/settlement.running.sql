-- Days and runs of settlement. Every function is idempotent; none locks what a payment wants.

-- Where an issuer stands: the day of its first operation, the day closed last, the newest run.
create or replace function settlement.position(p_issuer_id integer)
returns table (
  first_day text, last_day text, last_from_at timestamptz, last_until_at timestamptz,
  settlement_day text, state text, until_at timestamptz, minimum_payout_won bigint, reached bigint,
  opened_at timestamptz, closed_at timestamptz
)
language sql
stable
security definer
set search_path = settlement, ledger, pg_temp
as $$
  select
    (select to_char(o.booked_at at time zone 'Asia/Seoul', 'YYYY-MM-DD')
      from operation o
      where o.issuer_id = p_issuer_id and o.booked_at > '2000-01-01T00:00:00Z'
      order by o.booked_at limit 1),
    d.day::text, d.from_at, d.until_at,
    r.settlement_day::text, r.state::text, r.until_at, r.minimum_payout_won, r.reached, r.opened_at, r.closed_at
  from (values (true)) as one (present)
  left join lateral (
    select c.day, c.from_at, c.until_at from closed_day c
    where c.issuer_id = p_issuer_id order by c.day desc limit 1
  ) d on true
  left join lateral (
    select u.settlement_day, u.state, u.until_at, u.minimum_payout_won, u.reached, u.opened_at, u.closed_at from run u
    where u.issuer_id = p_issuer_id order by u.settlement_day desc limit 1
  ) r on true
$$;

-- Appends days, each where the one before ended; one that does not fit there any more is left out.
create or replace function settlement.close_days(
  p_issuer_id integer, p_days date[], p_from_at timestamptz[], p_until_at timestamptz[]
) returns void
language plpgsql
security definer
set search_path = settlement, pg_temp
set lock_timeout = '2s'
as $$
begin
  for v_position in 1..cardinality(p_days) loop
    insert into closed_day (issuer_id, day, from_at, until_at)
    select p_issuer_id, p_days[v_position], p_from_at[v_position], p_until_at[v_position]
    where p_from_at[v_position] = coalesce(
      (select d.until_at from closed_day d where d.issuer_id = p_issuer_id order by d.day desc limit 1),
      p_from_at[v_position])
    on conflict do nothing;
  end loop;
end
$$;

-- Closed days of programs that no run has settled, oldest first.
create or replace function settlement.unsettled_days(p_issuer_id integer, p_program_ids bigint[])
returns table (program_id bigint, day text, from_at timestamptz, until_at timestamptz)
language sql
stable
security definer
set search_path = settlement, pg_temp
as $$
  select u.program_id, d.day::text, d.from_at, d.until_at
  from closed_day d
  cross join unnest(p_program_ids) with ordinality as u (program_id, turn)
  where d.issuer_id = p_issuer_id and not exists (
    select 1 from program_day s
    where s.issuer_id = p_issuer_id and s.program_id = u.program_id and s.day = d.day)
  order by d.day, u.turn
$$;

-- What a run settles.
create or replace function settlement.program_days_of(p_issuer_id integer, p_settlement_day date)
returns table (program_id bigint, day text, from_at timestamptz, until_at timestamptz)
language sql
stable
security definer
set search_path = settlement, pg_temp
as $$
  select s.program_id, d.day::text, d.from_at, d.until_at
  from program_day s
  join closed_day d on d.issuer_id = p_issuer_id and d.day = s.day
  where s.issuer_id = p_issuer_id and s.settlement_day = p_settlement_day
  order by d.day, s.program_id
$$;

-- Opens a run with what it settles; a day that another run has settled since stays with that run. Nothing happens where
-- a run of that day or a later one is there, or any is open.
create or replace function settlement.open_run(
  p_issuer_id integer, p_settlement_day date, p_until_at timestamptz, p_minimum_payout_won bigint,
  p_program_ids bigint[], p_days date[], p_at timestamptz
) returns void
language plpgsql
security definer
set search_path = settlement, pg_temp
set lock_timeout = '2s'
as $$
begin
  insert into run (issuer_id, settlement_day, state, until_at, minimum_payout_won, reached, opened_at)
  select p_issuer_id, p_settlement_day, 'open', p_until_at, p_minimum_payout_won, 0, p_at
  where not exists (
    select 1 from run r
    where r.issuer_id = p_issuer_id and (r.state = 'open' or r.settlement_day >= p_settlement_day))
  on conflict do nothing;
  if not found then
    return;
  end if;
  insert into program_day (issuer_id, program_id, day, settlement_day)
  select p_issuer_id, u.program_id, u.day, p_settlement_day
  from unnest(p_program_ids, p_days) as u (program_id, day)
  order by u.program_id, u.day
  on conflict do nothing;
end
$$;

-- True when a seal covers everything up to an instant: nothing can be booked there any more. The boundary in
-- issuer_head says less, for it moves before the last posting under it has ended. Where all that was booked is sealed,
-- and only the boundary is not there yet, it is announced; the sealer seals it, even with nothing in it.
create or replace function settlement.sealed_until(p_issuer_id integer, p_at timestamptz)
returns boolean
language plpgsql
security definer
set search_path = settlement, ledger, registry, pg_temp
set lock_timeout = '2s'
as $$
begin
  if p_at <= (
    select s.until_at from seal s where s.issuer_id = p_issuer_id order by s.segment desc limit 1)
  then
    return true;
  end if;
  if ledger.seal_boundary(p_issuer_id, p_at, 1) is null then
    perform 1 from ledger.seal_announce(p_issuer_id, p_at);
  end if;
  return false;
end
$$;

-- Closes a run in which nothing is due.
create or replace function settlement.close_run(p_issuer_id integer, p_settlement_day date, p_at timestamptz)
returns void
language sql
security definer
set search_path = settlement, pg_temp
set lock_timeout = '2s'
as $$
  update run r
  set state = 'closed', closed_at = p_at
  where r.issuer_id = p_issuer_id and r.settlement_day = p_settlement_day and r.state = 'open'
    and not exists (
      select 1 from merchant_settlement m
      where m.issuer_id = p_issuer_id and m.settlement_day = p_settlement_day and m.outcome = 'due')
$$;
