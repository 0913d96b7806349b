-- What the core tells its card gateways: seals as positions, wallets that were touched, and what they hold. Read in a
-- loop beside the payments, so every table is entered by an index, whatever the statistics say.

-- The newest seal of every issuer that has one.
-- across issuers: a gateway stands in for all of them; read off the payment path.
create or replace function ledger.newest_seals()
returns table (issuer_id integer, segment integer, hash text, until_at timestamptz)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select h.issuer_id, s.segment, encode(s.hash, 'hex'), s.until_at
  from issuer_head h
  cross join lateral (
    select s.segment, s.hash, s.until_at from seal s where s.issuer_id = h.issuer_id order by s.segment desc limit 1
  ) s
  order by h.issuer_id
$$;

-- Those of the given seals that stand in their issuer's chain with that very hash (in hex).
-- across issuers: a gateway stands in for all of them; read off the payment path.
create or replace function ledger.known_seals(p_issuer_ids integer[], p_segments integer[], p_hashes text[])
returns table (issuer_id integer, segment integer, hash text, until_at timestamptz)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select s.issuer_id, s.segment, u.hash, s.until_at
  from unnest(p_issuer_ids, p_segments, p_hashes) as u (issuer_id, segment, hash)
  join seal s on s.issuer_id = u.issuer_id and s.segment = u.segment and encode(s.hash, 'hex') = u.hash
$$;

-- How many transactions were begun so far. Fewer than before: the database was replaced by an older copy.
-- across issuers: about the database, not about anybody's rows.
create or replace function ledger.transactions_begun()
returns bigint
language sql
stable
set search_path = ledger, pg_temp
as $$
  select pg_snapshot_xmax(pg_current_snapshot())::text::bigint
$$;

-- Operations that moved a wallet, booked later than a cursor (an instant and an operation id) of their issuer, oldest
-- first, at most p_limit of each issuer.
-- across issuers: one look serves all of them; read off the payment path.
create or replace function ledger.operations_after(
  p_issuer_ids integer[], p_after_at timestamptz[], p_after_ids uuid[], p_limit integer
) returns table (issuer_id integer, operation_id uuid, wallet_id bigint, booked_at timestamptz)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select u.issuer_id, o.operation_id, o.wallet_id, o.booked_at
  from unnest(p_issuer_ids, p_after_at, p_after_ids) as u (issuer_id, after_at, after_id)
  cross join lateral (
    select o.operation_id, o.wallet_id, o.booked_at
    from operation o
    where o.issuer_id = u.issuer_id and o.booked_at >= u.after_at and o.booked_at > '2000-01-01T00:00:00Z'
      and (o.booked_at, o.operation_id) > (u.after_at, u.after_id)
      and o.decline is null and o.wallet_id is not null
    order by o.booked_at, o.operation_id
    limit p_limit
  ) o
$$;

-- Wallets opened later than a cursor (an instant and a wallet id) of their issuer, likewise.
-- across issuers: one look serves all of them; read off the payment path.
create or replace function ledger.wallets_opened_after(
  p_issuer_ids integer[], p_after_at timestamptz[], p_after_ids bigint[], p_limit integer
) returns table (issuer_id integer, wallet_id bigint, recorded_at timestamptz)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select u.issuer_id, w.wallet_id, w.recorded_at
  from unnest(p_issuer_ids, p_after_at, p_after_ids) as u (issuer_id, after_at, after_id)
  cross join lateral (
    select w.wallet_id, w.recorded_at
    from wallet w
    where w.issuer_id = u.issuer_id and w.recorded_at >= u.after_at
      and (w.recorded_at, w.wallet_id) > (u.after_at, u.after_id)
    order by w.recorded_at, w.wallet_id
    limit p_limit
  ) w
$$;

-- What wallets can spend now: their lots with something left, the expired ones too. Wallets without any have empty
-- arrays; those that do not exist are left out.
-- across issuers: one page of the feed tells wallets of all of them; read off the payment path.
create or replace function ledger.spendable_lots(p_issuer_ids integer[], p_wallet_ids bigint[])
returns table (
  issuer_id integer, wallet_id bigint, program_ids bigint[], lot_kinds text[], expires_at timestamptz[],
  amounts_won bigint[]
)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select w.issuer_id, w.wallet_id, l.program_ids, l.lot_kinds, l.expires_at, l.amounts_won
  from unnest(p_issuer_ids, p_wallet_ids) as u (issuer_id, wallet_id)
  join wallet w on w.issuer_id = u.issuer_id and w.wallet_id = u.wallet_id
  cross join lateral (
    select coalesce(array_agg(s.program_id), '{}') as program_ids, coalesce(array_agg(s.kind), '{}') as lot_kinds,
      coalesce(array_agg(s.expires_at), '{}') as expires_at, coalesce(array_agg(s.remaining_won), '{}') as amounts_won
    from (
      select l.program_id, l.kind::text as kind, l.expires_at, l.remaining_won
      from lot l
      where l.issuer_id = w.issuer_id and l.wallet_id = w.wallet_id and l.remaining_won > 0
      order by l.lot_id
    ) s
  ) l
$$;

-- The wallets of an issuer by id, after one of them, with what they can spend now.
create or replace function ledger.wallet_page(p_issuer_id integer, p_after_id bigint, p_limit integer)
returns table (
  issuer_id integer, wallet_id bigint, program_ids bigint[], lot_kinds text[], expires_at timestamptz[],
  amounts_won bigint[]
)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select p_issuer_id, w.wallet_id, l.program_ids, l.lot_kinds, l.expires_at, l.amounts_won
  from (
    select w.wallet_id from wallet w
    where w.issuer_id = p_issuer_id and w.wallet_id > p_after_id
    order by w.wallet_id
    limit p_limit
  ) w
  cross join lateral (
    select coalesce(array_agg(s.program_id), '{}') as program_ids, coalesce(array_agg(s.kind), '{}') as lot_kinds,
      coalesce(array_agg(s.expires_at), '{}') as expires_at, coalesce(array_agg(s.remaining_won), '{}') as amounts_won
    from (
      select l.program_id, l.kind::text as kind, l.expires_at, l.remaining_won
      from lot l
      where l.issuer_id = p_issuer_id and l.wallet_id = w.wallet_id and l.remaining_won > 0
      order by l.lot_id
    ) s
  ) l
  order by w.wallet_id
$$;

-- Versions of an issuer's records of some kinds, recorded later than a cursor, oldest first.
create or replace function registry.records_since(
  p_issuer_id integer, p_kinds text[], p_after timestamptz, p_after_kind text, p_after_id bigint,
  p_after_version integer, p_limit integer
) returns table (kind text, record_id bigint, version integer, body jsonb, recorded_at timestamptz)
language sql
stable
security definer
set search_path = registry, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select r.kind, r.record_id, r.version, r.body, r.recorded_at
  from record r
  where r.issuer_id = p_issuer_id and r.recorded_at >= p_after and r.kind = any (p_kinds)
    and (r.recorded_at, r.kind, r.record_id, r.version) > (p_after, p_after_kind, p_after_id, p_after_version)
  order by r.recorded_at, r.kind, r.record_id, r.version
  limit p_limit
$$;
