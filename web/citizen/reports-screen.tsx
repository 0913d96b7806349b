/** What I reported, with by when each is answered. */
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { LinkButton } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { daysLeft } from './days-left.ts'
import { reportWords } from './report-words.ts'
import { IssuerScreen } from './screen.tsx'

type ReportsPath = paths['/v1/issuers/{issuerCode}/members/me/reports']
export type Report = ReportsPath['post']['responses'][201]['content']['application/json']

export function ReportsScreen() {
  const t = useWords(reportWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="reports">
      {({ issuerCode }) => (
        <>
          <LinkButton to={`/app/${issuerCode}/reports/new`} kind="main" isWide>
            {t.start}
          </LinkButton>
          <Reports issuerCode={issuerCode} />
        </>
      )}
    </IssuerScreen>
  )
}

function Reports({ issuerCode }: { issuerCode: string }) {
  const t = useWords(reportWords)
  const writing = useWriting()
  const read = useRead({ key: ['reports', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/reports', {
      params: { path: { issuerCode } },
    }),
  )
  return (
    <Loaded
      read={read}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Empty title={t.none}>
          <p className="soft">{t.noneNote}</p>
        </Empty>
      }
    >
      {({ items }) => (
        <ul className="list">
          {items.map((report) => (
            <li key={report.caseId}>
              <RowLink to={`/app/${issuerCode}/reports/${report.caseId}`}>
                <span className="row" data-spread>
                  <span className="strong">{t.categories[report.category]}</span>
                  <StageBadge report={report} />
                </span>
                <span className="one-line">{report.description}</span>
                <span className="soft small">
                  {writing.day(report.openedAt)}
                  {report.closedAt === null ? (
                    <>
                      {' · '}
                      <Deadline dueAt={report.dueAt} />
                    </>
                  ) : null}
                </span>
              </RowLink>
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  )
}

const tones: Readonly<Record<Report['stage'], Tone>> = {
  opened: 'wait',
  assigned: 'wait',
  asked: 'bad',
  answered: 'wait',
  resolved: 'good',
  escalated: 'plain',
}

export function StageBadge({ report: { stage, outcome } }: { report: Report }) {
  const t = useWords(reportWords)
  return (
    <Badge tone={tones[stage]}>
      {stage === 'resolved' && outcome !== null ? t.outcomes[outcome] : t.stages[stage]}
    </Badge>
  )
}

/** By when an answer is due, as a date and in days. */
export function Deadline({ dueAt }: { dueAt: string }) {
  const t = useWords(reportWords)
  const writing = useWriting()
  const days = daysLeft(dueAt)
  return (
    <>
      {t.due} {writing.day(dueAt)} ({days >= 0 ? t.daysLeft(days) : t.late(-days)})
    </>
  )
}
