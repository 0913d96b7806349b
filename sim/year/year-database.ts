/** A PostgreSQL of its own for a scripted year, and what an auditor with his own connection reads there. */
import postgres from 'postgres'
import { startBenchServer } from '../../bench/bench-database.ts'

export interface YearDatabase {
  /** As the core may. */
  readonly appUrl: string
  /** As the auditor may: reads everything. */
  readonly audit: postgres.Sql
  close(): Promise<void>
}

export async function openYearDatabase(): Promise<YearDatabase> {
  const server = await startBenchServer()
  try {
    const { appUrl } = await server.createDatabase('year')
    const auditUrl = new URL(appUrl)
    auditUrl.username = 'dure_audit'
    const audit = postgres(auditUrl.href, { max: 2, onnotice: () => undefined })
    return {
      appUrl,
      audit,
      async close() {
        await audit.end({ timeout: 1 })
        await server.stop()
      },
    }
  } catch (error) {
    await server.stop()
    throw error
  }
}
