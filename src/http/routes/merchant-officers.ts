/** An officer's desk for registrations: what waits and until when, papers, hearings, cancellations, agents. */
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  cancellationReasons,
  documentKinds,
  lifeOfMerchant,
  merchantStates,
  waitingOf,
  type MerchantChange,
  type MerchantLife,
} from '../../acquiring/acquiring.ts'
import { DAY_MS, formatId, id, type Instant, type IssuerId } from '../../base/base.ts'
import { rulesAt } from '../../issuing/issuing.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParams,
  listSchema,
  pageQuery,
  problemResponses,
  readId,
  requireOfficer,
  type Door,
} from '../door.ts'
import { merchantParams, wordsSchema } from './merchant-owners.ts'
import { lifeSchema, lifeView, partyNoticeSchema, partyNoticeView } from './merchant-views.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wordOut } from './views.ts'

const path = '/v1/issuers/:issuerCode/merchants/:merchantId'
const dueWords = ['soon', 'overdue'] as const

export function registerMerchantOfficerRoutes(door: Door, deps: RouteDeps): void {
  listing(door, deps)
  hearing(door, deps)
  cancelling(door, deps)
  agents(door, deps)
  desk(door, deps)
}

function listing({ app, clock }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/registrations',
    {
      schema: {
        tags: ['officers'],
        summary: '등록 업무 목록 · Registrations by whose move it is, the earliest deadline first',
        params: issuerParams,
        querystring: Type.Object({
          limit: pageQuery.limit,
          cursor: Type.Optional(Type.String({ pattern: '^[0-9]{1,6}$' })),
          state: Type.Optional(wordOut(merchantStates)),
          due: Type.Optional(wordOut(dueWords)),
        }),
        response: { 200: listSchema(lifeSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { state, due, limit, cursor } = request.query
      const from = Number(cursor ?? '0')
      const all = livesOf(deps, issuerId, clock())
        .filter(({ life }) => state === undefined || life.state === state)
        .filter(({ isDue }) => due === undefined || isDue === due)
        .toSorted((a, b) => a.until - b.until || a.merchantId - b.merchantId)
      const page = all.slice(from, from + limit)
      const next = from + page.length
      return {
        items: page.map(({ merchantId, life }) => lifeView(formatId('mrc', merchantId), life)),
        nextCursor: next < all.length ? String(next) : null,
      }
    },
  )
}

/** Every registration with its deadline; those without one come last. */
function livesOf(
  { acquiring, merchantLives, issuerRules }: RouteDeps,
  issuerId: IssuerId,
  now: Instant,
) {
  const rules = rulesAt(issuerRules.issuerRules(issuerId), now)
  return acquiring.merchants(issuerId).map((merchant) => {
    const { merchantId } = merchant
    const life = merchantLives.merchantLife(issuerId, merchantId) ?? lifeOfMerchant(rules, merchant)
    const until = waitingOf(life).until ?? Number.MAX_SAFE_INTEGER
    return { merchantId, life, until, isDue: dueOf(life, rules.merchantReminderDays, now) }
  })
}

/** Of those that the issuer has to decide, unless their days rest. */
function dueOf(
  life: MerchantLife,
  reminderDays: number,
  now: Instant,
): (typeof dueWords)[number] | undefined {
  const { forWhom, until } = waitingOf(life)
  if (forWhom !== 'issuer' || until === null || life.stoppedAt !== null) return undefined
  if (now >= until) return 'overdue'
  return now >= until - reminderDays * DAY_MS ? 'soon' : undefined
}

const answer = { 200: lifeSchema, ...problemResponses }

/** A change by an officer of the path's issuer. */
function changer({ merchantDesk }: RouteDeps) {
  return async (request: FastifyRequest, merchantText: string, what: MerchantChange) => {
    const { issuerId, officerId } = requireOfficer(request)
    const requestId = idempotencyKey(request)
    const merchantId = readId('mrc', merchantText)
    const by = formatId('off', officerId)
    const command = { issuerId, merchantId, by, change: what, requestId }
    return lifeView(merchantText, registered(await merchantDesk.change(command)).life)
  }
}

function hearing({ app }: Door, deps: RouteDeps): void {
  const change = changer(deps)
  app.post(
    `${path}/document-requests`,
    {
      schema: {
        tags: ['officers'],
        summary: '서류 보완 요청 · Ask an applicant for documents',
        params: merchantParams,
        body: Type.Object({
          documents: Type.Array(wordOut(documentKinds), { minItems: 1, maxItems: 8 }),
          words: wordsSchema,
        }),
        response: answer,
      },
    },
    (request) => {
      const { documents, words } = request.body
      const what = { event: 'ask_documents', documents, words } as const
      return change(request, request.params.merchantId, what)
    },
  )

  app.post(
    `${path}/cancellation-notice`,
    {
      schema: {
        tags: ['officers'],
        summary: '등록취소 사전통지 · Give notice that the registration is to be cancelled',
        params: merchantParams,
        body: Type.Object({ reason: wordOut(cancellationReasons), words: wordsSchema }),
        response: answer,
      },
    },
    (request) => {
      const { reason, words } = request.body
      const what = { event: 'notice_cancellation', reason, words } as const
      return change(request, request.params.merchantId, what)
    },
  )
}

function cancelling({ app }: Door, deps: RouteDeps): void {
  const change = changer(deps)
  app.post(
    `${path}/cancellation`,
    {
      schema: {
        tags: ['officers'],
        summary: '등록취소 결정 · Cancel the registration after the hearing, or let it stay',
        params: merchantParams,
        body: Type.Object({
          outcome: wordOut(['cancelled', 'withdrawn']),
          words: wordsSchema,
          barHalved: Type.Optional(
            Type.Boolean({ description: 'Halve the time in which it may not apply again' }),
          ),
        }),
        response: answer,
      },
    },
    (request) => {
      const { outcome, words, barHalved: halved = false } = request.body
      const what: MerchantChange =
        outcome === 'cancelled'
          ? { event: 'cancel', words, halved }
          : { event: 'withdraw_cancellation', words }
      return change(request, request.params.merchantId, what)
    },
  )
}

const agencySchema = Type.Object({
  agentId: idOut,
  merchants: Type.Array(
    Type.Object({
      merchantId: idOut,
      from: Type.String(),
      until: nullable(Type.String({ description: 'The last day; null while it goes on' })),
    }),
  ),
})

function agents({ app }: Door, { merchantDesk }: RouteDeps): void {
  app.get(
    `${path}/agency`,
    {
      schema: {
        tags: ['officers'],
        summary: '환전대행 지정 · For whom the merchant may redeem as an exchange agent',
        params: merchantParams,
        response: { 200: agencySchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const agentId = readId('mrc', request.params.merchantId)
      return agencyView(await merchantDesk.agency(issuerId, agentId))
    },
  )

  app.post(
    `${path}/agency`,
    {
      schema: {
        tags: ['officers'],
        summary: '환전대행 지정·해제 · Name a merchant for whom it may redeem, or end that',
        params: merchantParams,
        body: Type.Object({ merchantId: idSchema('mrc'), mayRedeem: Type.Boolean() }),
        response: { 200: agencySchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId, officerId } = requireOfficer(request)
      idempotencyKey(request)
      const agentId = readId('mrc', request.params.merchantId)
      const { mayRedeem } = request.body
      const merchantId = readId('mrc', request.body.merchantId)
      const naming = { issuerId, agentId, officerId, merchantId, mayRedeem }
      return agencyView(registered(await merchantDesk.nameForAgent(naming)).agency)
    },
  )
}

function agencyView({ agentId, named }: Awaited<ReturnType<RouteDeps['merchantDesk']['agency']>>) {
  return {
    agentId: formatId('mrc', agentId),
    merchants: named.map(({ merchantId, from, until }) => ({
      merchantId: formatId('mrc', id('mrc', merchantId)),
      from,
      until,
    })),
  }
}

function desk({ app }: Door, { merchantDesk }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/notices',
    {
      schema: {
        tags: ['officers'],
        summary: '담당자 알림 · What the issuer’s desk was told, newest first',
        params: issuerParams,
        response: {
          200: Type.Object({ items: Type.Array(partyNoticeSchema) }),
          ...problemResponses,
        },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      return { items: (await merchantDesk.notices(issuerId)).map(partyNoticeView) }
    },
  )
}
