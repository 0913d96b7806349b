/** Everything the routes are given, and nothing else: no route reaches for a room's implementation. */
import type { AccessLog } from '../../access/access.ts'
import type { Administration } from '../../administration/administration.ts'
import type { AcquiringDirectory } from '../../acquiring/acquiring.ts'
import type { Authorization } from '../../authorization/authorization.ts'
import type { Clock, Instant, IssuerId, MerchantId, WalletId } from '../../base/base.ts'
import type { Confirmations } from '../../confirmation/confirmation.ts'
import type { Corporations } from '../../corporate/corporate.ts'
import type { Cashback } from '../../cashback/cashback.ts'
import type { Buying } from '../../buying/buying.ts'
import type { Gifting } from '../../gifting/gifting.ts'
import type { Granting } from '../../granting/granting.ts'
import type { IssuerRuleDirectory, IssuingDirectory } from '../../issuing/issuing.ts'
import type {
  Ledger,
  LedgerReading,
  Payouts,
  ProgramReading,
  RecordedOperation,
} from '../../ledger/ledger.ts'
import type { SignBytes } from '../../qr/qr.ts'
import type {
  CardLinks,
  Casebook,
  MerchantDesk,
  MerchantLifeDirectory,
  OfficerActs,
  PartnerDirectory,
  ProgramDesk,
  Registered,
  Registration,
  Registry,
  ReportDesk,
  TaxSettings,
} from '../../registration/registration.ts'
import type { Leaving, Left } from '../../rights/rights.ts'
import type { Refunding } from '../../refunding/refunding.ts'
import type { SettlementReading, Settling } from '../../settlement/settlement.ts'
import type { AskAllowance, Selling } from '../../selling/selling.ts'
import type { StatementPrinter } from '../statements/statement-printer.ts'
import type { Treasury } from '../../treasury/treasury.ts'
import type { CardSaleSearch } from '../../cards/cards.ts'
import type { Reporting } from '../../reporting/reporting.ts'
import type { GatewayOrders } from './gateway-orders.ts'
import type { GatewayReport } from './gateways.ts'
import type { StatusDesk } from './operator-status.ts'

export interface RouteDeps {
  readonly accessLog: AccessLog
  readonly authorization: Authorization
  readonly selling: Pick<Selling, 'quote' | 'buy' | 'enquire'>
  readonly allowance: AskAllowance
  readonly registration: Registration
  readonly leave: (leaving: Leaving) => Promise<Registered<Left>>
  readonly reportDesk: ReportDesk
  readonly taxSettings: TaxSettings
  readonly merchantDesk: MerchantDesk
  readonly merchantLives: MerchantLifeDirectory
  readonly buying: Omit<Buying, 'depositTurn' | 'topUpTurn'>
  readonly gifting: Gifting
  readonly confirmations: Confirmations
  readonly corporations: Omit<Corporations, 'sendStep' | 'followStep'>
  readonly cashback: Omit<Cashback, 'step'>
  readonly refunding: Refunding
  readonly administration: Administration
  readonly programs: ProgramDesk
  readonly programReading: ProgramReading
  readonly records: Pick<Registry, 'listByKey' | 'read' | 'list'>
  readonly officerActs: OfficerActs
  readonly partners: PartnerDirectory
  readonly cardLinks: CardLinks
  readonly casebook: Pick<
    Casebook,
    'closeCase' | 'case' | 'cases' | 'conversions' | 'conversionsOf' | 'noticesOf'
  >
  readonly jobs: JobReading
  /** Every card gateway there is, with what it says of itself. */
  readonly gateways: () => Promise<readonly GatewayReport[]>
  readonly gatewayOrders: GatewayOrders
  readonly statusDesk: StatusDesk
  readonly cardSales: CardSaleSearch
  readonly treasury: Pick<
    Treasury,
    | 'payouts'
    | 'retryPayout'
    | 'parkPayout'
    | 'expectPayment'
    | 'withdrawExpected'
    | 'expectedPayments'
    | 'days'
  >
  readonly ledger: Pick<Ledger, 'find' | 'lots' | 'lotOrigins' | 'purchase'>
  readonly reading: LedgerReading
  readonly reporting: Reporting
  readonly issuing: IssuingDirectory
  readonly issuerRules: IssuerRuleDirectory
  readonly acquiring: AcquiringDirectory
  readonly granting: Omit<Granting, 'batchStep' | 'upkeepStep' | 'clawBackExpired'>
  readonly walletStopped: (issuerId: IssuerId, walletId: WalletId) => boolean
  /** Money leaves the wallet by a confirmation only; answered from memory. */
  readonly walletGuarded: (issuerId: IssuerId, walletId: WalletId) => boolean
  readonly feed: PaymentFeed
  readonly settlements: SettlementReading
  readonly settling: Pick<Settling, 'preview'>
  readonly payouts: Pick<Payouts, 'payout'>
  readonly printer: Pick<StatementPrinter, 'print' | 'printKit'>
  /** The key that signs the codes of tills. */
  readonly codeSigning: { readonly keyId: string; readonly sign: SignBytes }
  /** Names one request for payment; 1–25 of letters, digits, `-` and `_`. */
  readonly randomReference: () => string
  readonly clock: Clock
}

/** A piece of background work, as the book of jobs has it. */
export interface Job {
  /** The operator's own jobs are those of 0. */
  readonly issuerId: IssuerId
  readonly name: string
  readonly key: string
  readonly state: 'waiting' | 'running' | 'done' | 'failed'
  readonly dueAt: Instant
  readonly attempts: number
  readonly progress: { readonly done: number; readonly whole: number } | null
  readonly startedAt: Instant | null
  readonly steppedAt: Instant | null
  readonly endedAt: Instant | null
  readonly error: string | null
  readonly failedAt: Instant | null
}

export interface JobReading {
  /** Of one issuer or, with `undefined`, of all: by issuer, name and key. */
  jobs(
    issuerId: IssuerId | undefined,
    page: {
      readonly state?: Job['state'] | undefined
      readonly after?: Pick<Job, 'issuerId' | 'name' | 'key'> | undefined
      readonly limit: number
    },
  ): Promise<readonly Job[]>
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
