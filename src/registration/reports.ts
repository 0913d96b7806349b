/**
 * Reports of errors (오류정정, 전자금융거래법 §8) and disputes (분쟁, §27) that members and merchants open. The case has
 * the days and the desk; the report beside it has what was said. Both change in one commit, with the notice to whoever
 * waits for it.
 */
import {
  cleanLines,
  cleanText,
  DAY_MS,
  endOfDaysAfter,
  type CaseId,
  type Clock,
  type IdSource,
  type Instant,
  type IssuerId,
  type OperationId,
} from '../base/base.ts'
import { rulesAt, type IssuerRuleDirectory, type IssuerRuleValues } from '../issuing/issuing.ts'
import type { CaseBody } from './card-record-bodies.ts'
import type { CardCase } from './casebook.ts'
import { keyPrefix, naturalKey } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { NewRecord, Registry } from './registry.ts'
import {
  reportCategories,
  type Attachment,
  type ReportBody,
  type ReportCategory,
  type Reporter,
} from './report-record-bodies.ts'

export interface ReportDeps {
  readonly registry: Registry
  readonly ids: IdSource
  readonly clock: Clock
  readonly issuerRules: IssuerRuleDirectory
}

/** A case with what was said. */
export interface Report extends ReportBody {
  readonly case: CardCase
}

/** Of one reporter; more wait until some are answered. */
export const OPEN_REPORTS_MAX = 20
export const REPORT_WORDS_MAX = 2_000
export const ATTACHMENTS_MAX = 10
const ATTACHMENT_NAME_MAX = 100
/** Of one reporter, newest first. */
const OF_REPORTER_MAX = 100

export interface ReportOpening {
  readonly issuerId: IssuerId
  readonly requestId: OperationId
  /** Who writes it, as id text. */
  readonly by: string
  readonly reporter: Reporter
  readonly kind: 'error_report' | 'dispute'
  readonly category: ReportCategory
  /** Known to be the reporter's own. */
  readonly operationId: OperationId | null
  readonly description: string
  readonly language: 'ko' | 'en'
  readonly attachments: readonly Attachment[]
}

/** Opens a report; the same request again gets the one there is. */
export async function openReport(
  deps: ReportDeps,
  opening: ReportOpening,
): Promise<Registered<{ readonly report: Report }>> {
  const { registry } = deps
  const { issuerId, requestId, by, kind, reporter } = opening
  const body = firstBody(opening)
  if ('field' in body) return refused('field_invalid', body.field)
  const now = deps.clock()
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const key = naturalKey.case(kind, requestId)
  const decide = async (): Promise<Change<Registered<{ readonly report: Report }>>> => {
    const known = await findRecord(registry, issuerId, 'case', key)
    if (known !== undefined) {
      const report = await readReport(registry, issuerId, caseIdOf(known))
      const isSame = report !== undefined && sameReporter(report.reporter, reporter)
      return { answer: isSame ? { status: 'registered', report } : refused('request_reused') }
    }
    const before = await reportsOf(registry, issuerId, reporter)
    const open = before.filter((report) => report.case.state === 'open')
    if (open.length >= OPEN_REPORTS_MAX) return { answer: refused('too_many_reports') }
    const first = openingRecords(deps, { kind, subject: requestId, body, rules, now })
    const answer = { status: 'registered', report: reportOf(issuerId, first) } as const
    return { answer, by, records: first.records }
  }
  return changeRecords(registry, issuerId, now, decide)
}

function firstBody(opening: ReportOpening): ReportBody | { readonly field: string } {
  const { reporter, language, category, operationId } = opening
  const description = cleanLines(opening.description, REPORT_WORDS_MAX)
  if (description === undefined) return { field: 'description' }
  const attachments = cleanAttachments(opening.attachments)
  if (attachments === undefined) return { field: 'attachments' }
  return {
    reporter,
    language,
    category,
    operationId,
    description,
    attachments,
    stage: 'opened',
    officerId: null,
    outcome: null,
    messages: [],
    contests: null,
    dispute: null,
  }
}

const SHA256_HEX = /^[0-9a-f]{64}$/
const MEDIA_TYPE = /^[a-z]+\/[a-z0-9.+-]{1,60}$/

function cleanAttachments(given: readonly Attachment[]): readonly Attachment[] | undefined {
  if (given.length > ATTACHMENTS_MAX) return undefined
  const clean = given.flatMap(({ name, mediaType, sizeBytes, sha256 }) => {
    const cleanName = cleanText(name, ATTACHMENT_NAME_MAX)
    const isRight =
      MEDIA_TYPE.test(mediaType) &&
      SHA256_HEX.test(sha256) &&
      Number.isSafeInteger(sizeBytes) &&
      sizeBytes >= 0
    return cleanName === undefined || !isRight
      ? []
      : [{ name: cleanName, mediaType, sizeBytes, sha256 }]
  })
  return clean.length === given.length ? clean : undefined
}

