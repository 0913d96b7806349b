/** Where a place is on the map, and how far from another: WGS 84, as telephones tell it. */

export interface Position {
  /** Degrees; kept to six decimals, which are 11 cm. */
  readonly latitude: number
  readonly longitude: number
}

/** All that is Korea, from 마라도 to 강원도 고성 and from 백령도 to 독도, with some sea around it. */
export const koreaBounds = {
  latitudeMin: 33,
  latitudeMax: 38.7,
  longitudeMin: 124.5,
  longitudeMax: 132,
} as const

const MICRO = 1_000_000
const EARTH_RADIUS_M = 6_371_000

export function isInKorea({ latitude, longitude }: Position): boolean {
  const { latitudeMin, latitudeMax, longitudeMin, longitudeMax } = koreaBounds
  return (
    latitude >= latitudeMin &&
    latitude <= latitudeMax &&
    longitude >= longitudeMin &&
    longitude <= longitudeMax
  )
}

/** To six decimals. */
export function keptPosition({ latitude, longitude }: Position): Position {
  const kept = (degrees: number): number => Math.round(degrees * MICRO) / MICRO
  return { latitude: kept(latitude), longitude: kept(longitude) }
}

/** Whole metres along the ground, by the haversine; to half a percent, since the earth is no ball. */
export function distanceM(from: Position, to: Position): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const north = Math.sin(radians(to.latitude - from.latitude) / 2) ** 2
  const east = Math.sin(radians(to.longitude - from.longitude) / 2) ** 2
  const both = Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude))
  return Math.round(2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(north + both * east)))
}
