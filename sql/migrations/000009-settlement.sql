-- why: merchants are paid what they took, some business days later and less a fee. Runs, what each settled, and what was
-- carried or held back are kept, so that a run that was killed goes on and a day is settled once.

create schema settlement;
comment on schema settlement is
  'Settlement with merchants. Written by settlement.* functions only; money moves in ledger alone.';

create type settlement.run_state as enum ('open', 'closed');
create type settlement.outcome as enum ('due', 'paid', 'carried', 'held');

create table settlement.closed_day (
  issuer_id integer not null references ledger.issuer_head,
  day date not null,
  from_at timestamptz not null,
  until_at timestamptz not null,
  primary key (issuer_id, day),
  check (from_at < until_at)
);
create unique index closed_day_by_end on settlement.closed_day (issuer_id, until_at);
comment on table settlement.closed_day is
  'Days whose cut-off has come: what was booked after from_at up to until_at. Each begins where the one before ended.';

create table settlement.run (
  issuer_id integer not null references ledger.issuer_head,
  settlement_day date not null,
  state settlement.run_state not null,
  until_at timestamptz not null,
  minimum_payout_won bigint not null check (minimum_payout_won >= 0),
  reached bigint not null check (reached >= 0),
  opened_at timestamptz not null,
  closed_at timestamptz,
  primary key (issuer_id, settlement_day),
  check ((state = 'closed') = (closed_at is not null))
);
create unique index run_open on settlement.run (issuer_id) where state = 'open';
comment on table settlement.run is
  'One settlement day of one issuer; one is open at a time. reached: the last merchant that was fixed.';

create table settlement.program_day (
  issuer_id integer not null,
  program_id bigint not null,
  day date not null,
  settlement_day date not null,
  primary key (issuer_id, program_id, day),
  foreign key (issuer_id, day) references settlement.closed_day (issuer_id, day),
  foreign key (issuer_id, settlement_day) references settlement.run (issuer_id, settlement_day)
);
create index program_day_of_run on settlement.program_day (issuer_id, settlement_day);
comment on table settlement.program_day is
  'Which run settled what a program took on a day: once, by the key.';

create table settlement.merchant_settlement (
  issuer_id integer not null,
  merchant_id bigint not null,
  settlement_day date not null,
  outcome settlement.outcome not null,
  reason text,
  carried_payable_won bigint not null,
  carried_fee_won bigint not null,
  payments_won bigint not null check (payments_won >= 0),
  payments integer not null,
  cancellations_won bigint not null check (cancellations_won >= 0),
  cancellations integer not null,
  line_fee_won bigint not null,
  payable_won bigint not null,
  fee_won bigint not null,
  payout_id bigint,
  payout_key uuid,
  bank_code text,
  account_number text,
  holder_name text,
  primary key (issuer_id, merchant_id, settlement_day),
  foreign key (issuer_id, settlement_day) references settlement.run (issuer_id, settlement_day),
  check (payable_won = carried_payable_won + payments_won - cancellations_won),
  check (fee_won = carried_fee_won + line_fee_won),
  check ((outcome = 'held') = (reason is not null)),
  check ((outcome in ('due', 'paid')) = (payout_id is not null and payout_key is not null and account_number is not null))
);
create index merchant_settlement_of_run on settlement.merchant_settlement (issuer_id, settlement_day, merchant_id);
create index merchant_settlement_due on settlement.merchant_settlement (issuer_id, settlement_day, merchant_id)
  where outcome = 'due';
create index merchant_settlement_held on settlement.merchant_settlement (issuer_id, merchant_id, settlement_day)
  where outcome = 'held';
comment on table settlement.merchant_settlement is
  'What a run decided about a merchant: takings and fee with what was carried, and whether they are paid, carried on or held back. Only due becomes paid; nothing else is ever updated.';

create table settlement.line (
  issuer_id integer not null,
  merchant_id bigint not null,
  program_id bigint not null,
  paid_on date not null,
  settlement_day date not null,
  payments_won bigint not null check (payments_won >= 0),
  payments integer not null,
  cancellations_won bigint not null check (cancellations_won >= 0),
  cancellations integer not null,
  fee_basis_points integer not null,
  fee_won bigint not null,
  primary key (issuer_id, merchant_id, program_id, paid_on, settlement_day),
  foreign key (issuer_id, merchant_id, settlement_day)
    references settlement.merchant_settlement (issuer_id, merchant_id, settlement_day)
);
comment on table settlement.line is
  'What one program took for one merchant on one day, less what was cancelled of it, as one run settled it. fee_won is what the fee on that day changed by: below zero where it was given back.';
