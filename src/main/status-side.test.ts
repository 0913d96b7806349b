/** How everything stands: from a real database, remembered so that many may ask, and told while it is away. */
import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { Fault, OPERATOR, id } from '../base/base.ts'
import type { StatusReader } from '../postgres/postgres.ts'
import { AUDIT_VERDICT_FILE, readAuditVerdict, writeAuditVerdict } from './audit-verdict.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { createStatusDesk } from './status-side.ts'

const ISSUER = id('iss', 3)
const usage = { name: 'paying', inUse: 1, max: 9, waiting: 0 }
const pools = { paying: { usage: () => usage } }

function countedReader() {
  const asked: string[] = []
  let away = false
  const told = async <Answer>(name: string, answer: Answer): Promise<Answer> => {
    asked.push(name)
    if (away) throw new Fault('postgres_unavailable', 'away')
    return answer
  }
  const reader: StatusReader = {
    server: () => told('server', { version: '18.0', isPrimary: true }),
    seals: () => told('seals', new Map()),
    failedJobs: () => told('failedJobs', new Map([[OPERATOR, 2]])),
    cases: () => told('cases', new Map([[ISSUER, { openCases: 5, lateCases: 1 }]])),
    fundDays: () => told('fundDays', new Map()),
    runs: () => told('runs', new Map()),
  }
  return { reader, asked, goAway: (value: boolean) => (away = value) }
}

test('many who ask cost the database one reading a second, and what is costly one in five', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  const { reader, asked } = countedReader()
  let now = 1_795_000_000_000
  const desk = createStatusDesk({ pools, reader, dataDirectory, clock: () => now })
  const [first] = await Promise.all([desk.status(), desk.status(), desk.status()])
  assert.deepEqual(first?.of(ISSUER), {
    seal: null,
    unsealedSince: null,
    openCases: 5,
    lateCases: 1,
    fundDay: null,
    settlementRun: null,
    failedJobs: 0,
  })
  assert.equal(first?.of(OPERATOR)?.failedJobs, 2)
  assert.deepEqual(first?.pools, [usage])
  assert.equal(asked.length, 6)
  now += 999
  await desk.status()
  assert.equal(asked.length, 6)
  now += 1
  await desk.status()
  assert.deepEqual(asked.slice(6), ['server', 'seals', 'failedJobs'])
  now += 4_000
  await desk.status()
  assert.equal(asked.length, 15)
})

test('a database that is away is told as such, and found again', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  const { reader, goAway } = countedReader()
  let now = 1_795_000_000_000
  const desk = createStatusDesk({ pools, reader, dataDirectory, clock: () => now })
  goAway(true)
  const away = await desk.status()
  assert.deepEqual([away.server, away.of(ISSUER)], [null, undefined])
  goAway(false)
  now += 5_000
  const back = await desk.status()
  assert.equal(back.server?.version, '18.0')
  assert.equal(back.of(ISSUER)?.openCases, 5)
})

test('the audit’s last verdict is told; where none was made, or none can be read, none is', async (t) => {
  const dataDirectory = await scratchDirectory(t)
  assert.equal(await readAuditVerdict(dataDirectory), null)
  const verdict = { at: 1_795_000_000_000, ok: false, findings: 3 }
  await writeAuditVerdict(dataDirectory, verdict)
  const { reader } = countedReader()
  const desk = createStatusDesk({ pools, reader, dataDirectory, clock: () => 1 })
  assert.deepEqual((await desk.status()).audit, verdict)
  for (const text of ['{', '{"at":1}']) {
    await writeFile(join(dataDirectory, AUDIT_VERDICT_FILE), text)
    assert.equal(await readAuditVerdict(dataDirectory), null)
  }
})
