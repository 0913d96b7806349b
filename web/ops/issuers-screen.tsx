/** All issuers, those with trouble first; searched and sorted by what stands in the address. */
import { Link, useSearchParams } from 'wouter'
import { Select } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting, type Writing } from '../ui/writing.ts'
import { useIssuerRows, type IssuerRow } from './issuer-rows.ts'
import { useIssuerNumbers } from './live.ts'
import { worstFirst } from './tiles.tsx'

const words = {
  ko: {
    title: '발행기관',
    count: (shown: string, all: string) => `${all}곳 가운데 ${shown}곳`,
    search: '찾기',
    searchHint: '이름이나 코드',
    sort: '순서',
    sorts: {
      trouble: '문제 있는 곳 먼저',
      name: '이름',
      merchants: '가맹점 많은 순',
      fund: '운영자금 불일치 먼저',
      seal: '봉인 늦은 곳 먼저',
    },
    none: '찾는 발행기관이 없습니다',
    noneNote: '다른 이름으로 찾아 보세요.',
    name: '발행기관',
    state: '상태',
    programs: '상품권',
    active: '가맹점',
    applied: '신청 중',
    fundDay: '운영자금 기준일',
    breaks: '불일치',
    coverage: '보장률',
    due: '기한 걸린 예외',
    open: '열린 예외',
    seal: '봉인 지연',
    seconds: (count: string) => `${count}초`,
    noDay: '없음',
  },
  en: {
    title: 'Issuers',
    count: (shown: string, all: string) => `${shown} of ${all}`,
    search: 'Search',
    searchHint: 'Name or code',
    sort: 'Order',
    sorts: {
      trouble: 'Troubles first',
      name: 'Name',
      merchants: 'Most merchants',
      fund: 'Fund breaks first',
      seal: 'Late seals first',
    },
    none: 'No such issuer',
    noneNote: 'Try another name.',
    name: 'Issuer',
    state: 'State',
    programs: 'Vouchers',
    active: 'Merchants',
    applied: 'Applying',
    fundDay: 'Fund day',
    breaks: 'Breaks',
    coverage: 'Covered',
    due: 'Exceptions due',
    open: 'Open exceptions',
    seal: 'Seal lag',
    seconds: (count: string) => `${count} s`,
    noDay: 'None',
  },
}

const sorts = ['trouble', 'name', 'merchants', 'fund', 'seal'] as const
type Sort = (typeof sorts)[number]

export function IssuersScreen() {
  const t = useWords(words)
  const writing = useWriting()
  const [search, setSearch] = useSearchParams()
  const rows = useIssuerRows()
  const text = search.get('q') ?? ''
  const sort = sorts.find((name) => name === search.get('sort')) ?? 'trouble'
  const change = (name: string, value: string): void =>
    setSearch(
      (before) => {
        const next = new URLSearchParams(before)
        if (value === '') next.delete(name)
        else next.set(name, value)
        return next
      },
      { replace: true },
    )
  const shown = sorted(
    rows.filter(({ name, issuerCode }) => name.includes(text) || issuerCode.includes(text)),
    sort,
  )
  return (
    <>
      <div className="head">
        <h1>{t.title}</h1>
        <p className="soft" role="status">
          {t.count(writing.number(shown.length), writing.number(rows.length))}
        </p>
      </div>
      <div className="filters">
        <TextField
          label={t.search}
          placeholder={t.searchHint}
          inputMode="search"
          value={text}
          onChange={(value) => change('q', value)}
        />
        <Select<Sort>
          label={t.sort}
          value={sort}
          onChange={(value) => change('sort', value)}
          options={sorts.map((value) => ({ value, label: t.sorts[value] }))}
        />
      </div>
      <Loaded
        read={useIssuerNumbers()}
        isEmpty={() => shown.length === 0}
        empty={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {() => <IssuerTable rows={shown} />}
      </Loaded>
    </>
  )
}

function sorted(rows: readonly IssuerRow[], sort: Sort): readonly IssuerRow[] {
  switch (sort) {
    case 'name':
      return rows.toSorted((one, other) => one.name.localeCompare(other.name, 'ko'))
    case 'merchants':
      return rows.toSorted((one, other) => other.merchants.active - one.merchants.active)
    case 'fund':
      return rows.toSorted((one, other) => breaksOf(other) - breaksOf(one))
    case 'seal':
      return rows.toSorted(
        (one, other) => (other.status?.unsealedMs ?? 0) - (one.status?.unsealedMs ?? 0),
      )
    case 'trouble':
      return worstFirst(rows)
  }
}

function breaksOf({ day }: IssuerRow): number {
  return (day?.breakCount ?? 0) + (day?.shortWon ?? 0)
}

function IssuerTable({ rows }: { rows: readonly IssuerRow[] }) {
  const t = useWords(words)
  const writing = useWriting()
  return (
    <Table
      caption={t.title}
      isCaptionUnseen
      rows={rows}
      rowKey={({ issuerCode }) => issuerCode}
      columns={[
        {
          key: 'name',
          label: t.name,
          cell: ({ issuerCode, name }) => <Link href={`/issuers/${issuerCode}`}>{name}</Link>,
        },
        { key: 'state', label: t.state, cell: (row) => <Badge tone={row.tone}>{row.word}</Badge> },
        { key: 'due', label: t.due, isNumber: true, cell: ({ due }) => writing.number(due) },
        {
          key: 'open',
          label: t.open,
          isNumber: true,
          cell: ({ status }) => (status === undefined ? '—' : writing.number(status.openCases)),
        },
        {
          key: 'programs',
          label: t.programs,
          isNumber: true,
          cell: ({ programs }) => writing.number(programs),
        },
        {
          key: 'active',
          label: t.active,
          isNumber: true,
          cell: ({ merchants }) => writing.number(merchants.active),
        },
        {
          key: 'applied',
          label: t.applied,
          isNumber: true,
          cell: ({ merchants }) => writing.number(merchants.applied),
        },
        {
          key: 'seal',
          label: t.seal,
          isNumber: true,
          cell: ({ status }) =>
            status === undefined
              ? '—'
              : t.seconds(writing.number(Math.round(status.unsealedMs / 1_000))),
        },
        { key: 'day', label: t.fundDay, cell: ({ day }) => day?.date ?? t.noDay },
        {
          key: 'breaks',
          label: t.breaks,
          isNumber: true,
          cell: ({ day }) => (day === null ? '—' : writing.number(day.breakCount)),
        },
        {
          key: 'coverage',
          label: t.coverage,
          isNumber: true,
          cell: ({ day }) => coverageText(day?.coverageBasisPoints, writing),
        },
      ]}
    />
  )
}

export function coverageText(basisPoints: number | null | undefined, writing: Writing): string {
  return basisPoints === null || basisPoints === undefined
    ? '—'
    : writing.percent(basisPoints / 1e4)
}
