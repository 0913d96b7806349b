-- Ends purchases once the bank's word is known: debited issues the lot, not debited gives quota and caps back.
-- Repeating an ending is harmless; the opposite ending is declined with purchase_closed and nothing is recorded.
-- Locks: purchases in id order; then, to give quota back, wallets, sale rows and funders' pots in id order.
create or replace function ledger.close_purchases(
  p_issuer_id integer,
  p_at timestamptz,
  p_purchase_ids uuid[],
  p_closure_ids uuid[],
  p_debited boolean[]
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
  v_fresh integer[];
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  -- The order of reserve_purchases: wallets, then sale rows; purchases stand between, and only endings lock them.
  perform 1 from wallet w
  where w.issuer_id = p_issuer_id and w.wallet_id in (
    select p.wallet_id from purchase p where p.issuer_id = p_issuer_id and p.purchase_id = any (p_purchase_ids))
  order by w.wallet_id
  for no key update;
  perform 1 from purchase p
  where p.issuer_id = p_issuer_id and p.purchase_id = any (p_purchase_ids)
  order by p.purchase_id
  for update;

  select coalesce(array_agg(u.position), '{}') into v_fresh
  from (
    select u.position::integer, u.purchase_id,
      row_number() over (partition by u.purchase_id order by u.position) as occurrence
    from unnest(p_purchase_ids) with ordinality as u (purchase_id, position)
  ) u
  join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = u.purchase_id and p.state = 'reserved'
  where u.occurrence = 1;

  insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, wallet_id, amount_won, target_id)
  select p_issuer_id, p_closure_ids[f.position],
    case when p_debited[f.position] then 'issue' else 'purchase_abandonment' end::operation_kind,
    'system', v_booked_at, sha256(convert_to(p.purchase_id::text, 'UTF8')), p.wallet_id, p.face_won, p.purchase_id
  from unnest(v_fresh) as f (position)
  join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_ids[f.position]
  order by p_closure_ids[f.position];

  insert into lot (issuer_id, wallet_id, lot_id, program_id, kind, face_won, remaining_won, held_won, expires_at, issued_by)
  select p_issuer_id, p.wallet_id, p.lot_id, p.program_id, 'purchase', p.face_won, p.face_won, 0, p.expires_at,
    p_closure_ids[f.position]
  from unnest(v_fresh) as f (position)
  join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_ids[f.position]
  where p_debited[f.position];

  insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
  select p_issuer_id, p_closure_ids[f.position],
    row_number() over (partition by f.position order by s.source_order),
    s.debit_kind, s.debit_id, 'lot', p.lot_id, s.amount_won
  from unnest(v_fresh) as f (position)
  join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_ids[f.position]
  cross join lateral (values
    (1, 'operating_fund'::account_kind, 0, p.pay_won),
    (2, 'subsidy_receivable', 1, p.national_won),
    (3, 'subsidy_receivable', 2, p.province_won),
    (4, 'subsidy_receivable', 3, p.city_won)
  ) as s (source_order, debit_kind, debit_id, amount_won)
  where p_debited[f.position] and s.amount_won > 0;

  perform 1 from program_sale s
  where s.issuer_id = p_issuer_id and (s.program_id, s.month) in (
    select p.program_id, p.month
    from unnest(v_fresh) as f (position)
    join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_ids[f.position]
    where not p_debited[f.position])
  order by s.program_id, s.month
  for no key update;

  perform lock_pots(p_issuer_id, pots_of(p_issuer_id, (
    select array_agg(p_purchase_ids[f.position]) from unnest(v_fresh) as f (position) where not p_debited[f.position])));

  update program_sale s
  set sold_won = s.sold_won - g.face_won
  from (
    select p.program_id, p.month, sum(p.face_won)::bigint as face_won
    from unnest(v_fresh) as f (position)
    join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_ids[f.position]
    where not p_debited[f.position]
    group by p.program_id, p.month
  ) g
  where s.issuer_id = p_issuer_id and s.program_id = g.program_id and s.month = g.month;

  update member_sale m
  set bought_won = m.bought_won - g.face_won
  from (
    select p.program_id, p.wallet_id, p.month, sum(p.face_won)::bigint as face_won
    from unnest(v_fresh) as f (position)
    join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_ids[f.position]
    where not p_debited[f.position]
    group by p.program_id, p.wallet_id, p.month
  ) g
  where m.issuer_id = p_issuer_id and m.program_id = g.program_id and m.wallet_id = g.wallet_id and m.month = g.month;

  perform return_draws(p_issuer_id,
    array_agg(p_purchase_ids[f.position]), array_agg(p_closure_ids[f.position]))
  from unnest(v_fresh) as f (position)
  where not p_debited[f.position];

  update purchase p
  set state = case when p_debited[f.position] then 'completed' else 'abandoned' end::purchase_state,
    closed_at = v_booked_at
  from unnest(v_fresh) as f (position)
  where p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_ids[f.position];

  return query
  select u.position::integer,
    case
      when p.purchase_id is null then 'declined'
      when (p.state = 'completed') = u.debited then 'posted'
      else 'declined'
    end,
    coalesce((p.state = 'completed') = u.debited, false) and u.position::integer <> all (v_fresh),
    case
      when p.purchase_id is null then 'purchase_unknown'
      when (p.state = 'completed') <> u.debited then 'purchase_closed'
    end,
    p.closed_at,
    case when p.state = 'completed' and u.debited then array[p.lot_id] end,
    case when p.state = 'completed' and u.debited then array[p.program_id] end,
    case when p.state = 'completed' and u.debited then array['purchase'] end,
    case when p.state = 'completed' and u.debited then array[p.face_won] end
  from unnest(p_purchase_ids, p_debited) with ordinality as u (purchase_id, debited, position)
  left join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = u.purchase_id;
end
$$;

-- One purchase as it stands; nothing where the id is unknown or its reservation was declined.
create or replace function ledger.purchase_state(p_issuer_id integer, p_purchase_id uuid)
returns table (
  purchase_id uuid, wallet_id bigint, program_id bigint, lot_id bigint, face_won bigint, pay_won bigint,
  account_token text, state text, reserved_at timestamptz, expires_at timestamptz
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select p.purchase_id, p.wallet_id, p.program_id, p.lot_id, p.face_won, p.pay_won, p.account_token, p.state::text,
    p.reserved_at, p.expires_at
  from purchase p
  where p.issuer_id = p_issuer_id and p.purchase_id = p_purchase_id
$$;

-- Purchases that await the bank's word, oldest first: what the resolver works through.
-- p_deposit_token stands for the account of those that are paid by a deposit; they and the others are asked for apart.
drop function if exists ledger.reserved_purchases(integer, timestamptz, integer);
create or replace function ledger.reserved_purchases(
  p_issuer_id integer, p_before timestamptz, p_limit integer, p_deposit_token text, p_by_deposit boolean
)
returns table (
  purchase_id uuid, wallet_id bigint, program_id bigint, lot_id bigint, face_won bigint, pay_won bigint,
  account_token text, state text, reserved_at timestamptz, expires_at timestamptz
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select p.purchase_id, p.wallet_id, p.program_id, p.lot_id, p.face_won, p.pay_won, p.account_token, p.state::text,
    p.reserved_at, p.expires_at
  from purchase p
  where p.issuer_id = p_issuer_id and p.state = 'reserved' and p.reserved_at < p_before
    and (p.account_token = p_deposit_token) = p_by_deposit
  order by p.reserved_at
  limit p_limit
$$;
