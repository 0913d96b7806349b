-- Posts movements: lines as policy decided them, while the lots and the payout are still as policy saw them.
--
-- Lines, seen lots, new lots and caps are flat arrays; each says at which position of the set its request stands. What of
-- a refused request stands in them is not looked at, but for the amount that its lines add up to.
-- Outcomes beside posted, declined and key_reused: changed, which records nothing. A lot that somebody holds at this
-- moment is changed as well.
-- Locks: wallets in id order, purchases and sale rows of sales that are given back, funders' pots in id order, payouts in
-- id order, the targets that can be ended once in id order, and last the lots in (wallet, lot) order, only those that are free: a payment never waits
-- in line behind a set that itself waits.
-- Rounds: requests about one wallet, target, payout or key in one set are decided one after the other, in input order.
-- Raises VB001 when two sets raced for one operation id: nothing was written; call again. Raises VB005 where a request is
-- a mistake of the core: nothing was written.
create or replace function ledger.post_movements(
  p_issuer_id integer,
  p_at timestamptz,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_kinds ledger.operation_kind[],
  p_wallet_ids bigint[],
  p_merchant_ids bigint[],
  p_target_ids uuid[],
  p_actors text[],
  p_refusals text[],
  p_line_positions integer[],
  p_line_debit_kinds ledger.account_kind[],
  p_line_debit_ids bigint[],
  p_line_credit_kinds ledger.account_kind[],
  p_line_credit_ids bigint[],
  p_line_amounts_won bigint[],
  p_seen_positions integer[],
  p_seen_lot_ids bigint[],
  p_seen_remaining_won bigint[],
  p_seen_held_won bigint[],
  p_new_positions integer[],
  p_new_lot_ids bigint[],
  p_new_program_ids bigint[],
  p_new_kinds ledger.lot_kind[],
  p_new_expires_at timestamptz[],
  p_cap_positions integer[],
  p_caps_won bigint[],
  p_capped_caps integer[],
  p_capped_program_ids bigint[],
  p_returns_sale_of uuid[],
  p_payout_ids bigint[],
  p_beneficiary_kinds ledger.beneficiary_kind[],
  p_beneficiary_ids bigint[],
  p_step_payout_ids bigint[],
  p_step_from ledger.payout_state[],
  p_step_attempts integer[],
  p_step_to ledger.payout_state[],
  p_step_reasons text[],
  p_due_on date[],
  p_bank_codes text[],
  p_account_numbers text[],
  p_holder_names text[],
  p_draw_positions integer[],
  p_draw_pot_ids bigint[],
  p_draw_amounts_won bigint[],
  p_draw_limits_won bigint[]
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
  v_rounds integer := 1;
  v_round_of integer[] := '{}';
  v_wallets bigint[] := '{}';
  v_keys uuid[] := '{}';
  v_targets uuid[] := '{}';
  v_payouts bigint[] := '{}';
  v_locked bigint[];
  v_fresh integer[];
  v_declines text[];
  v_posted integer[];
  v_done integer[] := '{}';
  v_changed integer[] := '{}';
  v_inserted integer;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  if exists (
    select 1 from unnest(p_line_positions, p_line_debit_kinds, p_line_credit_kinds)
      as u (position, debit_kind, credit_kind)
    where p_refusals[u.position] is null and not movement_allows(p_kinds[u.position], u.debit_kind, u.credit_kind)
  ) then
    raise exception 'a movement moves money where its kind may not' using errcode = 'VB005';
  end if;

  perform 1 from wallet w
  where w.issuer_id = p_issuer_id and w.wallet_id = any (p_wallet_ids)
  order by w.wallet_id
  for no key update;

  perform 1 from purchase p
  where p.issuer_id = p_issuer_id and p.purchase_id = any (p_returns_sale_of)
  order by p.purchase_id
  for update;
  perform 1 from program_sale s
  where s.issuer_id = p_issuer_id and (s.program_id, s.month) in (
    select p.program_id, p.month from purchase p
    where p.issuer_id = p_issuer_id and p.purchase_id = any (p_returns_sale_of))
  order by s.program_id, s.month
  for no key update;

  perform lock_pots(p_issuer_id, p_draw_pot_ids || pots_of(p_issuer_id, p_returns_sale_of));

  perform 1 from payout p
  where p.issuer_id = p_issuer_id and p.payout_id = any (p_step_payout_ids)
  order by p.payout_id
  for update;

  perform 1 from operation o
  where o.issuer_id = p_issuer_id and o.operation_id in (
    select u.target_id from unnest(p_target_ids, p_kinds) as u (target_id, kind)
    where movement_rivals(u.kind) <> '{}')
  order by o.operation_id
  for no key update;

  -- Lots that are taken from or only looked at, and those that a returned gift goes back to.
  select array_agg(k.lot_id) into v_locked
  from (
    select l.lot_id from lot l
    where l.issuer_id = p_issuer_id and (l.wallet_id, l.lot_id) in (
      select p_wallet_ids[u.position], u.lot_id from unnest(p_seen_positions, p_seen_lot_ids) as u (position, lot_id)
      union all
      select p_wallet_ids[u.position], u.credit_id
      from unnest(p_line_positions, p_line_credit_kinds, p_line_credit_ids) as u (position, credit_kind, credit_id)
      where u.credit_kind = 'lot' and p_kinds[u.position] = 'gift_return')
    order by l.wallet_id, l.lot_id
    for update skip locked
  ) k;

  -- A round is a run of positions in which no wallet, key, target or payout stands twice.
  for v_position in 1..cardinality(p_operation_ids) loop
    if p_operation_ids[v_position] = any (v_keys) or p_wallet_ids[v_position] = any (v_wallets)
      or p_target_ids[v_position] = any (v_targets) or p_step_payout_ids[v_position] = any (v_payouts) then
      v_rounds := v_rounds + 1;
      v_keys := '{}';
      v_wallets := '{}';
      v_targets := '{}';
      v_payouts := '{}';
    end if;
    v_keys := v_keys || p_operation_ids[v_position];
    v_wallets := v_wallets || p_wallet_ids[v_position];
    v_targets := v_targets || p_target_ids[v_position];
    v_payouts := v_payouts || p_step_payout_ids[v_position];
    v_round_of := v_round_of || v_rounds;
  end loop;

  for v_round in 1..v_rounds loop
    with request as materialized (
      select u.position::integer, u.kind, u.wallet_id, u.target_id, u.refusal, u.step_payout_id, u.step_from, u.step_attempt
      from unnest(p_operation_ids, p_kinds, p_wallet_ids, p_target_ids, p_refusals, p_step_payout_ids, p_step_from,
        p_step_attempts, v_round_of) with ordinality
        as u (operation_id, kind, wallet_id, target_id, refusal, step_payout_id, step_from, step_attempt, round, position)
      where u.round = v_round
        and not exists (
          select 1 from operation o where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id)
    ), verdict as materialized (
      select r.position,
        coalesce(r.refusal, case
          when r.wallet_id is not null and not exists (
            select 1 from wallet w where w.issuer_id = p_issuer_id and w.wallet_id = r.wallet_id)
            then 'wallet_unknown'
          when exists (
            select 1 from operation o
            where o.issuer_id = p_issuer_id and o.target_id = r.target_id and o.decline is null
              and o.kind = any (movement_rivals(r.kind)))
            then 'changed'
          when r.step_payout_id is not null and not exists (
            select 1 from payout p
            where p.issuer_id = p_issuer_id and p.payout_id = r.step_payout_id and p.state = r.step_from
              and p.attempt = r.step_attempt)
            then 'changed'
          when exists (
            select 1
            from unnest(p_seen_positions, p_seen_lot_ids, p_seen_remaining_won, p_seen_held_won)
              as s (position, lot_id, remaining_won, held_won)
            where s.position = r.position and not exists (
              select 1 from lot l
              where l.issuer_id = p_issuer_id and l.wallet_id = r.wallet_id and l.lot_id = s.lot_id
                and l.lot_id = any (v_locked)
                and l.remaining_won = s.remaining_won and l.held_won = s.held_won))
            then 'changed'
          when r.kind = 'gift_return' and exists (
            select 1
            from unnest(p_line_positions, p_line_credit_ids) as t (position, credit_id)
            join lot l on l.issuer_id = p_issuer_id and l.wallet_id = r.wallet_id and l.lot_id = t.credit_id
            where t.position = r.position and (l.lot_id = any (v_locked)) is not true)
            then 'changed'
          when exists (
            select 1
            from unnest(p_cap_positions, p_caps_won) with ordinality as c (position, cap_won, cap)
            cross join lateral (
              select array_agg(e.program_id) as program_ids
              from unnest(p_capped_caps, p_capped_program_ids) as e (cap, program_id)
              where e.cap = c.cap
            ) g
            where c.position = r.position
              and c.cap_won < holding_won(p_issuer_id, r.wallet_id, g.program_ids, v_booked_at) + (
                select coalesce(sum(t.amount_won), 0)
                from unnest(p_new_positions, p_new_lot_ids, p_new_program_ids) as n (position, lot_id, program_id)
                join unnest(p_line_positions, p_line_credit_ids, p_line_amounts_won)
                  as t (position, credit_id, amount_won) on t.position = n.position and t.credit_id = n.lot_id
                where n.position = r.position and n.program_id = any (g.program_ids)))
            then 'holding_cap_exceeded'
        end) as verdict
      from request r
    )
    select array_agg(v.position order by v.position) filter (where v.verdict is distinct from 'changed'),
      array_agg(v.verdict order by v.position) filter (where v.verdict is distinct from 'changed'),
      v_changed || coalesce(array_agg(v.position) filter (where v.verdict = 'changed'), '{}')
    into v_fresh, v_declines, v_changed
    from verdict v;
    continue when v_fresh is null;
    v_declines := pot_verdicts(p_issuer_id, v_fresh, v_declines,
      p_draw_positions, p_draw_pot_ids, p_draw_amounts_won, p_draw_limits_won);
    select array_agg(f.position order by f.position) into v_posted
    from unnest(v_fresh, v_declines) as f (position, decline)
    where f.decline is null;

    insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
      wallet_id, merchant_id, amount_won, target_id, actor)
    select p_issuer_id, p_operation_ids[f.position], p_kinds[f.position], 'system', v_booked_at,
      p_request_hashes[f.position], f.decline, p_wallet_ids[f.position], p_merchant_ids[f.position], (
        select coalesce(sum(t.amount_won), 0)
        from unnest(p_line_positions, p_line_amounts_won) as t (position, amount_won)
        where t.position = f.position),
      p_target_ids[f.position], p_actors[f.position]
    from unnest(v_fresh, v_declines) as f (position, decline)
    order by p_operation_ids[f.position]
    on conflict (issuer_id, operation_id) do nothing;
    get diagnostics v_inserted = row_count;
    if v_inserted <> cardinality(v_fresh) then
      raise exception 'two sets raced for one operation id' using errcode = 'VB001';
    end if;
    v_done := v_done || v_fresh;
    continue when v_posted is null;

    insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
    select p_issuer_id, p_operation_ids[t.position], row_number() over (partition by t.position order by t.turn),
      t.debit_kind, t.debit_id, t.credit_kind, t.credit_id, t.amount_won
    from unnest(p_line_positions, p_line_debit_kinds, p_line_debit_ids, p_line_credit_kinds, p_line_credit_ids,
      p_line_amounts_won) with ordinality
      as t (position, debit_kind, debit_id, credit_kind, credit_id, amount_won, turn)
    where t.position = any (v_posted);

    perform movement_lots(p_issuer_id, v_posted, p_operation_ids, p_kinds, p_wallet_ids,
      p_new_positions, p_new_lot_ids, p_new_program_ids, p_new_kinds, p_new_expires_at);
    perform movement_payouts(p_issuer_id, v_booked_at, v_posted, p_operation_ids, p_payout_ids, p_beneficiary_kinds,
      p_beneficiary_ids, p_step_payout_ids, p_step_from, p_step_attempts, p_step_to, p_step_reasons, p_due_on,
      p_bank_codes, p_account_numbers, p_holder_names);
    perform movement_sales(p_issuer_id, v_posted, p_operation_ids, p_wallet_ids, p_returns_sale_of);
    perform movement_targets(p_issuer_id, v_posted, p_kinds, p_target_ids);
    perform book_draws(p_issuer_id, p_operation_ids, v_posted, p_draw_positions, p_draw_pot_ids, p_draw_amounts_won);
  end loop;

  return query
  select c.position, 'changed', false, null::text, null::timestamptz,
    null::bigint[], null::bigint[], null::text[], null::bigint[], null::bigint
  from unnest(v_changed) as c (position);
  return query
  select s.position, s.outcome, s.position <> all (v_done), s.decline, s.booked_at,
    s.lot_ids, s.program_ids, s.lot_kinds, s.amounts_won, s.loss_won
  from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s
  where s.position <> all (v_changed);
end
$$;
