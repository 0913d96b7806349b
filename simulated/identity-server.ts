/**
 * The HTTP interface of the simulated identity provider: a stand-in for phone identity verification
 * (본인확인). Its people are invented and their one-time code is known: it proves nothing about anybody.
 */
import type { Clock } from '../src/base/base.ts'
import { Type } from 'typebox'
import { DeviceJwk, deviceThumbprint } from './device-key.ts'
import type { AssertionSigner } from './identity-assertion.ts'
import { PersonId, Phone, type People } from './people.ts'
import { createStrictServer, RequestError, type StrictServer } from './strict-server.ts'
import {
  createVerifications,
  ONE_TIME_CODE,
  VERIFICATION_LIFE_MS,
  type Confirmation,
} from './verification.ts'

const PAGE_MAX = 200

const strict = { additionalProperties: false }
const VerificationBody = Type.Union([
  Type.Object({ personId: PersonId, deviceJwk: DeviceJwk }, strict),
  Type.Object({ phone: Phone, deviceJwk: DeviceJwk }, strict),
])
const ConfirmParams = Type.Object({ verificationId: Type.String({ pattern: '^[0-9a-f-]{36}$' }) })
const ConfirmBody = Type.Object({ code: Type.String({ pattern: '^\\d{6}$' }) }, strict)
const PeopleQuery = Type.Object(
  {
    text: Type.Optional(Type.String({ maxLength: 40 })),
    after: Type.Optional(Type.String({ pattern: '^\\d{1,6}$' })),
    limit: Type.Optional(Type.String({ pattern: '^[1-9]\\d{0,2}$' })),
  },
  strict,
)

export interface IdentityParts {
  readonly people: People
  readonly signer: AssertionSigner
  readonly clock: Clock
  readonly newId: () => string
  /** Web origins whose pages may ask; none by default. */
  readonly origins: readonly string[]
}

/** @returns a Fastify server that does not listen yet */
export function createIdentityServer(parts: IdentityParts): StrictServer {
  const { people, signer, clock, newId } = parts
  const verifications = createVerifications()
  const server = createStrictServer()
  allowOrigins(server, parts.origins)

  server.post('/verifications', { schema: { body: VerificationBody } }, async (request, reply) => {
    const { body } = request
    const person = 'personId' in body ? people.byId(body.personId) : people.byPhone(body.phone)
    if (person === undefined) {
      throw new RequestError(404, 'person_unknown', 'nobody here has this phone or personId')
    }
    const verified = { person, deviceThumbprint: await deviceThumbprint(body.deviceJwk) }
    const verificationId = newId()
    const now = clock()
    if (!verifications.open(verificationId, verified, now)) {
      throw new RequestError(503, 'too_many_open', 'too many verifications are open: try later')
    }
    return reply.code(201).send({
      verificationId,
      expiresAt: new Date(now + VERIFICATION_LIFE_MS).toISOString(),
      hint: `This is a demonstration: the one-time code is ${ONE_TIME_CODE}.`,
    })
  })

  server.post(
    '/verifications/:verificationId/confirm',
    { schema: { params: ConfirmParams, body: ConfirmBody } },
    async (request) => {
      const now = clock()
      const { verificationId } = request.params
      const confirmation = verifications.confirm(verificationId, request.body.code, now)
      if (confirmation.outcome !== 'verified') throw refusal(confirmation)
      return { assertion: await signer.sign(confirmation.verified, { jti: newId(), now }) }
    },
  )

  server.get('/.well-known/jwks.json', async () => signer.jwks)

  server.get('/people', { schema: { querystring: PeopleQuery } }, async (request) => {
    const { text = '', after = '0', limit = '50' } = request.query
    return people.list({
      text,
      after: Number(after),
      limit: Math.min(Number(limit), PAGE_MAX),
    })
  })

  return server
}

function refusal(confirmation: Exclude<Confirmation, { outcome: 'verified' }>): RequestError {
  switch (confirmation.outcome) {
    case 'code_wrong':
      return new RequestError(
        403,
        'code_wrong',
        `the code is wrong; attempts left: ${confirmation.attemptsLeft}`,
      )
    case 'blocked':
      return new RequestError(403, 'verification_blocked', 'too many wrong codes: begin again')
    case 'used':
      return new RequestError(409, 'verification_used', 'it was confirmed already: begin again')
    default:
      return new RequestError(404, 'verification_unknown', 'no such verification, or it expired')
  }
}

/** Cross-origin requests (CORS) for the demonstration's pages, which another process serves. */
function allowOrigins(server: StrictServer, origins: readonly string[]): void {
  if (origins.length === 0) return
  server.addHook('onRequest', async (request, reply) => {
    const { origin } = request.headers
    reply.header('vary', 'origin')
    if (origin === undefined || !origins.includes(origin)) return
    reply.header('access-control-allow-origin', origin)
    reply.header('access-control-allow-headers', 'content-type')
    reply.header('access-control-allow-methods', 'GET, POST')
    if (request.method === 'OPTIONS') await reply.code(204).send()
  })
}
