/**
 * The steps that payouts take by the bank's word or an officer's, each a movement under a key of its own: confirmed,
 * returned, tried again. A return leads to a retry on another day or, where that would help nobody, to a case.
 */
import {
  addBusinessDays,
  assert,
  businessDate,
  formatId,
  requestHash,
  type OperationId,
} from '../base/base.ts'
import type { MovementRequest, Payout, PayoutAccount } from '../ledger/ledger.ts'
import { PARKED_BY_OFFICER, sequelOf } from './return-reasons.ts'
import { movementId, type TreasuryDeps, type TreasuryRoom } from './treasury-deps.ts'

/** `changed`: the payout is not in that state and attempt any more. */
export type StepOutcome = 'moved' | 'changed'

type StepKind = 'payout_confirmation' | 'payout_return' | 'payout_retry'

/** The key of a step of an attempt. */
export function stepId(
  { sha256 }: Pick<TreasuryDeps, 'sha256'>,
  { issuerId }: Pick<TreasuryRoom, 'issuerId'>,
  kind: StepKind,
  { payoutId, attempt }: Pick<Payout, 'payoutId' | 'attempt'>,
): OperationId {
  return movementId(sha256, issuerId, kind, [payoutId, attempt])
}

export function confirmPayout(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  payout: Payout,
): Promise<StepOutcome> {
  return move(deps, room, payout, {
    kind: 'payout_confirmation',
    debit: { kind: 'settlement_in_transit', id: 0 },
    credit: { kind: 'operating_fund', id: 0 },
    step: { from: 'sent', to: 'paid' },
  })
}

/** Before the bank was told: an officer takes a payout that is due out of the files to come. */
export async function parkPayout(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  { payout, actor }: { readonly payout: Payout; readonly actor: string },
): Promise<StepOutcome> {
  const outcome = await move(deps, room, payout, {
    kind: 'payout_return',
    debit: { kind: 'settlement_in_transit', id: 0 },
    credit: { kind: 'returned_payout', id: payout.payoutId },
    step: { from: 'due', to: 'parked', reason: PARKED_BY_OFFICER },
    actor,
  })
  if (outcome === 'moved') await tellParked(deps, room, payout.payoutId)
  return outcome
}

export async function returnPayout(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  { payout, reason }: { readonly payout: Payout; readonly reason: string },
): Promise<StepOutcome> {
  const isLast = payout.attempt >= room.rules.payoutAttemptsMax
  const to = sequelOf(reason) === 'retry' && !isLast ? 'returned' : 'parked'
  const outcome = await move(deps, room, payout, {
    kind: 'payout_return',
    debit: { kind: 'settlement_in_transit', id: 0 },
    credit: { kind: 'returned_payout', id: payout.payoutId },
    step: { from: 'sent', to, reason },
  })
  if (outcome === 'moved' && to === 'parked') await tellParked(deps, room, payout.payoutId)
  return outcome
}

/** Repeated until it was done: a payout that nobody hears of would wait for ever. */
export async function tellParked(
  deps: TreasuryDeps,
  { issuerId, issuer }: TreasuryRoom,
  payoutId: Payout['payoutId'],
): Promise<void> {
  const payout = await deps.payouts.payout(issuerId, payoutId)
  if (payout?.state !== 'parked') return
  await deps.casebook.openCase({
    issuerId,
    caseKind: 'payout_parked',
    subject: parkedSubject(payout),
    owner: 'issuer',
    facts: {
      payoutId: formatId('pay', payoutId),
      issuer: issuer.code,
      attempt: payout.attempt,
      amountWon: payout.amountWon,
      beneficiary: payout.beneficiary.kind,
      reason: payout.reason ?? '',
    },
    openedAt: payout.changedAt,
    dueAt: payout.changedAt + PARKED_TERM_MS,
  })
  await deps.tellParked(issuerId, payout)
}

/** A merchant or member should not wait longer for a word of why its money does not come. */
const PARKED_TERM_MS = 7 * 86_400_000

export function parkedSubject({ payoutId, attempt }: Pick<Payout, 'payoutId' | 'attempt'>): string {
  return `${formatId('pay', payoutId)}/${attempt}`
}

/** Due again, today or on the next business day, with that account. */
export function retryPayout(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  given: { readonly payout: Payout; readonly account: PayoutAccount; readonly actor?: string },
): Promise<StepOutcome> {
  const { payout, account, actor } = given
  assert(payout.state === 'returned' || payout.state === 'parked', 'what came back is tried again')
  const dueOn = addBusinessDays(businessDate(room.now), 0, deps.holidays)
  return move(deps, room, payout, {
    kind: 'payout_retry',
    debit: { kind: 'returned_payout', id: payout.payoutId },
    credit: { kind: 'settlement_in_transit', id: 0 },
    step: { from: payout.state, to: 'due', retry: { dueOn, account } },
    ...(actor === undefined ? {} : { actor }),
  })
}

interface Step {
  readonly kind: StepKind
  readonly debit: {
    readonly kind: 'settlement_in_transit' | 'returned_payout'
    readonly id: number
  }
  readonly credit: {
    readonly kind: 'settlement_in_transit' | 'returned_payout' | 'operating_fund'
    readonly id: number
  }
  readonly step: Omit<NonNullable<MovementRequest['payoutStep']>, 'payoutId' | 'attempt'>
  readonly actor?: string
}

async function move(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  payout: Payout,
  { kind, debit, credit, step, actor }: Step,
): Promise<StepOutcome> {
  const { payoutId, attempt, amountWon, causedBy, beneficiary } = payout
  const request: MovementRequest = {
    operationId: stepId(deps, room, kind, payout),
    // The same step of the same attempt is the same request, whatever account it is tried with.
    requestHash: requestHash(deps.sha256, [kind, payoutId, attempt, amountWon]),
    kind,
    targetId: causedBy,
    lines: [
      {
        debitKind: debit.kind,
        debitId: debit.id,
        creditKind: credit.kind,
        creditId: credit.id,
        amountWon,
      },
    ],
    payoutStep: { payoutId, attempt, ...step },
    ...(actor === undefined ? {} : { actor }),
    ...(beneficiary.kind === 'merchant' ? { merchantId: beneficiary.id } : {}),
  }
  const [outcome] = await deps.ledger.move(room.issuerId, [request], room.now)
  if (outcome?.status === 'posted') return 'moved'
  assert(outcome?.status === 'changed', `${kind} is posted, or the payout has changed`)
  return 'changed'
}
