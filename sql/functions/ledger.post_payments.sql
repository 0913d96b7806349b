-- Posts payments (or holds) of one issuer; one row comes back for each request, in input order.
--
-- A payment consumes the eligible lots of its wallet: tender by tender, earliest expiry first, then lowest lot id.
-- Why a set: one round trip, one pass of locks and one commit serve all that arrived during the last commit.
-- Locks: the spendable lots of the wallets, in (wallet, lot) order, and nothing else that another payment wants.
-- Idempotent: an operation id that is known with the same request gives its stored outcome (replayed); with another
-- request it gives key_reused. A decline is stored too, so that a late duplicate can never be approved.
-- Rounds: requests of one wallet in one set are decided one after the other, in input order.
-- Raises VB001 when two sets raced for one operation id: nothing was written; call again.
create or replace function ledger.post_payments(
  p_issuer_id integer,
  p_at timestamptz,
  p_is_hold boolean,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_channels ledger.channel[],
  p_wallet_ids bigint[],
  p_merchant_ids bigint[],
  p_outlet_ids bigint[],
  p_amounts_won bigint[],
  p_code_steps bigint[],
  p_actors text[],
  p_refusals text[],
  p_tender_positions integer[],
  p_tender_program_ids bigint[],
  p_tender_kinds ledger.lot_kind[]
) returns table (
  "position" integer, outcome text, replayed boolean, decline text, booked_at timestamptz,
  lot_ids bigint[], program_ids bigint[], lot_kinds text[], amounts_won bigint[]
)
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '700ms'
as $$
#variable_conflict use_column
declare
  v_booked_at timestamptz;
  v_rounds integer;
  v_rounds_of integer[];
  v_replays boolean := false;
  v_fresh_positions integer[];
  v_fresh_declines text[];
  v_done_positions integer[] := '{}';
  v_done_declines text[] := '{}';
  v_take_positions integer[];
  v_take_lines smallint[];
  v_take_wallets bigint[];
  v_take_lots bigint[];
  v_take_programs bigint[];
  v_take_kinds ledger.lot_kind[];
  v_take_amounts bigint[];
  v_all_positions integer[] := '{}';
  v_all_lines smallint[] := '{}';
  v_all_lots bigint[] := '{}';
  v_all_programs bigint[] := '{}';
  v_all_kinds ledger.lot_kind[] := '{}';
  v_all_amounts bigint[] := '{}';
  v_inserted integer;
