/** The desks of reports: an issuer's officers and the operator, each what they own; what is late both see. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { formatId, OPERATOR, type IssuerId } from '../../base/base.ts'
import {
  caseKinds,
  reportOutcomes,
  type DueCase,
  type ReportChange,
  type ReportParty,
} from '../../registration/registration.ts'
import {
  idempotencyKey,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  notFound,
  problemResponses,
  readId,
  readPathId,
  requireOfficer,
  requireOperator,
  requireSession,
  type App,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import {
  ageDays,
  deskReportSchema,
  deskReportView,
  reportedSchema,
  reportedView,
  wordsBody,
} from './report-views.ts'
import { writeAccessBy } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

/** One of the two desks, as a request names it. */
interface Desk {
  readonly path: string
  readonly tag: 'officers' | 'operators'
  readonly params: Partial<typeof issuerParam>
  readonly query: Partial<typeof issuerParam>
  readonly party: ReportParty & { readonly kind: 'issuer' | 'operator' }
  readonly who: (deps: RouteDeps, request: FastifyRequest) => { issuerId: IssuerId; by: string }
}

const officersDesk: Desk = {
  path: '/v1/issuers/:issuerCode/cases/:caseId',
  tag: 'officers',
  params: issuerParam,
  query: {},
  party: { kind: 'issuer' },
  who(_deps, request) {
    const { issuerId, officerId } = requireOfficer(request)
    return { issuerId, by: formatId('off', officerId) }
  },
}

const operatorsDesk: Desk = {
  path: '/v1/cases/:caseId',
  tag: 'operators',
  params: {},
  query: { issuerCode: issuerParam.issuerCode },
  party: { kind: 'operator' },
  who({ issuing }, request) {
    requireOperator(request)
    const code: unknown = Reflect.get(Object(request.query), 'issuerCode')
    const issuer = issuing.issuerByCode(String(code))
    if (issuer === undefined) throw notFound('query.issuerCode')
    // Operators have no number of their own in a session.
    return { issuerId: issuer.issuerId, by: `operator ${requireSession(request).personId}` }
  },
}

export function registerReportDeskRoutes({ app }: Door, deps: RouteDeps): void {
  for (const desk of [officersDesk, operatorsDesk]) {
    reading(app, deps, desk)
    answering(app, deps, desk)
    handing(app, deps, desk)
  }
  dueOfIssuer(app, deps)
  lateOfAll(app, deps)
}

const caseOf = (request: FastifyRequest) => readPathId('cas', request.params, 'caseId')

/** What all routes about one report have in common. */
const schemaOf = ({ tag, params, query }: Desk) => ({
  tags: [tag],
  params: Type.Object({ ...params, caseId: idSchema('cas') }),
  querystring: Type.Object(query),
  response: { 200: deskReportSchema, ...problemResponses },
})

function reading(app: App, deps: RouteDeps, desk: Desk): void {
  app.get(
    `${desk.path}/report`,
    {
      config: { logsAccess: true },
      schema: {
        ...schemaOf(desk),
        summary: '접수 내용 · A report with everything that was said, for the desk that owns it',
      },
    },
    async (request) => {
      const who = desk.who(deps, request)
      const { issuerId } = who
      const report = await deps.reportDesk.report(issuerId, caseOf(request))
      // An issuer sees all that concerns it; the operator what it is to answer.
      const isSeen = desk.party.kind === 'issuer' || report?.case.owner === 'operator'
      if (report === undefined || !isSeen) throw notFound('path.caseId')
      await writeAccessBy(deps, request, who, { subjects: [report.reporter] })
      return deskReportView(report)
    },
  )
}

/** Takes a change of the desk and answers with the report as it is then. */
async function change(
  deps: RouteDeps,
  desk: Desk,
  request: FastifyRequest,
  what: ReportChange,
): Promise<Static<typeof deskReportSchema>> {
  const who = desk.who(deps, request)
  const requestId = idempotencyKey(request)
  const caseId = caseOf(request)
  const command = { ...who, caseId, requestId, party: desk.party, change: what }
  const { report } = registered(await deps.reportDesk.change(command))
  await writeAccessBy(deps, request, who, { subjects: [report.reporter] })
  return deskReportView(report)
}

