/** Paying as the payer: the telephone scanned the merchant's code. And asking, by key, what became of a payment. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { clerkOf, memberOf } from '../../access/access.ts'
import {
  AMOUNT_WON_MAX,
  declineReasons,
  type IssuerId,
  type OperationId,
  type Won,
} from '../../base/base.ts'
import type { ConsideredPayment, PaymentAnswer } from '../../authorization/authorization.ts'
import type { Outcome, RecordedOperation } from '../../ledger/ledger.ts'
import {
  declineAnswers,
  declineProblem,
  idempotencyKey,
  idSchema,
  issuerParam,
  issuerParams,
  keyReused,
  operationIdSchema,
  problemResponses,
  readId,
  readOperationId,
  readWon,
  requireIssuer,
  requireMember,
  requireSession,
  wonSchema,
  type Door,
} from '../door.ts'
import { requireMoneyConfirmation } from './money-confirmation.ts'
import { neverHappened } from './never-happened.ts'
import type { RouteDeps } from './route-deps.ts'
import {
  legSchema,
  legViews,
  merchantReceiptSchema,
  merchantReceiptView,
  nullable,
  receiptSchema,
  receiptView,
  whoWasPaid,
  wonOut,
  wordOut,
  type ReceiptFacts,
} from './views.ts'
import { forbiddenToAll } from './wrong-side.ts'

/** The longest text that EMVCo lets a code have. */
const CODE_LENGTH_MAX = 512
const PREFERRED_PROGRAMS_MAX = 20
/** Tells a client that the answer is that of an earlier request with the key. */
export const REPLAYED_HEADER = 'idempotent-replayed'

const NOTHING_CANCELLED = 0 as Won

const paymentBody = Type.Object({
  code: Type.String({ minLength: 1, maxLength: CODE_LENGTH_MAX }),
  amountWon: Type.Optional(wonSchema({ min: 1, max: AMOUNT_WON_MAX })),
  preferredPrograms: Type.Optional(
    Type.Array(idSchema('prg'), { maxItems: PREFERRED_PROGRAMS_MAX }),
  ),
})

const previewSchema = Type.Object({
  amountWon: wonOut,
  refusal: nullable(wordOut(declineReasons)),
  refusalText: nullable(Type.String({ description: 'Why it would be declined' })),
  refusalTextEn: nullable(Type.String()),
  legs: Type.Array(legSchema, { description: 'What would pay, in the order of taking' }),
  spendableWon: Type.Integer({ description: 'What the wallet has that could pay here' }),
  leftWon: Type.Integer({ description: 'Of it, after the payment' }),
  missingWon: Type.Integer({ description: 'By how much it is too little' }),
})

export function registerPaymentRoutes(door: Door, deps: RouteDeps): void {
  paying(door, deps)
  previewing(door, deps)
  enquiring(door, deps)
}

