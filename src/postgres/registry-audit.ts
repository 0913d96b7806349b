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
      select distinct kind, unnest(keys) as key, record_id from registry.record where ${where}
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
