-- Lines of eligibility files as they are read, the members that they mean and what these hold. Plans are made for each
-- call, as they are where lines are written (granting.lines.sql).

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

-- Lines in some states after a line number. Those that are ready have an index of their own, which a plan that knows the
-- states finds: a grant asks for them again and again.
drop function if exists granting.lines_of_state(integer, bigint, granting.line_state[], integer, integer);
create function granting.lines_of_state(
  p_issuer_id integer, p_batch_id bigint, p_states granting.line_state[], p_after integer, p_limit integer
) returns setof granting.line
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
begin
  return query
  select l.* from line l
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.state = any (p_states) and l.line_number > p_after
  order by l.line_number
  limit p_limit;
end
$$;

-- Lines that nobody looked at since an instant and that have not ended, the one seen longest ago first.
drop function if exists granting.lines_unseen(integer, bigint, granting.line_state[], timestamptz, integer);
create function granting.lines_unseen(
  p_issuer_id integer, p_batch_id bigint, p_states granting.line_state[], p_before timestamptz, p_limit integer
) returns setof granting.line
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
  select l.* from line l
  where l.issuer_id = p_issuer_id and l.batch_id = p_batch_id and l.state in ('new', 'ready', 'waiting')
    and l.state = any (p_states) and l.seen_at < p_before
  order by l.seen_at, l.line_number
  limit p_limit
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
  -- Name, birth date and telephone are in the record where it was written before they lay beside it.
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
    union
    select p.record_id from personal p
    where p.issuer_id = p_issuer_id and p.kind = 'member' and u.member_id is null
      and regexp_replace(translate(p.fields ->> 'phone', '-', ''), '^\+82', '0') = u.phone
  ) c
  join lateral (
    select n.record_id, n.body || coalesce(p.fields, '{}') as body
    from record n
    left join personal p on p.issuer_id = p_issuer_id and p.kind = 'member' and p.record_id = n.record_id
      and p.version = n.version
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
