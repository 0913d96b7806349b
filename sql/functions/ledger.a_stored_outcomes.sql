-- The stored outcome of each operation id that is known; key_reused where the request was another one.
-- Legs are what the operation moved from, or gave back to, each lot, in the order of its lines. A capture's legs are
-- the captured parts only. What touches no lot is no leg; loss_won is what the stand-in loss account paid or got back.
drop function if exists ledger.operation_legs(integer, uuid);
create function ledger.operation_legs(p_issuer_id integer, p_operation_id uuid)
returns table (lot_ids bigint[], program_ids bigint[], lot_kinds text[], amounts_won bigint[], loss_won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select array_agg(g.lot_id order by g.line), array_agg(l.program_id order by g.line),
    array_agg(l.kind::text order by g.line), array_agg(g.amount_won order by g.line), (
      select sum(t.amount_won)::bigint from transfer t
      where t.issuer_id = p_issuer_id and t.operation_id = p_operation_id
        and (t.debit_kind = 'standin_loss' or t.credit_kind = 'standin_loss'))
  from (
    select o.wallet_id, min(t.line) as line, sum(t.amount_won)::bigint as amount_won,
      case when t.credit_kind = 'lot' then t.credit_id else t.debit_id end as lot_id
    from operation o
    join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    where o.issuer_id = p_issuer_id and o.operation_id = p_operation_id
      and (t.credit_kind = 'lot' or t.debit_kind in ('lot', 'lot_hold'))
      and (o.kind <> 'capture' or t.credit_kind <> 'lot')
    group by 1, 4
  ) g
  join lot l on l.issuer_id = p_issuer_id and l.wallet_id = g.wallet_id and l.lot_id = g.lot_id
$$;

drop function if exists ledger.stored_outcomes(integer, uuid[], bytea[]);
create function ledger.stored_outcomes(
  p_issuer_id integer,
  p_operation_ids uuid[],
  p_request_hashes bytea[]
) returns table (
  "position" integer, outcome text, replayed boolean, decline text, booked_at timestamptz,
  lot_ids bigint[], program_ids bigint[], lot_kinds text[], amounts_won bigint[], loss_won bigint
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select u.position::integer,
    case
      when o.request_hash <> u.request_hash then 'key_reused'
      when o.decline is null then 'posted'
      else 'declined'
    end,
    true,
    case when o.request_hash = u.request_hash then o.decline end,
    case when o.request_hash = u.request_hash then o.booked_at end,
    t.lot_ids, t.program_ids, t.lot_kinds, t.amounts_won, t.loss_won
  from unnest(p_operation_ids, p_request_hashes) with ordinality as u (operation_id, request_hash, position)
  -- The limit keeps it a look-up by the key for each: a young database would read the issuer's history instead.
  cross join lateral (
    select o.request_hash, o.decline, o.booked_at from operation o
    where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id
    limit 1
  ) o
  left join lateral ledger.operation_legs(p_issuer_id, u.operation_id) t
    on o.request_hash = u.request_hash and o.decline is null
$$;

-- Enquiry by key: the recorded operations that are known, with their legs and what was given back.
drop function if exists ledger.find_operations(integer, uuid[]);
create function ledger.find_operations(p_issuer_id integer, p_operation_ids uuid[])
returns table (
  operation_id uuid, kind text, channel text, booked_at timestamptz, decline text, wallet_id bigint,
  merchant_id bigint, outlet_id bigint, amount_won bigint, target_id uuid, actor text, partner_id bigint,
  business_date text, lot_ids bigint[], program_ids bigint[], lot_kinds text[], amounts_won bigint[], loss_won bigint,
  cancelled_won bigint
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select o.operation_id, o.kind::text, o.channel::text, o.booked_at, o.decline, o.wallet_id, o.merchant_id,
    o.outlet_id, o.amount_won, o.target_id, o.actor, o.partner_id, o.business_date::text,
    t.lot_ids, t.program_ids, t.lot_kinds, t.amounts_won, t.loss_won, c.won
  from operation o
  left join lateral ledger.operation_legs(p_issuer_id, o.operation_id) t on o.decline is null
  cross join lateral (
    select coalesce(sum(c.amount_won), 0)::bigint as won
    from operation c
    where c.issuer_id = p_issuer_id and c.target_id = o.operation_id
      and c.kind = 'cancellation' and c.decline is null
  ) c
  where o.issuer_id = p_issuer_id and o.operation_id = any (p_operation_ids)
$$;
