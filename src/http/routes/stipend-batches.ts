/** Officers and their lists: upload, dry run, release, progress. */
import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify/sync'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import { formatId, type IssuerId, type StipendBatchId } from '../../base/base.ts'
import {
  FILE_BYTES_MAX,
  LINE_SET_MAX,
  lineStates,
  lineSums,
  officerEvents,
  type FileProblem,
  type LineState,
  type ReadFile,
  type StatedSums,
} from '../../granting/granting.ts'
import { batchStates } from '../../registration/registration.ts'
import { createCsvUploads, type CsvUploads } from '../csv-upload.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  issuerParam,
  issuerParams,
  listSchema,
  nextCursor,
  notFound,
  problemResponses,
  readId,
  readIdPage,
  requireIssuer,
  requireOfficer,
  type Door,
} from '../door.ts'
import { localeOf } from '../locale.ts'
import { PROBLEM_MEDIA_TYPE, problemDetails, HttpProblem, problemSchema } from '../problem.ts'
import { fileProblemWords } from './file-problem-words.ts'
import { faultyFile, granted } from './granting-answers.ts'
import { writeAccess, type Sighting } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import {
  batchOf,
  batchSchema,
  batchView,
  lineSchema,
  lineView,
  lineWords,
  memberText,
} from './stipend-views.ts'
import { nullable, wordOut } from './views.ts'

const batchParams = Type.Object({ ...issuerParam, batchId: idSchema('stb') })
/** Above any sum of a file. */
const TOTAL_WON_MAX = 1_000_000_000_000_000

const uploadQuery = Type.Object({
  round: Type.String({ minLength: 1, maxLength: 80, description: 'Nobody gets one round twice' }),
  lines: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
  totalWon: Type.Optional(Type.Integer({ minimum: 0, maximum: TOTAL_WON_MAX })),
})

const fileProblemSchema = Type.Object({
  code: Type.String(),
  line: nullable(Type.Integer()),
  column: nullable(Type.String()),
  byteColumn: nullable(Type.Integer()),
  detail: Type.String(),
})
const faultySchema = Type.Object({
  ...problemSchema.properties,
  problemCount: Type.Optional(Type.Integer({ description: 'All; at most 1000 are told' })),
  problems: Type.Optional(Type.Array(fileProblemSchema)),
})

const progressSchema = Type.Object({
  ...batchOf,
  now: Type.Object({
    lines: Type.Record(Type.String(), Type.Integer()),
    sumsWon: Type.Record(Type.String(), Type.Integer()),
  }),
})

export function registerStipendBatchRoutes(door: Door, deps: RouteDeps): void {
  uploading(door, deps, createCsvUploads(FILE_BYTES_MAX))
  listing(door, deps)
  deciding(door, deps)
  reporting(door, deps)
}

function uploading({ app }: Door, { granting, issuing }: RouteDeps, uploads: CsvUploads): void {
  app.post(
    '/v1/issuers/:issuerCode/programs/:programId/stipend-batches',
    {
      config: { csv: true },
      schema: {
        tags: ['officers'],
        summary:
          '대상자 명단 올리기 · Upload a list as text/csv; it is taken whole, or all that is wrong is told',
        params: Type.Object({ ...issuerParam, programId: idSchema('prg') }),
        querystring: uploadQuery,
        response: {
          ...problemResponses,
          200: { ...batchSchema, description: 'The same file made this batch before' },
          201: batchSchema,
          422: faultySchema,
        },
      },
    },
    async (request, reply) => {
      const { officerId } = requireOfficer(request)
      const { issuerId, code } = requireIssuer(request)
      idempotencyKey(request)
      const { round } = request.query
      const programId = readId('prg', request.params.programId)
      const stated = statedSums(request.query)
      const file = { issuerId, issuerCode: code, programId, round, stated }
      const by = formatId('off', officerId)
      const answer = await uploads.take(request, (bytes) =>
        granting.takeFile({ ...file, by, bytes }),
      )
      if (answer.status === 'faulty') return sendFaulty(request, reply, answer.file)
      if (answer.status === 'refused') return granted(answer, 'query')
      return reply.code(answer.isNew ? 201 : 200).send(batchView(issuing, answer.batch))
    },
  )
}

function statedSums({ lines, totalWon }: Static<typeof uploadQuery>): StatedSums {
  return {
    ...(lines === undefined ? {} : { lines }),
    ...(totalWon === undefined ? {} : { totalWon }),
  }
}

function sendFaulty(request: FastifyRequest, reply: FastifyReply, file: ReadFile): FastifyReply {
  const locale = localeOf(request.headers['accept-language'])
  request.problemCode = faultyFile.code
  const view = (problem: FileProblem) => ({
    code: problem.code,
    line: problem.line ?? null,
    column: problem.column ?? null,
    byteColumn: problem.byteColumn ?? null,
    detail: fileProblemWords(problem)[locale],
  })
  return reply
    .code(faultyFile.status)
    .headers({ 'content-language': locale, vary: 'accept-language', 'cache-control': 'no-store' })
    .type(PROBLEM_MEDIA_TYPE)
    .send({
      ...problemDetails(new HttpProblem({ ...faultyFile, field: 'body' }), locale),
      problemCount: file.problemCount,
      problems: file.problems.map(view),
    })
}

