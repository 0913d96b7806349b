-- why: benefits are paid from what funders have granted, and a sale ends when that is used up; so what was drawn from a
-- pot is counted under the locks of buyers, and each operation keeps what it drew, so that the count can be proved.

create table ledger.pot_use (
  issuer_id integer not null references ledger.issuer_head,
  pot_id bigint not null,
  used_won bigint not null check (used_won >= 0),
  primary key (issuer_id, pot_id)
);
comment on table ledger.pot_use is
  'Drawn from a pot less given back. Only buyers and grants contend for its rows; audit recomputes them from pot_draw.';

create table ledger.pot_draw (
  issuer_id integer not null,
  operation_id uuid not null,
  pot_id bigint not null,
  amount_won bigint not null check (amount_won <> 0),
  primary key (issuer_id, operation_id, pot_id),
  foreign key (issuer_id, pot_id) references ledger.pot_use (issuer_id, pot_id)
);
comment on table ledger.pot_draw is
  'What an operation drew from a pot; below zero: gave back. Written with the operation, never updated.';

-- Who holds what of a program. Of columns that no payment changes: a payment must go on updating its lots in place (HOT).
create index lot_of_program on ledger.lot (issuer_id, program_id, wallet_id) where not closed;
