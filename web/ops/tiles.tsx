/** Tiles of the first screen: what it is, a sign with a word, and a figure; each leads to where one does something. */
import { Link } from 'wouter'
import { Badge, Banner, type Tone } from '../ui/telling.tsx'

export interface Tile {
  readonly id: string
  readonly label: string
  readonly tone: Tone
  readonly word: string
  readonly figure: string
  readonly note?: string
  readonly to: string
  /** What to do about it, where something is to be done. */
  readonly todo?: string
}

const ranks: Record<Tone, number> = { bad: 0, unknown: 1, wait: 2, plain: 3, good: 4 }

/** What troubles most stands first; else the order of the list. */
export function worstFirst<Of extends { readonly tone: Tone }>(all: readonly Of[]): Of[] {
  return all.toSorted((one, other) => ranks[one.tone] - ranks[other.tone])
}

export function TileGrid({ tiles }: { tiles: readonly Tile[] }) {
  return (
    <ul className="tiles">
      {tiles.map(({ id, label, tone, word, figure, note, to }) => (
        <li key={id}>
          <Link href={to} className="card tile" data-tone={tone}>
            <span className="row" data-spread>
              <span className="tile-label">{label}</span>
              <Badge tone={tone}>{word}</Badge>
            </span>
            <span className="tile-figure">{figure}</span>
            {note === undefined ? null : <span className="soft small">{note}</span>}
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** Each trouble as a sentence, with what to do and the way there. */
export function Problems({ tiles, go }: { tiles: readonly Tile[]; go: string }) {
  return (
    <ul className="stack" data-gap="s">
      {worstFirst(tiles).map(({ id, label, tone, word, todo, to }) => (
        <li key={id}>
          <Banner tone={tone} title={`${label}: ${word}`}>
            <div className="row" data-spread>
              <span>{todo}</span>
              <Link href={to}>
                {go}
                <span className="unseen"> {label}</span>
              </Link>
            </div>
          </Banner>
        </li>
      ))}
    </ul>
  )
}
