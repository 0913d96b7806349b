-- Payouts by id, rising, after one of them; null asks for all. A file or a beneficiary is asked by its own index.
create or replace function ledger.payouts(
  p_issuer_id integer,
  p_state ledger.payout_state,
  p_due_until date,
  p_file_name text,
  p_beneficiary_kind ledger.beneficiary_kind,
  p_beneficiary_id bigint,
  p_after_id bigint,
  p_limit integer
) returns table (
  payout_id bigint, beneficiary_kind text, beneficiary_id bigint, amount_won bigint, bank_code text,
  account_number text, holder_name text, due_on text, caused_by uuid, state text, attempt integer, file_name text,
  reason text, created_at timestamptz, changed_at timestamptz
)
language plpgsql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_ids bigint[];
begin
  if p_file_name is not null then
    select array_agg(f.payout_id) into v_ids from (
      select p.payout_id from payout p
      where p.issuer_id = p_issuer_id and p.file_name = p_file_name and p.payout_id > p_after_id
        and (p_state is null or p.state = p_state) and (p_due_until is null or p.due_on <= p_due_until)
        and (p_beneficiary_kind is null
          or (p.beneficiary_kind = p_beneficiary_kind and p.beneficiary_id = p_beneficiary_id))
      order by p.payout_id
      limit p_limit
    ) f;
  elsif p_beneficiary_kind is not null then
    select array_agg(f.payout_id) into v_ids from (
      select p.payout_id from payout p
      where p.issuer_id = p_issuer_id and p.beneficiary_kind = p_beneficiary_kind
        and p.beneficiary_id = p_beneficiary_id and p.payout_id > p_after_id
        and (p_state is null or p.state = p_state) and (p_due_until is null or p.due_on <= p_due_until)
      order by p.payout_id
      limit p_limit
    ) f;
  elsif p_state is not null then
    select array_agg(f.payout_id) into v_ids from (
      select p.payout_id from payout p
      where p.issuer_id = p_issuer_id and p.state = p_state and p.payout_id > p_after_id
        and (p_due_until is null or p.due_on <= p_due_until)
      order by p.payout_id
      limit p_limit
    ) f;
  else
    select array_agg(f.payout_id) into v_ids from (
      select p.payout_id from payout p
      where p.issuer_id = p_issuer_id and p.payout_id > p_after_id
        and (p_due_until is null or p.due_on <= p_due_until)
      order by p.payout_id
      limit p_limit
    ) f;
  end if;
  return query
  select p.payout_id, p.beneficiary_kind::text, p.beneficiary_id, p.amount_won, p.bank_code, p.account_number,
    p.holder_name, p.due_on::text, p.caused_by, p.state::text, p.attempt, p.file_name, p.reason, p.created_at,
    p.changed_at
  from payout p
  where p.issuer_id = p_issuer_id and p.payout_id = any (v_ids)
  order by p.payout_id;
end
$$;

-- Puts payouts that are due by a day into a file, those with the lowest ids, at most p_limit; gives how many stand in it.
-- The same name again takes no others. A name that nothing was due for is free again.
-- Locks: the file's row, so that two who ask for one name take turns; then the payouts in id order.
create or replace function ledger.assign_payouts(
  p_issuer_id integer, p_at timestamptz, p_file_name text, p_due_until date, p_limit integer
) returns integer
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_booked_at timestamptz;
  v_ids bigint[];
  v_inserted integer;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_booked_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  insert into payout_file (issuer_id, name, payouts, assigned_at)
  values (p_issuer_id, p_file_name, 0, v_booked_at)
  on conflict (issuer_id, name) do nothing;
  get diagnostics v_inserted = row_count;
  if v_inserted = 0 then
    return (select f.payouts from payout_file f where f.issuer_id = p_issuer_id and f.name = p_file_name);
  end if;

  select coalesce(array_agg(k.payout_id), '{}') into v_ids
  from (
    select p.payout_id from payout p
    where p.issuer_id = p_issuer_id and p.state = 'due' and p.due_on <= p_due_until
    order by p.payout_id
    limit p_limit
    for update
  ) k;
  update payout p
  set state = 'sent', file_name = p_file_name, changed_at = v_booked_at
  where p.issuer_id = p_issuer_id and p.payout_id = any (v_ids);

  if cardinality(v_ids) = 0 then
    delete from payout_file f where f.issuer_id = p_issuer_id and f.name = p_file_name;
  else
    update payout_file f set payouts = cardinality(v_ids) where f.issuer_id = p_issuer_id and f.name = p_file_name;
  end if;
  return cardinality(v_ids);
end
$$;
