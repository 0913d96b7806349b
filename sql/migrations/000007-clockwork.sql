-- why: background work has to say how far it has come and what went wrong, and what was asked for must not be forgotten
-- when a worker is killed; the queue that hands out turns may be lost and is filled again from here.

create schema clockwork;
comment on schema clockwork is 'Background work: what is due, how far it has come, what went wrong. No money.';

create type clockwork.job_state as enum ('waiting', 'running', 'done', 'failed');

create table clockwork.job (
  issuer_id integer not null,
  name text collate "C" not null,
  key text collate "C" not null,
  state clockwork.job_state not null,
  data jsonb not null,
  due_at timestamptz not null,
  attempts integer not null,
  carried jsonb not null,
  done bigint,
  whole bigint,
  started_at timestamptz,
  stepped_at timestamptz,
  ended_at timestamptz,
  error text,
  failed_at timestamptz,
  primary key (issuer_id, name, key),
  check ((ended_at is not null) = (state in ('done', 'failed'))),
  check ((done is null) = (whole is null)),
  check ((error is null) = (failed_at is null))
) with (fillfactor = 70);
comment on table clockwork.job is
  'One row for each scheduled job of an issuer (key empty), renewed by every run; one for each key on demand, for ever, so that a key is done once. Issuer 0: the operator''s own.';
comment on column clockwork.job.due_at is 'The instant this run became due; a step that reports on an earlier run changes nothing.';
comment on column clockwork.job.attempts is 'Turns begun since a step was last completed: what kills its workers is found out by it.';
comment on column clockwork.job.carried is 'What the last step of this run hands to the next, such as where to read on.';
comment on column clockwork.job.error is 'The last that went wrong, in whichever run; never a secret or a person.';

create index job_unended on clockwork.job (issuer_id, name, due_at) where state <> 'done';