function paying(door: Door, deps: RouteDeps): void {
  door.app.post(
    '/v1/issuers/:issuerCode/payments',
    {
      schema: {
        tags: ['payments'],
        summary: '결제 · Pay by the code that a merchant shows',
        params: issuerParams,
        body: paymentBody,
        response: { 201: receiptSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireMember(request)
      const operationId = idempotencyKey(request)
      const payment = { operationId, ...readPayment(request, request.body) }
      await requireMoneyConfirmation(door, deps, request, {
        operation: operationId,
        amountWon: () => deps.authorization.amountAsked(payment),
      })
      const answer = await deps.authorization.payMerchantCode(payment)
      const posted = requirePosted(answer.outcome)
      const facts = await receiptFacts(deps, issuerId, { operationId, answer, posted })
      return reply
        .code(201)
        .header(REPLAYED_HEADER, String(posted.replayed))
        .send(receiptView(deps.issuing, issuerId, { ...facts, legs: posted.legs }))
    },
  )
}

function previewing({ app }: Door, { authorization, issuing }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/payments/preview',
    {
      schema: {
        tags: ['payments'],
        summary:
          '결제 미리보기 · What a payment would take from which vouchers now; decided again on paying',
        params: issuerParams,
        body: paymentBody,
        response: { 200: previewSchema, ...problemResponses },
      },
    },
    async (request) => {
      const payment = readPayment(request, request.body)
      const told = await authorization.preview(payment)
      const { amountWon, refusal, legs, spendableWon, leftWon, missingWon } = told
      const words = refusal === undefined ? undefined : declineAnswers[refusal]
      return {
        amountWon,
        refusal: refusal ?? null,
        refusalText: words?.ko ?? null,
        refusalTextEn: words?.en ?? null,
        legs: legViews(issuing, payment.issuerId, legs),
        spendableWon,
        leftWon,
        missingWon,
      }
    },
  )
}

/** @throws HttpProblem 401, 403 */
function readPayment(request: FastifyRequest, body: Static<typeof paymentBody>): ConsideredPayment {
  const { issuerId, walletId } = requireMember(request)
  const { code, amountWon, preferredPrograms } = body
  return {
    issuerId,
    payer: { walletId, personId: requireSession(request).personId },
    code,
    ...(amountWon === undefined ? {} : { amountWon: readWon(amountWon) }),
    ...(preferredPrograms === undefined
      ? {}
      : { preferredPrograms: preferredPrograms.map((text) => readId('prg', text)) }),
  }
}

function enquiring({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/payments/:paymentId',
    {
      schema: {
        tags: ['payments'],
        summary:
          '결제 확인 · What became of a payment, for its payer and its merchant; declines are answered as they were',
        params: Type.Object({ ...issuerParam, paymentId: operationIdSchema }),
        response: {
          200: Type.Union([receiptSchema, merchantReceiptSchema]),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId } = requireIssuer(request)
      const session = requireSession(request)
      const member = memberOf(session, issuerId)
      if (member === undefined && clerkOf(session, issuerId) === undefined) throw forbiddenToAll()
      const paymentId = readOperationId(request.params.paymentId)
      const payment = await deps.authorization.enquire(issuerId, paymentId)
      if (payment === undefined || !isPayment(payment)) throw neverHappened('path.paymentId')
      const { walletId, merchantId } = payment
      const isPayer = member !== undefined && member.walletId === walletId
      const isPaid =
        merchantId !== undefined && clerkOf(session, issuerId, merchantId) !== undefined
      if (!isPayer && !isPaid) throw neverHappened('path.paymentId')
      if (payment.decline !== undefined) throw declineProblem(payment.decline)
      const facts = recordedFacts(deps, issuerId, payment)
      return isPayer
        ? receiptView(deps.issuing, issuerId, { ...facts, legs: payment.legs })
        : merchantReceiptView(facts)
    },
  )
}

function isPayment({ kind }: RecordedOperation): boolean {
  return kind === 'payment' || kind === 'capture'
}

type Posted = Extract<Outcome, { status: 'posted' }>

/** @throws HttpProblem for a decline and for a key of another request */
export function requirePosted(outcome: Outcome): Posted {
  if (outcome.status === 'key_reused') throw keyReused()
  if (outcome.status === 'declined') throw declineProblem(outcome.reason)
  return outcome
}

/** A repeat is told what the journal holds: the code may mean something else by now, and some may be cancelled. */
export async function receiptFacts(
  deps: Pick<RouteDeps, 'authorization' | 'acquiring'>,
  issuerId: IssuerId,
  paid: {
    readonly operationId: OperationId
    readonly answer: PaymentAnswer
    readonly posted: Posted
  },
): Promise<ReceiptFacts> {
  const { operationId, answer, posted } = paid
  if (posted.replayed) {
    const recorded = await deps.authorization.enquire(issuerId, operationId)
    if (recorded !== undefined) return recordedFacts(deps, issuerId, recorded)
  }
  const { channel, amountWon, merchant, outlet } = answer
  return {
    paymentId: operationId,
    bookedAt: posted.bookedAt,
    channel,
    amountWon,
    merchant,
    outlet,
    cancelledWon: NOTHING_CANCELLED,
  }
}

function recordedFacts(
  deps: Pick<RouteDeps, 'acquiring'>,
  issuerId: IssuerId,
  payment: RecordedOperation,
): ReceiptFacts {
  const { operationId, bookedAt, channel, amountWon, cancelledWon } = payment
  return {
    paymentId: operationId,
    bookedAt,
    channel,
    amountWon,
    cancelledWon,
    ...whoWasPaid(deps, issuerId, payment),
  }
}
