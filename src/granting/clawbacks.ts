/**
 * Clawback (환수): what is left of a stipend goes back to those who paid for it, in the shares in which they did. At its
 * expiry without anybody's word, where the program's terms say so; before, by the decision of two officers.
 */
import {
  assert,
  derivedOperationId,
  formatId,
  requestHash,
  splitByLargestRemainder,
  sumWon,
  type ClawbackId,
  type IssuerId,
  type LotId,
  type Sha256,
  type WalletId,
  type Won,
} from '../base/base.ts'
import { termsAt, type IssuingDirectory } from '../issuing/issuing.ts'
import {
  expiryRequest,
  type DueLot,
  type DueLotCursor,
  type LotOrigin,
  type MovementRequest,
} from '../ledger/ledger.ts'
import type { GrantingDeps } from './granting-ports.ts'

/** Lots are clawed back so long after their instant, as lots expire: a core whose clock is behind may pay from them. */
export const CLAWBACK_LAG_MS = 60_000
/** Small enough for a payment of one of its wallets to wait for it without notice. */
export const CLAWBACK_SET_SIZE = 200

/** What one set came to, in lots; progress for whoever watches. */
export interface ClawedBackSet {
  readonly clawedBack: number
  readonly clawedBackWon: number
  /** Where the next set begins; `undefined`: this was the last. */
  readonly after: DueLotCursor | undefined
}

/**
 * Whether what is left of a lot goes back to its funders and not to breakage. The terms of the lot's last instant
 * decide, which nobody can change any more: so expiry and clawback never both think that a lot is theirs.
 */
export function isClawedBack(
  { program }: Pick<IssuingDirectory, 'program'>,
  issuerId: IssuerId,
  { programId, kind, expiresAt }: Pick<DueLot, 'programId' | 'kind' | 'expiresAt'>,
): boolean {
  const terms = termsAt(program(issuerId, programId)?.terms ?? [], expiresAt)
  return kind === 'stipend' && terms?.stipend?.clawbackAtExpiry === true
}

/** One set of stipends that have expired, after a cursor. */
export async function clawBackExpired(
  deps: GrantingDeps,
  issuerId: IssuerId,
  page: { readonly after?: DueLotCursor | undefined; readonly limit?: number } = {},
): Promise<ClawedBackSet> {
  const { ledger, issuing, sha256 } = deps
  const { after, limit = CLAWBACK_SET_SIZE } = page
  const now = deps.clock()
  const due = await ledger.dueLots(issuerId, { until: now - CLAWBACK_LAG_MS, after, limit })
  const own = due.filter((lot) => isClawedBack(issuing, issuerId, lot))
  const full = own.filter(({ remainingWon }) => remainingWon > 0)
  const origins = await ledger.lotOrigins(
    issuerId,
    full.map(({ lotId }) => lotId),
  )
  const requests = full.map((lot, index) => {
    const hash = expiredHash(sha256, issuerId, lot)
    return clawbackRequest(lot, { hash, origin: origins[index] })
  })
  const outcomes = await ledger.move(issuerId, requests, now)
  const posted = full.filter((_, index) => outcomes[index]?.status === 'posted')
  const spent = own.filter(({ remainingWon, heldWon }) => remainingWon === 0 && heldWon === 0)
  const empty = [...spent, ...posted.filter(({ heldWon }) => heldWon === 0)]
  // Nothing is left in them, so expiry only closes them: nobody need look at them again.
  const closing = empty.map((lot) =>
    expiryRequest(sha256, issuerId, { ...lot, times: lot.times + 1 }),
  )
  await ledger.expire(issuerId, closing, now)
  const last = due.at(-1)
  const isLast = last === undefined || due.length < limit
  return {
    clawedBack: posted.length,
    clawedBackWon: sumWon(posted.map(({ remainingWon }) => remainingWon)),
    after: isLast ? undefined : { expiresAt: last.expiresAt, lotId: last.lotId },
  }
}

interface ClawedLot {
  readonly walletId: WalletId
  readonly lotId: LotId
  readonly remainingWon: Won
  readonly heldWon: Won
}

/** What is held is not touched: its payment was made in time. */
export function clawbackRequest(
  { walletId, lotId, remainingWon, heldWon }: ClawedLot,
  given: {
    readonly hash: Uint8Array
    readonly origin: LotOrigin | undefined
    readonly actor?: string
  },
): MovementRequest {
  const { hash, origin, actor } = given
  assert(origin !== undefined, 'a lot was issued by an operation')
  return {
    operationId: derivedOperationId(hash),
    requestHash: hash,
    ...(actor === undefined ? {} : { actor }),
    kind: 'clawback',
    walletId,
    targetId: origin.issuedBy,
    lines: shareLines(lotId, remainingWon, origin),
    seen: [{ walletId, lotId, remainingWon, heldWon }],
  }
}

/** The accounts of the funders: 1 national, 2 province, 3 city. */
function shareLines(
  lotId: LotId,
  amountWon: Won,
  { sources }: LotOrigin,
): MovementRequest['lines'] {
  const { nationalWon, provinceWon, cityWon } = sources
  const paid = [nationalWon, provinceWon, cityWon]
  // Where the books name no funder, the municipality gave it.
  const weights = paid.some((part) => part > 0) ? paid : [0, 0, 1]
  const parts = splitByLargestRemainder(amountWon, weights)
  return parts.flatMap((part, index) =>
    part === 0
      ? []
      : [
          {
            debitKind: 'lot',
            debitId: lotId,
            creditKind: 'subsidy_receivable',
            creditId: index + 1,
            amountWon: part,
          },
        ],
  )
}

/** The key of what expired: from the lot and from how often something was taken from it before. */
function expiredHash(
  sha256: Sha256,
  issuerId: IssuerId,
  { walletId, lotId, times }: Pick<DueLot, 'walletId' | 'lotId' | 'times'>,
): Uint8Array {
  return lotHash(sha256, issuerId, { walletId, lotId }, ['expired', times])
}

/** The key of a decision's movement: from the decision and from how many it made before. */
export function decidedHash(
  sha256: Sha256,
  issuerId: IssuerId,
  lot: { readonly walletId: WalletId; readonly lotId: LotId },
  decided: { readonly clawbackId: ClawbackId; readonly times: number },
): Uint8Array {
  const { clawbackId, times } = decided
  return lotHash(sha256, issuerId, lot, ['decided', formatId('clw', clawbackId), times])
}

function lotHash(
  sha256: Sha256,
  issuerId: IssuerId,
  { walletId, lotId }: { readonly walletId: WalletId; readonly lotId: LotId },
  cause: readonly (string | number)[],
): Uint8Array {
  const names = [formatId('iss', issuerId), formatId('wlt', walletId), formatId('lot', lotId)]
  return requestHash(sha256, ['clawback', ...names, ...cause])
}
