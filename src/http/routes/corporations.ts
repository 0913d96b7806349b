/** Corporations, as the members see them who act for one: application, account, people, end. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { formatId } from '../../base/base.ts'
import {
  CORPORATION_NAME_MAX,
  type Acting,
  type CorporateConsent,
} from '../../corporate/corporate.ts'
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
  readPathId,
  requireMember,
  requireSession,
  type Door,
} from '../door.ts'
import { consentTextBody } from './consents.ts'
import { corporate } from './corporate-answers.ts'
import {
  corporationFileSchema,
  corporationFileView,
  corporationParams,
  corporationSchema,
  corporationView,
} from './corporate-views.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable } from './views.ts'

const base = '/v1/issuers/:issuerCode/corporations'
const one = `${base}/:corporationId`
const nameIn = Type.String({ minLength: 1, maxLength: CORPORATION_NAME_MAX * 4 })
const fileAnswer = { 200: corporationFileSchema, ...problemResponses }

const consentSchema = Type.Object({
  consentId: idOut,
  memberId: Type.String({ description: 'Who agreed in the corporation’s name' }),
  textVersion: Type.String(),
  textHash: Type.String({ description: 'SHA-256 of the text as it was shown, in hex' }),
  at: instantSchema,
  device: Type.String({ description: 'RFC 7638 thumbprint of the key of the device' }),
  revokedAt: nullable(instantSchema),
})

export function registerCorporationRoutes(door: Door, deps: RouteDeps): void {
  applying(door, deps)
  looking(door, deps)
  account(door, deps)
  consents(door, deps)
  people(door, deps)
  ending(door, deps)
}

/** The caller in the name of the path's corporation. @throws HttpProblem 401, 403 */
export function actingOf(request: FastifyRequest): Acting {
  const { issuerId, memberId } = requireMember(request)
  return { issuerId, memberId, corporationId: readPathId('cor', request.params, 'corporationId') }
}

function applying({ app }: Door, { corporations }: RouteDeps): void {
  app.post(
    base,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 등록 신청 · Apply for a corporation, and act for it once it is admitted',
        params: issuerParams,
        body: Type.Object({
          name: nameIn,
          businessNumber: Type.String({ minLength: 10, maxLength: 12 }),
          representative: nameIn,
        }),
        response: { 201: corporationSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      const requestId = idempotencyKey(request)
      const { name, businessNumber, representative } = request.body
      const application = { issuerId, memberId, requestId, name, businessNumber, representative }
      const applied = corporate(await corporations.apply(application))
      return reply.code(201).send(corporationView(applied.corporation))
    },
  )
}

function looking({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/corporations',
    {
      schema: {
        tags: ['corporations'],
        summary: '내가 대리하는 법인 · Corporations for which I act, or am to act',
        params: issuerParams,
        response: {
          200: Type.Object({ items: Type.Array(corporationSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const items = await deps.corporations.corporationsOf(issuerId, memberId)
      return { items: items.map((each) => corporationView(each)) }
    },
  )

  app.get(
    one,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 조회 · A corporation for which I act: its people, its value, its hand-outs',
        params: corporationParams,
        response: fileAnswer,
      },
    },
    async (request) => {
      const seen = corporate(await deps.corporations.seen(actingOf(request)))
      return corporationFileView(deps, seen.corporation)
    },
  )
}

function account({ app }: Door, deps: RouteDeps): void {
  const { corporations } = deps
  app.post(
    `${one}/account`,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 계좌 연결 · Link the corporation’s account, agreeing to debits in its name',
        params: corporationParams,
        body: Type.Object({
          accountToken: Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'Given by the bank; stands for the account number, which we never see',
          }),
          consent: consentTextBody,
        }),
        response: fileAnswer,
      },
    },
    async (request) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      const { deviceThumbprint: device } = requireSession(request)
      const { accountToken, consent } = request.body
      const linking = { ...acting, accountToken, consent: { ...consent, device } }
      const linked = corporate(await corporations.linkAccount(linking))
      return corporationFileView(deps, linked.corporation)
    },
  )
}

function consents({ app }: Door, { corporations }: RouteDeps): void {
  app.get(
    `${one}/consents`,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 동의 · What was agreed to in the corporation’s name, newest first',
        params: corporationParams,
        response: { 200: Type.Object({ items: Type.Array(consentSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const acting = actingOf(request)
      corporate(await corporations.seen(acting))
      const given = await corporations.consents(acting.issuerId, acting.corporationId)
      return { items: given.map(consentView) }
    },
  )

  app.post(
    `${one}/consents/:consentId/revocation`,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 동의 철회 · Revoke a consent; nothing is debited by it any more',
        params: Type.Object({ ...corporationParams.properties, consentId: idSchema('cas') }),
        response: { 200: consentSchema, ...problemResponses },
      },
    },
    async (request) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      const consentId = readId('cas', request.params.consentId)
      const revoked = corporate(await corporations.revokeConsent({ ...acting, consentId }), 'path')
      return consentView(revoked.consent)
    },
  )
}

function people({ app }: Door, deps: RouteDeps): void {
  const { corporations } = deps
  app.post(
    `${one}/authorised`,
    {
      schema: {
        tags: ['corporations'],
        summary: '대리인 지정 · Name another member to act for it; an officer confirms',
        params: corporationParams,
        body: Type.Object({ memberId: idSchema('mbr'), name: nameIn }),
        response: fileAnswer,
      },
    },
    async (request) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      const named = readId('mbr', request.body.memberId)
      const naming = { ...acting, named, name: request.body.name }
      const changed = corporate(await corporations.name(naming))
      return corporationFileView(deps, changed.corporation)
    },
  )

  app.delete(
    `${one}/authorised/:memberId`,
    {
      schema: {
        tags: ['corporations'],
        summary: '대리인 해제 · Somebody acts for it no longer',
        params: Type.Object({ ...corporationParams.properties, memberId: idSchema('mbr') }),
        response: { 200: corporationSchema, ...problemResponses },
      },
    },
    async (request) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      const removed = readId('mbr', request.params.memberId)
      const changed = corporate(await corporations.remove({ ...acting, removed }), 'path')
      return corporationView(changed.corporation)
    },
  )
}

function ending({ app }: Door, { corporations }: RouteDeps): void {
  app.post(
    `${one}/withdrawal`,
    {
      schema: {
        tags: ['corporations'],
        summary: '법인 탈퇴 · End it, or take back an application; nothing may be left in it',
        params: Type.Object({ ...issuerParam, corporationId: idSchema('cor') }),
        response: { 200: corporationSchema, ...problemResponses },
      },
    },
    async (request) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      return corporationView(corporate(await corporations.withdraw(acting)).corporation)
    },
  )
}

function consentView(consent: CorporateConsent): Static<typeof consentSchema> {
  const { consentId, memberId, textVersion, textHash, at, device, revokedAt } = consent
  return {
    consentId: formatId('cas', consentId),
    memberId: formatId('mbr', memberId),
    textVersion,
    textHash,
    at: instantText(at),
    device,
    revokedAt: instantOrNull(revokedAt),
  }
}
