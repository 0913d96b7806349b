/**
 * The end of a present: accepted into a new lot, or given back to the very lots that it came from. The ledger ends a
 * present once; whoever comes second learns from it how it ended.
 */
import {
  assert,
  derivedOperationId,
  requestHash,
  type CorporationId,
  type GiftId,
  type IssuerId,
  type MemberId,
  type OperationId,
} from '../base/base.ts'
import { legalHoldingCaps, mobileDigits, nextGiftStep, termsAt } from '../issuing/issuing.ts'
import type { HoldingCap, MovementOutcome } from '../ledger/ledger.ts'
import type { MemberAccount } from '../registration/registration.ts'
import {
  bearsNumber,
  claim,
  readGift,
  refused,
  step,
  type Gift,
  type GiftAnswer,
} from './gift-records.ts'
import type { GiftingDeps } from './gifting-deps.ts'

export interface GiftReply {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly memberId: MemberId
  readonly giftId: GiftId
}

export async function acceptGift(deps: GiftingDeps, reply: GiftReply): Promise<GiftAnswer> {
  const found = await receivable(deps, reply)
  if (found.status !== 'found') return found
  const { gift, account } = found
  if (gift.state === 'accepted' && gift.receiverId === reply.memberId) {
    return { status: 'registered', gift }
  }
  const { action } = nextGiftStep(gift.state, 'accept')
  if (action === 'reject') return refused('gift_closed')
  if (account.member.status === 'stopped') return refused('member_stopped')
  if (deps.clock() >= gift.lapsesAt) return refused('gift_closed')
  const claimed = await claim(deps, gift, reply.memberId)
  const outcome = await fill(deps, claimed, { account, operationId: reply.operationId })
  switch (outcome.status) {
    case 'posted': {
      const accepted = await step(deps, gift, 'accept')
      await tellGiver(deps, accepted)
      return { status: 'registered', gift: accepted }
    }
    case 'changed':
      await settle(deps, gift)
      return refused('gift_closed')
    case 'key_reused':
      return outcome
    default:
      assert(
        outcome.reason === 'holding_cap_exceeded' || outcome.reason === 'wallet_unknown',
        'a movement is declined for its wallet only',
      )
      return { status: 'declined', reason: outcome.reason }
  }
}

async function fill(
  deps: GiftingDeps,
  gift: Gift,
  { account, operationId }: { readonly account: MemberAccount; readonly operationId: OperationId },
): Promise<MovementOutcome> {
  const { issuerId, giftId, programId, lotId, expiresAt, amountWon } = gift
  const { walletId } = account
  const now = deps.clock()
  const [outcome] = await deps.ledger.move(
    issuerId,
    [
      {
        kind: 'gift_acceptance',
        operationId,
        requestHash: requestHash(deps.sha256, ['gift_acceptance', walletId, giftId]),
        walletId,
        targetId: gift.operationId,
        lines: [
          {
            debitKind: 'gift_transit',
            debitId: giftId,
            creditKind: 'lot',
            creditId: lotId,
            amountWon,
          },
        ],
        newLots: [{ lotId, programId, kind: 'gift', expiresAt }],
        holdingCaps: capsOf(deps, gift),
      },
    ],
    now,
  )
  assert(outcome !== undefined, 'the ledger answers every request')
  return outcome
}

/** What the program lets one member hold, and what the law does. */
function capsOf({ issuing, clock }: GiftingDeps, gift: Gift): readonly HoldingCap[] {
  const { issuerId, programId } = gift
  const program = issuing.program(issuerId, programId)
  const terms = program && termsAt(program.terms, clock())
  const own = terms && { programIds: [programId], capWon: terms.holdingCapWon }
  const legal = legalHoldingCaps(issuing.programs(issuerId), clock())
  return [...(own === undefined ? [] : [own]), ...legal]
}

export async function declineGift(deps: GiftingDeps, reply: GiftReply): Promise<GiftAnswer> {
  const found = await receivable(deps, reply)
  return found.status === 'found' ? giveBack(deps, found.gift, 'decline') : found
}

