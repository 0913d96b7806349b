/** A corporation's hand-outs: the list, what it would come to, confirming it, and what became of each line. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { shown } from '../../access/access.ts'
import {
  HAND_OUT_TITLE_MAX,
  handOutWishes,
  RECIPIENT_FILE_BYTES_MAX,
  RECIPIENT_SET_MAX,
  recipientStates,
  type HandOut,
  type HandOutView,
  type ListProblem,
  type ReadList,
  type StoredRecipient,
} from '../../corporate/corporate.ts'
import { createCsvUploads, type CsvUploads } from '../csv-upload.ts'
import {
  idempotencyKey,
  idSchema,
  notFound,
  problemResponses,
  readId,
  readPathId,
  type Door,
} from '../door.ts'
import { localeOf } from '../locale.ts'
import { PROBLEM_MEDIA_TYPE, problemDetails, HttpProblem, problemSchema } from '../problem.ts'
import { corporate, corporateProblem, faultyList } from './corporate-answers.ts'
import { corporationParams, handOutSchema, handOutView } from './corporate-views.ts'
import { actingOf } from './corporations.ts'
import { listProblemWords } from './list-problem-words.ts'
import type { RouteDeps } from './route-deps.ts'
import { nullable, wonOut, wordOut } from './views.ts'

const base = '/v1/issuers/:issuerCode/corporations/:corporationId/hand-outs'
const one = `${base}/:handOutId`
const handOutParams = Type.Object({ ...corporationParams.properties, handOutId: idSchema('hnd') })
/** Above the number of any line of a list. */
const LINE_NUMBER_MAX = 10_000_000

const faultySchema = Type.Object({
  ...problemSchema.properties,
  problemCount: Type.Optional(Type.Integer({ description: 'All; at most 1000 are told' })),
  problems: Type.Optional(
    Type.Array(
      Type.Object({
        code: Type.String(),
        line: nullable(Type.Integer()),
        column: nullable(Type.String()),
        detail: Type.String(),
      }),
    ),
  ),
})

/** Before it is confirmed, what it would come to; afterwards, how far it has come. */
const standingSchema = Type.Object({
  ...handOutSchema.properties,
  availableWon: Type.Integer({ description: 'What the wallet has of the program now' }),
  shortWon: Type.Integer({ description: 'What is missing for what is not sent yet' }),
  now: Type.Object({
    lines: Type.Record(Type.String(), Type.Integer()),
    sumsWon: Type.Record(Type.String(), Type.Integer()),
  }),
})

const recipientSchema = Type.Object({
  line: Type.Integer(),
  phoneMasked: nullable(Type.String({ description: 'Such as 010-****-5678; null once erased' })),
  amountWon: wonOut,
  memo: nullable(Type.String()),
  state: wordOut(recipientStates),
  reason: nullable(Type.String({ description: 'Why it was refused, or how it came back' })),
})

export function registerHandOutRoutes(door: Door, deps: RouteDeps): void {
  uploading(door, deps, createCsvUploads(RECIPIENT_FILE_BYTES_MAX))
  looking(door, deps)
  deciding(door, deps)
  recipients(door, deps)
}

function uploading({ app }: Door, deps: RouteDeps, uploads: CsvUploads): void {
  const { corporations } = deps
  app.post(
    base,
    {
      config: { csv: true },
      schema: {
        tags: ['corporations'],
        summary:
          '배부 명단 올리기 · Upload a list as text/csv (phone, amount, memo); nothing is sent before it is confirmed',
        params: corporationParams,
        querystring: Type.Object({
          programId: idSchema('prg'),
          title: Type.String({
            minLength: 1,
            maxLength: HAND_OUT_TITLE_MAX * 4,
            description: 'The same list again under one title is the same hand-out',
          }),
        }),
        response: {
          ...problemResponses,
          200: { ...standingSchema, description: 'The same list made this hand-out before' },
          201: standingSchema,
          422: faultySchema,
        },
      },
    },
    async (request, reply) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      const { title } = request.query
      const programId = readId('prg', request.query.programId)
      const taken = await uploads.take(request, (bytes) =>
        corporations.takeList({ ...acting, programId, title, bytes }),
      )
      if (taken.status === 'faulty') return sendFaulty(request, reply, taken.list)
      if (taken.status === 'refused') throw corporateProblem(taken, 'query')
      const view = await viewOf(deps, request, taken.handOut)
      return reply.code(taken.isNew ? 201 : 200).send(standingView(view))
    },
  )
}

