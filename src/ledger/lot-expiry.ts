/**
 * Expiry of lots: what is left of a lot that can no longer be spent goes to `breakage`. The key of an expiry is made
 * from the lot and from how often something expired from it before, so that it counts once however often and by however
 * many it is asked for; what a cancellation gives back to an expired lot expires once more, under the next key.
 */
import {
  assert,
  derivedOperationId,
  formatId,
  requestHash,
  type Instant,
  type IssuerId,
  type LotId,
  type LotKind,
  type ProgramId,
  type Sha256,
  type WalletId,
  type Won,
} from '../base/base.ts'
import type { Outcome, RequestBase } from './ledger.ts'

/** There is nothing to say beside the lot: it gives what it has. See `expiryRequest`. */
export interface ExpiryRequest extends Pick<RequestBase, 'operationId' | 'requestHash'> {
  walletId: WalletId
  lotId: LotId
}

/** A lot that has expired and is not closed: something is left in it, or it was spent and nobody has looked yet. */
export interface DueLot {
  walletId: WalletId
  lotId: LotId
  programId: ProgramId
  kind: LotKind
  expiresAt: Instant
  remainingWon: Won
  heldWon: Won
  /** How often something expired from it, or was clawed back, before. */
  times: number
}

/** Where a page of due lots begins: strictly after this. */
export type DueLotCursor = Pick<DueLot, 'expiresAt' | 'lotId'>

/**
 * Only `posted` and `key_reused` are about recorded operations; the others record nothing, and the same key may be
 * posted later.
 * - `nothing_left`: it has expired and holds nothing, so it is closed.
 * - `not_due`: it has not expired, all that is in it is held, or there is no such lot.
 * - `busy`: somebody moves its money at this moment; to be asked again.
 */
export type ExpiryOutcome =
  | Extract<Outcome, { status: 'posted' | 'key_reused' }>
  | { status: 'nothing_left' | 'not_due' | 'busy' }

/** The part of the ledger that is about expiry. */
export interface LotExpiry {
  /** Takes what is left of lots that have expired to `breakage`, one leg each. A set names each lot once. */
  expire(
    issuerId: IssuerId,
    requests: readonly ExpiryRequest[],
    at: Instant,
  ): Promise<ExpiryOutcome[]>
  /** Lots that `expire` has something to do with: the first to expire first, then the lowest lot id. */
  dueLots(
    issuerId: IssuerId,
    page: { until: Instant; after?: DueLotCursor | undefined; limit: number },
  ): Promise<DueLot[]>
}

/** The one request that stands for this expiry of this lot. */
export function expiryRequest(
  sha256: Sha256,
  issuerId: IssuerId,
  due: Pick<DueLot, 'walletId' | 'lotId' | 'times'>,
): ExpiryRequest {
  const { walletId, lotId, times } = due
  const names = [formatId('iss', issuerId), formatId('wlt', walletId), formatId('lot', lotId)]
  const hash = requestHash(sha256, ['expiry', ...names, times])
  return { operationId: derivedOperationId(hash), requestHash: hash, walletId, lotId }
}

/** Bugs of the caller. */
export function assertExpiries(requests: readonly ExpiryRequest[]): void {
  const lots = new Set(requests.map(({ lotId }) => lotId))
  const keys = new Set(requests.map(({ operationId }) => operationId))
  assert(lots.size === requests.length, 'a set expires each lot once')
  assert(keys.size === requests.length, 'a set of expiries names each key once')
}
