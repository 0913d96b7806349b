-- Sealing, off the hot path. Three steps, so that a segment is complete without stopping anybody:
--   1. seal_announce moves the boundary. Every posting that starts from now on books after it.
--   2. The sealer waits until seal_settled says that no posting that may have read the old boundary still runs.
--   3. It reads the segment, computes the Merkle root, signs, and stores it with append_seal.
-- A boundary that was announced and never sealed (the sealer died) is taken up again by the next sealer.

-- Moves the boundary to p_until unless one is announced already; gives the segment's bounds.
create or replace function ledger.seal_announce(p_issuer_id integer, p_until timestamptz)
returns table (from_at timestamptz, until_at timestamptz)
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
begin
  update issuer_head h
  set sealing_until = p_until, sealed_until = p_until
  where h.issuer_id = p_issuer_id and h.sealing_until is null and h.sealed_until < p_until;
  return query
  select coalesce((
      select s.until_at from seal s where s.issuer_id = p_issuer_id order by s.segment desc limit 1),
      '-infinity'::timestamptz),
    h.sealing_until
  from issuer_head h
  where h.issuer_id = p_issuer_id and h.sealing_until is not null;
end
$$;

-- A mark to be taken after the announcement is committed: the transaction ids that were given out by then.
create or replace function ledger.seal_mark(p_issuer_id integer)
returns text
language sql
volatile
set search_path = ledger, pg_temp
as $$
  select pg_snapshot_xmax(pg_current_snapshot())::text
$$;

-- True once every transaction that began before the mark has ended.
create or replace function ledger.seal_settled(p_issuer_id integer, p_mark text)
returns boolean
language sql
volatile
set search_path = ledger, pg_temp
as $$
  select pg_snapshot_xmin(pg_current_snapshot()) >= p_mark::xid8
$$;

-- Stores a finished seal. Refuses (VB004) when it does not follow the last one: another sealer was faster.
create or replace function ledger.append_seal(
  p_issuer_id integer,
  p_segment integer,
  p_from_at timestamptz,
  p_until_at timestamptz,
  p_leaf_count integer,
  p_merkle_root bytea,
  p_previous_hash bytea,
  p_hash bytea,
  p_key_id text,
  p_signature bytea
) returns void
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_segment integer;
  v_hash bytea;
begin
  perform 1 from issuer_head h
  where h.issuer_id = p_issuer_id and h.sealing_until = p_until_at
  for no key update;
  if not found then
    raise exception 'no such segment is announced' using errcode = 'VB004';
  end if;
  select s.segment, s.hash into v_segment, v_hash
  from seal s where s.issuer_id = p_issuer_id order by s.segment desc limit 1;
  if p_segment <> coalesce(v_segment, 0) + 1 or (v_hash is not null and v_hash <> p_previous_hash) then
    raise exception 'the seal does not follow the last one' using errcode = 'VB004';
  end if;
  insert into seal (issuer_id, segment, from_at, until_at, leaf_count, merkle_root, previous_hash, hash, key_id, signature)
  values (p_issuer_id, p_segment, p_from_at, p_until_at, p_leaf_count, p_merkle_root, p_previous_hash, p_hash, p_key_id, p_signature);
  update issuer_head h set sealing_until = null where h.issuer_id = p_issuer_id;
end
$$;

-- The last seal of an issuer.
create or replace function ledger.last_seal(p_issuer_id integer)
returns table (segment integer, until_at timestamptz, hash bytea)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select s.segment, s.until_at, s.hash from seal s where s.issuer_id = p_issuer_id order by s.segment desc limit 1
$$;

-- The issuers whose journal has grown since the last boundary.
create or replace function ledger.unsealed_issuers()
returns table (issuer_id integer)
language sql
stable
security definer
set search_path = ledger, registry, pg_temp
as $$
  select h.issuer_id from issuer_head h
  where h.sealing_until is not null
    or exists (select 1 from operation o where o.issuer_id = h.issuer_id and o.booked_at > h.sealed_until)
    or exists (select 1 from record r where r.issuer_id = h.issuer_id and r.recorded_at > h.sealed_until)
    or exists (select 1 from wallet w where w.issuer_id = h.issuer_id and w.recorded_at > h.sealed_until)
$$;

-- The sealed tables' rows of a segment as text, in the one order that the Merkle tree uses. Times in microseconds UTC,
-- bytes in hex, absent values empty: so that any auditor can recompute them.
create or replace function ledger.journal_rows(
  p_issuer_id integer, p_after timestamptz, p_until timestamptz
) returns table (row_text text)
language sql
stable
security definer
set search_path = ledger, registry, pg_temp
set timezone = 'UTC'
as $$
  select x.row_text from (
    select 1 as section, o.booked_at as at, o.operation_id::text as key,
      concat_ws('|', 'operation', o.operation_id, o.kind, o.channel, (extract(epoch from o.booked_at) * 1000000)::bigint,
        encode(o.request_hash, 'hex'), coalesce(o.decline, ''), coalesce(o.wallet_id::text, ''),
        coalesce(o.merchant_id::text, ''), coalesce(o.outlet_id::text, ''), o.amount_won,
        coalesce(o.target_id::text, ''), coalesce(o.code_step::text, ''), coalesce(o.actor, ''),
        coalesce(t.lines, '')) as row_text
    from operation o
    left join lateral (
      select string_agg(concat_ws(',', t.line, t.debit_kind, t.debit_id, t.credit_kind, t.credit_id, t.amount_won), ';' order by t.line) as lines
      from transfer t where t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    ) t on true
    where o.issuer_id = p_issuer_id and o.booked_at > p_after and o.booked_at <= p_until
    union all
    select 2, w.recorded_at, w.wallet_id::text,
      concat_ws('|', 'wallet', w.wallet_id, w.member_id, (extract(epoch from w.recorded_at) * 1000000)::bigint)
    from wallet w
    where w.issuer_id = p_issuer_id and w.recorded_at > p_after and w.recorded_at <= p_until
    union all
    select 3, r.recorded_at, concat_ws('|', r.kind, r.record_id, r.version),
      concat_ws('|', 'record', r.kind, r.record_id, r.version, (extract(epoch from r.recorded_at) * 1000000)::bigint,
        r.recorded_by, r.body::text)
    from record r
    where r.issuer_id = p_issuer_id and r.recorded_at > p_after and r.recorded_at <= p_until
  ) x
  order by x.section, x.at, x.key collate "C"
$$;
