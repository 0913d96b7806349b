/** What may be proposed, each with a look at what it would mean before it is. */
import { Type, type Static, type TSchema } from 'typebox'
import type { Wish } from '../../administration/administration.ts'
import { AMOUNT_WON_MAX, funders } from '../../base/base.ts'
import { potBounds, templateNames } from '../../issuing/issuing.ts'
import {
  idempotencyKey,
  idSchema,
  issuerParams,
  problemResponses,
  readId,
  readWon,
  requireOfficer,
  wonSchema,
  type Door,
} from '../door.ts'
import { changesSchema } from './issuer-rules.ts'
import { previewSchema, previewView, proposalSchema } from './proposal-views.ts'
import { holdingsOf, reasonIn, viewed } from './proposals.ts'
import { registered } from './registration-answers.ts'
import type { RouteDeps } from './route-deps.ts'
import { readChanges, readDay, readInstant, termsChangesSchema } from './terms-schema.ts'
import { nullable, wordOut } from './views.ts'

const nameIn = Type.String({ minLength: 1, maxLength: 240 })
const instantIn = Type.String({ maxLength: 40, description: 'RFC 3339 instant with its zone' })
const dayIn = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'Korean calendar day' })

/** One kind of proposal: its path, what is sent, and the wish that it is. */
interface Kind<Body extends TSchema> {
  readonly path: string
  readonly summary: string
  readonly body: Body
  /** Where the fields of the change stand in the body. */
  readonly place?: 'body' | 'body.changes' | 'body.overrides'
  readonly wish: (body: Static<Body>) => Wish
}

export function registerProposingRoutes(door: Door, deps: RouteDeps): void {
  proposing(door, deps, {
    path: 'programs',
    summary: '새 사업 · A new program, from a template',
    body: Type.Object({
      template: wordOut(templateNames),
      name: nameIn,
      nameEn: nameIn,
      region: nameIn,
      effectiveFrom: instantIn,
      overrides: Type.Optional(termsChangesSchema),
    }),
    place: 'body.overrides',
    wish: ({ effectiveFrom, overrides = {}, ...body }) => ({
      kind: 'create_program',
      ...body,
      effectiveFrom: readInstant(effectiveFrom, 'effectiveFrom'),
      overrides: readChanges(overrides, 'overrides'),
    }),
  })
  proposing(door, deps, {
    path: 'terms',
    summary: '운영 조건 변경 · Change terms from a later instant; what is not named stays',
    body: Type.Object({
      programId: idSchema('prg'),
      effectiveFrom: instantIn,
      changes: termsChangesSchema,
    }),
    place: 'body.changes',
    wish: ({ programId, effectiveFrom, changes }) => ({
      kind: 'change_terms',
      programId: readId('prg', programId),
      effectiveFrom: readInstant(effectiveFrom, 'effectiveFrom'),
      changes: readChanges(changes, 'changes'),
    }),
  })
  proposing(door, deps, {
    path: 'stops',
    summary: '판매·결제 중지와 재개 · Stop selling or paying, or go on, once it is decided',
    body: Type.Object({
      programId: idSchema('prg'),
      saleStopped: Type.Boolean(),
      paymentStopped: Type.Boolean(),
      reason: reasonIn,
    }),
    wish: ({ programId, ...body }) => ({
      kind: 'stop',
      programId: readId('prg', programId),
      ...body,
    }),
  })
  proposing(door, deps, {
    path: 'abolitions',
    summary: '사업 폐지 · End a program, told months before; null: sale ends when it is decided',
    body: Type.Object({
      programId: idSchema('prg'),
      saleEndsAt: nullable(instantIn),
      lastDay: dayIn,
      reason: reasonIn,
    }),
    wish: ({ programId, saleEndsAt, lastDay, reason }) => ({
      kind: 'abolish',
      programId: readId('prg', programId),
      saleEndsAt: saleEndsAt === null ? null : readInstant(saleEndsAt, 'saleEndsAt'),
      lastDay: readDay(lastDay, 'lastDay'),
      reason,
    }),
  })
  proposingBooks(door, deps)
}

function proposingBooks(door: Door, deps: RouteDeps): void {
  proposing(door, deps, {
    path: 'funding-pots',
    summary: '예산 재원 · A pot of a funder, or another name, period or amount of one',
    body: Type.Object({
      potId: nullable(idSchema('pot')),
      name: nameIn,
      funder: wordOut(funders),
      programIds: Type.Array(idSchema('prg'), { minItems: 1, maxItems: potBounds.programsMax }),
      startsOn: dayIn,
      endsOn: dayIn,
      amountWon: wonSchema({ min: 0, max: AMOUNT_WON_MAX }),
    }),
    wish: ({ potId, name, funder, programIds, startsOn, endsOn, amountWon }) => ({
      kind: 'set_pot',
      potId: potId === null ? null : readId('pot', potId),
      pot: {
        name,
        funder,
        programIds: programIds.map((programId) => readId('prg', programId)),
        startsOn: readDay(startsOn, 'startsOn'),
        endsOn: readDay(endsOn, 'endsOn'),
        amountWon: readWon(amountWon),
      },
    }),
  })
  proposing(door, deps, {
    path: 'rules',
    summary: '발행기관 규칙 변경 · Rules that one officer alone may not change',
    body: Type.Object({ effectiveFrom: instantIn, changes: changesSchema }),
    place: 'body.changes',
    wish: ({ effectiveFrom, changes }) => ({
      kind: 'set_rules',
      effectiveFrom: readInstant(effectiveFrom, 'effectiveFrom'),
      changes,
    }),
  })
}

function proposing<Body extends TSchema>(
  { app }: Door,
  deps: RouteDeps,
  { path, summary, body, place = 'body', wish }: Kind<Body>,
): void {
  const { administration } = deps
  const url = `/v1/issuers/:issuerCode/proposals/${path}`
  const schema = { tags: ['officers'], params: issuerParams, body }
  app.post(
    url,
    { schema: { ...schema, summary, response: { 201: proposalSchema, ...problemResponses } } },
    async (request, reply) => {
      const { issuerId, officerId } = requireOfficer(request)
      const requestId = idempotencyKey(request)
      const wished = wish(request.body as Static<Body>) // The schema let it through.
      const answer = await administration.propose({ issuerId, officerId, requestId, wish: wished })
      const { proposal } = registered(answer, isOfChange(answer) ? place : 'body')
      return reply.code(201).send(await viewed(deps, proposal))
    },
  )
  app.post(
    `${url}/preview`,
    {
      schema: {
        ...schema,
        summary: `${summary.split(' · ')[0]} 미리보기 · What it would mean; nothing is written`,
        response: { 200: previewSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const wished = wish(request.body as Static<Body>) // As above.
      const answer = registered(await administration.preview(issuerId, wished))
      return previewView(answer.judgement, await holdingsOf(deps, issuerId, answer.change))
    },
  )
}

/** Problems of terms and rules are about what is inside the change; all others about the request itself. */
function isOfChange(answer: { readonly status: string; readonly problems?: unknown }): boolean {
  return answer.problems !== undefined
}
