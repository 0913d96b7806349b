/** The work of a day: settlement over all issuers, and background jobs. */
import { useSearchParams, Link } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { DayField } from '../ui/fields.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { JobTable } from './job-table.tsx'
import { ASKED_SELDOM_MS, type Job, type SettlementRuns } from './live.ts'

const words = {
  ko: {
    title: '업무',
    views: '업무 화면',
    settlement: '정산',
    jobs: '정기 작업',
    day: '정산일',
    latest: '오늘로',
    table: '발행기관별 정산',
    issuer: '발행기관',
    state: '상태',
    states: { open: '정산 중', closed: '마침', none: '없음' },
    merchants: '가맹점',
    paid: '지급',
    held: '보류',
    carried: '이월',
    noRuns: '이 날은 정산이 없습니다',
    noRunsNote: '다른 날을 골라 보세요.',
    jobState: '상태',
    jobStates: {
      failed: '실패',
      running: '진행 중',
      waiting: '기다림',
      done: '끝남',
    },
    noJobs: '이런 작업이 없습니다',
    noJobsNote: '다른 상태를 골라 보세요.',
    more: '다음',
    first: '처음으로',
  },
  en: {
    title: 'Work',
    views: 'Views of work',
    settlement: 'Settlement',
    jobs: 'Jobs',
    day: 'Settlement day',
    latest: 'Today',
    table: 'Settlement by issuer',
    issuer: 'Issuer',
    state: 'State',
    states: { open: 'Under way', closed: 'Done', none: 'None' },
    merchants: 'Merchants',
    paid: 'Paid',
    held: 'Held',
    carried: 'Carried on',
    noRuns: 'Nothing was settled on this day',
    noRunsNote: 'Choose another day.',
    jobState: 'State',
    jobStates: { failed: 'Failed', running: 'Running', waiting: 'Waiting', done: 'Done' },
    noJobs: 'There are no such jobs',
    noJobsNote: 'Choose another state.',
    more: 'Next',
    first: 'To the first',
  },
}

export function WorkScreen() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  const tab = search.get('tab') === 'jobs' ? 'jobs' : 'settlement'
  return (
    <>
      <h1>{t.title}</h1>
      <Tabs
        label={t.views}
        selected={tab}
        onSelect={(id) => setSearch(id === 'jobs' ? { tab: id } : {}, { replace: true })}
        views={[
          { id: 'settlement', label: t.settlement, view: () => <SettlementView /> },
          { id: 'jobs', label: t.jobs, view: () => <JobsView /> },
        ]}
      />
    </>
  )
}

const runTones: Record<'open' | 'closed' | 'none', Tone> = {
  open: 'wait',
  closed: 'good',
  none: 'plain',
}

function SettlementView() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  const day = search.get('day') ?? ''
  const runs = useRead({ key: ['runs', day], everyMs: ASKED_SELDOM_MS, keep: true }, (client) =>
    client.GET('/v1/operator/settlement-runs', {
      params: day === '' ? {} : { query: { day } },
    }),
  )
  return (
    <div className="stack">
      <div className="filters">
        <DayField
          label={t.day}
          value={day === '' ? (runs.data?.settlementDay ?? '') : day}
          onChange={(next) => setSearch(next === '' ? {} : { day: next }, { replace: true })}
        />
        <div>
          <Button isDisabled={day === ''} onPress={() => setSearch({}, { replace: true })}>
            {t.latest}
          </Button>
        </div>
      </div>
      <Loaded
        read={runs}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.noRuns}>
            <p>{t.noRunsNote}</p>
          </Empty>
        }
      >
        {({ items }) => <RunTable items={items} />}
      </Loaded>
    </div>
  )
}

const stateRanks = { open: 0, closed: 1, none: 2 } as const

/** What is under way first, then where money was held back. */
function RunTable({ items }: { items: SettlementRuns['items'] }) {
  const t = useWords(words)
  const writing = useWriting()
  const rows = items.toSorted(
    (one, other) =>
      stateRanks[one.state ?? 'none'] - stateRanks[other.state ?? 'none'] || other.held - one.held,
  )
  const figure = (
    key: 'merchants' | 'paid' | 'held' | 'carriedOn',
    label: string,
  ): {
    key: string
    label: string
    isNumber: true
    cell: (row: (typeof rows)[number]) => string
  } => ({
    key,
    label,
    isNumber: true,
    cell: (row) => writing.number(row[key]),
  })
  return (
    <Table
      caption={t.table}
      isCaptionUnseen
      rows={rows}
      rowKey={({ issuerCode }) => issuerCode}
      columns={[
        {
          key: 'issuer',
          label: t.issuer,
          cell: ({ issuerCode, name }) => <Link href={`/issuers/${issuerCode}`}>{name}</Link>,
        },
        {
          key: 'state',
          label: t.state,
          cell: ({ state }) => (
            <Badge tone={runTones[state ?? 'none']}>{t.states[state ?? 'none']}</Badge>
          ),
        },
        figure('merchants', t.merchants),
        figure('paid', t.paid),
        figure('held', t.held),
        figure('carriedOn', t.carried),
      ]}
    />
  )
}

const jobStates = ['failed', 'running', 'waiting', 'done'] as const

function JobsView() {
  const t = useWords(words)
  const [search, setSearch] = useSearchParams()
  const state = jobStates.find((name) => name === search.get('state')) ?? 'failed'
  const cursor = search.get('cursor') ?? ''
  const jobs = useRead({ key: ['jobs', state, cursor], everyMs: ASKED_SELDOM_MS }, (client) =>
    client.GET('/v1/operator/jobs', {
      params: { query: { state, limit: 50, ...(cursor === '' ? {} : { cursor }) } },
    }),
  )
  return (
    <div className="stack">
      <div className="filters">
        <Select<Job['state']>
          label={t.jobState}
          value={state}
          onChange={(next) => setSearch({ tab: 'jobs', state: next }, { replace: true })}
          options={jobStates.map((value) => ({ value, label: t.jobStates[value] }))}
        />
      </div>
      <Loaded
        read={jobs}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.noJobs}>
            <p>{t.noJobsNote}</p>
          </Empty>
        }
      >
        {({ items, nextCursor }) => (
          <>
            <JobTable caption={t.jobs} jobs={items} />
            <div className="row">
              <Button isDisabled={cursor === ''} onPress={() => setSearch({ tab: 'jobs', state })}>
                {t.first}
              </Button>
              <Button
                isDisabled={nextCursor === null}
                onPress={() => setSearch({ tab: 'jobs', state, cursor: nextCursor ?? '' })}
              >
                {t.more}
              </Button>
            </div>
          </>
        )}
      </Loaded>
    </div>
  )
}
