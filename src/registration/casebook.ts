/**
 * Cases, conversions and notices: what somebody has to look at by a day, and what members are told. Whoever writes one
 * names its subject, so that telling it again finds what there is.
 */
import {
  cleanText,
  won,
  type CaseId,
  type Clock,
  type IdSource,
  type Instant,
  type IssuerId,
  type MemberId,
  type OperationId,
} from '../base/base.ts'
import type { CaseBody, CaseKind, ConversionBody, NoticeBody } from './card-record-bodies.ts'
import { keyPrefix, naturalKey, type RecordBodies } from './record-bodies.ts'
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
import type { RecordPage, Registry } from './registry.ts'

/** 오류정정: to be ended, or told why not, within two weeks (전자금융거래법 시행령 §8). */
export const CASE_TERM_MS = 14 * 86_400_000
const RESOLUTION_LENGTH_MAX = 400
/** Of one member, newest first. */
const OF_MEMBER_MAX = 100

export interface CardCase extends CaseBody {
  readonly issuerId: IssuerId
  readonly caseId: CaseId
}

export interface Conversion extends ConversionBody {
  readonly issuerId: IssuerId
  /** Place in lists; the conversion itself is named by its sale. */
  readonly recordId: number
}

export interface Notice extends NoticeBody {
  readonly issuerId: IssuerId
  readonly recordId: number
}

export interface CaseOpening {
  /** The operator's own (0) where no issuer is known. */
  readonly issuerId: IssuerId
  readonly caseKind: CaseKind
  readonly subject: string
  readonly owner: CaseBody['owner']
  readonly facts: CaseBody['facts']
  /** Absent: now. */
  readonly openedAt?: Instant
  /** Absent: two weeks after it is opened. */
  readonly dueAt?: Instant
}

export interface CaseClosure {
  readonly issuerId: IssuerId
  readonly caseId: CaseId
  /** Who closes it, as id text or `system`. */
  readonly by: string
  /** The cases that this closer may close. */
  readonly owner?: CaseBody['owner']
  readonly resolution: string
}

export interface ConversionOpening extends Omit<
  ConversionBody,
  | 'state'
  | 'reason'
  | 'voucherWon'
  | 'operationId'
  | 'openedAt'
  | 'dueAt'
  | 'closedAt'
  | 'refundFile'
> {
  /** Absent: now. */
  readonly openedAt?: Instant
  /** Absent: two weeks after it is opened. */
  readonly dueAt?: Instant
}

export interface OpenedConversion {
  readonly status: 'opened' | 'known'
  readonly conversion: Conversion
}

/** All methods throw the registry's Faults. */
export interface Casebook {
  /** The same kind and subject again gives the case there is, closed or not. */
  openCase(opening: CaseOpening): Promise<CardCase>
  /** Closed with the same words already: as it is. */
  closeCase(closure: CaseClosure): Promise<Registered<{ readonly case: CardCase }>>
  case(issuerId: IssuerId, caseId: CaseId): Promise<CardCase | undefined>
  /** The same sale again gives the conversion there is. */
  openConversion(issuerId: IssuerId, opening: ConversionOpening): Promise<OpenedConversion>
  /**
   * Decides anew on a conflict. @param change gives the next body, or `undefined` where nothing is to be changed
   * @returns the conversion as it stands then; `undefined` where there is none
   */
  changeConversion(
    issuerId: IssuerId,
    saleId: OperationId,
    change: (body: ConversionBody) => ConversionBody | undefined,
  ): Promise<Conversion | undefined>
  /** Once for each kind and subject. */
  notify(
    issuerId: IssuerId,
    notice: Omit<NoticeBody, 'at'> & { readonly subject: string },
  ): Promise<void>
  /** Newest first. */
  cases(issuerId: IssuerId, page: RecordPage): Promise<readonly CardCase[]>
  conversions(issuerId: IssuerId, page: RecordPage): Promise<readonly Conversion[]>
  conversionsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly Conversion[]>
  noticesOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly Notice[]>
}

