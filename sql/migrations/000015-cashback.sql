-- why: what a payment earned is decided once, by the terms, the merchant's revenue and the month as they were, and must be
-- the same for a worker that comes after one that died; and a member asks months later why it was not more.

create schema cashback;
comment on schema cashback is
  'What payments earned, what cancellations took back, what members wished. Written by cashback.* functions only; money moves in ledger alone.';

create type cashback.spending as enum ('automatic', 'by_button');
create type cashback.earning_state as enum ('nothing', 'due', 'waiting', 'posted', 'refused', 'cancelled', 'lapsed');
create type cashback.waiting_cause as enum ('button', 'holding_cap', 'budget');
create type cashback.take_back_state as enum ('due', 'done', 'short');
create type cashback.wish_kind as enum ('press', 'automatic', 'by_button');

create table cashback.progress (
  issuer_id integer not null references ledger.issuer_head,
  reached_at timestamptz not null,
  primary key (issuer_id)
);
comment on table cashback.progress is
  'How far the journal was read: all that was booked up to this instant is decided. Locked while a page is written.';

create table cashback.wish (
  issuer_id integer not null references ledger.issuer_head,
  request_id uuid not null,
  wallet_id bigint not null,
  kind cashback.wish_kind not null,
  wished_at timestamptz not null,
  primary key (issuer_id, request_id)
);
create index wish_chosen on cashback.wish (issuer_id, wallet_id, wished_at) where kind <> 'press';
comment on table cashback.wish is
  'What members said under keys of their own: the button, or how cashback is to be spent from then on.';

create table cashback.earning (
  issuer_id integer not null references ledger.issuer_head,
  payment_id uuid not null,
  wallet_id bigint not null,
  member_id bigint not null,
  merchant_id bigint not null,
  paid_at timestamptz not null,
  month text not null check (month ~ '^\d{4}-\d{2}$'),
  revenue_won bigint not null check (revenue_won >= 0),
  spending cashback.spending not null,
  state cashback.earning_state not null,
  waits_for cashback.waiting_cause,
  attempt integer not null default 1 check (attempt > 0),
  operation_id uuid,
  press_id uuid,
  lapses_at timestamptz not null,
  primary key (issuer_id, payment_id),
  check ((state = 'posted') = (operation_id is not null)),
  check (state <> 'waiting' or waits_for is not null),
  foreign key (issuer_id, press_id) references cashback.wish (issuer_id, request_id)
);
create index earning_due on cashback.earning (issuer_id, paid_at, payment_id) where state = 'due';
create index earning_waiting on cashback.earning (issuer_id, wallet_id, paid_at) where state = 'waiting';
create index earning_to_lapse on cashback.earning (issuer_id, lapses_at) where state = 'waiting';
create index earning_of_wallet on cashback.earning (issuer_id, wallet_id, paid_at, payment_id);
create index earning_of_press on cashback.earning (issuer_id, press_id) where press_id is not null;
create unique index earning_posted_by on cashback.earning (issuer_id, operation_id) where operation_id is not null;
comment on table cashback.earning is
  'One payment that programs with cashback paid. waits_for stays when the button makes it due: it was promised. lapses_at: the last of its shares has expired.';

create table cashback.earning_share (
  issuer_id integer not null,
  payment_id uuid not null,
  program_id bigint not null,
  wallet_id bigint not null,
  month text not null,
  spent_won bigint not null check (spent_won > 0),
  cancelled_won bigint not null check (cancelled_won between 0 and spent_won),
  rate_basis_points integer not null check (rate_basis_points between 0 and 10000),
  earned_won bigint not null check (earned_won between 0 and spent_won),
  taken_back_won bigint not null check (taken_back_won between 0 and earned_won),
  posted_won bigint check (posted_won between 0 and earned_won),
  reason text,
  expires_at timestamptz not null,
  returned_national_won bigint not null default 0 check (returned_national_won >= 0),
  returned_province_won bigint not null default 0 check (returned_province_won >= 0),
  returned_city_won bigint not null default 0 check (returned_city_won >= 0),
  primary key (issuer_id, payment_id, program_id),
  foreign key (issuer_id, payment_id) references cashback.earning (issuer_id, payment_id),
  check (returned_national_won + returned_province_won + returned_city_won <= coalesce(posted_won, 0))
);
create index earning_share_of_month on cashback.earning_share (issuer_id, wallet_id, month, program_id);
comment on table cashback.earning_share is
  'What one program says to one payment. taken_back_won is what cancellations ask back, before and after posting; returned_*: what funders got back of what was posted.';

create table cashback.take_back (
  issuer_id integer not null,
  cancellation_id uuid not null,
  payment_id uuid not null,
  wallet_id bigint not null,
  member_id bigint not null,
  cancelled_at timestamptz not null,
  state cashback.take_back_state not null,
  attempt integer not null default 1 check (attempt > 0),
  primary key (issuer_id, cancellation_id),
  foreign key (issuer_id, payment_id) references cashback.earning (issuer_id, payment_id)
);
create index take_back_due on cashback.take_back (issuer_id, cancelled_at, cancellation_id) where state = 'due';
create index take_back_short on cashback.take_back (issuer_id, wallet_id) where state = 'short';
create index take_back_of_payment on cashback.take_back (issuer_id, payment_id);
comment on table cashback.take_back is
  'Cancellations of such payments. short: the wallet no longer had it; it is due again when the wallet earns.';

create table cashback.take_back_share (
  issuer_id integer not null,
  cancellation_id uuid not null,
  program_id bigint not null,
  cancelled_won bigint not null check (cancelled_won > 0),
  wanted_won bigint not null check (wanted_won >= 0),
  taken_won bigint not null check (taken_won between 0 and wanted_won),
  primary key (issuer_id, cancellation_id, program_id),
  foreign key (issuer_id, cancellation_id) references cashback.take_back (issuer_id, cancellation_id)
);
comment on table cashback.take_back_share is 'What a cancellation asks back of one program, and what of it was taken.';

create table cashback.promise (
  issuer_id integer not null references ledger.issuer_head,
  program_id bigint not null,
  waiting_won bigint not null check (waiting_won >= 0),
  primary key (issuer_id, program_id)
);
comment on table cashback.promise is
  'What waits of each program, all wallets together: promised to members, and not drawn from the funders'' pots yet. The audit adds it up anew.';
