/** The lines of hand-outs, in their thousands. What is personal in them goes some time after the hand-out has ended. */
import type { GiftId, HandOutId, IssuerId, Won } from '../base/base.ts'
import type { RecipientLine } from './recipient-list.ts'

/**
 * - `new`: not sent yet. `sent`: a present waits for whoever bears the number.
 * - `accepted`; `returned`: declined, lapsed or taken back, and the value is the corporation's again; `refused`: could
 *   not be sent; `skipped`: the hand-out was stopped before. Ends.
 */
export const recipientStates = [
  'new',
  'sent',
  'accepted',
  'returned',
  'refused',
  'skipped',
] as const
export type RecipientState = (typeof recipientStates)[number]

export interface StoredRecipient extends Omit<RecipientLine, 'phone'> {
  /** `null` after it was erased. */
  readonly phone: string | null
  readonly state: RecipientState
  /** Why it was refused, or how it came back. */
  readonly reason: string | null
  readonly giftId: GiftId | null
}

export interface RecipientResult {
  readonly lineNumber: number
  readonly state: RecipientState
  readonly reason: string | null
  /** Kept where it is known already. */
  readonly giftId: GiftId | null
}

export interface RecipientGroup {
  readonly state: RecipientState
  readonly lines: number
  readonly amountWon: Won
}

/** Lines of one call at most. */
export const RECIPIENT_SET_MAX = 500

/** All methods may be repeated; they throw the store's Faults. */
export interface RecipientStore {
  /** Lines that are there already stay as they are. */
  add(issuerId: IssuerId, handOutId: HandOutId, lines: readonly RecipientLine[]): Promise<void>
  /** By line number. */
  lines(
    issuerId: IssuerId,
    handOutId: HandOutId,
    page: {
      readonly states: readonly RecipientState[]
      readonly after: number
      readonly limit: number
    },
  ): Promise<StoredRecipient[]>
  line(
    issuerId: IssuerId,
    handOutId: HandOutId,
    lineNumber: number,
  ): Promise<StoredRecipient | undefined>
  /** A line goes forwards only: what is new is sent or ends, what was sent ends, and an end stays. */
  settle(
    issuerId: IssuerId,
    handOutId: HandOutId,
    results: readonly RecipientResult[],
  ): Promise<void>
  groups(issuerId: IssuerId, handOutId: HandOutId): Promise<RecipientGroup[]>
  /** Takes telephone and words out of lines. @returns of how many */
  erase(issuerId: IssuerId, handOutId: HandOutId, limit: number): Promise<number>
}
