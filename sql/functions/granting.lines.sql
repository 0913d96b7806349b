-- Lines of eligibility files as they are written: added in sets, settled, claimed, and forgotten as persons. Every
-- function may be repeated; they lock lines in the order of their numbers.
-- Plans are made for each call: one that was made while a table was empty takes any index for as good as its key, and
-- would be kept while a hundred thousand rows come in. A call is a set, so that costs little.

-- Adds lines of an upload; those that are there stay as they are.
create or replace function granting.add_lines(
  p_issuer_id integer, p_batch_id bigint, p_at timestamptz,
  p_line_numbers integer[], p_references text[], p_amounts_won bigint[],
  p_member_ids bigint[], p_names text[], p_birth_dates text[], p_phones text[]
) returns void
language sql
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
  insert into batch (issuer_id, batch_id, begun_at)
  values (p_issuer_id, p_batch_id, p_at)
  on conflict (issuer_id, batch_id) do nothing;
  insert into line (issuer_id, batch_id, line_number, reference, amount_won, member_id, name, birth_date, phone)
  select p_issuer_id, p_batch_id, u.line_number, u.reference, u.amount_won, u.member_id, u.name, u.birth_date, u.phone
  from unnest(p_line_numbers, p_references, p_amounts_won, p_member_ids, p_names, p_birth_dates, p_phones)
    as u (line_number, reference, amount_won, member_id, name, birth_date, phone)
  order by u.line_number
  on conflict (issuer_id, batch_id, line_number) do nothing
$$;

create or replace function granting.confirm_batch(p_issuer_id integer, p_batch_id bigint)
returns void
language sql
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
  update batch b set confirmed = true
  where b.issuer_id = p_issuer_id and b.batch_id = p_batch_id and not b.confirmed
$$;

-- Removes lines of a batch that was not confirmed, and the batch with the last of them. Gives how many lines went.
create or replace function granting.discard_lines(p_issuer_id integer, p_batch_id bigint, p_limit integer)
returns integer
language plpgsql
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_count integer;
begin
  if not exists (
    select 1 from batch b where b.issuer_id = p_issuer_id and b.batch_id = p_batch_id and not b.confirmed
    for update) then
    return 0;
  end if;
  delete from line l
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.line_number = any (array(
    select k.line_number from line k
    where k.issuer_id = p_issuer_id and k.batch_id = p_batch_id
    order by k.line_number
    limit p_limit));
  get diagnostics v_count = row_count;
  delete from batch b
  where b.issuer_id = p_issuer_id and b.batch_id = p_batch_id and not exists (
    select 1 from line l where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id);
  return v_count;
end
$$;

-- What a look at lines, or their grant, came to. A line that has ended stays as it is. Who was claimed for a line that is
-- refused is free again.
-- In a young database the planner knows nothing of a batch that was filled a moment ago, and would compare each of its
-- lines with each of the set: so the lines are entered by their numbers, and their values looked up in the arrays.
create or replace function granting.settle_lines(
  p_issuer_id integer, p_batch_id bigint, p_at timestamptz,
  p_line_numbers integer[], p_states granting.line_state[], p_reasons text[], p_member_ids bigint[], p_attempts integer[]
) returns void
language plpgsql
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
  v_open integer[];
  v_refused integer[];
begin
  select array_agg(k.line_number) into v_open
  from (
    select l.line_number from line l
    where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.line_number = any (p_line_numbers)
      and l.state in ('new', 'ready', 'waiting')
    order by l.line_number
    for update
  ) k;
  select array_agg(u.line_number) into v_refused
  from unnest(p_line_numbers, p_states) as u (line_number, state)
  where u.state = 'refused' and u.line_number = any (v_open);
  if v_refused is not null then
    delete from recipient r
    where r.issuer_id = p_issuer_id and r.batch_id = p_batch_id and r.line_number = any (v_refused);
  end if;
  update line l
  set (state, reason, seen_at, member_id, name, birth_date, phone, claimed, attempt) = (
    select p_states[a.place], p_reasons[a.place], p_at,
      coalesce(p_member_ids[a.place], case when l.name is null then l.member_id end),
      case when not a.is_end then l.name end,
      case when not a.is_end then l.birth_date end,
      case when not a.is_end then l.phone end,
      l.claimed and p_states[a.place] <> 'refused', greatest(l.attempt, p_attempts[a.place])
    from (
      select p.place, p_states[p.place] in ('granted', 'refused', 'lapsed') as is_end
      from (select array_position(p_line_numbers, l.line_number) as place) p
    ) a)
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.line_number = any (v_open);
end
$$;

-- Makes each member the line's for the round, unless another line has them. Gives the lines whose member is theirs.
create or replace function granting.claim_members(
  p_issuer_id integer, p_batch_id bigint, p_program_id bigint, p_round text,
  p_line_numbers integer[], p_member_ids bigint[]
) returns table (line_number integer)
language plpgsql
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
set enable_seqscan = off
set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
  v_owned integer[];
begin
  perform 1 from line l
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.line_number = any (p_line_numbers)
  order by l.line_number
  for update;
  insert into recipient (issuer_id, program_id, round, member_id, batch_id, line_number)
  select p_issuer_id, p_program_id, p_round, u.member_id, p_batch_id, u.line_number
  from unnest(p_line_numbers, p_member_ids) as u (line_number, member_id)
  order by u.member_id, u.line_number
  on conflict (issuer_id, program_id, round, member_id) do nothing;
  -- The limit keeps each member's row a look-up by its key.
  select array_agg(u.line_number) into v_owned
  from unnest(p_line_numbers, p_member_ids) as u (line_number, member_id)
  cross join lateral (
    select r.batch_id, r.line_number from recipient r
    where r.issuer_id = p_issuer_id and r.program_id = p_program_id and r.round = p_round
      and r.member_id = u.member_id
    limit 1
  ) o
  where o.batch_id = p_batch_id and o.line_number = u.line_number;
  update line l
  set claimed = true, member_id = p_member_ids[array_position(p_line_numbers, l.line_number)]
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.line_number = any (v_owned) and not l.claimed;
  return query select unnest(v_owned);
end
$$;

-- What waits lapses. Gives how many lines did.
create or replace function granting.lapse_lines(p_issuer_id integer, p_batch_id bigint, p_limit integer)
returns integer
language plpgsql
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_count integer;
begin
  update line l
  set state = 'lapsed'
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.line_number = any (array(
    select k.line_number from line k
    where k.issuer_id = p_issuer_id and k.batch_id = p_batch_id and k.state in ('new', 'ready', 'waiting')
    order by k.line_number
    limit p_limit
    for update));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

-- Takes what is personal out of lines. Gives of how many.
create or replace function granting.erase_lines(p_issuer_id integer, p_batch_id bigint, p_limit integer)
returns integer
language plpgsql
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_count integer;
begin
  update line l
  set name = null, birth_date = null, phone = null
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.line_number = any (array(
    select k.line_number from line k
    where k.issuer_id = p_issuer_id and k.batch_id = p_batch_id and k.name is not null
    order by k.line_number
    limit p_limit
    for update));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
