/** One reconciliation of a data directory: gathers the three books and holds them against each other. */
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { DAY_MS } from '../base/base.ts'
import { readCardBooks } from '../postgres/postgres.ts'
import { openAuditDatabase } from './audit-database.ts'
import { sha256 } from './keys.ts'
import { readCompanySales, type CompanySale } from './reconcile-company.ts'
import type { GatewayBooks } from './reconcile-gateway.ts'
import { reconcile, type Reconciliation } from './reconcile-matching.ts'
import { readGatewayStore } from './reconcile-store.ts'
import { readRunning, type Running } from './running.ts'

/** Gateways keep a week of answers; a day less is certain to be whole. */
const GATEWAYS_KNOW_MS = 6 * DAY_MS

export interface ReconciliationOptions {
  readonly dataDirectory: string
  readonly auditUrl: string | undefined
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly now: number
}

/** @throws StartupProblem where one of the books cannot be read */
export async function runReconciliation(options: ReconciliationOptions): Promise<Reconciliation> {
  const { dataDirectory, now } = options
  const running = await readRunning(dataDirectory)
  const database = await openAuditDatabase(options)
  const sql = postgres(database.url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  try {
    return reconcile(
      {
        sales: await readSales(dataDirectory, running),
        gateways: await readGateways(dataDirectory, running),
        ledger: await readCardBooks(sql),
        gatewaysKnowSince: now - GATEWAYS_KNOW_MS,
      },
      sha256,
    )
  } finally {
    await sql.end({ timeout: 5 })
    await database.close()
  }
}

async function readSales(directory: string, running: Running): Promise<CompanySale[]> {
  const sales: CompanySale[] = []
  for (const [code, url] of Object.entries(running.companyUrls)) {
    const file = join(directory, `card-company-${code}`, 'books.jsonl')
    for (const sale of await readCompanySales({ url, file })) sales.push(sale)
  }
  return sales
}

async function readGateways(directory: string, running: Running): Promise<GatewayBooks[]> {
  const books: GatewayBooks[] = []
  for (const { name } of running.gateways) {
    const file = join(directory, name, 'store.db')
    // One that was never started has answered nobody.
    if (await isThere(file)) books.push(readGatewayStore(name, file))
  }
  return books
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path)
    return true
  } catch {
    // Not there, or not ours to read: then its reader would say so.
    return false
  }
}
