-- why: natural keys decide who is who (which member a person is, which merchant a business number is), so they are
-- sealed with the record version that brought them; registry.record_key becomes an index that the audit derives anew.

alter table registry.record add column keys text[] not null default '{}';
comment on column registry.record.keys is
  'The natural keys that this version came with. registry.record_key holds exactly the keys of all versions.';

update registry.record r
set keys = k.keys
from (
  select issuer_id, kind, record_id, array_agg(key order by key collate "C") as keys
  from registry.record_key
  group by issuer_id, kind, record_id
) k
where r.issuer_id = k.issuer_id and r.kind = k.kind and r.record_id = k.record_id and r.version = 1;
