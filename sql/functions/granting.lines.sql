-- Lines of eligibility files: added in sets, looked at, settled, and forgotten as persons. Every function may be
-- repeated; those that write lock lines in the order of their numbers.
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

create or replace function granting.unconfirmed_batches(p_issuer_id integer, p_before timestamptz, p_limit integer)
returns table (batch_id bigint)
language sql
stable
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
as $$
  select b.batch_id from batch b
  where b.issuer_id = p_issuer_id and not b.confirmed and b.begun_at < p_before
  order by b.batch_id
  limit p_limit
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

-- Lines in some states after a line number. Those that are ready have an index of their own: a grant asks for them again
-- and again.
create or replace function granting.lines_of_state(
  p_issuer_id integer, p_batch_id bigint, p_states granting.line_state[], p_after integer, p_limit integer
) returns table (
  line_number integer, reference text, amount_won bigint, state text, reason text, member_id bigint, name text,
  birth_date text, phone text, claimed boolean, attempt integer
)
language plpgsql
stable
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  if p_states = '{ready}' then
    return query
    select l.line_number, l.reference, l.amount_won, l.state::text, l.reason, l.member_id, l.name, l.birth_date, l.phone,
      l.claimed, l.attempt
    from line l
    where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.state = 'ready' and l.line_number > p_after
    order by l.line_number
    limit p_limit;
  else
    return query
    select l.line_number, l.reference, l.amount_won, l.state::text, l.reason, l.member_id, l.name, l.birth_date, l.phone,
      l.claimed, l.attempt
    from line l
    where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.state = any (p_states) and l.line_number > p_after
    order by l.line_number
    limit p_limit;
  end if;
end
$$;

-- Lines that nobody looked at since an instant and that have not ended, the one seen longest ago first.
create or replace function granting.lines_unseen(
  p_issuer_id integer, p_batch_id bigint, p_states granting.line_state[], p_before timestamptz, p_limit integer
) returns table (
  line_number integer, reference text, amount_won bigint, state text, reason text, member_id bigint, name text,
  birth_date text, phone text, claimed boolean, attempt integer
)
language sql
stable
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select l.line_number, l.reference, l.amount_won, l.state::text, l.reason, l.member_id, l.name, l.birth_date, l.phone,
    l.claimed, l.attempt
  from line l
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.state in ('new', 'ready', 'waiting')
    and l.state = any (p_states) and l.seen_at < p_before
  order by l.seen_at, l.line_number
  limit p_limit
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

-- Which line has each member in a round.
create or replace function granting.owners(
  p_issuer_id integer, p_program_id bigint, p_round text, p_member_ids bigint[]
) returns table (member_id bigint, batch_id bigint, line_number integer)
language sql
stable
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select r.member_id, r.batch_id, r.line_number
  from recipient r
  where r.issuer_id = p_issuer_id and r.program_id = p_program_id and r.round = p_round
    and r.member_id = any (p_member_ids)
$$;

create or replace function granting.line_groups(p_issuer_id integer, p_batch_id bigint)
returns table (state text, reason text, amount_won bigint, lines integer)
language sql
stable
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
as $$
  select l.state::text, l.reason, l.amount_won, count(*)::integer
  from line l
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id
  group by l.state, l.reason, l.amount_won
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

-- The lines that claimed a member, of all rounds, the latest batch first.
create or replace function granting.lines_of_member(p_issuer_id integer, p_member_id bigint, p_limit integer)
returns table (
  program_id bigint, round text, batch_id bigint, line_number integer, amount_won bigint, state text
)
language sql
stable
security definer
set search_path = granting, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select r.program_id, r.round, r.batch_id, r.line_number, l.amount_won, l.state::text
  from recipient r
  join line l on l.issuer_id = p_issuer_id and l.batch_id = r.batch_id and l.line_number = r.line_number
  where r.issuer_id = p_issuer_id and r.member_id = p_member_id
  order by r.batch_id desc, r.line_number desc
  limit p_limit
$$;

-- Whom each of a set may mean: the member of that id, or all whose newest version has that telephone, name and birth
-- date. One row for each such member, by place.
create or replace function granting.find_members(
  p_issuer_id integer, p_member_ids bigint[], p_names text[], p_birth_dates text[], p_phones text[]
) returns table (place integer, member_id bigint, wallet_id bigint, birth_date text, status text, stopped boolean)
language sql
stable
security definer
set search_path = registry, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select u.place::integer, r.record_id, (r.body ->> 'walletId')::bigint, r.body ->> 'birthDate', r.body ->> 'status',
    coalesce(s.stopped, false)
  from unnest(p_member_ids, p_names, p_birth_dates, p_phones)
    with ordinality as u (member_id, name, birth_date, phone, place)
  cross join lateral (
    select u.member_id as record_id where u.member_id is not null
    union
    select m.record_id from record m
    where m.issuer_id = p_issuer_id and m.kind = 'member' and u.member_id is null
      and regexp_replace(translate(m.body ->> 'phone', '-', ''), '^\+82', '0') = u.phone
  ) c
  join lateral (
    select n.record_id, n.body from record n
    where n.issuer_id = p_issuer_id and n.kind = 'member' and n.record_id = c.record_id
    order by n.version desc
    limit 1
  ) r on true
  left join lateral (
    select (w.body ->> 'stopped')::boolean as stopped from record w
    where w.issuer_id = p_issuer_id and w.kind = 'wallet_stop' and w.record_id = (r.body ->> 'walletId')::bigint
    order by w.version desc
    limit 1
  ) s on true
  where u.member_id is not null
    or (r.body ->> 'name' = u.name and r.body ->> 'birthDate' = u.birth_date
      and regexp_replace(translate(r.body ->> 'phone', '-', ''), '^\+82', '0') = u.phone)
  order by 1, 2
$$;

-- What each wallet of a set holds of a program, one row for each in input order; what has expired does not count.
create or replace function granting.holdings(
  p_issuer_id integer, p_program_id bigint, p_wallet_ids bigint[], p_at timestamptz
) returns table (place integer, held_won bigint)
language sql
stable
security definer
set search_path = ledger, pg_temp
set plan_cache_mode = force_custom_plan
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select u.place::integer, coalesce(h.held_won, 0)::bigint
  from unnest(p_wallet_ids) with ordinality as u (wallet_id, place)
  left join lateral (
    select sum(l.remaining_won + l.held_won) as held_won from lot l
    where l.issuer_id = p_issuer_id and l.wallet_id = u.wallet_id and l.program_id = p_program_id
      and l.expires_at > p_at
  ) h on true
  order by 1
$$;
