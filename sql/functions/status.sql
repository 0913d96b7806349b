-- How every issuer stands, for whoever watches over all of them: one statement of a kind, never one for each issuer.
-- Where an issuer has nothing of a kind it has no row.

-- The newest seal, and when the oldest operation after the sealed boundary was booked.
-- across issuers: operators watch over all of them; off the payment path.
create or replace function ledger.seal_positions()
returns table (issuer_id integer, segment integer, until_at timestamptz, unsealed_since timestamptz)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select h.issuer_id, s.segment, s.until_at, o.booked_at
  from issuer_head h
  left join lateral (
    select n.segment, n.until_at from seal n where n.issuer_id = h.issuer_id order by n.segment desc limit 1
  ) s on true
  left join lateral (
    select w.booked_at from operation w
    where w.issuer_id = h.issuer_id and w.booked_at > h.sealed_until and w.booked_at > '2000-01-01T00:00:00Z'
    order by w.booked_at limit 1
  ) o on true
  where s.segment is not null or o.booked_at is not null
$$;

-- Cases that nobody has closed, and how many of them are late at an instant.
-- across issuers: operators watch over all of them; off the payment path.
create or replace function registry.open_cases(p_at timestamptz)
returns table (issuer_id integer, open_cases integer, late_cases integer)
language sql
stable
security definer
set search_path = registry, ledger, pg_temp
as $$
  select h.issuer_id, count(*)::integer,
    (count(*) filter (where (n.body ->> 'dueAt')::bigint < extract(epoch from p_at) * 1000))::integer
  from issuer_head h
  cross join lateral (
    select distinct on (r.record_id) r.body from record r
    where r.issuer_id = h.issuer_id and r.kind = 'case'
    order by r.record_id, r.version desc
  ) n
  where n.body ->> 'state' = 'open'
  group by h.issuer_id
$$;

-- The newest day of each fund.
-- across issuers: operators watch over all of them; off the payment path.
create or replace function treasury.newest_days()
returns table (issuer_id integer, business_date text, breaks integer, short_won bigint)
language sql
stable
security definer
set search_path = treasury, ledger, pg_temp
as $$
  select h.issuer_id, d.business_date::text, (d.body ->> 'breakCount')::integer, (d.body ->> 'shortWon')::bigint
  from issuer_head h
  cross join lateral (
    select n.business_date, n.body from day n
    where n.issuer_id = h.issuer_id order by n.business_date desc limit 1
  ) d
$$;

-- The newest settlement run of each, and how many merchants it held back.
-- across issuers: operators watch over all of them; off the payment path.
create or replace function settlement.newest_runs()
returns table (issuer_id integer, settlement_day text, state text, held integer)
language sql
stable
security definer
set search_path = settlement, ledger, pg_temp
as $$
  select h.issuer_id, u.settlement_day::text, u.state::text, (
    select count(*)::integer from merchant_settlement m
    where m.issuer_id = h.issuer_id and m.settlement_day = u.settlement_day and m.outcome = 'held')
  from issuer_head h
  cross join lateral (
    select n.settlement_day, n.state from run n
    where n.issuer_id = h.issuer_id order by n.settlement_day desc limit 1
  ) u
$$;

-- Jobs that failed, the operator's own under issuer 0.
-- across issuers: operators watch over all of them; off the payment path.
create or replace function clockwork.failed_jobs()
returns table (issuer_id integer, failed_jobs integer)
language sql
stable
security definer
set search_path = clockwork, pg_temp
as $$
  select j.issuer_id, count(*)::integer from job j where j.state = 'failed' group by j.issuer_id
$$;
