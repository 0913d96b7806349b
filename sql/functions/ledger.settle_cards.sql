-- What an issuer owes a card company now: captured less cancelled less settled.
create or replace function ledger.card_clearing(p_issuer_id integer, p_partner_id bigint)
returns bigint
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select coalesce(sum(case when o.kind in ('payment', 'capture') then o.amount_won else -o.amount_won end), 0)::bigint
  from operation o
  where o.issuer_id = p_issuer_id and o.partner_id = p_partner_id and o.decline is null
    and o.kind in ('payment', 'capture', 'cancellation', 'card_settlement')
$$;

drop function if exists ledger.settle_cards(integer, timestamptz, uuid[], bytea[], bigint[], date[], bigint[], text[], text[]);

-- Settles with card companies: what is owed goes into transit as a payout of its own, and never more than is owed.
-- Locks: the issuer's head, so that two settlements cannot both see the same money; postings only read it and do not
-- wait. A cancellation that comes after a settlement may leave the partner owing, and the next settlement less.
create or replace function ledger.settle_cards(
  p_issuer_id integer,
  p_at timestamptz,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_partner_ids bigint[],
  p_business_dates date[],
  p_amounts_won bigint[],
  p_actors text[],
  p_refusals text[],
  p_payout_ids bigint[],
  p_due_on date[],
  p_bank_codes text[],
  p_account_numbers text[],
  p_holder_names text[]
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
  v_position integer;
  v_done integer[] := '{}';
  v_inserted integer;
  v_posted integer[] := '{}';
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id
  for no key update;

  -- Settlements are few, and each sees what those before it left.
  for v_position in 1..cardinality(p_operation_ids) loop
    insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
      amount_won, actor, partner_id, business_date)
    select p_issuer_id, p_operation_ids[v_position], 'card_settlement', 'system', v_booked_at,
      p_request_hashes[v_position],
      coalesce(p_refusals[v_position], case
        when p_amounts_won[v_position] > ledger.card_clearing(p_issuer_id, p_partner_ids[v_position])
        then 'settlement_exceeds_clearing' end),
      p_amounts_won[v_position], p_actors[v_position], p_partner_ids[v_position], p_business_dates[v_position]
    where not exists (
      select 1 from operation o where o.issuer_id = p_issuer_id and o.operation_id = p_operation_ids[v_position])
    on conflict (issuer_id, operation_id) do nothing;
    get diagnostics v_inserted = row_count;
    continue when v_inserted = 0;
    v_done := v_done || v_position;

    insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
    select p_issuer_id, o.operation_id, 1, 'card_clearing', o.partner_id, 'settlement_in_transit', 0, o.amount_won
    from operation o
    where o.issuer_id = p_issuer_id and o.operation_id = p_operation_ids[v_position] and o.decline is null;
    get diagnostics v_inserted = row_count;
    continue when v_inserted = 0;
    v_posted := v_posted || v_position;
  end loop;

  if exists (select 1 from unnest(v_posted) as f (position) where p_payout_ids[f.position] is null) then
    raise exception 'what is settled with a card company is paid out' using errcode = 'VB005';
  end if;
  perform movement_payouts(p_issuer_id, v_booked_at, v_posted, p_operation_ids, p_payout_ids,
    array_fill('card_company'::beneficiary_kind, array[cardinality(p_operation_ids)]), p_partner_ids,
    '{}', '{}', '{}', '{}', '{}', p_due_on, p_bank_codes, p_account_numbers, p_holder_names);

  return query
  select s.position, s.outcome, s.position <> all (v_done), s.decline, s.booked_at,
    s.lot_ids, s.program_ids, s.lot_kinds, s.amounts_won, s.loss_won
  from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s;
end
$$;