/** A new case with its report, listed with its reporter's. @param subject makes the case the only one of its kind */
export function openingRecords(
  { ids }: Pick<ReportDeps, 'ids'>,
  opened: {
    readonly kind: 'error_report' | 'dispute'
    readonly subject: string
    readonly body: ReportBody
    readonly rules: IssuerRuleValues
    readonly now: Instant
  },
): KnownReport & { readonly records: NewRecord[] } {
  const { kind, subject, body, rules, now } = opened
  const recordId = ids.next('cas')
  const days = kind === 'dispute' ? rules.disputeDays : rules.errorReportDays
  const caseBody: CaseBody = {
    caseKind: kind,
    subject,
    owner: reportCategories[body.category],
    openedAt: now,
    dueAt: endOfDaysAfter(now, days),
    facts: {
      category: body.category,
      ...(body.operationId === null ? {} : { operationId: body.operationId }),
    },
    state: 'open',
    resolution: null,
    closedAt: null,
  }
  const first = { recordId, version: 1 }
  const records = [
    newRecord('case', { ...first, body: caseBody, keys: [naturalKey.case(kind, subject)] }),
    newRecord('report', { ...first, body, keys: [reporterKey(body.reporter, recordId)] }),
  ]
  return { case: { ...first, body: caseBody }, report: { ...first, body }, records }
}

/** A case and its report as they are on record. */
export interface KnownReport {
  readonly case: RecordOf<'case'>
  readonly report: RecordOf<'report'>
}

export function reportOf(issuerId: IssuerId, known: KnownReport): Report {
  const caseId = caseIdOf(known.case)
  return { ...known.report.body, case: { issuerId, caseId, ...known.case.body } }
}

/** The record id of a case is the case's. */
export function caseIdOf({ recordId }: { readonly recordId: number }): CaseId {
  return recordId as CaseId // As said.
}

export async function readKnownReport(
  registry: Registry,
  issuerId: IssuerId,
  caseId: CaseId,
): Promise<KnownReport | undefined> {
  const known = await readRecord(registry, issuerId, 'case', caseId)
  const report = await readRecord(registry, issuerId, 'report', caseId)
  return known === undefined || report === undefined ? undefined : { case: known, report }
}

export async function readReport(
  registry: Registry,
  issuerId: IssuerId,
  caseId: CaseId,
): Promise<Report | undefined> {
  const known = await readKnownReport(registry, issuerId, caseId)
  return known && reportOf(issuerId, known)
}

/** Newest first. */
export async function reportsOf(
  registry: Registry,
  issuerId: IssuerId,
  reporter: Reporter,
): Promise<readonly Report[]> {
  const prefix =
    reporter.kind === 'member'
      ? keyPrefix.ofMember(reporter.memberId)
      : keyPrefix.ofMerchant(reporter.merchantId)
  const stored = await registry.listByKey(issuerId, 'report', prefix, OF_REPORTER_MAX)
  return withCases(
    registry,
    issuerId,
    stored.map((each) => recordOf('report', each)),
  )
}

/** Reports with the cases that they belong to, in their order. */
async function withCases(
  registry: Registry,
  issuerId: IssuerId,
  reports: readonly RecordOf<'report'>[],
): Promise<readonly Report[]> {
  const ids = reports.map(({ recordId }) => recordId)
  const stored = await registry.read(issuerId, 'case', ids)
  const cases = new Map(stored.map((each) => [each.recordId, recordOf('case', each)]))
  return reports.flatMap((report) => {
    const known = cases.get(report.recordId)
    return known === undefined ? [] : [reportOf(issuerId, { case: known, report })]
  })
}

/** The reports among some cases; other cases have none. */
export async function reportsAmong(
  registry: Registry,
  issuerId: IssuerId,
  caseIds: readonly CaseId[],
): Promise<ReadonlyMap<CaseId, ReportBody>> {
  const stored = await registry.read(issuerId, 'report', caseIds)
  return new Map(
    stored.map((each) => {
      const { recordId, body } = recordOf('report', each)
      return [caseIdOf({ recordId }), body]
    }),
  )
}

export function sameReporter(one: Reporter, other: Reporter): boolean {
  return one.kind === 'member'
    ? other.kind === 'member' && one.memberId === other.memberId
    : other.kind === 'merchant' && one.merchantId === other.merchantId
}

function reporterKey(reporter: Reporter, recordId: number): string {
  return reporter.kind === 'member'
    ? naturalKey.ofMember(reporter.memberId, recordId)
    : naturalKey.ofMerchant(reporter.merchantId, recordId)
}

/** Where a case stands with its days. */
export function dueWord(
  { state, dueAt }: Pick<CaseBody, 'state' | 'dueAt'>,
  reminderDays: number,
  now: Instant,
): 'soon' | 'overdue' | undefined {
  if (state === 'closed') return undefined
  if (now >= dueAt) return 'overdue'
  return now >= dueAt - reminderDays * DAY_MS ? 'soon' : undefined
}
