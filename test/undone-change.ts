/** What the audit says of a database after a change that is undone. */
import assert from 'node:assert/strict'
import type postgres from 'postgres'
import { auditSnapshot, type AuditOptions, type AuditReport } from '../src/postgres/audit.ts'

class Undo extends Error {
  override readonly name = 'Undo'
}

/** @param owner somebody with all rights */
export async function auditUndone(
  owner: postgres.Sql,
  change: (transaction: postgres.TransactionSql) => Promise<unknown>,
  options: AuditOptions,
): Promise<AuditReport> {
  let report: AuditReport | undefined
  await owner
    .begin(async (transaction) => {
      await change(transaction)
      report = await auditSnapshot(transaction, options)
      throw new Undo('nothing of this stays')
    })
    .catch((error: unknown) => {
      if (!(error instanceof Undo)) throw error
    })
  assert.ok(report !== undefined)
  return report
}

/**
 * The sentences of one checker, and those of others with their names.
 * @param change SQL that changes something; empty: nothing is changed
 */
export async function sentencesAfter(
  owner: postgres.Sql,
  change: string,
  { checker: own, ...options }: AuditOptions & { readonly checker: string },
): Promise<string[]> {
  const { findings } = await auditUndone(
    owner,
    async (transaction) => {
      const changed = await transaction.unsafe(change)
      assert.ok(change === '' || changed.count > 0, 'the change changes something')
    },
    options,
  )
  // Who audits one room has no records of who it is, and nobody reads them here.
  return findings
    .filter(({ checker }) => checker !== 'registry')
    .map(({ checker, sentence }) => (checker === own ? sentence : `${checker}: ${sentence}`))
}
