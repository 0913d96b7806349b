/** Clockwork: what runs beside the requests, each piece stoppable and told apart when it fails. */
export { HAND_OUT_FOLLOW, HAND_OUT_SEND, handOutJobs } from './hand-out-jobs.ts'
export { accessLogErasureJob, ACCESS_LOG_ERASURE } from './access-log-erasure.ts'
export { memberErasureJob, MEMBER_ERASURE } from './member-erasure.ts'
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
  EXPIRY_LAG_MS,
  EXPIRY_SET_SIZE,
  lotExpiryJob,
  type ExpiredSet,
} from './lot-expiry.ts'
export { CASE_TIMERS, caseTimerJobs, OPERATOR_CASE_TIMERS } from './case-timers.ts'
export { MERCHANT_TIMERS, merchantTimersJob } from './merchant-timers.ts'
export {
  MERCHANT_SETTLEMENT,
  merchantSettlementJob,
  type SettlementTold,
} from './merchant-settlement.ts'
export {
  PROGRAM_ANNOUNCEMENTS,
  programUpkeepJobs,
  PROPOSAL_UPKEEP,
  type ProgramUpkeepDeps,
} from './program-upkeep.ts'
export { dayFiguresJob } from './day-figures.ts'
export {
  STIPEND_CLAWBACK,
  STIPEND_GRANT,
  STIPEND_PAUSE_MS,
  STIPEND_UPKEEP,
  stipendJobs,
  type StipendJobsOptions,
} from './stipend-jobs.ts'
export { createPaymentFeed, FEED_POLL_MS, type PaymentFeedJob } from './payment-feed.ts'
export { RESOLVE_AFTER_MS, RESOLVE_EVERY_MS, startPurchaseResolver } from './purchase-resolver.ts'
export { sealTurn, startSealLoop } from './seal-loop.ts'
export { CASHBACK, cashbackJob } from './cashback-following.ts'
export { buyingJobs } from './buying-jobs.ts'
export { createGiftReturn, createRefundPayment } from './member-money.ts'
export {
  treasuryJobDefinitions,
  treasuryJobs,
  treasuryWorks,
  type TreasuryJob,
  type TreasuryTold,
  type TreasuryWorkDeps,
} from './treasury-works.ts'
export { type JobData, type JobDefinition, type JobStep, type JobWork } from './job-work.ts'
export { expiryNoticesJob, type ExpiryNoticeOptions } from './expiry-notices.ts'
export { createDueRound } from './due-jobs.ts'
export {
  jobStates,
  OPERATOR_JOBS,
  type Job,
  type JobBook,
  type JobName,
  type JobPage,
  type JobReading,
  type JobState,
} from './job-book.ts'
export { startClockwork, type ClockworkOptions } from './job-clockwork.ts'
export { createJobQueue, type JobQueue } from './job-queue.ts'
export { ATTEMPTS_MAX, FAILED_AGAIN_MS, type TurnDeps, type TurnListener } from './job-turn.ts'
export { createMemoryJobBook } from './memory-job-book.ts'
export { lastDueAt, nextDueAt, type Schedule } from './schedule.ts'
export { type HeldTurn, type TurnQueue } from './turn-queue.ts'
