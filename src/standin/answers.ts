/** The answers that the gateway gives by itself, put into words of the canonical model. */
import { won, type Instant, type Sha256, type Won } from '../base/base.ts'
import {
  approvalCode,
  cardOperationId,
  type CardAnswer,
  type CardReason,
  type CardSale,
} from '../cards/cards.ts'
import type { FallbackPreference } from '../issuing/issuing.ts'
import type { StandInDecision } from './standin-decision.ts'

const NOTHING = won(0)

/** @param knownAt when the balance was known */
export function answerOfDecision(
  sale: CardSale,
  decision: StandInDecision,
  knownAt: Instant | undefined,
  sha256: Sha256,
): CardAnswer {
  const { verdict, reason, voucherWon, remainingWon, onUnknown } = decision
  const isApproval = verdict === 'approved' || verdict === 'partially_approved'
  const paysRest = verdict === 'partially_approved' || verdict === 'not_applicable'
  const sources = {
    approved: 'voucher',
    partially_approved: 'voucher_and_account',
    not_applicable: 'account',
    declined: 'none',
    unknown: 'none',
  } as const
  return {
    verdict,
    ...(reason === undefined ? {} : { reason }),
    voucherWon,
    accountWon: paysRest ? won(sale.amountWon - voucherWon) : NOTHING,
    source: sources[verdict],
    ...(remainingWon === undefined ? {} : { remainingWon }),
    ...(remainingWon === undefined || knownAt === undefined ? {} : { remainingAt: knownAt }),
    ...(isApproval
      ? { approvalCode: approvalCode(cardOperationId(sale.key, 'sale', sha256)) }
      : {}),
    decidedBy: 'standin',
    ...(onUnknown === undefined ? {} : { onUnknown }),
  }
}

/** Nobody can know, or nothing is to be paid. */
export function refusal(
  verdict: 'unknown' | 'declined' | 'not_applicable',
  reason: CardReason,
  by: 'standin' | 'gateway',
  onUnknown?: FallbackPreference,
): CardAnswer {
  return {
    verdict,
    reason,
    voucherWon: NOTHING,
    accountWon: NOTHING,
    source: 'none',
    decidedBy: by,
    ...(onUnknown === undefined ? {} : { onUnknown }),
  }
}

export function balanceAnswer(remainingWon: Won, remainingAt: Instant): CardAnswer {
  return {
    verdict: 'approved',
    voucherWon: NOTHING,
    accountWon: NOTHING,
    source: 'none',
    remainingWon,
    remainingAt,
    decidedBy: 'standin',
  }
}

export function cancellationAnswer(voucherWon: Won, code: string): CardAnswer {
  return {
    verdict: 'approved',
    voucherWon,
    accountWon: NOTHING,
    source: 'voucher',
    approvalCode: code,
    decidedBy: 'standin',
  }
}
