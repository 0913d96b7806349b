/**
 * The lines of batches, in their hundred thousands; and who got what in a round. Everything personal in a line goes as
 * soon as it is granted or refused for good, and the rest some time after its batch was closed.
 */
import type { Instant, IssuerId, MemberId, ProgramId, StipendBatchId, Won } from '../base/base.ts'
import type { EligibleLine, Identity } from './eligibility-cells.ts'

/**
 * - `new`: not looked at yet.
 * - `ready`: would be granted now.
 * - `waiting`: cannot be granted now and may be later, until the joining period ends.
 * - `granted`; `refused`: never in this batch; `lapsed`: waited in vain. Ends.
 */
export const lineStates = ['new', 'ready', 'waiting', 'granted', 'refused', 'lapsed'] as const
export type LineState = (typeof lineStates)[number]

export const lineReasons = [
  'not_member',
  'several_members',
  'wallet_stopped',
  'too_young',
  'over_cap',
  'member_left',
  'granted_before',
  'reference_used',
  'declined',
] as const
export type LineReason = (typeof lineReasons)[number]

export interface StoredLine {
  readonly lineNumber: number
  readonly reference: string
  readonly amountWon: Won
  readonly state: LineState
  readonly reason: LineReason | null
  /** As the file named or the last look found. */
  readonly memberId: MemberId | null
  readonly identity: Identity | null
  /** The member is this line's for the round: from then on it is granted without a further look. */
  readonly isClaimed: boolean
  /** 1, and one more for each time that the ledger declined it. */
  readonly attempt: number
}

export interface LineResult {
  readonly lineNumber: number
  readonly state: LineState
  readonly reason: LineReason | null
  readonly memberId: MemberId | null
  /** The next one, where this was declined; a lower one than it has changes nothing. */
  readonly attempt?: number
}

/** Lines of one state, reason and amount. */
export interface LineGroup {
  readonly state: LineState
  readonly reason: LineReason | null
  readonly amountWon: Won
  readonly lines: number
}

export interface Round {
  readonly programId: ProgramId
  readonly round: string
}

export interface LinePlace {
  readonly batchId: StipendBatchId
  readonly lineNumber: number
}

export interface Recipient extends Round, LinePlace {
  readonly amountWon: Won
  readonly state: LineState
}

/** Lines of one call at most. */
export const LINE_SET_MAX = 1_000

/** All methods may be repeated; they throw the store's Faults. */
export interface LineStore {
  /** Lines that are there already stay as they are. */
  add(
    issuerId: IssuerId,
    batchId: StipendBatchId,
    lines: readonly EligibleLine[],
    at: Instant,
  ): Promise<void>
  /** The file was taken whole. */
  confirm(issuerId: IssuerId, batchId: StipendBatchId): Promise<void>
  /** Batches begun before an instant that nobody confirmed. */
  unconfirmed(issuerId: IssuerId, before: Instant, limit: number): Promise<StipendBatchId[]>
  /** Removes lines of a batch that is not confirmed, and the batch with the last of them. @returns how many went */
  discard(issuerId: IssuerId, batchId: StipendBatchId, limit: number): Promise<number>
  /** By line number. */
  lines(
    issuerId: IssuerId,
    batchId: StipendBatchId,
    page: { readonly states: readonly LineState[]; readonly after: number; readonly limit: number },
  ): Promise<StoredLine[]>
  /** Those that nobody looked at since an instant, the one longest ago first. */
  unseen(
    issuerId: IssuerId,
    batchId: StipendBatchId,
    page: {
      readonly states: readonly LineState[]
      readonly before: Instant
      readonly limit: number
    },
  ): Promise<StoredLine[]>
  /** What a look at lines, or their grant, came to. A line that has ended stays as it is. */
  settle(
    issuerId: IssuerId,
    batchId: StipendBatchId,
    results: readonly LineResult[],
    at: Instant,
  ): Promise<void>
  /** A member is one line's in a round. @returns the lines whose member is theirs, now or before */
  claim(
    issuerId: IssuerId,
    batchId: StipendBatchId,
    round: Round,
    lines: readonly { readonly lineNumber: number; readonly memberId: MemberId }[],
  ): Promise<ReadonlySet<number>>
  /** Which line has a member in a round; those that none has are left out. */
  owners(
    issuerId: IssuerId,
    round: Round,
    memberIds: readonly MemberId[],
  ): Promise<ReadonlyMap<MemberId, LinePlace>>
  groups(issuerId: IssuerId, batchId: StipendBatchId): Promise<LineGroup[]>
  /** What waits lapses. @returns how many did */
  lapse(issuerId: IssuerId, batchId: StipendBatchId, limit: number): Promise<number>
  /** Takes what is personal out of lines. @returns of how many */
  erase(issuerId: IssuerId, batchId: StipendBatchId, limit: number): Promise<number>
  /** The lines that claimed a member, of all rounds, the latest batch first. */
  ofMember(issuerId: IssuerId, memberId: MemberId, limit: number): Promise<Recipient[]>
}
