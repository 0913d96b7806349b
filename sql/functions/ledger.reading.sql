-- What members, merchants and officers look at. One issuer a call; pages by cursor, newest first.

-- All lots of a wallet, the used up and the expired too, the first to expire first.
create or replace function ledger.wallet_lots(p_issuer_id integer, p_wallet_id bigint)
returns table (
  lot_id bigint, wallet_id bigint, program_id bigint, kind text, face_won bigint, remaining_won bigint,
  held_won bigint, expires_at timestamptz
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select l.lot_id, l.wallet_id, l.program_id, l.kind::text, l.face_won, l.remaining_won, l.held_won, l.expires_at
  from lot l
  where l.issuer_id = p_issuer_id and l.wallet_id = p_wallet_id
  order by l.expires_at, l.lot_id
$$;

-- Whether a purchase for the wallet waits for the bank's word: money may still come.
create or replace function ledger.awaits_purchase(p_issuer_id integer, p_wallet_id bigint)
returns boolean
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select exists (
    select 1 from purchase p
    where p.issuer_id = p_issuer_id and p.wallet_id = p_wallet_id and p.state = 'reserved'
  )
$$;

-- A wallet's operations before the cursor (an instant and an operation id), newest first.
create or replace function ledger.wallet_operations(
  p_issuer_id integer, p_wallet_id bigint, p_before_at timestamptz, p_before_id uuid, p_limit integer
) returns setof uuid
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select o.operation_id
  from operation o
  where o.issuer_id = p_issuer_id and o.wallet_id = p_wallet_id and o.booked_at <= p_before_at
    and (o.booked_at, o.operation_id) < (p_before_at, p_before_id)
  order by o.booked_at desc, o.operation_id desc
  limit p_limit
$$;

-- A merchant's operations before the cursor, newest first.
create or replace function ledger.merchant_operations(
  p_issuer_id integer, p_merchant_id bigint, p_before_at timestamptz, p_before_id uuid, p_limit integer
) returns setof uuid
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select o.operation_id
  from operation o
  where o.issuer_id = p_issuer_id and o.merchant_id = p_merchant_id and o.booked_at <= p_before_at
    and (o.booked_at, o.operation_id) < (p_before_at, p_before_id)
  order by o.booked_at desc, o.operation_id desc
  limit p_limit
$$;

-- A merchant's operations booked after an instant, oldest first: what its live feed follows on another core.
create or replace function ledger.merchant_operations_since(
  p_issuer_id integer, p_merchant_id bigint, p_after timestamptz, p_limit integer
) returns setof uuid
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select o.operation_id
  from operation o
  where o.issuer_id = p_issuer_id and o.merchant_id = p_merchant_id and o.booked_at > p_after
  order by o.booked_at, o.operation_id
  limit p_limit
$$;

-- What a merchant's outlets took and gave back, by Korean day, from an instant until just before another.
create or replace function ledger.merchant_days(
  p_issuer_id integer, p_merchant_id bigint, p_from timestamptz, p_until timestamptz
) returns table (
  day text, outlet_id bigint, payments integer, payments_won bigint, cancellations integer, cancellations_won bigint
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select to_char(o.booked_at at time zone 'Asia/Seoul', 'YYYY-MM-DD'), o.outlet_id,
    count(*) filter (where o.kind <> 'cancellation')::integer,
    coalesce(sum(o.amount_won) filter (where o.kind <> 'cancellation'), 0)::bigint,
    count(*) filter (where o.kind = 'cancellation')::integer,
    coalesce(sum(o.amount_won) filter (where o.kind = 'cancellation'), 0)::bigint
  from operation o
  where o.issuer_id = p_issuer_id and o.merchant_id = p_merchant_id and o.booked_at >= p_from
    and o.booked_at < p_until and o.decline is null and o.kind in ('payment', 'capture', 'cancellation')
  group by 1, 2
  order by 1, 2
$$;

-- The balances of an issuer's accounts, from the transfers: sums, never a row that payments update.
create or replace view ledger.balance_view as
select issuer_id, account_kind, account_id, sum(debit_won) as debit_won, sum(credit_won) as credit_won
from (
  select t.issuer_id, t.debit_kind as account_kind, t.debit_id as account_id, t.amount_won as debit_won, 0::bigint as credit_won
  from ledger.transfer t
  union all
  select t.issuer_id, t.credit_kind, t.credit_id, 0, t.amount_won
  from ledger.transfer t
) side
group by issuer_id, account_kind, account_id;

-- What a merchant is owed now: captured less cancelled less paid out. What was paid by card is owed to the card company, which pays
-- the merchant.
create or replace function ledger.merchant_payable(p_issuer_id integer, p_merchant_id bigint)
returns bigint
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select coalesce(sum(case when o.kind in ('cancellation', 'payout') then -o.amount_won else o.amount_won end), 0)::bigint
  from operation o
  where o.issuer_id = p_issuer_id and o.merchant_id = p_merchant_id and o.decline is null
    and o.kind in ('payment', 'capture', 'cancellation', 'payout') and o.partner_id is null
$$;

-- Card operations of a partner's business date, the declined ones and its settlements too, by operation id.
create or replace function ledger.card_operations(
  p_issuer_id integer, p_partner_id bigint, p_business_date date, p_after_id uuid, p_limit integer
) returns setof uuid
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select o.operation_id
  from operation o
  where o.issuer_id = p_issuer_id and o.partner_id = p_partner_id and o.business_date = p_business_date
    and o.operation_id > p_after_id
  order by o.operation_id
  limit p_limit
$$;

-- Card holds booked before an instant that nothing closed, oldest first. From the lots in which something is held: the
-- holds of all time are many, those that are open are few.
create or replace function ledger.open_card_holds(p_issuer_id integer, p_before timestamptz, p_limit integer)
returns setof uuid
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select h.operation_id
  from (
    select distinct l.wallet_id from lot l where l.issuer_id = p_issuer_id and l.held_won > 0
  ) w
  -- From the wallets to their holds, never the other way.
  cross join lateral (
    select o.operation_id, o.booked_at
    from operation o
    where o.issuer_id = p_issuer_id and o.wallet_id = w.wallet_id and o.booked_at < p_before
      and o.kind = 'hold' and o.partner_id is not null and o.decline is null
    offset 0
  ) h
  where not exists (
    select 1 from operation c
    where c.issuer_id = p_issuer_id and c.target_id = h.operation_id
      and c.kind in ('capture', 'release') and c.decline is null)
  order by h.booked_at, h.operation_id
  limit p_limit
$$;
