/**
 * Buying voucher value. The bank's silence is an answer of its own: 202, the quota is kept, ask again by the same key.
 */
import type { FastifyReply } from 'fastify'
import { Type, type Static } from 'typebox'
import { formatId, funders, AMOUNT_WON_MAX, type OperationId } from '../../base/base.ts'
import type { PurchaseAnswer } from '../../selling/selling.ts'
import {
  declineProblem,
  idempotencyKey,
  idSchema,
  instantSchema,
  instantText,
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
  wonSchema,
  type Door,
} from '../door.ts'
import { requireMoneyConfirmation } from './money-confirmation.ts'
import { neverHappened } from './never-happened.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, wonOut, wordOut } from './views.ts'

/** After so long a client may ask what became of a purchase that is pending. */
const ENQUIRE_AFTER_SECONDS = 3

const purchaseBody = Type.Object({
  programId: idSchema('prg'),
  faceWon: wonSchema({ min: 1, max: AMOUNT_WON_MAX }),
})

const quoteSchema = Type.Object({
  programId: idOut,
  faceWon: wonOut,
  discountWon: wonOut,
  payWon: Type.Integer({ description: 'What the bank will debit, in whole won' }),
  fundingShares: Type.Array(
    Type.Object({
      funder: wordOut(funders),
      amountWon: wonOut,
    }),
  ),
  expiresAt: instantSchema,
})

export const completedSchema = Type.Object({
  purchaseId: operationIdSchema,
  status: Type.Literal('completed'),
  programId: idOut,
  lotId: idOut,
  faceWon: wonOut,
  payWon: wonOut,
})

export const pendingSchema = Type.Object({
  purchaseId: operationIdSchema,
  status: Type.Literal('pending'),
  payWon: wonOut,
  enquireAt: Type.String({ description: 'Path to ask at; also in the Location header' }),
  enquireAfterSeconds: Type.Integer(),
})

const purchaseAnswers = { 202: pendingSchema, ...problemResponses }

export function registerPurchaseRoutes(door: Door, deps: RouteDeps): void {
  quoting(door, deps)
  buying(door, deps)
  enquiring(door, deps)
}

function quoting({ app }: Door, { registration, selling }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/purchases/quotes',
    {
      schema: {
        tags: ['purchases'],
        summary: '구매 견적 · What a purchase would cost now; caps and quota are asked on buying',
        params: issuerParams,
        body: purchaseBody,
        response: { 200: quoteSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const account = await registration.member(issuerId, memberId)
      if (account === undefined) throw declineProblem('wallet_unknown')
      const programId = readId('prg', request.body.programId)
      const faceWon = readWon(request.body.faceWon)
      const decision = selling.quote({ issuerId, member: account.member, programId, faceWon })
      if (decision.outcome === 'declined') throw declineProblem(decision.reason)
      const { quote, expiresAt } = decision
      return {
        programId: request.body.programId,
        faceWon: quote.faceWon,
        discountWon: quote.discountWon,
        payWon: quote.payWon,
        fundingShares: [...quote.fundingShares],
        expiresAt: instantText(expiresAt),
      }
    },
  )
}

function buying(door: Door, deps: RouteDeps): void {
  door.app.post(
    '/v1/issuers/:issuerCode/purchases',
    {
      schema: {
        tags: ['purchases'],
        summary: '구매 · Buy voucher value, debited from the linked account',
        params: issuerParams,
        body: purchaseBody,
        response: { 201: completedSchema, ...purchaseAnswers },
      },
    },
    async (request, reply) => {
      const role = requireMember(request)
      const operationId = idempotencyKey(request)
      await requireMoneyConfirmation(door, deps, request, {
        operation: operationId,
        amountWon: () => request.body.faceWon,
      })
      const account = registered(await deps.registration.buyer(role.issuerId, role.memberId))
      const answer = await deps.selling.buy({
        issuerId: role.issuerId,
        operationId,
        member: account.member,
        walletId: role.walletId,
        programId: readId('prg', request.body.programId),
        faceWon: readWon(request.body.faceWon),
        accountToken: account.accountToken,
        consentId: account.debitConsentId,
      })
      const { code } = requireIssuer(request)
      if (answer.status === 'pending') return sendPending(reply, code, operationId, answer)
      return reply.code(201).send(completedView(operationId, answer))
    },
  )
}

/** Enquiry: the answer that the purchase itself got, or would have got. */
function enquiring({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/purchases/:purchaseId',
    {
      schema: {
        tags: ['purchases'],
        summary: '구매 확인 · What became of a purchase, answered as the purchase was',
        params: Type.Object({ ...issuerParam, purchaseId: operationIdSchema }),
        response: { 200: completedSchema, ...purchaseAnswers },
      },
    },
    async (request, reply) => {
      const { issuerId, walletId } = requireMember(request)
      const purchaseId = readOperationId(request.params.purchaseId)
      const [operation] = await deps.ledger.find(issuerId, [purchaseId])
      if (operation === undefined) throw neverHappened('path.purchaseId')
      if (operation.kind !== 'purchase' || operation.walletId !== walletId) {
        throw neverHappened('path.purchaseId')
      }
      if (operation.decline !== undefined) throw declineProblem(operation.decline)
      const answer = await deps.selling.enquire(issuerId, purchaseId)
      if (answer === undefined) throw neverHappened('path.purchaseId')
      const { code } = requireIssuer(request)
      if (answer.status === 'pending') return sendPending(reply, code, purchaseId, answer)
      return reply.code(200).send(completedView(purchaseId, answer))
    },
  )
}

type Pending = Extract<PurchaseAnswer, { status: 'pending' }>

function sendPending(
  reply: FastifyReply,
  issuerCode: string,
  operationId: OperationId,
  answer: Pending,
): FastifyReply {
  const enquireAt = `/v1/issuers/${issuerCode}/purchases/${operationId}`
  return sendPendingAt(reply, { enquireAt, operationId }, answer)
}

export function sendPendingAt(
  reply: FastifyReply,
  {
    enquireAt,
    operationId: purchaseId,
  }: { readonly enquireAt: string; readonly operationId: OperationId },
  { payWon }: Pending,
): FastifyReply {
  const pending: Static<typeof pendingSchema> = {
    purchaseId,
    status: 'pending',
    payWon,
    enquireAt,
    enquireAfterSeconds: ENQUIRE_AFTER_SECONDS,
  }
  return reply
    .code(202)
    .header('location', enquireAt)
    .header('retry-after', String(ENQUIRE_AFTER_SECONDS))
    .send(pending)
}

/** @throws HttpProblem for an answer that is no */
export function completedView(
  purchaseId: OperationId,
  answer: Exclude<PurchaseAnswer, Pending>,
): Static<typeof completedSchema> {
  if (answer.status === 'key_reused') throw keyReused()
  if (answer.status === 'declined') throw declineProblem(answer.reason)
  const { leg, payWon } = answer
  return {
    purchaseId,
    status: 'completed',
    programId: formatId('prg', leg.programId),
    lotId: formatId('lot', leg.lotId),
    faceWon: leg.amountWon,
    payWon,
  }
}
