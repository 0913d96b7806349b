/** New versions of an issuer's rules. Like terms, a version only ever takes effect later, and none is ever changed. */
import { documentKinds, isDocumentKind, isSector } from '../acquiring/acquiring.ts'
import {
  formatId,
  type Instant,
  type IssuerId,
  type OfficerId,
  type OperationId,
} from '../base/base.ts'
import {
  initialIssuerRules,
  issuerRuleNames,
  reviewedRuleNames,
  rulesFrom,
  validateIssuerRules,
  type IssuerRules,
  type IssuerRuleValues,
  type TermsProblem,
} from '../issuing/issuing.ts'
import type { IssuerRulesBody } from './issuer-rule-body.ts'
import { agreeablePurposes } from './member-consents.ts'
import { naturalKey } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'
import type { NewRecord, Registry } from './registry.ts'

export interface IssuerRulesAddition {
  readonly issuerId: IssuerId
  readonly officerId: OfficerId
  readonly requestId: OperationId
  readonly effectiveFrom: Instant
  /** What is to change against the newest version; everything else stays. */
  readonly changes: Partial<IssuerRuleValues>
}

/**
 * Adds the next version, in force from its `effectiveFrom`, which may not lie in the past. A repeat gets the version it
 * brought about, or `terms_superseded` where a newer one has been added since.
 */
export async function addIssuerRules(
  deps: RegistrationDeps,
  addition: IssuerRulesAddition,
): Promise<Registered<{ readonly rules: IssuerRules }>> {
  const { registry } = deps
  const { issuerId, officerId, requestId, effectiveFrom, changes } = addition
  const now = deps.clock()
  const key = naturalKey.request(requestId)
  const decide = async (): Promise<Change<Registered<{ readonly rules: IssuerRules }>>> => {
    const newest = await readRecord(registry, issuerId, 'issuer_rules', issuerId)
    if (newest?.body.requestId === requestId) {
      return { answer: { status: 'registered', rules: rulesOf(issuerId, newest) } }
    }
    if ((await findRecord(registry, issuerId, 'issuer_rules', key)) !== undefined) {
      return { answer: refused('terms_superseded') }
    }
    const reviewed = reviewedRuleNames.find((name) => changes[name] !== undefined)
    if (reviewed !== undefined) return { answer: refused('second_officer_needed', reviewed) }
    if (effectiveFrom < now) return { answer: refused('field_invalid', 'effectiveFrom') }
    const before = newest === undefined ? initialIssuerRules : rulesFrom(newest.body.rules)
    const values = { ...before, ...changes }
    const problems = [...validateIssuerRules(values), ...unknownWords(changes)]
    if (problems.length > 0) {
      return { answer: { status: 'refused', reason: 'terms_invalid', problems } }
    }
    const body = rulesBody(values, { requestId, effectiveFrom })
    const record = { recordId: issuerId, version: (newest?.version ?? 0) + 1, body }
    return {
      answer: { status: 'registered', rules: rulesOf(issuerId, record) },
      by: formatId('off', officerId),
      records: [newRecord('issuer_rules', { ...record, keys: [key] })],
    }
  }
  return changeRecords(registry, issuerId, now, decide)
}

/** What is to be brought or is not registered must be something that an application can name. */
function unknownWords(changes: Partial<IssuerRuleValues>): TermsProblem[] {
  const { documentsRequired = [], sectorsRestricted = [], consentsRequired = [] } = changes
  const problems: TermsProblem[] = []
  if (!documentsRequired.every(isDocumentKind)) {
    problems.push({ field: 'documentsRequired', sentence: `is of ${documentKinds.join(', ')}` })
  }
  if (!sectorsRestricted.every(isSector)) {
    problems.push({ field: 'sectorsRestricted', sentence: 'is of the known sectors' })
  }
  const purposes: readonly string[] = agreeablePurposes
  if (!consentsRequired.every((purpose) => purposes.includes(purpose))) {
    problems.push({ field: 'consentsRequired', sentence: `is of ${purposes.join(', ')}` })
  }
  return problems
}

function rulesBody(
  values: IssuerRuleValues,
  by: Pick<IssuerRulesBody, 'requestId' | 'effectiveFrom'>,
): IssuerRulesBody {
  return { ...by, rules: issuerRuleNames.map((name) => ({ name, value: values[name] })) }
}

/** What two officers have decided, over the newest version. */
export async function nextIssuerRules(
  registry: Registry,
  issuerId: IssuerId,
  decided: IssuerRulesBody,
): Promise<NewRecord> {
  const newest = await readRecord(registry, issuerId, 'issuer_rules', issuerId)
  const values = rulesFrom([...(newest?.body.rules ?? []), ...decided.rules])
  const version = (newest?.version ?? 0) + 1
  return newRecord('issuer_rules', {
    recordId: issuerId,
    version,
    body: rulesBody(values, decided),
  })
}

/** The rules that a stored version is. */
export function rulesOf(
  issuerId: IssuerId,
  { version, body }: Pick<RecordOf<'issuer_rules'>, 'version' | 'body'>,
): IssuerRules {
  const { effectiveFrom } = body
  return { issuerId, version, effectiveFrom, rules: rulesFrom(body.rules) }
}
