/**
 * Deciding on full refunds, and paying them: posted under a key that is made from the request. One that was approved
 * and not posted, because this process died in between or the lot was in use, is met again by `payApproved`.
 */
import {
  assert,
  cleanText,
  derivedOperationId,
  Fault,
  formatId,
  requestHash,
  type CaseId,
  type IssuerId,
  type OfficerId,
  type OperationId,
} from '../base/base.ts'
import {
  decideFullRefund,
  nextRefundRequestStep,
  quoteFullRefund,
  type LotReturn,
} from '../issuing/issuing.ts'
import {
  changeRecords,
  newRecord,
  readRecord,
  type Change,
  type MemberAccount,
  type RefundRequestBody,
} from '../registration/registration.ts'
import { DECISIONS_MAX } from './cancel-purchase.ts'
import {
  requestOf,
  WORDS_LENGTH_MAX,
  type RefundRequest,
  type RequestAnswer,
} from './refund-request.ts'
import { refused } from './return-answer.ts'
import { memberPayout, returnMovement } from './return-movement.ts'
import { findLot, memberRefusal, type FoundLot } from './returned-lots.ts'
import type { RefundingDeps } from './refunding-deps.ts'

export interface RequestDecision {
  readonly issuerId: IssuerId
  readonly recordId: CaseId
  readonly officerId: OfficerId
  readonly event: 'approve' | 'refuse'
  /** Why so; the member reads it. */
  readonly words: string
}

/** An officer's decision; approved, it is paid at once. The same decision again changes nothing. */
export async function decideRequest(
  deps: RefundingDeps,
  decision: RequestDecision,
): Promise<RequestAnswer> {
  const { issuerId, recordId, officerId, event } = decision
  const words = cleanText(decision.words, WORDS_LENGTH_MAX)
  if (words === undefined) return { status: 'field_invalid', field: 'words' }
  const by = formatId('off', officerId)
  const now = deps.clock()
  const decide = async (): Promise<Change<RequestAnswer>> => {
    const known = await readRecord(deps.registry, issuerId, 'refund_request', recordId)
    if (known === undefined) return { answer: refused('refund_request_unknown') }
    const request = requestOf(issuerId, known)
    const isRepeat = request.decidedBy === by && request.decisionWords === words
    if (isRepeat && (event === 'refuse') === (request.state === 'refused')) {
      return { answer: { status: 'registered', request } }
    }
    const { state, action } = nextRefundRequestStep(request.state, event)
    if (action === 'reject' || request.state !== 'opened') {
      return { answer: refused('refund_request_decided') }
    }
    const endedAt = state === 'refused' ? now : null
    const decided = { decidedBy: by, decisionWords: words, decidedAt: now }
    const body: RefundRequestBody = { ...known.body, ...decided, state, endedAt }
    const next = { recordId, version: known.version + 1, body }
    return {
      answer: { status: 'registered', request: requestOf(issuerId, next) },
      by,
      records: [newRecord('refund_request', next)],
    }
  }
  const answer = await changeRecords(deps.registry, issuerId, now, decide)
  if (answer.status !== 'registered') return answer
  if (answer.request.state === 'refused') await tell(deps, answer.request)
  if (answer.request.state !== 'approved') return answer
  return { status: 'registered', request: await payRequest(deps, answer.request) }
}

/**
 * Posts what was approved. A lot that is in use, or a wallet that is stopped, waits: the request stays approved and is
 * tried again.
 */
