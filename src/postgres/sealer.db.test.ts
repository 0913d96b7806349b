import assert from 'node:assert/strict'
import { test } from 'node:test'
import postgres from 'postgres'
import { id } from '../base/base.ts'
import { openSealedCity, type SealedCity } from '../../test/sealed-city.ts'
import { runAudit, type AuditReport } from './audit.ts'
import { readLeaves, READING_SETTINGS } from './journal-reader.ts'
import { createPostgresLedger } from './postgres-ledger.ts'

async function withCity(body: (city: SealedCity, owner: postgres.Sql) => Promise<void>) {
  const city = await openSealedCity()
  const owner = postgres(city.database.ownerUrl, { max: 3, onnotice: () => undefined })
  try {
    await body(city, owner)
  } finally {
    await owner.end()
    await city.close()
  }
}

async function audit({ database, publicKeys, anchors, now }: SealedCity): Promise<AuditReport> {
  const sql = postgres(database.auditUrl, { max: 1 })
  try {
    return await runAudit({ sql, publicKeys, anchors, now })
  } finally {
    await sql.end()
  }
}

test('a sealed city passes the audit, which reads as dure_audit', () =>
  withCity(async (city) => {
    const unsealed = await audit(city)
    assert.deepEqual(unsealed.findings, [])
    assert.equal(unsealed.seals, 0)
    assert.equal(unsealed.unsealed_operations, unsealed.operations)

    assert.deepEqual(await city.sealer().issuersWithNews(), [city.issuerId])
    const segments = await city.sealAll(10)
    assert.ok(segments > 3)
    assert.deepEqual(await city.sealer().issuersWithNews(), [])
    const sealed = await audit(city)
    assert.deepEqual(sealed.findings, [])
    assert.equal(sealed.ok, true)
    assert.equal(sealed.seals, segments)
    assert.equal(sealed.unsealed_operations, 0)
    assert.equal(city.anchors.length, segments)
  }))

test('no segment takes more rows than the maximum, unless they share one instant', () =>
  withCity(async (city, owner) => {
    await city.sealAll(6)
    const sizes = await owner<{ leaf_count: number; instants: number }[]>`
      select s.leaf_count, (
        select count(distinct t.at)::integer from (
          select booked_at as at from ledger.operation
          union all select recorded_at from ledger.wallet
          union all select recorded_at from registry.record
        ) t where t.at > s.from_at and t.at <= s.until_at) as instants
      from ledger.seal s`
    for (const { leaf_count, instants } of sizes) {
      assert.ok(leaf_count <= 6 || instants === 1, `${leaf_count} rows of ${instants} instants`)
    }
    assert.deepEqual((await audit(city)).findings, [])
  }))

test('a boundary that a dead sealer announced is finished by the next one', () =>
  withCity(async (city, owner) => {
    const until = new Date(city.now - 30_000)
    await owner`select * from ledger.seal_announce(${city.issuerId}, ${until})`
    assert.deepEqual((await audit(city)).findings, [])
    const result = await city.sealer().sealOnce(city.issuerId, city.now)
    assert.equal(result.status, 'sealed')
    const [seal] = await owner<{ until_at: Date }[]>`select until_at from ledger.seal`
    assert.equal(seal?.until_at.getTime(), until.getTime())
    assert.deepEqual((await audit(city)).findings, [])
  }))

test('a seal whose sealer died before it anchored it is anchored by the next one', () =>
  withCity(async (city) => {
    const forgetful = city.sealer({ anchored: false, rowsMax: 60 })
    await forgetful.sealOnce(city.issuerId, city.now)
    assert.deepEqual((await audit(city)).findings, []) // It may still be on its way.
    await forgetful.sealOnce(city.issuerId, city.now)
    assert.match((await audit(city)).findings[0]?.sentence ?? '', /no anchor/)
    const result = await city.sealer().sealOnce(city.issuerId, city.now)
    assert.equal(result.status, 'nothing_new')
    assert.equal(city.anchors.length, 1)
    assert.deepEqual((await audit(city)).findings, [])
  }))