export interface CasebookDeps {
  readonly registry: Registry
  readonly ids: IdSource
  readonly clock: Clock
}

export function createCasebook(deps: CasebookDeps): Casebook {
  const { registry } = deps
  return {
    openCase: (opening) => openCase(deps, opening),
    closeCase: (closure) => closeCase(deps, closure),
    async case(issuerId, caseId) {
      const record = await readRecord(registry, issuerId, 'case', caseId)
      return record && caseOf(issuerId, record)
    },
    openConversion: (issuerId, opening) => openConversion(deps, issuerId, opening),
    changeConversion: (issuerId, saleId, change) =>
      changeConversion(deps, issuerId, saleId, change),
    notify: (issuerId, notice) => notify(deps, issuerId, notice),
    async cases(issuerId, page) {
      const stored = await registry.list(issuerId, 'case', page)
      return stored.map((each) => caseOf(issuerId, recordOf('case', each)))
    },
    async conversions(issuerId, page) {
      const stored = await registry.list(issuerId, 'conversion', page)
      return stored.map((each) => conversionOf(issuerId, recordOf('conversion', each)))
    },
    async conversionsOf(issuerId, memberId) {
      const prefix = keyPrefix.ofMember(memberId)
      const stored = await registry.listByKey(issuerId, 'conversion', prefix, OF_MEMBER_MAX)
      return stored.map((each) => conversionOf(issuerId, recordOf('conversion', each)))
    },
    async noticesOf(issuerId, memberId) {
      const prefix = keyPrefix.ofMember(memberId)
      const stored = await registry.listByKey(issuerId, 'notice', prefix, OF_MEMBER_MAX)
      return stored.map((each) => noticeOf(issuerId, recordOf('notice', each)))
    },
  }
}

async function openCase(deps: CasebookDeps, opening: CaseOpening): Promise<CardCase> {
  const { issuerId, caseKind, subject, owner, facts } = opening
  const openedAt = opening.openedAt ?? deps.clock()
  const { record } = await writeOnce(deps, {
    issuerId,
    kind: 'case',
    key: naturalKey.case(caseKind, subject),
    body: {
      caseKind,
      subject,
      owner,
      openedAt,
      dueAt: opening.dueAt ?? openedAt + CASE_TERM_MS,
      facts,
      state: 'open',
      resolution: null,
      closedAt: null,
    },
  })
  return caseOf(issuerId, record)
}

async function closeCase(
  deps: CasebookDeps,
  closure: CaseClosure,
): Promise<Registered<{ readonly case: CardCase }>> {
  const { issuerId, caseId, by, owner } = closure
  const resolution = cleanText(closure.resolution, RESOLUTION_LENGTH_MAX)
  if (resolution === undefined) return refused('field_invalid', 'resolution')
  const closedAt = deps.clock()
  const decide = async (): Promise<Change<Registered<{ readonly case: CardCase }>>> => {
    const known = await readRecord(deps.registry, issuerId, 'case', caseId)
    if (known === undefined || (owner !== undefined && known.body.owner !== owner)) {
      return { answer: refused('case_unknown') }
    }
    // A report ends by an answer to whoever made it, and not otherwise.
    if (known.body.caseKind === 'error_report' || known.body.caseKind === 'dispute') {
      return { answer: refused('case_transition_refused') }
    }
    if (known.body.state === 'closed') {
      const isSame = known.body.resolution === resolution
      const answer = { status: 'registered', case: caseOf(issuerId, known) } as const
      return { answer: isSame ? answer : refused('case_closed') }
    }
    const body: CaseBody = { ...known.body, state: 'closed', resolution, closedAt }
    const next = { recordId: caseId, version: known.version + 1, body }
    return {
      answer: { status: 'registered', case: caseOf(issuerId, next) },
      by,
      records: [newRecord('case', next)],
    }
  }
  return changeRecords(deps.registry, issuerId, closedAt, decide)
}

