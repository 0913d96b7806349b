/** Conversions (사후전환) of a period: accounts that were debited while nobody knew, and what vouchers paid afterwards. */
import { useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { serverNow } from '../api/server-clock.ts'
import { DayField } from '../ui/fields.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Answer } from './live.ts'

const words = {
  ko: {
    from: '처음 날',
    to: '마지막 날',
    wrong: '처음 날이 마지막 날보다 앞이어야 합니다.',
    none: '이 기간에는 사후전환이 없습니다',
    noneNote: '계좌에서 임시로 결제된 일이 없었습니다. 다른 기간을 골라 보세요.',
    table: '상태별 사후전환',
    state: '상태',
    states: {
      open: '처리 중',
      converted: '상품권으로 전환',
      explained: '전환하지 않음',
      all: '모두',
    },
    count: '건수',
    account: '계좌에서 나간 돈',
    voucher: '상품권으로 바뀐 돈',
    late: '기한이 지나 닫힌 건',
    overdue: '기한이 지났는데 열린 건',
    number: (count: string) => `${count}건`,
  },
  en: {
    from: 'First day',
    to: 'Last day',
    wrong: 'The first day has to be before the last.',
    none: 'No conversions in this period',
    noneNote: 'No account was debited provisionally. Try another period.',
    table: 'Conversions by state',
    state: 'State',
    states: { open: 'Open', converted: 'Paid by voucher', explained: 'Not converted', all: 'All' },
    count: 'Count',
    account: 'Accounts paid',
    voucher: 'Vouchers paid',
    late: 'Closed after their day',
    overdue: 'Open after their day',
    number: (count: string) => count,
  },
}

type Conversions = Answer<'/v1/conversions/report'>

const DAY_MS = 86_400_000
const PERIOD_DAYS = 30
const states = ['open', 'converted', 'explained'] as const

export function ConversionsView() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  const from = search.get('from') ?? koreanDay(serverNow() - PERIOD_DAYS * DAY_MS)
  const to = search.get('to') ?? koreanDay(serverNow())
  const isRight = from !== '' && to !== '' && from <= to
  const change = (next: { from?: string; to?: string }): void =>
    setSearch({ tab: 'conversions', from, to, ...next }, { replace: true })
  return (
    <div className="stack">
      <div className="filters">
        <DayField label={t.from} value={from} onChange={(day) => change({ from: day })} />
        <DayField
          label={t.to}
          value={to}
          onChange={(day) => change({ to: day })}
          wrong={isRight ? undefined : t.wrong}
        />
      </div>
      {isRight ? <Report from={from} to={to} /> : null}
    </div>
  )
}

function Report({ from, to }: { from: string; to: string }) {
  const t = useWords(words)
  const writing = useWriting()
  const read = useRead({ key: ['conversions', from, to], keep: true }, async (client) => {
    const params = { query: { from, to, format: 'json' } } as const
    const answer = await client.GET('/v1/conversions/report', { params })
    // Asked for as JSON, so that it is not the text of its other form.
    return { ...answer, data: answer.data as Conversions }
  })
  return (
    <Loaded
      read={read}
      isEmpty={({ all }) => all.count === 0}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {({ all, byState, closedLate, openOverdue }) => (
        <>
          <Table
            caption={t.table}
            rows={[
              ...states.map((state) => ({ state, ...byState[state] })),
              { state: 'all' as const, ...all },
            ]}
            rowKey={({ state }) => state}
            columns={[
              { key: 'state', label: t.state, cell: ({ state }) => t.states[state] },
              {
                key: 'count',
                label: t.count,
                isNumber: true,
                cell: ({ count }) => writing.number(count),
              },
              {
                key: 'account',
                label: t.account,
                isNumber: true,
                cell: ({ accountWon }) => writing.won(accountWon),
              },
              {
                key: 'voucher',
                label: t.voucher,
                isNumber: true,
                cell: ({ voucherWon }) => writing.won(voucherWon),
              },
            ]}
          />
          <div className="card">
            <Facts
              of={[
                [t.late, t.number(writing.number(closedLate))],
                [t.overdue, t.number(writing.number(openOverdue))],
              ]}
            />
          </div>
        </>
      )}
    </Loaded>
  )
}

/** The day that it is in Korea, such as 2026-11-29. */
function koreanDay(at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Seoul' }).format(at)
}
