/**
 * Tells merchants of their payments: at once of what this core posted, within a poll of what another core did. At
 * least once and in any order; who listens knows an operation by its id.
 */
import type { IssuerId, MerchantId, Won } from '../base/base.ts'
import type {
  CancellationRequest,
  Ledger,
  LedgerReading,
  Outcome,
  PaymentRequest,
  RecordedOperation,
} from '../ledger/ledger.ts'

type Listener = (operation: RecordedOperation) => void

/** How often operations of other cores are looked for. */
export const FEED_POLL_MS = 1_000
/** How far a poll looks back: longer than a posting may take from its time to its commit. */
const LOOK_BACK_MS = 5_000
const PAGE = 200

interface Subscription {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  readonly listeners: Set<Listener>
  /** Operations told within the look-back, with their time. */
  readonly told: Map<string, number>
  since: number
}

export interface PaymentFeedJob {
  subscribe(issuerId: IssuerId, merchantId: MerchantId, listener: Listener): () => void
  /** The same ledger; what it posts is told to who listens. */
  telling(ledger: Ledger): Ledger
  /** Looks once for what other cores posted. */
  poll(): Promise<void>
}

/** Merchants without a listener cost nothing. */
export function createPaymentFeed(options: {
  reading: Pick<LedgerReading, 'merchantOperationsSince'>
  clock: () => number
}): PaymentFeedJob {
  const { reading, clock } = options
  const subscriptions = new Map<string, Subscription>()
  const tell = (subscription: Subscription, operation: RecordedOperation): void => {
    if (subscription.told.has(operation.operationId)) return
    subscription.told.set(operation.operationId, operation.bookedAt)
    for (const listener of subscription.listeners) listener(operation)
  }
  return {
    subscribe(issuerId, merchantId, listener) {
      const key = `${issuerId}/${merchantId}`
      const subscription = subscriptions.get(key) ?? {
        issuerId,
        merchantId,
        listeners: new Set<Listener>(),
        told: new Map<string, number>(),
        since: clock(),
      }
      subscriptions.set(key, subscription)
      subscription.listeners.add(listener)
      return () => {
        subscription.listeners.delete(listener)
        if (subscription.listeners.size === 0) subscriptions.delete(key)
      }
    },
    telling: (ledger) => {
      const heard = (issuerId: IssuerId, operation: RecordedOperation | undefined): void => {
        if (operation?.merchantId === undefined) return
        const subscription = subscriptions.get(`${issuerId}/${operation.merchantId}`)
        if (subscription !== undefined) tell(subscription, operation)
      }
      return {
        ...ledger,
        async pay(issuerId, requests, at) {
          const outcomes = await ledger.pay(issuerId, requests, at)
          requests.forEach((request, index) =>
            heard(issuerId, paymentPosted(request, outcomes[index]!)),
          )
          return outcomes
        },
        async cancel(issuerId, requests, at) {
          const outcomes = await ledger.cancel(issuerId, requests, at)
          requests.forEach((request, index) =>
            heard(issuerId, cancellationPosted(request, outcomes[index]!)),
          )
          return outcomes
        },
      }
    },
    async poll() {
      for (const subscription of subscriptions.values()) {
        const { issuerId, merchantId } = subscription
        const after = subscription.since - LOOK_BACK_MS
        subscription.since = clock()
        const operations = await reading.merchantOperationsSince(issuerId, merchantId, after, PAGE)
        for (const operation of operations) tell(subscription, operation)
        for (const [operationId, at] of subscription.told) {
          if (at < after - LOOK_BACK_MS) subscription.told.delete(operationId)
        }
      }
    },
  }
}

function paymentPosted(request: PaymentRequest, outcome: Outcome): RecordedOperation | undefined {
  if (outcome.status !== 'posted') return undefined
  const { operationId, channel, walletId, merchantId, outletId, amountWon, actor } = request
  return {
    operationId,
    kind: 'payment',
    channel,
    bookedAt: outcome.bookedAt,
    decline: undefined,
    walletId,
    merchantId,
    outletId,
    amountWon,
    targetId: undefined,
    actor,
    legs: outcome.legs,
    cancelledWon: 0 as Won,
  }
}

function cancellationPosted(
  request: CancellationRequest,
  outcome: Outcome,
): RecordedOperation | undefined {
  if (outcome.status !== 'posted') return undefined
  const { operationId, merchantId, paymentId, actor } = request
  return {
    operationId,
    kind: 'cancellation',
    channel: 'system',
    bookedAt: outcome.bookedAt,
    decline: undefined,
    walletId: undefined,
    merchantId,
    outletId: undefined,
    amountWon: outcome.legs.reduce((sum, leg) => sum + leg.amountWon, 0) as Won,
    targetId: paymentId,
    actor,
    legs: outcome.legs,
    cancelledWon: 0 as Won,
  }
}
