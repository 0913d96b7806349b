/** The ports of gifting. */
import type { Clock, IdSource, IssuerId, MemberId, Sha256 } from '../base/base.ts'
import type { IssuerRuleDirectory, IssuingDirectory } from '../issuing/issuing.ts'
import type { Ledger, Movements } from '../ledger/ledger.ts'
import type { Casebook, MemberAccount, Registry } from '../registration/registration.ts'

export interface GiftingDeps {
  readonly ledger: Pick<Ledger, 'find' | 'lots'> & Pick<Movements, 'move' | 'lotOrigins'>
  readonly registry: Registry
  readonly casebook: Pick<Casebook, 'notify'>
  readonly member: (issuerId: IssuerId, memberId: MemberId) => Promise<MemberAccount | undefined>
  readonly issuing: IssuingDirectory & IssuerRuleDirectory
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
}

/** So often a decision is made anew because lots were moved while we looked. */
export const DECISIONS_MAX = 5
