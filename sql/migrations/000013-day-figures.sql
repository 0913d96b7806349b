-- why: what was sold, used and refunded on a day is asked for months later, again and again, and must not read the whole
-- journal each time. A day is counted once, when nothing can be booked into it any more, and then stands.

create schema reporting;
comment on schema reporting is 'Figures of days that are over. Written by reporting.keep_day only, once for each day.';

create table reporting.day (
  issuer_id integer not null references ledger.issuer_head,
  day date not null,
  from_at timestamptz not null,
  until_at timestamptz not null check (until_at > from_at),
  primary key (issuer_id, day)
);
comment on table reporting.day is 'Days of an issuer, in Korea, whose figures are kept; from_at belongs to it, until_at to the next.';

create table reporting.day_flow (
  issuer_id integer not null,
  day date not null,
  line integer not null check (line > 0),
  flow text not null,
  program_id bigint not null,
  lot_kind ledger.lot_kind not null,
  sector text,
  district text,
  amount_won bigint not null check (amount_won > 0),
  count integer not null check (count > 0),
  primary key (issuer_id, day, line),
  foreign key (issuer_id, day) references reporting.day (issuer_id, day)
);
comment on table reporting.day_flow is
  'What came into lots and went out of them on a day, by program and kind; of what was used, by sector and district of the place.';

create table reporting.day_account (
  issuer_id integer not null,
  day date not null,
  account_kind ledger.account_kind not null,
  account_id bigint not null,
  debit_won bigint not null check (debit_won >= 0),
  credit_won bigint not null check (credit_won >= 0),
  primary key (issuer_id, day, account_kind, account_id),
  foreign key (issuer_id, day) references reporting.day (issuer_id, day)
);
comment on table reporting.day_account is
  'Debits and credits of a day by kind of account; ids only of funders (subsidy_receivable), otherwise 0: all of the kind together.';
