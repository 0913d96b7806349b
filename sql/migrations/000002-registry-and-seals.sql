-- why: who and what the money is about (issuers, programs, terms, people, merchants, devices), as append-only versioned
-- records that are sealed like the journal; and the seals themselves.

create schema registry;
comment on schema registry is 'Records of issuers, programs, people, merchants and devices: append-only, versioned, sealed.';

create table registry.record (
  issuer_id integer not null references ledger.issuer_head,
  kind text not null,
  record_id bigint not null,
  version integer not null check (version > 0),
  body jsonb not null,
  recorded_at timestamptz not null,
  recorded_by text not null,
  primary key (issuer_id, kind, record_id, version)
);
comment on table registry.record is
  'Every version of every record. A change is a new version, so that who changed what and when stays provable. Issuer 0 holds what belongs to the operator.';
create index record_by_time on registry.record (issuer_id, recorded_at, kind, record_id, version);

create index record_of_all_by_time on registry.record (recorded_at, issuer_id);

create table registry.record_key (
  issuer_id integer not null,
  kind text not null,
  key text not null,
  record_id bigint not null,
  primary key (issuer_id, kind, key)
);
comment on table registry.record_key is
  'Natural keys: one record of a kind for each key within an issuer (a business number, a person, a device handle).';

create index record_key_of_all on registry.record_key (key, issuer_id);

create table registry.core_node (
  singleton boolean primary key default true check (singleton),
  last_node integer not null
);
comment on table registry.core_node is 'Hands every starting core its own node number for making ids. One row.';
insert into registry.core_node (last_node) values (0);

create table ledger.seal (
  issuer_id integer not null references ledger.issuer_head,
  segment integer not null check (segment > 0),
  from_at timestamptz not null,
  until_at timestamptz not null,
  leaf_count integer not null,
  merkle_root bytea not null,
  previous_hash bytea not null,
  hash bytea not null,
  key_id text not null,
  signature bytea not null,
  primary key (issuer_id, segment)
);
comment on table ledger.seal is
  'Segments of the journal: everything booked after from_at up to until_at, as a Merkle root, signed, chained to the one before.';

alter table ledger.issuer_head add column sealing_until timestamptz;
comment on column ledger.issuer_head.sealing_until is
  'Boundary announced for the next segment; sealed_until follows it at once for posting. See seal_announce.';
