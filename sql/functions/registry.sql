-- Opens an issuer's journal. Idempotent.
create or replace function registry.open_issuer(p_issuer_id integer)
returns void
language sql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
as $$
  insert into issuer_head (issuer_id, sealed_until) values (p_issuer_id, '2026-01-01T00:00:00Z')
  on conflict (issuer_id) do nothing
$$;

-- Appends versions of records with their natural keys. Version 1 is a new record; version n + 1 needs version n.
-- A version that exists already raises VB002 (somebody else changed it first: read again), a natural key that belongs
-- to another record raises VB003 with the key as detail. All or nothing.
-- p_salts and p_personal_fields are of each record, p_personal_keys of each key. What they name lies in registry.personal,
-- and the record has the hash of salt, name and value in its place; a record without any has neither.
create or replace function registry.write_records(
  p_issuer_id integer,
  p_at timestamptz,
  p_by text,
  p_kinds text[],
  p_record_ids bigint[],
  p_versions integer[],
  p_bodies text[],
  p_salts text[],
  p_personal_fields text[],
  p_key_positions integer[],
  p_keys text[],
  p_personal_keys boolean[]
) returns timestamptz
language plpgsql
security definer
set search_path = registry, ledger, pg_temp
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_recorded_at timestamptz;
  v_count integer;
  v_taken text;
begin
  perform pg_current_xact_id();
  select greatest(p_at, h.sealed_until + interval '1 millisecond') into strict v_recorded_at
  from issuer_head h where h.issuer_id = p_issuer_id;

  insert into record (issuer_id, kind, record_id, version, body, keys, recorded_at, recorded_by)
  select p_issuer_id, u.kind, u.record_id, u.version,
    u.body::jsonb || coalesce((
      select jsonb_object_agg(f.name, 'sha256:' || encode(sha256(
        decode(u.salt, 'hex') || convert_to(f.name || '=' || (u.body::jsonb -> f.name)::text, 'UTF8')), 'hex'))
      from jsonb_array_elements_text(u.personal::jsonb) as f (name)
      where u.body::jsonb -> f.name <> 'null'), '{}'),
    array(
      select distinct case when k.personal then 'sha256:' || encode(sha256(decode(u.salt, 'hex') || convert_to('key=' || k.key, 'UTF8')), 'hex')
        else k.key end collate "C"
      from unnest(p_key_positions, p_keys, p_personal_keys) as k (position, key, personal)
      where k.position = u.position
      order by 1),
    v_recorded_at, p_by
  from unnest(p_kinds, p_record_ids, p_versions, p_bodies, p_salts, p_personal_fields)
    with ordinality as u (kind, record_id, version, body, salt, personal, position)
  where u.version = 1 or exists (
    select 1 from record r
    where r.issuer_id = p_issuer_id and r.kind = u.kind and r.record_id = u.record_id and r.version = u.version - 1)
    or exists (
      select 1 from unnest(p_kinds, p_record_ids, p_versions) as e (kind, record_id, version)
      where e.kind = u.kind and e.record_id = u.record_id and e.version = u.version - 1)
  order by u.kind, u.record_id, u.version
  on conflict do nothing;
  get diagnostics v_count = row_count;
  if v_count <> cardinality(p_kinds) then
    raise exception 'a record was changed by somebody else' using errcode = 'VB002';
  end if;

  insert into personal (issuer_id, kind, record_id, version, salt, fields, keys)
  select p_issuer_id, u.kind, u.record_id, u.version, decode(u.salt, 'hex'),
    coalesce((
      select jsonb_object_agg(f.name, u.body::jsonb -> f.name)
      from jsonb_array_elements_text(u.personal::jsonb) as f (name)
      where u.body::jsonb -> f.name <> 'null'), '{}'),
    array(
      select distinct k.key collate "C"
      from unnest(p_key_positions, p_keys, p_personal_keys) as k (position, key, personal)
      where k.position = u.position and k.personal
      order by 1)
  from unnest(p_kinds, p_record_ids, p_versions, p_bodies, p_salts, p_personal_fields)
    with ordinality as u (kind, record_id, version, body, salt, personal, position)
  where u.salt <> '';

  insert into record_key (issuer_id, kind, key, record_id)
  select p_issuer_id, p_kinds[u.position], u.key, p_record_ids[u.position]
  from unnest(p_key_positions, p_keys) as u (position, key)
  order by p_kinds[u.position], u.key
  on conflict do nothing;
  select u.key into v_taken
  from unnest(p_key_positions, p_keys) as u (position, key)
  join record_key k on k.issuer_id = p_issuer_id and k.kind = p_kinds[u.position] and k.key = u.key
  where k.record_id <> p_record_ids[u.position]
  limit 1;
  if v_taken is not null then
    raise exception 'a natural key is taken' using errcode = 'VB003', detail = v_taken;
  end if;
  return v_recorded_at;
