-- why: the ledger. Accounts, immutable transfers, lots, and the operations (idempotency keys) that caused them.
-- Rules kept from the first table on: issuer_id stands first in every key; no trigger, no sequence, no table that
-- two payments of different wallets both update; the application executes functions and reads views, nothing else.

create schema ledger;
comment on schema ledger is 'Money. Written by ledger.* functions only; read through ledger.*_view.';

create type ledger.lot_kind as enum ('purchase', 'stipend', 'cashback', 'gift');
create type ledger.account_kind as enum (
  'operating_fund', 'subsidy_receivable', 'lot', 'lot_hold', 'offline_reserve', 'merchant_payable',
  'settlement_in_transit', 'card_clearing', 'breakage', 'standin_loss'
);
comment on type ledger.account_kind is
  'What an account is. Account ids: lot and lot_hold: the lot; merchant_payable: the merchant; subsidy_receivable: the funder (1 national, 2 province, 3 city); the others: 0.';
create type ledger.operation_kind as enum (
  'issue', 'payment', 'hold', 'capture', 'release', 'cancellation', 'purchase', 'purchase_abandonment'
);
create type ledger.channel as enum ('mpm_static', 'mpm_dynamic', 'cpm', 'card', 'system');
create type ledger.purchase_state as enum ('reserved', 'completed', 'abandoned');

create table ledger.issuer_head (
  issuer_id integer primary key,
  sealed_until timestamptz not null
);
comment on table ledger.issuer_head is
  'How far the journal of an issuer is sealed. Posting reads it and books after it; only the sealer writes it.';

create table ledger.wallet (
  issuer_id integer not null references ledger.issuer_head,
  wallet_id bigint not null,
  member_id bigint not null,
  recorded_at timestamptz not null,
  primary key (issuer_id, wallet_id)
);
create unique index wallet_of_member on ledger.wallet (issuer_id, member_id);
create index wallet_by_time on ledger.wallet (issuer_id, recorded_at, wallet_id);
comment on table ledger.wallet is 'One wallet for each member of an issuer. Purchases lock it; payments lock its lots only.';

create table ledger.lot (
  issuer_id integer not null,
  wallet_id bigint not null,
  lot_id bigint not null,
  program_id bigint not null,
  kind ledger.lot_kind not null,
  face_won bigint not null check (face_won > 0),
  remaining_won bigint not null check (remaining_won >= 0),
  held_won bigint not null check (held_won >= 0),
  expires_at timestamptz not null,
  issued_by uuid not null,
  primary key (issuer_id, wallet_id, lot_id),
  foreign key (issuer_id, wallet_id) references ledger.wallet (issuer_id, wallet_id),
  check (remaining_won + held_won <= face_won)
) with (fillfactor = 80);
-- Transfers name a lot by its id alone.
create unique index lot_once on ledger.lot (issuer_id, lot_id);
comment on table ledger.lot is
  'Value of one origin in one wallet. remaining_won and held_won repeat what the transfers say; audit recomputes them. Fill factor: a payment updates in place (HOT) and no index moves.';

create table ledger.operation (
  issuer_id integer not null,
  operation_id uuid not null,
  kind ledger.operation_kind not null,
  channel ledger.channel not null,
  booked_at timestamptz not null,
  request_hash bytea not null,
  decline text,
  wallet_id bigint,
  merchant_id bigint,
  outlet_id bigint,
  amount_won bigint not null,
  target_id uuid,
  code_step bigint,
  actor text,
  primary key (issuer_id, operation_id),
  -- Nothing is posted over nothing: a release gives all back and captures none.
  check (amount_won > 0 or decline is not null or kind = 'release')
);
comment on table ledger.operation is
  'One row for each idempotency key, for ever: what was asked (hash), when it was booked, and the one outcome. decline is null when money moved. Never updated.';
comment on column ledger.operation.target_id is 'cancellation: the payment; capture, release: the hold; issue, abandonment: the purchase.';
comment on column ledger.operation.code_step is 'Time step of a consumer-presented code; a code pays once.';

-- Partial, so that no lookup by key can take them for the primary key while the statistics of a young database are
-- still blank: a plan that is cached then would read an issuer's whole history for each payment.
create index operation_by_time on ledger.operation (issuer_id, booked_at) where booked_at > '2000-01-01T00:00:00Z';
create index operation_by_wallet on ledger.operation (issuer_id, wallet_id, booked_at) where wallet_id is not null;
create index operation_by_merchant on ledger.operation (issuer_id, merchant_id, booked_at) where merchant_id is not null;
create index operation_by_target on ledger.operation (issuer_id, target_id) where target_id is not null;
create unique index operation_code_once on ledger.operation (issuer_id, wallet_id, code_step)
  where code_step is not null and decline is null;

create table ledger.transfer (
  issuer_id integer not null,
  operation_id uuid not null,
  line smallint not null,
  debit_kind ledger.account_kind not null,
  credit_kind ledger.account_kind not null,
  debit_id bigint not null,
  credit_id bigint not null,
  amount_won bigint not null check (amount_won > 0),
  primary key (issuer_id, operation_id, line)
);
comment on table ledger.transfer is
  'One debit and one credit of one amount, immutable. Lines of one operation are in the order of taking. No foreign key to operation: the posting functions write both in one statement group and audit proves it.';

create table ledger.purchase (
  issuer_id integer not null,
  purchase_id uuid not null,
  wallet_id bigint not null,
  program_id bigint not null,
  lot_id bigint not null,
  month date not null,
  face_won bigint not null check (face_won > 0),
  pay_won bigint not null check (pay_won >= 0),
  national_won bigint not null check (national_won >= 0),
  province_won bigint not null check (province_won >= 0),
  city_won bigint not null check (city_won >= 0),
  expires_at timestamptz not null,
  account_token text not null,
  state ledger.purchase_state not null,
  reserved_at timestamptz not null,
  closed_at timestamptz,
  primary key (issuer_id, purchase_id),
  foreign key (issuer_id, wallet_id) references ledger.wallet (issuer_id, wallet_id),
  check (pay_won + national_won + province_won + city_won = face_won)
);
comment on table ledger.purchase is
  'A purchase from the reservation of quota to its end. reserved: the bank may or may not have debited; the resolver finds out.';
create index purchase_reserved on ledger.purchase (issuer_id, reserved_at) where state = 'reserved';
create index purchase_by_wallet on ledger.purchase (issuer_id, wallet_id, program_id) where state = 'reserved';

create table ledger.program_sale (
  issuer_id integer not null,
  program_id bigint not null,
  month date not null,
  sold_won bigint not null check (sold_won >= 0),
  primary key (issuer_id, program_id, month)
);
comment on table ledger.program_sale is
  'Reserved and completed purchases of a program in a month. The one contended row, and only buyers contend for it.';

create table ledger.member_sale (
  issuer_id integer not null,
  program_id bigint not null,
  wallet_id bigint not null,
  month date not null,
  bought_won bigint not null check (bought_won >= 0),
  primary key (issuer_id, program_id, wallet_id, month)
);
comment on table ledger.member_sale is 'What one wallet reserved and bought of a program in a month (monthly purchase cap).';