export async function payRequest(
  deps: RefundingDeps,
  request: RefundRequest,
): Promise<RefundRequest> {
  const { issuerId, walletId, lotId, memberId } = request
  const operationId = refundKey(deps, request)
  for (let attempt = 1; attempt <= DECISIONS_MAX; attempt += 1) {
    const found = await findLot(deps, { issuerId, walletId, lotId })
    const account = await deps.member(issuerId, memberId)
    if (found === undefined || account === undefined || found.rule === null) {
      return end(deps, request, undefined)
    }
    const [known] = await deps.ledger.find(issuerId, [operationId])
    if (known !== undefined) {
      const [leg] = known.legs
      assert(leg !== undefined, 'a refund took from its lot')
      const then = { ...found.returned, remainingWon: leg.amountWon }
      return end(deps, request, quoteFullRefund(then, found.rule))
    }
    if (memberRefusal(account) !== undefined || account.accountToken === undefined) return request
    const decision = decideFullRefund(found.returned, found.rule, deps.clock())
    if (decision.outcome === 'refused') {
      return decision.reason === 'lot_in_use' ? request : end(deps, request, undefined)
    }
    const posted = await post(deps, request, { found, parts: decision, operationId, account })
    if (posted) return end(deps, request, decision)
  }
  throw new Fault('wallet_busy', `a lot was moved ${DECISIONS_MAX} times while we looked`)
}

/** False where the lot was moved while we looked. */
async function post(
  deps: RefundingDeps,
  request: RefundRequest,
  given: {
    readonly found: FoundLot
    readonly parts: LotReturn
    readonly operationId: OperationId
    readonly account: MemberAccount
  },
): Promise<boolean> {
  const { issuerId, walletId, lotId, memberId, decidedBy } = request
  const { found, parts, operationId, account } = given
  const now = deps.clock()
  assert(account.accountToken !== undefined, 'a payout has an account')
  const payout = memberPayout(deps, {
    memberId,
    holderName: account.member.name,
    accountToken: account.accountToken,
    lagDays: found.rule?.payoutLagDays ?? 0,
    now,
  })
  const movement = returnMovement({
    kind: 'refund',
    operationId,
    requestHash: requestHash(deps.sha256, ['full_refund', walletId, lotId]),
    walletId,
    ...(decidedBy === null ? {} : { actor: decidedBy }),
    lot: found.lot,
    parts,
    payout,
  })
  const [outcome] = await deps.ledger.move(issuerId, [movement], now)
  assert(outcome !== undefined, 'the ledger answers every request')
  if (outcome.status === 'changed') return false
  assert(outcome.status === 'posted', 'a refund is posted or its lot has changed')
  return true
}

/** Paid with these parts, or void. */
async function end(
  deps: RefundingDeps,
  { issuerId, recordId }: RefundRequest,
  parts: LotReturn | undefined,
): Promise<RefundRequest> {
  const now = deps.clock()
  const event = parts === undefined ? 'nothing_left' : 'refunded'
  const ended = await changeRecords(deps.registry, issuerId, now, async () => {
    const known = await readRecord(deps.registry, issuerId, 'refund_request', recordId)
    assert(known !== undefined, 'a request is never removed')
    const { state, action } = nextRefundRequestStep(known.body.state, event)
    if (action === 'nothing') return { answer: requestOf(issuerId, known) }
    const { memberWon = null, fundedWon = [] } = parts ?? {}
    const body: RefundRequestBody = { ...known.body, state, memberWon, fundedWon, endedAt: now }
    const next = { recordId, version: known.version + 1, body }
    return {
      answer: requestOf(issuerId, next),
      by: 'system',
      records: [newRecord('refund_request', next)],
    }
  })
  await tell(deps, ended)
  return ended
}

/** Once for each request, however often. */
async function tell({ casebook }: RefundingDeps, request: RefundRequest): Promise<void> {
  const { issuerId, recordId, memberId, state, ground, memberWon } = request
  await casebook.notify(issuerId, {
    memberId,
    noticeKind: 'refund_request_ended',
    subject: String(recordId),
    facts: { state, ground, memberWon: memberWon ?? 0 },
  })
}

/** One request has one refund, whoever brings it about. */
function refundKey({ sha256 }: RefundingDeps, { issuerId, recordId }: RefundRequest): OperationId {
  return derivedOperationId(requestHash(sha256, ['refund_request', issuerId, recordId]))
}
