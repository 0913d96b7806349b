-- The parts of post_movements. No core may call them: a lot that is filled without a line would be money made of nothing.

-- What the lines of posted movements make of lots: new ones, less in those that are taken from, more in those that get
-- something back, which opens them again. Constraints keep each between nothing and its face.
create or replace function ledger.movement_lots(
  p_issuer_id integer,
  p_posted integer[],
  p_operation_ids uuid[],
  p_kinds ledger.operation_kind[],
  p_wallet_ids bigint[],
  p_new_positions integer[],
  p_new_lot_ids bigint[],
  p_new_program_ids bigint[],
  p_new_kinds ledger.lot_kind[],
  p_new_expires_at timestamptz[]
) returns void
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
  v_moved integer;
  v_expected integer;
begin
  insert into lot (issuer_id, wallet_id, lot_id, program_id, kind, face_won, remaining_won, held_won, expires_at, issued_by)
  select p_issuer_id, p_wallet_ids[n.position], n.lot_id, n.program_id, n.kind, f.won, f.won, 0, n.expires_at,
    p_operation_ids[n.position]
  from unnest(p_new_positions, p_new_lot_ids, p_new_program_ids, p_new_kinds, p_new_expires_at)
    as n (position, lot_id, program_id, kind, expires_at)
  cross join lateral (
    select sum(t.amount_won)::bigint as won from transfer t
    where t.issuer_id = p_issuer_id and t.operation_id = p_operation_ids[n.position]
      and t.credit_kind = 'lot' and t.credit_id = n.lot_id
  ) f
  where n.position = any (p_posted);

  update lot l
  set remaining_won = l.remaining_won + g.won, closed = l.closed and g.won < 0
  from (
    select p_wallet_ids[f.position] as wallet_id, s.lot_id, sum(s.won)::bigint as won
    from unnest(p_posted) as f (position)
    join transfer t on t.issuer_id = p_issuer_id and t.operation_id = p_operation_ids[f.position]
    cross join lateral (values
      (t.debit_kind = 'lot', t.debit_id, -t.amount_won),
      (t.credit_kind = 'lot' and p_kinds[f.position] = 'gift_return', t.credit_id, t.amount_won)
    ) as s (is_lot, lot_id, won)
    where s.is_lot
    group by 1, 2
  ) g
  where l.issuer_id = p_issuer_id and l.wallet_id = g.wallet_id and l.lot_id = g.lot_id;
  get diagnostics v_moved = row_count;

  select count(distinct s.lot_id) into v_expected
  from unnest(p_posted) as f (position)
  join transfer t on t.issuer_id = p_issuer_id and t.operation_id = p_operation_ids[f.position]
  cross join lateral (values
    (t.debit_kind = 'lot', t.debit_id),
    (t.credit_kind = 'lot' and p_kinds[f.position] = 'gift_return', t.credit_id)
  ) as s (is_lot, lot_id)
  where s.is_lot;
  if v_moved <> v_expected then
    raise exception 'a movement is about a lot that its wallet does not have' using errcode = 'VB005';
  end if;
end
$$;

