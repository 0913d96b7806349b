/** What is asked of selling, and how it answers. */
import type {
  CaseId,
  DeclineReason,
  IssuerId,
  OperationId,
  ProgramId,
  WalletId,
  Won,
} from '../base/base.ts'
import type { Member, PurchaseEvent } from '../issuing/issuing.ts'
import type { Leg, PurchaseRecord } from '../ledger/ledger.ts'

/** The bank and the ledger disagree about a purchase. */
export interface PurchaseCase {
  readonly issuerId: IssuerId
  readonly purchaseId: OperationId
  readonly state: PurchaseRecord['state']
  readonly event: PurchaseEvent
}

export interface PurchaseCommand {
  readonly issuerId: IssuerId
  readonly operationId: OperationId
  readonly member: Member
  readonly walletId: WalletId
  readonly programId: ProgramId
  readonly faceWon: Won
  /** The member's linked account, as the bank's token. */
  readonly accountToken: string
  /** The consent to debits from it; told to the bank with the order. */
  readonly consentId?: CaseId
}

export type PurchaseAnswer =
  | { readonly status: 'completed'; readonly leg: Leg; readonly payWon: Won }
  /** The bank has not spoken: the quota is kept, the money is neither lost nor doubled, ask again. */
  | { readonly status: 'pending'; readonly payWon: Won }
  | { readonly status: 'declined'; readonly reason: DeclineReason }
  | { readonly status: 'key_reused' }

/** A purchase that nobody's account is debited for. */
export type DepositCommand = Omit<PurchaseCommand, 'accountToken' | 'consentId'>

export type ReservationAnswer =
  | { readonly status: 'reserved'; readonly replayed: boolean }
  | Extract<PurchaseAnswer, { status: 'declined' | 'key_reused' }>
