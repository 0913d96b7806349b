/**
 * The audit: in one snapshot of the database it computes anew, from the raw rows, everything that the books and the
 * seals claim. Nothing is written. Memory: see src/audit/wallet-grouping.ts; the findings are cut off at a maximum.
 */
import { checkBooks, type Complaint, type Finding } from '../audit/audit.ts'
import type { Instant } from '../base/base.ts'
import type { SealAnchor, SealVerifier } from '../ledger/ledger.ts'
import type { Transaction } from './cursor.ts'
import { checkCashback } from './cashback-audit.ts'
import { readIssuerBooks, READING_SETTINGS } from './journal-reader.ts'
import type { Sql } from './postgres-pool.ts'
import { checkRegistry } from './registry-audit.ts'
import { checkHead, checkSeals } from './seal-audit.ts'
import { createSealVerifier } from './seal-keys.ts'
import { checkSettlements } from './settlement-audit.ts'

export interface AuditOptions {
  /** SPKI in PEM: every key that ever sealed and is still believed. */
  readonly publicKeys: readonly string[]
  /**
   * From seal-anchors.jsonl, read before the audit begins: the newest of them is then in its snapshot.
   * `undefined` where there is none: then cut-off seals stay unseen.
   */
  readonly anchors: readonly SealAnchor[] | undefined
  readonly now: Instant
  /** Only these issuers; absent: all that any table names. */
  readonly issuerIds?: readonly number[]
  readonly onProgress?: (progress: AuditProgress) => void
}

export interface AuditProgress {
  readonly issuerId: number
  readonly issuersDone: number
  readonly issuers: number
  readonly seals: number
  readonly operations: number
}

/** What an audit found. It is printed as JSON, hence the names. */
export interface AuditReport {
  ok: boolean
  issuers: number
  operations: number
  transfers: number
  lots: number
  seals: number
  /** Booked since the last seal: correct in themselves, and not yet protected. */
  unsealed_operations: number
  findings: Finding[]
  /** How many more there were than `findings` holds. */
  findings_left_out: number
  seconds: number
}

/** The report of a broken database stays readable, and in memory. */
export const FINDINGS_MAX = 1_000
/** Clocks of cores may be ahead a little; a row far ahead would escape the seals. */
const CLOCK_AHEAD_MAX_MS = 5 * 60_000

/** Audits over one connection of `dure_audit`, in one read-only snapshot. @throws what the driver throws */
export async function runAudit({
  sql,
  ...options
}: AuditOptions & { sql: Sql }): Promise<AuditReport> {
  return sql.begin('isolation level repeatable read read only', (transaction) =>
    auditSnapshot(transaction, options),
  )
}

/** The audit inside a transaction of the caller's, which must be one snapshot. */
export async function auditSnapshot(
  transaction: Transaction,
  options: AuditOptions,
): Promise<AuditReport> {
  const startedAt = performance.now()
  await transaction.unsafe(READING_SETTINGS)
  const report: AuditReport = {
    ok: true,
    issuers: 0,
    operations: 0,
    transfers: 0,
    lots: 0,
    seals: 0,
    unsealed_operations: 0,
    findings: [],
    findings_left_out: 0,
    seconds: 0,
  }
  const verify = createSealVerifier(options.publicKeys)
  const anchoredIds = (options.anchors ?? []).map((anchor) => anchor.issuerId)
  const issuerIds = options.issuerIds ?? (await readIssuerIds(transaction, anchoredIds))
  for (const issuerId of issuerIds) {
    const progress = { issuerId, issuersDone: report.issuers, issuers: issuerIds.length }
    const onProgress = () =>
      options.onProgress?.({ ...progress, seals: report.seals, operations: report.operations })
    await auditIssuer({ transaction, issuerId, options, verify, report, onProgress })
    report.issuers += 1
  }
  report.seconds = Math.round(performance.now() - startedAt) / 1000
  return report
}

interface IssuerAudit {
  readonly transaction: Transaction
  readonly issuerId: number
  readonly options: AuditOptions
  readonly verify: SealVerifier
  readonly report: AuditReport
  readonly onProgress: () => void
}

