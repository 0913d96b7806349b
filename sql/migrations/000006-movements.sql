-- why: money moves beside paying, buying and expiry: refunds, gifts, cashback, settlement, deposits, and what the fund
-- earns. What leaves for a bank account is a payout, and payouts and books must not tell two stories.

alter type ledger.operation_kind add value 'purchase_cancellation';
alter type ledger.operation_kind add value 'refund';
alter type ledger.operation_kind add value 'gift';
alter type ledger.operation_kind add value 'gift_acceptance';
alter type ledger.operation_kind add value 'gift_return';
alter type ledger.operation_kind add value 'cashback';
alter type ledger.operation_kind add value 'cashback_return';
alter type ledger.operation_kind add value 'clawback';
alter type ledger.operation_kind add value 'payout';
alter type ledger.operation_kind add value 'payout_confirmation';
alter type ledger.operation_kind add value 'payout_return';
alter type ledger.operation_kind add value 'payout_retry';
alter type ledger.operation_kind add value 'funder_payment';
alter type ledger.operation_kind add value 'unidentified_deposit';
alter type ledger.operation_kind add value 'deposit_return';
alter type ledger.operation_kind add value 'deposit_assignment';
alter type ledger.operation_kind add value 'fund_interest';
alter type ledger.operation_kind add value 'income_payout';

alter type ledger.account_kind add value 'merchant_fee';
alter type ledger.account_kind add value 'gift_transit';
alter type ledger.account_kind add value 'returned_payout';
alter type ledger.account_kind add value 'unidentified_deposit';
alter type ledger.account_kind add value 'fund_interest';
comment on type ledger.account_kind is
  'What an account is. Account ids: lot and lot_hold: the lot; merchant_payable: the merchant; subsidy_receivable: the funder (1 national, 2 province, 3 city); card_clearing: the partner; gift_transit: the gift; returned_payout: the payout; the others: 0.';
comment on column ledger.operation.target_id is
  'cancellation: the payment; capture, release: the hold; issue, abandonment: the purchase; expiry, clawback: the issue of the lot; gift_acceptance, gift_return: the gift; cashback, cashback_return: the payment; purchase_cancellation: the purchase; deposit_return, deposit_assignment: the deposit; payout_confirmation, payout_return, payout_retry: what caused the payout.';

alter table ledger.purchase add column sale_returned_by uuid;
comment on column ledger.purchase.sale_returned_by is
  'The cancellation that gave back what the purchase took of its month''s quota and of the member''s cap.';

create type ledger.payout_state as enum ('due', 'sent', 'paid', 'returned', 'parked');
create type ledger.beneficiary_kind as enum ('merchant', 'member', 'card_company', 'issuer');

create table ledger.payout (
  issuer_id integer not null references ledger.issuer_head,
  payout_id bigint not null,
  beneficiary_kind ledger.beneficiary_kind not null,
  beneficiary_id bigint not null,
  amount_won bigint not null check (amount_won > 0),
  bank_code text not null,
  account_number text not null,
  holder_name text not null,
  due_on date not null,
  caused_by uuid not null,
  state ledger.payout_state not null,
  attempt integer not null check (attempt > 0),
  file_name text,
  reason text,
  created_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (issuer_id, payout_id),
  check (case when beneficiary_kind = 'issuer' then beneficiary_id = 0 else beneficiary_id > 0 end),
  check (state not in ('sent', 'paid') or file_name is not null)
);
create index payout_by_state on ledger.payout (issuer_id, state, payout_id) include (due_on);
create index payout_by_file on ledger.payout (issuer_id, file_name, payout_id) where file_name is not null;
create index payout_by_beneficiary on ledger.payout (issuer_id, beneficiary_kind, beneficiary_id, payout_id);
comment on table ledger.payout is
  'Money on its way to a bank account, as it stands. due: in settlement_in_transit until its day; sent: told in a file; paid: an end; returned, parked: back in returned_payout. Made and moved in the commit of the movement that moves its money.';

create table ledger.payout_step (
  issuer_id integer not null,
  operation_id uuid not null,
  payout_id bigint not null,
  attempt integer not null,
  from_state ledger.payout_state,
  to_state ledger.payout_state not null,
  due_on date,
  bank_code text,
  account_number text,
  holder_name text,
  file_name text,
  sent_at timestamptz,
  reason text,
  primary key (issuer_id, operation_id),
  foreign key (issuer_id, payout_id) references ledger.payout (issuer_id, payout_id),
  check ((to_state = 'due') = (due_on is not null)),
  check ((file_name is null) = (sent_at is null))
);
create index payout_step_by_payout on ledger.payout_step (issuer_id, payout_id);
comment on table ledger.payout_step is
  'What a movement made of a payout, immutable and sealed with it. from_state null: made it. Day and account stand where it became due, file and its time where it had been sent.';

create table ledger.payout_file (
  issuer_id integer not null references ledger.issuer_head,
  name text not null,
  payouts integer not null check (payouts >= 0),
  assigned_at timestamptz not null,
  primary key (issuer_id, name)
);
comment on table ledger.payout_file is
  'How many payouts were put into a file, once for ever: the same name again takes no others.';
