/**
 * The core's desk for cards as the gateway sees it. Everything is idempotent by the card key: asking again, or telling
 * again, gives the same answer and moves nothing twice.
 */
import type { FaultCode, Instant, Won } from '../base/base.ts'
import type { CardAnswer } from './card-answer.ts'
import type { CardNotice, CardRequest } from './card-message.ts'

export interface CardDesk {
  /** Never answers `unknown`: that is said of a desk which does not answer. @throws Faults */
  decide(request: CardRequest): Promise<CardAnswer>
  /** One receipt for each notice, in order. A notice is told again until its receipt says `taken`. */
  take(notices: readonly CardNotice[]): Promise<readonly NoticeReceipt[]>
}

/**
 * What a notice brought about.
 * - `posted`: money moved by it. - `already`: it was known. - `voided`: it was reversed before it came, or it reversed
 *   what had not come yet. - `case`: no money could be moved for it; somebody looks at it.
 */
export const noticeEffects = ['posted', 'already', 'voided', 'case'] as const
export type NoticeEffect = (typeof noticeEffects)[number]

export type NoticeReceipt =
  | {
      readonly status: 'taken'
      readonly effect: NoticeEffect
      /** Taken from the wallet. */
      readonly voucherWon: Won
      /** What the wallet no longer had: booked to the stand-in loss account, with a case. */
      readonly lossWon: Won
      readonly takenAt: Instant
    }
  /** Could not be taken now; certain or not, it is harmless to tell it again. */
  | { readonly status: 'later'; readonly because: FaultCode }

/** Notices of one call. */
export const NOTICES_MAX = 100
