/** One report: its state and deadline, what was said, and what I may still do about it. */
import { useState } from 'react'
import { useParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { daysLeft } from './days-left.ts'
import { reportWords } from './report-words.ts'
import { Deadline, StageBadge, type Report } from './reports-screen.tsx'
import { IssuerScreen } from './screen.tsx'

export function ReportScreen() {
  const t = useWords(reportWords)
  const { issuer, case: caseId } = useParams<{ issuer: string; case: string }>()
  return (
    <IssuerScreen title={t.title} back={`/app/${issuer}/reports`}>
      {({ issuerCode }) => <OneReport key={caseId} issuerCode={issuerCode} caseId={caseId} />}
    </IssuerScreen>
  )
}

function OneReport({ issuerCode, caseId }: { issuerCode: string; caseId: string }) {
  const read = useRead({ key: ['reports', issuerCode, caseId], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/reports/{caseId}', {
      params: { path: { issuerCode, caseId } },
    }),
  )
  return (
    <Loaded read={read}>
      {(report) => (
        <>
          <ReportFacts report={report} />
          <Messages report={report} />
          <Steps issuerCode={issuerCode} report={report} />
        </>
      )}
    </Loaded>
  )
}

function ReportFacts({ report }: { report: Report }) {
  const t = useWords(reportWords)
  const writing = useWriting()
  return (
    <div className="card stack">
      <div className="row" data-spread>
        <h2>
          {t.categories[report.category]} <span className="soft">{t.kinds[report.kind]}</span>
        </h2>
        <StageBadge report={report} />
      </div>
      <p>{report.description}</p>
      {report.closedAt === null ? (
        <p className="strong">
          <Deadline dueAt={report.dueAt} />
        </p>
      ) : null}
      <Facts
        of={[
          [t.opened, writing.instant(report.openedAt)],
          [t.desk, t.desks[report.desk]],
          ...(report.operationId === null ? [] : [[t.about, report.operationId] as const]),
          ...(report.closedAt === null
            ? []
            : [[t.closed, writing.instant(report.closedAt)] as const]),
        ]}
      />
    </div>
  )
}

function Messages({ report }: { report: Report }) {
  const t = useWords(reportWords)
  const writing = useWriting()
  return (
    <section className="stack" data-gap="s">
      <h2>{t.said}</h2>
      {report.messages.length === 0 ? <p className="soft">{t.nothingSaid}</p> : null}
      <ol className="stack" data-gap="s">
        {report.messages.map(({ at, from, words }) => (
          <li key={`${at} ${from}`} className="said" data-from={from}>
            <p className="soft small">
              {from === 'reporter' ? t.me : t.they} · {writing.instant(at)}
            </p>
            <p>{words}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

type Way = 'answers' | 'reopening' | 'escalation'

/** What may be done now; the server has the last word on it. */
function Steps({ issuerCode, report }: { issuerCode: string; report: Report }) {
  const t = useWords(reportWords)
  const { stage, dueAt, caseId, dispute, contests } = report
  const isOver = stage === 'resolved'
  const isLate = stage !== 'escalated' && !isOver && daysLeft(dueAt) < 0
  return (
    <>
      {stage === 'asked' ? <Step issuerCode={issuerCode} caseId={caseId} way="answers" /> : null}
      {isOver ? <Step issuerCode={issuerCode} caseId={caseId} way="reopening" /> : null}
      {(isOver || isLate) && dispute === null ? (
        <Step issuerCode={issuerCode} caseId={caseId} way="escalation" />
      ) : null}
      {dispute === null ? null : (
        <LinkButton to={`/app/${issuerCode}/reports/${dispute}`} isWide>
          {t.dispute}
        </LinkButton>
      )}
      {contests === null ? null : (
        <LinkButton to={`/app/${issuerCode}/reports/${contests}`} isWide>
          {t.contests}
        </LinkButton>
      )}
    </>
  )
}

function Step(props: { readonly issuerCode: string; readonly caseId: string; readonly way: Way }) {
  const { issuerCode, caseId, way } = props
  const t = useWords(reportWords)
  const readAgain = useReadAgain()
  const [isOpen, setOpen] = useState(false)
  const [text, setText] = useState('')
  const path = { issuerCode, caseId }
  const send = useDeed<{ words: string }, Report>(
    (client, body, headers) => {
      const given = { params: { path }, body, ...headers }
      if (way === 'answers') {
        return client.POST('/v1/issuers/{issuerCode}/members/me/reports/{caseId}/answers', given)
      }
      return way === 'reopening'
        ? client.POST('/v1/issuers/{issuerCode}/members/me/reports/{caseId}/reopening', given)
        : client.POST('/v1/issuers/{issuerCode}/members/me/reports/{caseId}/escalation', given)
    },
    async () => {
      setOpen(false)
      setText('')
      await readAgain('reports', issuerCode)
    },
  )
  const { deed, label, note } = {
    answers: { deed: t.answer, label: t.answerLabel, note: undefined },
    reopening: { deed: t.reopen, label: t.reopenLabel, note: t.reopenNote },
    escalation: { deed: t.escalate, label: t.escalateLabel, note: t.escalateNote },
  }[way]
  const words = text.trim()
  return (
    <>
      <Button kind={way === 'answers' ? 'main' : 'plain'} onPress={() => setOpen(true)} isWide>
        {deed}
      </Button>
      <Sheet title={deed} isOpen={isOpen} onClose={() => setOpen(false)}>
        {note === undefined ? null : <p className="soft">{note}</p>}
        <TextField label={label} value={text} onChange={setText} isLong />
        {send.trouble === undefined ? null : <Trouble error={send.trouble} />}
        <Button
          kind="main"
          isDisabled={words === ''}
          isPending={send.isBusy}
          onPress={() => send.run({ words })}
          isWide
        >
          {t.send}
        </Button>
      </Sheet>
    </>
  )
}
