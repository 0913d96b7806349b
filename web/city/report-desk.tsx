/** A report that city hall's desk owns: what was said, taking it, asking back, answering, giving it to the operator. */
import { useState } from 'react'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import type { ApiClient, keyed } from '../api/client.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { caseWords } from '../ui/case-words.ts'
import { Choices, Select } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Report } from './cases.ts'
import { useCity, useOfficerName, useOfficers } from './city-context.tsx'
import { DeedSheet } from './deed-sheet.tsx'

const words = {
  ko: {
    title: '신고 내용',
    category: '분야',
    reporter: '신고한 사람',
    reporters: { member: '시민', merchant: '가맹점' },
    operation: '거래 번호',
    attachments: '첨부',
    officer: '담당자',
    nobody: '아직 없음',
    said: '주고받은 말',
    from: { reporter: '신고한 사람', desk: '시청' },
    deeds: {
      take: '내가 맡기',
      assign: '담당자 정하기',
      ask: '더 물어보기',
      answer: '결과 알리기',
      handover: '운영사로 넘기기',
    },
    notes: {
      take: '내가 담당자가 됩니다.',
      assign: '고른 담당자에게 이 건을 맡깁니다.',
      ask: '신고한 사람에게 알림이 가고 답을 기다립니다.',
      answer: '신고한 사람에게 결과를 알리고 이 건을 마칩니다.',
      handover: '넘긴 뒤에는 운영사가 답하고, 여기서는 내용을 볼 수 없습니다.',
    },
    question: '물어볼 말',
    reply: '신고한 사람이 읽을 말',
    outcome: '결과',
    outcomeMissing: '결과를 골라 주세요.',
    officerMissing: '담당자를 골라 주세요.',
    outcomes: { upheld: '맞습니다', corrected: '바로잡았습니다', rejected: '받아들이지 않습니다' },
  },
  en: {
    title: 'The report',
    category: 'About',
    reporter: 'Reported by',
    reporters: { member: 'a citizen', merchant: 'a merchant' },
    operation: 'Operation',
    attachments: 'Attachments',
    officer: 'Officer',
    nobody: 'nobody yet',
    said: 'What was said',
    from: { reporter: 'Reporter', desk: 'City hall' },
    deeds: {
      take: 'Take it',
      assign: 'Give it to an officer',
      ask: 'Ask something',
      answer: 'Answer it',
      handover: 'Give it to the operator',
    },
    notes: {
      take: 'You become its officer.',
      assign: 'The chosen officer gets it.',
      ask: 'The reporter is told, and an answer is waited for.',
      answer: 'The reporter is told the outcome, and it ends.',
      handover: 'The operator answers then, and its contents are not to be seen here any more.',
    },
    question: 'What to ask',
    reply: 'What the reporter reads',
    outcome: 'Outcome',
    outcomeMissing: 'Choose the outcome.',
    officerMissing: 'Choose the officer.',
    outcomes: { upheld: 'Right', corrected: 'Corrected', rejected: 'Rejected' },
  },
}

type DeedName = keyof (typeof words)['ko']['deeds']
type Outcome = NonNullable<Report['outcome']>
const outcomes = ['upheld', 'corrected', 'rejected'] as const
const deeds = ['answer', 'ask', 'take', 'assign', 'handover'] as const

export function ReportDesk({ caseId }: { caseId: string }) {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const [asking, setAsking] = useState<DeedName>()
  const read = useRead({ key: ['cases', issuerCode, 'report', caseId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/cases/{caseId}/report', {
      params: { path: { ...path, caseId } },
    }),
  )
  return (
    <section className="stack">
      <h2>{t.title}</h2>
      <Loaded read={read}>
        {(report) => (
          <>
            <ReportFacts report={report} />
            <Said report={report} />
            {report.closedAt === null ? (
              <div className="row">
                {deeds.map((name) => (
                  <Button
                    key={name}
                    kind={name === 'answer' ? 'main' : 'plain'}
                    onPress={() => setAsking(name)}
                  >
                    {t.deeds[name]}
                  </Button>
                ))}
              </div>
            ) : null}
          </>
        )}
      </Loaded>
      {asking === undefined ? null : (
        <ReportSheet caseId={caseId} name={asking} onClose={() => setAsking(undefined)} />
      )}
    </section>
  )
}

