/** One report with everything that was said; answering, having it looked at again, taking it further. */
import { useState } from 'react'
import { useParams } from 'wouter'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { reportWords, stageTones, type Report } from './report-words.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopRead, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    title: '신고 내용',
    at: '신고한 때',
    due: '답변 기한',
    outcome: '결과',
    said: '주고받은 말',
    mine: '나',
    desk: '담당자',
    reply: '내 말',
    answer: '답 보내기',
    reopen: '다시 봐 달라고 하기',
    escalate: '분쟁으로 넘기기',
  },
  en: {
    title: 'Report',
    at: 'Reported at',
    due: 'Answered by',
    outcome: 'Outcome',
    said: 'What was said',
    mine: 'Me',
    desk: 'The desk',
    reply: 'What you have to say',
    answer: 'Send the answer',
    reopen: 'Have it looked at again',
    escalate: 'Take it on as a dispute',
  },
}

export function ReportScreen() {
  const t = useWords(words)
  const { caseId = '' } = useParams()
  const { to } = useShop()
  const read = useShopRead({ key: ['reports', caseId], keep: true }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/reports/{caseId}', {
      params: { path: { ...path, caseId } },
    }),
  )
  return (
    <OwnerScreen title={t.title} back={to('shop/reports')}>
      <Loaded read={read}>{drawReport}</Loaded>
    </OwnerScreen>
  )
}

const drawReport = (report: Report) => (
  <>
    <ReportFacts report={report} />
    <Replies report={report} />
  </>
)

function ReportFacts({ report }: { report: Report }) {
  const t = useWords(words)
  const { categories, stages, outcomes } = useWords(reportWords)
  const writing = useWriting()
  return (
    <>
      <section className="card stack">
        <div className="row" data-spread>
          <h2>{categories[report.category]}</h2>
          <Badge tone={stageTones[report.stage]}>{stages[report.stage]}</Badge>
        </div>
        <p>{report.description}</p>
        <Facts
          of={[
            [t.at, writing.instant(report.openedAt)],
            [t.due, writing.day(report.dueAt)],
            ...(report.outcome === null ? [] : ([[t.outcome, outcomes[report.outcome]]] as const)),
          ]}
        />
      </section>
      {report.messages.length === 0 ? null : (
        <section className="stack" data-gap="s">
          <h2>{t.said}</h2>
          <ul className="list">
            {report.messages.map((message) => (
              <li key={`${message.at} ${message.words}`} className="list-row">
                <span className="grow">
                  <span className="strong">{message.from === 'desk' ? t.desk : t.mine}</span>{' '}
                  <span className="soft small">{writing.instant(message.at)}</span>
                  <br />
                  {message.words}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </>
  )
}

type Way = 'answers' | 'reopening' | 'escalation'

/** Which ways are open now, as the desk's own states say; the server has the last word. */
function waysOf({ stage, kind }: Report): Way[] {
  if (stage === 'asked') return ['answers']
  if (stage === 'escalated') return []
  const further: Way[] = kind === 'error_report' ? ['escalation'] : []
  return stage === 'resolved' ? ['reopening', ...further] : further
}

function Replies({ report }: { report: Report }) {
  const t = useWords(words)
  const { path } = useShop()
  const readAgain = useShopReadAgain()
  const [said, setSaid] = useState('')
  const { caseId } = report
  const labels = { answers: t.answer, reopening: t.reopen, escalation: t.escalate }
  const replying = useDeed(
    (client, { way, body }: { way: Way; body: { words: string } }, headers) => {
      const given = { params: { path: { ...path, caseId } }, body, ...headers }
      const place = '/v1/issuers/{issuerCode}/merchants/{merchantId}/reports/{caseId}'
      if (way === 'answers') return client.POST(`${place}/answers`, given)
      if (way === 'reopening') return client.POST(`${place}/reopening`, given)
      return client.POST(`${place}/escalation`, given)
    },
    async () => {
      setSaid('')
      await readAgain('reports')
    },
  )
  const ways = waysOf(report)
  if (ways.length === 0) return null
  return (
    <section className="card stack">
      <TextField label={t.reply} value={said} onChange={setSaid} isLong />
      {replying.trouble === undefined ? null : <Trouble error={replying.trouble} />}
      {ways.map((way, index) => (
        <Button
          key={way}
          kind={index === 0 ? 'main' : 'plain'}
          isDisabled={said.trim() === ''}
          isPending={replying.isBusy}
          onPress={() => replying.run({ way, body: { words: said.trim() } })}
          isWide
        >
          {labels[way]}
        </Button>
      ))}
    </section>
  )
}
