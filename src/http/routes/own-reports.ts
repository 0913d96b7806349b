/** Reports of errors and disputes, for those who make them: members and merchants, each their own. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { formatId, type IssuerId, type OperationId } from '../../base/base.ts'
import {
  ownReport,
  type Registered,
  type Report,
  type Reporter,
} from '../../registration/registration.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParam,
  notFound,
  problemResponses,
  readOperationId,
  readPathId,
  requireClerk,
  requireMember,
  type App,
  type Door,
} from '../door.ts'
import { registered } from './registration-answers.ts'
import { openingSchema, reportSchema, reportView, wordsBody } from './report-views.ts'
import type { RouteDeps } from './route-deps.ts'

/** Who makes a report, and the path under which theirs lie. */
interface Side {
  readonly path: string
  readonly params: Record<string, ReturnType<typeof idSchema>>
  readonly tag: 'members' | 'merchants'
  readonly who: (request: FastifyRequest) => Who
}
interface Who {
  readonly issuerId: IssuerId
  readonly reporter: Reporter
  readonly by: string
  /** Whether an operation is theirs. */
  readonly owns: (operation: {
    readonly walletId?: number | undefined
    readonly merchantId?: number | undefined
  }) => boolean
}

const memberSide: Side = {
  path: '/v1/issuers/:issuerCode/members/me/reports',
  params: {},
  tag: 'members',
  who(request) {
    const { issuerId, memberId, walletId } = requireMember(request)
    return {
      issuerId,
      reporter: { kind: 'member', memberId },
      by: formatId('mbr', memberId),
      owns: (operation) => operation.walletId === walletId,
    }
  },
}

const merchantSide: Side = {
  path: '/v1/issuers/:issuerCode/merchants/:merchantId/reports',
  params: { merchantId: idSchema('mrc') },
  tag: 'merchants',
  who(request) {
    const merchantId = readPathId('mrc', request.params, 'merchantId')
    const { issuerId, clerkId } = requireClerk(request, merchantId, 'merchant:manage')
    return {
      issuerId,
      reporter: { kind: 'merchant', merchantId },
      by: formatId('clk', clerkId),
      owns: (operation) => operation.merchantId === merchantId,
    }
  },
}

export function registerOwnReportRoutes({ app }: Door, deps: RouteDeps): void {
  for (const side of [memberSide, merchantSide]) {
    opening(app, deps, side)
    reading(app, deps, side)
    contesting(app, deps, side)
  }
}

function opening(app: App, deps: RouteDeps, { path, params, tag, who }: Side): void {
  app.post(
    path,
    {
      schema: {
        tags: [tag],
        summary:
          '오류정정·분쟁 접수 · Report an error or a dispute, about an own operation or free',
        params: Type.Object({ ...issuerParam, ...params }),
        body: openingSchema,
        response: { 201: reportSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, reporter, by, owns } = who(request)
      const requestId = idempotencyKey(request)
      const { operationId: text, language = 'ko', attachments = [], ...rest } = request.body
      const operationId = text === undefined ? null : readOperationId(text)
      if (operationId !== null) await requireOwn(deps, { issuerId, operationId, owns })
      const opened = await deps.reportDesk.open({
        ...rest,
        issuerId,
        requestId,
        by,
        reporter,
        operationId,
        language,
        attachments,
      })
      return reply.code(201).send(reportView(registered(opened).report))
    },
  )
}

/** @throws HttpProblem 404 where there is no such operation, or not of the caller */
async function requireOwn(
  { authorization }: Pick<RouteDeps, 'authorization'>,
  asked: Pick<Who, 'issuerId' | 'owns'> & { readonly operationId: OperationId },
): Promise<void> {
  const operation = await authorization.enquire(asked.issuerId, asked.operationId)
  if (operation === undefined || !asked.owns(operation)) throw notFound('body.operationId')
}

function reading(app: App, { reportDesk }: RouteDeps, { path, params, tag, who }: Side): void {
  app.get(
    path,
    {
      schema: {
        tags: [tag],
        summary: '접수 목록 · What I reported, newest first',
        params: Type.Object({ ...issuerParam, ...params }),
        response: { 200: Type.Object({ items: Type.Array(reportSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, reporter } = who(request)
      return { items: (await reportDesk.reportsOf(issuerId, reporter)).map(reportView) }
    },
  )

  app.get(
    `${path}/:caseId`,
    {
      schema: {
        tags: [tag],
        summary: '접수 확인 · One report with everything that was said',
        params: Type.Object({ ...issuerParam, ...params, caseId: idSchema('cas') }),
        response: { 200: reportSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, reporter } = who(request)
      const caseId = readPathId('cas', request.params, 'caseId')
      const report = await ownReport(reportDesk, issuerId, { caseId, reporter })
      if (report === undefined) throw notFound('path.caseId')
      return reportView(report)
    },
  )
}

const acts = {
  answers: { event: 'answer', summary: '문의에 답하기 · Answer what I was asked' },
  reopening: { event: 'reopen', summary: '재처리 요청 · Have a report looked at again' },
  escalation: {
    event: 'escalate',
    summary: '분쟁 처리 요청 · Contest an answer, or one that did not come, as a dispute',
  },
} as const

function contesting(app: App, { reportDesk }: RouteDeps, { path, params, tag, who }: Side): void {
  for (const [name, { event, summary }] of Object.entries(acts)) {
    app.post(
      `${path}/:caseId/${name}`,
      {
        schema: {
          tags: [tag],
          summary,
          params: Type.Object({ ...issuerParam, ...params, caseId: idSchema('cas') }),
          body: wordsBody,
          response: { 200: reportSchema, ...problemResponses },
        },
      },
      async (request) => {
        const { issuerId, reporter, by } = who(request)
        const requestId = idempotencyKey(request)
        const caseId = readPathId('cas', request.params, 'caseId')
        const { words } = request.body
        const changed: Registered<{ readonly report: Report }> = await reportDesk.change({
          issuerId,
          caseId,
          requestId,
          by,
          party: { kind: 'reporter', reporter },
          change: { event, words },
        })
        return reportView(registered(changed).report)
      },
    )
  }
}
