/** What the treasury room remembers, in PostgreSQL. */
import type { TreasuryStore } from '../treasury/treasury.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { createDayStore, createEntryStore } from './treasury-entries.ts'
import { createFileStore } from './treasury-files.ts'

/** Throws Faults as the fault table classifies them. */
export function createPostgresTreasuryStore(pool: PostgresPool): TreasuryStore {
  return { ...createFileStore(pool), ...createEntryStore(pool), ...createDayStore(pool) }
}
