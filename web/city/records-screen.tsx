/** Who did what: officers’ acts, looks at personal data, the officers themselves, and background work. */
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { paths } from '../api/schema.ts'
import { useAsked } from '../ui/asked.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { DayField } from '../ui/fields.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { AccessLogView } from './access-log-view.tsx'
import { useCity, useOfficerName, useOfficers } from './city-context.tsx'
import { dayFromNow } from './days.ts'
import { PAGE, Paged, usePages } from './paged.tsx'
import { actWords, recordWords, type Act } from './record-words.ts'

const words = {
  ko: {
    title: '기록',
    views: { acts: '업무 이력', access: '개인정보 접속', officers: '담당자', jobs: '정기 작업' },
    none: '이 기간에 한 일이 없습니다',
    noneNote: '기간을 넓히거나 다른 담당자를 골라 보세요.',
    from: '시작일',
    through: '끝일',
    dayMissing: '날짜를 적어 주세요.',
    by: '담당자',
    everybody: '모두',
    show: '보기',
    at: '때',
    what: '무엇을',
    which: '번호',
    state: '어떻게',
    noOfficers: '담당자가 없습니다',
    name: '이름',
    role: '직위',
    active: '상태',
    yes: '근무 중',
    no: '물러남',
    lastAct: '마지막 업무',
    lastSeen: '마지막 접속',
    noJobs: '돌아간 작업이 없습니다',
    noJobsNote: '정산, 만료, 대사 같은 작업이 돌면 여기에 올라옵니다.',
    job: '작업',
    due: '예정',
    ended: '끝남',
    attempts: '시도',
    states: { waiting: '기다림', running: '도는 중', done: '끝남', failed: '실패' },
  },
  en: {
    title: 'Records',
    views: {
      acts: 'Who did what',
      access: 'Looks at people',
      officers: 'Officers',
      jobs: 'Background work',
    },
    none: 'Nothing was done in these days',
    noneNote: 'Choose more days or another officer.',
    from: 'From',
    through: 'Through',
    dayMissing: 'Write the day.',
    by: 'Officer',
    everybody: 'Everybody',
    show: 'Show',
    at: 'When',
    what: 'What',
    which: 'Which',
    state: 'State',
    noOfficers: 'There are no officers',
    name: 'Name',
    role: 'Title',
    active: 'State',
    yes: 'active',
    no: 'left',
    lastAct: 'Last act',
    lastSeen: 'Last seen',
    noJobs: 'Nothing has run',
    noJobsNote: 'Settlements, expiry and reconciliation come here when they run.',
    job: 'Work',
    due: 'Due',
    ended: 'Ended',
    attempts: 'Attempts',
    states: { waiting: 'waiting', running: 'running', done: 'done', failed: 'failed' },
  },
}

const views = ['acts', 'access', 'officers', 'jobs'] as const
/** A month back. */
const DAYS_BACK = 30
const EVERYBODY = 'all'

