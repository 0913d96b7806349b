/** Corporations as officers see them: who applied, what they bought and handed out, and the decisions about them. */
import { Type } from 'typebox'
import { unmaskReasons } from '../../access/access.ts'
import { cleanText, formatId, type IssuerId } from '../../base/base.ts'
import {
  CORPORATE_REASON_MAX,
  officerDecisions,
  type Corporation,
} from '../../corporate/corporate.ts'
import { corporationStates } from '../../registration/registration.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  issuerParams,
  listSchema,
  nextCursor,
  notFound,
  problemResponses,
  readId,
  readIdPage,
  refusal,
  requireOfficer,
  type Door,
} from '../door.ts'
import { writeAccess } from './access-writing.ts'
import { corporate } from './corporate-answers.ts'
import { corporatePurchaseSchema, corporatePurchaseView } from './corporate-purchases.ts'
import {
  corporationFileSchema,
  corporationFileView,
  corporationParams,
  corporationSchema,
  corporationView,
} from './corporate-views.ts'
import type { RouteDeps } from './route-deps.ts'
import { wonOut, wordOut } from './views.ts'

const base = '/v1/issuers/:issuerCode/corporations'
const one = `${base}/:corporationId`
const WORDS_LENGTH_MAX = 200

const listedSchema = Type.Object({
  ...corporationSchema.properties,
  boughtThisMonthWon: wonOut,
  boughtWon: wonOut,
  holdsWon: wonOut,
  handOuts: Type.Integer(),
  handedOutWon: Type.Integer({ description: 'By lists that were confirmed, whatever came back' }),
})
const fileSchema = Type.Object({
  ...corporationFileSchema.properties,
  purchases: Type.Array(corporatePurchaseSchema),
})

export function registerCorporateOfficerRoutes(door: Door, deps: RouteDeps): void {
  listing(door, deps)
  filing(door, deps)
  deciding(door, deps)
  unmasking(door, deps)
}

function listing({ app }: Door, deps: RouteDeps): void {
  const { corporations } = deps
  app.get(
    base,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '법인 목록 · Corporations with what they bought and handed out, newest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('cor'),
          state: Type.Optional(wordOut(corporationStates)),
        }),
        response: { 200: listSchema(listedSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit } = request.query
      const page = await corporations.corporations(issuerId, readIdPage('cor', request.query))
      await writeAccess(deps, request, { subjects: page.map(textOf) })
      return {
        items: await Promise.all(page.map((each) => listedView(deps, each))),
        nextCursor: nextCursor(page, limit, textOf),
      }
    },
  )
}

async function listedView({ corporations }: RouteDeps, corporation: Corporation) {
  const { lots, boughtThisMonthWon, boughtWon, handOuts } = await corporations.standing(corporation)
  const confirmed = handOuts.filter(({ confirmedAt }) => confirmedAt !== null)
  return {
    ...corporationView(corporation, 'officer'),
    boughtThisMonthWon,
    boughtWon,
    holdsWon: lots.reduce((sum, lot) => sum + lot.remainingWon + lot.heldWon, 0),
    handOuts: confirmed.length,
    handedOutWon: confirmed.reduce((sum, { totalWon }) => sum + totalWon, 0),
  }
}

function filing({ app }: Door, deps: RouteDeps): void {
  app.get(
    `${one}/file`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '법인 상세 · A corporation: its people, masked, its purchases and its hand-outs',
        params: corporationParams,
        response: { 200: fileSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const corporation = await foundIn(deps, issuerId, request.params.corporationId)
      await writeAccess(deps, request, {
        subjects: [textOf(corporation), ...corporation.people],
      })
      const { corporationId } = corporation
      const purchases = await deps.corporations.purchases(issuerId, corporationId)
      return {
        ...(await corporationFileView(deps, corporation, 'officer')),
        purchases: purchases.map(corporatePurchaseView),
      }
    },
  )
}

function deciding({ app }: Door, deps: RouteDeps): void {
  const { corporations } = deps
  app.post(
    `${one}/decision`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '법인 결정 · Approve or refuse an application, suspend or resume, with a reason',
        params: corporationParams,
        body: Type.Object({
          event: wordOut(officerDecisions),
          reason: Type.String({ minLength: 1, maxLength: CORPORATE_REASON_MAX * 4 }),
        }),
        response: { 200: corporationSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const corporationId = readId('cor', request.params.corporationId)
      const { event, reason } = request.body
      const decision = { issuerId, officerId, corporationId, event, reason }
      const { corporation } = corporate(await corporations.decide(decision))
      await writeAccess(deps, request, { subjects: [textOf(corporation)] })
      return corporationView(corporation, 'officer')
    },
  )

  app.post(
    `${one}/authorised/:memberId/decision`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '대리인 결정 · Confirm, refuse or remove who acts for a corporation',
        params: Type.Object({ ...corporationParams.properties, memberId: idSchema('mbr') }),
        body: Type.Object({ event: wordOut(['confirm', 'refuse', 'remove'] as const) }),
        response: { 200: corporationFileSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const decided = await corporations.decideAuthorised({
        issuerId,
        corporationId: readId('cor', request.params.corporationId),
        memberId: readId('mbr', request.params.memberId),
        event: request.body.event,
        by: formatId('off', officerId),
      })
      const { corporation } = corporate(decided, 'path')
      await writeAccess(deps, request, {
        subjects: [textOf(corporation), ...corporation.people],
      })
      return corporationFileView(deps, corporation, 'officer')
    },
  )
}

function unmasking({ app }: Door, deps: RouteDeps): void {
  app.post(
    `${one}/unmasking`,
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '대표자 확인 · The representative in full, for a reason that is written down',
        params: corporationParams,
        body: Type.Object({
          reason: wordOut(unmaskReasons),
          words: Type.String({ minLength: 1, maxLength: WORDS_LENGTH_MAX * 4 }),
        }),
        response: { 200: corporationSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId } = requireOfficer(request)
      idempotencyKey(request)
      const words = cleanText(request.body.words, WORDS_LENGTH_MAX)
      if (words === undefined) throw refusal('validation_failed', { field: 'body.words' })
      const corporation = await foundIn(deps, issuerId, request.params.corporationId)
      const { reason: purpose } = request.body
      const subjects = [textOf(corporation)]
      await writeAccess(deps, request, { subjects, purpose, words, sight: 'full' })
      return reply.header('cache-control', 'no-store').send(corporationView(corporation))
    },
  )
}

/** @throws HttpProblem 404 */
async function foundIn(
  { corporations }: RouteDeps,
  issuerId: IssuerId,
  text: string,
): Promise<Corporation> {
  const corporation = await corporations.corporation(issuerId, readId('cor', text))
  if (corporation === undefined) throw notFound('path.corporationId')
  return corporation
}

function textOf({ corporationId }: Corporation): string {
  return formatId('cor', corporationId)
}
