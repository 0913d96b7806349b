/** What an owner does with a registration: bring papers, object, renew, tell the revenue, choose an account, leave. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { MerchantChange } from '../../acquiring/acquiring.ts'
import { AMOUNT_WON_MAX, formatId } from '../../base/base.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParam,
  issuerParams,
  notFound,
  problemResponses,
  readId,
  readWon,
  requireClerk,
  requireIssuer,
  requireSession,
  wonSchema,
  type Door,
} from '../door.ts'
import { ownData, writeAccess } from './access-writing.ts'
import { merchantSchema, merchantView } from './merchants.ts'
import {
  accountSchema,
  accountView,
  fileSchema,
  fileView,
  lifeSchema,
  lifeView,
  partyNoticeSchema,
  partyNoticeView,
} from './merchant-views.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { requireMerchantOrOfficer } from './wrong-side.ts'

export const merchantParams = Type.Object({ ...issuerParam, merchantId: idSchema('mrc') })
export const wordsSchema = Type.String({ minLength: 1, maxLength: 1_600 })
const path = '/v1/issuers/:issuerCode/merchants/:merchantId'

export function registerMerchantOwnerRoutes(door: Door, deps: RouteDeps): void {
  consent(door, deps)
  reading(door, deps)
  changes(door, deps)
  revenues(door, deps)
  accounts(door, deps)
}

/** The owner of the path's merchant. */
export function requireOwner(request: FastifyRequest, merchantText: string) {
  const merchantId = readId('mrc', merchantText)
  const { issuerId, clerkId } = requireClerk(request, merchantId, 'merchant:manage')
  return { issuerId, merchantId, by: formatId('clk', clerkId) }
}

