/** The ports of refunding. */
import type {
  BusinessDate,
  Clock,
  IdSource,
  Instant,
  IssuerId,
  LotId,
  MemberId,
  ProgramId,
  Sha256,
  Won,
} from '../base/base.ts'
import type { IssuingDirectory, ValueSources } from '../issuing/issuing.ts'
import type { Ledger, Movements } from '../ledger/ledger.ts'
import type { Casebook, MemberAccount, Registry } from '../registration/registration.ts'

/** What presents have to do with a lot: its own ledger cannot tell. */
export interface Presents {
  /** What of a lot was given to others and has not come back. */
  givenAwayWon(issuerId: IssuerId, lotId: LotId): Promise<Won>
  /** Where a present's value came from, from the lots of whoever gave it; `undefined`: no present is in that lot. */
  sourcesOf(issuerId: IssuerId, lotId: LotId): Promise<ValueSources | undefined>
}

/** What was announced to all members of a program. */
export interface Announcements {
  /**
   * True where terms or merchants change to the members' disadvantage and the time to ask for refunds runs.
   * @param lotIssuedAt what was bought after the announcement was bought knowing it
   */
  adverseChangeRuns(
    issuerId: IssuerId,
    programId: ProgramId,
    at: Instant,
    lotIssuedAt: Instant,
  ): boolean
  /** True where the program is to be abolished. */
  isAbolished(issuerId: IssuerId, programId: ProgramId, at: Instant): boolean
}

export interface RefundingDeps {
  readonly ledger: Pick<Ledger, 'find' | 'lots' | 'purchase'> &
    Pick<Movements, 'move' | 'lotOrigins'>
  readonly registry: Registry
  readonly casebook: Pick<Casebook, 'notify'>
  readonly member: (issuerId: IssuerId, memberId: MemberId) => Promise<MemberAccount | undefined>
  readonly issuing: IssuingDirectory
  readonly presents: Presents
  readonly announcements: Announcements
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
  /** Besides Saturdays and Sundays. */
  readonly holidays: readonly BusinessDate[]
  /** The bank whose tokens stand for members' accounts, three digits. */
  readonly tokenBankCode: string
}
