-- Lines of hand-outs: added in sets, read by state, settled, counted, and forgotten as persons. Every function may be
-- repeated; they lock lines in the order of their numbers. Plans are made for each call, as for lines of stipends: one
-- that was made while a table was empty takes any index for as good as its key.

-- Adds lines; those that are there stay as they are.
create or replace function corporate.add_recipients(
  p_issuer_id integer, p_hand_out_id bigint,
  p_line_numbers integer[], p_phones text[], p_amounts_won bigint[], p_memos text[]
) returns void
language sql
security definer
set search_path = corporate, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
  insert into recipient (issuer_id, hand_out_id, line_number, phone, amount_won, memo)
  select p_issuer_id, p_hand_out_id, u.line_number, u.phone, u.amount_won, u.memo
  from unnest(p_line_numbers, p_phones, p_amounts_won, p_memos) as u (line_number, phone, amount_won, memo)
  order by u.line_number
  on conflict (issuer_id, hand_out_id, line_number) do nothing
$$;

drop function if exists corporate.recipients(integer, bigint, corporate.recipient_state[], integer, integer);
create function corporate.recipients(
  p_issuer_id integer, p_hand_out_id bigint, p_states corporate.recipient_state[], p_after integer, p_limit integer
) returns setof corporate.recipient
language sql
stable
security definer
set search_path = corporate, pg_temp
set plan_cache_mode = force_custom_plan
as $$
  select r.* from recipient r
  where r.issuer_id = p_issuer_id and r.hand_out_id = p_hand_out_id and r.state = any (p_states)
    and r.line_number > p_after
  order by r.line_number
  limit p_limit
$$;

drop function if exists corporate.recipient_line(integer, bigint, integer);
create function corporate.recipient_line(p_issuer_id integer, p_hand_out_id bigint, p_line_number integer)
returns setof corporate.recipient
language sql
stable
security definer
set search_path = corporate, pg_temp
set plan_cache_mode = force_custom_plan
as $$
  select r.* from recipient r
  where r.issuer_id = p_issuer_id and r.hand_out_id = p_hand_out_id and r.line_number = p_line_number
$$;

-- A line goes forwards only: what is new is sent or ends, what was sent ends, and an end stays.
create or replace function corporate.settle_recipients(
  p_issuer_id integer, p_hand_out_id bigint,
  p_line_numbers integer[], p_states corporate.recipient_state[], p_reasons text[], p_gift_ids bigint[]
) returns void
language plpgsql
security definer
set search_path = corporate, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
#variable_conflict use_column
begin
  perform 1 from recipient r
  where r.issuer_id = p_issuer_id and r.hand_out_id = p_hand_out_id and r.line_number = any (p_line_numbers)
  order by r.line_number
  for update;
  update recipient r
  set state = u.state, reason = u.reason, gift_id = coalesce(r.gift_id, u.gift_id)
  from unnest(p_line_numbers, p_states, p_reasons, p_gift_ids) as u (line_number, state, reason, gift_id)
  where r.issuer_id = p_issuer_id and r.hand_out_id = p_hand_out_id and r.line_number = u.line_number
    and ((r.state = 'new' and u.state <> 'new') or (r.state = 'sent' and u.state in ('accepted', 'returned')));
end
$$;

create or replace function corporate.recipient_groups(p_issuer_id integer, p_hand_out_id bigint)
returns table (state text, lines integer, amount_won bigint)
language sql
stable
security definer
set search_path = corporate, pg_temp
set plan_cache_mode = force_custom_plan
as $$
  select r.state::text, count(*)::integer, sum(r.amount_won)::bigint
  from recipient r
  where r.issuer_id = p_issuer_id and r.hand_out_id = p_hand_out_id
  group by r.state
  order by r.state
$$;

-- Takes what is personal out of lines. Gives of how many.
create or replace function corporate.erase_recipients(p_issuer_id integer, p_hand_out_id bigint, p_limit integer)
returns integer
language plpgsql
security definer
set search_path = corporate, pg_temp
set plan_cache_mode = force_custom_plan
set lock_timeout = '2s'
as $$
#variable_conflict use_column
declare
  v_count integer;
begin
  update recipient r
  set phone = null, memo = null
  where r.issuer_id = p_issuer_id and r.hand_out_id = p_hand_out_id and r.line_number = any (array(
    select k.line_number from recipient k
    where k.issuer_id = p_issuer_id and k.hand_out_id = p_hand_out_id and (k.phone is not null or k.memo is not null)
    order by k.line_number
    limit p_limit
    for update));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;
