/**
 * Lets what has expired go to breakage, issuer by issuer, one bounded set of each in a turn: a million lots of one
 * issuer cost another its turn, never its place, and between two turns the payments have the database for themselves.
 *
 * Nothing is remembered but how far this pass has come. The key of an expiry is made from its lot, so a set that is
 * repeated after a kill, by another core, or because its answer was lost, counts once.
 */
import type { Clock, Instant, IssuerId, Sha256 } from '../base/base.ts'
import { expiryRequest, type DueLotCursor, type LotExpiry } from '../ledger/ledger.ts'
import { startLoop, type Loop } from './loop.ts'

/** Between two turns. */
export const EXPIRY_TURN_EVERY_MS = 100
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
  readonly onError: (error: unknown) => void
  readonly everyMs?: number
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

export function startLotExpiry(options: LotExpiryOptions): Loop {
  return startLoop({
    everyMs: options.everyMs ?? EXPIRY_TURN_EVERY_MS,
    work: createExpiryTurn(options),
    onError: options.onError,
  })
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
        const after = await expireSet(options, issuerId, pass?.after)
        passes.set(issuerId, after === undefined ? rested : { after, notBefore: 0 })
      } catch (error) {
        // What this set left undone is due still, and is met again by the next pass.
        passes.set(issuerId, rested)
        onError(error)
      }
    }
  }
}

/** @returns where the next set begins; `undefined` when this was the last of the pass */
async function expireSet(
  { ledger, sha256, clock, onExpired, ...sizes }: LotExpiryOptions,
  issuerId: IssuerId,
  after: DueLotCursor | undefined,
): Promise<DueLotCursor | undefined> {
  const { setSize = EXPIRY_SET_SIZE, lagMs = EXPIRY_LAG_MS } = sizes
  const now = clock()
  const due = await ledger.dueLots(issuerId, { until: now - lagMs, after, limit: setSize })
  const last = due.at(-1)
  if (last === undefined) return undefined
  const requests = due.map((lot) => expiryRequest(sha256, issuerId, lot))
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
  return due.length < setSize ? undefined : { expiresAt: last.expiresAt, lotId: last.lotId }
}
