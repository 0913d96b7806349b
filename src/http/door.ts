/**
 * The contract of this door with its routes: what a route gets, and the helpers it asks who is there and what is
 * asked. Routes import this file only.
 *
 * How a route is written:
 *   app.post('/v1/issuers/:issuerCode/payments', {
 *     schema: { params: issuerParams, body: Payment, response: { 200: Receipt, ...problemResponses } },
 *   }, async (request) => {
 *     const issuer = requireIssuer(request)
 *     const member = requireMember(request)
 *     const operationId = idempotencyKey(request)
 *     ...
 *     if (outcome.status === 'declined') throw declineProblem(outcome.reason)
 *   })
 * Every path needs a session unless its `config` says `open: true`. Objects in `body`, `params` and `querystring` are
 * closed by the frame: an unknown member is refused. Numbers in a query arrive as numbers; nothing else is coerced.
 * Faults and bugs are simply let through.
 */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify'
import { Type } from 'typebox'
import {
  clerkOf,
  dataSubjectOf,
  may,
  memberOf,
  officerOf,
  operatorOf,
  type ClerkRole,
  type FormerMemberRole,
  type MemberRole,
  type OfficerRole,
  type OperatorRole,
  type Scope,
  type Session,
} from '../access/access.ts'
import { parseOperationId, type Clock, type MerchantId, type OperationId } from '../base/base.ts'
import { isIssuerCode, type Issuer, type IssuingDirectory } from '../issuing/issuing.ts'
import type { Metrics } from '../observe/observe.ts'
import type { ClerkCodes } from './clerk-code.ts'
import type { ConfirmationTokens } from './confirmation-token.ts'
import type { Passkeys } from './passkeys.ts'
import type { VerifiedPerson } from './session.ts'
import { forbidden, issuerUnknown, keyMissing, keyMalformed, sessionMissing } from './refusals.ts'

export {
  declineProblem,
  faultProblem,
  HttpProblem,
  problemResponses,
  problemSchema,
  type Words,
} from './problem.ts'
export { declineAnswers } from './decline-answers.ts'
export { cursorInvalid, dayInvalid, keyReused, notFound, refusal } from './refusals.ts'
export type { VerifiedPerson } from './session.ts'
export {
  decodeCursor,
  encodeCursor,
  idPageQuery,
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  listSchema,
  nextCursor,
  operationIdSchema,
  pageQuery,
  readDay,
  readId,
  readIdPage,
  readOperationId,
  readPathId,
  readWon,
  wonSchema,
  type Cursor,
} from './request-schema.ts'

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined on open paths. Use the `require…` functions. */
    session: Session | undefined
    /** Whose path it is; undefined on paths without `:issuerCode`. Use `requireIssuer`. */
    issuer: Issuer | undefined
    /** The code of the problem it was answered with, for the log. */
    problemCode: string | undefined
    /** True: what the answer shows of others is written down. Set in `routes/access-writing.ts` only. */
    accessWritten: boolean
  }
  interface FastifyContextConfig {
    /** True: anybody may ask, without a session. */
    open?: boolean
    /** True: the body is a CSV file, handed on piece by piece. */
    csv?: boolean
    /** True: the answer shows somebody else's personal data, and is refused unless that is written down. */
    logsAccess?: boolean
  }
}

/** What every route module is given, besides its own rooms. */
export interface Door {
  readonly app: App
  readonly issuing: Pick<IssuingDirectory, 'issuerByCode' | 'issuer'>
  readonly clock: Clock
  readonly streams: EventStreams
  readonly guesses: GuessLimit
  readonly metrics: Metrics
  /** The person in an identity assertion made for the session's own device and person. @throws HttpProblem 401 */
  readonly readAssertion: (assertion: string, session: Session) => VerifiedPerson
  /** The person in a code that a clerk to be shows. @throws HttpProblem 422 */
  readonly readClerkCode: ClerkCodes['read']
  readonly confirmationTokens: ConfirmationTokens
  readonly passkeys: Passkeys
}

/** Server-sent events. `open` throws HttpProblem 503 where too many streams are open already. */
export interface EventStreams {
  open(request: FastifyRequest, reply: FastifyReply): EventStream
}

