-- Card sales of an issuer and its card companies between two business dates, the newest first and below a place where
-- one is given: for an operator whom somebody has called about one of them. Enters by operation_by_partner, so payments
-- by code are not read; then, for those of the page alone, the cards of the payer with that company and the cases about
-- the sale. What only keeps a place is none: it was written by a reversal, and nobody asked for it.
drop function if exists ledger.card_sales(integer, bigint[], date, date, text, text, integer);

create or replace function ledger.card_sales(
  p_issuer_id integer,
  p_partner_ids bigint[],
  p_from date,
  p_through date,
  p_approval_code text,
  p_last_four text,
  p_outcome text,
  p_case_kinds text[],
  p_before_at timestamptz,
  p_before_id uuid,
  p_limit integer
)
returns table (
  operation_id uuid,
  booked_at timestamptz,
  decline text,
  merchant_id bigint,
  outlet_id bigint,
  amount_won bigint,
  partner_id bigint,
  actor text,
  cancelled boolean,
  last_fours text[],
  case_ids bigint[]
)
language sql
stable
security definer
set search_path = ledger, registry, pg_temp
as $$
  select s.operation_id, s.booked_at, s.decline, s.merchant_id, s.outlet_id, s.amount_won, s.partner_id, s.actor,
    exists (
      select 1 from operation c
      where c.issuer_id = p_issuer_id and c.target_id = s.operation_id and c.target_id is not null
        and c.decline is null and c.kind in ('cancellation', 'release')
    ),
    array(
      select distinct r.body ->> 'lastFour'
      from record_key k
      join record r on r.issuer_id = p_issuer_id and r.kind = 'card_link' and r.record_id = k.record_id
      where k.issuer_id = p_issuer_id and k.kind = 'card_link'
        and k.key >= 'wallet:' || s.wallet_id || '/' and k.key < 'wallet:' || s.wallet_id || '0'
        and starts_with(k.key, 'wallet:' || s.wallet_id || '/' || s.partner_id || ':')
      order by 1
    ),
    array(
      select k.record_id
      from unnest(p_case_kinds) as u (case_kind)
      join record_key k on k.issuer_id = p_issuer_id and k.kind = 'case'
        and k.key = 'case:' || u.case_kind || ':' || s.operation_id
      order by 1
    )
  from (
    select o.operation_id, o.booked_at, o.decline, o.wallet_id, o.merchant_id, o.outlet_id, o.amount_won,
      o.partner_id, o.actor
    from operation o
    where o.issuer_id = p_issuer_id
      and o.partner_id is not null
      and o.partner_id = any(p_partner_ids)
      and o.business_date between p_from and p_through
      and o.kind in ('payment', 'hold')
      and (o.decline is null or o.actor is distinct from 'reversal')
      and (p_approval_code is null
        or lpad((('x' || left(o.operation_id::text, 8))::bit(32)::bigint % 1000000)::text, 6, '0') = p_approval_code)
      and (p_outcome is null or (o.decline is not null) = (p_outcome = 'declined'))
      and (p_before_at is null or (o.booked_at, o.operation_id) < (p_before_at, p_before_id))
      and (p_last_four is null or exists (
        select 1
        from record_key k
        join record r on r.issuer_id = p_issuer_id and r.kind = 'card_link' and r.record_id = k.record_id
        where k.issuer_id = p_issuer_id and k.kind = 'card_link'
          and k.key >= 'wallet:' || o.wallet_id || '/' and k.key < 'wallet:' || o.wallet_id || '0'
          and starts_with(k.key, 'wallet:' || o.wallet_id || '/' || o.partner_id || ':')
          and r.body ->> 'lastFour' = p_last_four
      ))
    order by o.booked_at desc, o.operation_id desc
    limit p_limit
  ) s
  order by s.booked_at desc, s.operation_id desc
$$;
