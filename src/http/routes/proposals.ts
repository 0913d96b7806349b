/** Proposals: two officers change what programs do; one may stop them alone. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { REASON_LENGTH_MAX, type Proposal } from '../../administration/administration.ts'
import { formatId, type ProposalId } from '../../base/base.ts'
import {
  proposalStates,
  type ProposedChange,
  type Registered,
} from '../../registration/registration.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  issuerParam,
  issuerParams,
  listSchema,
  nextCursor,
  notFound,
  problemResponses,
  readId,
  readIdPage,
  requireOfficer,
  type Door,
} from '../door.ts'
import { proposalSchema, proposalView } from './proposal-views.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { wordOut } from './views.ts'

const proposalParams = Type.Object({ ...issuerParam, proposalId: idSchema('prp') })
export const reasonIn = Type.String({ minLength: 1, maxLength: REASON_LENGTH_MAX * 4 })
const answers = { 200: proposalSchema, ...problemResponses }

export function registerProposalRoutes(door: Door, deps: RouteDeps): void {
  listing(door, deps)
  reading(door, deps)
  approving(door, deps)
  turningDown(door, deps, 'rejection')
  turningDown(door, deps, 'withdrawal')
  stopping(door, deps)
}

function listing({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/proposals',
    {
      schema: {
        tags: ['officers'],
        summary: '변경 제안 목록 · What officers proposed, newest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('prp'),
          state: Type.Optional(wordOut(proposalStates)),
        }),
        response: { 200: listSchema(proposalSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit } = request.query
      const page = await deps.administration.proposals(issuerId, readIdPage('prp', request.query))
      return {
        // A list counts no holders: each count reads the lots of a program.
        items: page.map((proposal) => proposalView(proposal, null)),
        nextCursor: nextCursor(page, limit, ({ proposalId }) => formatId('prp', proposalId)),
      }
    },
  )
}

function reading({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/proposals/:proposalId',
    {
      schema: {
        tags: ['officers'],
        summary: '변경 제안 · One proposal with what it would mean if it were decided now',
        params: proposalParams,
        response: answers,
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const proposalId = readId('prp', request.params.proposalId)
      const proposal = await deps.administration.proposal(issuerId, proposalId)
      if (proposal === undefined) throw notFound('path.proposalId')
      return viewed(deps, proposal)
    },
  )
}

function approving({ app }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/proposals/:proposalId/approval',
    {
      schema: {
        tags: ['officers'],
        summary: '변경 승인 · A second officer approves, and it is carried out in the same instant',
        params: proposalParams,
        response: answers,
      },
    },
    async (request) => {
      const verdict = verdictOf(request, request.params.proposalId)
      return viewed(deps, decided(await deps.administration.approve(verdict)))
    },
  )
}

function turningDown({ app }: Door, deps: RouteDeps, what: 'rejection' | 'withdrawal'): void {
  const isRejection = what === 'rejection'
  app.post(
    `/v1/issuers/:issuerCode/proposals/:proposalId/${what}`,
    {
      schema: {
        tags: ['officers'],
        summary: isRejection
          ? '변경 반려 · A second officer rejects'
          : '변경 철회 · Who proposed it withdraws it',
        params: proposalParams,
        body: Type.Object({ reason: reasonIn }),
        response: answers,
      },
    },
    async (request) => {
      const verdict = verdictOf(request, request.params.proposalId)
      const { reason } = request.body
      const to = isRejection ? 'rejected' : 'withdrawn'
      return viewed(deps, decided(await deps.administration.turnDown({ ...verdict, to, reason })))
    },
  )
}

function stopping({ app }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/programs/:programId/stop',
    {
      schema: {
        tags: ['officers'],
        summary: '긴급 중지 · Stop selling or paying at once; a second officer confirms afterwards',
        params: Type.Object({ ...issuerParam, programId: idSchema('prg') }),
        body: Type.Object({
          saleStopped: Type.Boolean(),
          paymentStopped: Type.Boolean(),
          reason: reasonIn,
        }),
        response: { 201: proposalSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, officerId } = requireOfficer(request)
      const requestId = idempotencyKey(request)
      const programId = readId('prg', request.params.programId)
      const stop = { kind: 'stop', programId, ...request.body } as const
      const answer = await deps.administration.stopAtOnce({ issuerId, officerId, requestId, stop })
      return reply.code(201).send(await viewed(deps, registered(answer).proposal))
    },
  )
}

function verdictOf(request: FastifyRequest, proposalText: string) {
  const { issuerId, officerId } = requireOfficer(request)
  idempotencyKey(request)
  const proposalId: ProposalId = readId('prp', proposalText)
  return { issuerId, officerId, proposalId }
}

function decided(answer: Registered<{ readonly proposal: Proposal }>): Proposal {
  return registered(answer, 'path').proposal
}

/** A proposal with how many hold how much of its program. */
export async function viewed(deps: Pick<RouteDeps, 'programReading'>, proposal: Proposal) {
  return proposalView(proposal, await holdingsOf(deps, proposal.issuerId, proposal.change))
}

/** Of programs that there are, and that members may hold something of. */
export async function holdingsOf(
  { programReading }: Pick<RouteDeps, 'programReading'>,
  issuerId: Proposal['issuerId'],
  change: ProposedChange,
) {
  const isAboutHolders = change.kind !== 'create_program' && 'programId' in change
  return isAboutHolders ? programReading.programHoldings(issuerId, change.programId) : null
}
