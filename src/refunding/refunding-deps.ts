/** The ports of refunding. */
import type {
  BusinessDate,
  Clock,
  IdSource,
  IssuerId,
  LotId,
  MemberId,
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

export interface RefundingDeps {
  readonly ledger: Pick<Ledger, 'find' | 'lots' | 'purchase'> &
    Pick<Movements, 'move' | 'lotOrigins'>
  readonly registry: Registry
  readonly casebook: Pick<Casebook, 'notify'>
  readonly member: (issuerId: IssuerId, memberId: MemberId) => Promise<MemberAccount | undefined>
  readonly issuing: IssuingDirectory
  readonly presents: Presents
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
  /** Besides Saturdays and Sundays. */
  readonly holidays: readonly BusinessDate[]
}
