/**
 * Decisions to claw one grant back before it expires: given to the wrong person, or to one who has died. One officer
 * proposes, another approves; what is left is taken then, and what is held when it is free again.
 */
import {
  cleanText,
  derivedOperationId,
  formatId,
  id,
  sumWon,
  won,
  type AppealId,
  type ClawbackId,
  type IssuerId,
  type StipendBatchId,
  type Won,
} from '../base/base.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type ClawbackBody,
  type NewRecord,
  type RecordOf,
  type RecordPage,
} from '../registration/registration.ts'
import { readAppeal } from './appeals.ts'
import { readBatch } from './batches.ts'
import { clawbackRequest, decidedHash } from './clawbacks.ts'
import { noticeOf, noticeRecord } from './grant-notices.ts'
import { grantId } from './grants.ts'
import type { GrantingDeps } from './granting-ports.ts'
import { refusedGrant, type Granted, type GrantingRefused } from './granting-refusal.ts'

export interface Clawback extends ClawbackBody {
  readonly issuerId: IssuerId
  readonly clawbackId: ClawbackId
}

/** A line of a batch, or what an appeal brought. */
export type ClawbackTarget =
  | { readonly batchId: StipendBatchId; readonly lineNumber: number }
  | { readonly appealId: AppealId }

const WORDS_LENGTH_MAX = 400
/** Decisions about one grant, one after the other. */
const DECISIONS_MAX = 20
/** Looks at a lot that somebody is paying from. */
const TRIES_MAX = 5
const PAGE = 200

