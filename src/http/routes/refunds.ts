/** Money back for a lot: a cancelled purchase, a refund of what is left, and full refunds on the grounds of the law. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { AMOUNT_WON_MAX, formatId, funders, type FundedAmount } from '../../base/base.ts'
import { fullRefundGrounds, groundTable, refundRequestStates } from '../../issuing/issuing.ts'
import type { RefundRequest, RequestAnswer, ReturnAnswer } from '../../refunding/refunding.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  listSchema,
  notFound,
  operationIdSchema,
  problemResponses,
  readId,
  readIdPage,
  readOperationId,
  readWon,
  requireMember,
  requireOfficer,
  wonSchema,
  type Door,
} from '../door.ts'
import { memberMoneyAnswers, throwRefusal } from './member-money-answers.ts'
import { writeAccess } from './access-writing.ts'
import { requireMoneyConfirmation } from './money-confirmation.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const fundedSchema = Type.Array(Type.Object({ funder: wordOut(funders), amountWon: wonOut }))

export const returnedSchema = Type.Object({
  operationId: operationIdSchema,
  lotId: idOut,
  amountWon: Type.Integer({ description: 'What left the lot, in whole won' }),
  memberWon: Type.Integer({ description: 'What goes to the member’s account' }),
  fundedWon: fundedSchema,
})

const previewSchema = Type.Object({
  lotId: idOut,
  remainingWon: wonOut,
  usedBasisPoints: Type.Integer({ description: '6000 = 60 % of the face was used' }),
  usedBasisPointsMin: nullable(Type.Integer({ description: 'So much has to be used first' })),
  memberWon: Type.Integer({ description: 'What a refund now would pay; 0 where it is refused' }),
  fundedWon: fundedSchema,
  refusedFor: nullable(Type.String({ description: 'What stands against it, as a code' })),
  cancellableUntil: nullable(instantSchema),
})

const ownRequest = {
  requestId: idOut,
  lotId: idOut,
  ground: wordOut(fullRefundGrounds),
  clause: Type.String({ description: 'The law that gives the ground' }),
  words: Type.String(),
  state: wordOut(refundRequestStates),
  openedAt: instantSchema,
  dueAt: instantSchema,
  decisionWords: nullable(Type.String()),
  decidedAt: nullable(instantSchema),
  memberWon: nullable(wonOut),
  endedAt: nullable(instantSchema),
}
const ownRequestSchema = Type.Object(ownRequest)
const requestSchema = Type.Object({
  ...ownRequest,
  memberId: idOut,
  decidedBy: nullable(Type.String()),
  fundedWon: fundedSchema,
})

const lotParams = Type.Object({
  ...issuerParam,
  walletId: idSchema('wlt'),
  lotId: idSchema('lot'),
})
const wordsIn = Type.String({ maxLength: 1_600 })

export function registerRefundRoutes(door: Door, deps: RouteDeps): void {
  cancelling(door, deps)
  previewing(door, deps)
  refunding(door, deps)
  asking(door, deps)
  ownRequests(door, deps)
  deciding(door, deps)
}

function cancelling({ app }: Door, { refunding: room }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/purchases/:purchaseId/cancellation',
    {
      schema: {
        tags: ['purchases'],
        summary: '구매취소 · Hand back a purchase of which nothing was used',
        params: Type.Object({ ...issuerParam, purchaseId: operationIdSchema }),
        response: { 201: returnedSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      const operationId = idempotencyKey(request)
      const purchaseId = readOperationId(request.params.purchaseId)
      const answer = await room.cancelPurchase({ issuerId, operationId, memberId, purchaseId })
      return reply.code(201).send(returnedView(operationId, answer))
    },
  )
}

function previewing({ app }: Door, { refunding: room }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/wallets/:walletId/lots/:lotId/refund',
    {
      schema: {
        tags: ['wallets'],
        summary:
          '환급 미리보기 · What a refund of the rest would give now, and what stands against it',
        params: lotParams,
        response: { 200: previewSchema, ...problemResponses },
      },
    },
    async (request) => {
      const role = requireOwn(request, request.params.walletId)
      const lotId = readId('lot', request.params.lotId)
      const look = await room.preview({ ...role, lotId })
      if (look.status === 'refused') return throwRefusal(look)
      const { decision, cancellableUntil } = look
      const isGranted = decision.outcome === 'granted'
      return {
        lotId: request.params.lotId,
        remainingWon: look.remainingWon,
        usedBasisPoints: look.usedBasisPoints,
        usedBasisPointsMin: look.usedBasisPointsMin,
        memberWon: isGranted ? decision.memberWon : 0,
        fundedWon: isGranted ? fundedView(decision.fundedWon) : [],
        refusedFor: isGranted ? null : codeOf(decision.reason),
        cancellableUntil: instantOrNull(cancellableUntil),
      }
    },
  )
}

function refunding(door: Door, deps: RouteDeps): void {
  door.app.post(
    '/v1/issuers/:issuerCode/wallets/:walletId/lots/:lotId/refund',
    {
      schema: {
        tags: ['wallets'],
        summary: '잔액 환급 · Refund what is left of a lot, as it was previewed',
        params: lotParams,
        body: Type.Object({ memberWon: wonSchema({ min: 1, max: AMOUNT_WON_MAX }) }),
        response: { 201: returnedSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const role = requireOwn(request, request.params.walletId)
      const operationId = idempotencyKey(request)
      const lotId = readId('lot', request.params.lotId)
      const memberWon = readWon(request.body.memberWon)
      await requireMoneyConfirmation(door, deps, request, {
        operation: operationId,
        amountWon: () => memberWon,
      })
      const answer = await deps.refunding.refund({ ...role, lotId, operationId, memberWon })
      return reply.code(201).send(returnedView(operationId, answer))
    },
  )
}

function asking({ app }: Door, { refunding: room }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/wallets/:walletId/lots/:lotId/refund-requests',
    {
      schema: {
        tags: ['wallets'],
        summary: '전액 환급 신청 · Ask for all that is left, on a ground of the law',
        params: lotParams,
        body: Type.Object({ ground: wordOut(fullRefundGrounds), words: wordsIn }),
        response: { 201: ownRequestSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const role = requireOwn(request, request.params.walletId)
      const requestId = idempotencyKey(request)
      const lotId = readId('lot', request.params.lotId)
      const answer = await room.requestFullRefund({ ...role, lotId, requestId, ...request.body })
      return reply.code(201).send(ownRequestView(requested(answer)))
    },
  )
}

function ownRequests({ app }: Door, { refunding: room }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/refund-requests',
    {
      schema: {
        tags: ['members'],
        summary: '내 환급 신청 · My requests for full refunds, newest first',
        params: issuerParams,
        response: {
          200: Type.Object({ items: Type.Array(ownRequestSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return { items: (await room.requestsOf(issuerId, memberId)).map(ownRequestView) }
    },
  )
}

function deciding({ app }: Door, deps: RouteDeps): void {
  const { refunding: room } = deps
  app.get(
    '/v1/issuers/:issuerCode/refund-requests',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '환급 신청 목록 · Requests for full refunds, newest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('cas'),
          state: Type.Optional(wordOut(refundRequestStates)),
        }),
        response: { 200: listSchema(requestSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit } = request.query
      const asked = readIdPage('cas', request.query)
      const page = await room.requests(issuerId, { ...asked, limit: limit + 1 })
      const shownNow = page.slice(0, limit)
      await writeAccess(deps, request, { subjects: shownNow })
      const items = shownNow.map(requestView)
      return { items, nextCursor: page.length > limit ? items.at(-1)!.requestId : null }
    },
  )

  app.post(
    '/v1/issuers/:issuerCode/refund-requests/:requestId/decision',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '환급 신청 결정 · Approve or refuse a full refund; approved, it is paid',
        params: Type.Object({ ...issuerParam, requestId: idSchema('cas') }),
        body: Type.Object({ event: wordOut(['approve', 'refuse'] as const), words: wordsIn }),
        response: { 200: requestSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const recordId = readId('cas', request.params.requestId)
      const decision = { issuerId, recordId, officerId, ...request.body }
      const decided = requested(await room.decideRequest(decision))
      await writeAccess(deps, request, { subjects: [decided] })
      return requestView(decided)
    },
  )
}

/** Any other wallet does not exist for the caller. */
function requireOwn(request: FastifyRequest, walletText: string) {
  const { issuerId, memberId, walletId } = requireMember(request)
  if (walletText !== formatId('wlt', walletId)) throw notFound('path.walletId')
  return { issuerId, memberId }
}

