/** The ports of the room. */
import type { Clock, IdSource, IssuerId, MemberId, Sha256 } from '../base/base.ts'
import type { Gifting } from '../gifting/gifting.ts'
import type { IssuerRuleDirectory, IssuingDirectory } from '../issuing/issuing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { Refunding } from '../refunding/refunding.ts'
import type { MemberAccount, Registry } from '../registration/registration.ts'
import type { Selling } from '../selling/selling.ts'
import type { RecipientStore } from './recipient-store.ts'

export interface CorporateDeps {
  readonly registry: Registry
  readonly ledger: Pick<Ledger, 'openWallets' | 'lots' | 'purchase'>
  readonly selling: Pick<Selling, 'buyAsCorporation' | 'quoteForCorporation' | 'enquire'>
  readonly refunding: Pick<Refunding, 'cancelPurchaseOf'>
  readonly gifting: Pick<Gifting, 'handOut' | 'withdrawHandedOut' | 'gifts'>
  readonly recipients: RecipientStore
  readonly issuing: IssuingDirectory & IssuerRuleDirectory
  readonly member: (issuerId: IssuerId, memberId: MemberId) => Promise<MemberAccount | undefined>
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly openHash: () => {
    update(bytes: Uint8Array): unknown
    digest(): Uint8Array
  }
  readonly clock: Clock
}
