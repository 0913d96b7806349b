/** The versions of a program's terms as they are stored. */
import type { IssuerId, OperationId, ProgramId } from '../base/base.ts'
import type { ProgramTerms, TermsDraft } from '../issuing/issuing.ts'
import { newRecord, type RecordOf } from './record-store.ts'
import type { NewRecord } from './registry.ts'

/** The terms that a stored version is. */
export function termsOf(issuerId: IssuerId, record: RecordOf<'terms'>): ProgramTerms {
  const { requestId: _requestId, ...terms } = record.body
  // The record id of terms is their program's.
  return { ...terms, issuerId, programId: record.recordId as ProgramId, version: record.version }
}

/** A version to append: what was in force once is never changed, a version only ever takes effect later. */
export function termsVersion(
  place: { readonly programId: ProgramId; readonly version: number },
  draft: TermsDraft,
  requestId: OperationId,
): NewRecord {
  const { programId: recordId, version } = place
  return newRecord('terms', { recordId, version, body: { ...draft, requestId } })
}
