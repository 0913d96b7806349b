-- Posts payments (or holds) of one issuer; one row comes back for each request, in input order.
--
-- A payment consumes the eligible lots of its wallet: tender by tender, earliest expiry first, then lowest lot id.
-- p_tender_counts says how many of the flat tender arrays belong to each request, in order.
-- p_least_won says what must be there: null the whole amount, 1 any part of it, 0 nothing (an advice, which is posted
-- whole: what is missing is taken from the stand-in loss account). A payment with a partner is owed to that card
-- company. The three arrays about cards may be empty where no request of the set is about one.
-- Why a set: one round trip, one pass of locks and one commit serve all that arrived during the last commit.
-- Locks: the spendable lots of the wallets, in (wallet, lot) order, and nothing else that another payment wants.
-- Idempotent: an operation id that is known with the same request gives its stored outcome (replayed); with another
-- request it gives key_reused. A decline is stored too, so that a late duplicate can never be approved.
-- Rounds: requests of one wallet in one set are decided one after the other, in input order.
-- Raises VB001 when two sets raced for one operation id: nothing was written; call again.
-- The planner is told its plan: every table is entered by its primary key, whatever the statistics of a young database say.
drop function if exists ledger.post_payments(integer, timestamptz, boolean, uuid[], bytea[], ledger.channel[], bigint[],
  bigint[], bigint[], bigint[], bigint[], text[], text[], integer[], bigint[], ledger.lot_kind[]);
drop function if exists ledger.post_payments(integer, timestamptz, boolean, uuid[], bytea[], ledger.channel[], bigint[],
  bigint[], bigint[], bigint[], bigint[], text[], text[], integer[], bigint[], ledger.lot_kind[], bigint[], bigint[],
  date[]);
create function ledger.post_payments(
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
  p_tender_counts integer[],
  p_tender_program_ids bigint[],
  p_tender_kinds ledger.lot_kind[],
  p_least_won bigint[],
  p_partner_ids bigint[],
  p_business_dates date[]
) returns table (
  "position" integer, outcome text, replayed boolean, decline text, booked_at timestamptz,
  lot_ids bigint[], program_ids bigint[], lot_kinds text[], amounts_won bigint[], loss_won bigint
)
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '700ms'
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
declare
  v_booked_at timestamptz;
  v_rounds integer := 1;
  v_round_of integer[];
  v_locked bigint[];
  v_active boolean[];
  v_declines text[];
  v_amounts bigint[];
  v_losses bigint[];
  v_take_operations uuid[];
  v_take_positions integer[];
  v_take_lines smallint[];
  v_take_wallets bigint[];
  v_take_merchants bigint[];
  v_take_lots bigint[];
  v_take_programs bigint[];
  v_take_kinds ledger.lot_kind[];
  v_take_amounts bigint[];
  v_fresh integer;
  v_inserted integer;
  v_done integer[] := '{}';
