-- why: merchants bring papers with their applications; their bytes lie beside the registry, which keeps the hash.

create table registry.document_content (
  issuer_id integer not null references ledger.issuer_head,
  sha256 bytea not null check (octet_length(sha256) = 32),
  content bytea not null check (octet_length(content) <= 2097152),
  stored_at timestamptz not null,
  primary key (issuer_id, sha256)
);
comment on table registry.document_content is
  'Bytes of papers that merchants brought, once for each content. Whose they are says the sealed record that names the hash.';
alter table registry.document_content alter column content set storage external;