async function auditIssuer(audit: IssuerAudit): Promise<void> {
  const { transaction, issuerId, options, verify, report, onProgress } = audit
  const onFinding = (finding: Finding) => {
    report.ok = false
    if (report.findings.length < FINDINGS_MAX) report.findings.push(finding)
    else report.findings_left_out += 1
  }
  const complain = (checker: string) => (complaint: Complaint) =>
    onFinding({ checker, issuerId, ...complaint })
  onProgress()
  const { seals, sealedUntil } = await checkSeals(transaction, issuerId, {
    verify,
    anchors: options.anchors?.filter((anchor) => anchor.issuerId === issuerId),
    onComplaint: complain('seal'),
    onSeal: () => {
      report.seals += 1
      onProgress()
    },
  })
  for (const complaint of await checkHead(transaction, issuerId, sealedUntil)) {
    complain('head')(complaint)
  }
  for await (const complaint of checkRegistry(transaction, issuerId)) {
    complain('registry')(complaint)
  }
  for await (const complaint of checkSettlements(transaction, issuerId)) {
    complain('settlement')(complaint)
  }
  for await (const complaint of checkCashback(transaction, issuerId)) {
    complain('cashback')(complaint)
  }
  const before = { ...report }
  await checkBooks(readIssuerBooks(transaction, issuerId), {
    onFinding,
    onWallet: ({ operations, transfers, lots }) => {
      report.operations = before.operations + operations
      report.transfers = before.transfers + transfers
      report.lots = before.lots + lots
      onProgress()
    },
  })
  const unsealed = await readUnsealed(transaction, audit, seals === 0 ? undefined : sealedUntil)
  report.unsealed_operations += unsealed.operations
  if (unsealed.ahead > 0) {
    const sentence = `has ${unsealed.ahead} rows with a time that is not yet, which no seal reaches`
    complain('clock')({ where: 'the journal', sentence })
  }
}

/** What no seal protects yet. */
async function readUnsealed(
  transaction: Transaction,
  { issuerId, options }: IssuerAudit,
  sealedUntil: string | undefined,
): Promise<{ operations: number; ahead: number }> {
  const issuer = issuerId
  const latest = new Date(options.now + CLOCK_AHEAD_MAX_MS).toISOString()
  const [row] = await transaction.unsafe<{ operations: string; ahead: string }[]>(`
    select (select count(*) from ledger.operation
        where issuer_id = ${issuer} and booked_at > '${sealedUntil ?? '-infinity'}'::timestamptz)::text as operations,
      (select count(*) from (
        select 1 from ledger.operation where issuer_id = ${issuer} and booked_at > '${latest}'::timestamptz
        union all
        select 1 from ledger.wallet where issuer_id = ${issuer} and recorded_at > '${latest}'::timestamptz
        union all
        select 1 from registry.record where issuer_id = ${issuer} and recorded_at > '${latest}'::timestamptz
      ) later)::text as ahead`)
  return { operations: Number(row?.operations), ahead: Number(row?.ahead) }
}

/** Every issuer that any table or anchor names, whether it has a head or not. */
async function readIssuerIds(
  transaction: Transaction,
  anchoredIds: readonly number[],
): Promise<number[]> {
  const tables = await transaction.unsafe<{ name: string }[]>(`
    select format('%I.%I', c.table_schema, c.table_name) as name
    from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema in ('ledger', 'registry', 'settlement', 'cashback') and c.column_name = 'issuer_id'
      and t.table_type = 'BASE TABLE'
    order by 1`)
  const ids = new Set<number>(anchoredIds)
  for (const { name } of tables) {
    // Steps from one issuer to the next over the primary key, whose first column it is.
    const rows = await transaction.unsafe<{ issuer_id: number }[]>(`
      with recursive step as (
        select min(issuer_id) as issuer_id from ${name}
        union all
        select (select min(n.issuer_id) from ${name} n where n.issuer_id > step.issuer_id)
        from step where step.issuer_id is not null
      )
      select issuer_id from step where issuer_id is not null`)
    for (const row of rows) ids.add(row.issuer_id)
  }
  return [...ids].sort((one, other) => one - other)
}

/** What issuers call themselves, by id: for who reads findings. */
export async function readIssuerCodes(sql: Sql): Promise<Map<number, string>> {
  const rows = await sql<{ issuer_id: number; code: string | null }[]>`
    select distinct on (issuer_id) issuer_id, body ->> 'code' as code
    from registry.record where kind = 'issuer'
    order by issuer_id, version desc`
  return new Map(rows.map((row) => [row.issuer_id, row.code ?? String(row.issuer_id)]))
}