/** The giver takes back what nobody has accepted: a number is easily mistyped. */
export async function withdrawGift(deps: GiftingDeps, reply: GiftReply): Promise<GiftAnswer> {
  const gift = await readGift(deps, reply.issuerId, reply.giftId)
  // What was ordered in a corporation's name is not the person's own to take back.
  if (gift?.giverId !== reply.memberId || gift.corporation !== null) return refused('gift_unknown')
  return giveBack(deps, gift, 'withdraw')
}

/** A corporation takes back what nobody has accepted. */
export async function withdrawHandedOut(
  deps: GiftingDeps,
  named: {
    readonly issuerId: IssuerId
    readonly corporationId: CorporationId
    readonly giftId: GiftId
  },
): Promise<GiftAnswer> {
  const gift = await readGift(deps, named.issuerId, named.giftId)
  if (gift?.corporation?.corporationId !== named.corporationId) return refused('gift_unknown')
  return giveBack(deps, gift, 'withdraw')
}

const ENDS = { decline: 'declined', withdraw: 'withdrawn', lapse: 'lapsed' } as const

export async function giveBack(
  deps: GiftingDeps,
  gift: Gift,
  event: 'decline' | 'withdraw' | 'lapse',
): Promise<GiftAnswer> {
  if (gift.state === ENDS[event]) return { status: 'registered', gift }
  if (nextGiftStep(gift.state, event).action !== 'give_back') return refused('gift_closed')
  const { issuerId, giftId, giverWalletId } = gift
  const [outcome] = await deps.ledger.move(
    issuerId,
    [
      {
        kind: 'gift_return',
        // One gift is given back once, for whatever reason.
        operationId: returnKey(deps, gift),
        requestHash: requestHash(deps.sha256, ['gift_return', giverWalletId, giftId]),
        walletId: giverWalletId,
        targetId: gift.operationId,
        lines: gift.parts.map(({ lotId, amountWon }) => ({
          debitKind: 'gift_transit',
          debitId: giftId,
          creditKind: 'lot',
          creditId: lotId,
          amountWon,
        })),
      },
    ],
    deps.clock(),
  )
  assert(outcome !== undefined, 'the ledger answers every request')
  if (outcome.status === 'changed') {
    await settle(deps, gift)
    return refused('gift_closed')
  }
  assert(outcome.status === 'posted', 'what waits is given back')
  const returned = await step(deps, gift, event)
  await tellGiver(deps, returned)
  return { status: 'registered', gift: returned }
}

/**
 * The ledger has ended the gift by the other way and its record does not say so yet: whoever ended it died in between.
 * One that was given back is met again by the work that lets gifts lapse.
 */
async function settle(deps: GiftingDeps, gift: Gift): Promise<void> {
  const [origin] = await deps.ledger.lotOrigins(gift.issuerId, [gift.lotId])
  if (origin !== undefined) await tellGiver(deps, await step(deps, gift, 'accept'))
}

function returnKey({ sha256 }: GiftingDeps, { issuerId, giftId }: Gift): OperationId {
  return derivedOperationId(requestHash(sha256, ['gift_return', issuerId, giftId]))
}

type Receivable =
  | { readonly status: 'found'; readonly gift: Gift; readonly account: MemberAccount }
  | GiftAnswer

/** A gift to the member's own number; any other does not exist for the member. */
async function receivable(deps: GiftingDeps, reply: GiftReply): Promise<Receivable> {
  const { issuerId, memberId, giftId } = reply
  const account = await deps.member(issuerId, memberId)
  if (account === undefined || account.member.status === 'left') return refused('member_left')
  const gift = await readGift(deps, issuerId, giftId)
  if (gift === undefined || mobileDigits(account.member.phone) !== gift.phone) {
    return refused('gift_unknown')
  }
  if (gift.receiverId === memberId) return { status: 'found', gift, account }
  const mayAnswer = account.member.status === 'stopped' || (await bearsNumber(deps, account))
  return mayAnswer ? { status: 'found', gift, account } : refused('gift_unknown')
}

/** Once for each end, however often. A corporation sees the ends in its list. */
async function tellGiver({ casebook }: GiftingDeps, gift: Gift): Promise<void> {
  const { issuerId, giftId, giverId, amountWon, state, corporation } = gift
  if (corporation !== null) return
  await casebook.notify(issuerId, {
    memberId: giverId,
    noticeKind: state === 'accepted' ? 'gift_accepted' : 'gift_returned',
    subject: String(giftId),
    facts: { amountWon, state },
  })
}
