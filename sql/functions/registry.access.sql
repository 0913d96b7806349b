-- The log of who looked at whose personal data.

-- Adds one look, an entry for each subject.
create or replace function registry.write_access(
  p_issuer_id integer,
  p_ids bigint[],
  p_subjects text[],
  p_at timestamptz,
  p_actor text,
  p_route text,
  p_purpose text,
  p_words text,
  p_sight text
) returns void
language sql
security definer
set search_path = registry, pg_temp
set lock_timeout = '2s'
as $$
  insert into access_entry (issuer_id, access_id, looked_at, actor, subject, route, purpose, words, sight)
  select p_issuer_id, u.access_id, p_at, p_actor, u.subject, p_route, p_purpose, p_words, p_sight
  from unnest(p_ids, p_subjects) as u (access_id, subject)
$$;

-- Looks at one person, newest first; from before an entry where one is given.
create or replace function registry.access_to(p_issuer_id integer, p_subject text, p_before bigint, p_limit integer)
returns setof registry.access_entry
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select a.* from access_entry a
  where a.issuer_id = p_issuer_id and a.subject = p_subject and a.access_id < p_before
  order by a.access_id desc
  limit p_limit
$$;

-- Looks of one officer or operator, newest first.
create or replace function registry.access_by(p_issuer_id integer, p_actor text, p_before bigint, p_limit integer)
returns setof registry.access_entry
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select a.* from access_entry a
  where a.issuer_id = p_issuer_id and a.actor = p_actor and a.access_id < p_before
  order by a.access_id desc
  limit p_limit
$$;

-- The newest look of each of some officers.
create or replace function registry.last_looks(p_issuer_id integer, p_actors text[])
returns setof registry.access_entry
language sql
stable
security definer
set search_path = registry, pg_temp
as $$
  select a.*
  from unnest(p_actors) as u (actor)
  join lateral (
    select e.* from access_entry e
    where e.issuer_id = p_issuer_id and e.actor = u.actor
    order by e.access_id desc
    limit 1
  ) a on true
$$;

-- Erases the oldest entries from before an instant, so many at most.
create or replace function registry.erase_access(p_issuer_id integer, p_before timestamptz, p_limit integer)
returns integer
language plpgsql
security definer
set search_path = registry, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_erased integer;
begin
  delete from access_entry a
  where a.issuer_id = p_issuer_id and a.access_id in (
    select e.access_id from access_entry e
    where e.issuer_id = p_issuer_id and e.looked_at < p_before
    order by e.looked_at
    limit p_limit
  );
  get diagnostics v_erased = row_count;
  return v_erased;
end
$$;
