-- Sealing, off the hot path. Four steps, so that a segment is complete without stopping anybody:
--   1. seal_boundary says up to where the next segment may reach, so that no segment is too large.
--   2. seal_announce moves the boundary. Every posting that starts from now on books after it.
--   3. The sealer waits until seal_settled says that no posting that may have read the old boundary still runs.
--   4. It reads the segment, computes the Merkle root, signs, and stores it with append_seal.
-- A boundary that was announced and never sealed (the sealer died) is taken up again by the next sealer.

-- The end of the next segment: the one announced already, else the time of the last of the oldest p_rows_max rows
-- that wait and are not later than p_until; nothing where none wait. Never between two rows of one instant: should
-- more than p_rows_max share one (a core whose clock is behind books at boundary + 1 ms), all of them are taken.
-- Whole milliseconds, rounded up, since postings book at boundary + 1 ms and keep milliseconds.
create or replace function ledger.seal_boundary(p_issuer_id integer, p_until timestamptz, p_rows_max integer)
returns timestamptz
language sql
stable
security definer
set search_path = ledger, registry, pg_temp
as $$
  with head as (
    select h.sealed_until, h.sealing_until from issuer_head h where h.issuer_id = p_issuer_id
  ), waiting as materialized (
    select w.at, row_number() over (order by w.at) as turn
    from (
      (select o.booked_at as at from operation o
        where o.issuer_id = p_issuer_id and o.booked_at > (select h.sealed_until from head h) and o.booked_at <= p_until
        order by o.booked_at limit p_rows_max + 1)
      union all
      (select w.recorded_at from wallet w
        where w.issuer_id = p_issuer_id and w.recorded_at > (select h.sealed_until from head h)
          and w.recorded_at <= p_until
        order by w.recorded_at limit p_rows_max + 1)
      union all
      (select r.recorded_at from record r
        where r.issuer_id = p_issuer_id and r.recorded_at > (select h.sealed_until from head h)
          and r.recorded_at <= p_until
        order by r.recorded_at limit p_rows_max + 1)
    ) w
    order by w.at
    limit p_rows_max + 1
  ), chosen as (
    select case
      when count(*) <= p_rows_max then max(w.at)
      else coalesce(max(w.at) filter (where w.at < (select max(x.at) from waiting x)), max(w.at))
    end as at
    from waiting w
  )
  select coalesce(h.sealing_until,
    date_trunc('milliseconds', c.at)
      + case when c.at > date_trunc('milliseconds', c.at) then interval '1 millisecond' else interval '0' end)
  from head h, chosen c
$$;

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
      'epoch'::timestamptz),
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
-- across issuers: the sealer works through all of them; off the payment path.
create or replace function ledger.unsealed_issuers()
returns table (issuer_id integer)
language sql
stable
security definer
set search_path = ledger, registry, pg_temp
as $$
  select h.issuer_id from issuer_head h
  where h.sealing_until is not null
    or exists (select 1 from operation o where o.issuer_id = h.issuer_id and o.booked_at > h.sealed_until
      and o.booked_at > '2000-01-01T00:00:00Z')
    or exists (select 1 from record r where r.issuer_id = h.issuer_id and r.recorded_at > h.sealed_until)
    or exists (select 1 from wallet w where w.issuer_id = h.issuer_id and w.recorded_at > h.sealed_until)
$$;