test('a transaction that may have read the old boundary is waited for, with a bound', () =>
  withCity(async (city, owner) => {
    const reserved = await owner.reserve()
    await reserved`begin`
    await reserved`select pg_current_xact_id()`
    const impatient = city.sealer({ settleTimeoutMs: 100 })
    assert.equal((await impatient.sealOnce(city.issuerId, city.now)).status, 'not_settled')
    await reserved`commit`
    reserved.release()
    assert.equal((await impatient.sealOnce(city.issuerId, city.now)).status, 'sealed')
    assert.deepEqual((await audit(city)).findings, [])
  }))

test('sealers that run at once and payments that go on make one sound chain', () =>
  withCity(async (city) => {
    const { pool, issuerId, now } = city
    const ledger = createPostgresLedger({ paying: pool, buying: pool, reading: pool })
    let opened = 1000
    const open = async () => {
      // Clocks that differ: some of it is booked in the past, at the boundary.
      for (let round = 0; round < 40; round += 1) {
        opened += 1
        const walletId = id('wlt', opened)
        const at = now - 100_000 + round * 4_000
        await ledger.openWallets(issuerId, [{ walletId, memberId: id('mbr', opened) }], at)
      }
    }
    const seal = async () => {
      const statuses: string[] = []
      const sealer = city.sealer({ rowsMax: 5 })
      for (let round = 0; round < 15; round += 1) {
        statuses.push((await sealer.sealOnce(issuerId, now + 60_000)).status)
      }
      return statuses
    }
    const [one, other] = await Promise.all([seal(), seal(), open(), open()])
    const known = ['sealed', 'other_sealer', 'nothing_new']
    assert.deepEqual(
      [...one, ...other].filter((status) => !known.includes(status)),
      [],
    )
    while ((await city.sealer().sealOnce(issuerId, now + 120_000)).status === 'sealed');
    const report = await audit(city)
    assert.deepEqual(report.findings, [])
    assert.equal(report.unsealed_operations, 0)
  }))

test('a clock that goes back seals nothing and harms nothing', () =>
  withCity(async (city) => {
    await city.sealAll()
    const result = await city.sealer().sealOnce(city.issuerId, city.now - 3_600_000)
    assert.equal(result.status, 'nothing_new')
  }))

test('a leaf without a card is what it was before there were cards; one with a card ends with whose and when', () =>
  withCity(async (city, owner) => {
    const leafOf = async (key: string) => {
      const rows = await owner<{ leaf: string }[]>`
        select row_text as leaf from ledger.journal_rows(${city.issuerId}, '1970-01-01', '2100-01-01')
        where row_text like ${`["operation", "00000000-0000-7000-8000-${key}"%`}`
      assert.equal(rows.length, 1, key)
      return rows[0]!.leaf
    }
    // Sealed journals hold such leaves: no later release may print them in another way.
    assert.equal(await leafOf('000003000013'), PAYMENT_LEAF)
    assert.match(await leafOf('000003000033'), /^\[.*, null, null, 91, "2026-11-22"\]$/)
  }))

const PAYMENT_LEAF = [
  '["operation", "00000000-0000-7000-8000-000003000013", "payment", "mpm_static", 1795316404.000000, ',
  '"4caa6875dac30774c662f49360d74f7d24b59118346808f7f5a27e7c3cdd5b1d", null, 11, 31, 41, 120000, null, null, null, ',
  '[[1, "lot", 61, "merchant_payable", 31, 100000], [2, "lot", 71, "merchant_payable", 31, 20000]], null, null]',
].join('')

test('the sealer and the audit read the same leaves, each by its own query', () =>
  withCity(async (city, owner) => {
    const window = { fromAt: '1970-01-01 00:00:00+00', untilAt: new Date(city.now).toISOString() }
    const sealed = await owner<{ row_text: string }[]>`
      select row_text from ledger.journal_rows(${city.issuerId}, ${window.fromAt}, ${window.untilAt})`
    const audited = await owner.begin(async (transaction) => {
      await transaction.unsafe(READING_SETTINGS)
      const leaves: string[] = []
      for await (const { leaf } of readLeaves(transaction, city.issuerId, window)) leaves.push(leaf)
      return leaves
    })
    assert.ok(audited.length > 30)
    assert.deepEqual(
      audited,
      sealed.map(({ row_text }) => row_text),
    )
  }))
