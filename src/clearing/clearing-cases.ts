/** The cases that matching opens and closes: one for each difference, kept as long as the difference is there. */
import type { BusinessDate, CaseId, IssuerId, OperationId } from '../base/base.ts'
import type { RecordedOperation } from '../ledger/ledger.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  type CaseBody,
  type CaseKind,
  type Change,
  type Partner,
  type RecordOf,
} from '../registration/registration.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { allBooks, openCases } from './file-records.ts'

export const clearingCaseKinds = [
  'clearing_missing_here',
  'clearing_missing_there',
  'clearing_amount_differs',
] as const satisfies readonly CaseKind[]
export type ClearingCaseKind = (typeof clearingCaseKinds)[number]

/** Both sides agree after all. If they differ again, the case is opened again. */
export const MATCHED = 'matched'
/** The sale is in no file and was taken back: nothing is owed and nothing was paid. */
export const UNDONE = 'undone'
const clearedWith = (date: BusinessDate): string => `cleared with the file of ${date}`

/** The differences of one partner's date, while it is being matched. */
export interface Differences {
  /** Opens a case, once; a case that was closed by word of a person or by another file stays closed. */
  found(
    issuerId: IssuerId,
    kind: ClearingCaseKind,
    subject: OperationId,
    facts: CaseBody['facts'],
  ): Promise<void>
  /**
   * Notes what needs no line: a sale that was taken back under another date, or a taking back that its sale's line
   * knew.
   */
  noteUndone(issuerId: IssuerId, subject: OperationId, facts: CaseBody['facts']): Promise<void>
  /** True where a cancellation needs no line: it was noted, or its sale is in no file either. */
  needsNoLine(issuerId: IssuerId, cancellation: RecordedOperation): Promise<boolean>
  /** Assigns a sale that its own date's file left out to this date, for ever; false where it was not left out. */
  clearLater(issuerId: IssuerId, ids: readonly OperationId[]): Promise<boolean>
  /** Closes what is no longer found. @returns how many differences are open */
  finish(): Promise<number>
}

export function createDifferences(
  deps: ClearingDeps,
  partner: Partner,
  date: BusinessDate,
): Differences {
  const named = { partnerId: partner.partnerId, date }
  const seen = new Set<string>()
  const placeOf = (issuerId: IssuerId, kind: CaseKind, subject: string): string =>
    [issuerId, kind, subject].join('/')
  let open = 0
  return {
    async found(issuerId, kind, subject, facts) {
      const body = await openOnce(deps, issuerId, kind, { subject, facts: { ...named, ...facts } })
      seen.add(placeOf(issuerId, kind, subject))
      if (body.state === 'open') open += 1
    },
    async noteUndone(issuerId, subject, facts) {
      const kind = 'clearing_missing_there'
      const body = await openOnce(deps, issuerId, kind, { subject, facts: { ...named, ...facts } })
      if (body.state === 'open') await closeOpen(deps, issuerId, kind, subject, UNDONE)
      seen.add(placeOf(issuerId, kind, subject))
    },
    async needsNoLine(issuerId, { operationId, targetId }) {
      const kind = 'clearing_missing_there'
      const noted = await findCase(deps, issuerId, kind, operationId)
      if (noted?.body.resolution === UNDONE) return true
      const ofSale = targetId && (await findCase(deps, issuerId, kind, targetId))
      return ofSale !== undefined && ofSale.body.resolution !== MATCHED
    },
    async clearLater(issuerId, ids) {
      const resolution = clearedWith(date)
      let isOurs = false
      for (const subject of ids) {
        const known = await findCase(deps, issuerId, 'clearing_missing_there', subject)
        if (known?.body.state === 'open') {
          await closeOpen(deps, issuerId, 'clearing_missing_there', subject, resolution)
        }
        isOurs ||= known?.body.state === 'open' || known?.body.resolution === resolution
      }
      return isOurs
    },
    async finish() {
      for (const issuerId of allBooks(deps)) {
        for (const { body } of await openCases(deps, issuerId, clearingCaseKinds)) {
          const { caseKind, subject, facts } = body
          const isOfThisDate = facts['partnerId'] === named.partnerId && facts['date'] === date
          if (!isOfThisDate || seen.has(placeOf(issuerId, caseKind, subject))) continue
          await closeOpen(deps, issuerId, caseKind, subject, MATCHED)
        }
      }
      return open
    },
  }
}

function findCase(
  { registry }: ClearingDeps,
  issuerId: IssuerId,
  kind: CaseKind,
  subject: string,
): Promise<RecordOf<'case'> | undefined> {
  return findRecord(registry, issuerId, 'case', naturalKey.case(kind, subject))
}

/** Opens the case, or opens it again where both sides had agreed in the meantime. */
async function openOnce(
  deps: ClearingDeps,
  issuerId: IssuerId,
  caseKind: CaseKind,
  { subject, facts }: Pick<CaseBody, 'subject' | 'facts'>,
): Promise<CaseBody> {
  const owner = 'operator'
  const opened = await deps.casebook.openCase({ issuerId, caseKind, subject, owner, facts })
  if (opened.resolution !== MATCHED) return opened
  const decide = async (): Promise<Change<CaseBody>> => {
    const known = await findCase(deps, issuerId, caseKind, subject)
    if (known === undefined || known.body.resolution !== MATCHED) return { answer: opened }
    const body: CaseBody = {
      ...known.body,
      facts,
      state: 'open',
      resolution: null,
      closedAt: null,
    }
    const next = { recordId: known.recordId, version: known.version + 1, body }
    return { answer: body, by: 'system', records: [newRecord('case', next)] }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

/** Closes a case if it is there and open. */
export async function closeOpen(
  deps: ClearingDeps,
  issuerId: IssuerId,
  kind: CaseKind,
  subject: string,
  resolution: string,
): Promise<void> {
  const known = await findCase(deps, issuerId, kind, subject)
  if (known?.body.state !== 'open') return
  // The record id of a case is the case's.
  const caseId = known.recordId as CaseId
  await deps.casebook.closeCase({ issuerId, caseId, by: 'system', resolution })
}