-- The rows of a segment, one canonical text for each leaf of the Merkle tree, in the tree's order: operations, wallets,
-- records; inside each by time, then by key. A text is a JSON array as jsonb prints it: absent values are null, times
-- are seconds since 1970 UTC with six decimals, bytes are hex. An operation's leaf holds its transfers; where it made
-- lots, also what of them never changes; a purchase's what of the purchase never changes; one about a card has partner
-- and business date at its end, one that made a payout or moved it the step that it took; all others are as they were
-- before there were cards and payouts. What does change (a lot's remainder, a purchase's or a payout's state, the sale
-- rows) is not sealed: the audit computes it anew from what is.
-- src/postgres/journal-reader.ts holds the same query, so that the audit need not believe this function.
create or replace function ledger.journal_rows(
  p_issuer_id integer, p_after timestamptz, p_until timestamptz
) returns table (row_text text)
language sql
stable
security definer
set search_path = ledger, registry, pg_temp
as $$
  select leaf.row_text from (
    select 1 as section, o.booked_at as at, o.operation_id::text as key,
      (jsonb_build_array('operation', o.operation_id, o.kind, o.channel, extract(epoch from o.booked_at),
        encode(o.request_hash, 'hex'), o.decline, o.wallet_id, o.merchant_id, o.outlet_id, o.amount_won, o.target_id,
        o.code_step, o.actor,
        (select jsonb_agg(jsonb_build_array(
            t.line, t.debit_kind, t.debit_id, t.credit_kind, t.credit_id, t.amount_won) order by t.line)
          from transfer t where t.issuer_id = p_issuer_id and t.operation_id = o.operation_id),
        case when o.kind in ('issue', 'gift_acceptance', 'cashback') then (
          select jsonb_agg(jsonb_build_array(
            l.wallet_id, l.lot_id, l.program_id, l.kind, l.face_won, extract(epoch from l.expires_at), l.issued_by)
            order by l.lot_id)
          from lot l
          where l.issuer_id = p_issuer_id and l.wallet_id = o.wallet_id and l.lot_id in (
            select t.credit_id from transfer t where t.issuer_id = p_issuer_id and t.operation_id = o.operation_id))
        end,
        case when o.kind = 'purchase' then (
          select jsonb_agg(jsonb_build_array(
            p.wallet_id, p.program_id, p.lot_id, p.month, p.face_won, p.pay_won, p.national_won, p.province_won,
            p.city_won, extract(epoch from p.expires_at), p.account_token, extract(epoch from p.reserved_at)))
          from purchase p
          where p.issuer_id = p_issuer_id and p.purchase_id = o.operation_id)
        end)
        || case when o.partner_id is null and o.business_date is null then '[]'::jsonb
          else jsonb_build_array(o.partner_id, o.business_date) end
        || case when o.kind in ('purchase_cancellation', 'refund', 'card_settlement', 'payout', 'payout_confirmation',
            'payout_return', 'payout_retry', 'deposit_return', 'income_payout') then coalesce((
          select jsonb_agg(jsonb_build_array('payout', s.payout_id, s.attempt, s.from_state, s.to_state,
            p.beneficiary_kind, p.beneficiary_id, p.amount_won, s.due_on, s.bank_code, s.account_number, s.holder_name,
            s.file_name, extract(epoch from s.sent_at), s.reason))
          from payout_step s
          join payout p on p.issuer_id = p_issuer_id and p.payout_id = s.payout_id
          where s.issuer_id = p_issuer_id and s.operation_id = o.operation_id), '[]'::jsonb)
          else '[]'::jsonb end
        -- What payments and holds never do is not looked up for them.
        || case when o.kind in ('payment', 'hold', 'capture', 'release', 'cancellation') then '[]'::jsonb
          else coalesce((
            select jsonb_agg(jsonb_build_array('draw', d.pot_id, d.amount_won) order by d.pot_id)
            from pot_draw d
            where d.issuer_id = p_issuer_id and d.operation_id = o.operation_id), '[]'::jsonb) end)::text as row_text
    from operation o
    where o.issuer_id = p_issuer_id and o.booked_at > p_after and o.booked_at <= p_until
      and o.booked_at > '2000-01-01T00:00:00Z'
    union all
    select 2, w.recorded_at, w.wallet_id::text,
      jsonb_build_array('wallet', w.wallet_id, w.member_id, extract(epoch from w.recorded_at))::text
    from wallet w
    where w.issuer_id = p_issuer_id and w.recorded_at > p_after and w.recorded_at <= p_until
    union all
    select 3, r.recorded_at, concat_ws('|', r.kind, r.record_id, r.version),
      jsonb_build_array('record', r.kind, r.record_id, r.version, extract(epoch from r.recorded_at), r.recorded_by,
        r.body, r.keys)::text
    from record r
    where r.issuer_id = p_issuer_id and r.recorded_at > p_after and r.recorded_at <= p_until
  ) leaf
  order by leaf.section, leaf.at, leaf.key collate "C"
$$;