function ReportFacts({ report }: { report: Report }) {
  const t = useWords(words)
  const cw = useWords(caseWords)
  const officer = useOfficerName()
  const { category, reporterKind, reporterId, operationId, attachments, outcome } = report
  return (
    <div className="card stack" data-gap="s">
      <div>
        <Badge tone={report.closedAt === null ? 'wait' : 'good'}>{cw.stages[report.stage]}</Badge>
      </div>
      <Facts
        of={[
          [t.category, cw.categories[category]],
          [t.reporter, `${t.reporters[reporterKind]} ${reporterId}`],
          [t.officer, report.officerId === null ? t.nobody : officer(report.officerId)],
          ...(operationId === null ? [] : [[t.operation, operationId] as const]),
          ...(attachments.length === 0
            ? []
            : [[t.attachments, attachments.map(({ name }) => name).join(', ')] as const]),
          ...(outcome === null ? [] : [[t.outcome, t.outcomes[outcome]] as const]),
        ]}
      />
    </div>
  )
}

function Said({ report }: { report: Report }) {
  const t = useWords(words)
  const writing = useWriting()
  return (
    <section className="stack" data-gap="s">
      <h3>{t.said}</h3>
      <ol className="stack" data-gap="s">
        <li className="card">
          <p className="soft small">
            {t.from.reporter} · {writing.instant(report.openedAt)}
          </p>
          <p>{report.description}</p>
        </li>
        {report.messages.map(({ at, from, words: said }) => (
          <li key={`${at} ${from}`} className="card">
            <p className="soft small">
              {t.from[from]} · {writing.instant(at)}
            </p>
            <p>{said}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}

type Wish =
  | { readonly name: 'take' | 'handover' }
  | { readonly name: 'assign'; readonly officerId: string }
  | { readonly name: 'ask'; readonly said: string }
  | { readonly name: 'answer'; readonly said: string; readonly outcome: Outcome }

/** `undefined` while what it needs has not been chosen. */
function wishOf(
  name: DeedName,
  chosen: {
    readonly said: string
    readonly outcome: Outcome | undefined
    readonly officerId: string | undefined
  },
): Wish | undefined {
  const { said, outcome, officerId } = chosen
  if (name === 'answer') return outcome && { name, said, outcome }
  if (name === 'assign') return officerId === undefined ? undefined : { name, officerId }
  return name === 'ask' ? { name, said } : { name }
}

function ReportSheet(props: { caseId: string; name: DeedName; onClose: () => void }) {
  const { caseId, name, onClose } = props
  const t = useWords(words)
  const officers = useOfficers()
  const [outcome, setOutcome] = useState<Outcome>()
  const [officerId, setOfficerId] = useState<string>()
  const deed = useReportDeed(caseId, onClose)
  const wish = (said: string) => wishOf(name, { said, outcome, officerId })
  const isChosen = wish('') !== undefined
  const reason = name === 'ask' ? t.question : name === 'answer' ? t.reply : undefined
  return (
    <DeedSheet
      title={t.deeds[name]}
      note={t.notes[name]}
      deed={t.deeds[name]}
      {...(reason === undefined ? {} : { reason })}
      isBusy={deed.isBusy}
      trouble={deed.trouble}
      onClose={onClose}
      isChosen={isChosen}
      onDeed={(said) => {
        const wished = wish(said)
        if (wished !== undefined) deed.run(wished)
      }}
    >
      {(isAsked) => (
        <>
          {name === 'answer' ? (
            <Choices<Outcome>
              label={t.outcome}
              value={outcome}
              onChange={setOutcome}
              options={outcomes.map((value) => ({ value, label: t.outcomes[value] }))}
              wrong={isAsked && !isChosen ? t.outcomeMissing : undefined}
            />
          ) : null}
          {name === 'assign' ? (
            <Select
              label={t.officer}
              value={officerId}
              onChange={setOfficerId}
              options={officers
                .filter(({ active }) => active)
                .map((each) => ({ value: each.officerId, label: `${each.name} ${each.title}` }))}
              wrong={isAsked && !isChosen ? t.officerMissing : undefined}
            />
          ) : null}
        </>
      )}
    </DeedSheet>
  )
}

function useReportDeed(caseId: string, onDone: () => void) {
  const { path } = useCity()
  const readAgain = useReadAgain()
  const params = { path: { ...path, caseId } }
  const base = '/v1/issuers/{issuerCode}/cases/{caseId}'
  const send = (client: ApiClient, wish: Wish, headers: ReturnType<typeof keyed>) => {
    switch (wish.name) {
      case 'take':
        return client.POST(`${base}/assignment`, { params, body: {}, ...headers })
      case 'assign': {
        const body = { officerId: wish.officerId }
        return client.POST(`${base}/assignment`, { params, body, ...headers })
      }
      case 'ask':
        return client.POST(`${base}/questions`, { params, body: { words: wish.said }, ...headers })
      case 'answer': {
        const body = { outcome: wish.outcome, words: wish.said }
        return client.POST(`${base}/resolution`, { params, body, ...headers })
      }
      case 'handover':
        return client.POST(`${base}/handover`, { params, ...headers })
    }
  }
  return useDeed(send, async () => {
    await readAgain('cases')
    onDone()
  })
}
