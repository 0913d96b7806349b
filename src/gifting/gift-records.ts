/** Presents in the registry: how they are found, and how they change. */
import {
  assert,
  formatId,
  sumWon,
  won,
  type GiftId,
  type IssuerId,
  type LotId,
  type MemberId,
  type Won,
} from '../base/base.ts'
import {
  mobileDigits,
  nextGiftStep,
  type GiftEvent,
  type GiftState,
  type MemberMoneyRefusal,
  type ValueSources,
} from '../issuing/issuing.ts'
import {
  changeRecords,
  findRecord,
  keyPrefix,
  naturalKey,
  newRecord,
  readRecord,
  recordOf,
  type GiftBody,
  type MemberAccount,
  type RecordOf,
  type Registry,
} from '../registration/registration.ts'
import type { GiftingDeps } from './gifting-deps.ts'

export interface Gift extends GiftBody {
  readonly issuerId: IssuerId
  readonly giftId: GiftId
}

export type GiftAnswer =
  | { readonly status: 'registered'; readonly gift: Gift }
  | { readonly status: 'refused'; readonly reason: MemberMoneyRefusal }
  | { readonly status: 'declined'; readonly reason: 'holding_cap_exceeded' | 'wallet_unknown' }
  | { readonly status: 'field_invalid'; readonly field: string }
  | { readonly status: 'key_reused' }

/** Of one member or number, newest first. */
const LISTED_MAX = 100
/** Presents out of one lot that are looked at; the limit of a day keeps far below it. */
const FROM_LOT_MAX = 1_000

export function refused(reason: MemberMoneyRefusal): GiftAnswer {
  return { status: 'refused', reason }
}

export function giftOf(issuerId: IssuerId, { recordId, body }: RecordOf<'gift'>): Gift {
  return { issuerId, giftId: recordId as GiftId, ...body } // The record id of a gift is the gift's.
}

export async function readGift(
  { registry }: Pick<GiftingDeps, 'registry'>,
  issuerId: IssuerId,
  giftId: GiftId,
): Promise<Gift | undefined> {
  const record = await readRecord(registry, issuerId, 'gift', giftId)
  return record && giftOf(issuerId, record)
}

/** The end that an event leads to, written down; where it leads nowhere, the gift as it stands. */
export function step(
  { registry, clock }: Pick<GiftingDeps, 'registry' | 'clock'>,
  { issuerId, giftId }: Pick<Gift, 'issuerId' | 'giftId'>,
  event: GiftEvent,
): Promise<Gift> {
  const now = clock()
  return changeRecords(registry, issuerId, now, async () => {
    const known = await readRecord(registry, issuerId, 'gift', giftId)
    assert(known !== undefined, 'a gift is never removed')
    const { state } = nextGiftStep(known.body.state, event)
    if (state === known.body.state) return { answer: giftOf(issuerId, known) }
    const body: GiftBody = { ...known.body, state, endedAt: now }
    const next = { recordId: giftId, version: known.version + 1, body }
    return {
      answer: giftOf(issuerId, next),
      by: 'system',
      records: [newRecord('gift', next)],
    }
  })
}

/** Writes down who is about to accept, so that it is known whatever dies afterwards. */
export function claim(
  { registry, clock }: Pick<GiftingDeps, 'registry' | 'clock'>,
  { issuerId, giftId }: Pick<Gift, 'issuerId' | 'giftId'>,
  receiverId: MemberId,
): Promise<Gift> {
  return changeRecords(registry, issuerId, clock(), async () => {
    const known = await readRecord(registry, issuerId, 'gift', giftId)
    assert(known !== undefined, 'a gift is never removed')
    const isOpen = known.body.state === 'waiting' && known.body.receiverId !== receiverId
    if (!isOpen) return { answer: giftOf(issuerId, known) }
    const body: GiftBody = { ...known.body, receiverId }
    const next = { recordId: giftId, version: known.version + 1, body }
    return {
      answer: giftOf(issuerId, next),
      by: formatId('mbr', receiverId),
      records: [newRecord('gift', next)],
    }
  })
}

export async function givenBy(
  { registry }: Pick<GiftingDeps, 'registry'>,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly Gift[]> {
  const prefix = keyPrefix.ofMember(memberId)
  const stored = await registry.listByKey(issuerId, 'gift', prefix, LISTED_MAX)
  return stored.map((each) => giftOf(issuerId, recordOf('gift', each)))
}

/** Those that wait for whoever bears the account's number, and those that the member accepted. */
export async function givenTo(
  deps: Pick<GiftingDeps, 'registry'>,
  account: MemberAccount,
): Promise<readonly Gift[]> {
  const { issuerId, memberId } = account.member
  const digits = mobileDigits(account.member.phone)
  if (digits === undefined) return []
  const prefix = keyPrefix.ofPhone(digits)
  const stored = await deps.registry.listByKey(issuerId, 'gift', prefix, LISTED_MAX)
  const gifts = stored.map((each) => giftOf(issuerId, recordOf('gift', each)))
  const isBearer = await bearsNumber(deps, account)
  return gifts.filter(
    ({ receiverId, state }) => receiverId === memberId || (isBearer && state === 'waiting'),
  )
}

/**
 * True for the member who was vouched for with the number last: a number goes from one person to another, and what was
 * sent to it is for whoever bears it now.
 */
export async function bearsNumber(
  { registry }: Pick<GiftingDeps, 'registry'>,
  { member }: MemberAccount,
): Promise<boolean> {
  const digits = mobileDigits(member.phone)
  if (digits === undefined || member.status !== 'active') return false
  const bearer = await bearerOf(registry, member.issuerId, digits)
  return bearer === undefined || bearer === member.memberId
}

export async function bearerOf(
  registry: Registry,
  issuerId: IssuerId,
  digits: string,
): Promise<MemberId | undefined> {
  const prefix = keyPrefix.ofPhone(digits)
  const stored = await registry.listByKey(issuerId, 'member', prefix, LISTED_MAX)
  const bearer = stored
    .map((each) => recordOf('member', each))
    .find(({ body }) => body.status === 'active' && mobileDigits(body.phone) === digits)
  return bearer?.recordId as MemberId | undefined // The record id of a member is the member's.
}

const HAS_LEFT: readonly GiftState[] = ['prepared', 'waiting', 'accepted']

/** What was given out of a lot and has not come back; one that is only prepared counts too. */
export async function givenAwayWon(
  { registry }: Pick<GiftingDeps, 'registry'>,
  issuerId: IssuerId,
  lotId: LotId,
): Promise<Won> {
  const prefix = keyPrefix.giftsFrom(lotId)
  const stored = await registry.listByKey(issuerId, 'gift', prefix, FROM_LOT_MAX)
  const gifts = stored.map((each) => recordOf('gift', each).body)
  const parts = gifts
    .filter(({ state }) => HAS_LEFT.includes(state))
    .flatMap((gift) => gift.parts.filter((part) => part.lotId === lotId))
  return parts.length === 0 ? won(0) : sumWon(parts.map(({ amountWon }) => amountWon))
}

/** Where the value of the present in a lot came from. */
export async function sourcesOf(
  { registry }: Pick<GiftingDeps, 'registry'>,
  issuerId: IssuerId,
  lotId: LotId,
): Promise<ValueSources | undefined> {
  const record = await findRecord(registry, issuerId, 'gift', naturalKey.giftIn(lotId))
  return record?.body.sources
}
