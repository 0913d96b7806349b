/** What leaving and erasing ask of others. */
import type { Clock, IssuerId, MemberId } from '../base/base.ts'
import type { Cashback } from '../cashback/cashback.ts'
import type { Gifting } from '../gifting/gifting.ts'
import type { IssuerRuleDirectory } from '../issuing/issuing.ts'
import type { Ledger, LedgerReading } from '../ledger/ledger.ts'
import type { Refunding } from '../refunding/refunding.ts'
import type { CardLinks, PersonalErasure, Registry } from '../registration/registration.ts'

export interface RightsDeps {
  readonly registry: Registry & PersonalErasure
  readonly ledger: Pick<Ledger, 'lots'>
  readonly reading: Pick<LedgerReading, 'awaitsPurchase'>
  readonly issuerRules: IssuerRuleDirectory
  readonly cashback: Pick<Cashback, 'ofMember'>
  readonly gifting: Pick<Gifting, 'givenBy'>
  readonly refunding: Pick<Refunding, 'preview' | 'requestsOf'>
  readonly cardLinks: Pick<CardLinks, 'cardsOf' | 'unlinkCard'>
  readonly clock: Clock
}

export interface Leaving {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  /** What cannot be refunded and is still there, and the cashback that waits, is given up: said, never supposed. */
  readonly renounce: boolean
}
