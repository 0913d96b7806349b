/** Reporting an error or a dispute, about one of my operations or about none. */
import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Choices, Select } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Membership } from './membership.tsx'
import { reportWords } from './report-words.ts'
import type { Report } from './reports-screen.tsx'
import { IssuerScreen } from './screen.tsx'

type Kind = Report['kind']
type Category = Report['category']

const categories = [
  'payment',
  'cancellation',
  'card',
  'account',
  'purchase',
  'refund',
  'stipend',
  'merchant_conduct',
  'other',
] as const satisfies readonly Category[]
/** Operations that are offered to choose from, the newest first. */
const OFFERED = 20
const NONE = 'none'

export function ReportNewScreen() {
  const t = useWords(reportWords)
  const { issuer } = useParams<{ issuer: string }>()
  return (
    <IssuerScreen title={t.start} back={`/app/${issuer}/reports`}>
      {(membership) => <ReportForm membership={membership} />}
    </IssuerScreen>
  )
}

function ReportForm({ membership }: { membership: Membership }) {
  const { issuerCode } = membership
  const t = useWords(reportWords)
  const language = useLanguage()
  const [search, setSearch] = useSearchParams()
  const [, navigate] = useLocation()
  const readAgain = useReadAgain()
  const [kind, setKind] = useState<Kind>('error_report')
  const [category, setCategory] = useState<Category>()
  const [text, setText] = useState('')
  const operationId = search.get('operation')
  const send = useDeed(
    (
      client,
      body: { kind: Kind; category: Category; description: string; operationId?: string },
      headers,
    ) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/reports', {
        params: { path: { issuerCode } },
        body: { ...body, language },
        ...headers,
      }),
    async ({ caseId }) => {
      await readAgain('reports', issuerCode)
      navigate(`/app/${issuerCode}/reports/${caseId}`)
    },
  )
  const description = text.trim()
  const isMissing = category === undefined || description === ''
  return (
    <>
      <Choices<Kind>
        label={t.kind}
        value={kind}
        onChange={setKind}
        options={(['error_report', 'dispute'] as const).map((value) => ({
          value,
          label: t.kinds[value],
          hint: t.kindHints[value],
        }))}
      />
      <Select<Category>
        label={t.category}
        value={category}
        onChange={setCategory}
        options={categories.map((value) => ({ value, label: t.categories[value] }))}
      />
      <OperationChoice
        membership={membership}
        value={operationId}
        onChange={(next) => setSearch(next === null ? {} : { operation: next }, { replace: true })}
      />
      <TextField
        label={t.description}
        hint={t.descriptionHint}
        value={text}
        onChange={setText}
        isLong
      />
      {send.trouble === undefined ? null : <Trouble error={send.trouble} />}
      {isMissing ? (
        <p className="soft" role="status">
          {t.missing}
        </p>
      ) : null}
      <Button
        kind="main"
        isDisabled={isMissing}
        isPending={send.isBusy}
        onPress={() =>
          category === undefined
            ? undefined
            : send.run({
                kind,
                category,
                description,
                ...(operationId === null ? {} : { operationId }),
              })
        }
        isWide
      >
        {t.send}
      </Button>
    </>
  )
}

function OperationChoice(props: {
  readonly membership: Membership
  readonly value: string | null
  readonly onChange: (operationId: string | null) => void
}) {
  const { membership, value, onChange } = props
  const { issuerCode, walletId } = membership
  const t = useWords(reportWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const { data } = useRead({ key: ['newest-operations', issuerCode, walletId] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/wallets/{walletId}/operations', {
      params: { path: { issuerCode, walletId }, query: { limit: OFFERED } },
    }),
  )
  const offered = (data?.items ?? []).map((operation) => ({
    value: operation.operationId,
    label: [
      writing.instant(operation.bookedAt),
      operation.merchantName ?? (isKorean ? operation.kindText : operation.kindTextEn),
      writing.won(operation.amountWon),
    ].join(' · '),
  }))
  const isOther = value !== null && !offered.some((option) => option.value === value)
  return (
    <Select
      label={t.operation}
      value={value ?? NONE}
      onChange={(next) => onChange(next === NONE ? null : next)}
      options={[
        { value: NONE, label: t.noOperation },
        ...(isOther ? [{ value, label: t.otherOperation }] : []),
        ...offered,
      ]}
    />
  )
}
