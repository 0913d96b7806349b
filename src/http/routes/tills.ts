/** Taking payments as the merchant: a code for one amount, the payer's code scanned, money given back. */
import { Type } from 'typebox'
import { clerkOf } from '../../access/access.ts'
import { sectors } from '../../acquiring/acquiring.ts'
import type { PaymentAnswer } from '../../authorization/authorization.ts'
import { AMOUNT_WON_MAX, formatId, sumWon } from '../../base/base.ts'
import { DYNAMIC_CODE_VALID_MS, makeDynamicCode } from '../../qr/qr.ts'
import {
  idempotencyKey,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  operationIdSchema,
  problemResponses,
  readOperationId,
  readWon,
  requireClerk,
  requireIssuer,
  requireSession,
  wonSchema,
  type Door,
} from '../door.ts'
import { codeAnswer, drawnCode, sendCode } from './code-formats.ts'
import { receiptFacts, REPLAYED_HEADER, requirePosted } from './payments.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, merchantReceiptSchema, merchantReceiptView, wonOut } from './views.ts'
import { countWrongCode } from './wrong-codes.ts'
import { requireOutlet } from './wrong-side.ts'

/** 24 digits, in groups of four where they were typed. */
const CONSUMER_CODE_LENGTH_MAX = 64

const outletParams = Type.Object({ ...issuerParam, outletId: idSchema('out') })
const amount = wonSchema({ min: 1, max: AMOUNT_WON_MAX })

const paymentRequestSchema = Type.Object({
  reference: Type.String({ description: 'Names this one request, also inside the code' }),
  outletId: idOut,
  amountWon: wonOut,
  expiresAt: instantSchema,
  ...drawnCode,
})

const cancellationSchema = Type.Object({
  cancellationId: operationIdSchema,
  paymentId: operationIdSchema,
  bookedAt: instantSchema,
  amountWon: Type.Integer({ description: 'Given back by this cancellation, in whole won' }),
})

export function registerTillRoutes(door: Door, deps: RouteDeps): void {
  asking(door, deps)
  scanning(door, deps)
  cancelling(door, deps)
}

function asking({ app }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/outlets/:outletId/payment-requests',
    {
      schema: {
        tags: ['tills'],
        summary: '결제 요청 코드 · A signed code for one amount, good for three minutes',
        description: 'Nothing is stored, so no Idempotency-Key is asked for.',
        params: outletParams,
        body: Type.Object({ amountWon: amount }),
        response: { 200: codeAnswer(paymentRequestSchema), ...problemResponses },
      },
    },
    async (request, reply) => {
      const { outlet, merchant } = requireOutlet(deps, request, request.params.outletId)
      const { clerkId } = requireClerk(request, merchant.merchantId, 'payment:take')
      const issuer = requireIssuer(request)
      const amountWon = readWon(request.body.amountWon)
      const reference = deps.randomReference()
      // A code counts whole seconds.
      const issuedAt = Math.floor(deps.clock() / 1000) * 1000
      const text = makeDynamicCode({
        issuerCode: issuer.code,
        outletId: outlet.outletId,
        mcc: sectors[merchant.sector].categoryCode,
        names: {
          nameLatin: merchant.nameLatin,
          cityLatin: issuer.nameEn,
          nameKorean: outlet.name,
          cityKorean: issuer.nameKo,
        },
        clerkId,
        amountWon,
        reference,
        issuedAt,
        ...deps.codeSigning,
      })
      const json = {
        reference,
        outletId: request.params.outletId,
        amountWon,
        expiresAt: instantText(issuedAt + DYNAMIC_CODE_VALID_MS),
      }
      return sendCode(request, reply, { text, label: `${outlet.name} ${amountWon}원`, json })
    },
  )
}

function scanning({ app, guesses }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/outlets/:outletId/payments',
    {
      schema: {
        tags: ['tills'],
        summary: '고객 코드 결제 · Take a payment by the code that the payer shows',
        params: outletParams,
        body: Type.Object({
          code: Type.String({ minLength: 1, maxLength: CONSUMER_CODE_LENGTH_MAX }),
          amountWon: amount,
        }),
        response: { 201: merchantReceiptSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { outlet, merchant } = requireOutlet(deps, request, request.params.outletId)
      const clerk = requireClerk(request, merchant.merchantId, 'payment:take')
      const operationId = idempotencyKey(request)
      const { issuerId } = clerk
      const attempt = guesses.begin(`${issuerId}.${formatId('clk', clerk.clerkId)}`)
      const pay = (): Promise<PaymentAnswer> =>
        deps.authorization.payConsumerCode({
          issuerId,
          operationId,
          clerk: {
            clerkId: clerk.clerkId,
            merchantId: merchant.merchantId,
            outletId: outlet.outletId,
          },
          code: request.body.code,
          amountWon: readWon(request.body.amountWon),
        })
      const answer = await countWrongCode(attempt, pay, wasInvalid)
      const posted = requirePosted(answer.outcome)
      const facts = await receiptFacts(deps, issuerId, { operationId, answer, posted })
      return reply
        .code(201)
        .header(REPLAYED_HEADER, String(posted.replayed))
        .send(merchantReceiptView(facts))
    },
  )
}

function wasInvalid({ outcome }: PaymentAnswer): boolean {
  return outcome.status === 'declined' && outcome.reason === 'code_invalid'
}

function cancelling({ app }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/payments/:paymentId/cancellations',
    {
      schema: {
        tags: ['tills'],
        summary: '결제 취소 · Give a payment back, all that is left of it or a part',
        params: Type.Object({ ...issuerParam, paymentId: operationIdSchema }),
        body: Type.Object({ amountWon: Type.Optional(amount) }),
        response: { 201: cancellationSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const paymentId = readOperationId(request.params.paymentId)
      const first = requireClerk(request, undefined, 'payment:cancel')
      const operationId = idempotencyKey(request)
      const { issuerId } = first
      const [payment] = await deps.ledger.find(issuerId, [paymentId])
      // A person may stand at several shops. For a payment of none of them the ledger has the answer.
      const own = clerkOf(requireSession(request), issuerId, payment?.merchantId)
      const { clerkId, merchantId } = own ?? first
      const { amountWon } = request.body
      const outcome = await deps.authorization.cancel({
        issuerId,
        operationId,
        clerk: { clerkId, merchantId },
        paymentId,
        ...(amountWon === undefined ? {} : { amountWon: readWon(amountWon) }),
      })
      const posted = requirePosted(outcome)
      return reply
        .code(201)
        .header(REPLAYED_HEADER, String(posted.replayed))
        .send({
          cancellationId: operationId,
          paymentId,
          bookedAt: instantText(posted.bookedAt),
          amountWon: sumWon(posted.legs.map((leg) => leg.amountWon)),
        })
    },
  )
}
