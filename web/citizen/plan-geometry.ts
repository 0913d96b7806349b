/** Where shops stand on a plan: positions of the earth on a flat drawing of a town, north above. */
import type { Position } from './shops.ts'

export interface Spot {
  readonly x: number
  readonly y: number
}

export const PLAN_SIDE = 360
const MARGIN = 36
const METRES_OF_A_DEGREE = 111_320
/** A single shop, or all at one place, is shown with as much around it. */
const SPAN_METRES_MIN = 600
/** A scale is one of these. */
const SCALES = [50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000]
const SCALE_WIDTH_MAX = 110

export interface Plan {
  spot(position: Position): Spot
  /** A round distance, and how long it is on the plan. */
  readonly scale: { readonly metres: number; readonly width: number }
}

/**
 * @param centre what stands in the middle; the middle of all where absent
 * @param closer 1: all of them are in sight; 2: half of it
 */
export function planOf(
  positions: readonly Position[],
  { centre, closer }: { centre?: Position | undefined; closer: number },
): Plan {
  const latitudes = positions.map(({ latitude }) => latitude)
  const longitudes = positions.map(({ longitude }) => longitude)
  const middle = centre ?? { latitude: middleOf(latitudes), longitude: middleOf(longitudes) }
  const eastPerDegree = METRES_OF_A_DEGREE * Math.cos((middle.latitude * Math.PI) / 180)
  const spanMetres = Math.max(
    SPAN_METRES_MIN,
    spanOf(latitudes) * METRES_OF_A_DEGREE,
    spanOf(longitudes) * eastPerDegree,
  )
  const perMetre = ((PLAN_SIDE - 2 * MARGIN) / spanMetres) * closer
  const metres = SCALES.findLast((scale) => scale * perMetre <= SCALE_WIDTH_MAX) ?? SCALES[0] ?? 0
  return {
    spot: ({ latitude, longitude }) => ({
      x: PLAN_SIDE / 2 + (longitude - middle.longitude) * eastPerDegree * perMetre,
      y: PLAN_SIDE / 2 - (latitude - middle.latitude) * METRES_OF_A_DEGREE * perMetre,
    }),
    scale: { metres, width: metres * perMetre },
  }
}

const directions = {
  ArrowRight: { x: 1, y: 0 },
  ArrowLeft: { x: -1, y: 0 },
  ArrowDown: { x: 0, y: 1 },
  ArrowUp: { x: 0, y: -1 },
} as const satisfies Record<string, Spot>
export type Arrow = keyof typeof directions

export function isArrow(key: string): key is Arrow {
  return key in directions
}

/** The nearest spot that lies more in that direction than beside it. */
export function nextSpot(
  spots: readonly Spot[],
  { from, arrow }: { from: number; arrow: Arrow },
): number {
  const start = spots[from]
  if (start === undefined) return 0
  const way = directions[arrow]
  let best = from
  let least = Infinity
  for (const [index, { x, y }] of spots.entries()) {
    const ahead = (x - start.x) * way.x + (y - start.y) * way.y
    const beside = Math.abs((x - start.x) * way.y) + Math.abs((y - start.y) * way.x)
    const isThere = index !== from && ahead > 0 && beside <= ahead * 2
    const far = ahead + beside * 2
    if (isThere && far < least) [best, least] = [index, far]
  }
  return best
}

/** Of the spots within reach, the nearest to a point. */
export function spotAt(spots: readonly Spot[], point: Spot, reach: number): number | undefined {
  let best: number | undefined
  let least = reach
  for (const [index, { x, y }] of spots.entries()) {
    const far = Math.hypot(x - point.x, y - point.y)
    if (far <= least) [best, least] = [index, far]
  }
  return best
}

/** Of names on the plan, in units of it. */
const LETTER_WIDTH = 11
const LINE_HEIGHT = 15

interface Name extends Spot {
  readonly text: string
}

/** Those that fit on the plan and cover none that stood before them. */
export function apart<Label extends Name>(labels: readonly Label[]): Label[] {
  const kept: Label[] = []
  for (const label of labels) {
    const end = label.x + widthOf(label)
    const isInside = end <= PLAN_SIDE && label.x >= 0
    const isFree = kept.every(
      (other) =>
        Math.abs(other.y - label.y) >= LINE_HEIGHT ||
        end < other.x ||
        label.x > other.x + widthOf(other),
    )
    if (isInside && isFree) kept.push(label)
  }
  return kept
}

function widthOf({ text }: Name): number {
  return [...text].length * LETTER_WIDTH
}

function middleOf(values: readonly number[]): number {
  return (Math.max(...values) + Math.min(...values)) / 2
}

function spanOf(values: readonly number[]): number {
  return Math.max(...values) - Math.min(...values)
}
