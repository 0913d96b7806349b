/** Every path of the API but those of sessions, of health and of the documentation. */
import type { Door } from '../door.ts'
import { registerActRoutes } from './acts.ts'
import { registerCardSaleRoutes } from './card-sales.ts'
import { registerAccessLogRoutes } from './access-log.ts'
import { registerAnnouncementRoutes } from './announcements.ts'
import { registerAppealRoutes } from './appeals.ts'
import { registerCashbackRoutes } from './cashback.ts'
import { registerCardRoutes } from './cards.ts'
import { registerCasebookRoutes } from './casebook.ts'
import { registerClawbackRoutes } from './clawbacks.ts'
import { registerCorporateOfficerRoutes } from './corporate-officers.ts'
import { registerCorporatePurchaseRoutes } from './corporate-purchases.ts'
import { registerCorporationRoutes } from './corporations.ts'
import { registerHandOutRoutes } from './hand-outs.ts'
import { registerConfirmationRoutes } from './confirmations.ts'
import { registerConsentRoutes } from './consents.ts'
import { registerConversionReportRoutes } from './conversion-reports.ts'
import { registerDataCopyRoutes } from './data-copy.ts'
import { registerFundRoutes } from './funds.ts'
import { registerGiftRoutes } from './gifts.ts'
import { registerGatewayOrderRoutes } from './gateway-orders.ts'
import { registerGatewayRoutes } from './gateways.ts'
import { registerIssuerRuleRoutes } from './issuer-rules.ts'
import { registerIssuerRoutes } from './issuers.ts'
import { registerJobRoutes } from './jobs.ts'
import { registerMemberDeskRoutes } from './member-desk.ts'
import { registerMemberRoutes } from './members.ts'
import { registerMerchantBookRoutes } from './merchant-books.ts'
import { registerMerchantOfficerRoutes } from './merchant-officers.ts'
import { registerMerchantOwnerRoutes } from './merchant-owners.ts'
import { registerMerchantPaperRoutes } from './merchant-papers.ts'
import { registerMerchantPublicationRoutes } from './merchant-publication.ts'
import { registerMerchantRoutes } from './merchants.ts'
import { registerOfficerRoutes } from './officers.ts'
import { registerOperatorRoutes } from './operators.ts'
import { registerOperatorStatusRoutes } from './operator-status.ts'
import { registerOutletRoutes } from './outlets.ts'
import { registerPaymentRoutes } from './payments.ts'
import { registerProgramRoutes } from './programs.ts'
import { registerProposalRoutes } from './proposals.ts'
import { registerProposingRoutes } from './proposing.ts'
import { registerPurchaseAllowanceRoutes } from './purchase-allowance.ts'
import { registerPurchaseRoutes } from './purchases.ts'
import { registerRefundRoutes } from './refunds.ts'
import { registerOverviewRoutes } from './overview.ts'
import { registerReportRoutes } from './reports.ts'
import { registerReportDeskRoutes } from './report-desks.ts'
import { registerOwnReportRoutes } from './own-reports.ts'
import type { RouteDeps } from './route-deps.ts'
import { registerSettlementRunRoutes } from './settlement-runs.ts'
import { registerSettlementRoutes } from './settlements.ts'
import { registerShopRoutes } from './shops.ts'
import { registerStipendBatchRoutes } from './stipend-batches.ts'
import { registerTaxRoutes } from './tax.ts'
import { registerTillRoutes } from './tills.ts'
import { registerTopUpRoutes } from './top-ups.ts'
import { registerVirtualAccountRoutes } from './virtual-accounts.ts'
import { registerWalletRoutes } from './wallets.ts'
import { registerOneOperationRoutes } from './one-operation.ts'
import { registerWithdrawalRoutes } from './withdrawal.ts'

export type { GatewayOrder, GatewayOrders } from './gateway-orders.ts'
export { readGatewayStatus, type GatewayReport, type GatewayStatus } from './gateways.ts'
export { type IssuerStatus, type StatusDesk, type SystemStatus } from './operator-status.ts'
export { registrationAnswers, type RegistrationAnswer } from './registration-answers.ts'
export { type MerchantOperation, type PaymentFeed, type RouteDeps } from './route-deps.ts'

/** Call once, before the server listens. */
export function registerRoutes(door: Door, deps: RouteDeps): void {
  registerIssuerRoutes(door, deps)
  registerIssuerRuleRoutes(door, deps)
  registerMemberRoutes(door, deps)
  registerMemberDeskRoutes(door, deps)
  registerAccessLogRoutes(door, deps)
  registerConsentRoutes(door, deps)
  registerConfirmationRoutes(door, deps)
  registerWithdrawalRoutes(door, deps)
  registerDataCopyRoutes(door, deps)
  registerWalletRoutes(door, deps)
  registerOneOperationRoutes(door, deps)
  registerCardRoutes(door, deps)
  registerPurchaseAllowanceRoutes(door, deps)
  registerPurchaseRoutes(door, deps)
  registerVirtualAccountRoutes(door, deps)
  registerTopUpRoutes(door, deps)
  registerRefundRoutes(door, deps)
  registerGiftRoutes(door, deps)
  registerCorporationRoutes(door, deps)
  registerCorporatePurchaseRoutes(door, deps)
  registerHandOutRoutes(door, deps)
  registerCorporateOfficerRoutes(door, deps)
  registerCashbackRoutes(door, deps)
  registerPaymentRoutes(door, deps)
  registerTillRoutes(door, deps)
  registerMerchantRoutes(door, deps)
  registerMerchantOwnerRoutes(door, deps)
  registerMerchantPaperRoutes(door, deps)
  registerMerchantOfficerRoutes(door, deps)
  registerMerchantPublicationRoutes(door, deps)
  registerShopRoutes(door, deps)
  registerOutletRoutes(door, deps)
  registerMerchantBookRoutes(door, deps)
  registerSettlementRoutes(door, deps)
  registerSettlementRunRoutes(door, deps)
  registerProgramRoutes(door, deps)
  registerProposalRoutes(door, deps)
  registerProposingRoutes(door, deps)
  registerAnnouncementRoutes(door, deps)
  registerCasebookRoutes(door, deps)
  registerOwnReportRoutes(door, deps)
  registerReportDeskRoutes(door, deps)
  registerConversionReportRoutes(door, deps)
  registerReportRoutes(door, deps)
  registerOverviewRoutes(door, deps)
  registerTaxRoutes(door, deps)
  registerStipendBatchRoutes(door, deps)
  registerAppealRoutes(door, deps)
  registerClawbackRoutes(door, deps)
  registerOfficerRoutes(door, deps)
  registerActRoutes(door, deps)
  registerOperatorRoutes(door, deps)
  registerOperatorStatusRoutes(door, deps)
  registerCardSaleRoutes(door, deps)
  registerGatewayRoutes(door, deps)
  registerGatewayOrderRoutes(door, deps)
  registerFundRoutes(door, deps)
  registerJobRoutes(door, deps)
}