begin
  -- A transaction id before the boundary is read: the sealer waits for every id that may have read the old one.
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  perform 1 from lot l
  where l.issuer_id = p_issuer_id and l.wallet_id = any (p_wallet_ids) and l.remaining_won > 0
  order by l.wallet_id, l.lot_id
  for update;

  -- Usually every wallet and every key stands once in the set and there is one round.
  select array_agg(r.round order by r.position), max(r.round) into v_rounds_of, v_rounds
  from (
    select u.position,
      case
        -- The same key with another request earlier in this very set: never posted.
        when count(*) over same_key > 1
          and u.request_hash <> first_value(u.request_hash) over (partition by u.operation_id order by u.position)
          then 0
        else row_number() over (partition by u.wallet_id order by u.position)
      end::integer as round
    from unnest(p_operation_ids, p_request_hashes, p_wallet_ids)
      with ordinality as u (operation_id, request_hash, wallet_id, position)
    window same_key as (partition by u.operation_id)
  ) r;

  for v_round in 1..v_rounds loop
    with request as materialized (
      select u.position::integer, u.operation_id, u.wallet_id, u.amount_won, u.code_step, u.refusal
      from unnest(p_operation_ids, p_wallet_ids, p_amounts_won, p_code_steps, p_refusals, v_rounds_of)
        with ordinality as u (operation_id, wallet_id, amount_won, code_step, refusal, round, position)
      where u.round = v_round
        and not exists (
          select 1 from operation o
          where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id)
    ), verdict as materialized (
      select r.position, r.wallet_id, r.amount_won,
        coalesce(r.refusal, case
          when r.code_step is not null and exists (
            select 1 from operation o
            where o.issuer_id = p_issuer_id and o.wallet_id = r.wallet_id
              and o.code_step = r.code_step and o.decline is null)
          then 'code_already_used'
        end) as refusal
      from request r
    ), candidate as (
      select v.position, v.wallet_id, v.amount_won, l.lot_id, l.program_id, l.kind, l.remaining_won,
        row_number() over taking as line,
        sum(l.remaining_won) over taking - l.remaining_won as before_won,
        sum(l.remaining_won) over (partition by v.position) as available_won
      from verdict v
      join unnest(p_tender_positions, p_tender_program_ids, p_tender_kinds)
        with ordinality as t (position, program_id, kind, rank) on t.position = v.position
      join lot l on l.issuer_id = p_issuer_id and l.wallet_id = v.wallet_id
        and l.program_id = t.program_id and l.kind = t.kind
        and l.remaining_won > 0 and l.expires_at > v_booked_at
      where v.refusal is null
      window taking as (partition by v.position order by t.rank, l.expires_at, l.lot_id)
    ), taken as materialized (
      select c.*, least(c.remaining_won, c.amount_won - c.before_won) as take_won
      from candidate c
      where c.available_won >= c.amount_won and c.before_won < c.amount_won
    ), fresh as (
      select array_agg(v.position) as positions,
        array_agg(coalesce(v.refusal, case
          when not exists (select 1 from taken t where t.position = v.position) then 'insufficient_funds'
        end)) as declines
      from verdict v
    )
    select f.positions, f.declines, x.* into v_fresh_positions, v_fresh_declines,
      v_take_positions, v_take_lines, v_take_wallets, v_take_lots, v_take_programs, v_take_kinds, v_take_amounts
    from fresh f, (
      select array_agg(t.position), array_agg(t.line::smallint), array_agg(t.wallet_id), array_agg(t.lot_id),
        array_agg(t.program_id), array_agg(t.kind), array_agg(t.take_won)
      from taken t
    ) x;

    if v_fresh_positions is not null then
      insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
        wallet_id, merchant_id, outlet_id, amount_won, code_step, actor)
      select p_issuer_id, p_operation_ids[f.position],
        case when p_is_hold then 'hold' else 'payment' end::operation_kind,
        p_channels[f.position], v_booked_at, p_request_hashes[f.position], f.decline,
        p_wallet_ids[f.position], p_merchant_ids[f.position], p_outlet_ids[f.position],
        p_amounts_won[f.position], p_code_steps[f.position], p_actors[f.position]
      from unnest(v_fresh_positions, v_fresh_declines) as f (position, decline)
      order by p_operation_ids[f.position]
      on conflict (issuer_id, operation_id) do nothing;
      get diagnostics v_inserted = row_count;
      if v_inserted <> cardinality(v_fresh_positions) then
        raise exception 'two sets raced for one operation id' using errcode = 'VB001';
      end if;

      if v_take_positions is not null then
        update lot l
        set remaining_won = l.remaining_won - t.take_won,
          held_won = l.held_won + case when p_is_hold then t.take_won else 0 end
        from unnest(v_take_wallets, v_take_lots, v_take_amounts) as t (wallet_id, lot_id, take_won)
        where l.issuer_id = p_issuer_id and l.wallet_id = t.wallet_id and l.lot_id = t.lot_id;

        insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
        select p_issuer_id, p_operation_ids[t.position], t.line, 'lot', t.lot_id,
          case when p_is_hold then 'lot_hold' else 'merchant_payable' end::account_kind,
          case when p_is_hold then t.lot_id else p_merchant_ids[t.position] end,
          t.take_won
        from unnest(v_take_positions, v_take_lines, v_take_lots, v_take_amounts)
          as t (position, line, lot_id, take_won);

        v_all_positions := v_all_positions || v_take_positions;
        v_all_lines := v_all_lines || v_take_lines;
        v_all_lots := v_all_lots || v_take_lots;
        v_all_programs := v_all_programs || v_take_programs;
        v_all_kinds := v_all_kinds || v_take_kinds;
        v_all_amounts := v_all_amounts || v_take_amounts;
      end if;
      v_done_positions := v_done_positions || v_fresh_positions;
      v_done_declines := v_done_declines || v_fresh_declines;
    end if;
  end loop;

  if cardinality(v_done_positions) < cardinality(p_operation_ids) then
    return query
    select s.* from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s
    where s.position <> all (v_done_positions);
  end if;

  return query
  select d.position,
    case when d.decline is null then 'posted' else 'declined' end,
    false, d.decline, v_booked_at, t.lots, t.programs, t.kinds, t.amounts
  from unnest(v_done_positions, v_done_declines) as d (position, decline)
  left join (
    select a.position, array_agg(a.lot_id order by a.line) as lots, array_agg(a.program_id order by a.line) as programs,
      array_agg(a.kind::text order by a.line) as kinds, array_agg(a.take_won order by a.line) as amounts
    from unnest(v_all_positions, v_all_lines, v_all_lots, v_all_programs, v_all_kinds, v_all_amounts)
      as a (position, line, lot_id, program_id, kind, take_won)
    group by a.position
  ) t on t.position = d.position;
end
$$;
