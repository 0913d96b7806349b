/** The first thing an officer looks at: the last month up to now. */
import { Type } from 'typebox'
import { formatId, type IssuerId } from '../../base/base.ts'
import { isSector, sectors } from '../../acquiring/acquiring.ts'
import type { Overview } from '../../reporting/reporting.ts'
import { createBoundedCache } from '../bounded-cache.ts'
import { issuerParams, problemResponses, requireOfficer, type Door } from '../door.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, nullable, wonOut } from './views.ts'

/** Officers of one issuer who look within this see the same: a busy day is not added up for each of them. */
export const OVERVIEW_KEPT_MS = 5_000
const ISSUERS_KEPT_MAX = 500

const headlineOf = {
  issuedWon: Type.Integer({ description: 'Sold, granted or earned, less purchases cancelled' }),
  usedWon: Type.Integer({ description: 'Used at shops, less what was given back' }),
  endedWon: wonOut,
  payments: Type.Integer({ minimum: 0 }),
}
const usedOf = { usedWon: Type.Integer(), payments: Type.Integer({ minimum: 0 }) }
const overviewSchema = Type.Object({
  from: Type.String({ description: 'The first day, in Korea' }),
  through: Type.String({ description: 'Today, in Korea' }),
  countedThrough: nullable(Type.String({ description: 'Figures through this day are final' })),
  whole: Type.Object(headlineOf),
  outstandingWon: Type.Integer(),
  days: Type.Array(Type.Object({ day: Type.String(), ...headlineOf })),
  programs: Type.Array(
    Type.Object({
      programId: idOut,
      name: Type.String(),
      nameEn: Type.String(),
      outstandingWon: Type.Integer(),
      ...headlineOf,
    }),
  ),
  sectors: Type.Array(
    Type.Object({ sector: Type.String(), name: Type.String(), nameEn: Type.String(), ...usedOf }),
  ),
  districts: Type.Array(Type.Object({ district: Type.String(), ...usedOf })),
})

export function registerOverviewRoutes({ app, clock }: Door, deps: RouteDeps): void {
  const kept = createBoundedCache<{ until: number; answer: Promise<Overview> }>(ISSUERS_KEPT_MAX)
  const overview = (issuerId: IssuerId): Promise<Overview> => {
    const key = String(issuerId)
    const known = kept.get(key)
    if (known !== undefined && known.until > clock()) return known.answer
    const answer = deps.reporting.overview(issuerId)
    kept.set(key, { until: clock() + OVERVIEW_KEPT_MS, answer })
    answer.catch(() => kept.delete(key))
    return answer
  }
  app.get(
    '/v1/issuers/:issuerCode/overview',
    {
      schema: {
        tags: ['reports'],
        summary: '현황 · The last thirty days up to now, by day, program, sector and district',
        params: issuerParams,
        response: { 200: overviewSchema, ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireOfficer(request)
      const { programs, sectors: bySector, districts, ...rest } = await overview(issuerId)
      return {
        ...rest,
        days: [...rest.days],
        programs: programs.map(({ programId, ...figures }) => {
          const program = deps.issuing.program(issuerId, programId)
          const { name = '', nameEn = '' } = program ?? {}
          return { programId: formatId('prg', programId), name, nameEn, ...figures }
        }),
        sectors: bySector.map(({ name: sector, ...figures }) => {
          const known = isSector(sector) ? sectors[sector] : undefined
          const { nameKo: name = sector, nameEn = sector } = known ?? {}
          return { sector, name, nameEn, ...figures }
        }),
        districts: districts.map(({ name: district, ...figures }) => ({ district, ...figures })),
      }
    },
  )
}
