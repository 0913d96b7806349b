/** The first screen: what troubles, in words and with what to do; everything as tiles; the last minutes as lines. */
import { LinkButton } from '../ui/button.tsx'
import { Loading } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useTiles } from './glance-tiles.ts'
import { glanceWords } from './glance-words.ts'
import { useSeen, type Series } from './live.ts'
import { Sparkline } from './sparkline.tsx'
import { Problems, TileGrid } from './tiles.tsx'

export function GlanceScreen() {
  const t = useWords(glanceWords)
  const tiles = useTiles()
  const troubles = tiles?.filter(({ todo }) => todo !== undefined) ?? []
  return (
    <>
      <div className="head">
        <h1>{t.heading}</h1>
        <p className="soft small wide-only">{t.keys}</p>
        <LinkButton to="/cards?tab=sales">{t.findSale}</LinkButton>
      </div>
      {tiles === undefined ? (
        <Loading />
      ) : (
        <>
          <section className="stack" data-gap="s" aria-labelledby="problems">
            <h2 id="problems">{t.problems}</h2>
            {troubles.length === 0 ? (
              <Banner tone="good" title={t.fine}>
                <p>{t.fineNote}</p>
              </Banner>
            ) : (
              <Problems tiles={troubles} go={t.go} />
            )}
          </section>
          <section className="stack" data-gap="s" aria-labelledby="all">
            <h2 id="all">{t.all}</h2>
            <TileGrid tiles={tiles} />
          </section>
        </>
      )}
      <LastMinutes />
    </>
  )
}

const minutesWords = {
  ko: {
    series: {
      answerMs: '코어가 답하는 시간',
      waiting: '기다리는 통보',
      exposureWon: '대행승인 노출액',
      feedLagMs: '공급 지연',
    } satisfies Record<Series, string>,
    count: (count: string) => `${count}건`,
    between: (low: string, high: string) => `낮을 때 ${low}, 높을 때 ${high}`,
  },
  en: {
    series: {
      answerMs: 'Time of the core’s answer',
      waiting: 'Advices waiting',
      exposureWon: 'Exposure of stand-in',
      feedLagMs: 'Feed lag',
    } satisfies Record<Series, string>,
    count: (count: string) => count,
    between: (low: string, high: string) => `between ${low} and ${high}`,
  },
}

const shown = ['answerMs', 'waiting', 'exposureWon', 'feedLagMs'] as const

function LastMinutes() {
  const t = useWords(glanceWords)
  return (
    <section className="stack" data-gap="s" aria-labelledby="minutes">
      <h2 id="minutes">{t.minutes}</h2>
      <p className="soft small">{t.minutesNote}</p>
      <div className="columns" style={{ ['--column' as string]: '14rem' }}>
        {shown.map((series) => (
          <LineOf key={series} series={series} />
        ))}
      </div>
    </section>
  )
}

export function LineOf({ series }: { series: Series }) {
  const t = useWords(minutesWords)
  const writing = useWriting()
  const points = useSeen(series)
  const written = (value: number): string => {
    if (series === 'exposureWon') return writing.won(value)
    if (series === 'waiting') return t.count(writing.number(value))
    return `${writing.number(Math.round(value))} ms`
  }
  const values = points.map(({ value }) => value)
  const last = values.at(-1)
  return (
    <Sparkline
      label={t.series[series]}
      figure={last === undefined ? '—' : written(last)}
      spoken={
        values.length === 0
          ? '—'
          : t.between(written(Math.min(...values)), written(Math.max(...values)))
      }
      points={points}
    />
  )
}
