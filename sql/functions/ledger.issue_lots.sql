-- Opens wallets. Idempotent by wallet id.
create or replace function ledger.open_wallets(
  p_issuer_id integer,
  p_at timestamptz,
  p_wallet_ids bigint[],
  p_member_ids bigint[]
) returns void
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_recorded_at timestamptz;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_recorded_at
  from issuer_head h where h.issuer_id = p_issuer_id;
  insert into wallet (issuer_id, wallet_id, member_id, recorded_at)
  select p_issuer_id, u.wallet_id, u.member_id, v_recorded_at
  from unnest(p_wallet_ids, p_member_ids) as u (wallet_id, member_id)
  order by u.wallet_id
  on conflict (issuer_id, wallet_id) do nothing;
end
$$;

-- Issues granted lots (no quota, no bank). Same contract as post_payments: a set in, one row for each in input order.
drop function if exists ledger.issue_lots(integer, timestamptz, uuid[], bytea[], bigint[], bigint[], bigint[],
  ledger.lot_kind[], timestamptz[], bigint[], bigint[], bigint[], bigint[], text[], text[]);
create or replace function ledger.issue_lots(
  p_issuer_id integer,
  p_at timestamptz,
  p_operation_ids uuid[],
  p_request_hashes bytea[],
  p_wallet_ids bigint[],
  p_lot_ids bigint[],
  p_program_ids bigint[],
  p_kinds ledger.lot_kind[],
  p_expires_at timestamptz[],
  p_pay_won bigint[],
  p_national_won bigint[],
  p_province_won bigint[],
  p_city_won bigint[],
  p_actors text[],
  p_refusals text[],
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
  v_fresh integer[];
  v_declines text[];
  v_inserted integer;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;
  perform lock_pots(p_issuer_id, p_draw_pot_ids);

  select array_agg(u.position order by u.position),
    array_agg(coalesce(u.refusal, case when w.wallet_id is null then 'wallet_unknown' end) order by u.position)
  into v_fresh, v_declines
  from (
    select u.position::integer, u.operation_id, u.wallet_id, u.refusal,
      row_number() over (partition by u.operation_id order by u.position) as occurrence
    from unnest(p_operation_ids, p_wallet_ids, p_refusals)
      with ordinality as u (operation_id, wallet_id, refusal, position)
  ) u
  left join wallet w on w.issuer_id = p_issuer_id and w.wallet_id = u.wallet_id
  -- The limit keeps it a look-up by the key for each: a young database would read the issuer's history instead.
  left join lateral (
    select o.operation_id from operation o
    where o.issuer_id = p_issuer_id and o.operation_id = u.operation_id
    limit 1
  ) o on true
  where u.occurrence = 1 and o.operation_id is null;

  if v_fresh is not null then
    v_declines := pot_verdicts(p_issuer_id, v_fresh, v_declines,
      p_draw_positions, p_draw_pot_ids, p_draw_amounts_won, p_draw_limits_won);
    insert into operation (issuer_id, operation_id, kind, channel, booked_at, request_hash, decline,
      wallet_id, amount_won, actor)
    select p_issuer_id, p_operation_ids[f.position], 'issue', 'system', v_booked_at, p_request_hashes[f.position],
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

    insert into lot (issuer_id, wallet_id, lot_id, program_id, kind, face_won, remaining_won, held_won, expires_at, issued_by)
    select p_issuer_id, p_wallet_ids[f.position], p_lot_ids[f.position], p_program_ids[f.position], p_kinds[f.position],
      a.face_won, a.face_won, 0, p_expires_at[f.position], p_operation_ids[f.position]
    from unnest(v_fresh, v_declines) as f (position, decline)
    cross join lateral (
      select p_pay_won[f.position] + p_national_won[f.position] + p_province_won[f.position] + p_city_won[f.position] as face_won
    ) a
    where f.decline is null;

    insert into transfer (issuer_id, operation_id, line, debit_kind, debit_id, credit_kind, credit_id, amount_won)
    select p_issuer_id, p_operation_ids[f.position],
      row_number() over (partition by f.position order by s.source_order),
      s.debit_kind, s.debit_id, 'lot', p_lot_ids[f.position], s.amount_won
    from unnest(v_fresh, v_declines) as f (position, decline)
    cross join lateral (values
      (1, 'operating_fund'::account_kind, 0, p_pay_won[f.position]),
      (2, 'subsidy_receivable', 1, p_national_won[f.position]),
      (3, 'subsidy_receivable', 2, p_province_won[f.position]),
      (4, 'subsidy_receivable', 3, p_city_won[f.position])
    ) as s (source_order, debit_kind, debit_id, amount_won)
    where f.decline is null and s.amount_won > 0;

    perform book_draws(p_issuer_id, p_operation_ids, (
        select array_agg(f.position) from unnest(v_fresh, v_declines) as f (position, decline) where f.decline is null),
      p_draw_positions, p_draw_pot_ids, p_draw_amounts_won);
  end if;

  -- What was posted just now is answered from the same stored rows as a repeat; only `replayed` differs.
  return query
  select s.position, s.outcome, s.position <> all (coalesce(v_fresh, '{}')), s.decline, s.booked_at,
    case when s.outcome = 'posted' then array[p_lot_ids[s.position]] end,
    case when s.outcome = 'posted' then array[p_program_ids[s.position]] end,
    case when s.outcome = 'posted' then array[p_kinds[s.position]::text] end,
    case when s.outcome = 'posted' then array[
      p_pay_won[s.position] + p_national_won[s.position] + p_province_won[s.position] + p_city_won[s.position]] end
  from stored_outcomes(p_issuer_id, p_operation_ids, p_request_hashes) s;
end
$$;
