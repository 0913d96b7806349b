/** A report that the operator’s desk owns: what was said, asking back, answering, and giving it to the issuer. */
import { useState } from 'react'
import { useRead, useReadAgain, useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { caseWords } from './case-words.ts'
import type { Answer } from './live.ts'

const words = {
  ko: {
    title: '접수 내용',
    category: '분야',
    reporter: '신고한 사람',
    reporters: { member: '시민', merchant: '가맹점' },
    payment: '결제 번호',
    attachments: '첨부',
    conversation: '주고받은 말',
    from: { reporter: '신고자', desk: '우리' },
    take: '내가 맡기',
    handOver: '발행기관으로 넘기기',
    handOverSure: '발행기관으로 넘길까요?',
    handOverNote: '넘긴 뒤에는 발행기관이 답하고, 여기서는 내용을 볼 수 없습니다.',
    ask: '더 물어보기',
    askLabel: '물어볼 말',
    send: '보내기',
    answer: '결과 알리기',
    outcome: '결과',
    outcomes: { upheld: '맞습니다', corrected: '바로잡았습니다', rejected: '받아들이지 않습니다' },
    answerLabel: '신고한 사람이 읽을 말',
    missing: '말을 적어 주세요.',
    outcomeMissing: '결과를 골라 주세요.',
    tell: '결과 알리기',
    over: '결과를 알렸습니다',
  },
  en: {
    title: 'The report',
    category: 'About',
    reporter: 'Reported by',
    reporters: { member: 'A citizen', merchant: 'A merchant' },
    payment: 'Operation',
    attachments: 'Attachments',
    conversation: 'What was said',
    from: { reporter: 'Reporter', desk: 'We' },
    take: 'Take it',
    handOver: 'Give it to the issuer',
    handOverSure: 'Give it to the issuer?',
    handOverNote: 'The issuer answers then, and its contents are not to be seen here any more.',
    ask: 'Ask something',
    askLabel: 'What to ask',
    send: 'Send',
    answer: 'Answer it',
    outcome: 'Outcome',
    outcomes: { upheld: 'Right', corrected: 'Corrected', rejected: 'Rejected' },
    answerLabel: 'What the reporter reads',
    missing: 'Write something.',
    outcomeMissing: 'Choose the outcome.',
    tell: 'Tell the outcome',
    over: 'The outcome was told',
  },
}

type Report = Answer<'/v1/cases/{caseId}/report'>
type Outcome = NonNullable<Report['outcome']>
const outcomes = ['upheld', 'corrected', 'rejected'] as const
const WORDS_MAX = 1_000

interface Place {
  readonly caseId: string
  readonly issuerCode: string
}

export function ReportDesk({ caseId, issuerCode }: Place) {
  const t = useWords(words)
  const cw = useWords(caseWords)
  const writing = useWriting()
  const read = useRead({ key: ['report', issuerCode, caseId] }, (client) =>
    client.GET('/v1/cases/{caseId}/report', {
      params: { path: { caseId }, query: { issuerCode } },
    }),
  )
  return (
    <section className="stack" aria-labelledby="report">
      <h2 id="report">{t.title}</h2>
      <Loaded read={read}>
        {(report) => (
          <>
            <div className="card stack" data-gap="s">
              <Badge tone={report.closedAt === null ? 'wait' : 'good'}>
                {cw.stages[report.stage]}
              </Badge>
              <Facts
                of={[
                  [t.category, cw.categories[report.category]],
                  [t.reporter, `${t.reporters[report.reporterKind]} ${report.reporterId}`],
                  ...(report.operationId === null
                    ? []
                    : ([[t.payment, report.operationId]] as const)),
                  ...(report.attachments.length === 0
                    ? []
                    : ([
                        [t.attachments, report.attachments.map(({ name }) => name).join(', ')],
                      ] as const)),
                ]}
              />
            </div>
            <h3>{t.conversation}</h3>
            <ul className="stack" data-gap="s">
              <li className="said">{report.description}</li>
              {report.messages.map(({ at, from, words: said }) => (
                <li key={`${at} ${said}`} className="said" data-from={from}>
                  <span className="soft small">
                    {t.from[from]} · {writing.instant(at)}
                  </span>
                  <br />
                  {said}
                </li>
              ))}
            </ul>
            {report.closedAt === null ? (
              <Deeds place={{ caseId, issuerCode }} />
            ) : (
              <p className="strong">{t.over}</p>
            )}
          </>
        )}
      </Loaded>
    </section>
  )
}

function Deeds({ place }: { place: Place }) {
  const t = useWords(words)
  const { client } = useTools()
  const readAgain = useReadAgain()
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const [isHandingOver, setHandingOver] = useState(false)
  const params = {
    path: { caseId: place.caseId },
    query: { issuerCode: place.issuerCode },
  }
  const work = async (deed: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await deed()
      await Promise.all([readAgain('report'), readAgain('cases'), readAgain('due')])
    } catch (error) {
      setTrouble(error)
    }
    setBusy(false)
    setHandingOver(false)
  }
  const take = () => answered(client.POST('/v1/cases/{caseId}/assignment', { params, body: {} }))
  const handOver = () => answered(client.POST('/v1/cases/{caseId}/handover', { params }))
  return (
    <>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <div className="row">
        <Button isDisabled={isBusy} onPress={() => void work(take)}>
          {t.take}
        </Button>
        <Button isDisabled={isBusy} onPress={() => setHandingOver(true)}>
          {t.handOver}
        </Button>
      </div>
      <div className="columns">
        <Question
          isBusy={isBusy}
          onSend={(said) =>
            work(() =>
              answered(
                client.POST('/v1/cases/{caseId}/questions', { params, body: { words: said } }),
              ),
            )
          }
        />
        <Resolution
          isBusy={isBusy}
          onSend={(outcome, said) =>
            work(() =>
              answered(
                client.POST('/v1/cases/{caseId}/resolution', {
                  params,
                  body: { outcome, words: said },
                }),
              ),
            )
          }
        />
      </div>
      <Confirm
        title={t.handOverSure}
        isOpen={isHandingOver}
        onClose={() => setHandingOver(false)}
        deed={t.handOver}
        isPending={isBusy}
        onConfirm={() => void work(handOver)}
      >
        <p>{t.handOverNote}</p>
      </Confirm>
    </>
  )
}

