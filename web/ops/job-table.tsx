/** Jobs with their progress and what went wrong. */
import { Progress } from '../ui/progress.tsx'
import { Table } from '../ui/table.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { jobName, jobWords } from './job-words.ts'
import type { Job } from './live.ts'
import { useIssuerNames } from './partners.ts'

const words = {
  ko: {
    issuer: '발행기관',
    operator: '운영사',
    name: '작업',
    state: '상태',
    states: { waiting: '기다림', running: '진행 중', done: '끝남', failed: '실패' },
    dueAt: '차례',
    progress: '진행',
    error: '마지막 오류',
  },
  en: {
    issuer: 'Issuer',
    operator: 'Operator',
    name: 'Job',
    state: 'State',
    states: { waiting: 'Waiting', running: 'Running', done: 'Done', failed: 'Failed' },
    dueAt: 'Due',
    progress: 'Progress',
    error: 'Last error',
  },
}

const tones: Record<Job['state'], Tone> = {
  waiting: 'plain',
  running: 'wait',
  done: 'good',
  failed: 'bad',
}

export function JobTable(props: {
  readonly caption: string
  readonly jobs: readonly Job[]
  /** All of one issuer: then it is not named in each row. */
  readonly isOfOne?: boolean
}) {
  const { caption, jobs, isOfOne = false } = props
  const t = useWords(words)
  const writing = useWriting()
  const known = useWords(jobWords)
  const issuerName = useIssuerNames()
  const progress = ({ progress, state }: Job) => {
    if (progress === null || state === 'done') return '—'
    const { done, whole } = progress
    const text = `${writing.number(done)} / ${writing.number(whole)}`
    return <Progress label={t.progress} value={done} max={whole} text={text} />
  }
  return (
    <Table<Job>
      caption={caption}
      isCaptionUnseen
      rows={jobs}
      rowKey={({ issuerCode, name, key }) => `${issuerCode ?? ''} ${name} ${key}`}
      columns={[
        ...(isOfOne
          ? []
          : [
              {
                key: 'issuer',
                label: t.issuer,
                cell: ({ issuerCode }: Job) =>
                  issuerCode === null ? t.operator : issuerName(issuerCode),
              },
            ]),
        {
          key: 'name',
          label: t.name,
          cell: ({ name, key }) => (
            <>
              {jobName(name, known)}
              {key === '' ? '' : ` (${key})`}
              <br />
              <span className="soft small">{name}</span>
            </>
          ),
        },
        {
          key: 'state',
          label: t.state,
          cell: ({ state }) => <Badge tone={tones[state]}>{t.states[state]}</Badge>,
        },
        { key: 'dueAt', label: t.dueAt, cell: ({ dueAt }) => writing.instant(dueAt) },
        { key: 'progress', label: t.progress, cell: progress },
        {
          key: 'error',
          label: t.error,
          cell: ({ error, failedAt }) =>
            error === null
              ? '—'
              : `${error}${failedAt === null ? '' : ` · ${writing.instant(failedAt)}`}`,
        },
      ]}
    />
  )
}
