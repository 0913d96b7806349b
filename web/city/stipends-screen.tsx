/** Stipends: lists that were uploaded, what members object to, and what is taken back. */
import { useSearchParams } from 'wouter'
import { LinkButton } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Empty } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { AppealsView } from './appeals-view.tsx'
import { useCity } from './city-context.tsx'
import { ClawbacksView } from './clawbacks-view.tsx'
import { PAGE, Paged, usePages } from './paged.tsx'
import { batchStateWords, batchTones, type Batch } from './stipends.ts'

const words = {
  ko: {
    title: '정책수당',
    upload: '대상자 명단 올리기',
    batches: '지급 묶음',
    appeals: '이의신청',
    clawbacks: '환수',
    none: '아직 올린 명단이 없습니다',
    noneNote: '대상자 명단 올리기에서 CSV 파일을 올리면 사전 점검부터 시작합니다.',
    about: (lines: string, won: string) => `${lines}명 · ${won}`,
    uploaded: (when: string) => `${when} 올림`,
  },
  en: {
    title: 'Stipends',
    upload: 'Upload a list',
    batches: 'Batches',
    appeals: 'Appeals',
    clawbacks: 'Clawbacks',
    none: 'No list was uploaded yet',
    noneNote: 'Upload a CSV file; it begins with a dry run.',
    about: (lines: string, won: string) => `${lines} persons · ${won}`,
    uploaded: (when: string) => `uploaded ${when}`,
  },
}

const views = ['batches', 'appeals', 'clawbacks'] as const

export function StipendsScreen() {
  const t = useWords(words)
  const { to } = useCity()
  const [params, setParams] = useSearchParams()
  const view = views.find((each) => each === params.get('view')) ?? 'batches'
  const contents = {
    batches: () => <BatchList />,
    appeals: () => <AppealsView />,
    clawbacks: () => <ClawbacksView />,
  }
  return (
    <>
      <div className="page-head">
        <h1>{t.title}</h1>
        <LinkButton to={to('stipends/new')} kind="main">
          {t.upload}
        </LinkButton>
      </div>
      <Tabs
        label={t.title}
        selected={view}
        onSelect={(next) => setParams({ view: next }, { replace: true })}
        views={views.map((id) => ({ id, label: t[id], view: contents[id] }))}
      />
    </>
  )
}

function BatchList() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const pages = usePages<Batch>(
    { key: ['stipends', issuerCode, 'list'], everyMs: 5_000 },
    (client, cursor) =>
      client.GET('/v1/issuers/{issuerCode}/stipend-batches', {
        params: { path, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
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
        <ul className="list">
          {items.map((batch) => (
            <BatchRow key={batch.batchId} batch={batch} />
          ))}
        </ul>
      )}
    </Paged>
  )
}

function BatchRow({ batch }: { batch: Batch }) {
  const t = useWords(words)
  const states = useWords(batchStateWords)
  const writing = useWriting()
  const { to } = useCity()
  const { batchId, programName, round, state, lines, totalWon, uploadedAt } = batch
  return (
    <li>
      <RowLink to={to(`stipends/${batchId}`)}>
        <span className="row" data-spread>
          <strong>
            {programName} {round}
          </strong>
          <Badge tone={batchTones[state]}>{states[state]}</Badge>
        </span>
        <span className="soft small">
          {t.about(writing.number(lines), writing.won(totalWon))} ·{' '}
          {t.uploaded(writing.instant(uploadedAt))}
        </span>
      </RowLink>
    </li>
  )
}
