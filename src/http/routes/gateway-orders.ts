/** What operators order of the card gateways, one or all of them: stand-in, and signing a card company off and on. */
import { Type, type Static } from 'typebox'
import type { FastifyRequest } from 'fastify'
import { formatId, id, OPERATOR } from '../../base/base.ts'
import {
  gatewayActions,
  gatewayOutcomes,
  recordOf,
  type GatewayOrderBody,
  type GatewayOrderResult,
} from '../../registration/registration.ts'
import { standInModes } from '../../standin/standin.ts'
import {
  idPageQuery,
  instantSchema,
  instantText,
  issuerParam,
  listSchema,
  nextCursor,
  notFound,
  problemResponses,
  readIdPage,
  requireOperator,
  requireSession,
  type Door,
} from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

export type GatewayOrder = Omit<GatewayOrderBody, 'at' | 'results'>

export interface GatewayOrders {
  /** Every gateway there is. */
  names(): Promise<readonly string[]>
  /** Tells each that is named in it, and records the order with what came of it. */
  give(order: GatewayOrder): Promise<readonly GatewayOrderResult[]>
}

/** In place of a gateway's name. */
const ALL = 'all'
/** As gateways take it. */
const BY_LENGTH_MAX = 60

const gatewayParam = {
  gateway: Type.String({
    pattern: '^[a-z][a-z0-9-]{0,29}$',
    description: 'A gateway’s name, or `all`',
    examples: ['gateway-a', ALL],
  }),
}
const partnerText = Type.String({ pattern: '^[a-z][a-z0-9-]{0,29}$', examples: ['hanbit'] })
const reason = Type.String({ minLength: 1, maxLength: 300, description: 'Recorded with it' })
const resultSchema = Type.Object({
  gateway: Type.String(),
  outcome: wordOut(gatewayOutcomes),
  said: nullable(Type.String({ description: 'What the gateway said against it' })),
})
const response = {
  200: Type.Object({ results: Type.Array(resultSchema) }),
  ...problemResponses,
}
const orderSchema = Type.Object({
  orderId: idOut,
  at: instantSchema,
  gateways: Type.Array(Type.String()),
  action: wordOut(gatewayActions),
  mode: nullable(Type.String()),
  partner: nullable(Type.String()),
  issuerCode: nullable(Type.String()),
  by: Type.String(),
  reason: Type.String(),
  results: Type.Array(resultSchema, { description: 'Empty: it was cut off, and nobody knows' }),
})

export function registerGatewayOrderRoutes(door: Door, deps: RouteDeps): void {
  givenOrders(door, deps)
  standInOrders(door, deps)
  for (const action of ['sign_off', 'sign_on'] as const) linkOrders(door, deps, action)
}

function givenOrders({ app }: Door, { records }: RouteDeps): void {
  app.get(
    '/v1/gateways/orders',
    {
      schema: {
        tags: ['operators'],
        summary: '카드 게이트웨이 지시 이력 · Orders that operators gave, newest first',
        querystring: Type.Object(idPageQuery('cas')),
        response: { 200: listSchema(orderSchema), ...problemResponses },
      },
    },
    async (request) => {
      requireOperator(request)
      const page = await records.list(OPERATOR, 'gateway_order', readIdPage('cas', request.query))
      const items = page.map((stored) => orderView(recordOf('gateway_order', stored)))
      const { limit } = request.query
      return { items, nextCursor: nextCursor(items, limit, ({ orderId }) => orderId) }
    },
  )
}

function orderView(order: {
  readonly recordId: number
  readonly body: GatewayOrderBody
}): Static<typeof orderSchema> {
  const { gateways, issuer, at, results, ...body } = order.body
  return {
    orderId: formatId('cas', id('cas', order.recordId)),
    ...body,
    at: instantText(at),
    gateways: [...gateways],
    issuerCode: issuer,
    results: results.map((each) => ({ ...each })),
  }
}

function standInOrders({ app }: Door, deps: RouteDeps): void {
  app.post(
    '/v1/gateways/:gateway/standin',
    {
      schema: {
        tags: ['operators'],
        summary: '대행승인 지시 · Force, forbid or leave stand-in to a gateway, or to all',
        params: Type.Object(gatewayParam),
        body: Type.Object({
          mode: wordOut(standInModes),
          partner: Type.Optional(partnerText),
          issuerCode: Type.Optional(issuerParam.issuerCode),
          reason,
        }),
        response,
      },
    },
    async (request) => {
      const { mode, partner = null, issuerCode = null } = request.body
      return given(deps, {
        ...(await orderOf(deps, request, {
          gateway: request.params.gateway,
          partner,
          place: 'body.partner',
        })),
        action: 'standin',
        mode,
        issuer: issuerCode,
        reason: request.body.reason,
      })
    },
  )
}

function linkOrders({ app }: Door, deps: RouteDeps, action: 'sign_off' | 'sign_on'): void {
  const summary =
    action === 'sign_off'
      ? '카드사 회선 차단 지시 · Sign a card company off from a gateway, or from all'
      : '카드사 회선 재개 지시 · Let a card company sign on again'
  app.post(
    `/v1/gateways/:gateway/links/:partner/${action.replace('_', '-')}`,
    {
      schema: {
        tags: ['operators'],
        summary,
        params: Type.Object({ ...gatewayParam, partner: partnerText }),
        body: Type.Object({ reason }),
        response,
      },
    },
    async (request) => {
      const { gateway, partner } = request.params
      return given(deps, {
        ...(await orderOf(deps, request, { gateway, partner, place: 'path.partner' })),
        action,
        mode: null,
        issuer: null,
        reason: request.body.reason,
      })
    },
  )
}

/** @throws HttpProblem 403; 404 for a gateway or card company that does not exist */
async function orderOf(
  { gatewayOrders, partners }: RouteDeps,
  request: FastifyRequest,
  { gateway, partner, place }: { gateway: string; partner: string | null; place: string },
): Promise<Pick<GatewayOrder, 'gateways' | 'partner' | 'by'>> {
  requireOperator(request)
  const known = await gatewayOrders.names()
  const gateways = gateway === ALL ? known : known.filter((name) => name === gateway)
  if (gateways.length === 0) throw notFound('path.gateway')
  if (partner !== null && partners.partnerByCode(partner) === undefined) {
    throw notFound(place)
  }
  const { personId } = requireSession(request)
  // Operators have no number of their own in a session.
  return { gateways, partner, by: `operator ${personId}`.slice(0, BY_LENGTH_MAX) }
}

/** @throws HttpProblem 404 for an issuer that does not exist */
async function given(
  { gatewayOrders, issuing }: RouteDeps,
  order: GatewayOrder,
): Promise<{ results: Static<typeof resultSchema>[] }> {
  if (order.issuer !== null && issuing.issuerByCode(order.issuer) === undefined) {
    throw notFound('body.issuerCode')
  }
  const results = await gatewayOrders.give(order)
  return { results: results.map((each) => ({ ...each })) }
}
