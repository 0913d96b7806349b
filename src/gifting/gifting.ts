/**
 * Gifting: value of one member for whoever bears a telephone number (선물). Only through the core, because the transfer
 * of named value goes through the issuer's own system (전자금융거래법 §18②). SPEC.md has the states.
 */
import {
  DAY_MS,
  firstIdAt,
  MINUTE_MS,
  type CorporationId,
  type GiftId,
  type Instant,
  type IssuerId,
  type LotId,
  type MemberId,
  type Won,
} from '../base/base.ts'
import { rulesAt, type GiftState, type ValueSources } from '../issuing/issuing.ts'
import { recordOf } from '../registration/registration.ts'
import {
  acceptGift,
  declineGift,
  giveBack,
  withdrawGift,
  withdrawHandedOut,
  type GiftReply,
} from './end-gift.ts'
import {
  givenAwayWon,
  givenBy,
  givenTo,
  giftOf,
  readGift,
  sourcesOf,
  type Gift,
  type GiftAnswer,
} from './gift-records.ts'
import type { HandingCommand } from './giver.ts'
import type { GiftingDeps } from './gifting-deps.ts'
import { close, finish, handOut, sendGift, type GiftCommand } from './send-gift.ts'

export { type GiftReply } from './end-gift.ts'
export { type Gift, type GiftAnswer } from './gift-records.ts'
export { type HandingCommand } from './giver.ts'
export { type GiftingDeps } from './gifting-deps.ts'
export { GIFT_MESSAGE_LENGTH_MAX, type GiftCommand } from './send-gift.ts'

/** What was prepared so long ago and is not posted belongs to nobody who still lives. */
const PREPARED_MS_MAX = 5 * MINUTE_MS
/** Of one look at gifts that may have lapsed, and the most that one step looks at. */
const PAGE_SIZE = 100
const LOOKED_MAX = 2_000

/** What a step ended; `before` is where the next one looks on. */
export interface OverdueStep {
  readonly ended: number
  readonly isLast: boolean
  readonly before?: number
}

/** All methods throw the ledger's and the registry's Faults; a no is a value. */
export interface Gifting {
  send(command: GiftCommand): Promise<GiftAnswer>
  /** A present of a corporation, under the key of its line. */
  handOut(command: HandingCommand): Promise<GiftAnswer>
  withdrawHandedOut(named: {
    readonly issuerId: IssuerId
    readonly corporationId: CorporationId
    readonly giftId: GiftId
  }): Promise<GiftAnswer>
  /** By id; those that are not there are left out. */
  gifts(issuerId: IssuerId, giftIds: readonly GiftId[]): Promise<readonly Gift[]>
  accept(reply: GiftReply): Promise<GiftAnswer>
  decline(reply: GiftReply): Promise<GiftAnswer>
  withdraw(reply: GiftReply): Promise<GiftAnswer>
  gift(issuerId: IssuerId, giftId: GiftId): Promise<Gift | undefined>
  givenBy(issuerId: IssuerId, memberId: MemberId): Promise<readonly Gift[]>
  /** Those that wait for the member's number, and those that the member accepted. */
  givenTo(issuerId: IssuerId, memberId: MemberId): Promise<readonly Gift[]>
  givenAwayWon(issuerId: IssuerId, lotId: LotId): Promise<Won>
  sourcesOf(issuerId: IssuerId, lotId: LotId): Promise<ValueSources | undefined>
  /**
   * Gives back what has lapsed and ends what was only prepared, at most `limit` of both.
   * @param before of a step before; absent: from the newest that may have lapsed
   */
  endOverdue(issuerId: IssuerId, now: Instant, limit: number, before?: number): Promise<OverdueStep>
}

export function createGifting(deps: GiftingDeps): Gifting {
  return {
    send: (command) => sendGift(deps, command),
    handOut: (command) => handOut(deps, command),
    withdrawHandedOut: (named) => withdrawHandedOut(deps, named),
    async gifts(issuerId, giftIds) {
      const stored = await deps.registry.read(issuerId, 'gift', giftIds)
      return stored.map((each) => giftOf(issuerId, recordOf('gift', each)))
    },
    accept: (reply) => acceptGift(deps, reply),
    decline: (reply) => declineGift(deps, reply),
    withdraw: (reply) => withdrawGift(deps, reply),
    gift: (issuerId, giftId) => readGift(deps, issuerId, giftId),
    givenBy: (issuerId, memberId) => givenBy(deps, issuerId, memberId),
    async givenTo(issuerId, memberId) {
      const account = await deps.member(issuerId, memberId)
      return account === undefined ? [] : givenTo(deps, account)
    },
    givenAwayWon: (issuerId, lotId) => givenAwayWon(deps, issuerId, lotId),
    sourcesOf: (issuerId, lotId) => sourcesOf(deps, issuerId, lotId),
    endOverdue: (issuerId, now, limit, before) =>
      endOverdue(deps, issuerId, { now, limit, ...(before === undefined ? {} : { before }) }),
  }
}

async function endOverdue(
  deps: GiftingDeps,
  issuerId: IssuerId,
  {
    now,
    limit,
    before,
  }: { readonly now: Instant; readonly limit: number; readonly before?: number },
): Promise<OverdueStep> {
  let ended = 0
  const left = { state: 'prepared', before: firstIdAt(now - PREPARED_MS_MAX) } as const
  for await (const gift of olderGifts(deps, issuerId, left)) {
    if (ended === limit)
      return { ended, isLast: false, ...(before === undefined ? {} : { before }) }
    const finished = await finish(deps, gift)
    if (finished === 'changed') await close(deps, gift)
    ended += 1
  }
  const rules = rulesAt(deps.issuing.issuerRules(issuerId), now)
  const days = Math.min(rules.giftAcceptDays, rules.handOutAcceptDays)
  const from = before ?? firstIdAt(now - days * DAY_MS)
  let looked = 0
  let last: number = from
  // Those that were sent under longer terms are looked at too, and wait.
  for await (const gift of olderGifts(deps, issuerId, { state: 'waiting', before: from })) {
    if (ended === limit || looked === LOOKED_MAX) return { ended, isLast: false, before: last }
    looked += 1
    last = gift.giftId
    if (now < gift.lapsesAt) continue
    await giveBack(deps, gift, 'lapse')
    ended += 1
  }
  return { ended, isLast: true }
}

/** Of a state, made before an instant: ids say when. */
async function* olderGifts(
  { registry }: GiftingDeps,
  issuerId: IssuerId,
  wanted: { readonly state: GiftState; readonly before: number },
): AsyncGenerator<Gift> {
  const { state } = wanted
  let { before } = wanted
  for (;;) {
    const stored = await registry.list(issuerId, 'gift', { state, before, limit: PAGE_SIZE })
    for (const each of stored) yield giftOf(issuerId, recordOf('gift', each))
    const last = stored.at(-1)
    if (last === undefined || stored.length < PAGE_SIZE) return
    before = last.recordId
  }
}