function consent({ app }: Door, { registration, issuing }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/merchants/takeovers',
    {
      schema: {
        tags: ['merchants'],
        summary:
          '가맹점 신청 간주 · Apply by consent to what another issuer has registered of one’s shop',
        params: issuerParams,
        body: Type.Object({ ...issuerParam, merchantId: idSchema('mrc') }),
        response: { 201: merchantSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireIssuer(request)
      idempotencyKey(request)
      const { personId } = requireSession(request)
      const there = issuing.issuerByCode(request.body.issuerCode)
      if (there === undefined) throw notFound('body.issuerCode')
      const from = {
        issuerId: there.issuerId,
        merchantId: readId('mrc', request.body.merchantId),
      }
      const { merchant } = registered(
        await registration.applyByConsent({ issuerId, personId, from }),
      )
      return reply.code(201).send(merchantView(merchant))
    },
  )
}

function reading({ app }: Door, { merchantDesk }: RouteDeps): void {
  app.get(
    `${path}/registration`,
    {
      schema: {
        tags: ['merchants'],
        summary: '등록 이력 · The registration with its deadlines, checks and papers',
        params: merchantParams,
        response: { 200: fileSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireIssuer(request)
      const merchantId = readId('mrc', request.params.merchantId)
      requireMerchantOrOfficer(request, merchantId)
      const file = await merchantDesk.file(issuerId, merchantId)
      if (file === undefined) throw notFound('path.merchantId')
      return fileView(file)
    },
  )

  app.get(
    `${path}/notices`,
    {
      schema: {
        tags: ['merchants'],
        summary: '가맹점 알림 · What the merchant was told, newest first',
        params: merchantParams,
        response: {
          200: Type.Object({ items: Type.Array(partyNoticeSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, merchantId } = requireOwner(request, request.params.merchantId)
      return { items: (await merchantDesk.notices(issuerId, merchantId)).map(partyNoticeView) }
    },
  )
}

function changes({ app }: Door, { merchantDesk }: RouteDeps): void {
  const events = {
    objections: { event: 'object', summary: '이의신청 · Object to the notice of a cancellation' },
    closure: { event: 'close', summary: '가맹점 해지 · Give the registration up' },
  } as const
  const change = async (request: FastifyRequest, merchantText: string, what: MerchantChange) => {
    const owner = requireOwner(request, merchantText)
    const requestId = idempotencyKey(request)
    const { life } = registered(await merchantDesk.change({ ...owner, change: what, requestId }))
    return lifeView(merchantText, life)
  }
  for (const [name, { event, summary }] of Object.entries(events)) {
    app.post(
      `${path}/${name}`,
      {
        schema: {
          tags: ['merchants'],
          summary,
          params: merchantParams,
          body: Type.Object({ words: wordsSchema }),
          response: { 200: lifeSchema, ...problemResponses },
        },
      },
      (request) => {
        const { words } = request.body
        return change(request, request.params.merchantId, { event, words })
      },
    )
  }

  app.post(
    `${path}/renewal`,
    {
      schema: {
        tags: ['merchants'],
        summary: '등록 갱신 · Renew the registration before it lapses',
        params: merchantParams,
        response: { 200: lifeSchema, ...problemResponses },
      },
    },
    (request) => change(request, request.params.merchantId, { event: 'renew' }),
  )
}

function revenues({ app }: Door, { merchantDesk }: RouteDeps): void {
  app.post(
    `${path}/revenues`,
    {
      schema: {
        tags: ['merchants'],
        summary: '연매출 신고 · Tell the revenue of a year, or of the days since the shop opened',
        params: merchantParams,
        body: Type.Object({
          revenueWon: wonSchema({ min: 0, max: AMOUNT_WON_MAX }),
          days: Type.Integer({ minimum: 0, maximum: 366 }),
        }),
        response: { 201: lifeSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const owner = requireOwner(request, request.params.merchantId)
      const requestId = idempotencyKey(request)
      const { days } = request.body
      const revenueWon = readWon(request.body.revenueWon)
      const told = await merchantDesk.tellRevenue({ ...owner, requestId, revenueWon, days })
      return reply.code(201).send(lifeView(request.params.merchantId, registered(told).life))
    },
  )
}

function accounts({ app }: Door, deps: RouteDeps): void {
  const { merchantDesk } = deps
  app.get(
    `${path}/settlement-account`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['merchants'],
        summary: '정산계좌 · Every account that was chosen, the newest last, masked',
        params: merchantParams,
        response: { 200: Type.Object({ items: Type.Array(accountSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireIssuer(request)
      const merchantId = readId('mrc', request.params.merchantId)
      const viewer = requireMerchantOrOfficer(request, merchantId)
      if (viewer === 'officer') await writeAccess(deps, request, { subjects: [{ merchantId }] })
      else ownData(request)
      const entries = await merchantDesk.accountEntries(issuerId, merchantId)
      return { items: entries.map((entry) => accountView(viewer, entry)) }
    },
  )

  app.post(
    `${path}/settlement-account`,
    {
      schema: {
        tags: ['merchants'],
        summary:
          '정산계좌 등록·변경 · Choose where to be paid: an own account, or that of an exchange agent',
        params: merchantParams,
        body: Type.Union([
          Type.Object({
            payee: Type.Literal('own'),
            bankCode: Type.String({ pattern: '^\\d{3}$', description: '금융기관 코드' }),
            accountNumber: Type.String({ pattern: '^[0-9-]{6,30}$' }),
            holderName: Type.String({ minLength: 1, maxLength: 160 }),
          }),
          Type.Object({ payee: Type.Literal('agent'), agentId: idSchema('mrc') }),
        ]),
        response: { 201: accountSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const owner = requireOwner(request, request.params.merchantId)
      const requestId = idempotencyKey(request)
      const { body } = request
      const payee =
        body.payee === 'agent'
          ? ({ kind: 'agent', agentId: readId('mrc', body.agentId) } as const)
          : ({
              kind: 'own',
              bankCode: body.bankCode,
              accountNumber: body.accountNumber,
              holderName: body.holderName,
            } as const)
      const { entry } = registered(await merchantDesk.chooseAccount({ ...owner, requestId, payee }))
      return reply.code(201).send(accountView('owner', entry))
    },
  )
}
