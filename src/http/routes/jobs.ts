/** How background work is: what waits, how far it has come, what went wrong. Officers see their issuer's. */
import { Type, type Static } from 'typebox'
import { Check } from 'typebox/value'
import type { IssuerId } from '../../base/base.ts'
import {
  cursorInvalid,
  instantOrNull,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  listSchema,
  nextCursor,
  notFound,
  pageQuery,
  problemResponses,
  requireOfficer,
  requireOperator,
  type Door,
} from '../door.ts'
import type { Job, RouteDeps } from './route-deps.ts'
import { nullable, wordOut } from './views.ts'

const jobStates = [
  'waiting',
  'running',
  'done',
  'failed',
] as const satisfies readonly Job['state'][]
const CURSOR_LENGTH_MAX = 400

const jobSchema = Type.Object({
  issuerCode: nullable(Type.String({ description: 'Null: the operator’s own' })),
  name: Type.String({ examples: ['lot-expiry'] }),
  key: Type.String({ description: 'What it was asked for with; empty for what is scheduled' }),
  state: wordOut(jobStates),
  dueAt: instantSchema,
  progress: nullable(Type.Object({ done: Type.Integer(), whole: Type.Integer() })),
  attempts: Type.Integer({ description: 'Turns begun since a step was last completed' }),
  startedAt: nullable(instantSchema),
  steppedAt: nullable(instantSchema),
  endedAt: nullable(instantSchema),
  error: nullable(
    Type.String({
      description: 'The last that went wrong, in whichever run; officers read its code alone',
    }),
  ),
  failedAt: nullable(instantSchema),
})

const query = {
  ...pageQuery,
  cursor: Type.Optional(Type.String({ maxLength: CURSOR_LENGTH_MAX })),
  state: Type.Optional(wordOut(jobStates)),
}
const querySchema = Type.Object(query)
const operatorQuerySchema = Type.Object({
  ...query,
  issuerCode: Type.Optional(issuerParam.issuerCode),
})
const response = { 200: listSchema(jobSchema), ...problemResponses }

export function registerJobRoutes({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/operator/jobs',
    {
      schema: {
        tags: ['operators'],
        summary: '정기 작업 현황 · Background work of every issuer, or of the one that is named',
        querystring: operatorQuerySchema,
        response,
      },
    },
    async (request) => {
      requireOperator(request)
      const { issuerCode } = request.query
      if (issuerCode === undefined) return pageOfJobs(deps, undefined, request.query)
      const issuer = deps.issuing.issuerByCode(issuerCode)
      if (issuer === undefined) throw notFound('query.issuerCode')
      return pageOfJobs(deps, issuer.issuerId, request.query)
    },
  )

  app.get(
    '/v1/issuers/:issuerCode/jobs',
    {
      schema: {
        tags: ['issuers'],
        summary: '발행기관 정기 작업 현황 · Background work of the issuer',
        params: issuerParams,
        querystring: querySchema,
        response,
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const page = await pageOfJobs(deps, issuerId, request.query)
      const items = page.items.map((item) => ({ ...item, error: codeOf(item.error) }))
      return { ...page, items }
    },
  )
}

async function pageOfJobs(
  { jobs, issuing }: RouteDeps,
  issuerId: IssuerId | undefined,
  { state, cursor, limit }: Static<typeof querySchema>,
) {
  const after = cursor === undefined ? undefined : readCursor(cursor)
  const page = await jobs.jobs(issuerId, { state, after, limit })
  return {
    items: page.map((job) => jobView(job, issuing)),
    nextCursor: nextCursor(page, limit, cursorOf),
  }
}

function jobView(job: Job, issuing: RouteDeps['issuing']): Static<typeof jobSchema> {
  const { name, key, state, attempts, progress, error } = job
  const issuerCode = issuing.issuer(job.issuerId)?.code ?? null
  return {
    issuerCode,
    name,
    key,
    state,
    attempts,
    error,
    dueAt: instantText(job.dueAt),
    progress: progress === null ? null : { ...progress },
    startedAt: instantOrNull(job.startedAt),
    steppedAt: instantOrNull(job.steppedAt),
    endedAt: instantOrNull(job.endedAt),
    failedAt: instantOrNull(job.failedAt),
  }
}

/** What stands before the words of a fault, which are the operator's; other errors have no code. */
function codeOf(error: string | null): string | null {
  if (error === null) return null
  return /^([a-z]+(?:_[a-z]+)*): /.exec(error)?.[1] ?? 'unexpected'
}

const placeSchema = Type.Tuple([Type.Integer({ minimum: 0 }), Type.String(), Type.String()])

/** Opaque to clients. */
function cursorOf({ issuerId, name, key }: Pick<Job, 'issuerId' | 'name' | 'key'>): string {
  return Buffer.from(JSON.stringify([issuerId, name, key])).toString('base64url')
}

/** @throws HttpProblem 400 for text that `cursorOf` did not write */
function readCursor(text: string): Pick<Job, 'issuerId' | 'name' | 'key'> {
  const place = parsed(Buffer.from(text, 'base64url').toString())
  if (!Check(placeSchema, place)) throw cursorInvalid()
  const [issuerId, name, key] = place
  const after = { issuerId: issuerId as IssuerId, name, key } // The operator's is 0, which is no id.
  if (cursorOf(after) !== text) throw cursorInvalid()
  return after
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
