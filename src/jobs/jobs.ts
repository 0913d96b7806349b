/** Clockwork: what runs beside the requests, each piece stoppable and told apart when it fails. */
export {
  CARD_FEED_EVERY_MS,
  createCardFeed,
  type CardFeedJob,
  type CardFeedReading,
} from './card-feed.ts'
export { createClearingExchange, type ClearingExchange } from './clearing-exchange.ts'
export { startClearingRun, type ClearingTold } from './clearing-run.ts'
export { startLoop, type Loop } from './loop.ts'
export {
  createExpiryTurn,
  startLotExpiry,
  EXPIRY_LAG_MS,
  EXPIRY_SET_SIZE,
  type ExpiredSet,
} from './lot-expiry.ts'
export { createPaymentFeed, FEED_POLL_MS, type PaymentFeedJob } from './payment-feed.ts'
export { RESOLVE_AFTER_MS, RESOLVE_EVERY_MS, startPurchaseResolver } from './purchase-resolver.ts'
export { sealTurn, startSealLoop } from './seal-loop.ts'
export { createGiftReturn, createRefundPayment } from './member-money.ts'
export { type JobData, type JobStep, type JobWork } from './job-work.ts'
