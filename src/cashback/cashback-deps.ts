/** What cashback asks of others. */
import type {
  BusinessDate,
  Clock,
  IdSource,
  IssuerId,
  MerchantId,
  Sha256,
  Won,
} from '../base/base.ts'
import type { IssuingDirectory, PotDirectory } from '../issuing/issuing.ts'
import type { Ledger, ProgramReading } from '../ledger/ledger.ts'
import type { Casebook } from '../registration/registration.ts'
import type { CashbackStore } from './cashback-store.ts'

/** The yearly revenue that counts on a day, of some merchants; `undefined` of one that nobody knows. */
export type Revenues = (
  issuerId: IssuerId,
  merchantIds: readonly MerchantId[],
) => Promise<(merchantId: MerchantId, day: BusinessDate) => Won | undefined>

export interface CashbackDeps {
  readonly store: CashbackStore
  readonly ledger: Pick<Ledger, 'move' | 'find' | 'lots' | 'lotOrigins'>
  readonly issuing: Pick<IssuingDirectory, 'program' | 'programs'>
  readonly revenues: Revenues
  /** The funders' pots, and what was drawn from them. */
  readonly funding: PotDirectory
  readonly reading: Pick<ProgramReading, 'potUses' | 'potDraws'>
  readonly casebook: Pick<Casebook, 'openCase' | 'closeCase' | 'notify'>
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
  /** What one step reads of the journal, or posts, at most; absent: as much as others do not notice. */
  readonly stepSize?: number
}
