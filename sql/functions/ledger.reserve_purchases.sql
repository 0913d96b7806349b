-- Reserves quota and caps for purchases; the bank is asked afterwards.
-- Locks: wallets in id order, then the programs' sale rows, then funders' pots in id order. Payments lock none of them.
-- Quota and pots are granted in input order by running totals, so they cannot be oversold, and a large wish that does not
-- fit does not stop a smaller one after it.
-- p_cap_positions and what follows: limits over several programs together, each with the position of its request, and the
-- programs of each by its number. p_draw_positions and what follows: see ledger.pot_parts.sql.
drop function if exists ledger.reserve_purchases(integer, timestamptz, uuid[], bytea[], bigint[], bigint[], bigint[],
  date[], bigint[], bigint[], bigint[], bigint[], timestamptz[], bigint[], bigint[], bigint[], text[], text[], text[]);
drop function if exists ledger.reserve_purchases(integer, timestamptz, uuid[], bytea[], bigint[], bigint[], bigint[],
  date[], bigint[], bigint[], bigint[], bigint[], timestamptz[], bigint[], bigint[], bigint[], text[], text[], text[],
  integer[], bigint[], integer[], bigint[]);
create or replace function ledger.reserve_purchases(
  p_issuer_id integer,
  p_at timestamptz,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_wallet_ids bigint[],
  p_program_ids bigint[],
  p_lot_ids bigint[],
  p_months date[],
  p_pay_won bigint[],
  p_national_won bigint[],
  p_province_won bigint[],
  p_city_won bigint[],
  p_expires_at timestamptz[],
  p_quotas_won bigint[],
  p_purchase_caps_won bigint[],
  p_holding_caps_won bigint[],
  p_account_tokens text[],
  p_actors text[],
  p_refusals text[],
  p_cap_positions integer[],
  p_caps_won bigint[],
  p_capped_caps integer[],
  p_capped_program_ids bigint[],
  p_draw_positions integer[],
  p_draw_pot_ids bigint[],
  p_draw_amounts_won bigint[],
  p_draw_limits_won bigint[]
) returns table (
  "position" integer, outcome text, replayed boolean, decline text, booked_at timestamptz,
  lot_ids bigint[], program_ids bigint[], lot_kinds text[], amounts_won bigint[]
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
  v_rounds_of integer[] := '{}';
  v_wallets bigint[] := '{}';
  v_fresh integer[];
  v_declines text[];
  v_done integer[] := '{}';
  v_done_declines text[] := '{}';
  v_inserted integer;
  v_counters text[];
  v_used bigint[];
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  perform 1 from wallet w
  where w.issuer_id = p_issuer_id and w.wallet_id = any (p_wallet_ids)
  order by w.wallet_id
  for no key update;

  insert into program_sale (issuer_id, program_id, month, sold_won)
  select distinct p_issuer_id, u.program_id, u.month, 0
  from unnest(p_program_ids, p_months) as u (program_id, month)
  order by 2, 3
  on conflict do nothing;
  perform 1 from program_sale s
  where s.issuer_id = p_issuer_id
    and (s.program_id, s.month) in (select u.program_id, u.month from unnest(p_program_ids, p_months) as u (program_id, month))
  order by s.program_id, s.month
  for no key update;
  perform lock_pots(p_issuer_id, p_draw_pot_ids);

  -- A round is a run of positions in which no wallet stands twice: the rounds keep the input order among all buyers.
  for v_position in 1..cardinality(p_operation_ids) loop
    if p_request_hashes[v_position]
      <> p_request_hashes[array_position(p_operation_ids, p_operation_ids[v_position])] then
      v_rounds_of := v_rounds_of || 0;
      continue;
    end if;
    if p_wallet_ids[v_position] = any (v_wallets) then
      v_rounds := v_rounds + 1;
      v_wallets := '{}';
    end if;
    v_wallets := v_wallets || p_wallet_ids[v_position];
    v_rounds_of := v_rounds_of || v_rounds;
  end loop;

  for v_round in 1..v_rounds loop
    with request as materialized (
      select u.*, u.pay_won + u.national_won + u.province_won + u.city_won as face_won
      from unnest(p_operation_ids, p_wallet_ids, p_program_ids, p_months, p_pay_won, p_national_won, p_province_won,
        p_city_won, p_quotas_won, p_purchase_caps_won, p_holding_caps_won, p_refusals, v_rounds_of)
        with ordinality as u (operation_id, wallet_id, program_id, month, pay_won, national_won, province_won,
          city_won, quota_won, purchase_cap_won, holding_cap_won, refusal, round, position)
      where u.round = v_round
        and not exists (
          select 1 from operation o where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id)
    ), verdict as materialized (
      select r.position,
        coalesce(r.refusal, case
          when not exists (
            select 1 from wallet w where w.issuer_id = p_issuer_id and w.wallet_id = r.wallet_id)
            then 'wallet_unknown'
          when r.face_won + coalesce((
            select m.bought_won from member_sale m
            where m.issuer_id = p_issuer_id and m.program_id = r.program_id
              and m.wallet_id = r.wallet_id and m.month = r.month), 0) > r.purchase_cap_won
            then 'purchase_cap_exceeded'
          when r.face_won + (
            select coalesce(sum(l.remaining_won + l.held_won), 0) from lot l
            where l.issuer_id = p_issuer_id and l.wallet_id = r.wallet_id
              and l.program_id = r.program_id and l.expires_at > v_booked_at
          ) + (
            select coalesce(sum(p.face_won), 0) from purchase p
            where p.issuer_id = p_issuer_id and p.wallet_id = r.wallet_id
              and p.program_id = r.program_id and p.state = 'reserved'
          ) > r.holding_cap_won
            then 'holding_cap_exceeded'
          when exists (
            select 1
            from unnest(p_cap_positions, p_caps_won) with ordinality as c (position, cap_won, cap)
            cross join lateral (
              select array_agg(e.program_id) as program_ids
              from unnest(p_capped_caps, p_capped_program_ids) as e (cap, program_id)
              where e.cap = c.cap
            ) g
            where c.position = r.position
              and c.cap_won < holding_won(p_issuer_id, r.wallet_id, g.program_ids, v_booked_at)
                + case when r.program_id = any (g.program_ids) then r.face_won else 0 end)
            then 'holding_cap_exceeded'
        end) as decline
      from request r
    )
    select array_agg(v.position::integer order by v.position), array_agg(v.decline order by v.position)
    into v_fresh, v_declines
    from verdict v;
    continue when v_fresh is null;

    -- Whoever is refused by a pot leaves the quota to the next, and the other way round: so they are granted together.
    select array_agg(c.counter order by c.counter), array_agg(c.won order by c.counter) into v_counters, v_used
    from (
      select 'sale ' || s.program_id || ' ' || s.month, s.sold_won
      from program_sale s
      where s.issuer_id = p_issuer_id and (s.program_id, s.month) in (
        select u.program_id, u.month from unnest(p_program_ids, p_months) as u (program_id, month))
      union all
      select 'pot ' || t.pot_id, t.used_won
      from pot_use t
      where t.issuer_id = p_issuer_id and t.pot_id = any (p_draw_pot_ids)
    ) c (counter, won);
    select granted(p_issuer_id, v_fresh, v_declines, array_agg(w.position order by w.position, w.turn),
      array_agg(array_position(v_counters, w.counter) order by w.position, w.turn),
      array_agg(w.amount_won order by w.position, w.turn), array_agg(w.limit_won order by w.position, w.turn),
      array_agg(w.decline order by w.position, w.turn), v_used)
    into v_declines
    from (
      select f.position, 0::bigint, 'sale ' || p_program_ids[f.position] || ' ' || p_months[f.position],
        p_pay_won[f.position] + p_national_won[f.position] + p_province_won[f.position] + p_city_won[f.position],
        p_quotas_won[f.position], 'sold_out'::text
      from unnest(v_fresh) as f (position)
      union all
      select d.position, d.turn, 'pot ' || d.pot_id, d.amount_won, d.limit_won, 'budget_exhausted'::text
      from unnest(p_draw_positions, p_draw_pot_ids, p_draw_amounts_won, p_draw_limits_won) with ordinality
        as d (position, pot_id, amount_won, limit_won, turn)
      where d.position = any (v_fresh)
    ) w (position, turn, counter, amount_won, limit_won, decline);

    insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
      wallet_id, amount_won, actor)
    select p_issuer_id, p_operation_ids[f.position], 'purchase', 'system', v_booked_at, p_request_hashes[f.position],
      f.decline, p_wallet_ids[f.position],
      p_pay_won[f.position] + p_national_won[f.position] + p_province_won[f.position] + p_city_won[f.position],
      p_actors[f.position]
    from unnest(v_fresh, v_declines) as f (position, decline)
    order by p_operation_ids[f.position]
    on conflict (issuer_id, operation_id) do nothing;
    get diagnostics v_inserted = row_count;
    if v_inserted <> cardinality(v_fresh) then
      raise exception 'two sets raced for one operation id' using errcode = 'VB001';
    end if;

    insert into purchase (issuer_id, purchase_id, wallet_id, program_id, lot_id, month, face_won, pay_won,
      national_won, province_won, city_won, expires_at, account_token, state, reserved_at)
    select p_issuer_id, p_operation_ids[f.position], p_wallet_ids[f.position], p_program_ids[f.position],
      p_lot_ids[f.position], p_months[f.position],
      p_pay_won[f.position] + p_national_won[f.position] + p_province_won[f.position] + p_city_won[f.position],
      p_pay_won[f.position], p_national_won[f.position], p_province_won[f.position], p_city_won[f.position],
      p_expires_at[f.position], p_account_tokens[f.position], 'reserved', v_booked_at
    from unnest(v_fresh, v_declines) as f (position, decline)
    where f.decline is null;

    update program_sale s
    set sold_won = s.sold_won + g.face_won
    from (
      select p.program_id, p.month, sum(p.face_won)::bigint as face_won
      from unnest(v_fresh, v_declines) as f (position, decline)
      join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_operation_ids[f.position]
      where f.decline is null
      group by p.program_id, p.month
    ) g
    where s.issuer_id = p_issuer_id and s.program_id = g.program_id and s.month = g.month;

    insert into member_sale as m (issuer_id, program_id, wallet_id, month, bought_won)
    select p_issuer_id, p.program_id, p.wallet_id, p.month, p.face_won
    from unnest(v_fresh, v_declines) as f (position, decline)
    join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_operation_ids[f.position]
    where f.decline is null
    on conflict (issuer_id, program_id, wallet_id, month)
    do update set bought_won = m.bought_won + excluded.bought_won;

    perform book_draws(p_issuer_id, p_operation_ids, (
        select array_agg(f.position) from unnest(v_fresh, v_declines) as f (position, decline) where f.decline is null),
      p_draw_positions, p_draw_pot_ids, p_draw_amounts_won);

    v_done := v_done || v_fresh;
    v_done_declines := v_done_declines || v_declines;
  end loop;

  -- A reservation has no legs: what was decided just now is answered from memory.
  return query
  select d.position, case when d.decline is null then 'posted' else 'declined' end, false, d.decline, v_booked_at,
    null::bigint[], null::bigint[], null::text[], null::bigint[]
  from unnest(v_done, v_done_declines) as d (position, decline);
  if cardinality(v_done) < cardinality(p_operation_ids) then
    return query
    select s.position, s.outcome, true, s.decline, s.booked_at, s.lot_ids, s.program_ids, s.lot_kinds, s.amounts_won
    from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s
    where s.position <> all (v_done);
  end if;
end
$$;
