-- What operations draw from funders' pots. Draws stand in flat arrays in the order of their requests' positions.

-- Locks the pots in id order; those that nothing was drawn from yet are made.
create or replace function ledger.lock_pots(p_issuer_id integer, p_pot_ids bigint[]) returns void
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
set enable_seqscan = off
as $$
begin
  if p_pot_ids is null or p_pot_ids = '{}' then
    return;
  end if;
  insert into pot_use (issuer_id, pot_id, used_won)
  select distinct p_issuer_id, u.pot_id, 0
  from unnest(p_pot_ids) as u (pot_id)
  order by 2
  on conflict do nothing;
  perform 1 from pot_use u
  where u.issuer_id = p_issuer_id and u.pot_id = any (p_pot_ids)
  order by u.pot_id
  for no key update;
end
$$;

-- The pots that operations drew from, for whoever gives back.
create or replace function ledger.pots_of(p_issuer_id integer, p_operation_ids uuid[]) returns bigint[]
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
as $$
  select coalesce(array_agg(distinct d.pot_id), '{}')
  from pot_draw d
  where d.issuer_id = p_issuer_id and d.operation_id = any (p_operation_ids)
$$;

-- Grants wishes in input order by running totals: all that a position wishes, or nothing of it. Wishes stand in the order of
-- positions; each names a counter by its place in p_used, and the decline where it does not fit. What is given back always
-- fits. What is declined already is left as it is.
create or replace function ledger.granted(
  p_issuer_id integer,
  p_positions integer[],
  p_declines text[],
  p_wish_positions integer[],
  p_wish_counters integer[],
  p_wish_amounts_won bigint[],
  p_wish_limits_won bigint[],
  p_wish_declines text[],
  p_used_won bigint[]
) returns text[]
language plpgsql
immutable
security definer
set search_path = ledger, pg_temp
as $$
declare
  v_declines text[] := p_declines;
  v_used bigint[] := p_used_won;
  v_from integer := 1;
  v_wish integer;
begin
  for v_index in 1..cardinality(p_positions) loop
    v_wish := array_position(p_wish_positions, p_positions[v_index], v_from);
    continue when v_declines[v_index] is not null or v_wish is null;
    v_from := v_wish;
    while p_wish_positions[v_wish] = p_positions[v_index] loop
      if p_wish_amounts_won[v_wish] > 0
        and v_used[p_wish_counters[v_wish]] + p_wish_amounts_won[v_wish] > p_wish_limits_won[v_wish] then
        v_declines[v_index] := p_wish_declines[v_wish];
        exit;
      end if;
      v_wish := v_wish + 1;
    end loop;
    continue when v_declines[v_index] is not null;
    v_wish := v_from;
    while p_wish_positions[v_wish] = p_positions[v_index] loop
      v_used[p_wish_counters[v_wish]] := v_used[p_wish_counters[v_wish]] + p_wish_amounts_won[v_wish];
      v_wish := v_wish + 1;
    end loop;
  end loop;
  return v_declines;
end
$$;

-- The declines of a set after its draws have been looked at. The pots are locked.
create or replace function ledger.pot_verdicts(
  p_issuer_id integer,
  p_positions integer[],
  p_declines text[],
  p_draw_positions integer[],
  p_draw_pot_ids bigint[],
  p_draw_amounts_won bigint[],
  p_draw_limits_won bigint[]
) returns text[]
language plpgsql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  v_pots bigint[];
  v_used bigint[];
begin
  if p_draw_positions = '{}' then
    return p_declines;
  end if;
  select array_agg(u.pot_id), array_agg(u.used_won) into v_pots, v_used
  from pot_use u
  where u.issuer_id = p_issuer_id and u.pot_id = any (p_draw_pot_ids);
  return (
    select granted(p_issuer_id, p_positions, p_declines, array_agg(d.position order by d.turn),
      array_agg(array_position(v_pots, d.pot_id) order by d.turn), array_agg(d.amount_won order by d.turn),
      array_agg(d.limit_won order by d.turn), array_agg('budget_exhausted'::text), v_used)
    from unnest(p_draw_positions, p_draw_pot_ids, p_draw_amounts_won, p_draw_limits_won) with ordinality
      as d (position, pot_id, amount_won, limit_won, turn));
end
$$;

-- Writes what posted operations drew, and counts it.
create or replace function ledger.book_draws(
  p_issuer_id integer,
  p_operation_ids uuid[],
  p_posted integer[],
  p_draw_positions integer[],
  p_draw_pot_ids bigint[],
  p_draw_amounts_won bigint[]
) returns void
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
begin
  if p_draw_positions = '{}' or p_posted is null then
    return;
  end if;
  insert into pot_draw (issuer_id, operation_id, pot_id, amount_won)
  select p_issuer_id, p_operation_ids[u.position], u.pot_id, u.amount_won
  from unnest(p_draw_positions, p_draw_pot_ids, p_draw_amounts_won) as u (position, pot_id, amount_won)
  where u.position = any (p_posted)
  order by 2, 3;
  update pot_use t
  set used_won = t.used_won + g.amount_won
  from (
    select u.pot_id, sum(u.amount_won)::bigint as amount_won
    from unnest(p_draw_positions, p_draw_pot_ids, p_draw_amounts_won) as u (position, pot_id, amount_won)
    where u.position = any (p_posted)
    group by u.pot_id
  ) g
  where t.issuer_id = p_issuer_id and t.pot_id = g.pot_id;
end
$$;

-- All that some operations drew goes back, each by the operation that undoes it. The pots are locked.
create or replace function ledger.return_draws(p_issuer_id integer, p_of uuid[], p_by uuid[]) returns void
language plpgsql
security definer
set search_path = ledger, pg_temp
set lock_timeout = '2s'
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
declare
  v_returned integer;
begin
  insert into pot_draw (issuer_id, operation_id, pot_id, amount_won)
  select p_issuer_id, u.returned_by, d.pot_id, -d.amount_won
  from unnest(p_of, p_by) as u (operation_id, returned_by)
  join pot_draw d on d.issuer_id = p_issuer_id and d.operation_id = u.operation_id
  order by 2, 3;
  get diagnostics v_returned = row_count;
  if v_returned = 0 then
    return;
  end if;
  update pot_use t
  set used_won = t.used_won - g.amount_won
  from (
    select d.pot_id, sum(d.amount_won)::bigint as amount_won
    from unnest(p_of) as u (operation_id)
    join pot_draw d on d.issuer_id = p_issuer_id and d.operation_id = u.operation_id
    group by d.pot_id
  ) g
  where t.issuer_id = p_issuer_id and t.pot_id = g.pot_id;
end
$$;
