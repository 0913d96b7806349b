/** What the contract of movements is written with: one wallet's lots as they are, and movements of them. */
import assert from 'node:assert/strict'
import {
  parseBusinessDate,
  won,
  type GiftId,
  type LotId,
  type OperationId,
  type PayoutId,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import { FAR_FUTURE, ids, keyed, START_AT, type LedgerUnderTest } from './ledger-bench.contract.ts'
import type {
  CardSettlementRequest,
  Lot,
  MovementOutcome,
  MovementRequest,
  NewPayout,
  PayoutState,
  PayoutStep,
} from './ledger.ts'

export const DUE_ON = parseBusinessDate('2031-01-02')!
export const LATER_ON = parseBusinessDate('2031-01-03')!
export const ACCOUNT = { bankCode: '088', accountNumber: '110-123-456789', holderName: '김"두\\레' }
export const OTHER_ACCOUNT = { bankCode: '004', accountNumber: '9', holderName: 'O' }

/** One line: from, from which, to, to which, how much. */
export function line(
  debitKind: MovementRequest['lines'][number]['debitKind'],
  debitId: number,
  creditKind: MovementRequest['lines'][number]['creditKind'],
  creditId: number,
  amountWon: number,
): MovementRequest['lines'][number] {
  return { debitKind, debitId, creditKind, creditId, amountWon: won(amountWon) }
}

/** A lot as a movement saw it. */
export function seenOf({ walletId, lotId, remainingWon, heldWon }: Lot) {
  return { walletId, lotId, remainingWon, heldWon }
}

export function movement(
  content: Omit<MovementRequest, 'operationId' | 'requestHash'>,
  key?: OperationId,
): MovementRequest {
  return keyed('move', content, key)
}

export function newPayout(content: Partial<NewPayout> = {}): NewPayout {
  return {
    payoutId: ids.next('pay'),
    beneficiary: { kind: 'member', id: ids.next('mbr') },
    account: ACCOUNT,
    dueOn: DUE_ON,
    ...content,
  }
}

/** A settlement that pays its card company; the payout's own number is no part of what makes it the same request. */
export function settlementOf(
  content: Omit<CardSettlementRequest, 'operationId' | 'requestHash' | 'payout'>,
  key?: OperationId,
): CardSettlementRequest & { payout: NewPayout } {
  const beneficiary = { kind: 'card_company', id: content.card.partnerId } as const
  return { ...keyed('settleCards', content, key), payout: newPayout({ beneficiary }) }
}

/** All of a lot but what the funders get back, on its way to the member. */
export function refundOf(
  lot: Lot,
  { cityWon = 0, payout = newPayout() }: { cityWon?: number; payout?: NewPayout } = {},
): MovementRequest {
  const lines = [
    line('lot', lot.lotId, 'settlement_in_transit', 0, lot.remainingWon - cityWon),
    ...(cityWon > 0 ? [line('lot', lot.lotId, 'subsidy_receivable', 3, cityWon)] : []),
  ]
  const { walletId } = lot
  return movement({ kind: 'refund', walletId, lines, seen: [seenOf(lot)], payout })
}

export function giftOf(lot: Lot, amountWon: number, giftId = ids.next('gft')): MovementRequest {
  const lines = [line('lot', lot.lotId, 'gift_transit', giftId, amountWon)]
  return movement({ kind: 'gift', walletId: lot.walletId, lines, seen: [seenOf(lot)] })
}

export const giftIdOf = (gift: MovementRequest): GiftId => gift.lines[0]!.creditId as GiftId

export function acceptanceOf(
  gift: MovementRequest,
  walletId: WalletId,
  programId: ProgramId,
  more: Pick<MovementRequest, 'holdingCaps'> = {},
): MovementRequest {
  const lotId = ids.next('lot')
  const amountWon = gift.lines.reduce((sum, one) => sum + one.amountWon, 0)
  return movement({
    kind: 'gift_acceptance',
    walletId,
    targetId: gift.operationId,
    lines: [line('gift_transit', giftIdOf(gift), 'lot', lotId, amountWon)],
    newLots: [{ lotId, programId, kind: 'gift', expiresAt: FAR_FUTURE }],
    ...more,
  })
}

export function returnOf(gift: MovementRequest): MovementRequest {
  const lines = gift.lines.map((one) =>
    line('gift_transit', one.creditId, 'lot', one.debitId, one.amountWon),
  )
  const { walletId, operationId } = gift
  return movement({ kind: 'gift_return', walletId: walletId!, targetId: operationId, lines })
}

/** What the bank said of a payout, in the movement of its whole amount. */
export function stepOf(
  payout: { payoutId: PayoutId; amountWon: number; causedBy: OperationId },
  step: { from: PayoutState; to: PayoutState; attempt?: number; reason?: string },
): MovementRequest {
  const { payoutId, amountWon, causedBy } = payout
  const transit = ['settlement_in_transit', 0] as const
  const returned = ['returned_payout', payoutId] as const
  const { attempt = 1, ...states } = step
  const payoutStep: PayoutStep = {
    payoutId,
    attempt,
    ...states,
    ...(step.to === 'due' && { retry: { dueOn: LATER_ON, account: OTHER_ACCOUNT } }),
  }
  const about = { targetId: causedBy, payoutStep }
  switch (step.to) {
    case 'paid': {
      const lines = [line(...transit, 'operating_fund', 0, amountWon)]
      return movement({ kind: 'payout_confirmation', lines, ...about })
    }
    case 'due':
      return movement({
        kind: 'payout_retry',
        lines: [line(...returned, ...transit, amountWon)],
        ...about,
      })
    default:
      return movement({
        kind: 'payout_return',
        lines: [line(...transit, ...returned, amountWon)],
        ...about,
      })
  }
}

export async function move(
  { ledger, issuerId }: LedgerUnderTest,
  requests: readonly MovementRequest[],
  at = START_AT,
): Promise<string[]> {
  return (await ledger.move(issuerId, requests, at)).map(movementText)
}

/** `posted 30, 20`, `again posted 30`, `changed`, `wallet_unknown`. */
export function movementText(outcome: MovementOutcome): string {
  if (outcome.status === 'changed' || outcome.status === 'key_reused') return outcome.status
  const again = outcome.replayed ? 'again ' : ''
  if (outcome.status === 'declined') return again + outcome.reason
  const legs = outcome.legs.map(({ amountWon }) => amountWon)
  return `${again}posted ${legs.join(', ')}`.trim()
}

export async function lotOf(
  { ledger, issuerId }: LedgerUnderTest,
  { walletId, lotId }: { walletId: WalletId; lotId: LotId },
): Promise<Lot> {
  const lot = (await ledger.lots(issuerId, walletId)).find((one) => one.lotId === lotId)
  assert.ok(lot)
  return lot
}
