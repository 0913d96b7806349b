/** Placeholder until the sealer's loop is wired. */
import type { PostgresPool } from '../postgres/postgres.ts'
export function startSealing(_: { pool: PostgresPool; key: unknown; config: unknown; clock: () => number; log: unknown }) {
  return { stop: async () => {} }
}
