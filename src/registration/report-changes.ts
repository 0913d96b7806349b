/** What becomes of a report: taken, asked about, answered, contested. */
import {
  cleanLines,
  DAY_MS,
  endOfDaysAfter,
  formatId,
  type CaseId,
  type Instant,
  type IssuerId,
  type OfficerId,
  type OperationId,
} from '../base/base.ts'
import { rulesAt, type IssuerRuleValues } from '../issuing/issuing.ts'
import type { CaseBody, NoticeBody } from './card-record-bodies.ts'
import { toIssuer, toMerchant } from './party-notices.ts'
import { naturalKey } from './record-bodies.ts'
import { changeRecords, findRecord, newRecord, type Change } from './record-store.ts'
import { refused, type Refused, type Registered } from './refusal.ts'
import type { NewRecord } from './registry.ts'
import { nextReportStep, reporterEvents, type ReportAction } from './report-machine.ts'
import type { ReportBody, Reporter, ReportMessage, ReportOutcome } from './report-record-bodies.ts'
import {
  caseIdOf,
  openingRecords,
  readKnownReport,
  REPORT_WORDS_MAX,
  reportOf,
  sameReporter,
  type KnownReport,
  type Report,
  type ReportDeps,
} from './reports.ts'

/** Words to and from of one report; the oldest stay in older versions. */
const MESSAGES_MAX = 60

export type ReportChange =
  | { readonly event: 'assign'; readonly officerId: OfficerId | null }
  | { readonly event: 'give_on'; readonly owner: CaseBody['owner'] }
  | { readonly event: 'ask' | 'answer' | 'reopen' | 'escalate'; readonly words: string }
  | { readonly event: 'resolve'; readonly outcome: ReportOutcome; readonly words: string }

/** Whoever changes it: its reporter, or one of the two desks, which changes only what it owns. */
export type ReportParty =
  | { readonly kind: 'reporter'; readonly reporter: Reporter }
  | { readonly kind: CaseBody['owner'] }

export interface ReportCommand {
  readonly issuerId: IssuerId
  readonly caseId: CaseId
  readonly requestId: OperationId
  /** As id text. */
  readonly by: string
  readonly party: ReportParty
  readonly change: ReportChange
}

/** Takes one change. What the same request did before is answered as it stands. */
export async function changeReport(
  deps: ReportDeps,
  command: ReportCommand,
): Promise<Registered<{ readonly report: Report }>> {
  const { registry } = deps
  const { issuerId, caseId, requestId, by, party } = command
  const change = cleanChange(command.change)
  if (change === undefined) return refused('field_invalid', 'words')
  const key = naturalKey.request(requestId)
  const now = deps.clock()
  const rules = rulesAt(deps.issuerRules.issuerRules(issuerId), now)
  const decide = async (): Promise<Change<Registered<{ readonly report: Report }>>> => {
    const known = await readKnownReport(registry, issuerId, caseId)
    if (known === undefined || !isOf(known, party)) return { answer: refused('case_unknown') }
    const done = await findRecord(registry, issuerId, 'report', key)
    if (done !== undefined) {
      const isOurs = done.recordId === known.report.recordId
      const report = reportOf(issuerId, known)
      return { answer: isOurs ? { status: 'registered', report } : refused('request_reused') }
    }
    const { stage, action } = nextReportStep(known.report.body.stage, change.event)
    const refusal = refusalOf(known, { change, party, action, rules, now })
    if (refusal !== undefined) return { answer: refusal }
    const taken = { ...known.report.body, ...takeChange(known.report.body, change, now), stage }
    const changed = { deps, known, change, action, taken, rules, now }
    const { records, next } = recordsOf(changed, key)
    return { answer: { status: 'registered', report: reportOf(issuerId, next) }, by, records }
  }
  return changeRecords(registry, issuerId, now, decide)
}

function cleanChange(change: ReportChange): ReportChange | undefined {
  if (!('words' in change)) return change
  const words = cleanLines(change.words, REPORT_WORDS_MAX)
  return words === undefined ? undefined : { ...change, words }
}

/** What is somebody else's does not exist for a reporter, nor what is another desk's for a desk. */
function isOf(known: KnownReport, party: ReportParty): boolean {
  return party.kind === 'reporter'
    ? sameReporter(known.report.body.reporter, party.reporter)
    : known.case.body.owner === party.kind
}

function refusalOf(
  known: KnownReport,
  given: {
    readonly change: ReportChange
    readonly party: ReportParty
    readonly action: ReportAction
    readonly rules: IssuerRuleValues
    readonly now: Instant
  },
): Refused | undefined {
  const { change, party, action, rules, now } = given
  const isReporters = reporterEvents.some((event) => event === change.event)
  const isWrongSide = isReporters !== (party.kind === 'reporter')
  const { caseKind, closedAt, dueAt, owner } = known.case.body
  const isNowhere = change.event === 'escalate' && caseKind === 'dispute'
  const isSameDesk = change.event === 'give_on' && change.owner === owner
  if (action === 'not_allowed' || isWrongSide || isNowhere || isSameDesk) {
    return refused('case_transition_refused')
  }
  if (change.event !== 'reopen' && change.event !== 'escalate') return undefined
  // An answer is contested in its days; without one, once it is late.
  if (closedAt === null) {
    return now < dueAt ? { ...refused('case_too_early'), at: dueAt } : undefined
  }
  const until = closedAt + rules.caseReopenDays * DAY_MS
  return now >= until ? { ...refused('case_too_late'), at: until } : undefined
}

