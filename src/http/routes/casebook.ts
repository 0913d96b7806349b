/** What went wrong with cards, for whom it concerns: members their own, officers their issuer's, operators the rest. */
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { formatId, id, OPERATOR, type IssuerId } from '../../base/base.ts'
import {
  caseKinds,
  conversionStates,
  noticeKinds,
  type CardCase,
  type Conversion,
  type Notice,
} from '../../registration/registration.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  listSchema,
  nextCursor,
  notFound,
  operationIdSchema,
  problemResponses,
  readId,
  readIdPage,
  requireMember,
  requireOfficer,
  requireOperator,
  requireSession,
  type Door,
} from '../door.ts'
import { noticeWords } from './notice-words.ts'
import { registered } from './registration-answers.ts'
import { writeAccess } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const caseStates = ['open', 'closed'] as const
const owners = ['operator', 'issuer'] as const
const factsSchema = Type.Record(Type.String(), Type.Union([Type.String(), Type.Number()]))

const caseSchema = Type.Object({
  caseId: idOut,
  issuerCode: nullable(Type.String({ description: 'Null: of no issuer' })),
  kind: wordOut(caseKinds),
  owner: wordOut(owners),
  state: wordOut(caseStates),
  subject: Type.String({ description: 'What it is about, such as an operation' }),
  facts: factsSchema,
  openedAt: instantSchema,
  dueAt: instantSchema,
  closedAt: nullable(instantSchema),
  resolution: nullable(Type.String()),
})

/** What a member sees of a conversion; officers see whose it is too. */
const conversionOf = {
  saleId: operationIdSchema,
  state: wordOut(conversionStates),
  merchantNumber: Type.String(),
  saleWon: wonOut,
  accountWon: Type.Integer({ description: 'What the account paid of it, in whole won' }),
  voucherWon: Type.Integer({ description: 'What the voucher paid afterwards' }),
  reason: nullable(Type.String({ description: 'Why it was not converted' })),
  operationId: nullable(operationIdSchema),
  debitedAt: instantSchema,
  openedAt: instantSchema,
  dueAt: instantSchema,
  closedAt: nullable(instantSchema),
}
const conversionSchema = Type.Object(conversionOf)
const issuerConversionSchema = Type.Object({
  ...conversionOf,
  memberId: nullable(idOut),
  refundFile: nullable(Type.String()),
})

const noticeSchema = Type.Object({
  noticeId: idOut,
  kind: wordOut(noticeKinds),
  at: instantSchema,
  text: Type.String(),
  textEn: Type.String(),
  facts: factsSchema,
})

const caseQuery = Type.Object({
  ...idPageQuery('cas'),
  state: Type.Optional(wordOut(caseStates)),
})
const caseParams = Type.Object({ caseId: idSchema('cas') })
const issuersCaseParams = Type.Object({ ...issuerParam, caseId: idSchema('cas') })
const closureBody = Type.Object({ resolution: Type.String({ minLength: 1, maxLength: 800 }) })

export function registerCasebookRoutes(door: Door, deps: RouteDeps): void {
  ownNotices(door, deps)
  ownConversions(door, deps)
  issuerCases(door, deps)
  issuerConversions(door, deps)
  operatorCases(door, deps)
}

