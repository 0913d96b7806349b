/** Everything the routes are given, and nothing else: no route reaches for a room's implementation. */
import type { AcquiringDirectory } from '../../acquiring/acquiring.ts'
import type { Authorization } from '../../authorization/authorization.ts'
import type { Clock, IssuerId, MerchantId, WalletId } from '../../base/base.ts'
import type { IssuerRuleDirectory, IssuingDirectory } from '../../issuing/issuing.ts'
import type { Ledger, LedgerReading, Payouts, RecordedOperation } from '../../ledger/ledger.ts'
import type { SignBytes } from '../../qr/qr.ts'
import type {
  CardLinks,
  Casebook,
  PartnerDirectory,
  Registration,
} from '../../registration/registration.ts'
import type { SettlementReading, Settling } from '../../settlement/settlement.ts'
import type { Selling } from '../../selling/selling.ts'
import type { StatementPrinter } from '../statements/statement-printer.ts'
import type { GatewayReport } from './gateways.ts'

export interface RouteDeps {
  readonly authorization: Authorization
  readonly selling: Pick<Selling, 'quote' | 'buy' | 'enquire'>
  readonly registration: Registration
  readonly partners: PartnerDirectory
  readonly cardLinks: CardLinks
  readonly casebook: Pick<
    Casebook,
    'closeCase' | 'cases' | 'conversions' | 'conversionsOf' | 'noticesOf'
  >
  /** Every card gateway there is, with what it says of itself. */
  readonly gateways: () => Promise<readonly GatewayReport[]>
  readonly ledger: Pick<Ledger, 'find' | 'lots' | 'purchase'>
  readonly reading: LedgerReading
  readonly issuing: IssuingDirectory
  readonly issuerRules: IssuerRuleDirectory
  readonly acquiring: AcquiringDirectory
  readonly walletStopped: (issuerId: IssuerId, walletId: WalletId) => boolean
  readonly feed: PaymentFeed
  readonly settlements: SettlementReading
  readonly settling: Pick<Settling, 'preview'>
  readonly payouts: Pick<Payouts, 'payout'>
  readonly printer: Pick<StatementPrinter, 'print'>
  /** The key that signs the codes of tills. */
  readonly codeSigning: { readonly keyId: string; readonly sign: SignBytes }
  /** Names one request for payment; 1–25 of letters, digits, `-` and `_`. */
  readonly randomReference: () => string
  readonly clock: Clock
}

/** What a merchant's feed tells of an operation. */
export type MerchantOperation = Pick<
  RecordedOperation,
  | 'operationId'
  | 'kind'
  | 'channel'
  | 'bookedAt'
  | 'decline'
  | 'outletId'
  | 'amountWon'
  | 'targetId'
  | 'actor'
  | 'cancelledWon'
>

/** Tells of a merchant's operations soon after they were booked: at least once, in any order. */
export interface PaymentFeed {
  /** @returns ends the subscription */
  subscribe(
    issuerId: IssuerId,
    merchantId: MerchantId,
    listener: (operation: MerchantOperation) => void,
  ): () => void
}
