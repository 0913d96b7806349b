/** What happened to a wallet, by month; what is looked for stands in the address. */
import { Download, Search } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { Redirect, useLocation, useSearch, useSearchParams } from 'wouter'
import { useTools } from '../api/app-context.tsx'
import { serverNow } from '../api/server-clock.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { downloadFile } from '../api/download.ts'
import {
  directionOf,
  monthOf,
  useHistory,
  withoutAnsweredWishes,
  type HistoryFilter,
  type Operation,
} from './history.ts'
import { words } from './history-words.ts'
import {
  useMembership,
  useMemberships,
  useUsualMembership,
  type Membership,
} from './membership.tsx'
import { OperationRow, receiptPath } from './operation-row.tsx'

export function HistoryScreen() {
  const t = useWords(words)
  const named = useMembership()
  const usual = useUsualMembership()
  if (named === undefined) {
    if (usual === undefined) return <NothingYet />
    return <Redirect to={`/app/history/${usual.issuerCode}`} replace />
  }
  return (
    <>
      <h1>{t.title}</h1>
      <WhichIssuer current={named} />
      <History key={named.issuerCode} membership={named} />
    </>
  )
}

function WhichIssuer({ current }: { current: Membership }) {
  const t = useWords(words)
  const memberships = useMemberships()
  const [, navigate] = useLocation()
  if (memberships.length < 2) return null
  return (
    <Select
      label={t.issuer}
      value={current.issuerCode}
      onChange={(issuerCode) => navigate(`/app/history/${issuerCode}`)}
      options={memberships.map(({ issuerCode, name }) => ({ value: issuerCode, label: name }))}
    />
  )
}

const KINDS = [
  'payment',
  'capture',
  'cancellation',
  'issue',
  'purchase_cancellation',
  'refund',
  'gift',
  'gift_acceptance',
  'cashback',
  'expiry',
] as const
const ALL = 'all'

function History({ membership }: { membership: Membership }) {
  const [params] = useSearchParams()
  const filter: HistoryFilter = {
    month: params.get('month') ?? undefined,
    kind: KINDS.find((kind) => kind === params.get('kind')),
    text: params.get('text') ?? undefined,
  }
  const isNarrow = Object.values(filter).some((value) => value !== undefined)
  const read = useHistory(membership, filter)
  return (
    <>
      <Filters />
      <Loaded
        read={read}
        isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
        empty={isNarrow ? <NothingFound /> : <NothingYet />}
      >
        {({ pages }) => (
          <Months
            membership={membership}
            operations={withoutAnsweredWishes(pages.flatMap(({ items }) => items))}
          />
        )}
      </Loaded>
      <Further
        membership={membership}
        hasMore={read.hasNextPage}
        isBusy={read.isFetchingNextPage}
        onMore={() => void read.fetchNextPage()}
      />
    </>
  )
}

function Filters() {
  const t = useWords(words)
  const [params, setParams] = useSearchParams()
  const [text, setText] = useState(params.get('text') ?? '')
  const change = (name: string, value: string): void =>
    setParams(
      (now) => {
        if (value === ALL || value === '') now.delete(name)
        else now.set(name, value)
        return now
      },
      { replace: true },
    )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change('text', text.trim())
  }
  const months = useMonths()
  const isNarrow = ['month', 'kind', 'text'].some((name) => params.has(name))
  return (
    <details className="card filters no-print" open={isNarrow}>
      <summary>
        <Search className="icon" aria-hidden />
        {t.filters}
      </summary>
      <form className="stack" data-gap="s" onSubmit={submit}>
        <div className="columns" style={{ ['--column' as string]: '8rem' }}>
          <Select
            label={t.month}
            value={params.get('month') ?? ALL}
            onChange={(value) => change('month', value)}
            options={[{ value: ALL, label: t.allMonths }, ...months]}
          />
          <Select
            label={t.kind}
            value={params.get('kind') ?? ALL}
            onChange={(value) => change('kind', value)}
            options={[
              { value: ALL, label: t.allKinds },
              ...KINDS.map((value) => ({ value, label: t.kinds[value] })),
            ]}
          />
        </div>
        <div className="find-row">
          <TextField label={t.text} value={text} onChange={setText} inputMode="search" />
          <Button type="submit">{t.find}</Button>
        </div>
      </form>
    </details>
  )
}