end
$$;

-- The newest version of each record asked for, whole: with what is personal and lies beside it. So all that read here.
create or replace function registry.read_records(p_issuer_id integer, p_kind text, p_record_ids bigint[])
returns table (record_id bigint, version integer, body jsonb, recorded_at timestamptz, recorded_by text)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select distinct on (r.record_id) r.record_id, r.version, r.body || coalesce(p.fields, '{}'), r.recorded_at,
    r.recorded_by
  from record r
  left join personal p on p.issuer_id = p_issuer_id and p.kind = p_kind and p.record_id = r.record_id
    and p.version = r.version
  where r.issuer_id = p_issuer_id and r.kind = p_kind and r.record_id = any (p_record_ids)
  order by r.record_id, r.version desc
$$;

-- The newest version of the records that bear one of the natural keys.
create or replace function registry.find_records(p_issuer_id integer, p_kind text, p_keys text[])
returns table (key text, record_id bigint, version integer, body jsonb)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select k.key, r.record_id, r.version, r.body
  from record_key k
  join lateral (
    select r.record_id, r.version, r.body || coalesce(p.fields, '{}') as body
    from record r
    left join personal p on p.issuer_id = p_issuer_id and p.kind = p_kind and p.record_id = r.record_id
      and p.version = r.version
    where r.issuer_id = p_issuer_id and r.kind = p_kind and r.record_id = k.record_id
    order by r.version desc
    limit 1
  ) r on true
  where k.issuer_id = p_issuer_id and k.kind = p_kind and k.key = any (p_keys)
$$;

-- The newest migration that was applied: a core that knows less refuses to run.
-- across issuers: about the schema, not about anybody's rows.
create or replace function registry.schema_version()
returns integer
language sql
stable
security definer
set search_path = pg_catalog, pg_temp
as $$
  select coalesce(max(m.number), 0) from dure.migration m
$$;

-- The issuers there are.
-- across issuers: asked when a core starts, never in a payment.
create or replace function registry.issuer_ids()
returns table (issuer_id integer)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select h.issuer_id from issuer_head h order by h.issuer_id
$$;

-- The next node number, 0 to 1023.
-- across issuers: a core serves all of them; asked once when it starts.
create or replace function registry.next_node()
returns integer
language sql
security definer
set search_path = registry, pg_temp
set lock_timeout = '2s'
as $$
  update core_node set last_node = (last_node + 1) % 1024 where singleton returning last_node
$$;

-- Every record, of any issuer, that bears a person's natural key: what a session is opened with.
-- across issuers: a person may be a member of several; asked at sign-in and renewal, never in a payment.
create or replace function registry.person_records(p_person_key text, p_limit integer)
returns table (issuer_id integer, kind text, record_id bigint)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select k.issuer_id, k.kind, k.record_id
  from record_key k
  where (k.key = p_person_key or (k.key > p_person_key || '/' and k.key < p_person_key || '0'))
    and k.kind in ('member', 'clerk', 'officer', 'operator')
  order by k.issuer_id, k.kind, k.record_id
  limit p_limit
$$;

-- Every version recorded after an instant, of all issuers, oldest first: what a core's directory follows.
-- across issuers: a core serves them all; read off the payment path.
create or replace function registry.all_records_since(
  p_kinds text[], p_after timestamptz, p_after_issuer integer, p_after_kind text, p_after_id bigint,
  p_after_version integer, p_limit integer
) returns table (
  issuer_id integer, kind text, record_id bigint, version integer, body jsonb, recorded_at timestamptz
)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select r.issuer_id, r.kind, r.record_id, r.version, r.body, r.recorded_at
  from record r
  where r.recorded_at >= p_after and r.kind = any (p_kinds)
    and (r.recorded_at, r.issuer_id, r.kind, r.record_id, r.version)
      > (p_after, p_after_issuer, p_after_kind, p_after_id, p_after_version)
  order by r.recorded_at, r.issuer_id, r.kind, r.record_id, r.version
  limit p_limit
$$;
