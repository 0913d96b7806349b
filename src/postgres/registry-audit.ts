/** Whether the registry's records are whole: versions without gaps, and the key index as the versions say. */
import type { Complaint } from '../audit/audit.ts'
import { rowsOf, type Transaction } from './cursor.ts'

/** The database does the comparing; what is wrong comes back. */
export async function* checkRegistry(
  transaction: Transaction,
  issuerId: number,
): AsyncGenerator<Complaint> {
  const where = `issuer_id = ${issuerId}`
  yield* checkVersions(transaction, where)
  yield* checkKeys(transaction, where)
  yield* checkPersonal(transaction, issuerId)
  yield* checkPersonalRows(transaction, issuerId)
  const [row] = await transaction.unsafe<{ known: boolean }[]>(
    `select exists (select 1 from registry.record where ${where}) as known`,
  )
  if (row?.known !== true) {
    yield { where: 'the issuer', sentence: 'has books and not one record that says whose they are' }
  }
}

async function* checkVersions(transaction: Transaction, where: string): AsyncGenerator<Complaint> {
  const query = `select kind, record_id::text, version::text, coalesce(previous, 0)::text as previous from (
      select kind, record_id, version,
        lag(version) over (partition by kind, record_id order by version) as previous
      from registry.record where ${where}
    ) numbered
    where version is distinct from coalesce(previous, 0) + 1`
  type Row = { kind: string; record_id: string; version: string; previous: string }
  for await (const { kind, record_id, version, previous } of rowsOf<Row>(transaction, query)) {
    const sentence = `has version ${version} after version ${previous}`
    yield { where: `${kind} ${record_id}`, sentence }
  }
}

async function* checkKeys(transaction: Transaction, where: string): AsyncGenerator<Complaint> {
  const query = `select coalesce(stored.kind, said.kind) as kind, coalesce(stored.key, said.key) as key,
      stored.record_id::text as stored_id, said.record_id::text as said_id
    from (
      select kind, key, record_id, count(*) as times from registry.record_key where ${where}
      group by kind, key, record_id
    ) stored
    full join (
      select distinct r.kind, k.key, r.record_id
      from registry.record r cross join unnest(r.keys) as k (key)
      where ${where} and not starts_with(k.key, 'sha256:')
      union
      select p.kind, k.key, p.record_id
      from registry.personal p cross join unnest(p.keys) as k (key)
      where ${where}
    ) said on said.kind = stored.kind and said.key = stored.key and said.record_id = stored.record_id
    where stored.record_id is null or said.record_id is null or stored.times > 1`
  type Row = { kind: string; key: string; stored_id: string | null; said_id: string | null }
  for await (const { kind, key, stored_id, said_id } of rowsOf<Row>(transaction, query)) {
    let sentence = `leads twice to ${kind} ${stored_id}`
    if (stored_id === null) sentence = `is missing from the index: it is of ${kind} ${said_id}`
    else if (said_id === null) sentence = `leads to ${kind} ${stored_id}, which has no such key`
    yield { where: `${kind} key ${key}`, sentence }
  }
}

/**
 * What is personal lies beside its record, which has the hash of it. A hash whose value is gone needs a certificate of
 * the erasure; a value that is there has to be what was hashed, and what was hashed has to be there.
 */
async function* checkPersonal(
  transaction: Transaction,
  issuerId: number,
): AsyncGenerator<Complaint> {
  const hash = (name: string, value: string): string =>
    `'sha256:' || encode(sha256(p.salt || convert_to(${name} || '=' || ${value}, 'UTF8')), 'hex')`
  const query = `select r.kind, r.record_id::text, r.version::text, p.issuer_id is null as is_gone
    from registry.record r
    left join registry.personal p using (issuer_id, kind, record_id, version)
    cross join lateral (
      select array(
        select f.value from jsonb_each_text(r.body) as f where f.value ~ '^sha256:[0-9a-f]{64}$'
        union select k.key from unnest(r.keys) as k (key) where k.key ~ '^sha256:[0-9a-f]{64}$'
        order by 1) as hashes,
      array(
        select ${hash('f.key', 'f.value::text')} from jsonb_each(p.fields) as f
        union select ${hash("'key'", 'k.key')} from unnest(p.keys) as k (key)
        order by 1) as known
    ) h
    where r.issuer_id = ${issuerId} and h.hashes <> h.known
      and not (p.issuer_id is null and exists (
        select 1 from registry.record e
        where e.issuer_id = ${issuerId} and e.kind = 'erasure' and e.body ->> 'kind' = r.kind
          and e.body -> 'recordIds' @> to_jsonb(r.record_id)))`
  type Row = { kind: string; record_id: string; version: string; is_gone: boolean }
  for await (const { kind, record_id, version, is_gone } of rowsOf<Row>(transaction, query)) {
    const sentence = is_gone
      ? `has lost what is personal in version ${version}, and no certificate says so`
      : `does not have in version ${version} what lies beside it`
    yield { where: `${kind} ${record_id}`, sentence }
  }
}

async function* checkPersonalRows(
  transaction: Transaction,
  issuerId: number,
): AsyncGenerator<Complaint> {
  const query = `select p.kind, p.record_id::text, p.version::text, count(*)::text as times
    from registry.personal p
    where p.issuer_id = ${issuerId}
    group by p.kind, p.record_id, p.version
    having count(*) > 1 or not exists (
      select 1 from registry.record r
      where r.issuer_id = ${issuerId} and r.kind = p.kind and r.record_id = p.record_id
        and r.version = p.version)`
  type Row = { kind: string; record_id: string; version: string; times: string }
  for await (const { kind, record_id, version, times } of rowsOf<Row>(transaction, query)) {
    const sentence = `has ${times} rows of personal data beside version ${version}`
    yield { where: `${kind} ${record_id}`, sentence }
  }
}
