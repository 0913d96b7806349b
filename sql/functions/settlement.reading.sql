-- What merchants and officers look at. One issuer a call.

-- A merchant's settlements from a day on and before another, newest first.
create or replace function settlement.settlements_of(
  p_issuer_id integer, p_merchant_id bigint, p_from date, p_before date, p_limit integer
) returns table (
  settlement_day text, merchant_id bigint, outcome text, reason text, carried_payable_won bigint,
  carried_fee_won bigint, payments_won bigint, payments integer, cancellations_won bigint, cancellations integer,
  line_fee_won bigint, payable_won bigint, fee_won bigint, payout_id bigint, bank_code text, account_number text,
  holder_name text
)
language sql
stable
security definer
set search_path = settlement, pg_temp
as $$
  select m.settlement_day::text, m.merchant_id, m.outcome::text, m.reason, m.carried_payable_won, m.carried_fee_won,
    m.payments_won, m.payments, m.cancellations_won, m.cancellations, m.line_fee_won, m.payable_won, m.fee_won,
    m.payout_id, m.bank_code, m.account_number, m.holder_name
  from merchant_settlement m
  where m.issuer_id = p_issuer_id and m.merchant_id = p_merchant_id
    and m.settlement_day >= p_from and m.settlement_day < p_before
  order by m.settlement_day desc
  limit p_limit
$$;

-- The lines of one settlement, by day of paying, then program.
create or replace function settlement.lines_of(p_issuer_id integer, p_merchant_id bigint, p_settlement_day date)
returns table (
  program_id bigint, paid_on text, payments_won bigint, payments integer, cancellations_won bigint,
  cancellations integer, fee_basis_points integer, fee_won bigint
)
language sql
stable
security definer
set search_path = settlement, pg_temp
as $$
  select l.program_id, l.paid_on::text, l.payments_won, l.payments, l.cancellations_won, l.cancellations,
    l.fee_basis_points, l.fee_won
  from line l
  where l.issuer_id = p_issuer_id and l.merchant_id = p_merchant_id and l.settlement_day = p_settlement_day
  order by l.paid_on, l.program_id
$$;

-- Runs before a day with their figures, newest first.
create or replace function settlement.runs(p_issuer_id integer, p_before date, p_limit integer)
returns table (
  settlement_day text, state text, until_at timestamptz, minimum_payout_won bigint, reached bigint,
  opened_at timestamptz, closed_at timestamptz, merchants integer, paid integer, held integer, carried_on integer,
  payments_won bigint, cancellations_won bigint, fee_won bigint, payouts_won bigint, held_won bigint
)
language sql
stable
security definer
set search_path = settlement, pg_temp
as $$
  select r.settlement_day::text, r.state::text, r.until_at, r.minimum_payout_won, r.reached, r.opened_at, r.closed_at,
    t.merchants, t.paid, t.held, t.carried_on, t.payments_won, t.cancellations_won, t.fee_won, t.payouts_won, t.held_won
  from (
    select u.settlement_day, u.state, u.until_at, u.minimum_payout_won, u.reached, u.opened_at, u.closed_at
    from run u
    where u.issuer_id = p_issuer_id and u.settlement_day < p_before
    order by u.settlement_day desc limit p_limit
  ) r
  cross join lateral (
    select count(*)::integer as merchants,
      (count(*) filter (where m.outcome in ('due', 'paid')))::integer as paid,
      (count(*) filter (where m.outcome = 'held'))::integer as held,
      (count(*) filter (where m.outcome = 'carried'))::integer as carried_on,
      coalesce(sum(m.payments_won), 0)::bigint as payments_won,
      coalesce(sum(m.cancellations_won), 0)::bigint as cancellations_won,
      coalesce(sum(m.line_fee_won), 0)::bigint as fee_won,
      coalesce(sum(m.payable_won - greatest(m.fee_won, 0)) filter (where m.outcome in ('due', 'paid')), 0)::bigint
        as payouts_won,
      coalesce(sum(m.payable_won - greatest(m.fee_won, 0)) filter (where m.outcome = 'held'), 0)::bigint as held_won
    from merchant_settlement m
    where m.issuer_id = p_issuer_id and m.settlement_day = r.settlement_day
  ) t
  order by r.settlement_day desc
$$;

-- Merchants whose newest settlement is held back, by number.
create or replace function settlement.held_back(p_issuer_id integer, p_after bigint, p_limit integer)
returns table (
  settlement_day text, merchant_id bigint, outcome text, reason text, carried_payable_won bigint,
  carried_fee_won bigint, payments_won bigint, payments integer, cancellations_won bigint, cancellations integer,
  line_fee_won bigint, payable_won bigint, fee_won bigint, payout_id bigint, bank_code text, account_number text,
  holder_name text
)
language sql
stable
security definer
set search_path = settlement, pg_temp
as $$
  select m.settlement_day::text, m.merchant_id, m.outcome::text, m.reason, m.carried_payable_won, m.carried_fee_won,
    m.payments_won, m.payments, m.cancellations_won, m.cancellations, m.line_fee_won, m.payable_won, m.fee_won,
    m.payout_id, m.bank_code, m.account_number, m.holder_name
  from merchant_settlement m
  where m.issuer_id = p_issuer_id and m.merchant_id > p_after and m.outcome = 'held'
    and not exists (
      select 1 from merchant_settlement n
      where n.issuer_id = p_issuer_id and n.merchant_id = m.merchant_id and n.settlement_day > m.settlement_day)
  order by m.merchant_id
  limit p_limit
$$;
