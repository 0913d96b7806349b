/** An officer's desk for programs: what is in force and to come, what was sold, templates and pots. */
import { Type, type Static } from 'typebox'
import {
  businessMonth,
  formatId,
  type Instant,
  type IssuerId,
  type PotId,
  type Won,
  won,
} from '../../base/base.ts'
import {
  potInForce,
  programTemplates,
  stopAt,
  templateNames,
  termsAt,
  type FundingPot,
  type Program,
} from '../../issuing/issuing.ts'
import {
  idSchema,
  instantSchema,
  instantText,
  issuerParam,
  issuerParams,
  notFound,
  problemResponses,
  readId,
  requireOfficer,
  type Door,
} from '../door.ts'
import { potOut, potView } from './proposal-views.ts'
import type { RouteDeps } from './route-deps.ts'
import { termsSchema, termsView } from './terms-schema.ts'
import { idOut, nullable, wonOut, wordOut } from './views.ts'

const programParams = Type.Object({ ...issuerParam, programId: idSchema('prg') })

const potSchema = Type.Object({
  potId: idOut,
  ...potOut,
  usedWon: wonOut,
  leftWon: Type.Integer({
    description: 'Below zero where the pot was made smaller than what was drawn',
  }),
  inForce: Type.Boolean({ description: 'Its period is now' }),
})

const programSchema = Type.Object({
  programId: idOut,
  name: Type.String(),
  nameEn: Type.String(),
  terms: nullable(termsSchema),
  /** Decided, and not in force yet. */
  toCome: Type.Array(termsSchema),
  stop: nullable(
    Type.Object({
      from: instantSchema,
      saleStopped: Type.Boolean(),
      paymentStopped: Type.Boolean(),
      reason: Type.String(),
    }),
  ),
  abolition: nullable(
    Type.Object({
      announcedAt: instantSchema,
      saleEndsAt: instantSchema,
      lastDay: Type.String(),
      reason: Type.String(),
    }),
  ),
  soldThisMonthWon: wonOut,
  pots: Type.Array(potSchema),
})

const templateSchema = Type.Object({
  template: wordOut(templateNames),
  description: Type.String(),
  descriptionEn: Type.String(),
  terms: Type.Unsafe<object>({ type: 'object', additionalProperties: true }),
})

export function registerProgramRoutes(door: Door, deps: RouteDeps): void {
  termsHistory(door, deps)
  programDesk(door, deps)
  templates(door)
  pots(door, deps)
}

function termsHistory({ app }: Door, { programs }: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/programs/:programId/terms',
    {
      schema: {
        tags: ['officers'],
        summary: '운영 조건 이력 · Every version of a program’s terms, the oldest first',
        params: programParams,
        response: { 200: Type.Object({ items: Type.Array(termsSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const programId = readId('prg', request.params.programId)
      if (programs.program(issuerId, programId) === undefined) throw notFound('path.programId')
      return { items: programs.writtenTerms(issuerId, programId).map(termsView) }
    },
  )
}

function programDesk({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/administration/programs',
    {
      schema: {
        tags: ['officers'],
        summary:
          '사업 현황 · Programs with terms in force and to come, sales of the month and pots',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(programSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const now = deps.clock()
      const sold = await deps.programReading.programSales(issuerId, businessMonth(now))
      const kept = await potsOf(deps, issuerId, now)
      const items = deps.programs.programs(issuerId).map((program) => ({
        ...programView(deps, program, now),
        soldThisMonthWon: sold.get(program.programId) ?? won(0),
        pots: kept.filter((pot) => pot.programIds.includes(formatId('prg', program.programId))),
      }))
      return { items }
    },
  )
}

function programView({ programs }: Pick<RouteDeps, 'programs'>, program: Program, now: Instant) {
  const { issuerId, programId, name, nameEn, abolition = null } = program
  const terms = termsAt(program.terms, now)
  const conditions = programs.conditions(issuerId, programId)
  const stop = conditions && stopAt(conditions, now)
  return {
    programId: formatId('prg', programId),
    name,
    nameEn,
    terms: terms === undefined ? null : termsView(terms),
    toCome: program.terms.filter(({ effectiveFrom }) => effectiveFrom > now).map(termsView),
    stop: stop === undefined ? null : { ...stop, from: instantText(stop.from) },
    abolition:
      abolition === null
        ? null
        : {
            ...abolition,
            announcedAt: instantText(abolition.announcedAt),
            saleEndsAt: instantText(abolition.saleEndsAt),
          },
  }
}

function templates({ app }: Door): void {
  app.get(
    '/v1/issuers/:issuerCode/program-templates',
    {
      schema: {
        tags: ['officers'],
        summary: '사업 템플릿 · What a program may be started from; every value may be changed',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(templateSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      requireOfficer(request)
      return {
        items: programTemplates.map(({ name, ko, en, fields }) => ({
          template: name,
          description: ko,
          descriptionEn: en,
          terms: fields,
        })),
      }
    },
  )
}

function pots({ app }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/funding-pots',
    {
      schema: {
        tags: ['officers'],
        summary: '예산 재원 현황 · Pots by funder, with what is left',
        params: issuerParams,
        response: { 200: Type.Object({ items: Type.Array(potSchema) }), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      return { items: await potsOf(deps, issuerId, deps.clock()) }
    },
  )
}

async function potsOf(
  { programs, programReading }: Pick<RouteDeps, 'programs' | 'programReading'>,
  issuerId: IssuerId,
  now: Instant,
): Promise<Static<typeof potSchema>[]> {
  const kept: readonly FundingPot[] = programs.pots(issuerId)
  const ids: readonly PotId[] = kept.map((pot) => pot.potId)
  const used: ReadonlyMap<PotId, Won> = await programReading.potUses(issuerId, ids)
  return kept.map((pot) => {
    const usedWon = used.get(pot.potId) ?? won(0)
    return {
      potId: formatId('pot', pot.potId),
      ...potView(pot),
      usedWon,
      leftWon: pot.amountWon - usedWon,
      inForce: potInForce(pot, now),
    }
  })
}
