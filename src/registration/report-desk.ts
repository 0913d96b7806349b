/** The desk of reports: opening, answering, listing what is due, and reminding of it. */
import { formatId, type CaseId, type Instant, type IssuerId } from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import type { CardCase } from './casebook.ts'
import { partyNotice } from './party-notices.ts'
import { naturalKey } from './record-bodies.ts'
import { changeRecords, findRecord, recordOf, type Change } from './record-store.ts'
import type { Registered } from './refusal.ts'
import { changeReport, type ReportCommand } from './report-changes.ts'
import type { ReportBody, Reporter } from './report-record-bodies.ts'
import {
  caseIdOf,
  dueWord,
  openReport,
  readReport,
  reportsAmong,
  reportsOf,
  sameReporter,
  type Report,
  type ReportDeps,
  type ReportOpening,
} from './reports.ts'

/** All methods throw the registry's Faults; a no is a value. */
export interface ReportDesk {
  open(opening: ReportOpening): Promise<Registered<{ readonly report: Report }>>
  change(command: ReportCommand): Promise<Registered<{ readonly report: Report }>>
  report(issuerId: IssuerId, caseId: CaseId): Promise<Report | undefined>
  /** Of one reporter, the newest first. */
  reportsOf(issuerId: IssuerId, reporter: Reporter): Promise<readonly Report[]>
  /** What was reported, of those cases that are reports. */
  reportsAmong(
    issuerId: IssuerId,
    caseIds: readonly CaseId[],
  ): Promise<ReadonlyMap<CaseId, ReportBody>>
  /** Open cases that are due soon or late, the earliest first. */
  dueCases(issuerId: IssuerId, now: Instant): Promise<readonly DueCase[]>
  /** One page of open cases: a notice to the desk about each that is due soon or late, once for its day. */
  remind(issuerId: IssuerId, page: ReminderPage): Promise<Reminded>
}

export interface DueCase {
  readonly case: CardCase
  readonly due: 'soon' | 'overdue'
}

/** Open cases that are looked at for those that are due; more than that is a matter for somebody else. */
export const DUE_CASES_MAX = 2_000
const PAGE = 200

export interface ReminderPage {
  readonly now: Instant
  /** Cases below this number; absent: from the newest. */
  readonly before?: number
  readonly limit: number
}
export interface Reminded {
  readonly told: number
  /** Where the next page begins; `undefined` when this was the last. */
  readonly before: number | undefined
}

export function createReportDesk(deps: ReportDeps): ReportDesk {
  const { registry } = deps
  return {
    open: (opening) => openReport(deps, opening),
    change: (command) => changeReport(deps, command),
    report: (issuerId, caseId) => readReport(registry, issuerId, caseId),
    reportsOf: (issuerId, reporter) => reportsOf(registry, issuerId, reporter),
    reportsAmong: (issuerId, caseIds) => reportsAmong(registry, issuerId, caseIds),
    dueCases: (issuerId, now) => dueCases(deps, issuerId, now),
    remind: (issuerId, page) => remind(deps, issuerId, page),
  }
}

async function openCases(
  { registry }: Pick<ReportDeps, 'registry'>,
  issuerId: IssuerId,
  page: { readonly before?: number | undefined; readonly limit: number },
): Promise<CardCase[]> {
  const { before, limit } = page
  const asked = { state: 'open', limit, ...(before === undefined ? {} : { before }) }
  const stored = await registry.list(issuerId, 'case', asked)
  return stored.map((each) => {
    const { recordId, body } = recordOf('case', each)
    return { issuerId, caseId: caseIdOf({ recordId }), ...body }
  })
}

async function dueCases(
  deps: ReportDeps,
  issuerId: IssuerId,
  now: Instant,
): Promise<readonly DueCase[]> {
  const { caseReminderDays } = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const found: DueCase[] = []
  let before: number | undefined
  for (let seen = 0; seen < DUE_CASES_MAX; seen += PAGE) {
    const page = await openCases(deps, issuerId, { before, limit: PAGE })
    for (const each of page) {
      const due = dueWord(each, caseReminderDays, now)
      if (due !== undefined) found.push({ case: each, due })
    }
    if (page.length < PAGE) break
    before = page.at(-1)?.caseId
  }
  return found.toSorted((a, b) => a.case.dueAt - b.case.dueAt || a.case.caseId - b.case.caseId)
}

async function remind(
  deps: ReportDeps,
  issuerId: IssuerId,
  { now, before, limit }: ReminderPage,
): Promise<Reminded> {
  const { caseReminderDays } = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const page = await openCases(deps, issuerId, { before, limit })
  let told = 0
  for (const each of page) {
    const due = dueWord(each, caseReminderDays, now)
    if (due !== undefined && (await tellDesk(deps, each, due))) told += 1
  }
  return { told, before: page.length < limit ? undefined : page.at(-1)?.caseId }
}

/** One notice for each case, word and day that it was due: a case that was opened again has another day. */
async function tellDesk(
  { registry, ids, clock }: ReportDeps,
  { issuerId, caseId, dueAt, caseKind, owner }: CardCase,
  due: DueCase['due'],
): Promise<boolean> {
  const kind = due === 'soon' ? 'case_due' : 'case_overdue'
  const name = formatId('cas', caseId)
  const key = naturalKey.partyNotice(kind, `${name}/${dueAt}`)
  const at = clock()
  const decide = async (): Promise<Change<boolean>> => {
    if ((await findRecord(registry, issuerId, 'party_notice', key)) !== undefined) {
      return { answer: false }
    }
    const facts = { case: name, kind: caseKind, owner, until: dueAt }
    const notice = partyNotice(ids, {
      party: 'issuer',
      merchantId: null,
      partyNoticeKind: kind,
      at,
      facts,
    })
    const keys = [...(notice.keys ?? []), key]
    return { answer: true, by: 'system', records: [{ ...notice, keys }] }
  }
  return changeRecords(registry, issuerId, at, decide)
}

/** The report where it is the reporter's own. */
export async function ownReport(
  desk: Pick<ReportDesk, 'report'>,
  issuerId: IssuerId,
  own: { readonly caseId: CaseId; readonly reporter: Reporter },
): Promise<Report | undefined> {
  const report = await desk.report(issuerId, own.caseId)
  return report !== undefined && sameReporter(report.reporter, own.reporter) ? report : undefined
}
