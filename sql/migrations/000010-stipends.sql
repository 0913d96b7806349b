-- why: an office's list of those who get a stipend has up to a hundred thousand lines, each of which is looked at, granted
-- once and forgotten as a person; and whoever is on such a list must be found among the members.

create schema granting;
comment on schema granting is 'Lines of eligibility files, and who got what in a round. Batches, appeals and clawbacks are records of the registry.';

create type granting.line_state as enum ('new', 'ready', 'waiting', 'granted', 'refused', 'lapsed');

create table granting.batch (
  issuer_id integer not null references ledger.issuer_head,
  batch_id bigint not null,
  begun_at timestamptz not null,
  confirmed boolean not null default false,
  primary key (issuer_id, batch_id)
);
comment on table granting.batch is
  'Uploads: confirmed when the file was taken whole. One that stays unconfirmed died on the way, and its lines are removed.';
create index batch_unconfirmed on granting.batch (issuer_id, begun_at) where not confirmed;

create table granting.line (
  issuer_id integer not null,
  batch_id bigint not null,
  line_number integer not null check (line_number > 0),
  reference text not null,
  amount_won bigint not null check (amount_won > 0),
  state granting.line_state not null default 'new',
  reason text,
  member_id bigint,
  name text,
  birth_date text,
  phone text,
  claimed boolean not null default false,
  attempt integer not null default 1 check (attempt > 0),
  seen_at timestamptz not null default '1970-01-01T00:00:00Z',
  primary key (issuer_id, batch_id, line_number),
  foreign key (issuer_id, batch_id) references granting.batch,
  check ((name is null) = (phone is null) and (name is null) = (birth_date is null)),
  check (name is null or state in ('new', 'ready', 'waiting', 'lapsed'))
);
comment on table granting.line is
  'One person of a list. Name, birth date and telephone go when the line is granted or refused, and the rest some time after its batch was closed.';
comment on column granting.line.attempt is
  'Part of the key of its grant: counted up when the ledger has declined, because a decline is the answer to its key for ever.';
create index line_ready on granting.line (issuer_id, batch_id, line_number) where state = 'ready';
create index line_unseen on granting.line (issuer_id, batch_id, seen_at, line_number)
  where state in ('new', 'ready', 'waiting');
create index line_personal on granting.line (issuer_id, batch_id, line_number) where name is not null;

create table granting.recipient (
  issuer_id integer not null,
  program_id bigint not null,
  round text not null,
  member_id bigint not null,
  batch_id bigint not null,
  line_number integer not null,
  primary key (issuer_id, program_id, round, member_id),
  foreign key (issuer_id, batch_id, line_number) references granting.line
);
comment on table granting.recipient is
  'Which line a member is granted by in a round: written before anything is issued, so that nobody gets a round twice.';
create index recipient_of_member on granting.recipient (issuer_id, member_id, batch_id);
create index recipient_of_line on granting.recipient (issuer_id, batch_id, line_number);

-- Whom a list means is found by telephone; the version that has it need not be the newest.
create index record_member_phone on registry.record (
  issuer_id, (regexp_replace(translate(body ->> 'phone', '-', ''), '^\+82', '0'))
) where kind = 'member';
