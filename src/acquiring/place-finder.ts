/** Finding where vouchers can be spent: open places of active merchants, by words and by distance. */
import { searchedText, searchWords } from '../base/base.ts'
import type { Merchant, Outlet } from './merchant.ts'
import { distanceM, type Position } from './position.ts'
import { sectors, type Sector } from './sector.ts'

export interface Place {
  readonly merchant: Merchant
  readonly outlet: Outlet
}

export interface PlaceQuery {
  /** All of its words have to stand in the names, the sector, the district or the address. */
  readonly text?: string
  readonly sector?: Sector
  /** The nearest first; places without a position come last. */
  readonly near?: Position
  /** The last place of the page before. */
  readonly after?: Place
  readonly limit: number
}

export interface FoundPlace extends Place {
  /** `undefined` where nobody said from where, or the place has no position. */
  readonly distanceM: number | undefined
}

export interface FoundPlaces {
  readonly places: readonly FoundPlace[]
  readonly isLast: boolean
}

/** Without `near` in the order of outlet ids. */
export function findPlaces(places: readonly Place[], query: PlaceQuery): FoundPlaces {
  const { text = '', sector, near, after, limit } = query
  const words = searchWords(text)
  const rank = (place: Place): FoundPlace => ({ ...place, distanceM: distanceOf(place, near) })
  const from = after && rank(after)
  const rest = places
    .filter(({ merchant, outlet }) => merchant.status === 'active' && outlet.open)
    .filter(({ merchant }) => sector === undefined || merchant.sector === sector)
    .filter((place) => words.length === 0 || hasWords(place, words))
    .map(rank)
    .filter((place) => from === undefined || inOrder(from, place) < 0)
    .toSorted(inOrder)
  return { places: rest.slice(0, limit), isLast: rest.length <= limit }
}

function distanceOf({ outlet }: Place, near: Position | undefined): number | undefined {
  if (near === undefined || outlet.position === null) return undefined
  return distanceM(near, outlet.position)
}

function inOrder(a: FoundPlace, b: FoundPlace): number {
  const [one, other] = [a.distanceM, b.distanceM]
  if (one !== other) {
    if (one === undefined) return 1
    return other === undefined ? -1 : one - other
  }
  return a.outlet.outletId - b.outlet.outletId
}

function hasWords({ merchant, outlet }: Place, words: readonly string[]): boolean {
  const { nameKo, nameEn } = sectors[merchant.sector]
  const own = [merchant.name, outlet.name, nameKo, nameEn, outlet.district, outlet.address]
  const all = searchedText(own.join('\n'))
  return words.every((word) => all.includes(word))
}