export function returnedView(
  operationId: string,
  answer: ReturnAnswer,
): Static<typeof returnedSchema> {
  if (answer.status !== 'returned') return throwRefusal(answer)
  const { lotId, amountWon, memberWon, fundedWon } = answer
  return {
    operationId,
    lotId: formatId('lot', lotId),
    amountWon,
    memberWon,
    fundedWon: fundedView(fundedWon),
  }
}

function requested(answer: RequestAnswer): RefundRequest {
  return answer.status === 'registered' ? answer.request : throwRefusal(answer)
}

function requestView(request: RefundRequest): Static<typeof requestSchema> {
  return {
    ...ownRequestView(request),
    memberId: formatId('mbr', request.memberId),
    decidedBy: request.decidedBy,
    fundedWon: fundedView(request.fundedWon),
  }
}

function ownRequestView(request: RefundRequest): Static<typeof ownRequestSchema> {
  const { decidedAt, endedAt, ground } = request
  return {
    requestId: formatId('cas', request.recordId),
    lotId: formatId('lot', request.lotId),
    ground,
    clause: groundTable[ground].clause,
    words: request.words,
    state: request.state,
    openedAt: instantText(request.openedAt),
    dueAt: instantText(request.dueAt),
    decisionWords: request.decisionWords,
    decidedAt: instantOrNull(decidedAt),
    memberWon: request.memberWon,
    endedAt: instantOrNull(endedAt),
  }
}

function fundedView(parts: readonly FundedAmount[]): Static<typeof fundedSchema> {
  return parts.map(({ funder, amountWon }) => ({ funder, amountWon }))
}

/** The code that the refusal itself would be answered with. */
function codeOf(reason: keyof typeof memberMoneyAnswers): string {
  const answer = memberMoneyAnswers[reason]
  return typeof answer === 'string' ? answer : reason
}
