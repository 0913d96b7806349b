/** Exceptions: what is due or late of everybody, the operator's own list, and what became of provisional debits. */
import { Link, useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { Select } from '../ui/choice.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { caseWords } from './case-words.ts'
import { ConversionsView } from './conversions-view.tsx'
import { caseAddress, DueTable } from './due-table.tsx'
import { useDue } from './live.ts'
import { useIssuers } from './partners.ts'

const words = {
  ko: {
    title: '예외',
    views: '예외 화면',
    due: '기한',
    all: '전체',
    conversions: '사후전환',
    noDue: '기한이 걸린 것이 없습니다',
    noDueNote: '기한이 다가오거나 지난 예외가 여기에 나옵니다.',
    none: '예외가 없습니다',
    noneNote: '카드사·은행·원장이 서로 맞지 않으면 여기에 생깁니다.',
    whose: '어디의',
    operator: '운영사 자체',
    state: '상태',
    states: { open: '열림', closed: '닫힘' },
    kind: '무엇',
    subject: '대상',
    dueAt: '언제까지',
    openedAt: '생긴 때',
  },
  en: {
    title: 'Exceptions',
    views: 'Views of exceptions',
    due: 'Due',
    all: 'All',
    conversions: 'Conversions',
    noDue: 'Nothing is due',
    noDueNote: 'What comes near its day or is late stands here.',
    none: 'There are no exceptions',
    noneNote: 'Where card companies, the bank and the ledger differ, one is opened.',
    whose: 'Whose',
    operator: 'The operator’s own',
    state: 'State',
    states: { open: 'Open', closed: 'Closed' },
    kind: 'What',
    subject: 'About',
    dueAt: 'Until',
    openedAt: 'Opened',
  },
}

export function CasesScreen() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') ?? 'due'
  const views = [
    { id: 'due', label: t.due, view: () => <DueView /> },
    { id: 'all', label: t.all, view: () => <AllView /> },
    { id: 'conversions', label: t.conversions, view: () => <ConversionsView /> },
  ]
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs
        label={t.views}
        views={views}
        selected={views.some(({ id }) => id === tab) ? tab : 'due'}
        onSelect={(id) => setSearch(id === 'due' ? {} : { tab: id }, { replace: true })}
      />
    </>
  )
}

function DueView() {
  const t = useWords(words)
  return (
    <Loaded
      read={useDue()}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Empty title={t.noDue}>
          <p>{t.noDueNote}</p>
        </Empty>
      }
    >
      {({ items }) => <DueTable caption={t.due} due={items} />}
    </Loaded>
  )
}

const OWN = '-'
const CASES_MAX = 100

function AllView() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  const issuers = useIssuers()
  const issuer = search.get('issuer') ?? OWN
  const state = search.get('state') === 'closed' ? ('closed' as const) : ('open' as const)
  const change = (next: { issuer?: string; state?: string }): void => {
    const wanted = { tab: 'all', issuer, state, ...next }
    setSearch(wanted, { replace: true })
  }
  return (
    <div className="stack">
      <div className="filters">
        <Select
          label={t.whose}
          value={issuer}
          onChange={(value) => change({ issuer: value })}
          options={[
            { value: OWN, label: t.operator },
            ...issuers.map(({ issuerCode, name }) => ({ value: issuerCode, label: name })),
          ]}
        />
        <Select
          label={t.state}
          value={state}
          onChange={(value) => change({ state: value })}
          options={[
            { value: 'open', label: t.states.open },
            { value: 'closed', label: t.states.closed },
          ]}
        />
      </div>
      <CaseList issuerCode={issuer === OWN ? undefined : issuer} state={state} />
    </div>
  )
}

function CaseList(props: { issuerCode: string | undefined; state: 'open' | 'closed' }) {
  const { issuerCode, state } = props
  const t = useWords(words)
  const cw = useWords(caseWords)
  const writing = useWriting()
  const read = useRead({ key: ['cases', issuerCode ?? '', state], keep: true }, (client) =>
    client.GET('/v1/cases', {
      params: {
        query: { state, limit: CASES_MAX, ...(issuerCode === undefined ? {} : { issuerCode }) },
      },
    }),
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
        <Table
          caption={t.title}
          isCaptionUnseen
          rows={items}
          rowKey={({ caseId }) => caseId}
          columns={[
            {
              key: 'kind',
              label: t.kind,
              cell: (one) => <Link href={caseAddress(one)}>{cw.kinds[one.kind]}</Link>,
            },
            { key: 'subject', label: t.subject, cell: ({ subject }) => subject },
            {
              key: 'state',
              label: t.state,
              cell: (one) => (
                <Badge tone={one.state === 'open' ? 'wait' : 'good'}>{t.states[one.state]}</Badge>
              ),
            },
            { key: 'openedAt', label: t.openedAt, cell: (one) => writing.instant(one.openedAt) },
            { key: 'dueAt', label: t.dueAt, cell: (one) => writing.instant(one.dueAt) },
          ]}
        />
      )}
    </Loaded>
  )
}
