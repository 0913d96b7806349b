/** Issuers, their programs' terms, their members, and the purchase of voucher value. */
export {
  bankRefusals,
  type BankDebit,
  type BankRefusal,
  type DebitAnswer,
  type DebitOrder,
} from './bank-debit.ts'
export { type IssuerRuleDirectory, type IssuingDirectory, type Program } from './directory.ts'
export {
  isIssuerCode,
  issuerKinds,
  provinces,
  type Issuer,
  type IssuerKind,
  type Province,
} from './issuer.ts'
export {
  initialIssuerRules,
  issuerRuleNames,
  issuerRuleTable,
  ruleHolds,
  rulesAt,
  rulesFrom,
  validateIssuerRules,
  type IssuerRule,
  type IssuerRuleName,
  type IssuerRules,
  type IssuerRuleValues,
  type RuleValue,
} from './issuer-rules.ts'
export { ageAt, memberStatuses, type Member, type MemberStatus } from './member.ts'
export {
  benefitModes,
  fallbackPreferences,
  fullRefundBases,
  paymentChannels,
  prepaidClasses,
  refundDeductions,
  taxCategories,
  termsAt,
  usualRefund,
  type Benefit,
  type BenefitMode,
  type FallbackPreference,
  type FeeTier,
  type FullRefundBasis,
  type FundingShare,
  type MerchantRules,
  type OfflineAllowance,
  type PaymentChannel,
  type PrepaidClass,
  type ProgramTerms,
  type RefundDeduction,
  type RefundRule,
  type SaleWindow,
  type StandInLimits,
  type TaxCategory,
} from './program-terms.ts'
export {
  cancellableUntil,
  decideCancellation,
  decideFullRefund,
  decideRefund,
  quoteFullRefund,
  quoteRefund,
  remainderIsSmall,
  shareOfSources,
  usedBasisPoints,
  usedBasisPointsMin,
  type LotReturn,
  type ReturnDecision,
  type ReturnedLot,
  type ValueSources,
} from './lot-return.ts'
export {
  fullRefundGrounds,
  groundProofs,
  groundTable,
  type FullRefundGround,
  type GroundProof,
} from './full-refund-ground.ts'
export {
  decideGift,
  isSaleDay,
  mobileDigits,
  type GiftDay,
  type GiftDecision,
  type GiftPart,
  type GivingLot,
} from './gift-decision.ts'
export {
  giftActions,
  giftEvents,
  giftStates,
  giftTable,
  nextGiftStep,
  type GiftAction,
  type GiftEvent,
  type GiftState,
  type GiftStep,
} from './gift-machine.ts'
export {
  holdingLaw,
  legalHoldingCaps,
  type HoldingLaw,
  type LegalHoldingCap,
} from './holding-law.ts'
export { memberMoneyRefusals, type MemberMoneyRefusal } from './member-money-refusal.ts'
export {
  amountIsOffered,
  decidePurchase,
  lotExpiresAt,
  saleIsOpen,
  type PurchaseDecision,
} from './purchase-decision.ts'
export {
  nextPurchaseStep,
  purchaseActions,
  purchaseEventOfAnswer,
  purchaseEventOfFault,
  purchaseEvents,
  purchaseStates,
  purchaseTable,
  type PurchaseAction,
  type PurchaseEvent,
  type PurchaseState,
  type PurchaseStep,
} from './purchase-machine.ts'
export { fundedBy, quoteCashback, quotePurchase, type PurchaseQuote } from './purchase-quote.ts'
export {
  nextRefundRequestStep,
  refundRequestActions,
  refundRequestEvents,
  refundRequestStates,
  refundRequestTable,
  type RefundRequestAction,
  type RefundRequestEvent,
  type RefundRequestState,
  type RefundRequestStep,
} from './refund-request-machine.ts'
export { validateTerms, type TermsProblem } from './terms-check.ts'
export { HOLDING_WON_MAX, termsBounds } from './terms-bounds.ts'
