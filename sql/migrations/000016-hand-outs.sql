-- why: a corporation's list has up to five thousand people, each of whom is given to once and then forgotten; records of
-- the registry are kept for ever.

create schema corporate;
comment on schema corporate is
  'Lines of hand-outs of corporations. Corporations, their purchases and the hand-outs themselves are records of the registry.';

create type corporate.recipient_state as enum ('new', 'sent', 'accepted', 'returned', 'refused', 'skipped');

create table corporate.recipient (
  issuer_id integer not null references ledger.issuer_head,
  hand_out_id bigint not null,
  line_number integer not null check (line_number > 0),
  phone text,
  amount_won bigint not null check (amount_won > 0),
  memo text,
  state corporate.recipient_state not null default 'new',
  reason text,
  gift_id bigint,
  primary key (issuer_id, hand_out_id, line_number)
);
comment on table corporate.recipient is
  'One person of a list. Telephone and words go some time after the hand-out has ended.';
create index recipient_open on corporate.recipient (issuer_id, hand_out_id, state, line_number)
  where state in ('new', 'sent');
create index recipient_personal on corporate.recipient (issuer_id, hand_out_id, line_number)
  where phone is not null or memo is not null;
