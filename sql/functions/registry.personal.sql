-- Erasing what is personal in records.

-- Erases what is personal in all versions of some records, and the natural keys that led to them. How many versions
-- lost something.
create or replace function registry.erase_personal(p_issuer_id integer, p_kind text, p_record_ids bigint[])
returns integer
language plpgsql
security definer
set search_path = registry, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_erased integer;
begin
  delete from record_key k
  where k.issuer_id = p_issuer_id and k.kind = p_kind and k.record_id = any (p_record_ids) and k.key in (
    select unnest(p.keys) from personal p
    where p.issuer_id = p_issuer_id and p.kind = p_kind and p.record_id = any (p_record_ids));
  delete from personal p
  where p.issuer_id = p_issuer_id and p.kind = p_kind and p.record_id = any (p_record_ids);
  get diagnostics v_erased = row_count;
  return v_erased;
end
$$;
