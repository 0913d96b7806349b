/**
 * Shops as a plan, drawn here from their positions: no tiles, no other host. It is one list to a keyboard and to a
 * screen reader: arrows go to the nearest shop in their direction, a tap takes the nearest one.
 */
import { Minus, Plus } from 'lucide-react'
import { useId, useState, type KeyboardEvent, type MouseEvent } from 'react'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import {
  apart,
  isArrow,
  nextSpot,
  planOf,
  PLAN_SIDE,
  spotAt,
  type Plan,
  type Spot,
} from './plan-geometry.ts'
import { ShopFacts } from './shop-facts.tsx'
import { shopWords } from './shop-words.ts'
import type { Position, Shop } from './shops.ts'

type Placed = Shop & { readonly position: Position }

const CLOSER_MAX = 8
/** Of a fingertip, in units of the plan. */
const REACH = 28

export function ShopPlan(props: {
  readonly shops: readonly Shop[]
  readonly here: Position | undefined
}) {
  const { shops, here } = props
  const t = useWords(shopWords)
  const writing = useWriting()
  const placed = shops.filter((shop): shop is Placed => shop.position !== null)
  const [chosen, setChosen] = useState(0)
  const [closer, setCloser] = useState(1)
  const shop = placed[chosen] ?? placed[0]
  if (shop === undefined) {
    return (
      <Empty title={t.plan}>
        <p className="soft">{t.noneOnPlan}</p>
      </Empty>
    )
  }
  const positions = placed.map(({ position }) => position)
  const plan = planOf(here === undefined ? positions : [...positions, here], {
    closer,
    centre: closer > 1 ? shop.position : undefined,
  })
  const unplaced = shops.length - placed.length
  return (
    <div className="stack">
      <div className="plan-frame">
        <Drawing
          shops={placed}
          chosen={Math.min(chosen, placed.length - 1)}
          onChoose={setChosen}
          plan={plan}
          here={here}
        />
        <div className="plan-zoom">
          <Button
            aria-label={t.closer}
            isDisabled={closer >= CLOSER_MAX}
            onPress={() => setCloser(closer * 2)}
          >
            <Plus aria-hidden />
          </Button>
          <Button
            aria-label={t.farther}
            isDisabled={closer <= 1}
            onPress={() => setCloser(closer / 2)}
          >
            <Minus aria-hidden />
          </Button>
        </div>
      </div>
      <div className="card" aria-live="polite">
        <ShopFacts shop={shop} />
      </div>
      {unplaced === 0 ? null : (
        <p className="soft small">{t.noPosition(writing.number(unplaced))}</p>
      )}
    </div>
  )
}

interface DrawingProps {
  readonly shops: readonly Placed[]
  readonly chosen: number
  readonly onChoose: (index: number) => void
  readonly plan: Plan
  readonly here: Position | undefined
}

function Drawing({ shops, chosen, onChoose, plan, here }: DrawingProps) {
  const t = useWords(shopWords)
  const id = useId()
  const spots = shops.map(({ position }) => plan.spot(position))
  const press = (event: KeyboardEvent): void => {
    if (!isArrow(event.key)) return
    event.preventDefault()
    onChoose(nextSpot(spots, { from: chosen, arrow: event.key }))
  }
  const tap = (event: MouseEvent<HTMLElement>): void => {
    const box = event.currentTarget.getBoundingClientRect()
    const scale = PLAN_SIDE / box.width
    const point = { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale }
    const found = spotAt(spots, point, REACH)
    if (found !== undefined) onChoose(found)
  }
  return (
    <div
      className="plan"
      role="listbox"
      aria-label={t.planLabel}
      aria-activedescendant={`${id}${chosen}`}
      tabIndex={0}
      onKeyDown={press}
      onClick={tap}
    >
      <svg viewBox={`0 0 ${PLAN_SIDE} ${PLAN_SIDE}`} aria-hidden>
        <Ground plan={plan} />
        <Names shops={shops} spots={spots} chosen={chosen} />
        {here === undefined ? null : <Here spot={plan.spot(here)} />}
        {spots.map((spot, index) =>
          index === chosen ? null : <Dot key={shops[index]?.outletId} spot={spot} />,
        )}
        <Chosen spot={spots[chosen]} name={shops[chosen]?.outletName ?? ''} />
      </svg>
      {shops.map(({ outletId, outletName }, index) => (
        <span
          key={outletId}
          id={`${id}${index}`}
          role="option"
          aria-selected={index === chosen}
          className="unseen"
        >
          {outletName}
        </span>
      ))}
    </div>
  )
}

const LINES = [1, 2, 3, 4, 5].map((line) => (line * PLAN_SIDE) / 6)

function Ground({ plan }: { plan: Plan }) {
  const t = useWords(shopWords)
  const { metres, width } = plan.scale
  const base = PLAN_SIDE - 14
  return (
    <>
      {LINES.map((at) => (
        <path key={at} className="plan-line" d={`M0 ${at}H${PLAN_SIDE}M${at} 0V${PLAN_SIDE}`} />
      ))}
      <path className="plan-scale" d={`M14 ${base - 6}V${base}H${14 + width}V${base - 6}`} />
      <text className="plan-small" x={14} y={base - 12}>
        {t.metres(metres)}
      </text>
      <path className="plan-north" d="M18 30 24 14 30 30 24 26Z" />
      <text className="plan-small" x={24} y={44} textAnchor="middle">
        {t.north}
      </text>
    </>
  )
}

/** Names beside their dots, as many as there is room for; all of them stand in the list. */
function Names(props: {
  readonly shops: readonly Placed[]
  readonly spots: readonly Spot[]
  readonly chosen: number
}) {
  const { shops, spots, chosen } = props
  const labels = spots.map(({ x, y }, index) => {
    const text = shops[index]?.outletName ?? ''
    return { text, x: x + 11, y: y + 4, key: shops[index]?.outletId }
  })
  return apart(labels.filter((_, index) => index !== chosen)).map(({ key, text, x, y }) => (
    <text key={key} className="plan-label" x={x} y={y}>
      {text}
    </text>
  ))
}

function Dot({ spot: { x, y } }: { spot: Spot }) {
  return <circle className="plan-dot" cx={x} cy={y} r={7} />
}

function Chosen({ spot, name }: { spot: Spot | undefined; name: string }) {
  if (spot === undefined) return null
  const { x, y } = spot
  const anchor = x < 90 ? 'start' : x > PLAN_SIDE - 90 ? 'end' : 'middle'
  return (
    <>
      <path
        className="plan-pin"
        d={`M${x} ${y}c-4-9-11-13-11-21a11 11 0 0 1 22 0c0 8-7 12-11 21Z`}
      />
      <circle className="plan-pin-eye" cx={x} cy={y - 21} r={4} />
      <text className="plan-name" x={x} y={y - 40 < 14 ? y + 20 : y - 40} textAnchor={anchor}>
        {name}
      </text>
    </>
  )
}

function Here({ spot: { x, y } }: { spot: Spot }) {
  const t = useWords(shopWords)
  return (
    <>
      <circle className="plan-here" cx={x} cy={y} r={9} />
      <text className="plan-small" x={x} y={y + 24} textAnchor="middle">
        {t.here}
      </text>
    </>
  )
}
