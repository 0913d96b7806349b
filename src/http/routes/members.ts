/** A citizen with one issuer: joining, the telephone that shows codes, the linked account, and stopping it all. */
import { Type, type Static } from 'typebox'
import { formatId, maskPhone } from '../../base/base.ts'
import { memberStatuses } from '../../issuing/issuing.ts'
import {
  CONSUMER_CODE_SKEW_STEPS,
  CONSUMER_CODE_STEP_MS,
  CONSUMER_CODE_VALID_STEPS,
} from '../../qr/qr.ts'
import type { MemberAccount } from '../../registration/registration.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParam,
  issuerParams,
  notFound,
  problemResponses,
  readId,
  requireIssuer,
  requireMember,
  requireOfficer,
  requireSession,
  type Door,
} from '../door.ts'
import { agreementsBody, consentTextBody } from './consents.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, wordOut } from './views.ts'

const ASSERTION_LENGTH_MAX = 8192
const reasonBody = Type.Object({ reason: Type.String({ minLength: 1, maxLength: 400 }) })

const memberSchema = Type.Object({
  memberId: idOut,
  walletId: idOut,
  name: Type.String(),
  phoneMasked: Type.String({ description: 'Such as 010-****-5678' }),
  status: wordOut(memberStatuses),
  accountLinked: Type.Boolean(),
  debitAgreed: Type.Boolean({ description: 'Purchases may be debited from the linked account' }),
})

const deviceSchema = Type.Object({
  handle: Type.Integer({ description: 'Stands for this telephone in consumer codes, ten digits' }),
  seed: Type.String({ description: 'Secret of the codes, base64url; keep it in the key store' }),
  stepMs: Type.Integer({ description: 'A new code is made in every step of Unix time' }),
  validSteps: Type.Integer({ description: 'A code is taken in its own step and those after it' }),
  skewSteps: Type.Integer({ description: 'By so many steps the telephone’s clock may be off' }),
})

const stoppedSchema = Type.Object({ walletId: idOut, stopped: Type.Boolean() })

export function registerMemberRoutes(door: Door, deps: RouteDeps): void {
  joining(door, deps)
  ownRecord(door, deps)
  ownDevice(door, deps)
  ownAccount(door, deps)
  stopping(door, deps)
}

function joining({ app, readAssertion }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/members',
    {
      schema: {
        tags: ['members'],
        summary:
          '가입 · Join: agree, become a member and get a wallet. Renew the session to act as one',
        params: issuerParams,
        body: Type.Object({
          assertion: Type.String({
            minLength: 1,
            maxLength: ASSERTION_LENGTH_MAX,
            description: 'Of the identity provider, for the session’s own person and device',
          }),
          consents: agreementsBody,
        }),
        response: { 201: memberSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireIssuer(request)
      idempotencyKey(request)
      const session = requireSession(request)
      const { personId, name, birthDate, phone } = readAssertion(request.body.assertion, session)
      const person = { personId, name, birthDate, phone }
      const { consents: agreements } = request.body
      const consents = { agreements, device: session.deviceThumbprint, method: 'app' } as const
      const account = registered(await registration.join({ issuerId, person, consents }), 'body')
      return reply.code(201).send(memberView(account))
    },
  )
}

function ownRecord({ app }: Door, { registration }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me',
    {
      schema: {
        tags: ['members'],
        summary: '내 정보 · My membership',
        params: issuerParams,
        response: { 200: memberSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const account = await registration.member(issuerId, memberId)
      if (account === undefined) throw notFound()
      return memberView(account)
    },
  )
}

function ownDevice({ app }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/members/me/devices',
    {
      schema: {
        tags: ['members'],
        summary:
          '결제 휴대폰 등록 · Enrol this session’s device to show codes; it replaces the one before',
        params: issuerParams,
        response: { 201: deviceSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { deviceThumbprint } = requireSession(request)
      const enrolment = { issuerId, memberId, deviceThumbprint }
      const { handle, seed } = registered(await registration.enrolDevice(enrolment))
      return reply
        .code(201)
        .header('cache-control', 'no-store')
        .send({
          handle,
          seed: Buffer.from(seed).toString('base64url'),
          stepMs: CONSUMER_CODE_STEP_MS,
          validSteps: CONSUMER_CODE_VALID_STEPS,
          skewSteps: CONSUMER_CODE_SKEW_STEPS,
        })
    },
  )
}

function ownAccount({ app }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/members/me/account',
    {
      schema: {
        tags: ['members'],
        summary:
          '계좌 연결 · Link my account, and agree to debits from it; without, it is only paid to',
        params: issuerParams,
        body: Type.Object({
          accountToken: Type.String({
            minLength: 1,
            maxLength: 100,
            description: 'Given by the bank; stands for the account number, which we never see',
          }),
          consent: Type.Optional(consentTextBody),
        }),
        response: { 200: memberSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { accountToken, consent } = request.body
      const { deviceThumbprint: device } = requireSession(request)
      const linked = await registration.linkAccount({
        issuerId,
        memberId,
        accountToken,
        ...(consent === undefined ? {} : { consent: { ...consent, device, method: 'app' } }),
      })
      return memberView(registered(linked))
    },
  )
}

function stopping({ app }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/wallets/:walletId/stop',
    {
      schema: {
        tags: ['members'],
        summary: '분실 정지 · Stop my wallet and the telephone that shows its codes',
        params: Type.Object({ ...issuerParam, walletId: idSchema('wlt') }),
        body: reasonBody,
        response: { 200: stoppedSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId, walletId } = requireMember(request)
      idempotencyKey(request)
      if (request.params.walletId !== formatId('wlt', walletId)) throw notFound('path.walletId')
      const by = formatId('mbr', memberId)
      const { reason } = request.body
      registered(await registration.stopWallet({ issuerId, memberId, by, reason }))
      return { walletId: formatId('wlt', walletId), stopped: true }
    },
  )

  for (const stopped of [true, false]) {
    app.post(
      `/v1/issuers/:issuerCode/members/:memberId/${stopped ? 'stop' : 'release'}`,
      {
        schema: {
          tags: ['officers'],
          summary: stopped
            ? '지갑 정지 · Stop a member’s wallet and telephone'
            : '정지 해제 · Release a stopped wallet; the telephone has to be enrolled again',
          params: Type.Object({ ...issuerParam, memberId: idSchema('mbr') }),
          body: reasonBody,
          response: { 200: stoppedSchema, ...problemResponses },
        },
      },
      async (request) => {
        const { issuerId, officerId } = requireOfficer(request)
        idempotencyKey(request)
        const memberId = readId('mbr', request.params.memberId)
        const by = formatId('off', officerId)
        const command = { issuerId, memberId, by, reason: request.body.reason }
        const changed = stopped
          ? await registration.stopWallet(command)
          : await registration.releaseWallet(command)
        const { walletId } = registered(changed)
        return { walletId: formatId('wlt', walletId), stopped }
      },
    )
  }
}

function memberView({
  member,
  walletId,
  accountToken,
  debitConsentId,
}: MemberAccount): Static<typeof memberSchema> {
  return {
    memberId: formatId('mbr', member.memberId),
    walletId: formatId('wlt', walletId),
    name: member.name,
    phoneMasked: maskPhone(member.phone),
    status: member.status,
    accountLinked: accountToken !== undefined,
    debitAgreed: debitConsentId !== undefined,
  }
}
