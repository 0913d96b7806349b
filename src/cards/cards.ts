/** Cards: the canonical model of card messages, the five answers, and the core's desk that gives them. */
export { cardOnlyReasons, type CardAnswer, type CardReason } from './card-answer.ts'
export {
  NOTICES_MAX,
  noticeEffects,
  type CardDesk,
  type NoticeEffect,
  type NoticeReceipt,
} from './card-desk.ts'
export {
  FED_RECORDS_PAGE,
  FED_WALLETS_PAGE,
  type CardFeed,
  type FedLot,
  type FedRecord,
  type FedWallet,
  type SealPosition,
  type SyncItem,
  type TailPage,
} from './card-feed.ts'
export { answerProblem, readAnswerTo } from './answer-check.ts'
export {
  DECIDE_BYTES_MAX,
  DOUBTFUL_WALLETS_MAX,
  FED_LOTS_MAX,
  FED_SEALS_MAX,
  FEED_BYTES_MAX,
  NOTICES_BYTES_MAX,
  readCardAnswer,
  readCardNotice,
  readCardNotices,
  readCardRequest,
  readReceipts,
  readSyncItem,
  readSynchroniseQuestion,
  readTailPage,
  type DoubtfulWallet,
  type SynchroniseQuestion,
} from './card-wire.ts'
export {
  advisedBy,
  cardClasses,
  cardVerdicts,
  moneySources,
  saleOfNotice,
  type AdvisedBy,
  type CardClass,
  type CardKey,
  type CardNotice,
  type CardRequest,
  type CardSale,
  type CardTotals,
  type CardVerdict,
  type CountAndSum,
  type MoneySource,
  type SaleRequest,
} from './card-message.ts'
export {
  approvalCode,
  cardActors,
  cardKeyText,
  cardOperationId,
  cardOperationParts,
  conversionOperation,
  onlyKeepsPlace,
  saleHash,
  takingParts,
  undoingOf,
  type CardOperationPart,
  type TakingPart,
} from './card-operation.ts'
export {
  approvalCodeOf,
  CARD_SALE_DAYS_MAX,
  cardSaleDeciders,
  cardSaleSources,
  deciderOf,
  sourceOf,
  type CardSaleDecider,
  type CardSalePlace,
  type CardSaleSearch,
  type CardSaleSource,
  type FoundCardSale,
  type SoughtCardSales,
} from './card-sale-search.ts'
export { createCardDesk } from './create-card-desk.ts'
export { type CardDeskDeps } from './desk-ports.ts'
export { totalsOf } from './enquiry.ts'
export {
  declineOf,
  findBooks,
  isReversed,
  openHold,
  posted,
  standingParts,
  type OpenHold,
  type SaleBooks,
  type StandingPart,
} from './sale-books.ts'
export { type WireRead } from './wire-shape.ts'
export {
  ruleOnSale,
  verdictOfDecline,
  verdictOfReason,
  type CardLink,
  type EligibleSale,
  type RefusedSale,
  type SaleFacts,
  type SalePlace,
  type SaleRuling,
} from './sale-policy.ts'
