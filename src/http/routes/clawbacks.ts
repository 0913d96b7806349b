/** Officers take one grant back: proposed by one, approved by another. */
import { Type, type Static } from 'typebox'
import { formatId } from '../../base/base.ts'
import type { Clawback, ClawbackTarget } from '../../granting/granting.ts'
import { clawbackStates } from '../../registration/registration.ts'
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
  nextCursor,
  operationIdSchema,
  problemResponses,
  readId,
  readIdPage,
  refusal,
  requireOfficer,
  type Door,
} from '../door.ts'
import { granted } from './granting-answers.ts'
import { writeAccess } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const clawbackSchema = Type.Object({
  clawbackId: idOut,
  grantId: operationIdSchema,
  memberId: idOut,
  reason: Type.String(),
  state: wordOut(clawbackStates),
  proposedBy: idOut,
  proposedAt: instantSchema,
  decidedBy: nullable(idOut),
  decidedAt: nullable(instantSchema),
  takenWon: wonOut,
})

const proposalBody = Type.Object({
  batchId: Type.Optional(idSchema('stb')),
  lineNumber: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
  appealId: Type.Optional(idSchema('apl')),
  reason: Type.String({ minLength: 1, maxLength: 800 }),
})

export function registerClawbackRoutes(door: Door, deps: RouteDeps): void {
  proposing(door, deps)
  listing(door, deps)
  deciding(door, deps)
}

function proposing({ app }: Door, deps: RouteDeps): void {
  const { granting } = deps
  app.post(
    '/v1/issuers/:issuerCode/stipend-clawbacks',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '환수 제안 · Take back what is left of a line of a batch, or of an appeal’s grant',
        params: issuerParams,
        body: proposalBody,
        response: { 201: clawbackSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const proposed = await granting.proposeClawback({
        issuerId,
        target: targetOf(request.body),
        by: formatId('off', officerId),
        reason: request.body.reason,
      })
      const { clawback } = granted(proposed)
      await writeAccess(deps, request, { subjects: [clawback] })
      return reply.code(201).send(clawbackView(clawback))
    },
  )
}

/** @throws HttpProblem 400 where neither, or both, are named */
function targetOf({ batchId, lineNumber, appealId }: Static<typeof proposalBody>): ClawbackTarget {
  const isLine = batchId !== undefined && lineNumber !== undefined
  if (isLine && appealId === undefined) return { batchId: readId('stb', batchId), lineNumber }
  if (appealId !== undefined && batchId === undefined && lineNumber === undefined) {
    return { appealId: readId('apl', appealId) }
  }
  throw refusal('validation_failed', {
    detail: {
      ko: 'batchId와 lineNumber를 함께 보내거나, appealId만 보내 주세요.',
      en: 'Send batchId with lineNumber, or appealId alone.',
    },
    field: 'body',
  })
}

function listing({ app }: Door, deps: RouteDeps): void {
  const { granting } = deps
  app.get(
    '/v1/issuers/:issuerCode/stipend-clawbacks',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '환수 목록 · Clawbacks, newest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('clw'),
          state: Type.Optional(wordOut(clawbackStates)),
        }),
        response: { 200: listSchema(clawbackSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit } = request.query
      const page = await granting.clawbacks(issuerId, readIdPage('clw', request.query))
      await writeAccess(deps, request, { subjects: page })
      return {
        items: page.map(clawbackView),
        nextCursor: nextCursor(page, limit, ({ clawbackId }) => formatId('clw', clawbackId)),
      }
    },
  )
}

function deciding({ app }: Door, deps: RouteDeps): void {
  const { granting } = deps
  app.post(
    '/v1/issuers/:issuerCode/stipend-clawbacks/:clawbackId/decision',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '환수 결정 · Approve (another officer) or refuse a clawback',
        params: Type.Object({ ...issuerParam, clawbackId: idSchema('clw') }),
        body: Type.Object({ verdict: wordOut(['approve', 'refuse']) }),
        response: { 200: clawbackSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const decided = await granting.decideClawback({
        issuerId,
        clawbackId: readId('clw', request.params.clawbackId),
        by: formatId('off', officerId),
        verdict: request.body.verdict,
      })
      const { clawback } = granted(decided)
      await writeAccess(deps, request, { subjects: [clawback] })
      return clawbackView(clawback)
    },
  )
}

function clawbackView(clawback: Clawback): Static<typeof clawbackSchema> {
  const { clawbackId, grantId, memberId, reason, state, proposedBy, proposedAt } = clawback
  const { decidedBy, decidedAt, takenWon } = clawback
  return {
    clawbackId: formatId('clw', clawbackId),
    grantId,
    memberId: formatId('mbr', memberId),
    reason,
    state,
    proposedBy,
    proposedAt: instantText(proposedAt),
    decidedBy,
    decidedAt: instantOrNull(decidedAt),
    takenWon,
  }
}
