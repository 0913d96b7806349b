/** The last minutes of a figure as a line, for those who would rather look; its words say the same. */
import type { ReactNode } from 'react'
import type { Point } from './live.ts'

const WIDTH = 240
const HEIGHT = 56
const MARGIN = 3

export function Sparkline(props: {
  readonly label: string
  /** As of now. */
  readonly figure: ReactNode
  /** What the line says, in words: lowest and highest. */
  readonly spoken: string
  readonly points: readonly Point[]
}) {
  const { label, figure, spoken, points } = props
  const { line, area } = pathsOf(points)
  return (
    <figure className="sparkline card">
      <figcaption className="row" data-spread>
        <span className="soft small">{label}</span>
        <span className="strong amount">{figure}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={spoken}
      >
        <path className="area" d={area} />
        <path className="line" d={line} vectorEffect="non-scaling-stroke" />
      </svg>
      <p className="soft small">{spoken}</p>
    </figure>
  )
}

function pathsOf(points: readonly Point[]): { line: string; area: string } {
  const first = points[0]
  const last = points.at(-1)
  if (first === undefined || last === undefined) return { line: '', area: '' }
  const highest = Math.max(1, ...points.map(({ value }) => value))
  const spanMs = Math.max(1, last.at - first.at)
  const placed = points.map(({ at, value }) => {
    const x = ((at - first.at) / spanMs) * WIDTH
    const y = HEIGHT - MARGIN - (value / highest) * (HEIGHT - 2 * MARGIN)
    return `${x.toFixed(1)},${y.toFixed(1)}`
  })
  const line = `M${placed.join(' L')}`
  return { line, area: `${line} L${WIDTH},${HEIGHT} L0,${HEIGHT} Z` }
}