function answering(app: App, deps: RouteDeps, desk: Desk): void {
  const schema = schemaOf(desk)
  app.post(
    `${desk.path}/questions`,
    {
      config: { logsAccess: true },
      schema: {
        ...schema,
        summary: '추가 확인 요청 · Ask the reporter something',
        body: wordsBody,
      },
    },
    (request) => change(deps, desk, request, { event: 'ask', words: request.body.words }),
  )

  app.post(
    `${desk.path}/resolution`,
    {
      config: { logsAccess: true },
      schema: {
        ...schema,
        summary:
          '처리 결과 통지 · Answer the report: upheld, corrected, or rejected with the reason',
        body: Type.Object({ outcome: wordOut(reportOutcomes), ...wordsBody.properties }),
      },
    },
    (request) => {
      const { outcome, words } = request.body
      return change(deps, desk, request, { event: 'resolve', outcome, words })
    },
  )
}

function handing(app: App, deps: RouteDeps, desk: Desk): void {
  const schema = schemaOf(desk)
  app.post(
    `${desk.path}/assignment`,
    {
      config: { logsAccess: true },
      schema: {
        ...schema,
        summary: '담당 지정 · Take a report, or give it to an officer',
        body: Type.Object({
          officerId: Type.Optional(idSchema('off')),
        }),
      },
    },
    (request) => {
      const { officerId } = request.body
      const taken = officerId === undefined ? callerOf(desk, request) : readId('off', officerId)
      return change(deps, desk, request, { event: 'assign', officerId: taken })
    },
  )

  app.post(
    `${desk.path}/handover`,
    {
      config: { logsAccess: true },
      schema: {
        ...schema,
        summary: '창구 이관 · Give a report to the other desk',
      },
    },
    (request) => {
      const owner = desk.party.kind === 'issuer' ? 'operator' : 'issuer'
      return change(deps, desk, request, { event: 'give_on', owner })
    },
  )
}

/** The officer who asks; operators have no number. */
function callerOf(desk: Desk, request: FastifyRequest) {
  return desk.party.kind === 'issuer' ? requireOfficer(request).officerId : null
}

const dueSchema = Type.Object({
  caseId: idOut,
  issuerCode: nullable(Type.String()),
  kind: wordOut(caseKinds),
  owner: wordOut(['operator', 'issuer']),
  due: wordOut(['soon', 'overdue']),
  openedAt: instantSchema,
  dueAt: instantSchema,
  ageDays: Type.Integer({ description: 'Full days since it was opened' }),
  report: reportedSchema,
})
const dueList = { 200: Type.Object({ items: Type.Array(dueSchema) }), ...problemResponses }

function dueOfIssuer(app: App, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/cases/due',
    {
      schema: {
        tags: ['officers'],
        summary:
          '기한 임박·경과 건 · The issuer’s open cases that are due soon or late, with their age',
        params: issuerParams,
        response: dueList,
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      return { items: await dueViews(deps, issuerId, () => true) }
    },
  )
}

function lateOfAll(app: App, deps: RouteDeps): void {
  app.get(
    '/v1/cases/due',
    {
      schema: {
        tags: ['operators'],
        summary:
          '기한 경과 건 · What is late of all issuers, and what is due soon of the operator’s own',
        response: dueList,
      },
    },
    async (request) => {
      requireOperator(request)
      const issuers = [OPERATOR, ...deps.issuing.issuers().map(({ issuerId }) => issuerId)]
      const items = []
      for (const issuerId of issuers) {
        const isShown = ({ case: { owner }, due }: DueCase): boolean =>
          due === 'overdue' || owner === 'operator'
        items.push(...(await dueViews(deps, issuerId, isShown)))
      }
      return { items: items.toSorted((a, b) => (a.dueAt < b.dueAt ? -1 : 1)) }
    },
  )
}

async function dueViews(
  { reportDesk, issuing, clock }: RouteDeps,
  issuerId: IssuerId,
  isShown: (due: DueCase) => boolean,
): Promise<Static<typeof dueSchema>[]> {
  const now = clock()
  const due = (await reportDesk.dueCases(issuerId, now)).filter(isShown)
  const ids = due.map((each) => each.case.caseId)
  const reports = await reportDesk.reportsAmong(issuerId, ids)
  return due.map(({ case: each, due: word }) => ({
    caseId: formatId('cas', each.caseId),
    issuerCode: issuing.issuer(issuerId)?.code ?? null,
    kind: each.caseKind,
    owner: each.owner,
    due: word,
    openedAt: instantText(each.openedAt),
    dueAt: instantText(each.dueAt),
    ageDays: ageDays(each.openedAt, now),
    report: reportedView(reports.get(each.caseId)),
  }))
}
