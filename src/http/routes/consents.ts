/** What a member agreed to, and taking it back. */
import { Type, type Static } from 'typebox'
import { formatId } from '../../base/base.ts'
import { consentMethods, consentPurposes, type Consent } from '../../registration/registration.ts'
import {
  idempotencyKey,
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  problemResponses,
  readId,
  requireMember,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

const consentSchema = Type.Object({
  consentId: idOut,
  purpose: wordOut(consentPurposes),
  textVersion: Type.String(),
  textHash: Type.String({ description: 'SHA-256 of the text as it was shown, in hex' }),
  at: instantSchema,
  device: Type.String({ description: 'RFC 7638 thumbprint of the key of the device' }),
  method: wordOut(consentMethods),
  revokedAt: nullable(instantSchema),
})

export function registerConsentRoutes({ app }: Door, { registration }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/consents',
    {
      schema: {
        tags: ['members'],
        summary: '내 동의 · What I agreed to, newest first, with the proof of it',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(consentSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return { items: (await registration.consentsOf(issuerId, memberId)).map(consentView) }
    },
  )

  app.post(
    '/v1/issuers/:issuerCode/members/me/consents/:consentId/revocation',
    {
      schema: {
        tags: ['members'],
        summary: '동의 철회 · Revoke a consent; nothing is debited by it any more',
        params: Type.Object({ ...issuerParam, consentId: idSchema('cas') }),
        response: { 200: consentSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const consentId = readId('cas', request.params.consentId)
      const revoked = await registration.revokeConsent({ issuerId, memberId, consentId })
      return consentView(registered(revoked, 'path').consent)
    },
  )
}

function consentView(consent: Consent): Static<typeof consentSchema> {
  const { consentId, purpose, textVersion, textHash, at, device, method, revokedAt } = consent
  return {
    consentId: formatId('cas', consentId),
    purpose,
    textVersion,
    textHash,
    at: instantText(at),
    device,
    method,
    revokedAt: instantOrNull(revokedAt),
  }
}
