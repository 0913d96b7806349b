/** The sales of a day or a week, by place: the sum, when it came in, and each payment. */
import { ChevronLeft, ChevronRight } from 'lucide-react'
import { useSearchParams } from 'wouter'
import { weekdayOf, type BusinessDate } from '../../src/base/base.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { DayField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { Bars } from './bars.tsx'
import { daysFrom, dayOr, today, weekOf } from './days.ts'
import { OutletFilter } from './outlet-choice.tsx'
import { DaySales } from './day-sales.tsx'
import { Screen } from './screen.tsx'
import { useMerchant, useShop, useShopRead } from './shop-context.tsx'

type DayParts = readonly number[]

const words = {
  ko: {
    title: '매출',
    views: '기간',
    today: '오늘',
    week: '이번 주',
    day: '날짜 고르기',
    chosenDay: '날짜',
    before: '하루 앞',
    after: '하루 뒤',
    weekBefore: '한 주 앞',
    weekAfter: '한 주 뒤',
    sum: '받은 금액',
    counts: (payments: string) => `결제 ${payments}건`,
    back: (count: string, amount: string) => `취소 ${count}건 ${amount}을 뺀 금액`,
    byDay: '요일별 매출',
    weekdays: ['일', '월', '화', '수', '목', '금', '토'],
    weekSpan: ([, month, day]: DayParts, [, lastMonth, lastDay]: DayParts) =>
      `${month}월 ${day}일 ~ ${lastMonth}월 ${lastDay}일`,
    daysOfWeek: '하루씩 보기',
  },
  en: {
    title: 'Sales',
    views: 'Period',
    today: 'Today',
    week: 'This week',
    day: 'Choose a day',
    chosenDay: 'Day',
    before: 'A day earlier',
    after: 'A day later',
    weekBefore: 'A week earlier',
    weekAfter: 'A week later',
    sum: 'Taken',
    counts: (payments: string) => `${payments} payments`,
    back: (count: string, amount: string) => `less ${count} cancellations of ${amount}`,
    byDay: 'By day',
    weekdays: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
    weekSpan: ([, month, day]: DayParts, [, lastMonth, lastDay]: DayParts) =>
      `${day}/${month} – ${lastDay}/${lastMonth}`,
    daysOfWeek: 'Day by day',
  },
}

export function SalesScreen() {
  const t = useWords(words)
  const merchant = useMerchant()
  const [search, setSearch] = useSearchParams()
  const view = search.get('view') ?? 'today'
  const day = dayOr(search.get('day'), today())
  const change = (values: Readonly<Record<string, string>>): void =>
    setSearch(
      (before) => {
        for (const [name, value] of Object.entries(values)) before.set(name, value)
        return before
      },
      { replace: true },
    )
  return (
    <Screen title={t.title}>
      <OutletFilter outlets={merchant.data?.outlets ?? []} />
      <Tabs
        label={t.views}
        selected={view}
        onSelect={(next) => change({ view: next, day: today() })}
        views={[
          { id: 'today', label: t.today, view: () => <Day day={today()} /> },
          {
            id: 'week',
            label: t.week,
            view: () => <Week day={day} onDay={(next) => change({ day: next })} />,
          },
          {
            id: 'day',
            label: t.day,
            view: () => <AnyDay day={day} onDay={(next) => change({ day: next })} />,
          },
        ]}
      />
    </Screen>
  )
}

/** What days of a period took and gave back. */
function useDays(from: BusinessDate, through: BusinessDate) {
  const [search] = useSearchParams()
  const outletId = search.get('outlet')
  return useShopRead(
    { key: ['sales', 'days', from, through, outletId], keep: true },
    (client, path) =>
      client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/payments/days', {
        params: { path, query: { from, through, ...(outletId === null ? {} : { outletId }) } },
      }),
  )
}

interface Sum {
  readonly payments: number
  readonly paymentsWon: number
  readonly cancellations: number
  readonly cancellationsWon: number
}

function SumCard({ sum }: { sum: Sum }) {
  const t = useWords(words)
  const writing = useWriting()
  return (
    <div className="card stack" data-gap="s">
      <p className="soft">{t.sum}</p>
      <Amount won={sum.paymentsWon - sum.cancellationsWon} size="l" />
      <p className="soft small">
        {t.counts(writing.number(sum.payments))}
        {sum.cancellations === 0
          ? ''
          : ` · ${t.back(writing.number(sum.cancellations), writing.won(sum.cancellationsWon))}`}
      </p>
    </div>
  )
}

