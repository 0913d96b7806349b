/**
 * What of a record leaves the house, for whom. Names of payers never reach a merchant, nor what kind of money it was.
 */
import { Type, type Static } from 'typebox'
import type { Merchant, Outlet } from '../../acquiring/acquiring.ts'
import {
  businessDate,
  formatId,
  lotKinds,
  sumWon,
  type Instant,
  type IssuerId,
  type LotKind,
  type OperationId,
  type ProgramId,
  type Won,
} from '../../base/base.ts'
import type { IssuingDirectory } from '../../issuing/issuing.ts'
import {
  channels,
  operationKinds,
  type Channel,
  type Leg,
  type OperationKind,
} from '../../ledger/ledger.ts'
import { instantSchema, instantText, operationIdSchema, type Words } from '../door.ts'
import type { MerchantOperation, RouteDeps } from './route-deps.ts'

/** Amounts we answer with: sums may be of any size, so nothing is bounded. */
export const wonOut = Type.Integer({ description: 'Whole won' })
export const idOut = Type.String()
export const nullable = <Schema extends Parameters<typeof Type.Union>[0][number]>(schema: Schema) =>
  Type.Union([schema, Type.Null()])
/** One of our words, for the answer's schema and its type. */
export const wordOut = <Word extends string>(words: readonly Word[]) =>
  Type.Unsafe<Word>({ type: 'string', enum: [...words] })

const kindNames = {
  purchase: { ko: '구매', en: 'Bought' },
  stipend: { ko: '정책수당', en: 'Stipend' },
  cashback: { ko: '캐시백', en: 'Cashback' },
  gift: { ko: '선물', en: 'Gift' },
} as const satisfies Record<LotKind, Words>

/** What happened, as histories say it. */
export const operationNames = {
  issue: { ko: '충전·지급', en: 'Issued' },
  payment: { ko: '결제', en: 'Payment' },
  hold: { ko: '승인(선점)', en: 'Held' },
  capture: { ko: '승인 완료', en: 'Captured' },
  release: { ko: '선점 해제', en: 'Released' },
  cancellation: { ko: '결제 취소', en: 'Cancelled' },
  purchase: { ko: '구매 신청', en: 'Purchase' },
  purchase_abandonment: { ko: '구매 중단', en: 'Purchase given up' },
  card_settlement: { ko: '카드사 정산', en: 'Settled with a card company' },
  expiry: { ko: '유효기간 만료', en: 'Expired' },
  purchase_cancellation: { ko: '구매 취소', en: 'Purchase cancelled' },
  refund: { ko: '잔액 환급', en: 'Refunded' },
  gift: { ko: '선물 보냄', en: 'Gift sent' },
  gift_acceptance: { ko: '선물 받음', en: 'Gift received' },
  gift_return: { ko: '선물 반환', en: 'Gift returned' },
  cashback: { ko: '캐시백 적립', en: 'Cashback earned' },
  cashback_return: { ko: '캐시백 회수', en: 'Cashback taken back' },
  clawback: { ko: '지급금 환수', en: 'Taken back by its funders' },
  payout: { ko: '정산 지급', en: 'Paid out' },
  payout_confirmation: { ko: '지급 확인', en: 'Payout confirmed' },
  payout_return: { ko: '지급 반려', en: 'Payout returned' },
  payout_retry: { ko: '재지급', en: 'Payout tried again' },
  funder_payment: { ko: '보조금 교부', en: 'Paid by a funder' },
  unidentified_deposit: { ko: '미확인 입금', en: 'Unidentified deposit' },
  deposit_return: { ko: '미확인 입금 반환', en: 'Deposit returned' },
  deposit_assignment: { ko: '미확인 입금 확인', en: 'Deposit identified' },
  fund_interest: { ko: '운영자금 이자', en: 'Interest of the fund' },
  income_payout: { ko: '수입금 지급', en: 'Income paid out' },
} as const satisfies Record<OperationKind, Words>

const KST_OFFSET_MS = 9 * 3_600_000

/** `2026-11-22 19:05:33`: how receipts in Korea tell the time. */
export function koreanTime(at: Instant): string {
  return `${businessDate(at)} ${new Date(at + KST_OFFSET_MS).toISOString().slice(11, 19)}`
}

export const moneyOf = {
  programId: idOut,
  programName: Type.String(),
  programNameEn: Type.String(),
  kind: wordOut(lotKinds),
  kindName: Type.String(),
  kindNameEn: Type.String(),
}
const moneySchema = Type.Object(moneyOf)

/** A program with the names people know it by; its id where we have none. */
export function programNames(
  issuing: Pick<IssuingDirectory, 'program'>,
  issuerId: IssuerId,
  programId: ProgramId,
): { programId: string; programName: string; programNameEn: string } {
  const program = issuing.program(issuerId, programId)
  const id = formatId('prg', programId)
  return { programId: id, programName: program?.name ?? id, programNameEn: program?.nameEn ?? id }
}

