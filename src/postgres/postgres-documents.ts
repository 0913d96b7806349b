/** Bytes of merchants' papers in PostgreSQL. */
import type { DocumentStore } from '../registration/registration.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** Throws Faults as the fault table classifies them. */
export function createPostgresDocuments(pool: PostgresPool): DocumentStore {
  return {
    async store(issuerId, sha256Hex, bytes, at) {
      const sha256 = Buffer.from(sha256Hex, 'hex')
      await pool.run(
        (sql) => sql`
          select registry.store_document(
            ${issuerId}, ${sha256}, ${Buffer.from(bytes)}, ${new Date(at).toISOString()})`,
      )
    },
    async read(issuerId, sha256Hex) {
      const sha256 = Buffer.from(sha256Hex, 'hex')
      const rows = await pool.run(
        (sql) => sql<{ content: Buffer | null }[]>`
          select registry.read_document(${issuerId}, ${sha256}) as content`,
      )
      const content = rows[0]?.content
      return content === null || content === undefined ? undefined : Uint8Array.from(content)
    },
  }
}
