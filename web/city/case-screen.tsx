/** One case: what is known; a report with everything that was said; or closing with what was done. */
import { useState } from 'react'
import { Link, useParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { caseWords } from '../ui/case-words.ts'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { isReport, type Case } from './cases.ts'
import { useCity } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'
import { DueBadge } from './due-badge.tsx'
import { ReportDesk } from './report-desk.tsx'

const words = {
  ko: {
    back: '민원·예외',
    none: '이 건을 찾지 못했습니다',
    noneNote: '다른 기관의 것이거나 번호가 다릅니다. 목록에서 다시 골라 주세요.',
    subject: '대상',
    openedAt: '접수',
    dueAt: '기한',
    closedAt: '끝난 때',
    resolution: '처리 내용',
    facts: '알려진 것',
    states: { open: '처리할 것', closed: '끝남' },
    operators: '운영사가 맡은 건입니다',
    operatorsNote: '운영사가 처리합니다. 여기서는 기한만 볼 수 있습니다.',
    close: '처리하고 닫기',
    closeNote: '닫은 뒤에는 다시 열 수 없습니다. 나중에 감사하는 사람이 읽습니다.',
    what: '무엇을 했나요',
  },
  en: {
    back: 'Cases',
    none: 'It was not found',
    noneNote: 'It is another issuer’s, or has another number. Choose one from the list.',
    subject: 'About',
    openedAt: 'Opened',
    dueAt: 'Until',
    closedAt: 'Closed',
    resolution: 'What was done',
    facts: 'What is known',
    states: { open: 'open', closed: 'closed' },
    operators: 'The operator deals with it',
    operatorsNote: 'Only its day is to be seen here.',
    close: 'Close it',
    closeNote: 'It cannot be opened again. Whoever audits it later reads this.',
    what: 'What did you do?',
  },
}

export function CaseScreen() {
  const t = useWords(words)
  const { issuerCode, path, to } = useCity()
  const { caseId = '' } = useParams()
  const read = useRead({ key: ['cases', issuerCode, 'one', caseId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/cases/{caseId}', {
      params: { path: { ...path, caseId } },
    }),
  )
  return (
    <>
      <Link href={to('cases')}>{t.back}</Link>
      {read.data === undefined ? <h1>{caseId}</h1> : null}
      <Loaded
        read={read}
        unknown={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {(found) => <OneCase found={found} />}
      </Loaded>
    </>
  )
}

function OneCase({ found }: { found: Case }) {
  const t = useWords(words)
  const cw = useWords(caseWords)
  const { kind, owner, state, dueAt } = found
  return (
    <>
      <div className="page-head">
        <h1>{cw.kinds[kind]}</h1>
        <span className="row">
          {state === 'open' ? <DueBadge at={dueAt} /> : null}
          <Badge tone={state === 'open' ? 'wait' : 'good'}>{t.states[state]}</Badge>
        </span>
      </div>
      {owner === 'operator' ? (
        <Banner title={t.operators}>
          <p>{t.operatorsNote}</p>
        </Banner>
      ) : null}
      <CaseFacts found={found} />
      {isReport(kind) && owner === 'issuer' ? <ReportDesk caseId={found.caseId} /> : null}
      {!isReport(kind) && owner === 'issuer' && state === 'open' ? (
        <Closing caseId={found.caseId} />
      ) : null}
    </>
  )
}

function CaseFacts({ found }: { found: Case }) {
  const t = useWords(words)
  const writing = useWriting()
  const { kind, subject, facts, openedAt, dueAt, closedAt, resolution } = found
  return (
    <>
      <div className="card">
        <Facts
          of={[
            ...(isReport(kind) ? [] : [[t.subject, subject] as const]),
            [t.openedAt, writing.instant(openedAt)],
            [t.dueAt, writing.instant(dueAt)],
            ...(closedAt === null ? [] : [[t.closedAt, writing.instant(closedAt)] as const]),
            ...(resolution === null ? [] : [[t.resolution, resolution] as const]),
          ]}
        />
      </div>
      {isReport(kind) || Object.keys(facts).length === 0 ? null : (
        <section className="card stack" data-gap="s">
          <h2>{t.facts}</h2>
          <Facts of={Object.entries(facts).map(([name, value]) => [name, String(value)])} />
        </section>
      )}
    </>
  )
}

function Closing({ caseId }: { caseId: string }) {
  const t = useWords(words)
  const { path } = useCity()
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const deed = useDeed(
    (client, resolution: string, headers) =>
      client.POST('/v1/issuers/{issuerCode}/cases/{caseId}/closure', {
        params: { path: { ...path, caseId } },
        body: { resolution },
        ...headers,
      }),
    async () => {
      await readAgain('cases')
      setAsking(false)
    },
  )
  return (
    <div>
      <Button kind="main" onPress={() => setAsking(true)}>
        {t.close}
      </Button>
      {isAsking ? (
        <DeedSheet
          title={t.close}
          note={t.closeNote}
          deed={t.close}
          reason={t.what}
          isBusy={deed.isBusy}
          trouble={deed.trouble}
          onClose={() => setAsking(false)}
          onDeed={deed.run}
        />
      ) : null}
    </div>
  )
}
