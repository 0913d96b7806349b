/**
 * Gifting: value of one member for whoever bears a telephone number (선물). Only through the core, because the transfer
 * of named value goes through the issuer's own system (전자금융거래법 §18②). SPEC.md has the states.
 */
import {
  DAY_MS,
  firstIdAt,
  MINUTE_MS,
  type GiftId,
  type Instant,
  type IssuerId,
  type LotId,
  type MemberId,
  type Won,
} from '../base/base.ts'
import { rulesAt, type GiftState, type ValueSources } from '../issuing/issuing.ts'
import { recordOf } from '../registration/registration.ts'
import { acceptGift, declineGift, giveBack, withdrawGift, type GiftReply } from './end-gift.ts'
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
import type { GiftingDeps } from './gifting-deps.ts'
import { close, finish, sendGift, type GiftCommand } from './send-gift.ts'

export { type GiftReply } from './end-gift.ts'
export { type Gift, type GiftAnswer } from './gift-records.ts'
export { type GiftingDeps } from './gifting-deps.ts'
export { GIFT_MESSAGE_LENGTH_MAX, type GiftCommand } from './send-gift.ts'

/** What was prepared so long ago and is not posted belongs to nobody who still lives. */
const PREPARED_MS_MAX = 5 * MINUTE_MS
/** Of one look at gifts that may have lapsed, and the most such looks of one step. */
const PAGE_SIZE = 100
const PAGES_MAX = 20

/** All methods throw the ledger's and the registry's Faults; a no is a value. */
export interface Gifting {
  send(command: GiftCommand): Promise<GiftAnswer>
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
   * Gives back what has lapsed and ends what was only prepared, at most `limit` of both. @returns how many it ended;
   * fewer than the limit: there are no more
   */
  endOverdue(issuerId: IssuerId, now: Instant, limit: number): Promise<number>
}

export function createGifting(deps: GiftingDeps): Gifting {
  return {
    send: (command) => sendGift(deps, command),
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
    endOverdue: (issuerId, now, limit) => endOverdue(deps, issuerId, { now, limit }),
  }
}

async function endOverdue(
  deps: GiftingDeps,
  issuerId: IssuerId,
  { now, limit }: { readonly now: Instant; readonly limit: number },
): Promise<number> {
  let ended = 0
  const left = { issuerId, state: 'prepared', madeBefore: now - PREPARED_MS_MAX } as const
  for await (const gift of olderGifts(deps, left)) {
    if (ended === limit) return ended
    const finished = await finish(deps, gift)
    if (finished === 'changed') await close(deps, gift)
    ended += 1
  }
  const { giftAcceptDays } = rulesAt(deps.issuing.issuerRules(issuerId), now)
  // Those that were sent under longer terms are looked at too, and wait.
  const waiting = { issuerId, state: 'waiting', madeBefore: now - giftAcceptDays * DAY_MS } as const
  for await (const gift of olderGifts(deps, waiting)) {
    if (ended === limit) return ended
    if (now < gift.lapsesAt) continue
    await giveBack(deps, gift, 'lapse')
    ended += 1
  }
  return ended
}

/** Of a state, made before an instant: ids say when. */
async function* olderGifts(
  { registry }: GiftingDeps,
  wanted: {
    readonly issuerId: IssuerId
    readonly state: GiftState
    readonly madeBefore: Instant
  },
): AsyncGenerator<Gift> {
  const { issuerId, state, madeBefore } = wanted
  let before = firstIdAt(madeBefore)
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const stored = await registry.list(issuerId, 'gift', { state, before, limit: PAGE_SIZE })
    for (const each of stored) yield giftOf(issuerId, recordOf('gift', each))
    const last = stored.at(-1)
    if (last === undefined || stored.length < PAGE_SIZE) return
    before = last.recordId
  }
}