/** One kind of money with the names people know it by. */
export function moneyView(
  issuing: Pick<IssuingDirectory, 'program'>,
  issuerId: IssuerId,
  { programId, kind }: Pick<Leg, 'programId' | 'kind'>,
): Static<typeof moneySchema> {
  return {
    ...programNames(issuing, issuerId, programId),
    kind,
    kindName: kindNames[kind].ko,
    kindNameEn: kindNames[kind].en,
  }
}

export const legSchema = Type.Object({ ...moneyOf, amountWon: wonOut })

/** Where the money came from: one line for each kind of money, in the order of taking. */
export function legViews(
  issuing: Pick<IssuingDirectory, 'program'>,
  issuerId: IssuerId,
  legs: readonly Leg[],
): Static<typeof legSchema>[] {
  const groups = Map.groupBy(legs, (leg) => `${leg.programId}/${leg.kind}`)
  return [...groups.values()].map((group) => ({
    ...moneyView(issuing, issuerId, group[0]!),
    amountWon: sumWon(group.map((leg) => leg.amountWon)),
  }))
}

const placeOf = {
  merchantId: nullable(idOut),
  merchantName: nullable(Type.String()),
  outletId: nullable(idOut),
  outletName: nullable(Type.String()),
}
const placeSchema = Type.Object(placeOf)

/** The registered names of who was paid; null where the code named nobody. */
export function placeView(
  merchant: Merchant | undefined,
  outlet: Outlet | undefined,
): Static<typeof placeSchema> {
  return {
    merchantId: merchant === undefined ? null : formatId('mrc', merchant.merchantId),
    merchantName: merchant?.name ?? null,
    outletId: outlet === undefined ? null : formatId('out', outlet.outletId),
    outletName: outlet?.name ?? null,
  }
}

const receiptOf = {
  paymentId: operationIdSchema,
  approvedAt: instantSchema,
  approvedAtKorean: Type.String({ description: 'Korean wall clock, such as 2026-11-22 19:05:33' }),
  channel: wordOut(channels),
  amountWon: wonOut,
  ...placeOf,
  cancelledWon: Type.Integer({ description: 'Given back so far, in whole won' }),
}

/** What the shop sees of a payment: that it was paid, and nothing of the payer. */
export const merchantReceiptSchema = Type.Object(receiptOf)
/** What the payer sees: also where the money came from. */
export const receiptSchema = Type.Object({ ...receiptOf, legs: Type.Array(legSchema) })

export interface ReceiptFacts {
  readonly paymentId: OperationId
  readonly bookedAt: Instant
  readonly channel: Channel
  readonly amountWon: Won
  readonly merchant: Merchant | undefined
  readonly outlet: Outlet | undefined
  readonly cancelledWon: Won
}

export function merchantReceiptView(facts: ReceiptFacts): Static<typeof merchantReceiptSchema> {
  const { paymentId, bookedAt, channel, amountWon, merchant, outlet, cancelledWon } = facts
  return {
    paymentId,
    approvedAt: instantText(bookedAt),
    approvedAtKorean: koreanTime(bookedAt),
    channel,
    amountWon,
    ...placeView(merchant, outlet),
    cancelledWon,
  }
}

export function receiptView(
  issuing: Pick<IssuingDirectory, 'program'>,
  issuerId: IssuerId,
  facts: ReceiptFacts & { readonly legs: readonly Leg[] },
): Static<typeof receiptSchema> {
  return { ...merchantReceiptView(facts), legs: legViews(issuing, issuerId, facts.legs) }
}

/** An operation as a merchant's list and feed show it. */
export const merchantOperationSchema = Type.Object({
  operationId: operationIdSchema,
  kind: wordOut(operationKinds),
  channel: wordOut(channels),
  bookedAt: instantSchema,
  declineReason: nullable(Type.String()),
  amountWon: wonOut,
  cancelledWon: wonOut,
  /** Of a cancellation: the payment. */
  targetId: nullable(operationIdSchema),
  outletId: nullable(idOut),
  clerkId: nullable(idOut),
})

export function merchantOperationView(
  operation: MerchantOperation,
): Static<typeof merchantOperationSchema> {
  const { operationId, kind, channel, bookedAt, decline, outletId } = operation
  const { amountWon, cancelledWon, targetId, actor } = operation
  return {
    operationId,
    kind,
    channel,
    bookedAt: instantText(bookedAt),
    declineReason: decline ?? null,
    amountWon,
    cancelledWon,
    targetId: targetId ?? null,
    outletId: outletId === undefined ? null : formatId('out', outletId),
    clerkId: actor?.startsWith('clk_') === true ? actor : null,
  }
}

/** Merchant and outlet of a recorded operation, by their newest registered names. */
export function whoWasPaid(
  { acquiring }: Pick<RouteDeps, 'acquiring'>,
  issuerId: IssuerId,
  paid: {
    readonly merchantId: Merchant['merchantId'] | undefined
    readonly outletId: Outlet['outletId'] | undefined
  },
): { merchant: Merchant | undefined; outlet: Outlet | undefined } {
  const { merchantId, outletId } = paid
  return {
    merchant: merchantId === undefined ? undefined : acquiring.merchant(issuerId, merchantId),
    outlet: outletId === undefined ? undefined : acquiring.outlet(issuerId, outletId),
  }
}
