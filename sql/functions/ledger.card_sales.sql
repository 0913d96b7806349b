-- Card sales of an issuer and its card companies between two business dates, the newest first: for an operator whom
-- somebody has called about one of them. Enters by operation_by_partner, so payments by code are not read.
create or replace function ledger.card_sales(
  p_issuer_id integer,
  p_partner_ids bigint[],
  p_from date,
  p_through date,
  p_approval_code text,
  p_outcome text,
  p_limit integer
)
returns table (
  operation_id uuid,
  booked_at timestamptz,
  decline text,
  wallet_id bigint,
  merchant_id bigint,
  outlet_id bigint,
  amount_won bigint,
  partner_id bigint,
  actor text,
  cancelled boolean
)
language sql
stable
security definer
set search_path = ledger, pg_temp
as $$
  select o.operation_id, o.booked_at, o.decline, o.wallet_id, o.merchant_id, o.outlet_id, o.amount_won, o.partner_id,
    o.actor,
    exists (
      select 1 from operation c
      where c.issuer_id = p_issuer_id and c.target_id = o.operation_id and c.target_id is not null
        and c.decline is null and c.kind in ('cancellation', 'release')
    )
  from operation o
  where o.issuer_id = p_issuer_id
    and o.partner_id is not null
    and o.partner_id = any(p_partner_ids)
    and o.business_date between p_from and p_through
    and o.kind in ('payment', 'hold')
    and (p_approval_code is null
      or lpad((('x' || left(o.operation_id::text, 8))::bit(32)::bigint % 1000000)::text, 6, '0') = p_approval_code)
    and (p_outcome is null or (o.decline is not null) = (p_outcome = 'declined'))
  order by o.booked_at desc, o.operation_id
  limit p_limit
$$;