export interface EventStream {
  /** Sends one event; a reader too slow to keep up is cut off and comes back with its last id. */
  send(event: { readonly id?: string; readonly event: string; readonly data: object }): void
  /** Aborted when the reader leaves, or the server closes. */
  readonly closed: AbortSignal
  close(): void
}

/** Stops guessing of codes: so many wrong ones a minute. */
export interface GuessLimit {
  /**
   * Counts an attempt before its code is looked at. @throws HttpProblem 429 above the limit.
   * Call `forgive` where the code was not wrong: only wrong ones count in the end.
   * @param guesser names who is counted: a clerk, or a person
   */
  begin(guesser: string): { forgive(): void }
}

/** The path parameter all issuers' paths begin with; spread it where a path has more. */
export const issuerParam = {
  issuerCode: Type.String({
    pattern: '^[a-z]{2,20}(-[a-z]{2,20})?$',
    description: 'Short word of an issuer',
    examples: ['gunsan'],
  }),
}
export const issuerParams = Type.Object(issuerParam)

/** The issuer in the path. @throws HttpProblem 404 where there is none of that code */
export function requireIssuer(request: FastifyRequest): Issuer {
  if (request.issuer === undefined) throw issuerUnknown()
  return request.issuer
}

/** @throws HttpProblem 401 without a session */
export function requireSession(request: FastifyRequest): Session {
  if (request.session === undefined) throw sessionMissing()
  return request.session
}

/** The caller as a member of the path's issuer. @throws HttpProblem 401, 403 */
export function requireMember(request: FastifyRequest): MemberRole {
  const session = requireSession(request)
  const role = memberOf(session, requireIssuer(request).issuerId)
  if (role === undefined) throw forbidden('member')
  return role
}

/** The caller as member of the path's issuer, or as one who has left it. @throws HttpProblem 401, 403 */
export function requireDataSubject(request: FastifyRequest): MemberRole | FormerMemberRole {
  const session = requireSession(request)
  const role = dataSubjectOf(session, requireIssuer(request).issuerId)
  if (role === undefined) throw forbidden('member')
  return role
}

/**
 * The caller as clerk or owner of a shop of the path's issuer. @throws HttpProblem 401, 403
 * @param scope what is about to be done, where a clerk may not do all that an owner may
 */
export function requireClerk(
  request: FastifyRequest,
  merchantId?: MerchantId,
  scope: Scope = 'merchant:read',
): ClerkRole {
  const session = requireSession(request)
  const role = clerkOf(session, requireIssuer(request).issuerId, merchantId)
  if (role === undefined) throw forbidden('clerk')
  if (!may(role, scope)) throw forbidden('owner')
  return role
}

/** The caller as officer of the path's issuer. @throws HttpProblem 401, 403 */
export function requireOfficer(request: FastifyRequest): OfficerRole {
  const session = requireSession(request)
  const role = officerOf(session, requireIssuer(request).issuerId)
  if (role === undefined) throw forbidden('officer')
  return role
}

/** The caller as one who runs the system. @throws HttpProblem 401, 403 */
export function requireOperator(request: FastifyRequest): OperatorRole {
  const role = operatorOf(requireSession(request))
  if (role === undefined) throw forbidden('operator')
  return role
}

/** The client's key of this write. @throws HttpProblem 400 where the header is missing or no UUID */
export function idempotencyKey(request: FastifyRequest): OperationId {
  const header = request.headers['idempotency-key']
  if (header === undefined || header === '') throw keyMissing()
  const parsed = typeof header === 'string' ? parseOperationId(header) : undefined
  if (parsed === undefined) throw keyMalformed()
  return parsed
}

/** The issuer a path names; undefined for a code that is none. */
export function issuerOfPath(
  issuing: Pick<IssuingDirectory, 'issuerByCode'>,
  params: unknown,
): Issuer | undefined {
  const code: unknown = Reflect.get(Object(params), 'issuerCode')
  return typeof code === 'string' && isIssuerCode(code) ? issuing.issuerByCode(code) : undefined
}
