/**
 * Batches: a file is taken, officers decide about it, and every step is a version of its record. What is wrong with a
 * file is told and the file not kept; a file that came before is the batch that it made.
 */
import {
  cleanText,
  DAY_MS,
  type Instant,
  type IssuerId,
  type ProgramId,
  type StipendBatchId,
  hexOf,
} from '../base/base.ts'
import { termsAt, type ProgramTerms, type StipendRules } from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  type BatchState,
  type Change,
  type RecordOf,
  type RecordPage,
  type StipendBatchBody,
} from '../registration/registration.ts'
import { batchTable, targetOf, type BatchEvent, type OfficerEvent } from './batch-machine.ts'
import type { EligibleLine } from './eligibility-cells.ts'
import { createEligibilityReader, type ReadFile, type StatedSums } from './eligibility-reader.ts'
import type { GrantingDeps } from './granting-ports.ts'
import { refusedGrant, type Granted, type GrantingRefused } from './granting-refusal.ts'
import { LINE_SET_MAX } from './line-store.ts'

export interface StipendBatch extends StipendBatchBody {
  readonly issuerId: IssuerId
  readonly batchId: StipendBatchId
}

export interface FileTaking {
  readonly issuerId: IssuerId
  readonly issuerCode: string
  readonly programId: ProgramId
  readonly round: string
  /** Who uploads, as id text. */
  readonly by: string
  readonly stated: StatedSums
  readonly bytes: AsyncIterable<Uint8Array>
}

export type FileTaken =
  | { readonly status: 'taken'; readonly batch: StipendBatch; readonly isNew: boolean }
  | { readonly status: 'faulty'; readonly file: ReadFile }
  | GrantingRefused

const ROUND = /^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$/u
const WORDS_LENGTH_MAX = 400
/** So often a file may be cancelled and uploaded anew. */
const UPLOADS_MAX = 50
/** Records of batches that are read at once. */
const BATCHES_PAGE = 200

/** The terms by which stipends of a program are granted now. */
export function stipendTermsOf(
  { issuing }: Pick<GrantingDeps, 'issuing'>,
  issuerId: IssuerId,
  programId: ProgramId,
  at: Instant,
): (ProgramTerms & { readonly stipend: StipendRules }) | GrantingRefused {
  const program = issuing.program(issuerId, programId)
  const terms = program && termsAt(program.terms, at)
  if (terms === undefined) return refusedGrant('program_unknown')
  const { stipend } = terms
  return stipend === null ? refusedGrant('program_grants_nothing') : { ...terms, stipend }
}

export async function takeFile(deps: GrantingDeps, taking: FileTaking): Promise<FileTaken> {
  const { issuerId, issuerCode, programId, stated } = taking
  const { lines: store, clock, ids } = deps
  const round = taking.round.normalize('NFC')
  if (!ROUND.test(round)) return refusedGrant('round_malformed', 'round')
  const terms = stipendTermsOf(deps, issuerId, programId, clock())
  if ('status' in terms) return terms
  const batchId = ids.next('stb')
  const reader = createEligibilityReader({ issuerCode })
  const hash = deps.openHash()
  const waiting: EligibleLine[] = []
  const keep = async (atLeast: number): Promise<void> => {
    while (waiting.length >= atLeast) {
      await store.add(issuerId, batchId, waiting.splice(0, LINE_SET_MAX), clock())
    }
  }
  for await (const bytes of taking.bytes) {
    hash.update(bytes)
    waiting.push(...reader.push(bytes))
    await keep(LINE_SET_MAX)
  }
  const { lines, file } = reader.end(stated)
  if (file.problemCount > 0) {
    await discardLines(deps, issuerId, batchId)
    return { status: 'faulty', file }
  }
  waiting.push(...lines)
  await keep(1)
  const sha256 = hexOf(hash.digest())
  const sums = { lines: file.lines, totalWon: file.totalWon }
  const taken = await recordFile(deps, { ...taking, round, batchId, sha256, ...sums })
  if (taken.isNew) await store.confirm(issuerId, batchId)
  else await discardLines(deps, issuerId, batchId)
  return { status: 'taken', ...taken }
}