function listing({ app }: Door, { granting, issuing }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/stipend-batches',
    {
      schema: {
        tags: ['officers'],
        summary: '지급 묶음 목록 · Batches of stipends, newest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('stb'),
          state: Type.Optional(wordOut(batchStates)),
        }),
        response: { 200: listSchema(batchSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit } = request.query
      const page = await granting.batches(issuerId, readIdPage('stb', request.query))
      return {
        items: page.map((batch) => batchView(issuing, batch)),
        nextCursor: nextCursor(page, limit, ({ batchId }) => formatId('stb', batchId)),
      }
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/stipend-batches/:batchId',
    {
      schema: {
        tags: ['officers'],
        summary: '지급 묶음 · A batch: its dry run, and how far it has come',
        params: batchParams,
        response: { 200: progressSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const batchId = readId('stb', request.params.batchId)
      const batch = await granting.batch(issuerId, batchId)
      if (batch === undefined) throw notFound('path.batchId')
      const { lines, sumsWon } = lineSums(await granting.groups(issuerId, batchId))
      return {
        ...batchView(issuing, batch),
        now: { lines: { ...lines }, sumsWon: { ...sumsWon } },
      }
    },
  )
}

function deciding({ app }: Door, { granting, issuing }: RouteDeps): void {
  app.post(
    '/v1/issuers/:issuerCode/stipend-batches/:batchId/decision',
    {
      schema: {
        tags: ['officers'],
        summary: '지급 결정 · Propose, approve (another officer), pause, resume or cancel a batch',
        params: batchParams,
        body: Type.Object({
          event: wordOut(officerEvents),
          reason: Type.Optional(Type.String({ maxLength: 800 })),
        }),
        response: { 200: batchSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const { event, reason } = request.body
      const decided = await granting.decideBatch({
        issuerId,
        batchId: readId('stb', request.params.batchId),
        event,
        by: formatId('off', officerId),
        ...(reason === undefined ? {} : { reason }),
      })
      return batchView(issuing, granted(decided).batch)
    },
  )
}

const linesQuery = Type.Object({
  after: Type.Integer({ minimum: 0, maximum: 10_000_000, default: 0 }),
  limit: Type.Integer({ minimum: 1, maximum: LINE_SET_MAX, default: 100 }),
  state: Type.Optional(wordOut(lineStates)),
  format: Type.Optional(
    Type.Enum(['json', 'csv'], { description: 'csv: all lines, whatever the limit' }),
  ),
})
const linesSchema = Type.Object({
  items: Type.Array(lineSchema),
  next: nullable(Type.Integer({ description: 'To be sent as `after`; null on the last page' })),
})
const linesAnswer = {
  description: 'A page of lines as JSON, or all of them as CSV',
  content: {
    'application/json': { schema: linesSchema },
    'text/csv': {
      schema: Type.String({ description: 'line,reference,amountWon,state,reason,memberId,text' }),
    },
  },
}

function reporting({ app }: Door, deps: RouteDeps): void {
  const { granting } = deps
  app.get(
    '/v1/issuers/:issuerCode/stipend-batches/:batchId/lines',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '대상자별 결과 · What became of each line, by reference; no names',
        params: batchParams,
        querystring: linesQuery,
        response: { 200: linesAnswer, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireOfficer(request)
      const batchId = readId('stb', request.params.batchId)
      if ((await granting.batch(issuerId, batchId)) === undefined) throw notFound('path.batchId')
      const seen = (subjects: Sighting['subjects']) => writeAccess(deps, request, { subjects })
      return sendLines(reply, { granting, issuerId, batchId, query: request.query, seen })
    },
  )
}

async function sendLines(
  reply: FastifyReply,
  given: NamedBatch & {
    readonly query: Static<typeof linesQuery>
    readonly seen: (subjects: Sighting['subjects']) => Promise<void>
  },
): Promise<FastifyReply> {
  const { granting, issuerId, batchId, query } = given
  const { after, limit, state, format } = query
  const states = state === undefined ? lineStates : [state]
  const answer = reply.header('cache-control', 'no-store')
  if (format === 'csv') {
    const name = `${formatId('stb', batchId)}.csv`
    // A hundred thousand people at once: the list itself is what was looked at.
    await given.seen([formatId('stb', batchId)])
    return answer
      .type('text/csv; charset=utf-8')
      .header('content-disposition', `attachment; filename="${name}"`)
      .send(Readable.from(csvOf(given, { states, after })))
  }
  const lines = await granting.lines(issuerId, batchId, { states, after, limit })
  await given.seen(lines)
  const last = lines.length < limit ? undefined : lines.at(-1)
  return answer
    .type('application/json')
    .send({ items: lines.map(lineView), next: last?.lineNumber ?? null })
}

interface NamedBatch {
  readonly granting: RouteDeps['granting']
  readonly issuerId: IssuerId
  readonly batchId: StipendBatchId
}

/** Page by page, so that a hundred thousand lines are never in memory. Spreadsheets need the mark to see UTF-8. */
async function* csvOf(
  { granting, issuerId, batchId }: NamedBatch,
  from: { readonly states: readonly LineState[]; readonly after: number },
): AsyncIterable<string> {
  const { states } = from
  yield `\u{FEFF}${stringify([['line', 'reference', 'amountWon', 'state', 'reason', 'memberId', 'text']])}`
  let { after } = from
  for (;;) {
    const lines = await granting.lines(issuerId, batchId, { states, after, limit: LINE_SET_MAX })
    yield stringify(
      lines.map((line) => [
        line.lineNumber,
        line.reference,
        line.amountWon,
        line.state,
        line.reason,
        memberText(line.memberId),
        lineWords(line).ko,
      ]),
    )
    if (lines.length < LINE_SET_MAX) return
    after = lines.at(-1)!.lineNumber
  }
}
