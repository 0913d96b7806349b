/** An officer's desk for the rules of a program. */
import { Type } from 'typebox'
import { readTerms, termsInSchema, termsSchema, termsView } from './terms-schema.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParam,
  notFound,
  problemResponses,
  readId,
  requireOfficer,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'

const programParams = Type.Object({ ...issuerParam, programId: idSchema('prg') })

export function registerProgramRoutes({ app }: Door, { issuing, registration }: RouteDeps): void {
  const path = '/v1/issuers/:issuerCode/programs/:programId/terms'
  app.get(
    path,
    {
      schema: {
        tags: ['officers'],
        summary: '운영 조건 이력 · Every version of a program’s terms, the oldest first',
        params: programParams,
        response: { 200: Type.Object({ items: Type.Array(termsSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const program = issuing.program(issuerId, readId('prg', request.params.programId))
      if (program === undefined) throw notFound('path.programId')
      return { items: program.terms.map(termsView) }
    },
  )

  app.post(
    path,
    {
      schema: {
        tags: ['officers'],
        summary: '운영 조건 등록 · Add a version of the terms, in force from a later instant',
        params: programParams,
        body: termsInSchema,
        response: { 201: termsSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, officerId } = requireOfficer(request)
      const requestId = idempotencyKey(request)
      const programId = readId('prg', request.params.programId)
      const terms = readTerms(request.body)
      const addition = { issuerId, programId, officerId, requestId, terms }
      const added = registered(await registration.addTerms(addition))
      return reply.code(201).send(termsView(added.terms))
    },
  )
}
