/** What waits for an answer: cases and reports by their day, all of them, and requests for full refunds. */
import { Link, useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { caseWords } from '../ui/case-words.ts'
import { Select } from '../ui/choice.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { isReport, type Case, type Due } from './cases.ts'
import { useCity, useOfficerName } from './city-context.tsx'
import { DueBadge } from './due-badge.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'
import { RefundRequestsView } from './refund-requests-view.tsx'

const words = {
  ko: {
    title: '민원·예외',
    views: { due: '기한순', all: '모두', refunds: '환급 신청' },
    noneDue: '기한이 다가오거나 지난 건은 없습니다.',
    others: '시간이 남은 건',
    none: '처리할 건이 없습니다',
    noneNote: '시민이나 가맹점이 신고하거나 확인할 일이 생기면 여기에 올라옵니다.',
    noCase: '여기에 해당하는 건이 없습니다',
    noCaseNote: '위에서 다른 상태를 골라 보세요.',
    nobody: '담당자 없음',
    opened: (when: string) => `${when} 접수`,
    state: '상태',
    states: { open: '처리할 것', closed: '끝난 것' },
    kind: '종류',
    subject: '대상',
    openedAt: '접수',
    dueAt: '기한',
    ours: '시청',
    operators: '운영사가 맡음',
    owner: '맡은 곳',
  },
  en: {
    title: 'Cases',
    views: { due: 'By day', all: 'All', refunds: 'Refund requests' },
    noneDue: 'Nothing is late or soon due.',
    others: 'With time left',
    none: 'Nothing is open',
    noneNote: 'What citizens and merchants report, and what has to be looked at, comes here.',
    noCase: 'There is no such case',
    noCaseNote: 'Choose another state above.',
    nobody: 'nobody has taken it',
    opened: (when: string) => `opened ${when}`,
    state: 'State',
    states: { open: 'Open', closed: 'Closed' },
    kind: 'What',
    subject: 'About',
    openedAt: 'Opened',
    dueAt: 'Until',
    ours: 'city hall',
    operators: 'the operator',
    owner: 'Whose',
  },
}

const views = ['due', 'all', 'refunds'] as const

export function CasesScreen() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const view = views.find((each) => each === params.get('view')) ?? 'due'
  const contents = {
    due: () => <DueView />,
    all: () => <AllView />,
    refunds: () => <RefundRequestsView />,
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

function DueView() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const read = useRead({ key: ['cases', issuerCode, 'due'], everyMs: 15_000 }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/cases/due', { params: { path } }),
  )
  return (
    <Loaded read={read}>
      {({ items }) => (
        <div className="stack">
          {items.length === 0 ? <p className="soft">{t.noneDue}</p> : <DueList items={items} />}
          <h2>{t.others}</h2>
          <Others dueIds={new Set(items.map(({ caseId }) => caseId))} />
        </div>
      )}
    </Loaded>
  )
}

function DueList({ items }: { items: readonly Due[] }) {
  return (
    <ul className="list">
      {items
        .toSorted((one, other) => Date.parse(one.dueAt) - Date.parse(other.dueAt))
        .map((due) => (
          <li key={due.caseId}>
            <DueRow due={due} />
          </li>
        ))}
    </ul>
  )
}

/** What is open and has time. */
function Others({ dueIds }: { dueIds: ReadonlySet<string> }) {
  const t = useWords(words)
  const pages = useCases('open')
  const items = pages.items?.filter(({ caseId }) => !dueIds.has(caseId))
  return (
    <Paged
      pages={{ ...pages, items }}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {(cases) => <CaseTable cases={cases} />}
    </Paged>
  )
}

function useCases(state: Case['state']) {
  const { issuerCode, path } = useCity()
  return usePages<Case>({ key: ['cases', issuerCode, 'list', state] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/cases', {
      params: { path, query: { limit: PAGE, state, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
}

function DueRow({ due }: { due: Due }) {
  const t = useWords(words)
  const cw = useWords(caseWords)
  const writing = useWriting()
  const officer = useOfficerName()
  const { to } = useCity()
  const { caseId, kind, dueAt, openedAt, report } = due
  return (
    <RowLink to={to(`cases/${caseId}`)}>
      <span className="row" data-spread>
        <strong>
          {cw.kinds[kind]}
          {report === null ? '' : ` · ${cw.categories[report.category]}`}
        </strong>
        <span className="row">
          {report === null ? null : <Badge>{cw.stages[report.stage]}</Badge>}
          <DueBadge at={dueAt} />
        </span>
      </span>
      <span className="soft small">
        {t.opened(writing.instant(openedAt))}
        {report === null
          ? ''
          : ` · ${report.officerId === null ? t.nobody : officer(report.officerId)}`}
      </span>
    </RowLink>
  )
}

function AllView() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const state = params.get('state') === 'closed' ? ('closed' as const) : ('open' as const)
  const pages = useCases(state)
  return (
    <div className="stack">
      <div className="filters">
        <Select
          label={t.state}
          value={state}
          onChange={(next) => setParams({ view: 'all', state: next }, { replace: true })}
          options={(['open', 'closed'] as const).map((value) => ({
            value,
            label: t.states[value],
          }))}
        />
      </div>
      <Paged
        pages={pages}
        empty={
          <Empty title={t.noCase}>
            <p>{t.noCaseNote}</p>
          </Empty>
        }
      >
        {(items) => <CaseTable cases={items} />}
      </Paged>
    </div>
  )
}

function CaseTable({ cases }: { cases: readonly Case[] }) {
  const t = useWords(words)
  const cw = useWords(caseWords)
  const writing = useWriting()
  const { to } = useCity()
  return (
    <Table
      caption={t.title}
      isCaptionUnseen
      rows={cases}
      rowKey={({ caseId }) => caseId}
      columns={[
        {
          key: 'kind',
          label: t.kind,
          cell: (one) => <Link href={to(`cases/${one.caseId}`)}>{cw.kinds[one.kind]}</Link>,
        },
        {
          key: 'subject',
          label: t.subject,
          cell: ({ kind, subject, caseId }) => (isReport(kind) ? caseId : subject),
        },
        {
          key: 'owner',
          label: t.owner,
          cell: ({ owner }) => (owner === 'issuer' ? t.ours : t.operators),
        },
        { key: 'openedAt', label: t.openedAt, cell: (one) => writing.instant(one.openedAt) },
        {
          key: 'dueAt',
          label: t.dueAt,
          cell: ({ dueAt, state }) =>
            state === 'open' ? <DueBadge at={dueAt} /> : writing.instant(dueAt),
        },
      ]}
    />
  )
}