const MONTHS_OFFERED = 24

/** This month and those before. */
function useMonths(): { value: string; label: string }[] {
  const name = useMonthName()
  const seoul = new Date(serverNow() + 9 * 3_600_000)
  return Array.from({ length: MONTHS_OFFERED }, (_, back) => {
    const first = new Date(Date.UTC(seoul.getUTCFullYear(), seoul.getUTCMonth() - back, 1))
    return { value: first.toISOString().slice(0, 7), label: name.format(first) }
  })
}

/** Of the first of a month, UTC. */
function useMonthName(): Intl.DateTimeFormat {
  const language = useLanguage()
  return new Intl.DateTimeFormat(language === 'ko' ? 'ko-KR' : 'en-GB', {
    year: 'numeric',
    month: 'long',
    timeZone: 'UTC',
  })
}

function Months(props: {
  readonly membership: Membership
  readonly operations: readonly Operation[]
}) {
  const { membership, operations } = props
  const t = useWords(words)
  const writing = useWriting()
  const name = useMonthName()
  const search = useSearch()
  const months = Map.groupBy(operations, monthOf)
  return [...months].map(([month, within]) => (
    <section key={month} className="stack" data-gap="s">
      <div className="row" data-spread>
        <h2>{name.format(new Date(`${month}-01T00:00:00Z`))}</h2>
        <span className="soft small">{t.outMonth(writing.won(spentWon(within)))}</span>
      </div>
      <ul className="list">
        {within.map((operation) => (
          <li key={operation.operationId}>
            <OperationRow to={receiptPath(membership, operation, search)} operation={operation} />
          </li>
        ))}
      </ul>
    </section>
  ))
}

const PAID: ReadonlySet<Operation['kind']> = new Set(['payment', 'capture'])

/** Of what is shown: paid, less what was given back. */
function spentWon(operations: readonly Operation[]): number {
  return operations
    .filter((each) => PAID.has(each.kind) && directionOf(each) === 'out')
    .reduce((sum, { amountWon, cancelledWon }) => sum + amountWon - cancelledWon, 0)
}

function Further(props: {
  readonly membership: Membership
  readonly hasMore: boolean
  readonly isBusy: boolean
  readonly onMore: () => void
}) {
  const { membership, hasMore, isBusy, onMore } = props
  const t = useWords(words)
  const { session } = useTools()
  const [isLoading, setLoading] = useState(false)
  const save = async (): Promise<void> => {
    setLoading(true)
    const path = `/v1/issuers/${membership.issuerCode}/members/me/data/history.csv`
    await downloadFile(session, path, `dure-${membership.issuerCode}.csv`).catch(() => undefined)
    setLoading(false)
  }
  return (
    <div className="stack no-print" data-gap="s">
      {hasMore ? (
        <Button isWide isPending={isBusy} onPress={onMore}>
          {t.more}
        </Button>
      ) : null}
      <Button kind="quiet" isPending={isLoading} onPress={() => void save()}>
        <Download aria-hidden />
        {t.csv}
      </Button>
    </div>
  )
}

function NothingYet() {
  const t = useWords(words)
  return (
    <Empty title={t.none}>
      <p className="soft">{t.noneNote}</p>
      <LinkButton to="/app/pay" kind="main">
        {t.kinds.payment}
      </LinkButton>
    </Empty>
  )
}

function NothingFound() {
  const t = useWords(words)
  const [, setParams] = useSearchParams()
  return (
    <Empty title={t.nothing}>
      <p className="soft">{t.nothingNote}</p>
      <Button onPress={() => setParams({}, { replace: true })}>{t.reset}</Button>
    </Empty>
  )
}
