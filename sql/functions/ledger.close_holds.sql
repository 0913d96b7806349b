-- Closes holds: captures an amount in the order of taking and releases the rest; amount 0 releases all.
-- What a card's hold captures is owed to that card company; the business date is the closure's own, where it says one.
-- A closure is booked no earlier than its hold, also by a core whose clock was set back between the two.
-- A hold is closed once. Locks: the holds in id order, then their lots in (wallet, lot) order.
drop function if exists ledger.close_holds(integer, timestamptz, uuid[], bytea[], uuid[], bigint[], text[], text[]);
drop function if exists ledger.close_holds(integer, timestamptz, uuid[], bytea[], uuid[], bigint[], text[], text[],
  bigint[], date[]);
create function ledger.close_holds(
  p_issuer_id integer,
  p_at timestamptz,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_hold_ids uuid[],
  p_amounts_won bigint[],
  p_actors text[],
  p_refusals text[],
  p_partner_ids bigint[],
  p_business_dates date[]
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
  v_rounds integer;
  v_rounds_of integer[];
  v_fresh integer[];
  v_declines text[];
  v_done integer[] := '{}';
  v_inserted integer;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  perform 1 from operation o
  where o.issuer_id = p_issuer_id and o.operation_id = any (p_hold_ids)
  order by o.operation_id
  for no key update;

  perform 1 from lot l
  where l.issuer_id = p_issuer_id and (l.wallet_id, l.lot_id) in (
    select o.wallet_id, t.debit_id
    from operation o
    join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    where o.issuer_id = p_issuer_id and o.operation_id = any (p_hold_ids) and t.credit_kind = 'lot_hold')
  order by l.wallet_id, l.lot_id
  for update;

  select array_agg(r.round order by r.position), max(r.round) into v_rounds_of, v_rounds
  from (
    select u.position,
      case
        when u.request_hash <> first_value(u.request_hash) over (partition by u.operation_id order by u.position) then 0
        else row_number() over (partition by u.hold_id order by u.position)
      end::integer as round
    from unnest(p_operation_ids, p_request_hashes, p_hold_ids)
      with ordinality as u (operation_id, request_hash, hold_id, position)
  ) r;

  for v_round in 1..v_rounds loop
    select array_agg(d.position), array_agg(d.decline) into v_fresh, v_declines
    from (
      select u.position::integer,
        coalesce(u.refusal, case
          when h.operation_id is null then 'hold_unknown'
          when exists (
            select 1 from operation c
            where c.issuer_id = p_issuer_id and c.target_id = u.hold_id
              and c.kind in ('capture', 'release') and c.decline is null) then 'hold_closed'
          when u.amount_won > h.amount_won then 'capture_exceeds_hold'
        end) as decline
      from unnest(p_operation_ids, p_hold_ids, p_amounts_won, p_refusals, v_rounds_of)
        with ordinality as u (operation_id, hold_id, amount_won, refusal, round, position)
      left join operation h on h.issuer_id = p_issuer_id and h.operation_id = u.hold_id
        and h.kind = 'hold' and h.decline is null
      where u.round = v_round
        and not exists (
          select 1 from operation o where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id)
    ) d;
    continue when v_fresh is null;

    insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
      wallet_id, merchant_id, outlet_id, amount_won, target_id, actor, partner_id, business_date)
    select p_issuer_id, p_operation_ids[f.position],
      case when p_amounts_won[f.position] = 0 then 'release' else 'capture' end::operation_kind,
      coalesce(h.channel, 'system'),
      case when f.decline is null then greatest(v_booked_at, h.booked_at) else v_booked_at end, p_request_hashes[f.position], f.decline,
      h.wallet_id, h.merchant_id, h.outlet_id, p_amounts_won[f.position], p_hold_ids[f.position], p_actors[f.position],
      case when h.operation_id is null then p_partner_ids[f.position] else h.partner_id end,
      case when h.operation_id is null then p_business_dates[f.position]
        when h.partner_id is not null then coalesce(p_business_dates[f.position], h.business_date) end
    from unnest(v_fresh, v_declines) as f (position, decline)
    left join operation h on h.issuer_id = p_issuer_id and h.operation_id = p_hold_ids[f.position] and h.kind = 'hold'
    order by p_operation_ids[f.position]
    on conflict (issuer_id, operation_id) do nothing;
    get diagnostics v_inserted = row_count;
    if v_inserted <> cardinality(v_fresh) then
      raise exception 'two sets raced for one operation id' using errcode = 'VB001';
    end if;

    insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
    select p_issuer_id, p_operation_ids[g.position],
      row_number() over (partition by g.position order by g.line, part.part_order),
      'lot_hold', g.lot_id, part.credit_kind, part.credit_id, part.amount_won
    from (
      select f.position, t.line, t.debit_id as lot_id, t.amount_won,
        case when h.partner_id is null then 'merchant_payable' else 'card_clearing' end::account_kind as payable_kind,
        coalesce(h.partner_id, h.merchant_id) as payable_id,
        greatest(0, least(t.amount_won, p_amounts_won[f.position]
          - (sum(t.amount_won) over (partition by f.position order by t.line) - t.amount_won)))::bigint as capture_won
      from unnest(v_fresh, v_declines) as f (position, decline)
      join operation h on h.issuer_id = p_issuer_id and h.operation_id = p_hold_ids[f.position]
      join transfer t on t.issuer_id = p_issuer_id and t.operation_id = p_hold_ids[f.position]
      where f.decline is null
    ) g
    cross join lateral (values
      (1, g.payable_kind, g.payable_id, g.capture_won),
      (2, 'lot', g.lot_id, g.amount_won - g.capture_won)
    ) as part (part_order, credit_kind, credit_id, amount_won)
    where part.amount_won > 0;

    update lot l
    set held_won = l.held_won - g.held_won, remaining_won = l.remaining_won + g.released_won
    from (
      select o.wallet_id, t.debit_id as lot_id, sum(t.amount_won)::bigint as held_won,
        coalesce(sum(t.amount_won) filter (where t.credit_kind = 'lot'), 0)::bigint as released_won
      from unnest(v_fresh, v_declines) as f (position, decline)
      join operation o on o.issuer_id = p_issuer_id and o.operation_id = p_operation_ids[f.position]
      join transfer t on t.issuer_id = p_issuer_id and t.operation_id = p_operation_ids[f.position]
      where f.decline is null
      group by o.wallet_id, t.debit_id
    ) g
    where l.issuer_id = p_issuer_id and l.wallet_id = g.wallet_id and l.lot_id = g.lot_id;

    v_done := v_done || v_fresh;
  end loop;

  return query
  select s.position, s.outcome, s.position <> all (v_done), s.decline, s.booked_at,
    s.lot_ids, s.program_ids, s.lot_kinds, s.amounts_won, s.loss_won
  from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s;
end
$$;
