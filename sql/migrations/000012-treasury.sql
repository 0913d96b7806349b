-- why: the treasury bank pays what is due and says what moved the fund's account. Its files are taken once, and held
-- against the ledger day by day; an issuer may have thousands of entries a day, so they are rows and no records.

create schema treasury;
comment on schema treasury is 'What the treasury bank was told and what it told. Written by treasury.* functions only.';

create type treasury.file_kind as enum ('payout', 'result', 'statement');
create type treasury.file_state as enum ('begun', 'written', 'done');
create type treasury.outcome_state as enum ('told', 'posted', 'contradicted');
create type treasury.entry_state as enum ('new', 'decided', 'booked');

create table treasury.file (
  issuer_id integer not null references ledger.issuer_head,
  name text not null,
  kind treasury.file_kind not null,
  business_date date not null,
  sequence integer not null,
  part integer not null,
  state treasury.file_state not null,
  begun_at timestamptz not null,
  sha256 text,
  content bytea,
  lines integer not null default 0,
  amount_won bigint not null default 0,
  primary key (issuer_id, name),
  check ((state = 'begun') = (sha256 is null))
);
create index file_by_kind on treasury.file (issuer_id, kind, business_date, sequence);
create index file_open on treasury.file (issuer_id, name) where state <> 'done';
comment on table treasury.file is
  'Files given to the treasury bank and taken from it, each name once, with its bytes. begun: has its name and time, so that a repeat writes the same; written: its bytes stand; done: lies where it belongs.';

create table treasury.outcome (
  issuer_id integer not null,
  payout_id bigint not null,
  attempt integer not null,
  paid boolean not null,
  reason text not null,
  amount_won bigint not null check (amount_won > 0),
  payout_file text not null,
  result_file text not null,
  operation_id uuid not null,
  done_at timestamptz not null,
  state treasury.outcome_state not null,
  primary key (issuer_id, payout_id, attempt),
  foreign key (issuer_id, payout_file) references treasury.file (issuer_id, name),
  foreign key (issuer_id, result_file) references treasury.file (issuer_id, name)
);
create index outcome_told on treasury.outcome (issuer_id, payout_id, attempt) where state = 'told';
create unique index outcome_operation on treasury.outcome (issuer_id, operation_id);
comment on table treasury.outcome is
  'What the bank said of an attempt of a payout, once. told: the ledger is still to be moved under operation_id.';

create table treasury.statement (
  issuer_id integer not null,
  business_date date not null,
  file_name text not null,
  opening_won bigint not null check (opening_won >= 0),
  closing_won bigint not null check (closing_won >= 0),
  primary key (issuer_id, business_date),
  foreign key (issuer_id, file_name) references treasury.file (issuer_id, name)
);
comment on table treasury.statement is
  'Balances of the fund''s account by the bank, one row a day; the opening one is the closing one of the day before.';

create table treasury.bank_entry (
  issuer_id integer not null,
  entry_number text not null,
  business_date date not null,
  booked_at timestamptz not null,
  amount_won bigint not null check (amount_won <> 0),
  counterparty text not null,
  reference text not null,
  state treasury.entry_state not null default 'new',
  match_key text,
  decision jsonb,
  settled_on date,
  primary key (issuer_id, entry_number),
  foreign key (issuer_id, business_date) references treasury.statement (issuer_id, business_date),
  check ((state = 'new') = (match_key is null))
);
create index bank_entry_unbooked on treasury.bank_entry (issuer_id, state, entry_number) where state <> 'booked';
create index bank_entry_open on treasury.bank_entry (issuer_id, match_key) where settled_on is null;
create index bank_entry_settled on treasury.bank_entry (issuer_id, settled_on);
comment on table treasury.bank_entry is
  'Entries of statements; a withdrawal is below zero. decided: what it is stands, and is booked under that decision only. settled_on: the later day of the two sides that came to the same.';

create table treasury.fund_entry (
  issuer_id integer not null,
  operation_id uuid not null,
  business_date date not null,
  amount_won bigint not null,
  match_key text not null,
  settled_on date,
  primary key (issuer_id, operation_id)
);
create index fund_entry_open on treasury.fund_entry (issuer_id, match_key) where settled_on is null;
create index fund_entry_settled on treasury.fund_entry (issuer_id, settled_on);
comment on table treasury.fund_entry is
  'Operations of the ledger that moved the operating fund, copied once each as the tally passes over them.';

create table treasury.tally (
  issuer_id integer primary key references ledger.issuer_head,
  reached_at timestamptz not null
);
comment on table treasury.tally is
  'How far the journal was added up into balance and copied into fund_entry. Moved by one transaction at a time.';

create table treasury.balance (
  issuer_id integer not null,
  business_date date not null,
  account_kind ledger.account_kind not null,
  account_id bigint not null,
  balance_won bigint not null,
  primary key (issuer_id, business_date, account_kind, account_id)
);
comment on table treasury.balance is
  'Debits less credits of all accounts of a kind at the end of a day, or as far as the tally has come; by funder where it is a receivable, else account 0.';

create table treasury.day (
  issuer_id integer not null,
  business_date date not null,
  computed_at timestamptz not null,
  body jsonb not null,
  primary key (issuer_id, business_date)
);
comment on table treasury.day is 'What reconciliation and coverage of a day came to; written anew until the day after is.';
