/**
 * Appeals (이의신청): a member says that they should have been on a list or got too little. One officer accepts with an
 * amount and another confirms; the grant has a key of its own, made from the appeal.
 */
import {
  businessDate,
  cleanText,
  DAY_MS,
  derivedOperationId,
  formatId,
  requestHash,
  type AppealId,
  type Instant,
  type IssuerId,
  type MemberId,
  type StipendBatchId,
  type Won,
} from '../base/base.ts'
import { fundedBy, stipendExpiresAt } from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  keyPrefix,
  naturalKey,
  newRecord,
  recordOf,
  readRecord,
  type AppealBody,
  type AppealGround,
  type Change,
  type NewRecord,
  type RecordOf,
  type RecordPage,
} from '../registration/registration.ts'
import { readBatch, stipendTermsOf } from './batches.ts'
import { LINE_WON_MAX } from './eligibility-cells.ts'
import { noticeOf, noticeRecord } from './grant-notices.ts'
import { drawsOf, sourcesOf } from './grants.ts'
import type { GrantingDeps } from './granting-ports.ts'
import { refusedGrant, type Granted, type GrantingRefused } from './granting-refusal.ts'
import { onlyMember } from './line-judgement.ts'

export interface Appeal extends AppealBody {
  readonly issuerId: IssuerId
  readonly appealId: AppealId
}

export const APPEAL_WORDS_LENGTH_MAX = 800
/** Of one member about one batch, one after the other. */
export const APPEALS_PER_BATCH_MAX = 3
const OF_MEMBER_MAX = 100
const OPEN_PAGE = 200
/** An appeal that was declined so often, an hour between, needs somebody to look at its pots. */
const ATTEMPTS_MAX = 200

export interface AppealOpening {
  readonly issuerId: IssuerId
  readonly batchId: StipendBatchId
  readonly memberId: MemberId
  readonly ground: AppealGround
  readonly claimedWon: Won | null
  readonly words: string
}