export async function proposeClawback(
  deps: GrantingDeps,
  proposal: {
    readonly issuerId: IssuerId
    readonly target: ClawbackTarget
    readonly by: string
    readonly reason: string
  },
): Promise<Granted<{ readonly clawback: Clawback }>> {
  const { issuerId, target, by } = proposal
  const reason = cleanText(proposal.reason, WORDS_LENGTH_MAX)
  if (reason === undefined) return refusedGrant('words_missing', 'reason')
  const grant = await grantOf(deps, issuerId, target)
  const [issue] = grant === undefined ? [] : await deps.ledger.find(issuerId, [grant.grantId])
  const [leg] = issue?.legs ?? []
  if (grant === undefined || leg === undefined || issue?.walletId === undefined) {
    return refusedGrant('grant_unknown')
  }
  const { walletId } = issue
  const lots = await deps.ledger.lots(issuerId, walletId)
  const lot = lots.find(({ lotId }) => lotId === leg.lotId)
  const now = deps.clock()
  const body: ClawbackBody = {
    ...grant,
    walletId,
    lotId: leg.lotId,
    reason,
    state: 'proposed',
    proposedBy: by,
    proposedAt: now,
    decidedBy: null,
    decidedAt: null,
    takenWon: won(0),
    times: 0,
  }
  const decide = async (): Promise<Change<Granted<{ readonly clawback: Clawback }>>> => {
    for (let count = 1; count <= DECISIONS_MAX; count += 1) {
      const key = naturalKey.clawback(grant.grantId, count)
      const known = await findRecord(deps.registry, issuerId, 'clawback', key)
      const isOver = known?.body.state === 'done' || known?.body.state === 'refused'
      if (known !== undefined && isOver) continue
      if (known !== undefined) {
        return { answer: { status: 'done', clawback: clawbackOf(issuerId, known) } }
      }
      if ((lot?.remainingWon ?? 0) + (lot?.heldWon ?? 0) === 0) break
      const clawbackId = deps.ids.next('clw')
      const record = { recordId: clawbackId, version: 1, body }
      const keys = [key, naturalKey.ofMember(body.memberId, clawbackId)]
      return {
        answer: { status: 'done', clawback: clawbackOf(issuerId, record) },
        by,
        records: [newRecord('clawback', { ...record, keys })],
      }
    }
    return { answer: refusedGrant('nothing_left_to_claw_back') }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

async function grantOf(
  deps: GrantingDeps,
  issuerId: IssuerId,
  target: ClawbackTarget,
): Promise<Pick<ClawbackBody, 'grantId' | 'memberId'> | undefined> {
  if ('appealId' in target) {
    const appeal = await readAppeal(deps, issuerId, target.appealId)
    if (appeal === undefined || appeal.operationId === null) return undefined
    return { grantId: appeal.operationId, memberId: appeal.memberId }
  }
  const batch = await readBatch(deps, issuerId, target.batchId)
  const line = await grantedLine(deps, issuerId, target)
  if (batch === undefined || line === undefined || line.memberId === null) return undefined
  return { grantId: grantId(deps.sha256, issuerId, batch, line), memberId: line.memberId }
}

async function grantedLine(
  { lines }: Pick<GrantingDeps, 'lines'>,
  issuerId: IssuerId,
  { batchId, lineNumber }: { readonly batchId: StipendBatchId; readonly lineNumber: number },
) {
  const page = { states: ['granted'], after: lineNumber - 1, limit: 1 } as const
  const [line] = await lines.lines(issuerId, batchId, page)
  return line?.lineNumber === lineNumber ? line : undefined
}

export async function decideClawback(
  deps: GrantingDeps,
  decision: {
    readonly issuerId: IssuerId
    readonly clawbackId: ClawbackId
    readonly by: string
    readonly verdict: 'approve' | 'refuse'
  },
): Promise<Granted<{ readonly clawback: Clawback }>> {
  const { issuerId, clawbackId, by, verdict } = decision
  const decidedAt = deps.clock()
  const decided = await changeClawback(deps, { issuerId, clawbackId, by }, (clawback) => {
    const { state } = clawback
    if (verdict === 'refuse') {
      if (state === 'refused') return clawback
      return state === 'proposed'
        ? { ...clawback, state: 'refused', decidedBy: by, decidedAt }
        : refusedGrant('clawback_state_differs')
    }
    if (state === 'approved' || state === 'done') return clawback
    if (state === 'refused') return refusedGrant('clawback_state_differs')
    if (clawback.proposedBy === by) return refusedGrant('other_officer_needed')
    return { ...clawback, state: 'approved', decidedBy: by, decidedAt }
  })
  if (decided.status === 'refused') return decided
  return { status: 'done', clawback: await carryOut(deps, decided.clawback) }
}

/** Takes what is left, as often as somebody pays in between; what is held is for a later look. */
async function carryOut(deps: GrantingDeps, clawback: Clawback): Promise<Clawback> {
  let current = clawback
  for (let tried = 0; tried < TRIES_MAX && current.state === 'approved'; tried += 1) {
    const { issuerId, walletId, lotId, clawbackId, times } = current
    const hash = decidedHash(deps.sha256, issuerId, { walletId, lotId }, { clawbackId, times })
    // A movement whose record was not written any more.
    const [known] = await deps.ledger.find(issuerId, [derivedOperationId(hash)])
    if (known !== undefined) {
      current = await recordTaken(deps, current, sumWon(known.legs.map((leg) => leg.amountWon)))
      continue
    }
    const lots = await deps.ledger.lots(issuerId, walletId)
    const lot = lots.find((each) => each.lotId === lotId)
    if (lot === undefined || lot.remainingWon === 0) {
      if ((lot?.heldWon ?? 0) > 0) return current
      current = await endClawback(deps, current)
      continue
    }
    const [origin] = await deps.ledger.lotOrigins(issuerId, [lotId])
    const actor = current.decidedBy
    const request = clawbackRequest(lot, { hash, origin, ...(actor === null ? {} : { actor }) })
    const [outcome] = await deps.ledger.move(issuerId, [request], deps.clock())
    if (outcome?.status === 'posted') current = await recordTaken(deps, current, lot.remainingWon)
  }
  return current
}

async function recordTaken(
  deps: GrantingDeps,
  { issuerId, clawbackId, times }: Clawback,
  amountWon: Won,
): Promise<Clawback> {
  return changed(deps, { issuerId, clawbackId }, (known) => {
    if (known.times !== times) return known
    return { ...known, times: times + 1, takenWon: won(known.takenWon + amountWon) }
  })
}

async function endClawback(
  deps: GrantingDeps,
  { issuerId, clawbackId, times }: Clawback,
): Promise<Clawback> {
  return changed(deps, { issuerId, clawbackId }, (known) =>
    known.state === 'approved' && known.times === times ? { ...known, state: 'done' } : known,
  )
}

async function changed(
  deps: GrantingDeps,
  named: { readonly issuerId: IssuerId; readonly clawbackId: ClawbackId },
  change: (clawback: Clawback) => Clawback,
): Promise<Clawback> {
  const answer = await changeClawback(deps, { ...named, by: 'system' }, change)
  if (answer.status === 'done') return answer.clawback
  throw new TypeError('a record does not go away')
}

/** Goes on with what was approved and held then. */
export async function clawbackStep(deps: GrantingDeps, issuerId: IssuerId): Promise<void> {
  for (let before: number | undefined; ;) {
    const page = await listClawbacks(deps, issuerId, {
      state: 'approved',
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    for (const clawback of page) await carryOut(deps, clawback)
    if (page.length < PAGE) return
    before = page.at(-1)!.clawbackId
  }
}

async function changeClawback(
  deps: GrantingDeps,
  named: { readonly issuerId: IssuerId; readonly clawbackId: ClawbackId; readonly by: string },
  change: (clawback: Clawback) => Clawback | GrantingRefused,
): Promise<Granted<{ readonly clawback: Clawback }>> {
  const { issuerId, clawbackId, by } = named
  const now = deps.clock()
  const decide = async (): Promise<Change<Granted<{ readonly clawback: Clawback }>>> => {
    const known = await readRecord(deps.registry, issuerId, 'clawback', clawbackId)
    if (known === undefined) return { answer: refusedGrant('clawback_unknown') }
    const clawback = clawbackOf(issuerId, known)
    const next = change(clawback)
    if ('status' in next) return { answer: next }
    const answer = { status: 'done', clawback: next } as const
    if (next === clawback) return { answer }
    const { issuerId: _issuer, clawbackId: _clawback, ...body } = next
    const record = newRecord('clawback', { recordId: clawbackId, version: known.version + 1, body })
    const told = next.state === 'done' && next.takenWon > 0 ? [noticeTo(deps, next)] : []
    return { answer, by, records: [record, ...told] }
  }
  return changeRecords(deps.registry, issuerId, now, decide)
}

/** Written with the end that it tells of. */
function noticeTo(deps: GrantingDeps, clawback: Clawback): NewRecord {
  const { memberId, takenWon: amountWon, clawbackId, reason } = clawback
  const subject = formatId('clw', clawbackId)
  const facts = { amountWon, clawbackId: subject, reason }
  const notice = { memberId, noticeKind: 'stipend_clawed_back', subject, facts } as const
  return noticeRecord(deps.ids, noticeOf(notice, deps.clock()))
}

/** Newest first. */
export async function listClawbacks(
  { registry }: Pick<GrantingDeps, 'registry'>,
  issuerId: IssuerId,
  page: RecordPage,
): Promise<readonly Clawback[]> {
  const stored = await registry.list(issuerId, 'clawback', page)
  return stored.map((each) => clawbackOf(issuerId, recordOf('clawback', each)))
}

function clawbackOf(issuerId: IssuerId, { recordId, body }: RecordOf<'clawback'>): Clawback {
  return { issuerId, clawbackId: id('clw', recordId), ...body }
}
