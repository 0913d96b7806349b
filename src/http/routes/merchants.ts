/** Merchants with one issuer: applying, being decided about, and the people who may take payments. */
import { Type, type Static } from 'typebox'
import {
  clerkRoles,
  formatBusinessNumber,
  merchantStatuses,
  merchantsWithWords,
  sectors,
  type Clerk,
  type Merchant,
  type Outlet,
  type Sector,
} from '../../acquiring/acquiring.ts'
import { AMOUNT_WON_MAX, formatId } from '../../base/base.ts'
import { CLERK_CODE_LENGTH_MAX } from '../clerk-code.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  listSchema,
  notFound,
  problemResponses,
  readId,
  readWon,
  refusal,
  requireClerk,
  requireIssuer,
  requireOfficer,
  requireSession,
  wonSchema,
  type Door,
} from '../door.ts'
import { outletSchema, outletView } from './outlets.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { readInstant } from './terms-schema.ts'
import { idOut, wonOut, wordOut } from './views.ts'
import { requireMerchantOrOfficer } from './wrong-side.ts'

const merchantOf = {
  merchantId: idOut,
  name: Type.String(),
  nameLatin: Type.String(),
  businessNumber: Type.String({ description: 'Such as 124-81-00998' }),
  sector: Type.String(),
  sectorName: Type.String(),
  annualRevenueWon: wonOut,
  district: Type.String(),
  status: wordOut(merchantStatuses),
  registeredAt: instantSchema,
}
export const merchantSchema = Type.Object(merchantOf)
const merchantWithOutletsSchema = Type.Object({
  ...merchantOf,
  outlets: Type.Array(outletSchema),
})
const clerkSchema = Type.Object({
  clerkId: idOut,
  personId: Type.String(),
  role: wordOut(clerkRoles),
})

const SEARCH_LENGTH_MAX = 100
const CLERKS_PATH = '/v1/issuers/:issuerCode/merchants/:merchantId/clerks'
const merchantParams = Type.Object({ ...issuerParam, merchantId: idSchema('mrc') })
const revenue = wonSchema({ min: 0, max: AMOUNT_WON_MAX })
const text = (lengthMax: number) => Type.String({ minLength: 1, maxLength: lengthMax })

export function registerMerchantRoutes(door: Door, deps: RouteDeps): void {
  applying(door, deps)
  reading(door, deps)
  listing(door, deps)
  decisions(door, deps)
  people(door, deps)
  lettingIn(door, deps)
}

function applying({ app }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/merchants',
    {
      schema: {
        tags: ['merchants'],
        summary: '가맹점 신청 · Apply as a merchant. Renew the session to act as its owner',
        params: issuerParams,
        body: Type.Object({
          name: text(160),
          nameLatin: Type.String({ pattern: '^[\\x20-\\x7e]{1,25}$' }),
          businessNumber: Type.String({ pattern: '^\\d{3}-?\\d{2}-?\\d{5}$' }),
          sector: Type.Unsafe<Sector>({ type: 'string', enum: Object.keys(sectors) }),
          annualRevenueWon: revenue,
          district: text(160),
        }),
        response: { 201: merchantSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireIssuer(request)
      idempotencyKey(request)
      const { personId } = requireSession(request)
      const annualRevenueWon = readWon(request.body.annualRevenueWon)
      const application = { ...request.body, issuerId, personId, annualRevenueWon }
      const { merchant } = registered(await registration.applyMerchant(application))
      return reply.code(201).send(merchantView(merchant))
    },
  )
}

function reading({ app }: Door, { registration, acquiring }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/merchants/:merchantId',
    {
      schema: {
        tags: ['merchants'],
        summary: '가맹점 정보 · One merchant with its outlets, for its people and for officers',
        params: merchantParams,
        response: { 200: merchantWithOutletsSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireIssuer(request)
      const merchantId = readId('mrc', request.params.merchantId)
      requireMerchantOrOfficer(request, merchantId)
      const merchant = await registration.merchant(issuerId, merchantId)
      if (merchant === undefined) throw notFound('path.merchantId')
      const outlets = acquiring.outletsOf(issuerId, merchantId)
      return { ...merchantView(merchant), outlets: outlets.map((outlet) => withKits(outlet)) }
    },
  )
  const withKits = (outlet: Outlet) =>
    outletView(outlet, acquiring.kitsOf(outlet.issuerId, outlet.outletId))
}

function listing({ app }: Door, { acquiring }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/merchants',
    {
      schema: {
        tags: ['officers'],
        summary: '가맹점 목록 · The issuer’s merchants in the order of their ids',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('mrc'),
          status: Type.Optional(wordOut(merchantStatuses)),
          text: Type.Optional(
            Type.String({
              maxLength: SEARCH_LENGTH_MAX,
              description:
                'Words of the names or the district, or three digits or more of the number',
            }),
          ),
        }),
        response: { 200: listSchema(merchantSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { cursor, limit, status, text = '' } = request.query
      const after = cursor === undefined ? 0 : readId('mrc', cursor)
      const further = acquiring
        .merchants(issuerId)
        .filter((merchant) => merchant.merchantId > after)
        .filter((merchant) => status === undefined || merchant.status === status)
      const rest = merchantsWithWords(further, text).toSorted((a, b) => a.merchantId - b.merchantId)
      const page = rest.slice(0, limit)
      const last = page.at(-1)
      const isLast = last === undefined || rest.length === page.length
      return {
        items: page.map(merchantView),
        nextCursor: isLast ? null : formatId('mrc', last.merchantId),
      }
    },
  )
}

function decisions({ app }: Door, { registration }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/merchants/:merchantId/decision',
    {
      schema: {
        tags: ['officers'],
        summary:
          '가맹점 결정 · Admit or refuse, suspend, readmit or strike off; cancelling has its own way',
        params: merchantParams,
        body: Type.Object({
          status: wordOut(['active', 'suspended', 'closed']),
          annualRevenueWon: Type.Optional(revenue),
          reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1_600 })),
          until: Type.Optional(
            Type.String({ maxLength: 40, description: 'Of a suspension: RFC 3339 with its zone' }),
          ),
        }),
        response: { 200: merchantSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const merchantId = readId('mrc', request.params.merchantId)
      const { status, annualRevenueWon, reason, until } = request.body
      const decision = await registration.decideMerchant({
        issuerId,
        merchantId,
        officerId,
        status,
        ...(reason === undefined ? {} : { reason }),
        ...(until === undefined ? {} : { until: readInstant(until, 'until') }),
        ...(annualRevenueWon === undefined ? {} : { annualRevenueWon: readWon(annualRevenueWon) }),
      })
      return merchantView(registered(decision).merchant)
    },
  )
}

