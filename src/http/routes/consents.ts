/** What a member agreed to, agreeing to more, and taking it back. */
import { Type, type Static } from 'typebox'
import { formatId } from '../../base/base.ts'
import {
  agreeablePurposes,
  consentMethods,
  consentPurposes,
  type Consent,
} from '../../registration/registration.ts'
import {
  idempotencyKey,
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  notFound,
  problemResponses,
  readId,
  requireMember,
  requireOfficer,
  requireSession,
  type Door,
} from '../door.ts'
import { writeAccess } from './access-writing.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

const textOf = {
  textVersion: Type.String({ minLength: 1, maxLength: 40 }),
  textHash: Type.String({
    pattern: '^[0-9a-f]{64}$',
    description: 'SHA-256 of the text as it was shown, in hex',
  }),
}

/** What somebody was shown; the device and the instant are the request's own. */
export const consentTextBody = Type.Object(textOf)

/** What somebody agrees to; what is not in the list is not agreed to. */
export const agreementsBody = Type.Array(
  Type.Object({
    purpose: Type.Union(agreeablePurposes.map((purpose) => Type.Literal(purpose))),
    ...textOf,
  }),
  { maxItems: agreeablePurposes.length },
)

const seenConsentOf = {
  consentId: idOut,
  purpose: wordOut(consentPurposes),
  textVersion: Type.String(),
  textHash: Type.String({ description: 'SHA-256 of the text as it was shown, in hex' }),
  at: instantSchema,
  method: wordOut(consentMethods),
  revokedAt: nullable(instantSchema),
  revokedBy: nullable(wordOut(consentMethods)),
}
/** As officers see one. */
const seenConsentSchema = Type.Object(seenConsentOf)
export const consentSchema = Type.Object({
  ...seenConsentOf,
  device: Type.String({ description: 'RFC 7638 thumbprint of the key of the device' }),
})
const ownList = Type.Object({ items: Type.Array(consentSchema) })

export function registerConsentRoutes(door: Door, deps: RouteDeps): void {
  ownConsents(door, deps)
  ownRevocation(door, deps)
  officersConsents(door, deps)
}

function ownConsents({ app }: Door, { registration }: RouteDeps): void {
  const path = '/v1/issuers/:issuerCode/members/me/consents'
  app.get(
    path,
    {
      schema: {
        tags: ['members'],
        summary: '내 동의 · What I agreed to, newest first, with the proof of it',
        params: issuerParams,
        response: { 200: ownList, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return { items: (await registration.consentsOf(issuerId, memberId)).map(consentView) }
    },
  )

  app.post(
    path,
    {
      schema: {
        tags: ['members'],
        summary: '동의 · Agree to more, or to a new text; what stands already stays as it is',
        params: issuerParams,
        body: Type.Object({ consents: agreementsBody }),
        response: { 200: ownList, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { deviceThumbprint: device } = requireSession(request)
      const { consents: agreements } = request.body
      const command = { issuerId, memberId, agreements, device, method: 'app' } as const
      const { consents } = registered(await registration.agree(command))
      return { items: consents.map(consentView) }
    },
  )
}

function ownRevocation({ app }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/members/me/consents/:consentId/revocation',
    {
      schema: {
        tags: ['members'],
        summary: '동의 철회 · Revoke a consent; nothing is done by it any more',
        params: Type.Object({ ...issuerParam, consentId: idSchema('cas') }),
        response: { 200: consentSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const consentId = readId('cas', request.params.consentId)
      const by = formatId('mbr', memberId)
      const revocation = { issuerId, memberId, consentId, by, method: 'app' } as const
      return consentView(registered(await registration.revokeConsent(revocation), 'path').consent)
    },
  )
}

function officersConsents({ app }: Door, deps: RouteDeps): void {
  const { registration } = deps
  const path = '/v1/issuers/:issuerCode/members/:memberId/consents'
  app.get(
    path,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '회원 동의 조회 · What a member agreed to; the look is written down',
        params: Type.Object({ ...issuerParam, memberId: idSchema('mbr') }),
        response: {
          200: Type.Object({ items: Type.Array(seenConsentSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const memberId = readId('mbr', request.params.memberId)
      const account = await registration.member(issuerId, memberId)
      if (account === undefined) throw notFound('path.memberId')
      await writeAccess(deps, request, { subjects: [account.member] })
      return { items: (await registration.consentsOf(issuerId, memberId)).map(consentView) }
    },
  )

  app.post(
    `${path}/:consentId/revocation`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary:
          '동의 철회 접수 · Write down that a member took a consent back by call or on paper',
        params: Type.Object({
          ...issuerParam,
          memberId: idSchema('mbr'),
          consentId: idSchema('cas'),
        }),
        body: Type.Object({ method: Type.Union([Type.Literal('ars'), Type.Literal('paper')]) }),
        response: { 200: seenConsentSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const memberId = readId('mbr', request.params.memberId)
      const consentId = readId('cas', request.params.consentId)
      const { method } = request.body
      const by = formatId('off', officerId)
      await writeAccess(deps, request, { subjects: [formatId('mbr', memberId)] })
      const revocation = { issuerId, memberId, consentId, by, method }
      return consentView(registered(await registration.revokeConsent(revocation), 'path').consent)
    },
  )
}

export function consentView({
  consentId,
  memberId: _member,
  subject: _subject,
  at,
  revokedAt,
  ...consent
}: Consent): Static<typeof consentSchema> {
  return {
    ...consent,
    consentId: formatId('cas', consentId),
    at: instantText(at),
    revokedAt: instantOrNull(revokedAt),
  }
}
