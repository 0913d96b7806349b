/** Money: bank against ledger by day, payouts, what funders are to pay in, settlements and what is held back. */
import { useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import { ExpectedPaymentsView } from './expected-payments-view.tsx'
import type { FundDay } from './money.ts'
import { PayoutsView } from './payouts-view.tsx'
import { HeldView, RunsView } from './settlements-view.tsx'

const words = {
  ko: {
    title: '자금',
    views: {
      days: '일일 대사',
      payouts: '지급',
      expected: '교부 예정',
      runs: '정산 회차',
      held: '지급 보류',
    },
    none: '아직 대사한 날이 없습니다',
    noneNote: '은행 거래명세가 들어온 다음 날부터 하루씩 올라옵니다.',
    newest: (day: string) => `${day} 대사`,
    day: '일자',
    bank: '은행 잔액',
    ledger: '원장 잔액',
    open: '대기 중인 차이',
    unexplained: '설명되지 않은 차이',
    breaks: '확인할 것',
    coverage: '지급 준비',
    covered: '넉넉함',
    short: (won: string) => `${won} 부족`,
    owed: '시민·가맹점에게 줄 돈',
    covering: '준비된 돈',
    items: (count: string) => `${count}건`,
    fine: '맞음',
  },
  en: {
    title: 'Money',
    views: {
      days: 'Fund days',
      payouts: 'Payouts',
      expected: 'Expected',
      runs: 'Settlement runs',
      held: 'Held back',
    },
    none: 'No day was reconciled yet',
    noneNote: 'Each day comes here after the bank’s statement of it.',
    newest: (day: string) => `Reconciliation of ${day}`,
    day: 'Day',
    bank: 'Bank',
    ledger: 'Ledger',
    open: 'Waiting differences',
    unexplained: 'Unexplained',
    breaks: 'To look at',
    coverage: 'Coverage',
    covered: 'covered',
    short: (won: string) => `${won} short`,
    owed: 'Owed to citizens and merchants',
    covering: 'What covers it',
    items: (count: string) => count,
    fine: 'agrees',
  },
}

const views = ['days', 'payouts', 'expected', 'runs', 'held'] as const

export function MoneyScreen() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const view = views.find((each) => each === params.get('view')) ?? 'days'
  const contents = {
    days: () => <FundDays />,
    payouts: () => <PayoutsView />,
    expected: () => <ExpectedPaymentsView />,
    runs: () => <RunsView />,
    held: () => <HeldView />,
  }
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs
        label={t.title}
        selected={view}
        onSelect={(next) => setParams({ view: next }, { replace: true })}
        views={views.map((id) => ({ id, label: t.views[id], view: contents[id] }))}
      />
    </>
  )
}

function FundDays() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const read = useRead({ key: ['fund', issuerCode, 'days'] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/fund/days', { params: { path } }),
  )
  return (
    <Loaded
      read={read}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {({ items }) => (
        <div className="stack">
          {items.slice(0, 1).map((newest) => (
            <Newest key={newest.date} day={newest} />
          ))}
          <DayTable days={items} />
        </div>
      )}
    </Loaded>
  )
}

function Newest({ day }: { day: FundDay }) {
  const t = useWords(words)
  const writing = useWriting()
  return (
    <section className="card stack">
      <div className="row" data-spread>
        <h2>{t.newest(writing.day(day.date))}</h2>
        <Coverage day={day} />
      </div>
      <Facts
        of={[
          [t.bank, writing.won(day.bankWon)],
          [t.ledger, writing.won(day.ledgerWon)],
          [t.open, `${writing.won(day.openWon)} (${t.items(writing.number(day.openCount))})`],
          [t.unexplained, writing.won(day.unexplainedWon)],
          [t.owed, writing.won(day.owedWon)],
          [t.covering, writing.won(day.coveringWon)],
        ]}
      />
    </section>
  )
}

function Coverage({ day }: { day: FundDay }) {
  const t = useWords(words)
  const writing = useWriting()
  const { shortWon, coverageBasisPoints } = day
  if (shortWon > 0) return <Badge tone="bad">{t.short(writing.won(shortWon))}</Badge>
  const share =
    coverageBasisPoints === null ? '' : ` ${writing.percent(coverageBasisPoints / 10_000)}`
  return <Badge tone="good">{`${t.covered}${share}`}</Badge>
}

function DayTable({ days }: { days: readonly FundDay[] }) {
  const t = useWords(words)
  const writing = useWriting()
  return (
    <Table
      caption={t.views.days}
      isCaptionUnseen
      rows={days}
      rowKey={({ date }) => date}
      columns={[
        { key: 'day', label: t.day, cell: ({ date }) => writing.day(date) },
        { key: 'bank', label: t.bank, isNumber: true, cell: (day) => writing.won(day.bankWon) },
        {
          key: 'ledger',
          label: t.ledger,
          isNumber: true,
          cell: (day) => writing.won(day.ledgerWon),
        },
        { key: 'open', label: t.open, isNumber: true, cell: (day) => writing.won(day.openWon) },
        {
          key: 'breaks',
          label: t.breaks,
          cell: ({ breakCount }) =>
            breakCount === 0 ? (
              <Badge tone="good">{t.fine}</Badge>
            ) : (
              <Badge tone="bad">{t.items(writing.number(breakCount))}</Badge>
            ),
        },
        { key: 'coverage', label: t.coverage, cell: (day) => <Coverage day={day} /> },
      ]}
    />
  )
}
