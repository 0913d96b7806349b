-- Bytes of papers, by issuer and hash.

-- Keeps the bytes under their hash; bytes that are there already are left as they are.
create or replace function registry.store_document(
  p_issuer_id integer, p_sha256 bytea, p_content bytea, p_at timestamptz
) returns void
language sql
security definer
set search_path = registry, pg_temp
set lock_timeout = '2s'
as $$
  insert into document_content (issuer_id, sha256, content, stored_at)
  values (p_issuer_id, p_sha256, p_content, p_at)
  on conflict (issuer_id, sha256) do nothing
$$;

-- The bytes under a hash; null where there are none.
create or replace function registry.read_document(p_issuer_id integer, p_sha256 bytea)
returns bytea
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select d.content from document_content d where d.issuer_id = p_issuer_id and d.sha256 = p_sha256
$$;
