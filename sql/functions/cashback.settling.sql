-- What is due, and what became of it. Every settling function looks only at what is still as the caller saw it.

-- What is to be posted, of the issuer or of one wallet, oldest first.
create or replace function cashback.due_earnings(p_issuer_id integer, p_wallet_id bigint, p_limit integer)
returns table (payment_id uuid)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select e.payment_id from earning e
  where e.issuer_id = p_issuer_id and e.state = 'due' and e.wallet_id = coalesce(p_wallet_id, e.wallet_id)
  order by e.paid_at, e.payment_id
  limit p_limit
$$;

create or replace function cashback.settle_earnings(
  p_issuer_id integer,
  p_payment_ids uuid[], p_attempts integer[], p_states cashback.earning_state[],
  p_waits_for cashback.waiting_cause[], p_operation_ids uuid[],
  p_posted_payment_ids uuid[], p_posted_program_ids bigint[], p_posted_won bigint[]
) returns void
language plpgsql
security definer
set search_path = cashback, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_mine uuid[];
begin
  perform 1 from earning e
  where e.issuer_id = p_issuer_id and e.payment_id = any (p_payment_ids)
  order by e.payment_id
  for update;
  select array_agg(e.payment_id) into v_mine
  from unnest(p_payment_ids, p_attempts) as u (payment_id, attempt)
  join earning e on e.issuer_id = p_issuer_id and e.payment_id = u.payment_id
  where e.state = 'due' and e.attempt = u.attempt;

  update earning e
  set state = u.state, waits_for = u.waits_for, operation_id = u.operation_id,
    attempt = e.attempt + case when u.state = 'posted' then 0 else 1 end
  from unnest(p_payment_ids, p_states, p_waits_for, p_operation_ids) as u (payment_id, state, waits_for, operation_id)
  where e.issuer_id = p_issuer_id and e.payment_id = u.payment_id and e.payment_id = any (v_mine);

  -- What had expired before it could be posted is nobody's to take back.
  update earning_share s
  set posted_won = coalesce(g.won, 0), taken_back_won = case when g.won is null then s.earned_won else s.taken_back_won end
  from (
    select x.payment_id, x.program_id, sum(u.won)::bigint as won
    from earning e
    join earning_share x on x.issuer_id = p_issuer_id and x.payment_id = e.payment_id
    left join unnest(p_posted_payment_ids, p_posted_program_ids, p_posted_won) as u (payment_id, program_id, won)
      on u.payment_id = x.payment_id and u.program_id = x.program_id
    where e.issuer_id = p_issuer_id and e.payment_id = any (v_mine) and e.state = 'posted'
    group by x.payment_id, x.program_id
  ) g
  where s.issuer_id = p_issuer_id and s.payment_id = g.payment_id and s.program_id = g.program_id;

  update earning_share s
  set earned_won = 0, taken_back_won = 0, reason = 'budget_exhausted'
  from earning e
  where e.issuer_id = p_issuer_id and e.payment_id = any (v_mine) and e.state = 'refused'
    and s.issuer_id = p_issuer_id and s.payment_id = e.payment_id and s.earned_won > 0;

  select array_agg(e.payment_id) into v_mine
  from earning e
  where e.issuer_id = p_issuer_id and e.payment_id = any (v_mine) and e.state = 'waiting';
  perform cashback.count_promises(p_issuer_id, v_mine, 1);
end
$$;

-- Cancellations that ask back what was posted, the oldest of each wallet; one row for each program, with what of the payment
-- there is to know. One statement, so that all of it is of one instant.
create or replace function cashback.due_take_backs(p_issuer_id integer, p_limit integer)
returns table (
  cancellation_id uuid, payment_id uuid, wallet_id bigint, member_id bigint, cancelled_at timestamptz, state text,
  attempt integer, program_id bigint, cancelled_won bigint, wanted_won bigint, taken_won bigint,
  paid_at timestamptz, earned_by uuid, returned_national_won bigint, returned_province_won bigint,
  returned_city_won bigint
)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select b.cancellation_id, b.payment_id, b.wallet_id, b.member_id, b.cancelled_at, b.state::text, b.attempt,
    s.program_id, s.cancelled_won, s.wanted_won, s.taken_won, e.paid_at, e.operation_id, r.returned_national_won,
    r.returned_province_won, r.returned_city_won
  from (
    select distinct on (d.wallet_id) d.*
    from (
      select t.* from take_back t
      where t.issuer_id = p_issuer_id and t.state = 'due'
      order by t.cancelled_at, t.cancellation_id limit p_limit
    ) d
    order by d.wallet_id, d.cancelled_at, d.cancellation_id
  ) b
  join take_back_share s on s.issuer_id = p_issuer_id and s.cancellation_id = b.cancellation_id
  join earning e on e.issuer_id = p_issuer_id and e.payment_id = b.payment_id
  join earning_share r on r.issuer_id = p_issuer_id and r.payment_id = b.payment_id and r.program_id = s.program_id
  order by b.cancelled_at, b.cancellation_id, s.program_id
