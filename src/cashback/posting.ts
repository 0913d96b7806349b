/**
 * Posts what is due: one movement for each payment, under a key that is made of the payment and of how often the
 * ledger declined it before. The decision is written, so a worker that dies is repeated, and the ledger answers by key.
 */
import {
  assert,
  derivedOperationId,
  formatId,
  requestHash,
  won,
  type FundedAmount,
  type Instant,
  type IssuerId,
  type LotId,
  type PotDraw,
  type Sha256,
  type Won,
} from '../base/base.ts'
import { chooseDraws, fundedBy, legalHoldingCaps } from '../issuing/issuing.ts'
import {
  funderAccountIds,
  type MovementOutcome,
  type MovementRequest,
  type NewLot,
} from '../ledger/ledger.ts'
import type { CashbackDeps } from './cashback-deps.ts'
import type { CashbackShare, Earning, EarningResult } from './cashback-store.ts'
import { nextEarningState, type EarningEvent } from './earning-machine.ts'
import { cashbackTermsAt } from './page-decision.ts'

/** A share that is posted: what is left of what it earned. */
interface PostedShare {
  readonly share: CashbackShare
  readonly amountWon: Won
  readonly lotId: LotId
  readonly parts: readonly FundedAmount[]
}

type Able = Pick<CashbackDeps, 'store' | 'ledger' | 'issuing' | 'funding' | 'ids' | 'sha256'>

export async function postEarnings(
  deps: Able,
  issuerId: IssuerId,
  earnings: readonly Earning[],
  now: Instant,
): Promise<void> {
  if (earnings.length === 0) return
  const able = earnings.map((earning) => ({
    earning,
    shares: sharesToPost(deps, issuerId, earning, now),
  }))
  const full = able.filter(({ shares }) => shares.length > 0)
  const requests = full.map((each) => earningRequest(deps, issuerId, each, now))
  const outcomes = requests.length === 0 ? [] : await deps.ledger.move(issuerId, requests, now)
  const posted = full.map(({ earning }, index) =>
    resultOf(earning, requests[index]!, outcomes[index]!),
  )
  const empty = able.filter(({ shares }) => shares.length === 0)
  const lapsed = empty.map(({ earning }) => step(earning, 'expired'))
  await deps.store.settleEarnings(issuerId, [...posted, ...lapsed])
}

/** What has expired while it waited is no money any more. */
function sharesToPost(
  { issuing, ids }: Pick<CashbackDeps, 'issuing' | 'ids'>,
  issuerId: IssuerId,
  { shares, paidAt }: Earning,
  now: Instant,
): readonly PostedShare[] {
  return shares.flatMap((share) => {
    const amountWon = won(share.earnedWon - share.takenBackWon)
    if (amountWon === 0 || share.expiresAt <= now) return []
    const found = cashbackTermsAt(issuing.programs(issuerId), share.programId, paidAt)
    assert(found !== undefined, 'what was earned was earned under terms')
    const parts = fundedBy(found.terms.benefit, amountWon)
    return [{ share, amountWon, lotId: ids.next('lot'), parts }]
  })
}

export function earningHash(
  sha256: Sha256,
  issuerId: IssuerId,
  { paymentId, attempt }: Pick<Earning, 'paymentId' | 'attempt'>,
): Uint8Array {
  return requestHash(sha256, ['cashback', formatId('iss', issuerId), paymentId, attempt])
}

function earningRequest(
  deps: Pick<CashbackDeps, 'sha256' | 'issuing' | 'funding'>,
  issuerId: IssuerId,
  { earning, shares }: { readonly earning: Earning; readonly shares: readonly PostedShare[] },
  now: Instant,
): MovementRequest {
  const hash = earningHash(deps.sha256, issuerId, earning)
  return {
    operationId: derivedOperationId(hash),
    requestHash: hash,
    kind: 'cashback',
    walletId: earning.walletId,
    targetId: earning.paymentId,
    lines: shares.flatMap(({ lotId, parts }) =>
      parts.map(({ funder, amountWon }) => ({
        debitKind: 'subsidy_receivable' as const,
        debitId: funderAccountIds[funder],
        creditKind: 'lot' as const,
        creditId: lotId,
        amountWon,
      })),
    ),
    newLots: shares.map(({ share, lotId }): NewLot => {
      const { programId, expiresAt } = share
      return { lotId, programId, kind: 'cashback', expiresAt }
    }),
    holdingCaps: legalHoldingCaps(deps.issuing.programs(issuerId), now),
    ...drawsOf(deps, issuerId, shares, now),
  }
}

function drawsOf(
  { funding }: Pick<CashbackDeps, 'funding'>,
  issuerId: IssuerId,
  shares: readonly PostedShare[],
  now: Instant,
): Pick<MovementRequest, 'draws' | 'refusal'> {
  const draws: PotDraw[] = []
  for (const { share, parts } of shares) {
    const benefit = { programId: share.programId, shares: parts, now }
    const choice = chooseDraws(funding.pots(issuerId), benefit)
    if (choice.status !== 'drawn') return { refusal: choice.status }
    draws.push(...choice.draws)
  }
  return draws.length === 0 ? {} : { draws: mergeDraws(draws) }
}

/** Each pot once, though several programs draw from it. */
export function mergeDraws(draws: readonly PotDraw[]): readonly PotDraw[] {
  const byPot = Map.groupBy(draws, ({ potId }) => potId)
  return [...byPot.values()].map((group) => ({
    ...group[0]!,
    amountWon: won(group.reduce((sum, { amountWon }) => sum + amountWon, 0)),
  }))
}

function resultOf(
  earning: Earning,
  request: MovementRequest,
  outcome: MovementOutcome,
): EarningResult {
  if (outcome.status === 'posted') {
    const posted = outcome.legs.map(({ programId, amountWon }) => ({ programId, amountWon }))
    return { ...step(earning, 'posted'), operationId: request.operationId, posted }
  }
  assert(outcome.status === 'declined', 'no other cashback is about this payment')
  if (outcome.reason === 'holding_cap_exceeded') return step(earning, 'no_room')
  assert(outcome.reason === 'budget_exhausted', `cashback is not ${outcome.reason}`)
  return step(earning, wasPromised(earning) ? 'no_budget_promised' : 'no_budget')
}

/** It has waited before: the member was shown it as earned. */
function wasPromised({ waitsFor }: Earning): boolean {
  return waitsFor !== null
}

const causes: Partial<Record<EarningEvent, Earning['waitsFor']>> = {
  no_room: 'holding_cap',
  no_budget_promised: 'budget',
}

function step(earning: Earning, event: EarningEvent): EarningResult {
  const state = nextEarningState('due', event)
  assert(state !== undefined && state !== 'nothing' && state !== 'cancelled', 'it was to be posted')
  const { paymentId, attempt } = earning
  const waitsFor = state === 'waiting' ? (causes[event] ?? null) : null
  return { paymentId, attempt, state, waitsFor, operationId: undefined, posted: [] }
}