export function RecordsScreen() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const view = views.find((each) => each === params.get('view')) ?? 'acts'
  const contents = {
    acts: () => <ActsView />,
    access: () => <AccessLogView />,
    officers: () => <OfficersView />,
    jobs: () => <JobsView />,
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

function ActsView() {
  const t = useWords(words)
  const officers = useOfficers()
  const [params, setParams] = useSearchParams()
  const [from, setFrom] = useState(params.get('from') ?? dayFromNow(-DAYS_BACK))
  const [through, setThrough] = useState(params.get('through') ?? dayFromNow(0))
  const [by, setBy] = useState(params.get('by') ?? EVERYBODY)
  const { place, isAsked, press } = useAsked(from !== '' && through !== '')
  const missing = (day: string): string | undefined =>
    isAsked && day === '' ? t.dayMissing : undefined
  const show = (): void => setParams({ view: 'acts', from, through, by }, { replace: true })
  return (
    <div className="stack">
      <div ref={place} className="terms-grid">
        <DayField label={t.from} value={from} onChange={setFrom} wrong={missing(from)} />
        <DayField
          label={t.through}
          value={through}
          onChange={setThrough}
          wrong={missing(through)}
        />
        <Select
          label={t.by}
          value={by}
          onChange={setBy}
          options={[
            { value: EVERYBODY, label: t.everybody },
            ...officers.map(({ officerId, name }) => ({ value: officerId, label: name })),
          ]}
        />
      </div>
      <div>
        <Button onPress={() => press(show)}>{t.show}</Button>
      </div>
      <ActList
        from={params.get('from') ?? dayFromNow(-DAYS_BACK)}
        through={params.get('through') ?? dayFromNow(0)}
        by={params.get('by') ?? EVERYBODY}
      />
    </div>
  )
}

function ActList({ from, through, by }: { from: string; through: string; by: string }) {
  const t = useWords(words)
  const states = useWords(actWords)
  const kinds = useWords(recordWords)
  const writing = useWriting()
  const officer = useOfficerName()
  const { issuerCode, path } = useCity()
  const query = { limit: PAGE, from, through, ...(by === EVERYBODY ? {} : { by }) }
  const pages = usePages<Act>({ key: ['acts', issuerCode, query] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/acts', {
      params: { path, query: { ...query, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
  return (
    <Paged
      pages={pages}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {(items) => (
        <Table
          caption={t.views.acts}
          isCaptionUnseen
          rows={items}
          rowKey={({ kind, subjectId, version }) => `${kind} ${subjectId} ${version}`}
          columns={[
            { key: 'at', label: t.at, cell: ({ at }) => writing.instant(at) },
            { key: 'by', label: t.by, cell: ({ officerId }) => officer(officerId) },
            { key: 'what', label: t.what, cell: ({ kind }) => kinds[kind] },
            {
              key: 'state',
              label: t.state,
              cell: ({ state }) => (state === null ? '—' : (states[state] ?? state)),
            },
            { key: 'which', label: t.which, cell: ({ subjectId }) => subjectId },
          ]}
        />
      )}
    </Paged>
  )
}

type Base = '/v1/issuers/{issuerCode}'
type Officer =
  paths[`${Base}/officers`]['get']['responses'][200]['content']['application/json']['items'][number]
type Job =
  paths[`${Base}/jobs`]['get']['responses'][200]['content']['application/json']['items'][number]

function OfficersView() {
  const t = useWords(words)
  const kinds = useWords(recordWords)
  const writing = useWriting()
  const { issuerCode, path } = useCity()
  const pages = usePages<Officer>({ key: ['officers', issuerCode, 'list'] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/officers', {
      params: { path, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
  return (
    <Paged pages={pages} empty={<Empty title={t.noOfficers} />}>
      {(items) => (
        <Table
          caption={t.views.officers}
          isCaptionUnseen
          rows={items}
          rowKey={({ officerId }) => officerId}
          columns={[
            { key: 'name', label: t.name, cell: ({ name }) => name },
            { key: 'role', label: t.role, cell: ({ title }) => title },
            {
              key: 'active',
              label: t.active,
              cell: ({ active }) => (
                <Badge tone={active ? 'good' : 'plain'}>{active ? t.yes : t.no}</Badge>
              ),
            },
            {
              key: 'lastAct',
              label: t.lastAct,
              cell: ({ lastAct }) =>
                lastAct === null ? '—' : `${kinds[lastAct.kind]}, ${writing.instant(lastAct.at)}`,
            },
            {
              key: 'lastSeen',
              label: t.lastSeen,
              cell: ({ lastSeenAt }) => (lastSeenAt === null ? '—' : writing.instant(lastSeenAt)),
            },
          ]}
        />
      )}
    </Paged>
  )
}

const jobTones: Record<Job['state'], Tone> = {
  waiting: 'plain',
  running: 'wait',
  done: 'good',
  failed: 'bad',
}

function JobsView() {
  const t = useWords(words)
  const writing = useWriting()
  const { issuerCode, path } = useCity()
  const pages = usePages<Job>({ key: ['jobs', issuerCode], everyMs: 10_000 }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/jobs', {
      params: { path, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
  return (
    <Paged
      pages={pages}
      empty={
        <Empty title={t.noJobs}>
          <p>{t.noJobsNote}</p>
        </Empty>
      }
    >
      {(items) => (
        <Table
          caption={t.views.jobs}
          isCaptionUnseen
          rows={items}
          rowKey={({ name, key }) => `${name} ${key}`}
          columns={[
            { key: 'job', label: t.job, cell: ({ name }) => name },
            {
              key: 'state',
              label: t.active,
              cell: ({ state, error }) => (
                <span className="row">
                  <Badge tone={jobTones[state]}>{t.states[state]}</Badge>
                  {error === null ? null : <span className="soft small">{error}</span>}
                </span>
              ),
            },
            { key: 'due', label: t.due, cell: ({ dueAt }) => writing.instant(dueAt) },
            {
              key: 'ended',
              label: t.ended,
              cell: ({ endedAt }) => (endedAt === null ? '—' : writing.instant(endedAt)),
            },
            {
              key: 'attempts',
              label: t.attempts,
              isNumber: true,
              cell: ({ attempts }) => writing.number(attempts),
            },
          ]}
        />
      )}
    </Paged>
  )
}