function people({ app }: Door, { registration, acquiring }: RouteDeps): void {
  app.get(
    CLERKS_PATH,
    {
      schema: {
        tags: ['merchants'],
        summary: '직원 목록 · Who may take payments for the merchant',
        params: merchantParams,
        response: { 200: Type.Object({ items: Type.Array(clerkSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId } = requireClerk(request, merchantId, 'clerk:manage')
      return { items: acquiring.clerksOf(issuerId, merchantId).map(clerkView) }
    },
  )

  app.delete(
    `${CLERKS_PATH}/:clerkId`,
    {
      schema: {
        tags: ['merchants'],
        summary: '직원 해제 · Let a clerk go; their open session ends within ten minutes',
        params: Type.Object({ ...merchantParams.properties, clerkId: idSchema('clk') }),
        response: { 200: clerkSchema, ...problemResponses },
      },
    },
    async (request) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId, clerkId: by } = requireClerk(request, merchantId, 'clerk:manage')
      idempotencyKey(request)
      const clerkId = readId('clk', request.params.clerkId)
      const removal = await registration.removeClerk({ issuerId, merchantId, by, clerkId })
      return clerkView(registered(removal, 'path').clerk)
    },
  )
}

function lettingIn({ app, readClerkCode }: Door, { registration }: RouteDeps): void {
  app.post(
    CLERKS_PATH,
    {
      schema: {
        tags: ['merchants'],
        summary: '직원 등록 · Let a person take payments: by the code that they show, or named',
        params: merchantParams,
        body: Type.Object(
          {
            code: Type.Optional(Type.String({ minLength: 1, maxLength: CLERK_CODE_LENGTH_MAX })),
            personId: Type.Optional(text(100)),
          },
          { minProperties: 1, maxProperties: 1 },
        ),
        response: { 201: clerkSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const merchantId = readId('mrc', request.params.merchantId)
      const { issuerId, clerkId: by } = requireClerk(request, merchantId, 'clerk:manage')
      const requestId = idempotencyKey(request)
      const { code: shown, personId: named = '' } = request.body
      const code = shown === undefined ? undefined : readClerkCode(shown)
      if (code?.personId === requireSession(request).personId) {
        throw refusal('clerk_code_own', { field: 'body.code' })
      }
      const place = { issuerId, merchantId, by }
      const added = await registration.addClerk(
        code === undefined
          ? { ...place, personId: named }
          : { ...place, personId: code.personId, code: { codeId: code.codeId, requestId } },
      )
      return reply.code(201).send(clerkView(registered(added, 'body').clerk))
    },
  )
}

export function merchantView(merchant: Merchant): Static<typeof merchantSchema> {
  const { name, nameLatin, sector, annualRevenueWon, district, status } = merchant
  return {
    merchantId: formatId('mrc', merchant.merchantId),
    name,
    nameLatin,
    businessNumber: formatBusinessNumber(merchant.businessNumber),
    sector,
    sectorName: sectors[sector].nameKo,
    annualRevenueWon,
    district,
    status,
    registeredAt: instantText(merchant.registeredAt),
  }
}

function clerkView({ clerkId, personId, role }: Clerk): Static<typeof clerkSchema> {
  return { clerkId: formatId('clk', clerkId), personId, role }
}
