/** The ports of buying, and how it says no. */
import type {
  Clock,
  DeclineReason,
  IdSource,
  IssuerId,
  MemberId,
  ProgramId,
  Sha256,
  Won,
} from '../base/base.ts'
import type {
  IssuerRuleDirectory,
  IssuingDirectory,
  MemberMoneyRefusal,
  VirtualAccounts,
} from '../issuing/issuing.ts'
import type { Ledger, ProgramReading } from '../ledger/ledger.ts'
import type { Casebook, MemberAccount, Registry } from '../registration/registration.ts'
import type { Selling } from '../selling/selling.ts'

export interface BuyingDeps {
  readonly ledger: Pick<Ledger, 'reservedPurchases'>
  readonly reading: Pick<ProgramReading, 'spendable'>
  readonly selling: Pick<Selling, 'quote' | 'reserve' | 'conclude' | 'buy' | 'enquire'>
  readonly bank: VirtualAccounts
  readonly registry: Registry
  readonly casebook: Pick<Casebook, 'notify' | 'openCase'>
  readonly member: (issuerId: IssuerId, memberId: MemberId) => Promise<MemberAccount | undefined>
  readonly issuing: IssuingDirectory & IssuerRuleDirectory
  readonly ids: IdSource
  readonly sha256: Sha256
  readonly clock: Clock
}

export type BuyingRefused =
  | { readonly status: 'refused'; readonly reason: MemberMoneyRefusal }
  | { readonly status: 'declined'; readonly reason: DeclineReason }
  | { readonly status: 'field_invalid'; readonly field: string }
  | { readonly status: 'key_reused' }

export function refused(reason: MemberMoneyRefusal): BuyingRefused {
  return { status: 'refused', reason }
}

/** Facts of notices name a program as members know it. */
export function programFacts(
  { issuing }: Pick<BuyingDeps, 'issuing'>,
  issuerId: IssuerId,
  { programId, amountWon }: { readonly programId: ProgramId; readonly amountWon: Won },
) {
  const program = issuing.program(issuerId, programId)
  return { program: program?.name ?? '', programEn: program?.nameEn ?? '', amountWon }
}
