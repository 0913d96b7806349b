/** How the card gateways are, as they say themselves: whom they ask, what they hold, what waits for the core. */
import { Type, type Static } from 'typebox'
import { Check } from 'typebox/value'
import { standInModes } from '../../standin/standin.ts'
import { problemResponses, requireOperator, type Door } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { nullable, wonOut, wordOut } from './views.ts'

const count = Type.Integer({ minimum: 0 })
const instant = Type.Integer({ description: 'Milliseconds since 1970 UTC, by the gateway’s clock' })

const linkSchema = Type.Object({
  peer: Type.String(),
  phase: Type.String(),
  inFlight: count,
  silentMs: Type.Number(),
})

/** What a gateway's control door answers; what it may say besides does not leave. */
const statusOf = {
  core: wordOut(['asked', 'probed', 'not_asked']),
  orders: Type.Array(
    Type.Object({
      partnerId: Type.Optional(Type.Integer()),
      issuerId: Type.Optional(Type.Integer()),
      mode: wordOut(standInModes),
      by: Type.String(),
      at: instant,
      reason: Type.String(),
    }),
  ),
  feed: Type.Object({
    state: wordOut(['following', 'synchronising', 'cut_off']),
    lagMs: nullable(Type.Integer()),
    cards: count,
    wallets: count,
  }),
  store: Type.Object({ state: wordOut(['writable', 'full']) }),
  waiting: Type.Object({ notices: count, oldestAt: nullable(instant) }),
  exposure: Type.Object({ nowWon: wonOut, maxWon: wonOut, boundWon: wonOut }),
  counts: Type.Record(Type.String(), Type.Number()),
  partners: Type.Array(
    Type.Object({
      partner: Type.String(),
      port: Type.Integer(),
      signedOff: Type.Boolean(),
      links: Type.Array(linkSchema),
    }),
  ),
}
const statusSchema = Type.Object(statusOf)
export type GatewayStatus = Static<typeof statusSchema>

/** One gateway; `status` is null where it did not answer. */
export interface GatewayReport {
  readonly name: string
  readonly status: GatewayStatus | null
}

/** Reads what a control door answered; `undefined` for anything else. */
export function readGatewayStatus(value: unknown): GatewayStatus | undefined {
  return Check(statusSchema, value) ? value : undefined
}

export const gatewaySchema = Type.Object({ name: Type.String(), status: nullable(statusSchema) })

export function registerGatewayRoutes({ app }: Door, { gateways }: RouteDeps): void {
  app.get(
    '/v1/gateways',
    {
      schema: {
        tags: ['operators'],
        summary: '카드 게이트웨이 현황 · The card gateways and their stand-in',
        response: { 200: Type.Object({ items: Type.Array(gatewaySchema) }), ...problemResponses },
      },
    },
    async (request) => {
      requireOperator(request)
      return { items: [...(await gateways())] }
    },
  )
}