function ownNotices({ app }: Door, { casebook }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/notices',
    {
      schema: {
        tags: ['members'],
        summary: '알림 · What I was told, newest first',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(noticeSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return { items: (await casebook.noticesOf(issuerId, memberId)).map(noticeView) }
    },
  )
}

function ownConversions({ app }: Door, { casebook }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/conversions',
    {
      schema: {
        tags: ['members'],
        summary: '사후전환 · Payments that my account made and that are offered to my voucher',
        params: issuerParams,
        response: {
          200: Type.Object({ items: Type.Array(conversionSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const own = await casebook.conversionsOf(issuerId, memberId)
      // A conversion may have turned out to be somebody else's.
      return { items: own.filter((each) => each.memberId === memberId).map(conversionView) }
    },
  )
}

function issuerCases({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/cases',
    {
      schema: {
        tags: ['officers'],
        summary: '오류정정 목록 · The issuer’s cases, newest first',
        params: issuerParams,
        querystring: caseQuery,
        response: { 200: listSchema(caseSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      return caseList(deps, issuerId, request.query)
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/cases/:caseId',
    {
      schema: {
        tags: ['officers'],
        summary: '오류정정 확인 · One of the issuer’s cases',
        params: issuersCaseParams,
        response: { 200: caseSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      return oneCase(deps, issuerId, request.params.caseId)
    },
  )

  app.post(
    '/v1/issuers/:issuerCode/cases/:caseId/closure',
    {
      schema: {
        tags: ['officers'],
        summary: '오류정정 종결 · Close a case of the issuer’s with what was done',
        params: issuersCaseParams,
        body: closureBody,
        response: { 200: caseSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const closed = await deps.casebook.closeCase({
        issuerId,
        caseId: readId('cas', request.params.caseId),
        by: formatId('off', officerId),
        owner: 'issuer',
        resolution: request.body.resolution,
      })
      return caseView(deps, registered(closed).case)
    },
  )
}

function issuerConversions({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/conversions',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '사후전환 목록 · Conversions with the issuer’s vouchers, newest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('cas'),
          state: Type.Optional(wordOut(conversionStates)),
        }),
        response: { 200: listSchema(issuerConversionSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit } = request.query
      const page = await deps.casebook.conversions(issuerId, readIdPage('cas', request.query))
      await writeAccess(deps, request, { subjects: page })
      return {
        items: page.map(issuerConversionView),
        nextCursor: nextCursor(page, limit, ({ recordId }) => formatId('cas', id('cas', recordId))),
      }
    },
  )
}

function operatorCases({ app }: Door, deps: RouteDeps): void {
  const issuerOf = (request: FastifyRequest, code: string | undefined): IssuerId => {
    requireOperator(request)
    if (code === undefined) return OPERATOR
    const issuer = deps.issuing.issuerByCode(code)
    if (issuer === undefined) throw notFound('query.issuerCode')
    return issuer.issuerId
  }
  const ofIssuer = { issuerCode: Type.Optional(issuerParam.issuerCode) }

  app.get(
    '/v1/cases',
    {
      schema: {
        tags: ['operators'],
        summary: '운영사 오류정정 목록 · Cases of no issuer, or of the one that is named',
        querystring: Type.Object({ ...caseQuery.properties, ...ofIssuer }),
        response: { 200: listSchema(caseSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerCode } = request.query
      return caseList(deps, issuerOf(request, issuerCode), request.query)
    },
  )

  app.get(
    '/v1/cases/:caseId',
    {
      schema: {
        tags: ['operators'],
        summary: '운영사 오류정정 확인 · One case of no issuer, or of the one that is named',
        params: caseParams,
        querystring: Type.Object(ofIssuer),
        response: { 200: caseSchema, ...problemResponses },
      },
    },
    async (request) => {
      const issuerId = issuerOf(request, request.query.issuerCode)
      return oneCase(deps, issuerId, request.params.caseId)
    },
  )

  app.post(
    '/v1/cases/:caseId/closure',
    {
      schema: {
        tags: ['operators'],
        summary: '운영사 오류정정 종결 · Close a case of the operator’s with what was done',
        params: caseParams,
        querystring: Type.Object(ofIssuer),
        body: closureBody,
        response: { 200: caseSchema, ...problemResponses },
      },
    },
    async (request) => {
      const issuerId = issuerOf(request, request.query.issuerCode)
      const closed = await deps.casebook.closeCase({
        issuerId,
        caseId: readId('cas', request.params.caseId),
        // Operators have no number of their own in a session.
        by: `operator ${requireSession(request).personId}`,
        owner: 'operator',
        resolution: request.body.resolution,
      })
      return caseView(deps, registered(closed).case)
    },
  )
}

interface CaseQuery {
  readonly cursor?: string
  readonly limit: number
  readonly state?: string
}

async function caseList(
  deps: Pick<RouteDeps, 'casebook' | 'issuing'>,
  issuerId: IssuerId,
  query: CaseQuery,
): Promise<{ items: Static<typeof caseSchema>[]; nextCursor: string | null }> {
  const page = await deps.casebook.cases(issuerId, readIdPage('cas', query))
  return {
    items: page.map((each) => caseView(deps, each)),
    nextCursor: nextCursor(page, query.limit, ({ caseId }) => formatId('cas', caseId)),
  }
}

async function oneCase(
  deps: Pick<RouteDeps, 'casebook' | 'issuing'>,
  issuerId: IssuerId,
  caseText: string,
): Promise<Static<typeof caseSchema>> {
  const found = await deps.casebook.case(issuerId, readId('cas', caseText))
  if (found === undefined) throw notFound('path.caseId')
  return caseView(deps, found)
}

function caseView(
  { issuing }: Pick<RouteDeps, 'issuing'>,
  { issuerId, caseId, caseKind, owner, state, subject, facts, ...rest }: CardCase,
): Static<typeof caseSchema> {
  const { openedAt, dueAt, closedAt, resolution } = rest
  return {
    caseId: formatId('cas', caseId),
    issuerCode: issuing.issuer(issuerId)?.code ?? null,
    kind: caseKind,
    owner,
    state,
    subject,
    facts: { ...facts },
    openedAt: instantText(openedAt),
    dueAt: instantText(dueAt),
    closedAt: instantOrNull(closedAt),
    resolution,
  }
}

function conversionView(conversion: Conversion): Static<typeof conversionSchema> {
  const { saleId, state, merchantNumber, saleWon, accountWon, voucherWon } = conversion
  const { reason, operationId, debitedAt, openedAt, dueAt, closedAt } = conversion
  return {
    saleId,
    state,
    merchantNumber,
    saleWon,
    accountWon,
    voucherWon,
    reason,
    operationId,
    debitedAt: instantText(debitedAt),
    openedAt: instantText(openedAt),
    dueAt: instantText(dueAt),
    closedAt: instantOrNull(closedAt),
  }
}

function issuerConversionView(conversion: Conversion): Static<typeof issuerConversionSchema> {
  const { memberId, refundFile } = conversion
  return {
    ...conversionView(conversion),
    memberId: memberId === null ? null : formatId('mbr', memberId),
    refundFile,
  }
}

function noticeView({ recordId, noticeKind, at, facts }: Notice): Static<typeof noticeSchema> {
  const words = noticeWords({ noticeKind, facts })
  return {
    noticeId: formatId('cas', id('cas', recordId)),
    kind: noticeKind,
    at: instantText(at),
    text: words.ko,
    textEn: words.en,
    facts: { ...facts },
  }
}
