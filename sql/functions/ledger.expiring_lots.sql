-- Lots that expire after an instant and until another, not yet closed, after a cursor (an expiry and a lot id), the
-- first to expire first; with whose they are, when they were issued, and what remains of all lots of the wallet and the
-- program whose last Korean day of use is the same (an expiry is the first instant at which nothing may be spent).
create or replace function ledger.expiring_lots(
  p_issuer_id integer, p_from timestamptz, p_until timestamptz, p_after_at timestamptz, p_after_id bigint, p_limit integer
) returns table (
  wallet_id bigint, member_id bigint, lot_id bigint, program_id bigint, expires_at timestamptz, issued_at timestamptz,
  remaining_won bigint, together_won bigint
)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_bitmapscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select l.wallet_id, w.member_id, l.lot_id, l.program_id, l.expires_at, o.booked_at, l.remaining_won, (
    select sum(s.remaining_won)::bigint from lot s
    where s.issuer_id = p_issuer_id and s.wallet_id = l.wallet_id and s.program_id = l.program_id and not s.closed
      and date_trunc('day', (s.expires_at - interval '1 millisecond') at time zone 'Asia/Seoul')
        = date_trunc('day', (l.expires_at - interval '1 millisecond') at time zone 'Asia/Seoul'))
  from lot l
  join wallet w on w.issuer_id = p_issuer_id and w.wallet_id = l.wallet_id
  join operation o on o.issuer_id = p_issuer_id and o.operation_id = l.issued_by
  where l.issuer_id = p_issuer_id and not l.closed and l.expires_at > p_from and l.expires_at <= p_until
    and (l.expires_at, l.lot_id) > (p_after_at, p_after_id)
  order by l.expires_at, l.lot_id
  limit p_limit
$$;
