import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import postgres from 'postgres'
import { migrate } from '../postgres/postgres.ts'
import { openSealedCity } from '../../test/sealed-city.ts'
import { readAuditVerdict } from './audit-verdict.ts'
import { asRole } from './config.ts'
import { scratchDirectory } from './fixtures/scratch-directory.ts'
import { startedPostgres, withSql } from './fixtures/started-postgres.ts'
import { secretNames } from './keys.ts'
import { writeRunning } from './running.ts'
import { openSecretFiles } from './secret-file.ts'

interface Ended {
  code: number
  stdout: string
  stderr: string
}

/** Runs the command as `npm run audit` does. */
async function runAuditCommand(
  args: string[],
  environment: Record<string, string>,
): Promise<Ended> {
  const file = join(import.meta.dirname, 'audit.ts')
  const env = { PATH: process.env['PATH'] ?? '', ...environment }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [file, ...args], { env }, (_, stdout, stderr) => {
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    })
  })
}

test('the command says clean or what is wrong where, and tells it by its exit code', async (t) => {
  const city = await openSealedCity()
  t.after(() => city.close())
  const segments = await city.sealAll()
  const directory = await scratchDirectory(t)
  const anchors = city.anchors.map((anchor) => `${JSON.stringify(anchor)}\n`).join('')
  await writeFile(join(directory, 'keys.pem'), city.publicKeys.join('\n'))
  await writeFile(join(directory, 'anchors.jsonl'), anchors)
  const environment = {
    DURE_DATA: directory,
    DURE_AUDIT_URL: city.database.auditUrl,
    DURE_AUDIT_KEYS: join(directory, 'keys.pem'),
    DURE_AUDIT_ANCHORS: join(directory, 'anchors.jsonl'),
  }
  const clean = await runAuditCommand([], environment)
  assert.equal(clean.stderr, '')
  assert.equal(clean.code, 0)
  assert.match(
    clean.stdout,
    /^audit clean: 1 issuers, \d+ operations, .* 0 operations are not sealed yet\n$/,
  )

  const verdict = await readAuditVerdict(directory)
  assert.deepEqual({ ...verdict, at: 0 }, { at: 0, ok: true, findings: 0 })

  const json = await runAuditCommand(['--json', '--issuer', 'testcity'], environment)
  assert.equal(json.code, 0)
  const report = JSON.parse(json.stdout)
  assert.deepEqual(Object.keys(report), [
    'ok',
    'issuers',
    'operations',
    'transfers',
    'lots',
    'seals',
    'unsealed_operations',
    'findings',
    'findings_left_out',
    'seconds',
  ])
  assert.equal(report.ok, true)
  assert.equal(report.seals, segments)
  // Of one issuer is not of all.
  assert.deepEqual(await readAuditVerdict(directory), verdict)

  await withSql(city.database.ownerUrl, (sql) =>
    sql.unsafe('update ledger.lot set remaining_won = remaining_won - 1 where lot_id = 61'),
  )
  const broken = await runAuditCommand([], environment)
  assert.equal(broken.code, 1)
  const lines = broken.stdout.trimEnd().split('\n')
  assert.match(
    lines[0] ?? '',
    /^testcity: lot 61 of wallet 11 says \d+ won remaining, its transfers say \d+ \[lot_balance\]$/,
  )
  assert.match(lines.at(-1) ?? '', /^audit found 2 problems: /)
  const found = await readAuditVerdict(directory)
  assert.deepEqual({ ...found, at: 0 }, { at: 0, ok: false, findings: 2 })

  const unknownKey = await runAuditCommand([], { ...environment, DURE_AUDIT_KEYS: '/dev/null' })
  assert.equal(unknownKey.code, 1)
  assert.match(unknownKey.stdout, /signed with an unknown key/)
})

test('an audit that cannot be made says why and exits with 2', async (t) => {
  const directory = await scratchDirectory(t)
  const usage = await runAuditCommand(['--wrong'], {})
  assert.equal(usage.code, 2)
  assert.match(usage.stderr, /^usage: npm run audit/)
  const nothing = await runAuditCommand([], { DURE_DATA: directory })
  assert.equal(nothing.code, 2)
  assert.match(nothing.stderr, /could not be made: nothing runs on/)
  const refused = await runAuditCommand([], {
    DURE_DATA: directory,
    DURE_AUDIT_URL: 'postgres://dure_audit:x@127.0.0.1:1/dure',
  })
  assert.equal(refused.code, 2)
  assert.match(refused.stderr, /ECONNREFUSED/)
})

test('a stopped product is audited: its database is started for the audit and stopped again', async (t) => {
  const directory = join(await scratchDirectory(t), 'data')
  const server = await startedPostgres(t, directory)
  const secrets = await openSecretFiles(directory)
  const auditPassword = await secrets.text(secretNames.auditPassword)
  const appPassword = await secrets.text(secretNames.appPassword)
  await withSql(server.superuserUrl, (sql) => sql.unsafe('create database dure'))
  const ownerUrl = server.superuserUrl.replace(/\/postgres$/, '/dure')
  const owner = postgres(ownerUrl, { max: 2, onnotice: () => undefined })
  await migrate(owner, { appPassword, auditPassword })
  await owner.end()
  const auditUrl = asRole(ownerUrl, 'dure_audit', auditPassword)
  const urls = { coreUrl: '', identityUrl: '', bankUrl: '', edgeUrl: '', deskUrl: '', auditUrl }
  const parts = { gateways: [], companyUrls: {} }
  await writeRunning(directory, { dataDirectory: directory, ...urls, ...parts })
  const running = await runAuditCommand([], { DURE_DATA: directory })
  assert.match(running.stdout, /^audit clean: 0 issuers/)
  await server.finish()
  const stopped = await runAuditCommand([], { DURE_DATA: directory })
  assert.equal(stopped.stderr, '')
  assert.match(stopped.stdout, /^audit clean: 0 issuers/)
  assert.equal(stopped.code, 0)
  const again = await runAuditCommand([], { DURE_DATA: directory })
  assert.equal(again.code, 0)
})
