-- Following the journal: the next page that is sealed, and writing what was decided about it. None locks what a payment wants.

-- The earnings of a payment with their shares, one row for each share.
drop function if exists cashback.earnings_by_id(integer, uuid[]);
create function cashback.earnings_by_id(p_issuer_id integer, p_payment_ids uuid[])
returns table (
  payment_id uuid, wallet_id bigint, member_id bigint, merchant_id bigint, paid_at timestamptz, month text,
  revenue_won bigint, spending text, state text, waits_for text, attempt integer, operation_id uuid,
  program_id bigint, spent_won bigint, cancelled_won bigint, rate_basis_points integer, earned_won bigint,
  taken_back_won bigint, reason text, expires_at timestamptz, returned_national_won bigint,
  returned_province_won bigint, returned_city_won bigint
)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select e.payment_id, e.wallet_id, e.member_id, e.merchant_id, e.paid_at, e.month, e.revenue_won, e.spending::text,
    e.state::text, e.waits_for::text, e.attempt, e.operation_id, s.program_id, s.spent_won, s.cancelled_won,
    s.rate_basis_points, s.earned_won, s.taken_back_won, s.reason, s.expires_at, s.returned_national_won,
    s.returned_province_won, s.returned_city_won
  from unnest(p_payment_ids) with ordinality as u (payment_id, turn)
  join earning e on e.issuer_id = p_issuer_id and e.payment_id = u.payment_id
  join earning_share s on s.issuer_id = p_issuer_id and s.payment_id = u.payment_id
  order by u.turn, s.program_id
$$;

-- Up to where all is decided.
create or replace function cashback.reached(p_issuer_id integer)
returns timestamptz
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select coalesce((select p.reached_at from progress p where p.issuer_id = p_issuer_id), 'epoch'::timestamptz)
$$;

-- Where the next page begins and ends: about p_limit operations, all of one instant together, and no further than the last
-- seal, behind which nothing can be booked any more. The boundary in issuer_head says less. No row: nothing is there.
create or replace function cashback.next_page(p_issuer_id integer, p_limit integer)
returns table (after_at timestamptz, until_at timestamptz)
language sql
stable
security definer
set search_path = cashback, ledger, pg_temp
as $$
  with reached as (
    select cashback.reached(p_issuer_id) as at
  ), ahead as (
    select o.booked_at from operation o
    where o.issuer_id = p_issuer_id and o.booked_at > '2000-01-01T00:00:00Z'
      and o.booked_at > (select r.at from reached r)
      and o.booked_at <= (
        select s.until_at from seal s where s.issuer_id = p_issuer_id order by s.segment desc limit 1)
    order by o.booked_at limit p_limit
  )
  select r.at, max(a.booked_at) from reached r, ahead a group by r.at
$$;

-- What the operations of a page moved of lots that earn, by program: one row for each operation and program, in the order
-- of booking, cancellations after payments of the same instant.
create or replace function cashback.events(
  p_issuer_id integer, p_after timestamptz, p_until timestamptz, p_kinds ledger.lot_kind[]
) returns table (
  operation_id uuid, kind text, booked_at timestamptz, wallet_id bigint, member_id bigint, merchant_id bigint,
  target_id uuid, chosen text, program_id bigint, spent_won bigint
)
language sql
stable
security definer
set search_path = cashback, ledger, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select o.operation_id, o.kind::text, o.booked_at, o.wallet_id, w.member_id, o.merchant_id, o.target_id,
    (select c.kind::text from wish c
      where c.issuer_id = p_issuer_id and c.wallet_id = o.wallet_id and c.kind <> 'press'
        and c.wished_at <= o.booked_at
      order by c.wished_at desc, c.request_id desc limit 1),
    l.program_id, sum(t.amount_won)::bigint
  from operation o
  join wallet w on w.issuer_id = p_issuer_id and w.wallet_id = o.wallet_id
  join transfer t on t.issuer_id = p_issuer_id and t.operation_id = o.operation_id
    and (t.debit_kind in ('lot', 'lot_hold')) <> (t.credit_kind in ('lot', 'lot_hold'))
  join lot l on l.issuer_id = p_issuer_id
    and l.lot_id = case when t.debit_kind in ('lot', 'lot_hold') then t.debit_id else t.credit_id end
  where o.issuer_id = p_issuer_id and o.booked_at > '2000-01-01T00:00:00Z'
    and o.booked_at > p_after and o.booked_at <= p_until
    and o.kind in ('payment', 'capture', 'cancellation') and o.decline is null and l.kind = any (p_kinds)
  group by o.operation_id, o.kind, o.booked_at, o.wallet_id, w.member_id, o.merchant_id, o.target_id, l.program_id
  order by o.booked_at, o.kind = 'cancellation', o.operation_id, l.program_id