/** Nothing is kept of a file that was not taken. */
export async function discardLines(
  { lines }: Pick<GrantingDeps, 'lines'>,
  issuerId: IssuerId,
  batchId: StipendBatchId,
): Promise<void> {
  while ((await lines.discard(issuerId, batchId, LINE_SET_MAX)) === LINE_SET_MAX);
}

async function recordFile(
  deps: GrantingDeps,
  file: Omit<FileTaking, 'bytes' | 'stated'> & {
    readonly batchId: StipendBatchId
    readonly sha256: string
    readonly lines: number
    readonly totalWon: number
  },
): Promise<{ readonly batch: StipendBatch; readonly isNew: boolean }> {
  const { issuerId, batchId, programId, round, sha256, lines, totalWon, by } = file
  const now = deps.clock()
  const decide = async (): Promise<Change<{ batch: StipendBatch; isNew: boolean }>> => {
    for (let count = 1; ; count += 1) {
      const key = naturalKey.stipendFile(programId, round, sha256, count)
      const known = await findRecord(deps.registry, issuerId, 'stipend_batch', key)
      if (known !== undefined && (known.body.state !== 'cancelled' || count === UPLOADS_MAX)) {
        return { answer: { batch: batchOf(issuerId, known), isNew: false } }
      }
      if (known !== undefined) continue
      const body: StipendBatchBody = {
        ...freshBatch,
        programId,
        round,
        sha256,
        lines,
        totalWon,
        uploadedBy: by,
        uploadedAt: now,
        checkFrom: now,
      }
      const record = { recordId: batchId, version: 1, body }
      const keys = [key]
      return {
        answer: { batch: batchOf(issuerId, record), isNew: true },
        by,
        records: [newRecord('stipend_batch', { ...record, keys })],
      }
    }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

const freshBatch = {
  state: 'uploaded',
  check: null,
  proposedBy: null,
  approvedBy: null,
  approvedAt: null,
  joinUntil: null,
  appealUntil: null,
  reason: null,
  closedAt: null,
  eraseAt: null,
  erased: false,
} as const

export interface BatchDecision {
  readonly issuerId: IssuerId
  readonly batchId: StipendBatchId
  readonly event: OfficerEvent
  readonly by: string
  /** Why; needed to send back and to cancel. */
  readonly reason?: string
}

/** What an officer decides. A batch that is where the event leads stays as it is. */
export async function decideBatch(
  deps: GrantingDeps,
  decision: BatchDecision,
): Promise<Granted<{ readonly batch: StipendBatch }>> {
  const { issuerId, batchId, event, by } = decision
  const reason =
    decision.reason === undefined ? undefined : cleanText(decision.reason, WORDS_LENGTH_MAX)
  if (reason === undefined && (decision.reason !== undefined || needsWords(event))) {
    return refusedGrant('words_missing', 'reason')
  }
  const now = deps.clock()
  return changeBatch(deps, { issuerId, batchId, by }, (batch) => {
    const next = batchTable[batch.state][event]
    if (next === '-') {
      return batch.state === targetOf(event) ? batch : refusedGrant('batch_state_differs')
    }
    const refusal = objectionTo(event, batch, by)
    if (refusal !== undefined) return refusal
    const change = changeOf(deps, { batch, event, by, now })
    if ('status' in change) return change
    return { ...batch, ...change, state: next, reason: reason ?? batch.reason }
  })
}

function needsWords(event: OfficerEvent): boolean {
  return event === 'refuse' || event === 'cancel'
}

function objectionTo(
  event: OfficerEvent,
  batch: StipendBatch,
  by: string,
): GrantingRefused | undefined {
  if (event === 'approve' && batch.proposedBy === by) return refusedGrant('other_officer_needed')
  const lacks = Object.values(batch.check?.lackingWon ?? {}).some((amount) => amount > 0)
  return event === 'propose' && lacks ? refusedGrant('funder_pot_short') : undefined
}

/** What an event changes beside the state. */
function changeOf(
  deps: GrantingDeps,
  given: {
    readonly batch: StipendBatch
    readonly event: BatchEvent
    readonly by: string
    readonly now: Instant
  },
): Partial<StipendBatchBody> | GrantingRefused {
  const { batch, event, by, now } = given
  if (event === 'recheck') return { check: null, checkFrom: now }
  if (event === 'propose') return { proposedBy: by }
  if (event === 'withdraw' || event === 'refuse') return { proposedBy: null }
  if (event !== 'approve' && event !== 'cancel' && event !== 'join_over') return {}
  const terms = stipendTermsOf(deps, batch.issuerId, batch.programId, now)
  if (event !== 'approve') {
    const days = 'status' in terms ? 0 : terms.stipend.retentionDays
    return { closedAt: now, eraseAt: now + days * DAY_MS }
  }
  if ('status' in terms) return terms
  return {
    approvedBy: by,
    approvedAt: now,
    joinUntil: now + terms.stipend.joinDays * DAY_MS,
    appealUntil: now + terms.stipend.appealDays * DAY_MS,
  }
}

/** What a job found out. A batch that has gone another way in the meantime stays as it is. */
export async function moveBatch(
  deps: GrantingDeps,
  batch: StipendBatch,
  event: 'checked' | 'all_granted' | 'join_over',
  more: Partial<StipendBatchBody> = {},
): Promise<void> {
  const { issuerId, batchId } = batch
  const now = deps.clock()
  await changeBatch(deps, { issuerId, batchId, by: 'system' }, (known) => {
    const next = batchTable[known.state][event]
    // Of a dry run that was begun anew, what the one before found does not count.
    if (next === '-' || known.checkFrom !== batch.checkFrom) return known
    const change = changeOf(deps, { batch: known, event, by: 'system', now })
    return 'status' in change ? change : { ...known, ...change, ...more, state: next }
  })
}

export async function changeBatch(
  deps: GrantingDeps,
  named: { readonly issuerId: IssuerId; readonly batchId: StipendBatchId; readonly by: string },
  change: (batch: StipendBatch) => StipendBatch | GrantingRefused,
): Promise<Granted<{ readonly batch: StipendBatch }>> {
  const { issuerId, batchId, by } = named
  type Answer = Granted<{ readonly batch: StipendBatch }>
  const decide = async (): Promise<Change<Answer>> => {
    const known = await readRecord(deps.registry, issuerId, 'stipend_batch', batchId)
    if (known === undefined) return { answer: refusedGrant('batch_unknown') }
    const batch = batchOf(issuerId, known)
    const next = change(batch)
    if ('status' in next) return { answer: next }
    const answer = { status: 'done', batch: next } as const
    if (next === batch) return { answer }
    const { issuerId: _issuer, batchId: _batch, ...body } = next
    const record = { recordId: batchId, version: known.version + 1, body }
    return { answer, by, records: [newRecord('stipend_batch', record)] }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

export async function readBatch(
  { registry }: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  batchId: StipendBatchId,
): Promise<StipendBatch | undefined> {
  const record = await readRecord(registry, issuerId, 'stipend_batch', batchId)
  return record && batchOf(issuerId, record)
}

/** Newest first. */
export async function listBatches(
  { registry }: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  page: RecordPage,
): Promise<readonly StipendBatch[]> {
  const stored = await registry.list(issuerId, 'stipend_batch', page)
  return stored.map((each) => batchOf(issuerId, recordOf('stipend_batch', each)))
}

/** All batches of a state, the one that was made first before the others. */
export async function batchesIn(
  deps: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  state: BatchState,
): Promise<readonly StipendBatch[]> {
  const all: StipendBatch[] = []
  for (;;) {
    const last = all.at(-1)
    const before = last === undefined ? {} : { before: last.batchId }
    const page = await listBatches(deps, issuerId, { state, limit: BATCHES_PAGE, ...before })
    all.push(...page)
    if (page.length < BATCHES_PAGE) return all.toReversed()
  }
}

function batchOf(issuerId: IssuerId, record: RecordOf<'stipend_batch'>): StipendBatch {
  // The record id of a batch is the batch's.
  return { issuerId, batchId: record.recordId as StipendBatchId, ...record.body }
}
