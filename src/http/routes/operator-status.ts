/** How everything stands, in one call that a page may repeat: the core, its database, the audit and every issuer. */
import { Type, type Static } from 'typebox'
import { OPERATOR, type BusinessDate, type Instant, type IssuerId } from '../../base/base.ts'
import type { Issuer } from '../../issuing/issuing.ts'
import {
  instantSchema,
  instantText,
  problemResponses,
  requireOperator,
  type Door,
} from '../door.ts'
import { gatewaySchema } from './gateways.ts'
import type { RouteDeps } from './route-deps.ts'
import { nullable, wordOut } from './views.ts'

const runStates = ['open', 'closed'] as const

export interface StatusDesk {
  /** Cheap: what costs the database something is remembered for some seconds. */
  status(): Promise<SystemStatus>
}

export interface SystemStatus {
  readonly core: { readonly version: string; readonly startedAt: Instant }
  /** `null`: it did not answer. */
  readonly server: { readonly version: string; readonly isPrimary: boolean } | null
  readonly pools: readonly {
    readonly name: string
    readonly inUse: number
    readonly max: number
    readonly waiting: number
  }[]
  /** The last audit of all issuers; `null`: none was ever made. */
  readonly audit: { readonly at: Instant; readonly ok: boolean; readonly findings: number } | null
  /** The operator's own are those of 0; `undefined` where the database did not answer. */
  readonly of: (issuerId: IssuerId) => IssuerStatus | undefined
}

export interface IssuerStatus {
  readonly seal: { readonly segment: number; readonly sealedAt: Instant } | null
  readonly unsealedSince: Instant | null
  readonly openCases: number
  readonly lateCases: number
  readonly fundDay: {
    readonly day: BusinessDate
    readonly breaks: number
    readonly isCovered: boolean
  } | null
  readonly settlementRun: {
    readonly day: BusinessDate
    readonly state: (typeof runStates)[number]
    readonly heldCount: number
  } | null
  readonly failedJobs: number
}

const count = Type.Integer({ minimum: 0 })
const ageMs = Type.Integer({ minimum: 0, description: 'Milliseconds until `at`' })
const day = Type.String({ description: 'YYYY-MM-DD, a day in Korea' })
const ofEachDesk = {
  openCases: count,
  lateCases: Type.Integer({ minimum: 0, description: 'Open, and past their day' }),
  failedJobs: count,
}

const issuerSchema = Type.Object({
  issuerCode: Type.String(),
  name: Type.String(),
  seal: nullable(
    Type.Object(
      { segment: Type.Integer(), sealedAt: instantSchema, ageMs },
      { description: 'The newest; a quiet issuer’s may be old. Null: none yet' },
    ),
  ),
  unsealedMs: Type.Integer({
    minimum: 0,
    description: 'How long the oldest operation has waited that no seal reaches; 0: all is sealed',
  }),
  ...ofEachDesk,
  fundDay: nullable(
    Type.Object(
      { day, breaks: count, isCovered: Type.Boolean() },
      { description: 'The newest day of the fund. Null: none yet' },
    ),
  ),
  settlementRun: nullable(
    Type.Object(
      { day, state: wordOut(runStates), heldCount: count },
      { description: 'The newest. Null: none yet' },
    ),
  ),
})

const statusSchema = Type.Object({
  at: instantSchema,
  core: Type.Object({ version: Type.String(), startedAt: instantSchema }),
  database: Type.Object({
    state: wordOut(['reachable', 'unreachable']),
    version: nullable(Type.String({ description: 'Of PostgreSQL. Null: it did not answer' })),
    isPrimary: nullable(Type.Boolean()),
    pools: Type.Array(
      Type.Object({
        name: Type.String(),
        inUse: count,
        max: count,
        waiting: Type.Integer({
          minimum: 0,
          description: 'Statements behind others, every connection being in use',
        }),
      }),
    ),
  }),
  audit: nullable(
    Type.Object(
      { at: instantSchema, ok: Type.Boolean(), findings: count },
      { description: 'The last `npm run audit` of all issuers. Null: none was ever made' },
    ),
  ),
  gateways: Type.Array(gatewaySchema, { description: 'As `GET /v1/gateways` tells them' }),
  operator: nullable(
    Type.Object(ofEachDesk, { description: 'Of no issuer. Null: the database did not answer' }),
  ),
  issuers: Type.Array(issuerSchema, { description: 'Empty while the database is unreachable' }),
})

export function registerOperatorStatusRoutes({ app, clock }: Door, deps: RouteDeps): void {
  const { statusDesk, gateways, issuing } = deps
  app.get(
    '/v1/operator/status',
    {
      schema: {
        tags: ['operators'],
        summary: '시스템 현황 · How the core, its database, gateways and every issuer stand',
        response: { 200: statusSchema, ...problemResponses },
      },
    },
    async (request) => {
      requireOperator(request)
      const [status, told] = await Promise.all([statusDesk.status(), gateways()])
      return { ...statusView(status, issuing.issuers(), clock()), gateways: [...told] }
    },
  )
}

function statusView(
  { core, server, pools, audit, of }: SystemStatus,
  issuers: readonly Issuer[],
  now: Instant,
): Omit<Static<typeof statusSchema>, 'gateways'> {
  const own = of(OPERATOR)
  return {
    at: instantText(now),
    core: { version: core.version, startedAt: instantText(core.startedAt) },
    database: {
      state: server === null ? 'unreachable' : 'reachable',
      version: server?.version ?? null,
      isPrimary: server?.isPrimary ?? null,
      pools: [...pools],
    },
    audit: audit && { ...audit, at: instantText(audit.at) },
    operator: own === undefined ? null : own,
    issuers: issuers.flatMap((issuer) => {
      const status = of(issuer.issuerId)
      return status === undefined ? [] : [issuerView(issuer, status, now)]
    }),
  }
}

function issuerView(
  { code, nameKo }: Issuer,
  { seal, unsealedSince, ...rest }: IssuerStatus,
  now: Instant,
): Static<typeof issuerSchema> {
  return {
    ...rest,
    issuerCode: code,
    name: nameKo,
    seal: seal && {
      segment: seal.segment,
      sealedAt: instantText(seal.sealedAt),
      ageMs: Math.max(0, now - seal.sealedAt),
    },
    unsealedMs: unsealedSince === null ? 0 : Math.max(0, now - unsealedSince),
  }
}
