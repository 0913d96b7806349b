/** What of settlements leaves the house. Account numbers leave masked, for shops and officers alike. */
import { Type, type Static } from 'typebox'
import { formatId, won, type IssuerId } from '../../base/base.ts'
import type { IssuingDirectory } from '../../issuing/issuing.ts'
import { payoutStates, type Payout } from '../../ledger/ledger.ts'
import {
  heldReasons,
  payoutWon,
  statementStates,
  type MerchantSettlement,
  type RunTotals,
  type SettlementLine,
  type SettlementRecord,
} from '../../settlement/settlement.ts'
import { instantSchema, instantText } from '../door.ts'
import { heldWords, maskedAccount, stateWords } from '../statements/statement-words.ts'
import { idOut, nullable, programNames, wonOut, wordOut } from './views.ts'

export const dayOut = Type.String({ description: 'A Korean day, YYYY-MM-DD' })
export const count = Type.Integer({ minimum: 0 })

const payoutSchema = Type.Object({
  payoutId: idOut,
  state: wordOut(payoutStates),
  dueOn: dayOut,
  attempt: Type.Integer(),
  /** Bank and last four digits. */
  account: Type.String(),
  /** What the bank said where it gave the money back. */
  bankReason: nullable(Type.String()),
})

export const settlementSchema = Type.Object({
  settlementDay: dayOut,
  merchantId: idOut,
  state: wordOut(statementStates),
  stateName: Type.String(),
  stateNameEn: Type.String(),
  heldReason: nullable(wordOut(heldReasons)),
  heldReasonName: nullable(Type.String()),
  heldReasonNameEn: nullable(Type.String()),
  payments: count,
  paymentsWon: wonOut,
  cancellations: count,
  cancellationsWon: wonOut,
  /** Below zero where fees were given back. */
  feeWon: wonOut,
  /** From settlements before; takings less fee. */
  carriedWon: wonOut,
  payoutWon: wonOut,
  payout: nullable(payoutSchema),
})

export function settlementView(
  record: SettlementRecord,
  payout: Payout | undefined,
): Static<typeof settlementSchema> {
  const { outcome, reason, carried } = record
  const isMoved = outcome === 'due' || outcome === 'paid'
  const state = isMoved ? (payout?.state ?? 'due') : outcome
  return {
    settlementDay: record.settlementDay,
    merchantId: formatId('mrc', record.merchantId),
    state,
    stateName: stateWords[state].ko,
    stateNameEn: stateWords[state].en,
    ...reasonView(reason),
    payments: record.payments,
    paymentsWon: record.paymentsWon,
    cancellations: record.cancellations,
    cancellationsWon: record.cancellationsWon,
    feeWon: record.lineFeeWon,
    carriedWon: won(carried.payableWon - carried.feeWon),
    payoutWon: isMoved ? payoutWon(record) : 0,
    payout: payout === undefined ? null : payoutView(payout),
  }
}

function reasonView(reason: SettlementRecord['reason']) {
  return {
    heldReason: reason ?? null,
    heldReasonName: reason === undefined ? null : heldWords[reason].ko,
    heldReasonNameEn: reason === undefined ? null : heldWords[reason].en,
  }
}

function payoutView(payout: Payout): Static<typeof payoutSchema> {
  const { payoutId, state, dueOn, attempt, account, reason } = payout
  return {
    payoutId: formatId('pay', payoutId),
    state,
    dueOn,
    attempt,
    account: maskedAccount(account),
    bankReason: reason ?? null,
  }
}

export const lineSchema = Type.Object({
  programId: idOut,
  programName: Type.String(),
  programNameEn: Type.String(),
  paidOn: dayOut,
  payments: count,
  paymentsWon: wonOut,
  cancellations: count,
  cancellationsWon: wonOut,
  feeBasisPoints: Type.Integer(),
  feeWon: wonOut,
})

export function lineView(
  issuing: Pick<IssuingDirectory, 'program'>,
  issuerId: IssuerId,
  line: SettlementLine,
): Static<typeof lineSchema> {
  return { ...line, ...programNames(issuing, issuerId, line.programId) }
}

export const runSchema = Type.Object({
  settlementDay: dayOut,
  state: wordOut(['open', 'closed']),
  /** Nothing that was booked later counts. */
  countedUntil: instantSchema,
  openedAt: instantSchema,
  closedAt: nullable(instantSchema),
  minimumPayoutWon: wonOut,
  merchants: count,
  paid: count,
  held: count,
  carriedOn: count,
  paymentsWon: wonOut,
  cancellationsWon: wonOut,
  feeWon: wonOut,
  payoutsWon: wonOut,
  heldWon: wonOut,
})

export function runView(run: RunTotals): Static<typeof runSchema> {
  const { untilAt, openedAt, closedAt, reached: _reached, ...figures } = run
  return {
    ...figures,
    countedUntil: instantText(untilAt),
    openedAt: instantText(openedAt),
    closedAt: closedAt === undefined ? null : instantText(closedAt),
  }
}

export const previewSchema = Type.Object({
  merchantId: idOut,
  merchantName: Type.String(),
  outcome: wordOut(['due', 'carried', 'held']),
  heldReason: nullable(wordOut(heldReasons)),
  heldReasonName: nullable(Type.String()),
  heldReasonNameEn: nullable(Type.String()),
  payableWon: wonOut,
  feeWon: wonOut,
  payoutWon: wonOut,
})

export function previewView(
  settlement: MerchantSettlement,
  merchantName: string,
): Static<typeof previewSchema> {
  const { merchantId, outcome, reason, payableWon, feeWon } = settlement
  return {
    merchantId: formatId('mrc', merchantId),
    merchantName,
    outcome,
    ...reasonView(reason),
    payableWon,
    feeWon,
    payoutWon: outcome === 'due' ? payoutWon(settlement) : 0,
  }
}
