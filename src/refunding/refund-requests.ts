/** Asking for a full refund (전자금융거래법 §19②): on a ground that an officer decides on, or that the system knows. */
import {
  assert,
  cleanText,
  DAY_MS,
  formatId,
  type IssuerId,
  type LotId,
  type MemberId,
  type OperationId,
} from '../base/base.ts'
import {
  decideFullRefund,
  groundTable,
  remainderIsSmall,
  type FullRefundGround,
  type MemberMoneyRefusal,
} from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  keyPrefix,
  naturalKey,
  newRecord,
  recordOf,
  type Change,
  type RecordOf,
  type RefundRequestBody,
} from '../registration/registration.ts'
import { payRequest } from './refund-decision.ts'
import {
  requestOf,
  WORDS_LENGTH_MAX,
  type RefundRequest,
  type RequestAnswer,
} from './refund-request.ts'
import { refused } from './return-answer.ts'
import { findLot, memberRefusal, type FoundLot } from './returned-lots.ts'
import type { RefundingDeps } from './refunding-deps.ts'

/** 분쟁 처리: decided, or the member told why not, within fifteen days (전자금융거래법 §27, 시행령 §14). */
const REQUEST_TERM_MS = 15 * DAY_MS
/** Of one member, newest first. */
const OF_MEMBER_MAX = 100

export interface FullRefundRequest {
  readonly issuerId: IssuerId
  readonly requestId: OperationId
  readonly memberId: MemberId
  readonly lotId: LotId
  readonly ground: FullRefundGround
  readonly words: string
}

/** Opens a request, and pays at once where the system knows that the ground is there. */
export async function requestRefund(
  deps: RefundingDeps,
  command: FullRefundRequest,
): Promise<RequestAnswer> {
  const { issuerId, requestId, memberId, lotId, ground } = command
  const words = cleanText(command.words, WORDS_LENGTH_MAX)
  const isShown = groundTable[ground].proof !== 'system'
  if (words === undefined && isShown) return { status: 'field_invalid', field: 'words' }
  const account = await deps.member(issuerId, memberId)
  if (account === undefined) return refused('member_left')
  const { walletId } = account
  const now = deps.clock()
  const key = naturalKey.request(requestId)
  const decide = async (): Promise<Change<RequestAnswer>> => {
    const known = await findRecord(deps.registry, issuerId, 'refund_request', key)
    if (known !== undefined) return { answer: answerOfKnown(issuerId, known, command) }
    const found = await findLot(deps, { issuerId, walletId, lotId })
    const reason =
      found === undefined
        ? 'lot_unknown'
        : (memberRefusal(account) ?? against(deps, command, found))
    if (reason !== undefined) return { answer: refused(reason) }
    if (account.accountToken === undefined) return { answer: refused('account_not_linked') }
    const own = await requestsOf(deps, issuerId, memberId)
    // Two that were asked for at one instant may both be open; the later one finds nothing left.
    if (own.some((each) => each.lotId === lotId && isOpen(each))) {
      return { answer: refused('refund_request_open') }
    }
    assert(found !== undefined, 'a lot that nothing stands against was found')
    const body: RefundRequestBody = {
      requestId,
      memberId,
      walletId,
      lotId,
      ground,
      words: words ?? '',
      ...(groundStands(deps, command, found)
        ? { state: 'approved', decidedBy: 'system', decidedAt: now }
        : { state: 'opened', decidedBy: null, decidedAt: null }),
      openedAt: now,
      dueAt: now + REQUEST_TERM_MS,
      decisionWords: null,
      memberWon: null,
      fundedWon: [],
      endedAt: null,
    }
    const record = { recordId: deps.ids.next('cas'), version: 1, body }
    const keys = [key, naturalKey.ofMember(memberId, record.recordId)]
    return {
      answer: { status: 'registered', request: requestOf(issuerId, record) },
      by: formatId('mbr', memberId),
      records: [newRecord('refund_request', { ...record, keys })],
    }
  }
  const answer = await changeRecords(deps.registry, issuerId, now, decide)
  if (answer.status !== 'registered' || answer.request.state !== 'approved') return answer
  return { status: 'registered', request: await payRequest(deps, answer.request) }
}

/** The member's own, newest first. */
export async function requestsOf(
  { registry }: RefundingDeps,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly RefundRequest[]> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'refund_request', prefix, OF_MEMBER_MAX)
  return stored.map((each) => requestOf(issuerId, recordOf('refund_request', each)))
}

function isOpen({ state }: Pick<RefundRequestBody, 'state'>): boolean {
  return state === 'opened' || state === 'approved'
}

/** What stands against opening a request at all. */
function against(
  deps: RefundingDeps,
  { ground }: FullRefundRequest,
  { returned, rule }: FoundLot,
): MemberMoneyRefusal | undefined {
  if (rule === null) return 'lot_not_refundable'
  const decision = decideFullRefund(returned, rule, deps.clock())
  if (decision.outcome === 'refused') return decision.reason
  const isClaimed = ground === 'small_remainder'
  return isClaimed && !remainderIsSmall(returned, rule) ? 'remainder_not_small' : undefined
}

/** True where no officer has to be asked. */
function groundStands(
  { announcements, clock }: RefundingDeps,
  { issuerId, ground }: FullRefundRequest,
  { lot, returned }: FoundLot,
): boolean {
  switch (ground) {
    case 'small_remainder':
      return true
    case 'adverse_change':
      return announcements.adverseChangeRuns(issuerId, lot.programId, clock(), returned.issuedAt)
    case 'abolition':
      return announcements.isAbolished(issuerId, lot.programId, clock())
    default:
      return false
  }
}

function answerOfKnown(
  issuerId: IssuerId,
  known: RecordOf<'refund_request'>,
  { memberId, lotId, ground }: FullRefundRequest,
): RequestAnswer {
  const request = requestOf(issuerId, known)
  const isSame =
    request.memberId === memberId && request.lotId === lotId && request.ground === ground
  return isSame ? { status: 'registered', request } : { status: 'key_reused' }
}
