-- Lists of records, and many found at once. Like all of the registry: the newest version counts.

-- The newest version of the record that bears each natural key; one row for each key that is borne, by position.
-- across issuers: a card may stand with several issuers, and the card desk asks for all that wait at one time; each
-- row is entered by its own issuer's primary key.
create or replace function registry.find_records_of_all(p_kind text, p_issuer_ids integer[], p_keys text[])
returns table (place integer, record_id bigint, version integer, body jsonb)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select u.place::integer, r.record_id, r.version, r.body
  from unnest(p_issuer_ids, p_keys) with ordinality as u (issuer_id, key, place)
  join record_key k on k.issuer_id = u.issuer_id and k.kind = p_kind and k.key = u.key
  join lateral (
    select r.record_id, r.version, r.body || coalesce(p.fields, '{}') as body
    from record r
    left join personal p on p.issuer_id = u.issuer_id and p.kind = p_kind and p.record_id = r.record_id
      and p.version = r.version
    where r.issuer_id = u.issuer_id and r.kind = p_kind and r.record_id = k.record_id
    order by r.version desc
    limit 1
  ) r on true
$$;

-- The newest versions of the records of which a natural key begins with a text that ends with '/', the greatest key
-- first, below p_before where it is given. '0' is the character after '/': the two bounds are the index's, starts_with
-- holds under any collation, and keys are ordered by their bytes.
create or replace function registry.list_records_by_key_before(
  p_issuer_id integer, p_kind text, p_prefix text, p_before text, p_limit integer
) returns table (record_id bigint, version integer, body jsonb)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select r.record_id, r.version, r.body
  from (
    select k.record_id, max(k.key collate "C") as key
    from record_key k
    where k.issuer_id = p_issuer_id and k.kind = p_kind
      and k.key >= p_prefix and k.key < left(p_prefix, -1) || '0' and starts_with(k.key, p_prefix)
      and (p_before is null or k.key collate "C" < p_before collate "C")
    group by k.record_id
    order by 2 desc
    limit p_limit
  ) k
  join lateral (
    select r.record_id, r.version, r.body || coalesce(p.fields, '{}') as body
    from record r
    left join personal p on p.issuer_id = p_issuer_id and p.kind = p_kind and p.record_id = r.record_id
      and p.version = r.version
    where r.issuer_id = p_issuer_id and r.kind = p_kind and r.record_id = k.record_id
    order by r.version desc
    limit 1
  ) r on true
  order by k.key desc
$$;

-- The first page of it, for cores of the release before.
create or replace function registry.list_records_by_key(
  p_issuer_id integer, p_kind text, p_prefix text, p_limit integer
) returns table (record_id bigint, version integer, body jsonb)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select l.record_id, l.version, l.body
  from registry.list_records_by_key_before(p_issuer_id, p_kind, p_prefix, null, p_limit) l
$$;

-- The newest versions of an issuer's records of a kind below a record id, the highest id first; p_state null: any.
create or replace function registry.list_records(
  p_issuer_id integer, p_kind text, p_state text, p_before bigint, p_limit integer
) returns table (record_id bigint, version integer, body jsonb)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select n.record_id, n.version, n.body || coalesce(p.fields, '{}')
  from (
    select distinct on (r.record_id) r.record_id, r.version, r.body
    from record r
    where r.issuer_id = p_issuer_id and r.kind = p_kind and r.record_id < p_before
    order by r.record_id desc, r.version desc
  ) n
  left join personal p on p.issuer_id = p_issuer_id and p.kind = p_kind and p.record_id = n.record_id
    and p.version = n.version
  where p_state is null or n.body ->> 'state' = p_state
  order by n.record_id desc
  limit p_limit
$$;


-- The version of each record asked for that was the newest at an instant; those that were not there yet are left out.
create or replace function registry.read_records_at(
  p_issuer_id integer, p_kind text, p_record_ids bigint[], p_at timestamptz
) returns table (record_id bigint, version integer, body jsonb)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select distinct on (r.record_id) r.record_id, r.version, r.body || coalesce(p.fields, '{}')
  from record r
  left join personal p on p.issuer_id = p_issuer_id and p.kind = p_kind and p.record_id = r.record_id
    and p.version = r.version
  where r.issuer_id = p_issuer_id and r.kind = p_kind and r.record_id = any (p_record_ids)
    and r.recorded_at <= p_at
  order by r.record_id, r.version desc
$$;
