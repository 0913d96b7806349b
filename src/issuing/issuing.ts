/** Issuers, their programs' terms, their members, and the purchase of voucher value. */
export {
  bankRefusals,
  type BankDebit,
  type BankRefusal,
  type DebitAnswer,
  type DebitOrder,
} from './bank-debit.ts'
export {
  adverseChangeRefundOpen,
  afterDays,
  afterMonths,
  announcedRefundGround,
  noticeDemand,
  type NoticeDemand,
} from './change-notice.ts'
export {
  depositActions,
  depositEventOfAnswer,
  depositEventOfFault,
  depositEvents,
  depositStates,
  depositTable,
  nextDepositStep,
  type DepositAction,
  type DepositEvent,
  type DepositState,
  type DepositStep,
} from './deposit-machine.ts'
export {
  boughtThisMonthWon,
  DAYS_OF_MONTH_MAX,
  decideTopUp,
  dueDay,
  isOwnDay,
  nextTopUpAt,
  topUpBought,
  topUpMonthFull,
  topUpRefused,
  topUpStates,
  topUpTriggers,
  type TopUpDecision,
  type TopUpOrder,
  type TopUpState,
  type TopUpTrigger,
} from './top-up-decision.ts'
export {
  type VirtualAccountAnswer,
  type VirtualAccountOrder,
  type VirtualAccounts,
  type VirtualDeposit,
} from './virtual-account.ts'
export { type IssuerRuleDirectory, type IssuingDirectory, type Program } from './directory.ts'
export {
  chooseDraws,
  overlappingPot,
  potBounds,
  potInForce,
  validatePot,
  type FundingPot,
  type PotChoice,
  type PotDirectory,
} from './funding-pots.ts'
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
  reviewedRuleNames,
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
  paymentsEndAt,
  stopAt,
  termsUnder,
  type Abolition,
  type ProgramConditions,
  type ProgramStop,
} from './program-conditions.ts'
export {
  benefitModes,
  cashbackSpendings,
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
  type CorporateRules,
  type CashbackRules,
  type CashbackSpending,
  type CashbackTier,
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
  type SaleTime,
  type SaleWindow,
  type StandInLimits,
  type StipendRules,
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
  type GiftRules,
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
  corporateCaps,
  decideCorporatePurchase,
  decidePurchase,
  lotExpiresAt,
  saleIsOpen,
  saleStateOf,
  saleStates,
  saleTimeHolds,
  smallestPurchaseWon,
  stipendExpiresAt,
  type CorporateBuyer,
  type PurchaseCaps,
  type PurchaseDecision,
  type SaleState,
} from './purchase-decision.ts'
export { cashReceiptDigits, maskCashReceipt } from './cash-receipt.ts'
export {
  purchaseAllowance,
  type Allotment,
  type PurchaseAllowance,
  type PurchaseCounts,
} from './purchase-allowance.ts'
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
export { fundedBy, quotePurchase, type PurchaseQuote } from './purchase-quote.ts'
export {
  cashbackExpiresAt,
  cashbackRate,
  cashbackReasons,
  earnCashback,
  earningLotKinds,
  keptCashback,
  quoteCashback,
  type CashbackReason,
  type EarnedCashback,
} from './cashback-decision.ts'
export {
  draftOf,
  overridden,
  programTemplates,
  templateNamed,
  templateNames,
  type ProgramTemplate,
  type TemplateName,
  type TermsDraft,
  type TermsOverrides,
} from './templates.ts'
export {
  compareTerms,
  EXAMPLE_FACE_WON,
  fieldText,
  purchaseExample,
  type ExampleCost,
  type PurchaseExample,
  type TermsDifference,
} from './terms-changes.ts'
export { validateTerms, type TermsProblem } from './terms-check.ts'
export { HOLDING_WON_MAX, termsBounds } from './terms-bounds.ts'
export {
  changeAreas,
  fieldUnits,
  reviewedMatters,
  type ChangeArea,
  type FieldUnit,
  type ReviewedMatter,
  type TermsField,
} from './change-areas.ts'
export { termsFields } from './terms-fields.ts'
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
export {
  fileFormatNames,
  payoutEntryKinds,
  treasuryBankCode,
  treasuryBankCodes,
  UNKNOWN_BANK_CODE,
  type FileFormatName,
} from './treasury-bank.ts'
