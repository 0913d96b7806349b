/** Reports of an issuer for its officers, as rows or files. */
import { Type } from 'typebox'
import { parseBusinessDate, type BusinessDate } from '../../base/base.ts'
import {
  daysIn,
  REPORT_DAYS_MAX,
  reportNames,
  type DaySpan,
  type Report,
} from '../../reporting/reporting.ts'
import {
  HttpProblem,
  issuerParam,
  problemResponses,
  requireIssuer,
  requireOfficer,
  type Door,
} from '../door.ts'
import { csvFile, reportFormats, xlsxFile } from './report-files.ts'
import type { RouteDeps } from './route-deps.ts'
import { nullable, wordOut } from './views.ts'

const daySchema = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}$',
  description: '2026-11-22, in Korea',
})

const reportSchema = Type.Object({
  nameKo: Type.String(),
  nameEn: Type.String(),
  from: daySchema,
  through: daySchema,
  daysAsked: Type.Integer(),
  daysCounted: Type.Integer({
    description: 'Days that are over and counted; the others are not in the sums yet',
  }),
  columns: Type.Array(
    Type.Object({ titleKo: Type.String(), titleEn: Type.String(), kind: Type.String() }),
  ),
  rows: Type.Array(Type.Array(nullable(Type.Union([Type.String(), Type.Number()])))),
})

export function registerReportRoutes({ app }: Door, { reporting }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/reports/:report',
    {
      schema: {
        tags: ['reports'],
        summary: '보고서 · Figures of days that are over: daily, issue, places or fund',
        params: Type.Object({ ...issuerParam, report: wordOut(reportNames) }),
        querystring: Type.Object({
          from: daySchema,
          through: daySchema,
          format: Type.Optional(wordOut(reportFormats)),
        }),
        response: {
          200: {
            description: 'The report, in the format that was asked for',
            content: {
              'application/json': { schema: reportSchema },
              'text/csv': { schema: Type.String() },
              'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
                schema: Type.Unsafe<Buffer>({ type: 'string', format: 'binary' }),
              },
            },
          },
          ...problemResponses,
        },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireOfficer(request)
      const { report: name } = request.params
      const { format = 'json' } = request.query
      const report = await reporting.report(issuerId, name, readSpan(request.query))
      if (format === 'json') return reply.send(reportView(report))
      const file = format === 'csv' ? csvFile(report.sheet) : await xlsxFile(report.sheet)
      const { from, through } = report.span
      const fileName = `${requireIssuer(request).code}-${name}-${from}-${through}.${format}`
      return reply
        .header('content-type', file.contentType)
        .header('content-disposition', `attachment; filename="${fileName}"`)
        .send(file.bytes)
    },
  )
}

function reportView({ span, sheet, daysAsked, daysCounted }: Report) {
  const { nameKo, nameEn, columns, rows } = sheet
  return {
    nameKo,
    nameEn,
    ...span,
    daysAsked,
    daysCounted,
    columns: columns.map((each) => ({ ...each })),
    rows: rows.map((row) => [...row]),
  }
}

/** @throws HttpProblem that names the end which is wrong */
function readSpan(query: { readonly from: string; readonly through: string }): DaySpan {
  const from = readDay('query.from', query.from)
  const through = readDay('query.through', query.through)
  if (through < from)
    throw dayProblem('query.through', `${from} 이후의 날짜`, `a day from ${from} on`)
  const span = { from, through }
  if (daysIn(span) > REPORT_DAYS_MAX) {
    const [ko, en] = [`최대 ${REPORT_DAYS_MAX}일`, `at most ${REPORT_DAYS_MAX} days`]
    throw dayProblem(
      'query.through',
      `${from}부터 ${ko} 이내의 날짜`,
      `a day within ${en} of ${from}`,
    )
  }
  return span
}

function readDay(field: string, text: string): BusinessDate {
  const day = parseBusinessDate(text)
  if (day === undefined)
    throw dayProblem(field, '있는 날짜(예: 2026-11-22)', 'a day that exists: 2026-11-22')
  return day
}

function dayProblem(field: string, ko: string, en: string): HttpProblem {
  return new HttpProblem({
    status: 422,
    code: 'field_invalid',
    title: { ko: '입력한 값이 올바르지 않습니다.', en: 'A field has a value that is not right.' },
    detail: { ko: `${ko}여야 합니다.`, en: `It has to be ${en}.` },
    field,
  })
}
