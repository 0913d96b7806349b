/**
 * New versions of a program's terms. What was in force once is never changed: a version only ever takes effect later.
 */
import {
  formatId,
  type IssuerId,
  type OfficerId,
  type OperationId,
  type ProgramId,
} from '../base/base.ts'
import { validateTerms, type ProgramTerms } from '../issuing/issuing.ts'
import { naturalKey, type TermsBody } from './record-bodies.ts'
import { changeRecords, newRecord, readRecord, type Change, type RecordOf } from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

export interface TermsAddition {
  readonly issuerId: IssuerId
  readonly programId: ProgramId
  readonly officerId: OfficerId
  readonly requestId: OperationId
  readonly terms: Omit<ProgramTerms, 'programId' | 'issuerId' | 'version'>
}

/**
 * Adds the next version, in force from its `effectiveFrom`, which may not lie in the past. A repeat gets the version
 * it brought about, or `terms_superseded` where a newer one has been added since.
 */
export async function addTerms(
  deps: RegistrationDeps,
  addition: TermsAddition,
): Promise<Registered<{ readonly terms: ProgramTerms }>> {
  const { registry } = deps
  const { issuerId, programId, officerId, requestId, terms } = addition
  const now = deps.clock()
  const key = naturalKey.request(requestId)
  const decide = async (): Promise<Change<Registered<{ readonly terms: ProgramTerms }>>> => {
    const program = await readRecord(registry, issuerId, 'program', programId)
    if (program === undefined) return { answer: refused('program_unknown') }
    const newest = await readRecord(registry, issuerId, 'terms', programId)
    if (newest?.body.requestId === requestId) {
      return { answer: { status: 'registered', terms: termsOf(issuerId, newest) } }
    }
    if ((await registry.findByKey(issuerId, 'terms', key)) !== undefined) {
      return { answer: refused('terms_superseded') }
    }
    if (terms.effectiveFrom < now) return { answer: refused('field_invalid', 'effectiveFrom') }
    const body: TermsBody = { ...terms, requestId }
    const record = { recordId: programId, version: (newest?.version ?? 0) + 1, body }
    const next = termsOf(issuerId, record)
    const problems = validateTerms(next)
    if (problems.length > 0) {
      return { answer: { status: 'refused', reason: 'terms_invalid', problems } }
    }
    return {
      answer: { status: 'registered', terms: next },
      by: formatId('off', officerId),
      records: [newRecord('terms', { ...record, keys: [key] })],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

/** The terms that a stored version is. */
export function termsOf(issuerId: IssuerId, record: RecordOf<'terms'>): ProgramTerms {
  const { requestId: _requestId, ...terms } = record.body
  // The record id of terms is their program's.
  return { ...terms, issuerId, programId: record.recordId as ProgramId, version: record.version }
}
