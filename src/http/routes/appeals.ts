/** Members and their stipends: what they were granted, and what they say is wrong with a list. */
import { Type } from 'typebox'
import { formatId } from '../../base/base.ts'
import {
  APPEAL_WORDS_LENGTH_MAX,
  LINE_WON_MAX,
  type AppealVerdict,
} from '../../granting/granting.ts'
import { appealGrounds, appealStates } from '../../registration/registration.ts'
import {
  idempotencyKey,
  idPageQuery,
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  listSchema,
  nextCursor,
  problemResponses,
  readId,
  readIdPage,
  readWon,
  requireMember,
  requireOfficer,
  wonSchema,
  type Door,
} from '../door.ts'
import { granted } from './granting-answers.ts'
import { writeAccess } from './access-writing.ts'
import type { RouteDeps } from './route-deps.ts'
import {
  officerAppealSchema,
  officerAppealView,
  ownAppealSchema,
  ownAppealView,
  programOf,
} from './stipend-views.ts'
import { idOut, wonOut, wordOut } from './views.ts'

const wonIn = wonSchema({ min: 1, max: LINE_WON_MAX })
const words = Type.String({ minLength: 1, maxLength: APPEAL_WORDS_LENGTH_MAX })

const roundOf = {
  batchId: idOut,
  programId: idOut,
  programName: Type.String(),
  round: Type.String(),
}
const stipendsSchema = Type.Object({
  items: Type.Array(Type.Object({ ...roundOf, amountWon: wonOut })),
  appealable: Type.Array(Type.Object({ ...roundOf, appealUntil: instantSchema })),
})

export function registerAppealRoutes(door: Door, deps: RouteDeps): void {
  ownStipends(door, deps)
  ownAppeals(door, deps)
  officersAppeals(door, deps)
}

function ownStipends({ app }: Door, { granting, issuing }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/stipends',
    {
      schema: {
        tags: ['members'],
        summary: '내 정책수당 · What I was granted, and which rounds I may appeal against',
        params: issuerParams,
        response: { 200: stipendsSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      const { stipends, appealable } = await granting.stipendsOf(issuerId, memberId)
      return {
        items: stipends.map(({ batchId, programId, round, amountWon }) => ({
          batchId: formatId('stb', batchId),
          ...programOf(issuing, issuerId, programId),
          round,
          amountWon,
        })),
        appealable: appealable.map(({ batchId, programId, round, appealUntil }) => ({
          batchId: formatId('stb', batchId),
          ...programOf(issuing, issuerId, programId),
          round,
          appealUntil: instantText(appealUntil ?? 0),
        })),
      }
    },
  )
}

function ownAppeals({ app }: Door, { granting }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/members/me/appeals',
    {
      schema: {
        tags: ['members'],
        summary: '내 이의신청 · My appeals, newest first',
        params: issuerParams,
        response: {
          200: Type.Object({ items: Type.Array(ownAppealSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId, memberId } = requireMember(request)
      return { items: (await granting.appealsOf(issuerId, memberId)).map(ownAppealView) }
    },
  )

  app.post(
    '/v1/issuers/:issuerCode/members/me/appeals',
    {
      schema: {
        tags: ['members'],
        summary: '이의신청 · I should have been on the list, or got too little',
        params: issuerParams,
        body: Type.Object({
          batchId: idSchema('stb'),
          ground: wordOut(appealGrounds),
          claimedWon: Type.Optional(wonIn),
          words,
        }),
        response: { 201: ownAppealSchema, ...problemResponses },
      },
    },
    async (request, reply) => {
      const { issuerId, memberId } = requireMember(request)
      idempotencyKey(request)
      const { batchId, ground, claimedWon, words: said } = request.body
      const opened = await granting.openAppeal({
        issuerId,
        batchId: readId('stb', batchId),
        memberId,
        ground,
        claimedWon: claimedWon === undefined ? null : readWon(claimedWon),
        words: said,
      })
      return reply.code(201).send(ownAppealView(granted(opened).appeal))
    },
  )
}

const verdictBody = Type.Object({
  verdict: wordOut(['accept', 'refuse', 'confirm']),
  amountWon: Type.Optional(wonIn),
  answer: Type.Optional(words),
})

function officersAppeals({ app }: Door, deps: RouteDeps): void {
  const { granting } = deps
  app.get(
    '/v1/issuers/:issuerCode/appeals',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '이의신청 목록 · Appeals of the issuer’s members, newest first',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('apl'),
          state: Type.Optional(wordOut(appealStates)),
        }),
        response: { 200: listSchema(officerAppealSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { limit } = request.query
      const page = await granting.appeals(issuerId, readIdPage('apl', request.query))
      await writeAccess(deps, request, { subjects: page })
      return {
        items: page.map(officerAppealView),
        nextCursor: nextCursor(page, limit, ({ appealId }) => formatId('apl', appealId)),
      }
    },
  )

  app.post(
    '/v1/issuers/:issuerCode/appeals/:appealId/decision',
    {
      config: { logsAccess: true },
      schema: {
        tags: ['officers'],
        summary: '이의신청 결정 · Accept with an amount, confirm (another officer), or refuse',
        params: Type.Object({ ...issuerParam, appealId: idSchema('apl') }),
        body: verdictBody,
        response: { 200: officerAppealSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const decided = await granting.decideAppeal({
        issuerId,
        appealId: readId('apl', request.params.appealId),
        by: formatId('off', officerId),
        verdict: verdictOf(request.body),
      })
      const { appeal } = granted(decided)
      await writeAccess(deps, request, { subjects: [appeal] })
      return officerAppealView(appeal)
    },
  )
}

/** What is missing is refused by the room: no words, or an amount of zero. */
function verdictOf(body: {
  readonly verdict: 'accept' | 'refuse' | 'confirm'
  readonly amountWon?: number
  readonly answer?: string
}): AppealVerdict {
  const { verdict, amountWon = 0, answer = '' } = body
  if (verdict === 'confirm') return { verdict }
  return verdict === 'accept'
    ? { verdict, amountWon: readWon(amountWon), answer }
    : { verdict, answer }
}