function sendFaulty(request: FastifyRequest, reply: FastifyReply, list: ReadList): FastifyReply {
  const locale = localeOf(request.headers['accept-language'])
  request.problemCode = faultyList.code
  const view = (problem: ListProblem) => ({
    code: problem.code,
    line: problem.line ?? null,
    column: problem.column ?? null,
    detail: listProblemWords(problem)[locale],
  })
  return reply
    .code(faultyList.status)
    .headers({ 'content-language': locale, vary: 'accept-language', 'cache-control': 'no-store' })
    .type(PROBLEM_MEDIA_TYPE)
    .send({
      ...problemDetails(new HttpProblem({ ...faultyList, field: 'body' }), locale),
      problemCount: list.problemCount,
      problems: list.problems.map(view),
    })
}

function looking({ app }: Door, deps: RouteDeps): void {
  app.get(
    one,
    {
      schema: {
        tags: ['corporations'],
        summary: '배부 조회 · A hand-out: its sums against the balance, and how far it has come',
        params: handOutParams,
        response: { 200: standingSchema, ...problemResponses },
      },
    },
    async (request) => standingView(await viewOf(deps, request)),
  )
}

function deciding({ app }: Door, deps: RouteDeps): void {
  const { corporations } = deps
  app.post(
    `${one}/decision`,
    {
      schema: {
        tags: ['corporations'],
        summary: '배부 확정·중지·취소 · Confirm what was checked, stop what is sending, or cancel',
        params: handOutParams,
        body: Type.Object({ event: wordOut(handOutWishes) }),
        response: { 200: standingSchema, ...problemResponses },
      },
    },
    async (request) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      const handOutId = readId('hnd', request.params.handOutId)
      const { event } = request.body
      const wished = corporate(await corporations.wish({ ...acting, handOutId, event }))
      return standingView(await viewOf(deps, request, wished.handOut))
    },
  )
}

function recipients({ app }: Door, deps: RouteDeps): void {
  const { corporations } = deps
  app.get(
    `${one}/recipients`,
    {
      schema: {
        tags: ['gifts'],
        summary: '배부 명단 조회 · What became of each line; telephones are masked',
        params: handOutParams,
        querystring: Type.Object({
          after: Type.Integer({ minimum: 0, maximum: LINE_NUMBER_MAX, default: 0 }),
          limit: Type.Integer({ minimum: 1, maximum: RECIPIENT_SET_MAX, default: 100 }),
          state: Type.Optional(wordOut(recipientStates)),
        }),
        response: {
          200: Type.Object({
            items: Type.Array(recipientSchema),
            next: nullable(
              Type.Integer({ description: 'To be sent as `after`; null on the last page' }),
            ),
          }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { handOut } = await viewOf(deps, request)
      const { after, limit, state } = request.query
      const states = state === undefined ? recipientStates : [state]
      const lines = await corporations.recipients(handOut, { states, after, limit })
      const last = lines.length < limit ? undefined : lines.at(-1)
      return { items: lines.map(recipientView), next: last?.lineNumber ?? null }
    },
  )

  app.post(
    `${one}/recipients/:lineNumber/withdrawal`,
    {
      schema: {
        tags: ['gifts'],
        summary: '배부 회수 · Take back what one of the list has not accepted',
        params: Type.Object({
          ...handOutParams.properties,
          lineNumber: Type.String({ pattern: '^[1-9][0-9]{0,6}$', examples: ['2'] }),
        }),
        response: { 200: recipientSchema, ...problemResponses },
      },
    },
    async (request) => {
      const acting = actingOf(request)
      idempotencyKey(request)
      const handOutId = readId('hnd', request.params.handOutId)
      const lineNumber = Number(request.params.lineNumber)
      const back = corporate(await corporations.takeBack({ ...acting, handOutId, lineNumber }))
      return recipientView(back.recipient)
    },
  )
}

/** The path's hand-out of the caller's corporation. @throws HttpProblem */
async function viewOf(
  { corporations }: RouteDeps,
  request: FastifyRequest,
  known?: HandOut,
): Promise<HandOutView> {
  const { corporation } = corporate(await corporations.seen(actingOf(request)))
  const handOutId = known?.handOutId ?? readPathId('hnd', request.params, 'handOutId')
  const view = await corporations.handOut(corporation, handOutId)
  if (view === undefined) throw notFound('path.handOutId')
  return view
}

function standingView({
  handOut,
  groups,
  availableWon,
}: HandOutView): Static<typeof standingSchema> {
  const unsent = groups.find(({ state }) => state === 'new')?.amountWon ?? 0
  return {
    ...handOutView(handOut),
    availableWon,
    shortWon: Math.max(0, unsent - availableWon),
    now: {
      lines: Object.fromEntries(groups.map(({ state, lines }) => [state, lines])),
      sumsWon: Object.fromEntries(groups.map(({ state, amountWon }) => [state, amountWon])),
    },
  }
}

function recipientView(line: StoredRecipient): Static<typeof recipientSchema> {
  const { lineNumber, phone, amountWon, memo, state, reason } = line
  return {
    line: lineNumber,
    phoneMasked: phone === null ? null : shown('member', 'phone', phone),
    amountWon,
    memo,
    state,
    reason,
  }
}