$$;

-- What wallets earned of programs in months, less what was taken back; what was refused was never theirs.
create or replace function cashback.months_earned(
  p_issuer_id integer, p_wallet_ids bigint[], p_program_ids bigint[], p_months text[]
) returns table (wallet_id bigint, program_id bigint, month text, earned_won bigint)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select u.wallet_id, u.program_id, u.month, coalesce(sum(s.earned_won - s.taken_back_won), 0)::bigint
  -- A wallet that pays several times in a page is asked about as often: summed once.
  from (
    select distinct a.wallet_id, a.program_id, a.month
    from unnest(p_wallet_ids, p_program_ids, p_months) as a (wallet_id, program_id, month)
  ) u
  left join earning_share s on s.issuer_id = p_issuer_id and s.wallet_id = u.wallet_id and s.program_id = u.program_id
    and s.month = u.month
  group by u.wallet_id, u.program_id, u.month
$$;

-- What of each program waits, all wallets together.
create or replace function cashback.promised(p_issuer_id integer)
returns table (program_id bigint, amount_won bigint)
language sql
stable
security definer
set search_path = cashback, pg_temp
as $$
  select p.program_id, p.waiting_won from promise p
  where p.issuer_id = p_issuer_id and p.waiting_won > 0
  order by p.program_id
$$;

-- Counts what payments begin to wait for, or no longer do: p_sign 1 or -1, of what they keep at this moment.
create or replace function cashback.count_promises(p_issuer_id integer, p_payment_ids uuid[], p_sign integer)
returns void
language plpgsql
security definer
set search_path = cashback, pg_temp
set lock_timeout = '2s'
as $$
begin
  insert into promise (issuer_id, program_id, waiting_won)
  select p_issuer_id, s.program_id, 0
  from earning_share s
  where s.issuer_id = p_issuer_id and s.payment_id = any (p_payment_ids)
  group by s.program_id
  order by s.program_id
  on conflict (issuer_id, program_id) do nothing;
  update promise p
  set waiting_won = p.waiting_won + p_sign * g.won
  from (
    select s.program_id, sum(s.earned_won - s.taken_back_won)::bigint as won
    from earning_share s
    where s.issuer_id = p_issuer_id and s.payment_id = any (p_payment_ids)
    group by s.program_id
  ) g
  where p.issuer_id = p_issuer_id and p.program_id = g.program_id and g.won > 0;
end
$$;

-- Writes what was decided about a page, all or nothing, and moves on to its end. False where somebody is there already, or
-- where a payment that it cancels is no longer as it was seen.
create or replace function cashback.fix_page(
  p_issuer_id integer, p_after timestamptz, p_until timestamptz,
  p_payment_ids uuid[], p_wallet_ids bigint[], p_member_ids bigint[], p_merchant_ids bigint[],
  p_paid_at timestamptz[], p_months text[], p_revenues_won bigint[], p_spendings cashback.spending[],
  p_states cashback.earning_state[], p_waits_for cashback.waiting_cause[], p_lapses_at timestamptz[],
  p_share_payment_ids uuid[], p_program_ids bigint[], p_spent_won bigint[], p_cancelled_won bigint[],
  p_rates integer[], p_earned_won bigint[], p_taken_back_won bigint[], p_reasons text[], p_expires_at timestamptz[],
  p_cancellation_ids uuid[], p_cancelled_payment_ids uuid[], p_cancelled_wallet_ids bigint[],
  p_cancelled_member_ids bigint[], p_cancelled_at timestamptz[], p_take_back_states cashback.take_back_state[],
  p_part_cancellation_ids uuid[], p_part_program_ids bigint[], p_part_cancelled_won bigint[],
  p_part_wanted_won bigint[], p_part_taken_won bigint[],
  p_touched_ids uuid[], p_touched_seen cashback.earning_state[], p_touched_states cashback.earning_state[]
) returns boolean
language plpgsql
security definer
set search_path = cashback, pg_temp
set lock_timeout = '2s'
as $$
declare
  v_waiting uuid[];
