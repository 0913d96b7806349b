/**
 * Erasing what is personal in sealed records: seals verify before and after, nothing of it is left in any row, and an
 * erasure without a certificate is found.
 */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import postgres from 'postgres'
import { openSealedCity } from '../../test/sealed-city.ts'
import { auditSnapshot, type AuditReport } from './audit.ts'
import type { WrittenAct } from '../registration/registration.ts'
import { createPostgresOfficerActs } from './officer-acts.ts'
import { createPostgresRegistry } from './postgres-registry.ts'

const city = await openSealedCity()
const owner = postgres(city.database.ownerUrl, { max: 1, onnotice: () => undefined })
after(async () => {
  await owner.end()
  await city.close()
})
const { issuerId, pool, publicKeys, anchors, now } = city
const registry = createPostgresRegistry(pool)
await city.sealAll()

const audit = (): Promise<AuditReport> =>
  owner.begin((transaction) => auditSnapshot(transaction, { publicKeys, anchors, now }))
const sentences = (report: AuditReport) => report.findings.map(({ sentence }) => sentence)
const rowsWith = async (text: string): Promise<number> => {
  const rows = await owner.unsafe<{ count: number }[]>(
    `select (select count(*) from registry.record r where r::text like '%${text}%')
      + (select count(*) from registry.personal p where p::text like '%${text}%')
      + (select count(*) from registry.record_key k where k::text like '%${text}%') as count`,
  )
  return Number(rows[0]?.count)
}

test('a name stands beside the sealed record and not in it', async () => {
  const inRecords = await owner<{ body: string; keys: string }[]>`
    select body::text, keys::text from registry.record where kind = 'member'`
  assert.doesNotMatch(JSON.stringify(inRecords), /김하나|person:p1/)
  assert.match(inRecords[0]!.body, /sha256:[0-9a-f]{64}/)
  const [whole] = await registry.read(issuerId, 'member', [51])
  assert.deepEqual(whole?.body, { personId: 'p1', name: '김하나' })
  assert.deepEqual(await registry.recordsOf('p1'), [{ issuerId, kind: 'member', recordId: 51 }])
})

test('two with the same name have hashes that tell nobody so', async () => {
  const body = { personId: 'twin', name: '김하나' }
  const twin = { kind: 'member', recordId: 52, version: 1, body } as const
  await registry.append(issuerId, 'system', [twin], now)
  const rows = await owner<{ name: string }[]>`
    select body ->> 'name' as name from registry.record where kind = 'member'`
  assert.equal(new Set(rows.map(({ name }) => name)).size, 2)
})

test('a record of an earlier release is read as it is, and nothing of it is erased', async () => {
  const body = owner.json({ personId: 'old', name: '옛날' })
  await owner`insert into registry.record values
    (${issuerId}, 'member', 53, 1, ${body}, ${new Date(now)}, 'system', ${['person:old']})`
  await owner`insert into registry.record_key values (${issuerId}, 'member', 'person:old', 53)`
  assert.deepEqual((await registry.findByKey(issuerId, 'member', 'person:old'))?.body, {
    personId: 'old',
    name: '옛날',
  })
  assert.equal(await registry.erasePersonal(issuerId, 'member', [53]), 0)
  assert.deepEqual(sentences(await audit()), [])
})

test('erased without a certificate it is found; with one, seals and books are whole', async () => {
  assert.ok((await rowsWith('김하나')) > 0)
  await registry.erasePersonal(issuerId, 'member', [51])
  const [found] = sentences(await audit())
  assert.match(found!, /lost what is personal in version 1, and no certificate says so/)
  const certificate = { kind: 'member', recordIds: [51], rule: 'recordYears', state: 'done' }
  const record = { kind: 'erasure', recordId: 51, version: 1, body: certificate } as const
  await registry.append(issuerId, 'system', [record], now)
  const report = await audit()
  assert.deepEqual(report.findings, [])
  assert.ok(report.seals > 3)
  await registry.erasePersonal(issuerId, 'member', [52])
  assert.equal((await audit()).findings.length, 1, 'a certificate is for those it names')
  assert.equal(await rowsWith('김하나'), 0)
  assert.deepEqual(await registry.recordsOf('p1'), [])
})

test('what an officer wrote last is found among all others', async () => {
  const acts = createPostgresOfficerActs(pool)
  const kit = (recordId: number) => ({ kind: 'kit', recordId, version: 1, body: {} }) as const
  await registry.append(issuerId, 'off_1', [kit(1)], now + 1)
  await registry.append(issuerId, 'off_1', [kit(2)], now + 2)
  await registry.append(issuerId, 'off_2', [kit(3)], now + 3)
  await registry.append(issuerId, 'mbr_1', [kit(4)], now + 4)
  const found = await acts.lastActs(issuerId, ['off_1', 'off_3', 'off_2'])
  const told = [...found].map(([actor, act]) => [actor, act.kind, act.recordId, act.at - now])
  assert.deepEqual(new Set(told.map(String)), new Set(['off_1,kit,2,2', 'off_2,kit,3,3']))
  const wanted = { actors: ['off_1', 'off_2'], from: now, until: now + 10 }
  const places: string[] = []
  let before: WrittenAct | undefined
  for (let pages = 0; pages < 9; pages += 1) {
    const [act] = await acts.acts(issuerId, { ...wanted, before, limit: 1 })
    if (act === undefined) break
    places.push(`${act.actor},${act.kind},${act.recordId}`)
    before = act
  }
  const whole = await acts.acts(issuerId, { ...wanted, limit: 9 })
  assert.deepEqual(
    places,
    whole.map(({ actor, kind, recordId }) => `${actor},${kind},${recordId}`),
  )
  assert.deepEqual(places.slice(0, 2), ['off_2,kit,3', 'off_1,kit,2'])
  assert.deepEqual(await acts.acts(issuerId, { ...wanted, until: now, limit: 9 }), [])
})
