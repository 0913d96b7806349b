/**
 * Natural batching: what arrives while the last set of an issuer is being committed becomes its
 * next set. No timer adds latency when idle. One issuer has at most one set under way, and issuers
 * take turns at a few lanes, so that one issuer's crowd or trouble costs the others a turn, never
 * their place.
 */
import { Fault, type Clock, type IssuerId } from '../base/base.ts'
import type {
  CancellationRequest,
  HoldClosureRequest,
  Ledger,
  Outcome,
  PaymentRequest,
  PurchaseRequest,
} from './ledger.ts'

export interface BatchingOptions {
  /** Sets under way at one time, over all issuers: one connection each. */
  readonly lanes: number
  /** Requests in one set. */
  readonly setSizeMax: number
  /**
   * Requests of one issuer that may wait; one more is refused with `queue_full`, and did not
   * happen.
   */
  readonly waitingMax: number
  readonly clock: Clock
  /** Told the size of every set and how long its first request had waited, for the metrics. */
  readonly onSet?: (set: { size: number; waitedMs: number }) => void
}

export const batchingDefaults = { lanes: 4, setSizeMax: 256, waitingMax: 4_096 } as const

/** The same ledger, with payments, holds, their closures, cancellations and reservations gathered into sets. */
export function createBatchingLedger(
  ledger: Ledger,
  options: { paying: BatchingOptions; buying: BatchingOptions },
): Ledger {
  const pay = createBatcher<PaymentRequest>(options.paying, (issuerId, requests, at) =>
    ledger.pay(issuerId, requests, at),
  )
  const hold = createBatcher<PaymentRequest>(options.paying, (issuerId, requests, at) =>
    ledger.hold(issuerId, requests, at),
  )
  const closeHolds = createBatcher<HoldClosureRequest>(
    { ...options.paying, lanes: Math.ceil(options.paying.lanes / 2) },
    (issuerId, requests, at) => ledger.closeHolds(issuerId, requests, at),
  )
  const cancel = createBatcher<CancellationRequest>(
    { ...options.paying, lanes: 1 },
    (issuerId, requests, at) => ledger.cancel(issuerId, requests, at),
  )
  const reserve = createBatcher<PurchaseRequest>(options.buying, (issuerId, requests, at) =>
    ledger.reservePurchases(issuerId, requests, at),
  )
  return {
    ...ledger,
    pay: (issuerId, requests) => pay(issuerId, requests),
    hold: (issuerId, requests) => hold(issuerId, requests),
    closeHolds: (issuerId, requests) => closeHolds(issuerId, requests),
    cancel: (issuerId, requests) => cancel(issuerId, requests),
    reservePurchases: (issuerId, requests) => reserve(issuerId, requests),
  }
}

interface Waiting<Request> {
  readonly request: Request
  readonly since: number
  readonly settle: (outcome: Outcome) => void
  readonly fail: (error: unknown) => void
}

type Post<Request> = (
  issuerId: IssuerId,
  requests: readonly Request[],
  at: number,
) => Promise<Outcome[]>

/** Gathers the requests of callers into sets; each caller gets the outcomes of its own. */
export function createBatcher<Request>(
  options: BatchingOptions,
  post: Post<Request>,
): (issuerId: IssuerId, requests: readonly Request[]) => Promise<Outcome[]> {
  const queues = new Map<IssuerId, Waiting<Request>[]>()
  /** Issuers that have requests waiting and no set under way, in order of arrival. */
  const turns: IssuerId[] = []
  const underWay = new Set<IssuerId>()

  function enqueue(issuerId: IssuerId, request: Request): Promise<Outcome> {
    let queue = queues.get(issuerId)
    if (queue === undefined) {
      queue = []
      queues.set(issuerId, queue)
    }
    if (queue.length >= options.waitingMax) {
      return Promise.reject(new Fault('queue_full', `${queue.length} requests wait for an issuer`))
    }
    const { promise, resolve, reject } = Promise.withResolvers<Outcome>()
    queue.push({ request, since: options.clock(), settle: resolve, fail: reject })
    if (queue.length === 1 && !underWay.has(issuerId)) turns.push(issuerId)
    return promise
  }

  function startSets(): void {
    while (underWay.size < options.lanes) {
      const issuerId = turns.shift()
      if (issuerId === undefined) return
      const queue = queues.get(issuerId)!
      const set = queue.splice(0, options.setSizeMax)
      underWay.add(issuerId)
      options.onSet?.({ size: set.length, waitedMs: options.clock() - set[0]!.since })
      void postSet(issuerId, set).finally(() => {
        underWay.delete(issuerId)
        if (queue.length > 0) turns.push(issuerId)
        else queues.delete(issuerId)
        startSets()
      })
    }
  }

  /** A set that met a busy wallet is halved until only the requests of that wallet fail. */
  async function postSet(issuerId: IssuerId, set: readonly Waiting<Request>[]): Promise<void> {
    let outcomes: Outcome[]
    try {
      outcomes = await post(
        issuerId,
        set.map((waiting) => waiting.request),
        options.clock(),
      )
    } catch (error) {
      if (error instanceof Fault && error.code === 'wallet_busy' && set.length > 1) {
        const half = Math.ceil(set.length / 2)
        await postSet(issuerId, set.slice(0, half))
        await postSet(issuerId, set.slice(half))
        return
      }
      for (const waiting of set) waiting.fail(error)
      return
    }
    set.forEach((waiting, index) => waiting.settle(outcomes[index]!))
  }

  return async (issuerId, requests) => {
    const answers = requests.map((request) => enqueue(issuerId, request))
    // Callers of this same turn of the event loop join the set.
    queueMicrotask(startSets)
    return Promise.all(answers)
  }
}
