-- Lots whose expiry may have something to do: expired by an instant, not closed, and not held as a whole; after a cursor
-- (an expiry and a lot id), the first to expire first. times: how often something expired from the lot, or was clawed
-- back, before; an issue may have made several.
drop function if exists ledger.due_lots(integer, timestamptz, timestamptz, bigint, integer);
create or replace function ledger.due_lots(
  p_issuer_id integer, p_until timestamptz, p_after_at timestamptz, p_after_id bigint, p_limit integer
) returns table (
  wallet_id bigint, lot_id bigint, program_id bigint, kind text, expires_at timestamptz, remaining_won bigint,
  held_won bigint, times integer
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
  select l.wallet_id, l.lot_id, l.program_id, l.kind::text, l.expires_at, l.remaining_won, l.held_won, (
    select count(*)::integer from operation o
    join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id and t.line = 1
    where o.issuer_id = p_issuer_id and o.target_id = l.issued_by and o.kind in ('expiry', 'clawback')
      and t.debit_id = l.lot_id)
  from lot l
  where l.issuer_id = p_issuer_id and not l.closed and l.expires_at <= p_until
    and (l.expires_at, l.lot_id) > (p_after_at, p_after_id)
    and (l.remaining_won > 0 or l.held_won = 0)
  order by l.expires_at, l.lot_id
  limit p_limit
$$;

-- Takes what is left of lots that have expired to breakage. A set names each lot once.
-- What is held is not touched: its payment was made in time. A lot in which nothing is left or held is closed, with an
-- operation where something expired, without one where nothing did. Outcomes beside posted and key_reused record nothing:
-- nothing_left (closed now), not_due (not expired, held as a whole, or no such lot), busy (ask again).
-- Locks: the lots in (wallet, lot) order, and only those that are free: a payment never waits in line behind a set that
-- itself waits, and a lot that a payment holds is left for another time (busy).
-- Raises VB001 when two sets raced for one operation id: nothing was written; call again.
create or replace function ledger.expire_lots(
  p_issuer_id integer,
  p_at timestamptz,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_wallet_ids bigint[],
  p_lot_ids bigint[]
) returns table (
  "position" integer, outcome text, replayed boolean, decline text, booked_at timestamptz,
  lot_ids bigint[], program_ids bigint[], lot_kinds text[], amounts_won bigint[], loss_won bigint
)
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_booked_at timestamptz;
  v_locked bigint[];
  v_outcomes text[];
  v_amounts bigint[];
  v_targets uuid[];
  v_programs bigint[];
  v_kinds text[];
  v_inserted integer;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  select array_agg(k.lot_id) into v_locked
  from (
    select l.lot_id from lot l
    where l.issuer_id = p_issuer_id and (l.wallet_id, l.lot_id) in (
        select u.wallet_id, u.lot_id from unnest(p_wallet_ids, p_lot_ids) as u (wallet_id, lot_id))
      and l.expires_at <= v_booked_at
    order by l.wallet_id, l.lot_id
    for update skip locked
  ) k;

  select array_agg(
      case
        when o.operation_id is not null then 'known'
        when l.lot_id is null or l.expires_at > v_booked_at then 'not_due'
        when k.lot_id is null then 'busy'
        when l.remaining_won > 0 then 'posted'
        when l.held_won > 0 then 'not_due'
        else 'nothing_left'
      end order by u.position),
    array_agg(l.remaining_won order by u.position),
    array_agg(l.issued_by order by u.position),
    array_agg(l.program_id order by u.position),
    array_agg(l.kind::text order by u.position)
  into v_outcomes, v_amounts, v_targets, v_programs, v_kinds
  from unnest(p_operation_ids, p_wallet_ids, p_lot_ids)
    with ordinality as u (operation_id, wallet_id, lot_id, position)
  left join operation o on o.issuer_id = p_issuer_id and o.operation_id = u.operation_id
  left join lot l on l.issuer_id = p_issuer_id and l.wallet_id = u.wallet_id and l.lot_id = u.lot_id
  left join lateral (
    select k.lot_id from unnest(v_locked) as k (lot_id) where k.lot_id = u.lot_id
  ) k on true;

  insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, wallet_id, amount_won, target_id)
  select p_issuer_id, u.operation_id, 'expiry', 'system', v_booked_at, u.request_hash, u.wallet_id, u.amount_won, u.target_id
  from unnest(p_operation_ids, p_request_hashes, p_wallet_ids, v_outcomes, v_amounts, v_targets)
    as u (operation_id, request_hash, wallet_id, outcome, amount_won, target_id)
  where u.outcome = 'posted'
  order by u.operation_id
  on conflict (issuer_id, operation_id) do nothing;
  get diagnostics v_inserted = row_count;
  if v_inserted <> cardinality(array_positions(v_outcomes, 'posted')) then
    raise exception 'two sets raced for one operation id' using errcode = 'VB001';
  end if;

  insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
  select p_issuer_id, u.operation_id, 1, 'lot', u.lot_id, 'breakage', 0, u.amount_won
  from unnest(p_operation_ids, p_lot_ids, v_outcomes, v_amounts) as u (operation_id, lot_id, outcome, amount_won)
  where u.outcome = 'posted'
  order by u.operation_id;

  update lot l
  set remaining_won = 0, closed = l.held_won = 0
  from unnest(p_wallet_ids, p_lot_ids, v_outcomes) as u (wallet_id, lot_id, outcome)
  where l.issuer_id = p_issuer_id and l.wallet_id = u.wallet_id and l.lot_id = u.lot_id
    and u.outcome in ('posted', 'nothing_left') and not l.closed;

  return query
  select u.position::integer, u.outcome, false, null::text,
    case when u.outcome = 'posted' then v_booked_at end,
    case when u.outcome = 'posted' then array[u.lot_id] end,
    case when u.outcome = 'posted' then array[u.program_id] end,
    case when u.outcome = 'posted' then array[u.kind] end,
    case when u.outcome = 'posted' then array[u.amount_won] end,
    null::bigint
  from unnest(v_outcomes, p_lot_ids, v_programs, v_kinds, v_amounts)
    with ordinality as u (outcome, lot_id, program_id, kind, amount_won, position)
  where u.outcome <> 'known';

  if 'known' = any (v_outcomes) then
    return query
    select s.position, s.outcome, true, s.decline, s.booked_at, s.lot_ids, s.program_ids, s.lot_kinds, s.amounts_won,
      s.loss_won
    from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s
    where v_outcomes[s.position] = 'known';
  end if;
end
$$;
