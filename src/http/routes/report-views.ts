/** What of a report leaves the house, for its reporter and for its desks. */
import { Type, type Static } from 'typebox'
import { DAY_MS, formatId, type Instant } from '../../base/base.ts'
import {
  ATTACHMENTS_MAX,
  reportCategoryNames,
  reportOutcomes,
  reportStages,
  REPORT_WORDS_MAX,
  type Report,
  type ReportBody,
} from '../../registration/registration.ts'
import { instantOrNull, instantSchema, instantText, operationIdSchema } from '../door.ts'
import { idOut, nullable, wordOut } from './views.ts'

const when = nullable(instantSchema)

export const attachmentSchema = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 400 }),
  mediaType: Type.String({ pattern: '^[a-z]+/[a-z0-9.+-]{1,60}$' }),
  sizeBytes: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Hex, of the bytes' }),
})

/** Up to four UTF-16 units stand for a character that is counted once. */
export const wordsBody = Type.Object({
  words: Type.String({ minLength: 1, maxLength: REPORT_WORDS_MAX * 4 }),
})

export const openingSchema = Type.Object({
  kind: wordOut(['error_report', 'dispute']),
  category: wordOut(reportCategoryNames),
  operationId: Type.Optional(operationIdSchema),
  description: Type.String({ minLength: 1, maxLength: REPORT_WORDS_MAX * 4 }),
  language: Type.Optional(wordOut(['ko', 'en'])),
  attachments: Type.Optional(Type.Array(attachmentSchema, { maxItems: ATTACHMENTS_MAX })),
})

const reportOf = {
  caseId: idOut,
  kind: wordOut(['error_report', 'dispute']),
  desk: wordOut(['issuer', 'operator']),
  category: wordOut(reportCategoryNames),
  operationId: nullable(operationIdSchema),
  description: Type.String(),
  attachments: Type.Array(attachmentSchema),
  stage: wordOut(reportStages),
  outcome: nullable(wordOut(reportOutcomes)),
  openedAt: instantSchema,
  dueAt: instantSchema,
  closedAt: when,
  messages: Type.Array(
    Type.Object({ at: instantSchema, from: wordOut(['reporter', 'desk']), words: Type.String() }),
  ),
  contests: nullable(idOut),
  dispute: nullable(idOut),
}

/** What its reporter sees. */
export const reportSchema = Type.Object(reportOf)
/** What its desk sees: also whose it is, in which language to answer, and who has taken it. */
export const deskReportSchema = Type.Object({
  ...reportOf,
  reporterKind: wordOut(['member', 'merchant']),
  reporterId: idOut,
  language: wordOut(['ko', 'en']),
  officerId: nullable(idOut),
})

export function reportView(report: Report): Static<typeof reportSchema> {
  const { category, operationId, description, attachments, stage, outcome, messages } = report
  const { caseId, caseKind, owner, openedAt, dueAt, closedAt } = report.case
  return {
    caseId: formatId('cas', caseId),
    kind: caseKind === 'dispute' ? 'dispute' : 'error_report',
    desk: owner,
    category,
    operationId,
    description,
    attachments: attachments.map((each) => ({ ...each })),
    stage,
    outcome,
    openedAt: instantText(openedAt),
    dueAt: instantText(dueAt),
    closedAt: instantOrNull(closedAt),
    messages: messages.map(({ at, from, words }) => ({ at: instantText(at), from, words })),
    contests: report.contests === null ? null : formatId('cas', report.contests),
    dispute: report.dispute === null ? null : formatId('cas', report.dispute),
  }
}

export function deskReportView(report: Report): Static<typeof deskReportSchema> {
  const { reporter, language, officerId } = report
  return {
    ...reportView(report),
    reporterKind: reporter.kind,
    reporterId:
      reporter.kind === 'member'
        ? formatId('mbr', reporter.memberId)
        : formatId('mrc', reporter.merchantId),
    language,
    officerId: officerId === null ? null : formatId('off', officerId),
  }
}

/** What a list of cases says of a report: nothing that the reporter wrote. */
export const reportedSchema = nullable(
  Type.Object({
    category: wordOut(reportCategoryNames),
    stage: wordOut(reportStages),
    officerId: nullable(idOut),
  }),
)

export function reportedView(report: ReportBody | undefined): Static<typeof reportedSchema> {
  if (report === undefined) return null
  const { category, stage, officerId } = report
  return { category, stage, officerId: officerId === null ? null : formatId('off', officerId) }
}

/** Full days since it was opened. */
export function ageDays(openedAt: Instant, now: Instant): number {
  return Math.floor((now - openedAt) / DAY_MS)
}
