/** One exception of the operator's: what is known, and closing it with what was done; a report has its own words. */
import { ArrowLeft } from 'lucide-react'
import { useState } from 'react'
import { Link, useParams, useSearchParams } from 'wouter'
import { useRead, useReadAgain, useTools } from '../api/app-context.tsx'
import { answered } from '../api/client.ts'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { caseWords, type OperatorCase } from './case-words.ts'
import { useIssuerNames } from './partners.ts'
import { ReportDesk } from './report-desk.tsx'

const words = {
  ko: {
    back: '예외',
    none: '이 예외를 찾지 못했습니다',
    noneNote: '다른 기관의 것이거나 번호가 다릅니다. 목록에서 다시 골라 주세요.',
    issuer: '발행기관',
    operator: '운영사',
    subject: '대상',
    openedAt: '생긴 때',
    dueAt: '언제까지',
    closedAt: '닫은 때',
    resolution: '어떻게 했나',
    states: { open: '열림', closed: '닫힘' },
    facts: '알려진 것',
    owners: { operator: '운영사가 맡음', issuer: '발행기관이 맡음' },
    issuersNote: '발행기관이 맡은 예외입니다. 기한만 여기서 볼 수 있습니다.',
    close: '닫기',
    what: '무엇을 했나요',
    whatHint: '나중에 감사하는 사람이 읽습니다.',
    missing: '무엇을 했는지 적어 주세요.',
    sure: '이 예외를 닫을까요?',
    sureNote: '닫은 뒤에는 다시 열 수 없습니다.',
    closeIt: '예외 닫기',
    closed: '예외를 닫았습니다',
  },
  en: {
    back: 'Exceptions',
    none: 'It was not found',
    noneNote: 'It is another issuer’s, or has another number. Choose one from the list.',
    issuer: 'Issuer',
    operator: 'Operator',
    subject: 'About',
    openedAt: 'Opened',
    dueAt: 'Until',
    closedAt: 'Closed',
    resolution: 'What was done',
    states: { open: 'Open', closed: 'Closed' },
    facts: 'What is known',
    owners: { operator: 'The operator’s', issuer: 'The issuer’s' },
    issuersNote: 'The issuer deals with it. Only its day is to be seen here.',
    close: 'Close',
    what: 'What did you do?',
    whatHint: 'Whoever audits it later reads this.',
    missing: 'Write what was done.',
    sure: 'Close this exception?',
    sureNote: 'It cannot be opened again.',
    closeIt: 'Close it',
    closed: 'It is closed',
  },
}

const RESOLUTION_MAX = 800

export function CaseScreen() {
  const t = useWords(words)
  const { caseId = '' } = useParams()
  const [search] = useSearchParams()
  const issuerCode = search.get('issuer') ?? undefined
  const query = issuerCode === undefined ? {} : { issuerCode }
  const key = ['cases', issuerCode ?? '', 'one', caseId]
  const read = useRead({ key, keep: true }, (client) =>
    client.GET('/v1/cases/{caseId}', { params: { path: { caseId }, query } }),
  )
  return (
    <>
      <Link href="/cases" className="way-back">
        <ArrowLeft className="icon" aria-hidden />
        {t.back}
      </Link>
      <CaseHeading found={read.data} caseId={caseId} />
      <Loaded
        read={read}
        unknown={
          <Empty title={t.none}>
            <p>{t.noneNote}</p>
          </Empty>
        }
      >
        {(found) => <CaseDetail found={found} />}
      </Loaded>
    </>
  )
}

function CaseHeading({ found, caseId }: { found: OperatorCase | undefined; caseId: string }) {
  const t = useWords(words)
  const cw = useWords(caseWords)
  return (
    <div className="row">
      <h1>{found === undefined ? caseId : cw.kinds[found.kind]}</h1>
      {found === undefined ? null : (
        <Badge tone={found.state === 'open' ? 'wait' : 'good'}>{t.states[found.state]}</Badge>
      )}
    </div>
  )
}

function CaseDetail({ found }: { found: OperatorCase }) {
  const t = useWords(words)
  const writing = useWriting()
  const issuerName = useIssuerNames()
  const { issuerCode, kind, owner, state, subject, facts, closedAt, resolution } = found
  const isReport = kind === 'error_report' || kind === 'dispute'
  return (
    <>
      <div className="card">
        <Facts
          of={[
            [t.issuer, issuerCode === null ? t.operator : issuerName(issuerCode)],
            [t.subject, subject],
            [t.openedAt, writing.instant(found.openedAt)],
            [t.dueAt, writing.instant(found.dueAt)],
            ...(closedAt === null ? [] : ([[t.closedAt, writing.instant(closedAt)]] as const)),
            ...(resolution === null ? [] : ([[t.resolution, resolution]] as const)),
          ]}
        />
      </div>
      {Object.keys(facts).length === 0 ? null : (
        <section className="stack" data-gap="s" aria-labelledby="facts">
          <h2 id="facts">{t.facts}</h2>
          <div className="card">
            <Facts of={Object.entries(facts).map(([name, value]) => [name, String(value)])} />
          </div>
        </section>
      )}
      {owner === 'issuer' ? (
        <Banner title={t.owners.issuer}>
          <p>{t.issuersNote}</p>
        </Banner>
      ) : isReport && issuerCode !== null ? (
        <ReportDesk caseId={found.caseId} issuerCode={issuerCode} />
      ) : state === 'open' ? (
        <Closing found={found} />
      ) : null}
    </>
  )
}

function Closing({ found: { caseId, issuerCode } }: { found: OperatorCase }) {
  const t = useWords(words)
  const { client } = useTools()
  const readAgain = useReadAgain()
  const [text, setText] = useState('')
  const [isAsked, setAsked] = useState(false)
  const [isSure, setSure] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const isMissing = text.trim() === ''
  const close = async (): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    try {
      await answered(
        client.POST('/v1/cases/{caseId}/closure', {
          params: { path: { caseId }, ...(issuerCode === null ? {} : { query: { issuerCode } }) },
          body: { resolution: text.trim() },
        }),
      )
      await Promise.all([readAgain('cases'), readAgain('due')])
    } catch (error) {
      setTrouble(error)
    }
    setBusy(false)
    setSure(false)
  }
  return (
    <section className="stack" data-gap="s" aria-labelledby="closing">
      <h2 id="closing">{t.close}</h2>
      <TextField
        label={t.what}
        hint={t.whatHint}
        isLong
        value={text}
        onChange={setText}
        maxLength={RESOLUTION_MAX}
        wrong={isAsked && isMissing ? t.missing : undefined}
      />
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <div>
        <Button
          kind="main"
          onPress={() => {
            setAsked(true)
            setSure(!isMissing)
          }}
        >
          {t.closeIt}
        </Button>
      </div>
      <Confirm
        title={t.sure}
        isOpen={isSure}
        onClose={() => setSure(false)}
        deed={t.closeIt}
        isPending={isBusy}
        onConfirm={() => void close()}
      >
        <p>{t.sureNote}</p>
        <p className="said">{text}</p>
      </Confirm>
    </section>
  )
}