/** The same words again while the appeal is open find it. */
export async function openAppeal(
  deps: GrantingDeps,
  opening: AppealOpening,
): Promise<Granted<{ readonly appeal: Appeal }>> {
  const { issuerId, batchId, memberId, ground, claimedWon } = opening
  const words = cleanText(opening.words, APPEAL_WORDS_LENGTH_MAX)
  if (words === undefined) return refusedGrant('words_missing', 'words')
  const now = deps.clock()
  const batch = await readBatch(deps, issuerId, batchId)
  // What was not released is nobody's business yet.
  if (batch === undefined || batch.appealUntil === null) return refusedGrant('batch_unknown')
  if (now >= batch.appealUntil) return refusedGrant('appeal_period_over')
  const terms = stipendTermsOf(deps, issuerId, batch.programId, now)
  if ('status' in terms) return terms
  const body: AppealBody = {
    ...freshAppeal,
    batchId,
    memberId,
    ground,
    claimedWon,
    words,
    openedAt: now,
    dueAt: now + terms.stipend.appealAnswerDays * DAY_MS,
  }
  const decide = async (): Promise<Change<Granted<{ readonly appeal: Appeal }>>> => {
    for (let count = 1; count <= APPEALS_PER_BATCH_MAX; count += 1) {
      const key = naturalKey.appeal(batchId, memberId, count)
      const known = await findRecord(deps.registry, issuerId, 'appeal', key)
      if (known !== undefined && isOver(known.body)) continue
      if (known !== undefined) return { answer: knownAppeal(issuerId, known, body) }
      const appealId = deps.ids.next('apl')
      const record = { recordId: appealId, version: 1, body }
      const keys = [key, naturalKey.ofMember(memberId, appealId)]
      return {
        answer: { status: 'done', appeal: appealOf(issuerId, record) },
        by: formatId('mbr', memberId),
        records: [newRecord('appeal', { ...record, keys })],
      }
    }
    return { answer: refusedGrant('too_many_appeals') }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

const freshAppeal = {
  state: 'open',
  amountWon: null,
  acceptedBy: null,
  decidedBy: null,
  answer: null,
  closedAt: null,
  operationId: null,
} as const

function isOver({ state }: AppealBody): boolean {
  return state === 'granted' || state === 'refused'
}

function knownAppeal(
  issuerId: IssuerId,
  known: RecordOf<'appeal'>,
  { ground, claimedWon, words }: AppealBody,
): Granted<{ readonly appeal: Appeal }> {
  const { body } = known
  const isSame = body.ground === ground && body.claimedWon === claimedWon && body.words === words
  return isSame
    ? { status: 'done', appeal: appealOf(issuerId, known) }
    : refusedGrant('appeal_open_already')
}

/** `accept` says how much is granted; `confirm` is another officer's word on it. */
export type AppealVerdict =
  | { readonly verdict: 'accept'; readonly amountWon: Won; readonly answer: string }
  | { readonly verdict: 'refuse'; readonly answer: string }
  | { readonly verdict: 'confirm' }

export interface AppealDecision {
  readonly issuerId: IssuerId
  readonly appealId: AppealId
  readonly by: string
  readonly verdict: AppealVerdict
}

export async function decideAppeal(
  deps: GrantingDeps,
  decision: AppealDecision,
): Promise<Granted<{ readonly appeal: Appeal }>> {
  const { issuerId, appealId, by, verdict } = decision
  const words =
    verdict.verdict === 'confirm' ? '' : cleanText(verdict.answer, APPEAL_WORDS_LENGTH_MAX)
  if (words === undefined) return refusedGrant('words_missing', 'answer')
  const now = deps.clock()
  const overCap = verdict.verdict === 'confirm' && (await isOverCap(deps, decision))
  if (overCap) return refusedGrant('appeal_over_cap')
  const decided = await changeAppeal(deps, { issuerId, appealId, by }, (appeal) => {
    if (verdict.verdict === 'accept') return accepted(appeal, { ...verdict, answer: words, by })
    if (verdict.verdict === 'refuse') return turnedDown(appeal, { answer: words, by, now })
    if (appeal.state === 'confirmed' || appeal.state === 'granted') return appeal
    if (appeal.state !== 'accepted') return refusedGrant('appeal_state_differs')
    if (appeal.acceptedBy === by) return refusedGrant('other_officer_needed')
    return { ...appeal, state: 'confirmed', decidedBy: by }
  })
  if (decided.status === 'refused') return decided
  const { appeal } = decided
  const ended = appeal.state === 'confirmed' ? await grantAppeal(deps, appeal) : appeal
  await closeOverdue(deps, ended)
  return { status: 'done', appeal: ended }
}

function accepted(
  appeal: Appeal,
  { amountWon, answer, by }: { amountWon: Won; answer: string; by: string },
): Appeal | GrantingRefused {
  if (amountWon < 1 || amountWon > LINE_WON_MAX) {
    return refusedGrant('appeal_amount_wrong', 'amountWon')
  }
  // Until somebody confirmed it, another word may take its place; then that one waits for a second officer.
  if (appeal.state !== 'open' && appeal.state !== 'accepted') {
    return refusedGrant('appeal_state_differs')
  }
  const isSame = appeal.amountWon === amountWon && appeal.answer === answer
  if (appeal.state === 'accepted' && isSame && appeal.acceptedBy === by) return appeal
  return { ...appeal, state: 'accepted', amountWon, answer, acceptedBy: by }
}

function turnedDown(
  appeal: Appeal,
  { answer, by, now }: { answer: string; by: string; now: Instant },
): Appeal | GrantingRefused {
  if (appeal.state === 'refused' && appeal.answer === answer) return appeal
  if (appeal.state !== 'open' && appeal.state !== 'accepted') {
    return refusedGrant('appeal_state_differs')
  }
  return { ...appeal, state: 'refused', amountWon: null, answer, decidedBy: by, closedAt: now }
}

async function isOverCap(
  deps: GrantingDeps,
  { issuerId, appealId }: AppealDecision,
): Promise<boolean> {
  const appeal = await readAppeal(deps, issuerId, appealId)
  const batch = appeal && (await readBatch(deps, issuerId, appeal.batchId))
  if (appeal?.state !== 'accepted' || batch === undefined) return false
  const at = deps.clock()
  const terms = stipendTermsOf(deps, issuerId, batch.programId, at)
  const [found = []] = await deps.members.find(issuerId, [appeal.memberId])
  const member = onlyMember(found)
  if ('status' in terms || member === undefined) return false
  const [held] = await deps.members.holdings(issuerId, batch.programId, [member.walletId], at)
  return (held ?? 0) + (appeal.amountWon ?? 0) > terms.holdingCapWon
}

/** A member learns of a refusal in the same writing as everybody else. */
function refusalNotice(deps: GrantingDeps, appeal: Appeal, at: Instant): NewRecord {
  const subject = formatId('apl', appeal.appealId)
  const facts = { appealId: subject, answer: appeal.answer ?? '' }
  const { memberId } = appeal
  const notice = noticeOf({ memberId, noticeKind: 'appeal_refused', subject, facts }, at)
  return noticeRecord(deps.ids, notice)
}

async function grantAppeal(deps: GrantingDeps, appeal: Appeal): Promise<Appeal> {
  const { issuerId, appealId, batchId, memberId, amountWon, acceptedBy } = appeal
  const at = deps.clock()
  const batch = await readBatch(deps, issuerId, batchId)
  const terms = batch && stipendTermsOf(deps, issuerId, batch.programId, at)
  const [found = []] = await deps.members.find(issuerId, [memberId])
  const member = onlyMember(found)
  if (batch === undefined || terms === undefined || 'status' in terms) return appeal
  if (member === undefined || amountWon === null) return appeal
  const subject = formatId('apl', appealId)
  const hash = await nextKey(deps, issuerId, subject)
  if (hash === undefined) return appeal
  const operationId = derivedOperationId(hash)
  const { walletId } = member
  const shares = fundedBy(terms.benefit, amountWon)
  await deps.ledger.openWallets(issuerId, [{ walletId, memberId }], at)
  const [outcome] = await deps.ledger.issue(
    issuerId,
    [
      {
        operationId,
        requestHash: hash,
        ...(acceptedBy === null ? {} : { actor: acceptedBy }),
        walletId,
        lotId: deps.ids.next('lot'),
        programId: batch.programId,
        kind: 'stipend',
        expiresAt: stipendExpiresAt(terms, at),
        sources: sourcesOf(shares),
        ...drawsOf(deps, { issuerId, programId: batch.programId, shares, now: at }),
      },
    ],
    at,
  )
  if (outcome?.status !== 'posted') return appeal
  const usableUntil = businessDate(stipendExpiresAt(terms, at) - 1)
  const facts = { appealId: subject, amountWon, usableUntil }
  await deps.casebook.notify(issuerId, { memberId, noticeKind: 'appeal_accepted', subject, facts })
  const granted = await changeAppeal(deps, { issuerId, appealId, by: 'system' }, (known) =>
    known.state === 'confirmed' ? { ...known, state: 'granted', operationId, closedAt: at } : known,
  )
  return granted.status === 'done' ? granted.appeal : appeal
}

/** The first key that the ledger did not decline: a decline, as for an empty pot, answers its key for ever. */
async function nextKey(
  { ledger, sha256 }: Pick<GrantingDeps, 'ledger' | 'sha256'>,
  issuerId: IssuerId,
  subject: string,
): Promise<Uint8Array | undefined> {
  const hashes = Array.from({ length: ATTEMPTS_MAX }, (_, index) =>
    requestHash(sha256, ['appeal', formatId('iss', issuerId), subject, index + 1]),
  )
  const known = await ledger.find(issuerId, hashes.map(derivedOperationId))
  return hashes[known.findIndex((operation) => operation?.decline === undefined)]
}

/** Ends what a decision began and could not end, and opens a case for each that nobody answered by its day. */
export async function appealStep(deps: GrantingDeps, issuerId: IssuerId): Promise<void> {
  for (const appeal of await appealsIn(deps, issuerId, 'confirmed')) {
    await closeOverdue(deps, await grantAppeal(deps, appeal))
  }
  const now = deps.clock()
  for (const state of ['open', 'accepted'] as const) {
    for (const appeal of await appealsIn(deps, issuerId, state)) {
      if (now < appeal.dueAt) continue
      await openOverdue(deps, appeal)
    }
  }
}

/** Whoever ends an appeal after its day closes the case that was opened for it. */
async function closeOverdue(deps: GrantingDeps, appeal: Appeal): Promise<void> {
  const { issuerId, closedAt, dueAt } = appeal
  if (closedAt === null || closedAt < dueAt) return
  const { caseId, state } = await openOverdue(deps, appeal)
  if (state === 'closed') return
  const resolution = `appeal ${appeal.state}`
  await deps.casebook.closeCase({ issuerId, caseId, by: 'system', resolution })
}

function openOverdue(
  { casebook }: Pick<GrantingDeps, 'casebook'>,
  { issuerId, appealId, memberId }: Appeal,
): ReturnType<GrantingDeps['casebook']['openCase']> {
  const subject = formatId('apl', appealId)
  const facts = { appealId: subject, memberId: formatId('mbr', memberId) }
  return casebook.openCase({
    issuerId,
    caseKind: 'appeal_overdue',
    owner: 'issuer',
    subject,
    facts,
  })
}

async function appealsIn(
  deps: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  state: AppealBody['state'],
): Promise<readonly Appeal[]> {
  const all: Appeal[] = []
  for (;;) {
    const last = all.at(-1)
    const before = last === undefined ? {} : { before: last.appealId }
    const page = await listAppeals(deps, issuerId, { state, limit: OPEN_PAGE, ...before })
    all.push(...page)
    if (page.length < OPEN_PAGE) return all
  }
}

async function changeAppeal(
  deps: GrantingDeps,
  named: { readonly issuerId: IssuerId; readonly appealId: AppealId; readonly by: string },
  change: (appeal: Appeal) => Appeal | GrantingRefused,
): Promise<Granted<{ readonly appeal: Appeal }>> {
  const { issuerId, appealId, by } = named
  const decide = async (): Promise<Change<Granted<{ readonly appeal: Appeal }>>> => {
    const known = await readRecord(deps.registry, issuerId, 'appeal', appealId)
    if (known === undefined) return { answer: refusedGrant('appeal_unknown') }
    const appeal = appealOf(issuerId, known)
    const next = change(appeal)
    if ('status' in next) return { answer: next }
    const answer = { status: 'done', appeal: next } as const
    if (next === appeal) return { answer }
    const { issuerId: _issuer, appealId: _appeal, ...body } = next
    const record = { recordId: appealId, version: known.version + 1, body }
    const isRefusal = next.state === 'refused'
    const told = isRefusal ? [refusalNotice(deps, next, deps.clock())] : []
    return { answer, by, records: [newRecord('appeal', record), ...told] }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

export async function readAppeal(
  { registry }: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  appealId: AppealId,
): Promise<Appeal | undefined> {
  const record = await readRecord(registry, issuerId, 'appeal', appealId)
  return record && appealOf(issuerId, record)
}

/** Newest first. */
export async function listAppeals(
  { registry }: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  page: RecordPage,
): Promise<readonly Appeal[]> {
  const stored = await registry.list(issuerId, 'appeal', page)
  return stored.map((each) => appealOf(issuerId, recordOf('appeal', each)))
}

export async function appealsOf(
  { registry }: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly Appeal[]> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'appeal', prefix, OF_MEMBER_MAX)
  return stored.map((each) => appealOf(issuerId, recordOf('appeal', each)))
}

function appealOf(issuerId: IssuerId, { recordId, body }: RecordOf<'appeal'>): Appeal {
  return { issuerId, appealId: recordId as AppealId, ...body } // The record id of an appeal is the appeal's.
}
