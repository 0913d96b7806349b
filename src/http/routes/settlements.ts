/** A merchant's settlements: for its owner, and for the officers of its issuer. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { clerkOf, may, officerOf } from '../../access/access.ts'
import type { Merchant } from '../../acquiring/acquiring.ts'
import { DAY_MS, startOfBusinessDate, type IssuerId } from '../../base/base.ts'
import type { Payout } from '../../ledger/ledger.ts'
import {
  statementOf,
  STATEMENT_DAYS_MAX,
  type SettlementRecord,
} from '../../settlement/settlement.ts'
import {
  dayInvalid,
  idSchema,
  issuerParam,
  listSchema,
  nextCursor,
  notFound,
  pageQuery,
  problemResponses,
  readDay,
  readPathId,
  requireIssuer,
  requireSession,
  type Door,
} from '../door.ts'
import { statementCsv } from '../statements/statement-csv.ts'
import type { RouteDeps } from './route-deps.ts'
import { lineSchema, lineView, settlementSchema, settlementView } from './settlement-views.ts'
import { forbiddenToAll } from './wrong-side.ts'

const dayIn = Type.String({
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
  description: 'A Korean day',
  examples: ['2026-12-01'],
})
/** The next page begins before the settlement day that the last one ended with. */
export const dayPageQuery = {
  ...pageQuery,
  cursor: Type.Optional(dayIn),
}
const merchantParam = { ...issuerParam, merchantId: idSchema('mrc') }
const merchantPath = '/v1/issuers/:issuerCode/merchants/:merchantId'

export function registerSettlementRoutes(door: Door, deps: RouteDeps): void {
  lists(door, deps)
  statements(door, deps)
}

function lists({ app }: Door, deps: RouteDeps): void {
  app.get(
    `${merchantPath}/settlements`,
    {
      schema: {
        tags: ['settlements'],
        summary: '정산 내역 · Settlements of a merchant, newest first, each with its payout',
        params: Type.Object(merchantParam),
        querystring: Type.Object(dayPageQuery),
        response: { 200: listSchema(settlementSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, merchantId } = requireOwnerOrOfficer(deps, request)
      const { cursor, limit } = request.query
      const before = cursor === undefined ? undefined : readDay(cursor, 'query.cursor')
      const records = await deps.settlements.settlementsOf(issuerId, merchantId, { before, limit })
      const paid = await withPayouts(deps, issuerId, records)
      return {
        items: paid.map(({ record, payout }) => settlementView(record, payout)),
        nextCursor: nextCursor(records, limit, ({ settlementDay }) => settlementDay),
      }
    },
  )

  app.get(
    `${merchantPath}/settlements/:settlementDay`,
    {
      schema: {
        tags: ['settlements'],
        summary: '정산 명세 · One settlement with its lines: what each program took on which day',
        params: Type.Object({ ...merchantParam, settlementDay: dayIn }),
        response: {
          200: Type.Object({ ...settlementSchema.properties, lines: Type.Array(lineSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, merchantId } = requireOwnerOrOfficer(deps, request)
      const day = readDay(request.params.settlementDay, 'path.settlementDay')
      const record = await deps.settlements.settlement(issuerId, merchantId, day)
      if (record === undefined) throw notFound('path.settlementDay')
      const [paid] = await withPayouts(deps, issuerId, [record])
      const lines = await deps.settlements.linesOf(issuerId, merchantId, day)
      return {
        ...settlementView(record, paid!.payout),
        lines: lines.map((line) => lineView(deps.issuing, issuerId, line)),
      }
    },
  )
}

const statementQuery = Type.Object({
  from: dayIn,
  until: dayIn,
  format: Type.Union([Type.Literal('csv'), Type.Literal('pdf')], { default: 'pdf' }),
})

function statements({ app }: Door, deps: RouteDeps): void {
  app.get(
    `${merchantPath}/settlement-statement`,
    {
      schema: {
        tags: ['settlements'],
        summary: '정산내역서 · Settlements of a period of at most a year, as PDF or CSV',
        params: Type.Object(merchantParam),
        querystring: statementQuery,
        response: {
          200: {
            description: 'The statement',
            content: {
              'application/pdf': { schema: Type.Unsafe({ type: 'string', format: 'binary' }) },
              'text/csv': { schema: Type.String({ description: 'UTF-8 with a byte order mark' }) },
            },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => sendStatement(deps, request, reply, request.query),
  )
}

async function sendStatement(
  deps: RouteDeps,
  request: FastifyRequest,
  reply: FastifyReply,
  query: Static<typeof statementQuery>,
): Promise<FastifyReply> {
  const { issuerId, merchant } = requireOwnerOrOfficer(deps, request)
  const { from, until } = readPeriod(query)
  const { merchantId, name: merchantName, businessNumber } = merchant
  const records = await deps.settlements.settlementsOf(issuerId, merchantId, {
    from,
    before: until,
    limit: STATEMENT_DAYS_MAX,
  })
  const last = await deps.settlements.settlement(issuerId, merchantId, until)
  const paid = await withPayouts(deps, issuerId, [
    ...(last === undefined ? [] : [last]),
    ...records,
  ])
  const issuerName = requireIssuer(request).nameKo
  const head = { issuerName, merchantName, businessNumber, from, until, madeAt: deps.clock() }
  const statement = statementOf(head, paid)
  const isCsv = query.format === 'csv'
  const name = `settlement-${from}-${until}.${query.format}`
  void reply
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .type(isCsv ? 'text/csv; charset=utf-8' : 'application/pdf')
  return reply.send(isCsv ? statementCsv(statement) : await deps.printer.print(statement))
}

/** The owner of the merchant in the path, or an officer of its issuer. @throws HttpProblem 401, 403, 404 */
function requireOwnerOrOfficer(
  { acquiring }: Pick<RouteDeps, 'acquiring'>,
  request: FastifyRequest,
): { issuerId: IssuerId; merchantId: Merchant['merchantId']; merchant: Merchant } {
  const { issuerId } = requireIssuer(request)
  const session = requireSession(request)
  const merchantId = readPathId('mrc', request.params, 'merchantId')
  const clerk = clerkOf(session, issuerId, merchantId)
  const isOwner = clerk !== undefined && may(clerk, 'merchant:manage')
  if (!isOwner && officerOf(session, issuerId) === undefined) throw forbiddenToAll()
  const merchant = acquiring.merchant(issuerId, merchantId)
  if (merchant === undefined) throw notFound('path.merchantId')
  return { issuerId, merchantId, merchant }
}

function readPeriod(query: { readonly from: string; readonly until: string }) {
  const from = readDay(query.from, 'query.from')
  const until = readDay(query.until, 'query.until')
  const days = (startOfBusinessDate(until) - startOfBusinessDate(from)) / DAY_MS + 1
  if (days < 1 || days > STATEMENT_DAYS_MAX) throw dayInvalid('query.until')
  return { from, until }
}

/** Each with what the bank has made of it; there are as many payouts as settlement days. */
async function withPayouts(
  { payouts }: Pick<RouteDeps, 'payouts'>,
  issuerId: IssuerId,
  records: readonly SettlementRecord[],
): Promise<{ record: SettlementRecord; payout: Payout | undefined }[]> {
  const paired = []
  for (const record of records) {
    const { payoutId } = record
    const payout = payoutId === undefined ? undefined : await payouts.payout(issuerId, payoutId)
    paired.push({ record, payout })
  }
  return paired
}
