-- What officers did last: the newest record that each of them wrote.
create or replace function registry.last_acts(p_issuer_id integer, p_actors text[])
returns table (actor text, recorded_at timestamptz, kind text, record_id bigint, version integer)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select u.actor, r.recorded_at, r.kind, r.record_id, r.version
  from unnest(p_actors) as u (actor)
  join lateral (
    select r.recorded_at, r.kind, r.record_id, r.version from record r
    where r.issuer_id = p_issuer_id and r.recorded_by = u.actor and r.recorded_by like 'off\_%'
    order by r.recorded_at desc, r.kind, r.record_id desc, r.version desc
    limit 1
  ) r on true
$$;

-- What officers wrote between two instants, newest first, before a place where one is given: each of them by the index
-- of officers' records, then the newest of all. A place is the instant, kind, record and version of the last one told.
create or replace function registry.acts(
  p_issuer_id integer, p_actors text[], p_from timestamptz, p_until timestamptz,
  p_before_at timestamptz, p_before_kind text, p_before_id bigint, p_before_version integer, p_limit integer
) returns table (
  actor text, recorded_at timestamptz, kind text, record_id bigint, version integer, state text
)
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select u.actor, r.recorded_at, r.kind, r.record_id, r.version, r.state
  from unnest(p_actors) as u (actor)
  join lateral (
    select r.recorded_at, r.kind, r.record_id, r.version, coalesce(r.body ->> 'state', r.body ->> 'status') as state
    from record r
    where r.issuer_id = p_issuer_id and r.recorded_by = u.actor and r.recorded_by like 'off\_%'
      and r.recorded_at >= p_from and r.recorded_at < p_until
      and (p_before_at is null or r.recorded_at <= p_before_at
        and (r.recorded_at, r.kind collate "C", r.record_id, r.version)
          < (p_before_at, p_before_kind collate "C", p_before_id, p_before_version))
    order by r.recorded_at desc, r.kind collate "C" desc, r.record_id desc, r.version desc
    limit p_limit
  ) r on true
  order by r.recorded_at desc, r.kind collate "C" desc, r.record_id desc, r.version desc
  limit p_limit
$$;