begin
  insert into progress (issuer_id, reached_at) values (p_issuer_id, 'epoch') on conflict (issuer_id) do nothing;
  update progress p set reached_at = p_until where p.issuer_id = p_issuer_id and p.reached_at = p_after;
  if not found then
    return false;
  end if;
  perform 1 from earning e
  where e.issuer_id = p_issuer_id and e.payment_id = any (p_touched_ids)
  order by e.payment_id
  for update;
  if exists (
    select 1 from unnest(p_touched_ids, p_touched_seen) as u (payment_id, seen)
    join earning e on e.issuer_id = p_issuer_id and e.payment_id = u.payment_id
    where e.state <> u.seen
  ) then
    update progress p set reached_at = p_after where p.issuer_id = p_issuer_id;
    return false;
  end if;

  insert into earning (issuer_id, payment_id, wallet_id, member_id, merchant_id, paid_at, month, revenue_won, spending,
    state, waits_for, lapses_at)
  select p_issuer_id, u.payment_id, u.wallet_id, u.member_id, u.merchant_id, u.paid_at, u.month, u.revenue_won,
    u.spending, u.state, u.waits_for, u.lapses_at
  from unnest(p_payment_ids, p_wallet_ids, p_member_ids, p_merchant_ids, p_paid_at, p_months, p_revenues_won,
      p_spendings, p_states, p_waits_for, p_lapses_at)
    as u (payment_id, wallet_id, member_id, merchant_id, paid_at, month, revenue_won, spending, state, waits_for,
      lapses_at)
  order by u.payment_id;
  insert into earning_share (issuer_id, payment_id, program_id, wallet_id, month, spent_won, cancelled_won, rate_basis_points,
    earned_won, taken_back_won, reason, expires_at)
  select p_issuer_id, u.payment_id, u.program_id, e.wallet_id, e.month, u.spent_won, u.cancelled_won, u.rate,
    u.earned_won, u.taken_back_won, u.reason, u.expires_at
  from unnest(p_share_payment_ids, p_program_ids, p_spent_won, p_cancelled_won, p_rates, p_earned_won,
      p_taken_back_won, p_reasons, p_expires_at)
    as u (payment_id, program_id, spent_won, cancelled_won, rate, earned_won, taken_back_won, reason, expires_at)
  join earning e on e.issuer_id = p_issuer_id and e.payment_id = u.payment_id
  order by u.payment_id, u.program_id;

  select array_agg(u.payment_id) into v_waiting
  from unnest(p_touched_ids, p_touched_seen) as u (payment_id, seen)
  where u.seen = 'waiting';
  perform cashback.count_promises(p_issuer_id, v_waiting, -1);

  -- Who earns is asked again for what is missing.
  update take_back b set state = 'due', attempt = b.attempt + 1
  where b.issuer_id = p_issuer_id and b.state = 'short' and b.wallet_id = any (p_wallet_ids);

  insert into take_back (issuer_id, cancellation_id, payment_id, wallet_id, member_id, cancelled_at, state)
  select p_issuer_id, u.cancellation_id, u.payment_id, u.wallet_id, u.member_id, u.cancelled_at, u.state
  from unnest(p_cancellation_ids, p_cancelled_payment_ids, p_cancelled_wallet_ids, p_cancelled_member_ids,
      p_cancelled_at, p_take_back_states)
    as u (cancellation_id, payment_id, wallet_id, member_id, cancelled_at, state)
  order by u.cancellation_id;
  insert into take_back_share (issuer_id, cancellation_id, program_id, cancelled_won, wanted_won, taken_won)
  select p_issuer_id, u.cancellation_id, u.program_id, u.cancelled_won, u.wanted_won, u.taken_won
  from unnest(p_part_cancellation_ids, p_part_program_ids, p_part_cancelled_won, p_part_wanted_won, p_part_taken_won)
    as u (cancellation_id, program_id, cancelled_won, wanted_won, taken_won)
  order by u.cancellation_id, u.program_id;

  -- What the page itself earned is written as it stands at its end; what was earned before becomes less.
  update earning_share s
  set cancelled_won = s.cancelled_won + g.cancelled_won, taken_back_won = s.taken_back_won + g.wanted_won
  from (
    select b.payment_id, p.program_id, sum(p.cancelled_won)::bigint as cancelled_won,
      sum(p.wanted_won)::bigint as wanted_won
    from take_back b
    join take_back_share p on p.issuer_id = p_issuer_id and p.cancellation_id = b.cancellation_id
    where b.issuer_id = p_issuer_id and b.cancellation_id = any (p_cancellation_ids)
      and b.payment_id = any (p_touched_ids)
    group by b.payment_id, p.program_id
  ) g
  where s.issuer_id = p_issuer_id and s.payment_id = g.payment_id and s.program_id = g.program_id;
  update earning e set state = u.state
  from unnest(p_touched_ids, p_touched_states) as u (payment_id, state)
  where e.issuer_id = p_issuer_id and e.payment_id = u.payment_id and e.state <> u.state;

  select array_agg(e.payment_id) into v_waiting
  from earning e
  where e.issuer_id = p_issuer_id and e.payment_id = any (p_payment_ids || p_touched_ids) and e.state = 'waiting';
  perform cashback.count_promises(p_issuer_id, v_waiting, 1);
  return true;
end
$$;
