/** City hall's first screen: the last month up to now, in large figures, charts that need no colour, and tables. */
import { lazy, Suspense, type ReactNode } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { Amount } from '../ui/amount.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Loaded, Loading } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { overviewWords as words } from './overview-words.ts'
import { PotsCard } from './pots-card.tsx'
import { ReportDownloads } from './report-downloads.tsx'

export type Overview =
  paths['/v1/issuers/{issuerCode}/overview']['get']['responses'][200]['content']['application/json']

const DayChart = lazy(async () => ({ default: (await import('./day-chart.tsx')).DayChart }))

/** Asked anew so often while it is looked at. */
const EVERY_MS = 10_000

export function OverviewScreen() {
  const t = useWords(words)
  const writing = useWriting()
  const { issuerCode, path } = useCity()
  const read = useRead({ key: ['overview', issuerCode], everyMs: EVERY_MS, keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/overview', { params: { path } }),
  )
  return (
    <>
      <h1>{t.title}</h1>
      <Loaded read={read}>
        {(overview) => (
          <>
            <p className="soft">
              {t.span(writing.day(overview.from), writing.day(overview.through))}
            </p>
            <Headline overview={overview} />
            <Days overview={overview} />
            <Waiting />
            <div className="sides">
              <Places overview={overview} />
              <div className="stack">
                <PotsCard overview={overview} />
                <ByProgram overview={overview} />
              </div>
            </div>
            <ReportDownloads />
          </>
        )}
      </Loaded>
    </>
  )
}

function Headline({ overview }: { overview: Overview }) {
  const t = useWords(words)
  const writing = useWriting()
  const today = overview.days.at(-1)
  const figure = (name: string, value: ReactNode, note?: string) => (
    <div className="card">
      <p className="figure-name">{name}</p>
      <p>{value}</p>
      {note === undefined ? null : <p className="soft small">{note}</p>}
    </div>
  )
  const { whole, outstandingWon } = overview
  return (
    <div className="figures">
      {figure(
        t.issued,
        <Amount won={whole.issuedWon} size="l" />,
        t.today(writing.won(today?.issuedWon ?? 0)),
      )}
      {figure(
        t.used,
        <Amount won={whole.usedWon} size="l" />,
        t.today(writing.won(today?.usedWon ?? 0)),
      )}
      {figure(t.outstanding, <Amount won={outstandingWon} size="l" />, t.outstandingNote)}
      {figure(
        t.payments,
        <span className="amount" data-size="l">
          {writing.number(whole.payments)}
        </span>,
        t.today(writing.number(today?.payments ?? 0)),
      )}
    </div>
  )
}

function Days({ overview }: { overview: Overview }) {
  const t = useWords(words)
  const writing = useWriting()
  const [params, setParams] = useSearchParams()
  const view = params.get('days') === 'table' ? 'table' : 'chart'
  return (
    <section className="card stack">
      <h2>{t.byDay}</h2>
      <Tabs
        label={t.byDay}
        selected={view}
        onSelect={(next) =>
          setParams((before) => ({ ...Object.fromEntries(before), days: next }), { replace: true })
        }
        views={[
          {
            id: 'chart',
            label: t.chart,
            view: () => (
              <Suspense fallback={<Loading />}>
                <DayChart days={overview.days} />
              </Suspense>
            ),
          },
          {
            id: 'table',
            label: t.table,
            view: () => (
              <Table
                caption={t.byDay}
                isCaptionUnseen
                rows={overview.days.toReversed()}
                rowKey={({ day }) => day}
                columns={[
                  { key: 'day', label: t.day, cell: ({ day }) => writing.day(day) },
                  {
                    key: 'issued',
                    label: t.issued,
                    isNumber: true,
                    cell: ({ issuedWon }) => writing.won(issuedWon),
                  },
                  {
                    key: 'used',
                    label: t.used,
                    isNumber: true,
                    cell: ({ usedWon }) => writing.won(usedWon),
                  },
                  {
                    key: 'payments',
                    label: t.payments,
                    isNumber: true,
                    cell: ({ payments }) => writing.number(payments),
                  },
                ]}
              />
            ),
          },
        ]}
      />
      <p className="soft small">
        {overview.countedThrough === null
          ? t.live
          : t.counted(writing.day(overview.countedThrough))}
      </p>
    </section>
  )
}

/** What waits for this officer. */
function Waiting() {
  const t = useWords(words)
  const { issuerCode, path, to } = useCity()
  const read = useRead({ key: ['proposals', issuerCode, 'proposed'] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/proposals', {
      params: { path, query: { state: 'proposed' } },
    }),
  )
  const waiting = read.data?.items.length ?? 0
  if (waiting === 0) return null
  return (
    <ul className="list">
      <li>
        <RowLink to={to('proposals')}>{t.waiting(waiting)}</RowLink>
      </li>
    </ul>
  )
}

/** Bars with their figures written beside them: length says it too, colour says nothing. */
function Places({ overview }: { overview: Overview }) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const sectors = overview.sectors.map((each) => ({
    ...each,
    label: isKorean ? each.name : each.nameEn,
  }))
  const districts = overview.districts.map((each) => ({ ...each, label: each.district }))
  return (
    <section className="card stack">
      <h2>{t.places}</h2>
      <h3>{t.bySector}</h3>
      <Bars of={sectors} />
      <h3>{t.byDistrict}</h3>
      <Bars of={districts} />
    </section>
  )
}

/** So many are shown as bars; the report has all. */
const BARS_MAX = 8

function Bars({
  of: all,
}: {
  of: readonly { label: string; usedWon: number; payments: number }[]
}) {
  const t = useWords(words)
  const writing = useWriting()
  if (all.length === 0) return <p className="soft">{t.nothing}</p>
  const most = Math.max(...all.map(({ usedWon }) => usedWon), 1)
  return (
    <ol className="bars">
      {all.slice(0, BARS_MAX).map(({ label, usedWon, payments }) => (
        <li key={label}>
          <div className="row" data-spread>
            <span>{label}</span>
            <span className="amount">
              {writing.won(usedWon)} <span className="soft small">{t.times(payments)}</span>
            </span>
          </div>
          <div className="track" aria-hidden>
            <div className="fill" style={{ width: `${Math.max(0, (usedWon / most) * 100)}%` }} />
          </div>
        </li>
      ))}
    </ol>
  )
}

function ByProgram({ overview }: { overview: Overview }) {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  return (
    <Table
      caption={t.byProgram}
      rows={overview.programs}
      rowKey={({ programId }) => programId}
      columns={[
        {
          key: 'name',
          label: t.program,
          cell: ({ name, nameEn }) => (isKorean ? name : nameEn),
        },
        {
          key: 'used',
          label: t.used,
          isNumber: true,
          cell: ({ usedWon }) => writing.won(usedWon),
        },
        {
          key: 'outstanding',
          label: t.outstanding,
          isNumber: true,
          cell: ({ outstandingWon }) => writing.won(outstandingWon),
        },
      ]}
    />
  )
}