function Question(props: { isBusy: boolean; onSend: (said: string) => Promise<void> }) {
  const { isBusy, onSend } = props
  const t = useWords(words)
  const [said, setSaid] = useState('')
  const [isAsked, setAsked] = useState(false)
  const isMissing = said.trim() === ''
  return (
    <div className="card stack">
      <h3>{t.ask}</h3>
      <TextField
        label={t.askLabel}
        isLong
        value={said}
        onChange={setSaid}
        maxLength={WORDS_MAX}
        wrong={isAsked && isMissing ? t.missing : undefined}
      />
      <Button
        isPending={isBusy}
        onPress={() => {
          setAsked(true)
          if (!isMissing) void onSend(said.trim())
        }}
      >
        {t.send}
      </Button>
    </div>
  )
}

function Resolution(props: {
  isBusy: boolean
  onSend: (outcome: Outcome, said: string) => Promise<void>
}) {
  const { isBusy, onSend } = props
  const t = useWords(words)
  const [outcome, setOutcome] = useState<Outcome>()
  const [said, setSaid] = useState('')
  const [isAsked, setAsked] = useState(false)
  const isMissing = said.trim() === ''
  return (
    <div className="card stack">
      <h3>{t.answer}</h3>
      <Choices<Outcome>
        label={t.outcome}
        value={outcome}
        onChange={setOutcome}
        options={outcomes.map((value) => ({ value, label: t.outcomes[value] }))}
      />
      {isAsked && outcome === undefined ? <p role="alert">{t.outcomeMissing}</p> : null}
      <TextField
        label={t.answerLabel}
        isLong
        value={said}
        onChange={setSaid}
        maxLength={WORDS_MAX}
        wrong={isAsked && isMissing ? t.missing : undefined}
      />
      <Button
        kind="main"
        isPending={isBusy}
        onPress={() => {
          setAsked(true)
          if (!isMissing && outcome !== undefined) void onSend(outcome, said.trim())
        }}
      >
        {t.tell}
      </Button>
    </div>
  )
}
