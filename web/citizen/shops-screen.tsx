/** Finding shops: by words, by kind, from where one stands; as a list or as a plan. */
import { LocateFixed } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { sectors } from '../../src/acquiring/acquiring.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Empty, Loading, Trouble } from '../ui/loaded.tsx'
import { SearchBox } from '../ui/search-box.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { IssuerScreen } from './screen.tsx'
import { ShopFacts } from './shop-facts.tsx'
import { ShopPlan } from './shop-plan.tsx'
import { shopWords } from './shop-words.ts'
import { useShops, type Position, type Shop, type ShopSector } from './shops.ts'

const ALL = 'all'
/** The API takes no more. */
const TEXT_LENGTH_MAX = 100
/** About ten metres: nearer than that nobody needs to be known. */
const PLACES = 4

export function ShopsScreen() {
  const t = useWords(shopWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="shops">
      {({ issuerCode }) => <Finder key={issuerCode} issuerCode={issuerCode} />}
    </IssuerScreen>
  )
}

function Finder({ issuerCode }: { issuerCode: string }) {
  const t = useWords(shopWords)
  const [search, setSearch] = useSearchParams()
  const [near, setNear] = useState<Position>()
  const text = search.get('text') ?? ''
  const sector = sectorOf(search.get('sector'))
  const change = (name: string, value: string): void =>
    setSearch(
      (now) => {
        const next = new URLSearchParams(now)
        if (value === '' || value === ALL) next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const read = useShops(issuerCode, { text, sector, near })
  const shops = read.data?.pages.flatMap(({ items }) => items) ?? []
  const views = {
    list: () => <ShopList shops={shops} />,
    plan: () => <ShopPlan shops={shops} here={near} />,
  }
  return (
    <>
      <SearchBox
        label={t.text}
        text={text}
        lengthMax={TEXT_LENGTH_MAX}
        onSearch={(next) => change('text', next)}
      />
      <SectorChoice sector={sector} onChange={(next) => change('sector', next)} />
      <Near near={near} onChange={setNear} />
      {read.isPending ? <Loading /> : null}
      {read.isError ? <Trouble error={read.error} onAgain={() => void read.refetch()} /> : null}
      {read.isSuccess && shops.length === 0 ? (
        <Empty title={t.none}>
          <p className="soft">{t.noneNote}</p>
        </Empty>
      ) : null}
      {shops.length === 0 ? null : (
        <>
          <Count count={shops.length} hasMore={read.hasNextPage} />
          <Tabs
            label={t.views}
            selected={search.get('view') === 'plan' ? 'plan' : 'list'}
            onSelect={(view) => change('view', view === 'plan' ? view : '')}
            views={[
              { id: 'list', label: t.list, view: views.list },
              { id: 'plan', label: t.plan, view: views.plan },
            ]}
          />
          {read.hasNextPage ? (
            <Button isPending={read.isFetchingNextPage} onPress={() => void read.fetchNextPage()}>
              {t.more}
            </Button>
          ) : null}
        </>
      )}
    </>
  )
}

function sectorOf(text: string | null): ShopSector | undefined {
  return text !== null && text in sectors ? (text as ShopSector) : undefined // Just looked up.
}

function SectorChoice(props: {
  readonly sector: ShopSector | undefined
  readonly onChange: (sector: string) => void
}) {
  const { sector, onChange } = props
  const t = useWords(shopWords)
  const isKorean = useLanguage() === 'ko'
  return (
    <Select
      label={t.sector}
      value={sector ?? ALL}
      onChange={onChange}
      options={[
        { value: ALL, label: t.allSectors },
        ...Object.entries(sectors).map(([value, { nameKo, nameEn }]) => ({
          value,
          label: isKorean ? nameKo : nameEn,
        })),
      ]}
    />
  )
}

function Near(props: {
  readonly near: Position | undefined
  readonly onChange: (near: Position | undefined) => void
}) {
  const { near, onChange } = props
  const t = useWords(shopWords)
  const [state, setState] = useState<'ready' | 'busy' | 'refused'>('ready')
  const locate = (): void => {
    setState('busy')
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        setState('ready')
        onChange({
          latitude: Number(coords.latitude.toFixed(PLACES)),
          longitude: Number(coords.longitude.toFixed(PLACES)),
        })
      },
      () => setState('refused'),
      { timeout: 10_000, maximumAge: 60_000 },
    )
  }
  return (
    <div className="stack" data-gap="s">
      <Button
        isPending={state === 'busy'}
        onPress={() => (near === undefined ? locate() : onChange(undefined))}
        isWide
      >
        <LocateFixed aria-hidden />
        {state === 'busy' ? t.locating : near === undefined ? t.near : t.nearOff}
      </Button>
      <p className="soft small">{t.locationNote}</p>
      {state === 'refused' ? (
        <Banner tone="wait" isNews>
          <p>{t.noLocation}</p>
        </Banner>
      ) : null}
    </div>
  )
}

function Count({ count, hasMore }: { count: number; hasMore: boolean }) {
  const t = useWords(shopWords)
  const writing = useWriting()
  const number = writing.number(count)
  return (
    <p className="soft small" role="status">
      {hasMore ? t.countMore(number) : t.count(number)}
    </p>
  )
}

function ShopList({ shops }: { shops: readonly Shop[] }) {
  return (
    <ul className="list">
      {shops.map((shop) => (
        <li key={shop.outletId} className="list-row">
          <ShopFacts shop={shop} />
        </li>
      ))}
    </ul>
  )
}