begin
  -- A transaction id before the boundary is read: the sealer waits for every id that may have read the old one.
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  -- Only what is locked may be taken: a lot that is filled or issued after this line waits for the next set.
  select array_agg(k.lot_id) into v_locked
  from (
    select l.lot_id from lot l
    where l.issuer_id = p_issuer_id and l.wallet_id = any (p_wallet_ids) and l.remaining_won > 0
    order by l.wallet_id, l.lot_id
    for update
  ) k;

  -- Usually every wallet and every key stands once in the set and there is one round.
  if cardinality(p_operation_ids) > 1 then
    select array_agg(r.round order by r.position), max(r.round) into v_round_of, v_rounds
    from (
      select u.position,
        case
          -- The same key with another request earlier in this very set: never posted.
          when u.request_hash <> first_value(u.request_hash) over (partition by u.operation_id order by u.position) then 0
          else row_number() over (partition by u.wallet_id order by u.position)
        end::integer as round
      from unnest(p_operation_ids, p_request_hashes, p_wallet_ids)
        with ordinality as u (operation_id, request_hash, wallet_id, position)
    ) r;
  end if;

  for v_round in 1..v_rounds loop
    with request as (
      select u.position, u.operation_id, u.wallet_id, u.merchant_id, u.amount_won,
        coalesce(u.least_won, u.amount_won) as least_won,
        sum(u.tender_count) over (order by u.position) as tender_last, u.tender_count,
        coalesce(u.round, 1) = v_round and (
          select o.operation_id from operation o
          where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id) is null as active,
        coalesce(u.refusal, case
          when u.code_step is not null and (
            select o.operation_id from operation o
            where o.issuer_id = p_issuer_id and o.wallet_id = u.wallet_id
              and o.code_step = u.code_step and o.decline is null) is not null
          then 'code_already_used'
        end) as refusal
      from unnest(p_operation_ids, p_wallet_ids, p_merchant_ids, p_amounts_won, p_code_steps, p_refusals,
          p_tender_counts, v_round_of, p_least_won)
        with ordinality as u (operation_id, wallet_id, merchant_id, amount_won, code_step, refusal,
          tender_count, round, least_won, position)
    ), spread as (
      select r.position, r.operation_id, r.wallet_id, r.merchant_id, r.amount_won, r.least_won, r.active, r.refusal,
        l.lot_id, l.program_id, l.kind, l.remaining_won,
        row_number() over taking as line,
        coalesce(sum(l.remaining_won) over taking - l.remaining_won, 0) as before_won,
        coalesce(sum(l.remaining_won) over (partition by r.position), 0) as available_won
      from request r
      left join lateral (
        select l.lot_id, l.program_id, l.kind, l.remaining_won, l.expires_at, t.rank
        from lot l
        join unnest(
          p_tender_program_ids[r.tender_last - r.tender_count + 1:r.tender_last],
          p_tender_kinds[r.tender_last - r.tender_count + 1:r.tender_last])
          with ordinality as t (program_id, kind, rank) on t.program_id = l.program_id and t.kind = l.kind
        where l.issuer_id = p_issuer_id and l.wallet_id = r.wallet_id
          and l.remaining_won > 0 and l.expires_at > v_booked_at
          -- Hidden in coalesce so that it stays a hashed look-up and never becomes a condition on an index.
          and coalesce(l.lot_id in (select k.lot_id from unnest(v_locked) as k (lot_id)), false)
        offset 0
      ) l on r.active and r.refusal is null
      window taking as (partition by r.position order by l.rank, l.expires_at, l.lot_id)
    ), decision as (
      select s.*,
        coalesce(s.refusal, case when s.available_won < s.least_won then 'insufficient_funds' end) as decline,
        s.active and s.refusal is null and s.available_won >= s.least_won and s.before_won < s.amount_won
          and s.lot_id is not null as takes,
        -- Below zero or zero: nothing is missing.
        case when s.refusal is null and s.available_won >= s.least_won then s.amount_won - s.available_won end
          as missing_won
      from spread s
    )
    select array_agg(d.active order by d.position) filter (where d.line = 1),
      array_agg(d.decline order by d.position) filter (where d.line = 1),
      array_agg(case when d.missing_won > 0 and d.least_won > 0 then d.available_won else d.amount_won end::bigint
        order by d.position) filter (where d.line = 1),
      array_agg(case when d.missing_won > 0 and d.least_won = 0 then d.missing_won end::bigint order by d.position)
        filter (where d.line = 1),
      count(*) filter (where d.line = 1 and d.active),
      array_agg(d.operation_id) filter (where d.takes), array_agg(d.position::integer) filter (where d.takes),
      array_agg(d.line::smallint) filter (where d.takes), array_agg(d.wallet_id) filter (where d.takes),
      array_agg(d.merchant_id) filter (where d.takes), array_agg(d.lot_id) filter (where d.takes),
      array_agg(d.program_id) filter (where d.takes), array_agg(d.kind) filter (where d.takes),
      array_agg(least(d.remaining_won, d.amount_won - d.before_won)::bigint) filter (where d.takes)
    into v_active, v_declines, v_amounts, v_losses, v_fresh, v_take_operations, v_take_positions, v_take_lines, v_take_wallets,
      v_take_merchants, v_take_lots, v_take_programs, v_take_kinds, v_take_amounts
    from decision d;
    continue when v_fresh = 0;

    insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
      wallet_id, merchant_id, outlet_id, amount_won, code_step, actor, partner_id, business_date)
    select p_issuer_id, u.operation_id, case when p_is_hold then 'hold' else 'payment' end::operation_kind,
      u.channel, v_booked_at, u.request_hash, u.decline,
      u.wallet_id, u.merchant_id, u.outlet_id, u.amount_won, u.code_step, u.actor, u.partner_id, u.business_date
    from unnest(p_operation_ids, p_channels, p_request_hashes, p_wallet_ids, p_merchant_ids, p_outlet_ids,
      v_amounts, p_code_steps, p_actors, v_active, v_declines, p_partner_ids, p_business_dates)
      as u (operation_id, channel, request_hash, wallet_id, merchant_id, outlet_id,
        amount_won, code_step, actor, active, decline, partner_id, business_date)
    where u.active
    order by u.operation_id
    on conflict (issuer_id, operation_id) do nothing;
    get diagnostics v_inserted = row_count;
    if v_inserted <> v_fresh then
      raise exception 'two sets raced for one operation id' using errcode = 'VB001';
    end if;
    select v_done || array_agg(u.position::integer) into v_done
    from unnest(v_active) with ordinality as u (active, position)
    where u.active;

    if v_take_positions is not null then
      update lot l
      set remaining_won = l.remaining_won - t.take_won,
        held_won = l.held_won + case when p_is_hold then t.take_won else 0 end
      from unnest(v_take_wallets, v_take_lots, v_take_amounts) as t (wallet_id, lot_id, take_won)
      where l.issuer_id = p_issuer_id and l.wallet_id = t.wallet_id and l.lot_id = t.lot_id;

      insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
      select p_issuer_id, t.operation_id, t.line, 'lot', t.lot_id,
        case when p_is_hold then 'lot_hold' when p_partner_ids[t.position] is not null then 'card_clearing'
          else 'merchant_payable' end::account_kind,
        case when p_is_hold then t.lot_id else coalesce(p_partner_ids[t.position], t.merchant_id) end,
        t.take_won
      from unnest(v_take_operations, v_take_positions, v_take_lines, v_take_lots, v_take_merchants, v_take_amounts)
        as t (operation_id, position, line, lot_id, merchant_id, take_won);
    end if;

    -- What an advice finds missing is its last line.
    if 0 = any (p_least_won) then
      insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
      select p_issuer_id, p_operation_ids[u.position::integer],
        1 + (select count(*) from unnest(v_take_positions) as t (position) where t.position = u.position),
        'standin_loss', 0, 'card_clearing', p_partner_ids[u.position::integer], u.loss_won
      from unnest(v_active, v_losses) with ordinality as u (active, loss_won, position)
      where u.active and u.loss_won > 0;
    end if;

    return query
    select a.position, case when max(a.decline) is null then 'posted' else 'declined' end, false, max(a.decline),
      v_booked_at,
      array_agg(a.lot_id order by a.line) filter (where a.lot_id is not null),
      array_agg(a.program_id order by a.line) filter (where a.lot_id is not null),
      array_agg(a.kind::text order by a.line) filter (where a.lot_id is not null),
      array_agg(a.take_won order by a.line) filter (where a.lot_id is not null),
      max(a.loss_won)
    from (
      select u.position::integer, u.decline, null::smallint as line, null::bigint as lot_id, null::bigint as program_id,
        null::lot_kind as kind, null::bigint as take_won, u.loss_won
      from unnest(v_active, v_declines, v_losses) with ordinality as u (active, decline, loss_won, position)
      where u.active
      union all
      select t.position, null, t.line, t.lot_id, t.program_id, t.kind, t.take_won, null
      from unnest(v_take_positions, v_take_lines, v_take_lots, v_take_programs, v_take_kinds, v_take_amounts)
        as t (position, line, lot_id, program_id, kind, take_won)
    ) a
    group by a.position;
  end loop;

  if cardinality(v_done) < cardinality(p_operation_ids) then
    -- Repeats: of earlier sets, or of an earlier request of this one.
    return query
    select s.position, s.outcome, true, s.decline, s.booked_at, s.lot_ids, s.program_ids, s.lot_kinds, s.amounts_won,
      s.loss_won
    from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s
    where s.position <> all (v_done);
  end if;
end
$$;