function Day({ day }: { day: BusinessDate }) {
  const sums = useDays(day, day)
  return (
    <div className="stack">
      <Loaded read={sums}>{drawSum}</Loaded>
      <DaySales day={day} />
    </div>
  )
}

const drawSum = (sum: Sum) => <SumCard sum={sum} />

function AnyDay({ day, onDay }: { day: BusinessDate; onDay: (day: BusinessDate) => void }) {
  const t = useWords(words)
  return (
    <div className="stack">
      <div className="day-choice">
        <Button aria-label={t.before} onPress={() => onDay(daysFrom(day, -1))}>
          <ChevronLeft aria-hidden />
        </Button>
        <DayField label={t.chosenDay} value={day} onChange={(next) => onDay(dayOr(next, day))} />
        <Button
          aria-label={t.after}
          isDisabled={day >= today()}
          onPress={() => onDay(daysFrom(day, 1))}
        >
          <ChevronRight aria-hidden />
        </Button>
      </div>
      <Day day={day} />
    </div>
  )
}

function Week({ day, onDay }: { day: BusinessDate; onDay: (day: BusinessDate) => void }) {
  const t = useWords(words)
  const week = weekOf(day)
  const from = week[0] ?? day
  const through = week[6] ?? day
  const read = useDays(from, through)
  return (
    <div className="stack">
      <div className="day-choice" data-spread>
        <Button aria-label={t.weekBefore} onPress={() => onDay(daysFrom(day, -7))}>
          <ChevronLeft aria-hidden />
        </Button>
        <p className="strong">{t.weekSpan(partsOf(from), partsOf(through))}</p>
        <Button
          aria-label={t.weekAfter}
          isDisabled={through >= today()}
          onPress={() => onDay(daysFrom(day, 7))}
        >
          <ChevronRight aria-hidden />
        </Button>
      </div>
      <Loaded read={read}>
        {(sum) => (
          <>
            <SumCard sum={sum} />
            <WeekDays
              days={week.map((each) => ({
                day: each,
                ...summed(sum.items.filter((item) => item.day === each)),
              }))}
            />
          </>
        )}
      </Loaded>
    </div>
  )
}

/** Year, month and day as numbers. */
const partsOf = (day: BusinessDate): DayParts => day.split('-').map(Number)

function summed(items: readonly Sum[]): Sum {
  const total = (name: keyof Sum): number => items.reduce((all, item) => all + item[name], 0)
  return {
    payments: total('payments'),
    paymentsWon: total('paymentsWon'),
    cancellations: total('cancellations'),
    cancellationsWon: total('cancellationsWon'),
  }
}

/** The days of a week as bars, and the way to each that has begun. */
function WeekDays({ days }: { days: readonly (Sum & { day: BusinessDate })[] }) {
  const t = useWords(words)
  const writing = useWriting()
  const { to } = useShop()
  const [search] = useSearchParams()
  const outlet = search.get('outlet')
  const within = outlet === null ? '' : `&outlet=${outlet}`
  return (
    <>
      <Bars
        caption={t.byDay}
        bars={days.map(({ day, payments, paymentsWon, cancellationsWon }) => ({
          key: day,
          label: `${t.weekdays[weekdayOf(day)] ?? ''} ${partsOf(day)[2] ?? ''}`,
          won: paymentsWon - cancellationsWon,
          payments,
        }))}
      />
      <section className="stack" data-gap="s">
        <h2>{t.daysOfWeek}</h2>
        <ul className="list">
          {days
            .filter(({ day }) => day <= today())
            .toReversed()
            .map(({ day, paymentsWon, cancellationsWon }) => (
              <li key={day}>
                <RowLink to={`${to('sales')}?view=day&day=${day}${within}`}>
                  <span className="row" data-spread>
                    {writing.day(day)}
                    <Amount won={paymentsWon - cancellationsWon} />
                  </span>
                </RowLink>
              </li>
            ))}
        </ul>
      </section>
    </>
  )
}
