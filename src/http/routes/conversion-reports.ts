/** What became of debits that nobody could know better: the report for the card company and for the regulator. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static, type TSchema } from 'typebox'
import { OPERATOR, type IssuerId } from '../../base/base.ts'
import {
  conversionReport,
  conversionReportCsv,
  type ReportedConversion,
  type ReportPeriod,
} from '../../clearing/clearing.ts'
import {
  dayInvalid,
  issuerParams,
  problemResponses,
  readDay,
  requireOfficer,
  requireOperator,
  type Door,
} from '../door.ts'
import type { RouteDeps } from './route-deps.ts'

/** Conversions read at once. */
const PAGE = 500

const daySchema = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: 'A Korean day on which accounts were debited; both ends are included',
  examples: ['2025-09-19'],
})
const periodQuery = Type.Object({
  from: daySchema,
  to: daySchema,
  format: Type.Optional(
    Type.Enum(['json', 'csv'], { description: 'Absent: as the Accept header asks' }),
  ),
})

const figuresSchema = Type.Object({
  count: Type.Integer(),
  accountWon: Type.Integer({ description: 'What accounts had paid, in whole won' }),
  voucherWon: Type.Integer({ description: 'What vouchers paid after the fact' }),
})
const figuresBy = (description: string): TSchema =>
  Type.Record(Type.String(), figuresSchema, { description })
const reportSchema = Type.Object({
  period: Type.Object({ from: Type.String(), to: Type.String() }),
  all: figuresSchema,
  byState: Type.Object({ open: figuresSchema, converted: figuresSchema, explained: figuresSchema }),
  byPartner: figuresBy('By id of the card company'),
  byIssuer: figuresBy('By id of the issuer; `operator`: of no issuer'),
  byReason: figuresBy('Of those explained: why they were not converted'),
  daysToClosure: Type.Record(Type.String(), Type.Integer(), {
    description: 'How many were closed within so many days, begun days counting',
  }),
  closedLate: Type.Integer(),
  openOverdue: Type.Integer(),
})

const reportAnswer = {
  description: 'The report, as JSON or as CSV',
  content: {
    'application/json': { schema: reportSchema },
    'text/csv': { schema: Type.String({ description: 'part,name,count,accountWon,voucherWon' }) },
  },
}

export function registerConversionReportRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/conversions/report',
    {
      schema: {
        tags: ['operators'],
        summary: '사후전환 보고 · Conversions of all issuers in numbers',
        querystring: periodQuery,
        response: { 200: reportAnswer, ...problemResponses },
      },
    },
    async (request, reply) => {
      requireOperator(request)
      const issuers = [OPERATOR, ...deps.issuing.issuers().map(({ issuerId }) => issuerId)]
      return sendReport(deps, { request, reply, query: request.query }, issuers)
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/conversions/report',
    {
      schema: {
        tags: ['officers'],
        summary: '사후전환 보고 · Conversions with the issuer’s vouchers in numbers',
        params: issuerParams,
        querystring: periodQuery,
        response: { 200: reportAnswer, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireOfficer(request)
      return sendReport(deps, { request, reply, query: request.query }, [issuerId])
    },
  )
}

interface Asked {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly query: Static<typeof periodQuery>
}

async function sendReport(
  deps: Pick<RouteDeps, 'casebook' | 'clock'>,
  { request, reply, query }: Asked,
  issuers: readonly IssuerId[],
): Promise<FastifyReply> {
  const period = readPeriod(query)
  const conversions: ReportedConversion[] = []
  for (const issuerId of issuers) await readConversions(deps, issuerId, conversions)
  const report = conversionReport(conversions, period, deps.clock())
  const answer = reply.header('vary', 'accept').header('cache-control', 'no-store')
  if (!wantsCsv(query.format, request.headers.accept)) {
    return answer.type('application/json').send(report)
  }
  const name = `conversions-${period.from}-${period.to}.csv`
  return answer
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(conversionReportCsv(report))
}

/** @throws HttpProblem 400 for days that are none, or in the wrong order */
function readPeriod(query: Asked['query']): ReportPeriod {
  const period = { from: readDay(query.from, 'query.from'), to: readDay(query.to, 'query.to') }
  if (period.to < period.from) throw dayInvalid('query.to')
  return period
}

/** All of an issuer, page by page: a day of debits does not follow from the day they were told. */
async function readConversions(
  { casebook }: Pick<RouteDeps, 'casebook'>,
  issuerId: IssuerId,
  into: ReportedConversion[],
): Promise<void> {
  let before: number | undefined
  for (;;) {
    const page = await casebook.conversions(issuerId, {
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    for (const { partnerId, state, reason, accountWon, voucherWon, ...times } of page) {
      const { debitedAt, openedAt, dueAt, closedAt } = times
      const figures = { partnerId, state, reason, accountWon, voucherWon }
      into.push({ issuerId, ...figures, debitedAt, openedAt, dueAt, closedAt })
    }
    if (page.length < PAGE) return
    before = page.at(-1)!.recordId
  }
}

/** JSON unless CSV is asked for by name: a browser's Accept names neither. */
function wantsCsv(format: 'json' | 'csv' | undefined, accept: string | undefined): boolean {
  return format === undefined ? /(^|[,\s])text\/csv\b/i.test(accept ?? '') : format === 'csv'
}
