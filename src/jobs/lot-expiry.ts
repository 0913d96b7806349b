/**
 * Lets what has expired go to breakage, one bounded set in a step: between two steps the payments have the database
 * for themselves. The key of an expiry is made from its lot, so a set that is repeated after a kill, by another core,
 * or because its answer was lost, counts once.
 */
import type { Clock, Instant, IssuerId, Sha256 } from '../base/base.ts'
import { expiryRequest, type DueLot, type DueLotCursor, type LotExpiry } from '../ledger/ledger.ts'
import type { JobDefinition } from './job-work.ts'
import { cursorOf, numberOf } from './lot-cursor.ts'

export const LOT_EXPIRY = 'lot-expiry'
/** Between two sets of an issuer. */
const EXPIRY_PAUSE_MS = 100
/** A run finds what came back to lots since the last, and what was being moved then. */
export const EXPIRY_EVERY_MS = 5 * 60_000
/** An issuer is gone through again so long after its last pass was done. */
export const EXPIRY_PASS_EVERY_MS = 60_000
/**
 * Lots expire so long after their instant: a core whose clock is behind may still be paying from them, and the member
 * with it.
 */
export const EXPIRY_LAG_MS = 60_000
/** Small enough for a payment of one of its wallets to wait for it without notice. */
export const EXPIRY_SET_SIZE = 200

export interface LotExpiryOptions {
  readonly ledger: LotExpiry
  readonly issuers: () => readonly { readonly issuerId: IssuerId }[]
  readonly sha256: Sha256
  readonly clock: Clock
  /** Told after every set in which something expired or was closed. */
  readonly onExpired: (set: ExpiredSet) => void
  /** Those that go back to their funders instead; absent: none. Somebody else takes them, and closes them. */
  readonly isClawedBack?: (issuerId: IssuerId, lot: DueLot) => boolean
  readonly onError: (error: unknown) => void
  readonly passEveryMs?: number
  readonly lagMs?: number
  readonly setSize?: number
}

/** What one set came to, in lots; progress for whoever watches. */
export interface ExpiredSet {
  readonly issuerId: IssuerId
  readonly expired: number
  readonly expiredWon: number
  /** Had nothing left. */
  readonly closed: number
  /** Somebody was moving their money: they are for the next pass. */
  readonly busy: number
  /** The latest expiry in the set: how far the pass has come. */
  readonly reachedAt: Instant
}

/** How far the pass through an issuer has come; between passes, when the next begins. */
interface Pass {
  readonly after: DueLotCursor | undefined
  readonly notBefore: Instant
}

/** Expiry as a job of each issuer. */
export function lotExpiryJob(
  options: Pick<
    LotExpiryOptions,
    'ledger' | 'sha256' | 'clock' | 'onExpired' | 'isClawedBack' | 'setSize' | 'lagMs'
  >,
): JobDefinition {
  return {
    name: LOT_EXPIRY,
    schedule: { kind: 'every', everyMs: EXPIRY_EVERY_MS },
    of: 'each_issuer',
    pauseMs: EXPIRY_PAUSE_MS,
    async work(issuerId, data) {
      // What a run leaves behind, busy or otherwise, is for the next.
      const { expired, after } = await expireSet(options, issuerId, cursorOf(data))
      const sofar = numberOf(data, 'expired') + expired
      return {
        done: after === undefined,
        // How many will follow nobody knows without counting them all.
        progress: { done: sofar, whole: sofar },
        carry: { expired: sofar, ...(after && { expiresAt: after.expiresAt, lotId: after.lotId }) },
      }
    },
  }
}

/** One turn: one set of every issuer that has any. One issuer's error does not keep another from its turn. */
export function createExpiryTurn(options: LotExpiryOptions): () => Promise<void> {
  const { issuers, clock, onError, passEveryMs = EXPIRY_PASS_EVERY_MS } = options
  const passes = new Map<IssuerId, Pass>()
  return async () => {
    for (const { issuerId } of issuers()) {
      const pass = passes.get(issuerId)
      if (pass !== undefined && clock() < pass.notBefore) continue
      const rested = { after: undefined, notBefore: clock() + passEveryMs }
      try {
        const { after } = await expireSet(options, issuerId, pass?.after)
        passes.set(issuerId, after === undefined ? rested : { after, notBefore: 0 })
      } catch (error) {
        // What this set left undone is due still, and is met again by the next pass.
        passes.set(issuerId, rested)
        onError(error)
      }
    }
  }
}

/** @returns where the next set begins; `undefined` when this was the last */
async function expireSet(
  {
    ledger,
    sha256,
    clock,
    onExpired,
    isClawedBack = () => false,
    ...sizes
  }: Pick<
    LotExpiryOptions,
    'ledger' | 'sha256' | 'clock' | 'onExpired' | 'isClawedBack' | 'setSize' | 'lagMs'
  >,
  issuerId: IssuerId,
  after: DueLotCursor | undefined,
): Promise<{ readonly expired: number; readonly after: DueLotCursor | undefined }> {
  const { setSize = EXPIRY_SET_SIZE, lagMs = EXPIRY_LAG_MS } = sizes
  const now = clock()
  const due = await ledger.dueLots(issuerId, { until: now - lagMs, after, limit: setSize })
  const last = due.at(-1)
  if (last === undefined) return { expired: 0, after: undefined }
  const own = due.filter((lot) => !isClawedBack(issuerId, lot))
  const requests = own.map((lot) => expiryRequest(sha256, issuerId, lot))
  const outcomes = await ledger.expire(issuerId, requests, now)
  const legs = outcomes.flatMap((outcome) => (outcome.status === 'posted' ? outcome.legs : []))
  onExpired({
    issuerId,
    expired: legs.length,
    expiredWon: legs.reduce((sum, { amountWon }) => sum + amountWon, 0),
    closed: outcomes.filter(({ status }) => status === 'nothing_left').length,
    busy: outcomes.filter(({ status }) => status === 'busy').length,
    reachedAt: last.expiresAt,
  })
  const { expiresAt, lotId } = last
  const next = due.length < setSize ? undefined : { expiresAt, lotId }
  return { expired: legs.length, after: next }
}
