-- why: a sealed record can never be changed, and a person's data has to go when its time is over. So what is personal in a
-- record lies beside it, with a salt; the record bears a hash of both, which says nothing once the two are gone. And who
-- asks what an officer did last must not read all records.

create table registry.personal (
  issuer_id integer not null,
  kind text not null,
  record_id bigint not null,
  version integer not null,
  salt bytea not null check (octet_length(salt) = 32),
  fields jsonb not null,
  keys text[] not null,
  primary key (issuer_id, kind, record_id, version),
  foreign key (issuer_id, kind, record_id, version) references registry.record
);
comment on table registry.personal is
  'What is personal in a version of a record: fields of its body and natural keys, with the salt of their hashes. Erased when its time is over.';

-- Whom a list means is found by telephone, as in record_member_phone of those that were written before.
create index personal_member_phone on registry.personal (
  issuer_id, (regexp_replace(translate(fields ->> 'phone', '-', ''), '^\+82', '0'))
) where kind = 'member';

create index record_of_officer on registry.record (issuer_id, recorded_by, recorded_at)
  where recorded_by like 'off\_%';
