/** What the last audit of all issuers found, left in the data directory for whoever asks how everything stands. */
import { join } from 'node:path'
import { Type, type Static } from 'typebox'
import { Check } from 'typebox/value'
import { readIfThere, writeDurably } from './durable-file.ts'

export const AUDIT_VERDICT_FILE = 'audit-verdict.json'

const verdictSchema = Type.Object({
  at: Type.Integer(),
  ok: Type.Boolean(),
  findings: Type.Integer({ minimum: 0 }),
})
export type AuditVerdict = Static<typeof verdictSchema>

export async function writeAuditVerdict(
  dataDirectory: string,
  verdict: AuditVerdict,
): Promise<void> {
  await writeDurably(join(dataDirectory, AUDIT_VERDICT_FILE), `${JSON.stringify(verdict)}\n`, 0o644)
}

/** `null` where no audit was ever made, and for what `writeAuditVerdict` did not write. */
export async function readAuditVerdict(dataDirectory: string): Promise<AuditVerdict | null> {
  const text = await readIfThere(join(dataDirectory, AUDIT_VERDICT_FILE))
  if (text === undefined) return null
  try {
    const value: unknown = JSON.parse(text)
    return Check(verdictSchema, value) ? value : null
  } catch {
    // Nothing that could be read is no verdict; the next audit writes it anew.
    return null
  }
}
