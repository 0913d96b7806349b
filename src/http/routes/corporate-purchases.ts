/** Buying in a corporation's name, answered as a member's purchase is. */
import { Type, type Static } from 'typebox'
import { AMOUNT_WON_MAX, formatId } from '../../base/base.ts'
import type { CorporatePurchase } from '../../corporate/corporate.ts'
import {
  declineProblem,
  idempotencyKey,
  idSchema,
  instantSchema,
  instantText,
  operationIdSchema,
  problemResponses,
  readId,
  readOperationId,
  readWon,
  requireIssuer,
  wonSchema,
  type Door,
} from '../door.ts'
import { corporate, corporateProblem } from './corporate-answers.ts'
import { corporationParams } from './corporate-views.ts'
import { actingOf } from './corporations.ts'
import { neverHappened } from './never-happened.ts'
import { completedSchema, completedView, pendingSchema, sendPendingAt } from './purchases.ts'
import { returnedSchema, returnedView } from './refunds.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const base = '/v1/issuers/:issuerCode/corporations/:corporationId/purchases'

const orderBody = Type.Object({
  programId: idSchema('prg'),
  faceWon: wonSchema({ min: 1, max: AMOUNT_WON_MAX }),
})
const quoteSchema = Type.Object({
  programId: idOut,
  faceWon: wonOut,
  discountWon: wonOut,
  payWon: Type.Integer({ description: 'What the bank will debit, in whole won' }),
  expiresAt: instantSchema,
})
export const corporatePurchaseSchema = Type.Object({
  purchaseId: operationIdSchema,
  programId: idOut,
  faceWon: wonOut,
  payWon: nullable(wonOut),
  state: wordOut(['reserved', 'completed', 'abandoned', 'refused'] as const),
  orderedBy: Type.String({ description: 'The member who ordered it in the corporation’s name' }),
  at: instantSchema,
})
const answers = { 202: pendingSchema, ...problemResponses }

export function registerCorporatePurchaseRoutes(door: Door, deps: RouteDeps): void {
  quoting(door, deps)
  buying(door, deps)
  looking(door, deps)
  cancelling(door, deps)
}

function quoting({ app }: Door, { corporations }: RouteDeps): void {
  app.post(
    `${base}/quotes`,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 구매 견적 · What a purchase would cost the corporation now',
        params: corporationParams,
        body: orderBody,
        response: { 200: quoteSchema, ...problemResponses },
      },
    },
    async (request) => {
      const programId = readId('prg', request.body.programId)
      const faceWon = readWon(request.body.faceWon)
      const order = { ...actingOf(request), programId, faceWon }
      const { decision } = corporate(await corporations.quote(order))
      if (decision.outcome === 'declined') throw declineProblem(decision.reason)
      const { quote, expiresAt } = decision
      return {
        programId: request.body.programId,
        faceWon: quote.faceWon,
        discountWon: quote.discountWon,
        payWon: quote.payWon,
        expiresAt: instantText(expiresAt),
      }
    },
  )
}

function buying({ app }: Door, { corporations }: RouteDeps): void {
  app.post(
    base,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 구매 · Buy voucher value, debited from the corporation’s account',
        params: corporationParams,
        body: orderBody,
        response: { 201: completedSchema, ...answers },
      },
    },
    async (request, reply) => {
      const acting = actingOf(request)
      const operationId = idempotencyKey(request)
      const programId = readId('prg', request.body.programId)
      const faceWon = readWon(request.body.faceWon)
      const answer = await corporations.buy({ ...acting, operationId, programId, faceWon })
      if (answer.status === 'refused') throw corporateProblem(answer)
      if (answer.status !== 'pending') {
        return reply.code(201).send(completedView(operationId, answer))
      }
      return sendPendingAt(reply, { enquireAt: pathOf(request, operationId), operationId }, answer)
    },
  )
}

function pathOf(request: Parameters<typeof requireIssuer>[0], purchaseId: string): string {
  const corporationId = formatId('cor', actingOf(request).corporationId)
  const { code } = requireIssuer(request)
  return `/v1/issuers/${code}/corporations/${corporationId}/purchases/${purchaseId}`
}

function looking({ app }: Door, deps: RouteDeps): void {
  const { corporations } = deps
  app.get(
    base,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 구매 내역 · The corporation’s purchases, newest first, and who ordered them',
        params: corporationParams,
        response: {
          200: Type.Object({ items: Type.Array(corporatePurchaseSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const acting = actingOf(request)
      corporate(await corporations.seen(acting))
      const purchases = await corporations.purchases(acting.issuerId, acting.corporationId)
      return { items: purchases.map(corporatePurchaseView) }
    },
  )

  app.get(
    `${base}/:purchaseId`,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 구매 확인 · What became of a purchase, answered as the purchase was',
        params: Type.Object({ ...corporationParams.properties, purchaseId: operationIdSchema }),
        response: { 200: completedSchema, ...answers },
      },
    },
    async (request, reply) => {
      const acting = actingOf(request)
      const operationId = readOperationId(request.params.purchaseId)
      const answer = await corporations.enquire({ ...acting, operationId })
      if (answer?.status === 'refused') throw corporateProblem(answer)
      if (answer === undefined) {
        const seen = await corporations.purchases(acting.issuerId, acting.corporationId)
        const isOwn = seen.some((each) => each.operationId === operationId)
        const [operation] = isOwn ? await deps.ledger.find(acting.issuerId, [operationId]) : []
        if (operation?.decline !== undefined) throw declineProblem(operation.decline)
        throw neverHappened('path.purchaseId')
      }
      if (answer.status !== 'pending') {
        return reply.code(200).send(completedView(operationId, answer))
      }
      return sendPendingAt(reply, { enquireAt: pathOf(request, operationId), operationId }, answer)
    },
  )
}

function cancelling({ app }: Door, { corporations }: RouteDeps): void {
  app.post(
    `${base}/:purchaseId/cancellation`,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 구매취소 · Hand back a purchase of which nothing was used or handed out',
        params: Type.Object({ ...corporationParams.properties, purchaseId: operationIdSchema }),
        response: { 201: returnedSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const acting = actingOf(request)
      const operationId = idempotencyKey(request)
      const purchaseId = readOperationId(request.params.purchaseId)
      const cancelled = await corporations.cancel({ ...acting, operationId, purchaseId })
      const { answer } = corporate(cancelled)
      return reply.code(201).send(returnedView(operationId, answer))
    },
  )
}

export function corporatePurchaseView({
  operationId,
  programId,
  faceWon,
  memberId,
  at,
  purchase,
}: CorporatePurchase): Static<typeof corporatePurchaseSchema> {
  return {
    purchaseId: operationId,
    programId: formatId('prg', programId),
    faceWon,
    payWon: purchase?.payWon ?? null,
    state: purchase?.state ?? 'refused',
    orderedBy: formatId('mbr', memberId),
    at: instantText(at),
  }
}
