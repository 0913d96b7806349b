-- Whether a kind of movement may move money from one kind of account to another: movementAccounts of
-- src/ledger/movement.ts, held again where no mistake of a core can pass by it.
-- across issuers: a rule, about nobody's rows.
create or replace function ledger.movement_allows(
  p_kind ledger.operation_kind, p_debit ledger.account_kind, p_credit ledger.account_kind
) returns boolean
language sql
immutable
set search_path = ledger, pg_temp
as $$
  select (p_kind, p_debit, p_credit) in (
    ('purchase_cancellation', 'lot', 'settlement_in_transit'),
    ('purchase_cancellation', 'lot', 'subsidy_receivable'),
    ('refund', 'lot', 'settlement_in_transit'),
    ('refund', 'lot', 'subsidy_receivable'),
    ('gift', 'lot', 'gift_transit'),
    ('gift_acceptance', 'gift_transit', 'lot'),
    ('gift_return', 'gift_transit', 'lot'),
    ('cashback', 'subsidy_receivable', 'lot'),
    ('cashback_return', 'lot', 'subsidy_receivable'),
    ('clawback', 'lot', 'subsidy_receivable'),
    ('payout', 'merchant_payable', 'settlement_in_transit'),
    ('payout', 'merchant_payable', 'merchant_fee'),
    ('payout_confirmation', 'settlement_in_transit', 'operating_fund'),
    ('payout_return', 'settlement_in_transit', 'returned_payout'),
    ('payout_retry', 'returned_payout', 'settlement_in_transit'),
    ('funder_payment', 'operating_fund', 'subsidy_receivable'),
    ('unidentified_deposit', 'operating_fund', 'unidentified_deposit'),
    ('deposit_return', 'unidentified_deposit', 'settlement_in_transit'),
    ('deposit_assignment', 'unidentified_deposit', 'subsidy_receivable'),
    ('fund_interest', 'operating_fund', 'fund_interest'),
    ('income_payout', 'breakage', 'settlement_in_transit'),
    ('income_payout', 'merchant_fee', 'settlement_in_transit'),
    ('income_payout', 'fund_interest', 'settlement_in_transit')
  )
$$;

-- The kinds of which one movement in all may name a target, this one among them; empty where many may.
-- across issuers: a rule, about nobody's rows.
create or replace function ledger.movement_rivals(p_kind ledger.operation_kind)
returns ledger.operation_kind[]
language sql
immutable
set search_path = ledger, pg_temp
as $$
  select case
    when p_kind in ('gift_acceptance', 'gift_return') then '{gift_acceptance,gift_return}'
    when p_kind in ('deposit_return', 'deposit_assignment') then '{deposit_return,deposit_assignment}'
    when p_kind = 'purchase_cancellation' then '{purchase_cancellation}'
    when p_kind = 'cashback' then '{cashback}'
    else '{}'
  end::operation_kind[]
$$;

-- What a wallet has of some programs: unexpired lots of every kind with what is held, and what it is buying.
create or replace function ledger.holding_won(
  p_issuer_id integer, p_wallet_id bigint, p_program_ids bigint[], p_at timestamptz
) returns bigint
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
as $$
  select (
    select coalesce(sum(l.remaining_won + l.held_won), 0) from lot l
    where l.issuer_id = p_issuer_id and l.wallet_id = p_wallet_id and l.program_id = any (p_program_ids)
      and l.expires_at > p_at
  )::bigint + (
    select coalesce(sum(p.face_won), 0) from purchase p
    where p.issuer_id = p_issuer_id and p.wallet_id = p_wallet_id and p.program_id = any (p_program_ids)
      and p.state = 'reserved'
  )::bigint
$$;

-- The issue of each lot that there is, with what each source gave for it.
drop function if exists ledger.lot_origins(integer, bigint[]);
create function ledger.lot_origins(p_issuer_id integer, p_lot_ids bigint[])
returns table (
  lot_id bigint, wallet_id bigint, program_id bigint, kind text, issued_by uuid, issued_at timestamptz,
  expires_at timestamptz, purchase_id uuid, pay_won bigint, national_won bigint, province_won bigint, city_won bigint
)
language sql
stable
security definer
set search_path = ledger, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set enable_mergejoin = off
as $$
  select l.lot_id, l.wallet_id, l.program_id, l.kind::text, l.issued_by, o.booked_at, l.expires_at,
    case when o.kind = 'issue' then o.target_id end,
    s.pay_won, s.national_won, s.province_won, s.city_won
  from lot l
  join operation o on o.issuer_id = p_issuer_id and o.operation_id = l.issued_by
  cross join lateral (
    select coalesce(sum(t.amount_won) filter (where t.debit_kind = 'operating_fund'), 0)::bigint as pay_won,
      coalesce(sum(t.amount_won) filter (where t.debit_kind = 'subsidy_receivable' and t.debit_id = 1), 0)::bigint
        as national_won,
      coalesce(sum(t.amount_won) filter (where t.debit_kind = 'subsidy_receivable' and t.debit_id = 2), 0)::bigint
        as province_won,
      coalesce(sum(t.amount_won) filter (where t.debit_kind = 'subsidy_receivable' and t.debit_id = 3), 0)::bigint
        as city_won
    from transfer t
    where t.issuer_id = p_issuer_id and t.operation_id = l.issued_by and t.credit_kind = 'lot'
      and t.credit_id = l.lot_id
  ) s
  where l.issuer_id = p_issuer_id and l.lot_id = any (p_lot_ids)
$$;
