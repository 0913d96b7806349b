-- Cancels payments (or captures), in full or in part, by the merchant that was paid.
-- Gives back exactly what was taken, the last line first: a loss, then the lot taken last. amount null: all that is
-- left. What was owed to a card company is taken from what it is owed; the business date is the cancellation's own,
-- where it says one.
-- Locks: the payments in id order, then their lots in (wallet, lot) order, so two refunds of one payment cannot both
-- see the same remainder. Several cancellations of one payment in one set are decided one after the other.
drop function if exists ledger.post_cancellations(integer, timestamptz, uuid[], bytea[], uuid[], bigint[], bigint[],
  text[], text[]);
drop function if exists ledger.post_cancellations(integer, timestamptz, uuid[], bytea[], uuid[], bigint[], bigint[],
  text[], text[], bigint[], date[]);
create function ledger.post_cancellations(
  p_issuer_id integer,
  p_at timestamptz,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_payment_ids uuid[],
  p_merchant_ids bigint[],
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
  v_amounts bigint[];
  v_done integer[] := '{}';
  v_inserted integer;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  perform 1 from operation o
  where o.issuer_id = p_issuer_id and o.operation_id = any (p_payment_ids)
  order by o.operation_id
  for no key update;

  perform 1 from lot l
  where l.issuer_id = p_issuer_id and (l.wallet_id, l.lot_id) in (
    select o.wallet_id, t.debit_id
    from operation o
    join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    where o.issuer_id = p_issuer_id and o.operation_id = any (p_payment_ids) and t.debit_kind in ('lot', 'lot_hold'))
  order by l.wallet_id, l.lot_id
  for update;

  select array_agg(r.round order by r.position), max(r.round) into v_rounds_of, v_rounds
  from (
    select u.position,
      case
        when u.request_hash <> first_value(u.request_hash) over (partition by u.operation_id order by u.position) then 0
        else row_number() over (partition by u.payment_id order by u.position)
      end::integer as round
    from unnest(p_operation_ids, p_request_hashes, p_payment_ids)
      with ordinality as u (operation_id, request_hash, payment_id, position)
  ) r;

  for v_round in 1..v_rounds loop
    select array_agg(d.position), array_agg(d.decline), array_agg(d.amount_won)
    into v_fresh, v_declines, v_amounts
    from (
      select u.position::integer,
        coalesce(u.refusal, case
          when pay.operation_id is null then 'payment_unknown'
          when pay.merchant_id <> u.merchant_id then 'payment_of_other_merchant'
          when coalesce(u.amount_won, left_over.won) not between 1 and left_over.won then 'cancel_exceeds_payment'
        end) as decline,
        coalesce(u.amount_won, left_over.won, 0) as amount_won
      from unnest(p_operation_ids, p_payment_ids, p_merchant_ids, p_amounts_won, p_refusals, v_rounds_of)
        with ordinality as u (operation_id, payment_id, merchant_id, amount_won, refusal, round, position)
      left join operation pay on pay.issuer_id = p_issuer_id and pay.operation_id = u.payment_id
        and pay.kind in ('payment', 'capture') and pay.decline is null
      left join lateral (
        select pay.amount_won - coalesce(sum(c.amount_won), 0)::bigint as won
        from operation c
        where c.issuer_id = p_issuer_id and c.target_id = pay.operation_id
          and c.kind = 'cancellation' and c.decline is null
      ) left_over on pay.operation_id is not null
      where u.round = v_round
        and not exists (
          select 1 from operation o where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id)
    ) d;
    continue when v_fresh is null;

    insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
      wallet_id, merchant_id, outlet_id, amount_won, target_id, actor, partner_id, business_date)
    select p_issuer_id, p_operation_ids[f.position], 'cancellation', coalesce(pay.channel, 'system'), v_booked_at,
      p_request_hashes[f.position], f.decline, pay.wallet_id, p_merchant_ids[f.position], pay.outlet_id, f.amount_won,
      p_payment_ids[f.position], p_actors[f.position],
      case when pay.operation_id is null then p_partner_ids[f.position] else pay.partner_id end,
      case when pay.operation_id is null then p_business_dates[f.position]
        when pay.partner_id is not null then coalesce(p_business_dates[f.position], pay.business_date) end
    from unnest(v_fresh, v_declines, v_amounts) as f (position, decline, amount_won)
    left join operation pay on pay.issuer_id = p_issuer_id and pay.operation_id = p_payment_ids[f.position]
      and pay.kind in ('payment', 'capture')
    order by p_operation_ids[f.position]
    on conflict (issuer_id, operation_id) do nothing;
    get diagnostics v_inserted = row_count;
    if v_inserted <> cardinality(v_fresh) then
      raise exception 'two sets raced for one operation id' using errcode = 'VB001';
    end if;

    -- What each lot (or the loss account) may still get back: taken from it for the payment, less what earlier
    -- cancellations gave back to it.
    insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
    select p_issuer_id, p_operation_ids[g.position], row_number() over (partition by g.position order by g.line desc),
      g.payable_kind, g.payable_id, g.back_kind, g.back_id, least(g.open_won, g.amount_won - g.before_won)
    from (
      select f.position, f.amount_won, t.line, t.credit_kind as payable_kind, t.credit_id as payable_id,
        w.back_kind, t.debit_id as back_id, b.open_won,
        sum(b.open_won) over (partition by f.position order by t.line desc) - b.open_won as before_won
      from unnest(v_fresh, v_declines, v_amounts) as f (position, decline, amount_won)
      join transfer t on t.issuer_id = p_issuer_id and t.operation_id = p_payment_ids[f.position]
        and t.credit_kind <> 'lot'
      cross join lateral (
        select case when t.debit_kind = 'standin_loss' then 'standin_loss' else 'lot' end::account_kind as back_kind
      ) w
      cross join lateral (
        select t.amount_won - coalesce(sum(e.amount_won), 0)::bigint as open_won
        from operation c
        join transfer e on e.issuer_id = p_issuer_id and e.operation_id = c.operation_id
          and e.credit_kind = w.back_kind and e.credit_id = t.debit_id
        where c.issuer_id = p_issuer_id and c.target_id = p_payment_ids[f.position]
          and c.kind = 'cancellation' and c.decline is null
      ) b
      where f.decline is null
    ) g
    where g.open_won > 0 and g.before_won < g.amount_won;

    -- A lot that had expired and was closed has something again, which expires anew.
    update lot l
    set remaining_won = l.remaining_won + g.won, closed = false
    from (
      select o.wallet_id, t.credit_id as lot_id, sum(t.amount_won)::bigint as won
      from unnest(v_fresh, v_declines) as f (position, decline)
      join operation o on o.issuer_id = p_issuer_id and o.operation_id = p_operation_ids[f.position]
      join transfer t on t.issuer_id = p_issuer_id and t.operation_id = p_operation_ids[f.position]
      where f.decline is null and t.credit_kind = 'lot'
      group by o.wallet_id, t.credit_id
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
