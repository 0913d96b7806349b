-- What is due, how far it has come, what went wrong. Written by the runner of jobs (src/jobs), as dure_app.

-- Makes the scheduled job of each issuer due anew, where the run before has ended. Answers how many have not.
-- across issuers: a schedule is of all issuers; each row is one issuer's.
create or replace function clockwork.make_due(p_issuer_ids integer[], p_name text, p_due_at timestamptz)
returns integer
language plpgsql
security definer
set search_path = clockwork, pg_temp
set lock_timeout = '2s'
as $$
begin
  insert into job as j (issuer_id, name, key, state, data, due_at, attempts, carried)
  select u.issuer_id, p_name, '', 'waiting', '{}', p_due_at, 0, '{}'
  from unnest(p_issuer_ids) as u (issuer_id)
  order by u.issuer_id
  on conflict (issuer_id, name, key) do update
  set state = 'waiting', due_at = excluded.due_at, attempts = 0, carried = '{}', done = null, whole = null,
    started_at = null, stepped_at = null, ended_at = null
  where j.due_at < excluded.due_at and j.state in ('done', 'failed');

  return (
    select count(*)::integer from job j
    where j.issuer_id = any (p_issuer_ids) and j.name = p_name and j.key = '' and j.due_at < p_due_at);
end
$$;

-- Asks for something once: new, known, or other where the key came with other data before.
create or replace function clockwork.order_job(
  p_issuer_id integer, p_name text, p_key text, p_data jsonb, p_at timestamptz
) returns text
language plpgsql
security definer
set search_path = clockwork, pg_temp
set lock_timeout = '2s'
as $$
begin
  insert into job (issuer_id, name, key, state, data, due_at, attempts, carried)
  values (p_issuer_id, p_name, p_key, 'waiting', p_data, p_at, 0, '{}')
  on conflict (issuer_id, name, key) do nothing;
  if found then return 'new'; end if;
  return (
    select case when j.data = p_data then 'known' else 'other' end from job j
    where j.issuer_id = p_issuer_id and j.name = p_name and j.key = p_key);
end
$$;

-- Which issuer has which job waiting or under way, or failed on demand at an instant or before.
-- across issuers: the runner gives turns to all of them.
create or replace function clockwork.unended(p_failed_before timestamptz)
returns table (issuer_id integer, name text)
language sql
stable
security definer
set search_path = clockwork, pg_temp
as $$
  select distinct j.issuer_id, j.name from job j
  where j.state <> 'done' and (j.state <> 'failed' or (j.key <> '' and j.failed_at <= p_failed_before))
  order by j.issuer_id, j.name
$$;

-- The one of an issuer's jobs of a name that has been due longest, with one attempt more; no row where nothing is left.
create or replace function clockwork.begin_job(
  p_issuer_id integer, p_name text, p_at timestamptz, p_failed_before timestamptz
) returns setof clockwork.job
language sql
security definer
set search_path = clockwork, pg_temp
set lock_timeout = '2s'
as $$
  update job j
  set state = 'running', attempts = case when j.state = 'failed' then 1 else j.attempts + 1 end,
    started_at = coalesce(j.started_at, p_at), ended_at = null
  from (
    select d.key from job d
    where d.issuer_id = p_issuer_id and d.name = p_name and d.state <> 'done'
      and (d.state <> 'failed' or (d.key <> '' and d.failed_at <= p_failed_before))
    order by d.due_at, d.key
    limit 1
    for update
  ) n
  where j.issuer_id = p_issuer_id and j.name = p_name and j.key = n.key
  returning j.*
$$;

-- A step was completed. Nothing happens to a run that has ended or was followed by another. What is null stays.
create or replace function clockwork.step_job(
  p_issuer_id integer, p_name text, p_key text, p_due_at timestamptz, p_at timestamptz,
  p_ended boolean, p_done bigint, p_whole bigint, p_carried jsonb
) returns void
language sql
security definer
set search_path = clockwork, pg_temp
set lock_timeout = '2s'
as $$
  update job j
  set state = case when p_ended then 'done'::job_state else 'running' end, attempts = 0, stepped_at = p_at,
    ended_at = case when p_ended then p_at end, done = coalesce(p_done, j.done), whole = coalesce(p_whole, j.whole),
    carried = coalesce(p_carried, j.carried)
  where j.issuer_id = p_issuer_id and j.name = p_name and j.key = p_key and j.due_at = p_due_at and j.state = 'running'
$$;

-- A step failed; for good, as far as this run is concerned, where p_ended.
create or replace function clockwork.fail_job(
  p_issuer_id integer, p_name text, p_key text, p_due_at timestamptz, p_at timestamptz, p_ended boolean, p_error text
) returns void
language sql
security definer
set search_path = clockwork, pg_temp
set lock_timeout = '2s'
as $$
  update job j
  set state = case when p_ended then 'failed'::job_state else 'running' end, ended_at = case when p_ended then p_at end,
    error = p_error, failed_at = p_at
  where j.issuer_id = p_issuer_id and j.name = p_name and j.key = p_key and j.due_at = p_due_at and j.state = 'running'
$$;

-- A page of jobs after a place, by issuer, name and key; of one issuer, or with null of all.
-- across issuers: operators see every issuer's; officers are given their issuer by the door.
create or replace function clockwork.jobs(
  p_issuer_id integer, p_state text, p_after_issuer_id integer, p_after_name text, p_after_key text, p_limit integer
) returns setof clockwork.job
language sql
stable
security definer
set search_path = clockwork, pg_temp
as $$
  select j.* from job j
  where (p_issuer_id is null or j.issuer_id = p_issuer_id) and (p_state is null or j.state = p_state::job_state)
    and (j.issuer_id, j.name, j.key) > (p_after_issuer_id, p_after_name collate "C", p_after_key collate "C")
  order by j.issuer_id, j.name, j.key
  limit p_limit
$$;
