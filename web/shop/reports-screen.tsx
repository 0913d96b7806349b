/** What the shop reported: the list, and reporting something new. */
import { useState, type FormEvent } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { useDeed } from '../api/use-deed.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Choices, Select } from '../ui/choice.tsx'
import { RowLink } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { categories, reportWords, stageTones, type Report } from './report-words.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopRead, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    title: '오류 신고와 문의',
    none: '아직 신고한 것이 없습니다',
    noneNote: '결제나 정산이 이상하면 알려 주세요. 기한 안에 답해 드려요.',
    add: '새로 신고하기',
    newTitle: '신고하기',
    due: (day: string) => `${day}까지 답해 드려요`,
    kind: '무엇인가요?',
    error: '오류를 고쳐 주세요',
    dispute: '분쟁을 처리해 주세요',
    about: '무엇에 대한 일인가요?',
    operation: '결제 번호',
    operationHint: '결제를 골라 왔으면 이미 적혀 있어요. 없으면 비워 두세요.',
    description: '어떤 일이 있었나요?',
    send: '보내기',
  },
  en: {
    title: 'Reports and questions',
    none: 'Nothing was reported yet',
    noneNote: 'Tell us where a payment or a payout is wrong; you are answered in time.',
    add: 'Report something',
    newTitle: 'Report',
    due: (day: string) => `Answered by ${day}`,
    kind: 'What is it?',
    error: 'An error to be corrected',
    dispute: 'A dispute to be settled',
    about: 'What is it about?',
    operation: 'Number of the payment',
    operationHint: 'Filled in where you came from a payment. Leave it empty otherwise.',
    description: 'What happened?',
    send: 'Send',
  },
}

export function ReportsScreen() {
  const t = useWords(words)
  const { to } = useShop()
  const read = useShopRead({ key: ['reports'], keep: true }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/reports', { params: { path } }),
  )
  return (
    <OwnerScreen title={t.title} back={to('shop')}>
      <LinkButton to={to('shop/reports/new')} kind="main" isWide>
        {t.add}
      </LinkButton>
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
                <ReportRow report={report} />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </OwnerScreen>
  )
}

function ReportRow({ report }: { report: Report }) {
  const t = useWords(words)
  const { categories: names, stages } = useWords(reportWords)
  const writing = useWriting()
  const { to } = useShop()
  return (
    <RowLink to={to(`shop/reports/${report.caseId}`)}>
      <span className="row" data-spread>
        <span className="strong">{names[report.category]}</span>
        <Badge tone={stageTones[report.stage]}>{stages[report.stage]}</Badge>
      </span>
      <span className="soft small">
        {report.closedAt === null ? t.due(writing.day(report.dueAt)) : writing.day(report.openedAt)}
      </span>
    </RowLink>
  )
}

interface Wish {
  readonly kind: Report['kind']
  readonly category: Report['category']
  readonly operationId?: string
  readonly description: string
  readonly language: 'ko' | 'en'
}

export function NewReportScreen() {
  const t = useWords(words)
  const { to } = useShop()
  return (
    <OwnerScreen title={t.newTitle} back={to('shop/reports')}>
      <ReportForm />
    </OwnerScreen>
  )
}

function ReportForm() {
  const t = useWords(words)
  const { categories: names } = useWords(reportWords)
  const language = useLanguage()
  const { path, to } = useShop()
  const [search] = useSearchParams()
  const [, navigate] = useLocation()
  const readAgain = useShopReadAgain()
  const [kind, setKind] = useState<Report['kind']>('error_report')
  const [category, setCategory] = useState<Report['category']>('payment')
  const [operationId, setOperationId] = useState(search.get('operation') ?? '')
  const [description, setDescription] = useState('')
  const sending = useDeed(
    (client, body: Wish, headers) =>
      client.POST('/v1/issuers/{issuerCode}/merchants/{merchantId}/reports', {
        params: { path },
        body,
        ...headers,
      }),
    async ({ caseId }: { caseId: string }) => {
      await readAgain('reports')
      navigate(to(`shop/reports/${caseId}`), { replace: true })
    },
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const about = operationId.trim()
    sending.run({
      kind,
      category,
      description: description.trim(),
      language,
      ...(about === '' ? {} : { operationId: about }),
    })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <Choices
        label={t.kind}
        value={kind}
        onChange={setKind}
        options={[
          { value: 'error_report', label: t.error },
          { value: 'dispute', label: t.dispute },
        ]}
      />
      <Select<Report['category']>
        label={t.about}
        value={category}
        onChange={setCategory}
        options={categories.map((value) => ({ value, label: names[value] }))}
      />
      <TextField
        label={t.operation}
        hint={t.operationHint}
        value={operationId}
        onChange={setOperationId}
        autoComplete="off"
      />
      <TextField label={t.description} value={description} onChange={setDescription} isLong />
      {sending.trouble === undefined ? null : <Trouble error={sending.trouble} />}
      <Button
        kind="main"
        type="submit"
        isDisabled={description.trim() === ''}
        isPending={sending.isBusy}
        isWide
      >
        {t.send}
      </Button>
    </form>
  )
}