async function openConversion(
  deps: CasebookDeps,
  issuerId: IssuerId,
  opening: ConversionOpening,
): Promise<OpenedConversion> {
  const openedAt = opening.openedAt ?? deps.clock()
  const { record, isNew } = await writeOnce(deps, {
    issuerId,
    kind: 'conversion',
    key: naturalKey.conversion(opening.saleId),
    memberId: opening.memberId,
    body: {
      ...opening,
      state: 'open',
      reason: null,
      voucherWon: won(0),
      operationId: null,
      openedAt,
      dueAt: opening.dueAt ?? openedAt + CASE_TERM_MS,
      closedAt: null,
      refundFile: null,
    },
  })
  return { status: isNew ? 'opened' : 'known', conversion: conversionOf(issuerId, record) }
}

async function changeConversion(
  deps: CasebookDeps,
  issuerId: IssuerId,
  saleId: OperationId,
  change: (body: ConversionBody) => ConversionBody | undefined,
): Promise<Conversion | undefined> {
  const key = naturalKey.conversion(saleId)
  const decide = async (): Promise<Change<Conversion | undefined>> => {
    const known = await findRecord(deps.registry, issuerId, 'conversion', key)
    const body = known && change(known.body)
    if (known === undefined || body === undefined) {
      return { answer: known && conversionOf(issuerId, known) }
    }
    const { recordId } = known
    const next = { recordId, version: known.version + 1, body }
    // A conversion may learn whose it is only later.
    const keys = body.memberId === null ? [] : [naturalKey.ofMember(body.memberId, recordId)]
    return {
      answer: conversionOf(issuerId, next),
      by: 'system',
      records: [newRecord('conversion', { ...next, keys })],
    }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

async function notify(
  deps: CasebookDeps,
  issuerId: IssuerId,
  { subject, ...notice }: Omit<NoticeBody, 'at'> & { readonly subject: string },
): Promise<void> {
  await writeOnce(deps, {
    issuerId,
    kind: 'notice',
    key: naturalKey.notice(notice.noticeKind, subject),
    memberId: notice.memberId,
    body: { ...notice, at: deps.clock() },
  })
}

/** The record that bears the key, written now where there is none. */
function writeOnce<Kind extends 'case' | 'conversion' | 'notice'>(
  deps: CasebookDeps,
  wanted: {
    readonly issuerId: IssuerId
    readonly kind: Kind
    readonly key: string
    readonly memberId?: MemberId | null
    readonly body: RecordBodies[Kind]
  },
): Promise<{ readonly record: RecordOf<Kind>; readonly isNew: boolean }> {
  const { issuerId, kind, key, memberId, body } = wanted
  const decide = async (): Promise<Change<{ record: RecordOf<Kind>; isNew: boolean }>> => {
    const known = await findRecord(deps.registry, issuerId, kind, key)
    if (known !== undefined) return { answer: { record: known, isNew: false } }
    const record = { recordId: deps.ids.next('cas'), version: 1, body }
    const keys = [key]
    if (typeof memberId === 'number') keys.push(naturalKey.ofMember(memberId, record.recordId))
    return {
      answer: { record, isNew: true },
      by: 'system',
      records: [newRecord(kind, { ...record, keys })],
    }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

function caseOf(issuerId: IssuerId, { recordId, body }: RecordOf<'case'>): CardCase {
  return { issuerId, caseId: recordId as CaseId, ...body } // The record id of a case is the case's.
}

function conversionOf(issuerId: IssuerId, { recordId, body }: RecordOf<'conversion'>): Conversion {
  return { issuerId, recordId, ...body }
}

function noticeOf(issuerId: IssuerId, { recordId, body }: RecordOf<'notice'>): Notice {
  return { issuerId, recordId, ...body }
}