function takeChange(body: ReportBody, change: ReportChange, at: Instant): Partial<ReportBody> {
  switch (change.event) {
    case 'assign':
      return { officerId: change.officerId }
    case 'give_on':
      // The next desk has its own people.
      return { officerId: null }
    case 'resolve':
      return { outcome: change.outcome, messages: withMessage(body, 'desk', change.words, at) }
    case 'ask':
      return { messages: withMessage(body, 'desk', change.words, at) }
    case 'reopen':
      return { outcome: null, messages: withMessage(body, 'reporter', change.words, at) }
    default:
      return { messages: withMessage(body, 'reporter', change.words, at) }
  }
}

function withMessage(
  { messages }: ReportBody,
  from: ReportMessage['from'],
  words: string,
  at: Instant,
): readonly ReportMessage[] {
  return [...messages, { at, from, words }].slice(-MESSAGES_MAX)
}

interface Changed {
  readonly deps: ReportDeps
  readonly known: KnownReport
  readonly change: ReportChange
  readonly action: ReportAction
  readonly taken: ReportBody
  readonly rules: IssuerRuleValues
  readonly now: Instant
}

function recordsOf(
  changed: Changed,
  key: string,
): { readonly records: NewRecord[]; readonly next: KnownReport } {
  const { deps, known, change, action, rules, now } = changed
  const { recordId } = known.case
  const dispute = action === 'open_dispute' ? disputeOf(changed) : undefined
  const taken =
    dispute === undefined ? changed.taken : { ...changed.taken, dispute: caseIdOf(dispute.case) }
  const body = caseAfter(known.case.body, { change, action, rules, now })
  const next = {
    case: { recordId, version: known.case.version + 1, body },
    report: { recordId, version: known.report.version + 1, body: taken },
  }
  const records = [
    newRecord('case', next.case),
    newRecord('report', { ...next.report, keys: [key] }),
    ...(dispute?.records ?? []),
  ]
  if (action === 'tell' || action === 'end') records.push(toReporter(changed))
  if (action === 'hand_over' && body.owner === 'issuer') {
    const facts = { until: body.dueAt, case: formatId('cas', caseIdOf(known.case)) }
    records.push(toIssuer(deps.ids, null, { partyNoticeKind: 'case_given_on', at: now, facts }))
  }
  return { records, next }
}

function caseAfter(
  body: CaseBody,
  given: Pick<Changed, 'change' | 'action' | 'rules' | 'now'>,
): CaseBody {
  const { change, action, rules, now } = given
  const words = 'words' in change ? change.words : null
  switch (action) {
    case 'hand_over':
      return { ...body, owner: body.owner === 'issuer' ? 'operator' : 'issuer' }
    case 'end':
      return { ...body, state: 'closed', resolution: words, closedAt: now }
    case 'open_dispute':
      return {
        ...body,
        state: 'closed',
        resolution: body.resolution ?? '분쟁으로 이관',
        closedAt: body.closedAt ?? now,
      }
    case 'start_days': {
      const days = body.caseKind === 'dispute' ? rules.disputeDays : rules.errorReportDays
      const dueAt = endOfDaysAfter(now, days)
      return { ...body, state: 'open', resolution: null, closedAt: null, dueAt }
    }
    default:
      return body
  }
}

/** The dispute about an answer, or about none: a case of its own with days of its own. */
function disputeOf({ deps, known, change, taken, rules, now }: Changed) {
  const contests = caseIdOf(known.case)
  const body: ReportBody = {
    ...taken,
    description: 'words' in change ? change.words : taken.description,
    stage: 'opened',
    officerId: null,
    outcome: null,
    messages: [],
    contests,
    dispute: null,
  }
  const subject = formatId('cas', contests)
  return openingRecords(deps, { kind: 'dispute', subject, body, rules, now })
}

/** A question or the answer, to the member or the merchant who waits for it. */
function toReporter({ deps, known, change, action, now: at }: Changed): NewRecord {
  const { reporter } = known.report.body
  const kind = action === 'end' ? 'case_answer' : 'case_question'
  const facts = {
    case: formatId('cas', caseIdOf(known.case)),
    words: 'words' in change ? change.words : '',
    ...(change.event === 'resolve' ? { outcome: change.outcome } : {}),
  }
  if (reporter.kind === 'merchant') {
    return toMerchant(deps.ids, reporter.merchantId, { partyNoticeKind: kind, at, facts })
  }
  const { memberId } = reporter
  const recordId = deps.ids.next('cas')
  const body: NoticeBody = { memberId, noticeKind: kind, at, facts }
  const keys = [naturalKey.ofMember(memberId, recordId)]
  return newRecord('notice', { recordId, version: 1, body, keys })
}
