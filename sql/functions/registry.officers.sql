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
