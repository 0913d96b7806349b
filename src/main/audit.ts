/**
 * `npm run audit`: computes anew what the books and the seals claim, and says what is wrong where.
 * Exit code 0: clean. 1: something is wrong. 2: the audit could not be made.
 */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import postgres from 'postgres'
import type { SealAnchor } from '../ledger/ledger.ts'
import {
  readIssuerCodes,
  runAudit,
  type AuditProgress,
  type AuditReport,
} from '../postgres/postgres.ts'
import { openAuditDatabase } from './audit-database.ts'
import { writeAuditVerdict } from './audit-verdict.ts'
import { secretNames } from './keys.ts'
import { readSealAnchors, SEAL_ANCHOR_FILE } from './seal-anchor-file.ts'
import { openSecretFiles } from './secret-file.ts'
import { errorText, StartupProblem } from './startup-problem.ts'

const USAGE = `usage: npm run audit -- [--json] [--issuer CODE]
  DURE_DATA           the data directory of the product (.dure); it may be running or stopped
  DURE_AUDIT_URL      instead of it, a database: postgres://dure_audit:password@host/database
  DURE_AUDIT_KEYS     a file of public keys (PEM) that sealed, if not the one of the data directory
  DURE_AUDIT_ANCHORS  a copy of ${SEAL_ANCHOR_FILE}, if not the one of the data directory`

interface AuditConfig {
  readonly json: boolean
  readonly issuerCode: string | undefined
  readonly dataDirectory: string
  /** Another database's verdict stays out of a directory that nobody named. */
  readonly leavesVerdict: boolean
  readonly auditUrl: string | undefined
  readonly keysFile: string | undefined
  readonly anchorsFile: string | undefined
}

async function main(): Promise<number> {
  const config = readAuditConfig(process.argv.slice(2), process.env)
  if (config === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const database = await openAuditDatabase({ ...config, environment: process.env })
  const sql = postgres(database.url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    const codes = await readIssuerCodes(sql)
    const report = await runAudit({
      sql,
      publicKeys: await readPublicKeys(config),
      anchors: await readAnchors(config),
      now: Date.now(),
      ...chosenIssuer(config, codes),
      onProgress: showProgress(),
    })
    const lines = config.json ? [JSON.stringify(report)] : reportLines(report, codes)
    process.stdout.write(`${lines.join('\n')}\n`)
    await leaveVerdict(config, report)
    return report.ok ? 0 : 1
  } finally {
    await sql.end({ timeout: 5 })
    await database.close()
  }
}

/** `undefined` where the arguments say something else than the usage does. */
function readAuditConfig(
  args: string[],
  environment: Readonly<Record<string, string | undefined>>,
): AuditConfig | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: { json: { type: 'boolean', default: false }, issuer: { type: 'string' } },
    })
    return {
      json: values.json,
      issuerCode: values.issuer,
      dataDirectory: environment['DURE_DATA'] || '.dure',
      leavesVerdict:
        values.issuer === undefined &&
        (Boolean(environment['DURE_DATA']) || !environment['DURE_AUDIT_URL']),
      auditUrl: environment['DURE_AUDIT_URL'] || undefined,
      keysFile: environment['DURE_AUDIT_KEYS'] || undefined,
      anchorsFile: environment['DURE_AUDIT_ANCHORS'] || undefined,
    }
  } catch {
    return undefined // Answered with the usage.
  }
}

async function readPublicKeys({ keysFile, dataDirectory }: AuditConfig): Promise<string[]> {
  if (keysFile !== undefined) {
    const text = await readFile(keysFile, 'utf8')
    return text.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  }
  const secrets = await openSecretFiles(dataDirectory)
  // Nothing was ever sealed where there is no key yet.
  if (!(await secrets.has(`${secretNames.seal}-private-pem`))) return []
  return [(await secrets.signingKeyPair(secretNames.seal)).publicKeyPem]
}

async function readAnchors(config: AuditConfig): Promise<SealAnchor[] | undefined> {
  const { anchorsFile, auditUrl, dataDirectory } = config
  const anchors = await readSealAnchors(anchorsFile ?? join(dataDirectory, SEAL_ANCHOR_FILE))
  if (anchors !== undefined) return anchors
  if (anchorsFile !== undefined) throw new StartupProblem(`there is no file ${anchorsFile}`)
  // Somebody else's database has its anchors elsewhere; ours without them has lost them.
  return auditUrl === undefined ? [] : undefined
}

function chosenIssuer(
  { issuerCode }: AuditConfig,
  codes: ReadonlyMap<number, string>,
): { issuerIds?: number[] } {
  if (issuerCode === undefined) return {}
  const issuerIds = [...codes].flatMap(([id, code]) => (code === issuerCode ? [id] : []))
  if (issuerIds.length === 0) throw new StartupProblem(`there is no issuer ${issuerCode}`)
  return { issuerIds }
}

const PROGRESS_EVERY_MS = 250

function showProgress(): (progress: AuditProgress) => void {
  if (!process.stderr.isTTY) return () => {}
  let nextAt = 0
  return ({ issuersDone, issuers, seals, operations }) => {
    if (performance.now() < nextAt) return
    nextAt = performance.now() + PROGRESS_EVERY_MS
    const text = `issuer ${issuersDone + 1} of ${issuers}, ${operations} operations, ${seals} seals`
    process.stderr.write(`\r${text.padEnd(78)}\r`)
  }
}

/** Of all issuers, for `GET /v1/operator/status`. What was found counts also where it cannot be left. */
async function leaveVerdict(
  { leavesVerdict, dataDirectory }: AuditConfig,
  { ok, findings, findings_left_out: leftOut }: AuditReport,
): Promise<void> {
  if (!leavesVerdict) return
  try {
    const verdict = { at: Date.now(), ok, findings: findings.length + leftOut }
    await writeAuditVerdict(dataDirectory, verdict)
  } catch (error) {
    process.stderr.write(`the verdict could not be left: ${errorText(error)}\n`)
  }
}

function reportLines(report: AuditReport, codes: ReadonlyMap<number, string>): string[] {
  const { findings, findings_left_out: leftOut } = report
  const lines = findings.map(({ checker, issuerId, where, sentence }) => {
    const issuer = issuerId === 0 ? 'operator' : (codes.get(issuerId) ?? `issuer ${issuerId}`)
    return `${issuer}: ${where} ${sentence} [${checker}]`
  })
  if (leftOut > 0) lines.push(`and ${leftOut} more`)
  const found = findings.length + leftOut
  const read =
    `${report.issuers} issuers, ${report.operations} operations, ${report.transfers} transfers, ` +
    `${report.lots} lots, ${report.seals} seals in ${report.seconds} s; ` +
    `${report.unsealed_operations} operations are not sealed yet`
  lines.push(found === 0 ? `audit clean: ${read}` : `audit found ${found} problems: ${read}`)
  return lines
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`the audit could not be made: ${errorText(error)}\n`)
  process.exitCode = 2
}