$$;

create or replace function cashback.settle_take_backs(
  p_issuer_id integer,
  p_cancellation_ids uuid[], p_attempts integer[], p_states cashback.take_back_state[],
  p_taken_cancellation_ids uuid[], p_taken_program_ids bigint[],
  p_national_won bigint[], p_province_won bigint[], p_city_won bigint[]
) returns void
language plpgsql
security definer
set search_path = cashback, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_mine uuid[];
begin
  perform 1 from take_back b
  where b.issuer_id = p_issuer_id and b.cancellation_id = any (p_cancellation_ids)
  order by b.cancellation_id
  for update;
  select array_agg(b.cancellation_id) into v_mine
  from unnest(p_cancellation_ids, p_attempts) as u (cancellation_id, attempt)
  join take_back b on b.issuer_id = p_issuer_id and b.cancellation_id = u.cancellation_id
  where b.state = 'due' and b.attempt = u.attempt;

  update take_back_share s
  set taken_won = s.taken_won + u.national_won + u.province_won + u.city_won
  from unnest(p_taken_cancellation_ids, p_taken_program_ids, p_national_won, p_province_won, p_city_won)
    as u (cancellation_id, program_id, national_won, province_won, city_won)
  where s.issuer_id = p_issuer_id and s.cancellation_id = u.cancellation_id and s.program_id = u.program_id
    and s.cancellation_id = any (v_mine);
  update earning_share s
  set returned_national_won = s.returned_national_won + g.national_won,
    returned_province_won = s.returned_province_won + g.province_won,
    returned_city_won = s.returned_city_won + g.city_won
  from (
    select b.payment_id, u.program_id, sum(u.national_won)::bigint as national_won,
      sum(u.province_won)::bigint as province_won, sum(u.city_won)::bigint as city_won
    from unnest(p_taken_cancellation_ids, p_taken_program_ids, p_national_won, p_province_won, p_city_won)
      as u (cancellation_id, program_id, national_won, province_won, city_won)
    join take_back b on b.issuer_id = p_issuer_id and b.cancellation_id = u.cancellation_id
    where u.cancellation_id = any (v_mine)
    group by b.payment_id, u.program_id
  ) g
  where s.issuer_id = p_issuer_id and s.payment_id = g.payment_id and s.program_id = g.program_id;
  update take_back b set state = u.state
  from unnest(p_cancellation_ids, p_states) as u (cancellation_id, state)
  where b.issuer_id = p_issuer_id and b.cancellation_id = u.cancellation_id and b.cancellation_id = any (v_mine);
end
$$;

-- Ends what waited longer than it could be spent; how many.
create or replace function cashback.lapse(p_issuer_id integer, p_now timestamptz, p_limit integer)
returns integer
language plpgsql
security definer
set search_path = cashback, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_lapsed uuid[];
begin
  select array_agg(w.payment_id) into v_lapsed
  from (
    select e.payment_id from earning e
    where e.issuer_id = p_issuer_id and e.state = 'waiting' and e.lapses_at <= p_now
    order by e.lapses_at, e.payment_id limit p_limit
    for update skip locked
  ) w;
  update earning e set state = 'lapsed'
  where e.issuer_id = p_issuer_id and e.payment_id = any (v_lapsed);
  perform cashback.count_promises(p_issuer_id, v_lapsed, -1);
  return coalesce(cardinality(v_lapsed), 0);
end
$$;