-- Makes the payouts of posted movements, and takes the steps that they cause. A payout is moved as a whole.
create or replace function ledger.movement_payouts(
  p_issuer_id integer,
  p_booked_at timestamptz,
  p_posted integer[],
  p_operation_ids uuid[],
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
  p_holder_names text[]
) returns void
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  insert into payout (issuer_id, payout_id, beneficiary_kind, beneficiary_id, amount_won, bank_code, account_number,
    holder_name, due_on, caused_by, state, attempt, created_at, changed_at)
  select p_issuer_id, p_payout_ids[f.position], p_beneficiary_kinds[f.position], p_beneficiary_ids[f.position], (
      select sum(t.amount_won) from transfer t
      where t.issuer_id = p_issuer_id and t.operation_id = p_operation_ids[f.position]
        and t.credit_kind = 'settlement_in_transit'),
    p_bank_codes[f.position], p_account_numbers[f.position], p_holder_names[f.position], p_due_on[f.position],
    p_operation_ids[f.position], 'due', 1, p_booked_at, p_booked_at
  from unnest(p_posted) as f (position)
  where p_payout_ids[f.position] is not null;

  if exists (
    select 1
    from unnest(p_posted) as f (position)
    join payout p on p.issuer_id = p_issuer_id and p.payout_id = p_step_payout_ids[f.position]
    where p.amount_won <> (
      select sum(t.amount_won) from transfer t
      where t.issuer_id = p_issuer_id and t.operation_id = p_operation_ids[f.position])
  ) then
    raise exception 'a payout is moved as a whole' using errcode = 'VB005';
  end if;

  insert into payout_step (issuer_id, operation_id, payout_id, attempt, from_state, to_state, due_on, bank_code,
    account_number, holder_name, file_name, sent_at, reason)
  select p_issuer_id, p_operation_ids[f.position], p.payout_id, coalesce(p_step_attempts[f.position], 1),
    p_step_from[f.position], coalesce(p_step_to[f.position], 'due'), p_due_on[f.position], p_bank_codes[f.position],
    p_account_numbers[f.position], p_holder_names[f.position],
    case when p.state = 'sent' then p.file_name end, case when p.state = 'sent' then p.changed_at end,
    p_step_reasons[f.position]
  from unnest(p_posted) as f (position)
  join payout p on p.issuer_id = p_issuer_id
    and p.payout_id = coalesce(p_payout_ids[f.position], p_step_payout_ids[f.position]);

  update payout p
  set state = p_step_to[f.position],
    attempt = p.attempt + case when p_step_to[f.position] = 'due' then 1 else 0 end,
    reason = p_step_reasons[f.position],
    due_on = coalesce(p_due_on[f.position], p.due_on),
    bank_code = coalesce(p_bank_codes[f.position], p.bank_code),
    account_number = coalesce(p_account_numbers[f.position], p.account_number),
    holder_name = coalesce(p_holder_names[f.position], p.holder_name),
    changed_at = p_booked_at
  from unnest(p_posted) as f (position)
  where p.issuer_id = p_issuer_id and p.payout_id = p_step_payout_ids[f.position];
end
$$;

-- Gives back what cancelled purchases took of their month's quota and of the member's cap, as an abandonment does.
create or replace function ledger.movement_sales(
  p_issuer_id integer, p_posted integer[], p_operation_ids uuid[], p_wallet_ids bigint[], p_returns_sale_of uuid[]
) returns void
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
  v_returned integer;
begin
  update purchase p
  set sale_returned_by = p_operation_ids[f.position]
  from unnest(p_posted) as f (position)
  where p.issuer_id = p_issuer_id and p.purchase_id = p_returns_sale_of[f.position]
    and p.wallet_id = p_wallet_ids[f.position] and p.state = 'completed' and p.sale_returned_by is null;
  get diagnostics v_returned = row_count;
  if v_returned <> (
    select count(*) from unnest(p_posted) as f (position) where p_returns_sale_of[f.position] is not null
  ) then
    raise exception 'a sale that is given back was made, in this wallet, and is given back once' using errcode = 'VB005';
  end if;
  if v_returned = 0 then
    return;
  end if;
  perform return_draws(p_issuer_id, array_agg(p_returns_sale_of[f.position]), array_agg(p_operation_ids[f.position]))
  from unnest(p_posted) as f (position)
  where p_returns_sale_of[f.position] is not null;

  update program_sale s
  set sold_won = s.sold_won - g.face_won
  from (
    select p.program_id, p.month, sum(p.face_won)::bigint as face_won
    from unnest(p_posted) as f (position)
    join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_returns_sale_of[f.position]
    group by p.program_id, p.month
  ) g
  where s.issuer_id = p_issuer_id and s.program_id = g.program_id and s.month = g.month;

  update member_sale m
  set bought_won = m.bought_won - g.face_won
  from (
    select p.program_id, p.wallet_id, p.month, sum(p.face_won)::bigint as face_won
    from unnest(p_posted) as f (position)
    join purchase p on p.issuer_id = p_issuer_id and p.purchase_id = p_returns_sale_of[f.position]
    group by p.program_id, p.wallet_id, p.month
  ) g
  where m.issuer_id = p_issuer_id and m.program_id = g.program_id and m.wallet_id = g.wallet_id and m.month = g.month;
end
$$;

-- What can be ended once is an operation that was posted: its row is what two who end it meet at.
create or replace function ledger.movement_targets(
  p_issuer_id integer, p_posted integer[], p_kinds ledger.operation_kind[], p_target_ids uuid[]
) returns void
language plpgsql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
as $$
begin
  if exists (
    select 1 from unnest(p_posted) as f (position)
    where movement_rivals(p_kinds[f.position]) <> '{}' and not exists (
      select 1 from operation o
      where o.issuer_id = p_issuer_id and o.operation_id = p_target_ids[f.position] and o.decline is null)
  ) then
    raise exception 'what a movement ends was posted' using errcode = 'VB005';
  end if;
end
$$;
