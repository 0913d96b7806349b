/** The shop finder: where vouchers can be spent, for anybody. */
import { Type, type Static } from 'typebox'
import {
  eligibleTenders,
  findPlaces,
  isInKorea,
  isSector,
  sectors,
  type FoundPlace,
  type Place,
  type Position,
  type Sector,
} from '../../acquiring/acquiring.ts'
import { formatId, type Instant, type IssuerId } from '../../base/base.ts'
import { termsAt } from '../../issuing/issuing.ts'
import {
  idPageQuery,
  issuerParams,
  listSchema,
  problemResponses,
  readId,
  refusal,
  requireIssuer,
  type Door,
} from '../door.ts'
import { positionSchema } from './outlets.ts'
import type { RouteDeps } from './route-deps.ts'
import { idOut, moneyOf, moneyView, nullable } from './views.ts'

const TEXT_LENGTH_MAX = 100

const shopSchema = Type.Object({
  outletId: idOut,
  outletName: Type.String(),
  merchantId: idOut,
  merchantName: Type.String(),
  sector: Type.String(),
  sectorName: Type.String(),
  sectorNameEn: Type.String(),
  district: Type.String(),
  address: Type.String(),
  position: nullable(positionSchema),
  distanceM: nullable(Type.Integer({ description: 'From `near`; null: no position is known' })),
  /** What can be spent there now; empty: nothing of this issuer. */
  accepts: Type.Array(Type.Object(moneyOf)),
})

export function registerShopRoutes({ app, clock }: Door, deps: RouteDeps): void {
  app.get(
    '/v1/issuers/:issuerCode/shops',
    {
      config: { open: true },
      schema: {
        tags: ['issuers'],
        summary: '가맹점 찾기 · Places where vouchers can be spent, by words and by distance',
        params: issuerParams,
        querystring: Type.Object({
          ...idPageQuery('out'),
          text: Type.Optional(
            Type.String({
              maxLength: TEXT_LENGTH_MAX,
              description: 'Words of the name, the sector, the district or the address',
            }),
          ),
          sector: Type.Optional(
            Type.Unsafe<Sector>({ type: 'string', enum: Object.keys(sectors) }),
          ),
          near: Type.Optional(
            Type.String({
              pattern: '^\\d{1,3}(\\.\\d{1,8})?,\\d{1,3}(\\.\\d{1,8})?$',
              description: 'Latitude and longitude, such as 35.9676,126.7369: the nearest first',
            }),
          ),
        }),
        response: { 200: listSchema(shopSchema), ...problemResponses },
      },
    },
    async (request) => {
      const { issuerId } = requireIssuer(request)
      const { text, sector, limit, cursor } = request.query
      const near = readNear(request.query.near)
      const after = readAfter(deps, issuerId, cursor)
      const { places, isLast } = findPlaces(placesOf(deps, issuerId), {
        limit,
        ...(text === undefined ? {} : { text }),
        ...(sector === undefined || !isSector(sector) ? {} : { sector }),
        ...(near === undefined ? {} : { near }),
        ...(after === undefined ? {} : { after }),
      })
      const last = places.at(-1)
      return {
        items: places.map((place) => shopView(deps, place, clock())),
        nextCursor: isLast || last === undefined ? null : formatId('out', last.outlet.outletId),
      }
    },
  )
}

/** @throws HttpProblem where it is not in Korea */
function readNear(text: string | undefined): Position | undefined {
  if (text === undefined) return undefined
  const [latitude = 0, longitude = 0] = text.split(',').map(Number)
  const position = { latitude, longitude }
  if (!isInKorea(position)) throw refusal('validation_failed', { field: 'query.near' })
  return position
}

/** The place after which the page begins; one that is closed by now still says where. */
function readAfter(
  { acquiring }: Pick<RouteDeps, 'acquiring'>,
  issuerId: IssuerId,
  cursor: string | undefined,
): Place | undefined {
  if (cursor === undefined) return undefined
  const outlet = acquiring.outlet(issuerId, readId('out', cursor))
  const merchant = outlet && acquiring.merchant(issuerId, outlet.merchantId)
  if (outlet === undefined || merchant === undefined) {
    throw refusal('validation_failed', { field: 'query.cursor' })
  }
  return { outlet, merchant }
}

function placesOf(
  { acquiring }: Pick<RouteDeps, 'acquiring'>,
  issuerId: IssuerId,
): readonly Place[] {
  return acquiring
    .merchants(issuerId)
    .flatMap((merchant) =>
      acquiring.outletsOf(issuerId, merchant.merchantId).map((outlet) => ({ merchant, outlet })),
    )
}

function shopView(
  { issuing }: Pick<RouteDeps, 'issuing'>,
  { merchant, outlet, distanceM }: FoundPlace,
  now: Instant,
): Static<typeof shopSchema> {
  const { issuerId, merchantId, sector } = merchant
  const { outletId, name, district, address, position } = outlet
  const termsInForce = issuing
    .programs(issuerId)
    .flatMap((program) => termsAt(program.terms, now) ?? [])
  const { tenders } = eligibleTenders({ merchant, outlet, termsInForce })
  return {
    outletId: formatId('out', outletId),
    outletName: name,
    merchantId: formatId('mrc', merchantId),
    merchantName: merchant.name,
    sector,
    sectorName: sectors[sector].nameKo,
    sectorNameEn: sectors[sector].nameEn,
    district,
    address,
    position,
    distanceM: distanceM ?? null,
    accepts: tenders.map((tender) => moneyView(issuing, issuerId, tender)),
  }
}
