-- What members say and look at, and what officers see of all of them.

-- Writes a wish once under its key; a press makes what waits in its wallet due, the oldest first. False where the key is of
-- another wish.
create or replace function cashback.wish(
  p_issuer_id integer, p_request_id uuid, p_wallet_id bigint, p_kind cashback.wish_kind, p_at timestamptz,
  p_limit integer
) returns boolean
language plpgsql
security definer
set search_path = cashback, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_written integer;
  v_waiting uuid[];
begin
  insert into wish (issuer_id, request_id, wallet_id, kind, wished_at)
  values (p_issuer_id, p_request_id, p_wallet_id, p_kind, p_at)
  on conflict (issuer_id, request_id) do nothing;
  get diagnostics v_written = row_count;
  if v_written = 0 then
    return exists (
      select 1 from wish w
      where w.issuer_id = p_issuer_id and w.request_id = p_request_id and w.wallet_id = p_wallet_id and w.kind = p_kind);
  end if;
  if p_kind = 'press' then
    select array_agg(w.payment_id) into v_waiting
    from (
      select e.payment_id from earning e
      where e.issuer_id = p_issuer_id and e.wallet_id = p_wallet_id and e.state = 'waiting' and e.lapses_at > p_at
      order by e.paid_at, e.payment_id limit p_limit
      for update
    ) w;
    update earning e set state = 'due', press_id = p_request_id
    where e.issuer_id = p_issuer_id and e.payment_id = any (v_waiting);
    perform cashback.count_promises(p_issuer_id, v_waiting, -1);
  end if;
  return true;
end
$$;

create or replace function cashback.pressed(p_issuer_id integer, p_request_id uuid)
returns table (payment_id uuid)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select e.payment_id from earning e
  where e.issuer_id = p_issuer_id and e.press_id = p_request_id
  order by e.paid_at, e.payment_id
$$;

create or replace function cashback.chosen(p_issuer_id integer, p_wallet_id bigint)
returns text
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select w.kind::text from wish w
  where w.issuer_id = p_issuer_id and w.wallet_id = p_wallet_id and w.kind <> 'press'
  order by w.wished_at desc, w.request_id desc limit 1
$$;

-- A wallet's month by program: what was earned less what was taken back, and the latter by itself.
create or replace function cashback.figures(p_issuer_id integer, p_wallet_id bigint, p_month text)
returns table (program_id bigint, earned_won bigint, taken_back_won bigint)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select s.program_id, sum(s.earned_won - s.taken_back_won)::bigint, sum(s.taken_back_won)::bigint
  from earning_share s
  where s.issuer_id = p_issuer_id and s.wallet_id = p_wallet_id and s.month = p_month
  group by s.program_id
  order by s.program_id
$$;

create or replace function cashback.waiting(p_issuer_id integer, p_wallet_id bigint)
returns table (program_id bigint, amount_won bigint)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select s.program_id, sum(s.earned_won - s.taken_back_won)::bigint
  from earning e
  join earning_share s on s.issuer_id = p_issuer_id and s.payment_id = e.payment_id
  where e.issuer_id = p_issuer_id and e.wallet_id = p_wallet_id and e.state = 'waiting'
  group by s.program_id
  having sum(s.earned_won - s.taken_back_won) > 0
  order by s.program_id
$$;

-- A wallet's payments, newest first, strictly before one of them.
create or replace function cashback.earnings_of(
  p_issuer_id integer, p_wallet_id bigint, p_before_at timestamptz, p_before_id uuid, p_limit integer
) returns table (payment_id uuid)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select e.payment_id from earning e
  where e.issuer_id = p_issuer_id and e.wallet_id = p_wallet_id
    and (p_before_at is null or (e.paid_at, e.payment_id) < (p_before_at, p_before_id))
  order by e.paid_at desc, e.payment_id desc
  limit p_limit
$$;

-- What waits and what is missing, by program.
create or replace function cashback.standing(p_issuer_id integer)
returns table (program_id bigint, waiting_won bigint, waiting integer, missing_won bigint)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select g.program_id, sum(g.waiting_won)::bigint, (count(*) filter (where g.waiting_won > 0))::integer,
    sum(g.missing_won)::bigint
  from (
    select s.program_id, s.earned_won - s.taken_back_won as waiting_won, 0::bigint as missing_won
    from earning e
    join earning_share s on s.issuer_id = p_issuer_id and s.payment_id = e.payment_id
    where e.issuer_id = p_issuer_id and e.state = 'waiting'
    union all
    select s.program_id, 0, s.wanted_won - s.taken_won
    from take_back b
    join take_back_share s on s.issuer_id = p_issuer_id and s.cancellation_id = b.cancellation_id
    where b.issuer_id = p_issuer_id and b.state = 'short'
  ) g
  group by g.program_id
  having sum(g.waiting_won) > 0 or sum(g.missing_won) > 0
  order by g.program_id
$$;
