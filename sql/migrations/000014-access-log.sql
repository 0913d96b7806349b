-- why: officers see members' personal data at work, and each of those looks has to be provable for a year or more
-- (개인정보의 안전성 확보조치 기준): many rows, never changed, asked for by person and by officer, erased when their time is over.

create table registry.access_entry (
  issuer_id integer not null references ledger.issuer_head,
  access_id bigint not null check (access_id > 0),
  looked_at timestamptz not null,
  actor text not null,
  subject text not null,
  route text not null,
  purpose text not null,
  words text,
  sight text not null check (sight in ('masked', 'full')),
  primary key (issuer_id, access_id)
);
comment on table registry.access_entry is
  'Who looked at whose personal data, when and what for. Added by registry.write_access before the answer leaves; erased when old.';
create index access_entry_subject on registry.access_entry (issuer_id, subject, access_id);
create index access_entry_actor on registry.access_entry (issuer_id, actor, access_id);
create index access_entry_age on registry.access_entry (issuer_id, looked_at);
