/** Signing in and renewing: the two paths that make sessions. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { IssuingDirectory } from '../issuing/issuing.ts'
import type { ClerkCodes } from './clerk-code.ts'
import type { SeenRequest } from './device-proof.ts'
import { requireSession, type App } from './door.ts'
import { problemResponses } from './problem.ts'
import { instantSchema, instantText } from './request-schema.ts'
import { RoleClaim, roleClaims } from './role-claim.ts'
import { TOKEN_LENGTH_MAX, type IssuedSession, type Sessions } from './session.ts'

const token = Type.String({ minLength: 1, maxLength: TOKEN_LENGTH_MAX })

const SessionAnswer = Type.Object({
  accessToken: Type.String(),
  accessExpiresAt: instantSchema,
  refreshToken: Type.String(),
  refreshExpiresAt: instantSchema,
  personId: Type.String(),
  roles: Type.Array(RoleClaim),
})

const CurrentSession = Type.Object({
  personId: Type.String(),
  accessExpiresAt: instantSchema,
  roles: Type.Array(RoleClaim),
})

const ClerkCodeAnswer = Type.Object({
  code: Type.String({ description: 'For a QR code; names the person and says nothing else' }),
  expiresAt: instantSchema,
})

export function registerSessionRoutes(
  app: App,
  deps: {
    readonly sessions: Sessions
    readonly clerkCodes: ClerkCodes
    readonly issuing: Pick<IssuingDirectory, 'issuer'>
  },
): void {
  const answer = ({ roles, ...issued }: IssuedSession) => ({
    ...issued,
    accessExpiresAt: instantText(issued.accessExpiresAt),
    refreshExpiresAt: instantText(issued.refreshExpiresAt),
    roles: roleClaims(roles, deps.issuing),
  })

  app.post(
    '/v1/sessions',
    {
      config: { open: true },
      schema: {
        tags: ['session'],
        summary: '로그인 · Sign in: exchange an identity assertion for tokens bound to the device',
        body: Type.Object({ assertion: token }),
        response: { 201: SessionAnswer, ...problemResponses },
      },
    },
    async (request, reply) => {
      const issued = await deps.sessions.signIn(request.body.assertion, seenRequest(request))
      return reply.code(201).header('cache-control', 'no-store').send(answer(issued))
    },
  )

  app.post(
    '/v1/sessions/renew',
    {
      config: { open: true },
      schema: {
        tags: ['session'],
        summary: '로그인 연장 · Renew: new tokens for the same device, with the roles of now',
        body: Type.Object({ refreshToken: token }),
        response: { 201: SessionAnswer, ...problemResponses },
      },
    },
    async (request, reply) => {
      const issued = await deps.sessions.renew(request.body.refreshToken, seenRequest(request))
      return reply.code(201).header('cache-control', 'no-store').send(answer(issued))
    },
  )

  app.get(
    '/v1/sessions/current',
    {
      schema: {
        tags: ['session'],
        summary: '내 로그인 · This session: who, as what, until when',
        response: { 200: CurrentSession, ...problemResponses },
      },
    },
    async (request) => {
      const { personId, expiresAt, roles } = requireSession(request)
      return {
        personId,
        accessExpiresAt: instantText(expiresAt),
        roles: roleClaims(roles, deps.issuing),
      }
    },
  )

  registerClerkCode(app, deps.clerkCodes)
}

/** The code by which the signed-in person is let in as a clerk. */
function registerClerkCode(app: App, clerkCodes: ClerkCodes): void {
  app.get(
    '/v1/sessions/current/clerk-code',
    {
      schema: {
        tags: ['session'],
        summary: '직원 등록 코드 · A code to show an owner, who lets me in as a clerk by it, once',
        response: { 200: ClerkCodeAnswer, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { text, expiresAt } = await clerkCodes.make(requireSession(request).personId)
      const answer = { code: text, expiresAt: instantText(expiresAt) }
      return reply.header('cache-control', 'no-store').send(answer)
    },
  )
}

/** What of a request its proof has to be about. */
export function seenRequest(request: FastifyRequest): SeenRequest {
  const { dpop } = request.headers
  return {
    method: request.method,
    url: request.raw.url ?? '',
    host: request.host,
    proof: typeof dpop === 'string' ? dpop : undefined,
  }
}
