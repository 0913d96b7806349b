/** Somebody calls about a card payment: it is found by its day, number, card or outcome, and says why. */
import { useState } from 'react'
import { Link, useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { serverNow } from '../api/server-clock.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { DayField, TextField } from '../ui/fields.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { cardSaleWords } from './card-sale-words.ts'
import { useIssuers, usePartnerNames } from './partners.ts'

type Sale =
  paths['/v1/operator/card-sales']['get']['responses'][200]['content']['application/json']['items'][number]

const outcomes = ['all', 'declined', 'approved'] as const
const APPROVAL_CODE = /^\d{6}$/
const LAST_FOUR = /^\d{4}$/
const PAGE = 50
const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' }).format(serverNow())

export function CardSalesView() {
  const t = useWords(cardSaleWords)
  const issuers = useIssuers()
  const [params, setParams] = useSearchParams()
  const change = (name: string, value: string): void =>
    setParams(
      // Another search begins with its newest again.
      (last) => ({ ...withPlace(last, undefined), [name]: value }),
      { replace: true },
    )
  const issuer = params.get('issuer') ?? issuers[0]?.issuerCode ?? ''
  const from = params.get('from') ?? today()
  const through = params.get('through') ?? today()
  const code = params.get('code') ?? ''
  const lastFour = params.get('card') ?? ''
  const before = params.get('before')
  const outcome = outcomes.find((each) => each === params.get('outcome')) ?? 'declined'
  const query = {
    issuer,
    from,
    through,
    limit: PAGE,
    ...(APPROVAL_CODE.test(code) ? { approvalCode: code } : {}),
    ...(LAST_FOUR.test(lastFour) ? { lastFour } : {}),
    ...(before === null ? {} : { cursor: before }),
    ...(outcome === 'all' ? {} : { outcome }),
  }
  const read = useRead(
    {
      key: ['card-sales', query],
      isReady: issuer !== '' && from !== '' && through !== '',
      everyMs: 5_000,
    },
    (client) => client.GET('/v1/operator/card-sales', { params: { query } }),
  )
  return (
    <div className="stack">
      <div className="columns" style={{ ['--column' as string]: '12rem' }}>
        <Select
          label={t.issuer}
          value={issuer}
          onChange={(value) => change('issuer', value)}
          options={issuers.map(({ issuerCode, name }) => ({ value: issuerCode, label: name }))}
        />
        <DayField label={t.from} value={from} onChange={(value) => change('from', value)} />
        <DayField
          label={t.through}
          value={through}
          onChange={(value) => change('through', value)}
        />
        <TextField
          label={t.code}
          value={code}
          onChange={(value) => change('code', value)}
          inputMode="numeric"
          wrong={code === '' || APPROVAL_CODE.test(code) ? undefined : t.codeWrong}
        />
        <TextField
          label={t.lastFour}
          value={lastFour}
          onChange={(value) => change('card', value)}
          inputMode="numeric"
          wrong={lastFour === '' || LAST_FOUR.test(lastFour) ? undefined : t.lastFourWrong}
        />
        <Select
          label={t.outcome}
          value={outcome}
          onChange={(value) => change('outcome', value)}
          options={outcomes.map((value) => ({ value, label: t.outcomes[value] }))}
        />
      </div>
      <Loaded
        read={read}
        isEmpty={({ items }) => items.length === 0}
        empty={
          <Empty title={t.none}>
            <p className="soft">{t.noneNote}</p>
            <p className="soft">{t.noCodeNote}</p>
          </Empty>
        }
      >
        {({ items, nextCursor }) => (
          <>
            <Found sales={items} issuer={issuer} />
            {nextCursor === null ? null : <Turn label={t.older} to={nextCursor} />}
          </>
        )}
      </Loaded>
      {before === null ? null : <Turn label={t.newest} to={undefined} />}
    </div>
  )
}

/** To another page of the same search. */
function Turn({ label, to }: { label: string; to: string | undefined }) {
  const [, setParams] = useSearchParams()
  return (
    <div>
      <Button onPress={() => setParams((last) => withPlace(last, to))}>{label}</Button>
    </div>
  )
}

function withPlace(params: URLSearchParams, before: string | undefined): Record<string, string> {
  const { before: _, ...kept } = Object.fromEntries(params)
  return before === undefined ? kept : { ...kept, before }
}

function Found({ sales, issuer }: { sales: readonly Sale[]; issuer: string }) {
  const t = useWords(cardSaleWords)
  const writing = useWriting()
  const [shown, setShown] = useState<Sale>()
  return (
    <>
      <Table
        caption={t.caption}
        rows={sales}
        rowKey={({ operationId }) => operationId}
        columns={[
          { key: 'at', label: t.at, cell: ({ at }) => writing.instant(at) },
          { key: 'code', label: t.approvalCode, cell: ({ approvalCode }) => approvalCode ?? '—' },
          { key: 'card', label: t.card, cell: ({ lastFours }) => t.cards(lastFours) || '—' },
          { key: 'shop', label: t.shop, cell: (sale) => sale.outletName ?? t.unknownShop },
          {
            key: 'amount',
            label: t.amount,
            isNumber: true,
            cell: (sale) => writing.won(sale.amountWon),
          },
          { key: 'outcome', label: t.outcome, cell: (sale) => <Outcome sale={sale} /> },
          { key: 'decided', label: t.decided, cell: (sale) => t.deciders[sale.decidedBy] },
          {
            key: 'why',
            label: t.why,
            cell: (sale) => (
              <Button
                onPress={() => setShown(sale)}
                aria-label={`${t.why} ${writing.instant(sale.at)}`}
              >
                {t.why}
              </Button>
            ),
          },
        ]}
      />
      {shown === undefined ? null : (
        <OneSale sale={shown} issuer={issuer} onClose={() => setShown(undefined)} />
      )}
    </>
  )
}

/** How it ended for whoever stood at the till. */
function endOf({ source, isCancelled }: Sale) {
  if (source !== 'voucher') return source
  return isCancelled ? 'cancelled' : 'approved'
}

const tones = {
  approved: 'good',
  cancelled: 'wait',
  account: 'wait',
  none: 'bad',
  unknown: 'bad',
} as const

function Outcome({ sale }: { sale: Sale }) {
  const t = useWords(cardSaleWords)
  const end = endOf(sale)
  return <Badge tone={tones[end]}>{t.badges[end]}</Badge>
}

function OneSale(props: { sale: Sale; issuer: string; onClose: () => void }) {
  const { sale, issuer, onClose } = props
  const t = useWords(cardSaleWords)
  const language = useLanguage()
  const writing = useWriting()
  const partnerName = usePartnerNames()
  const { reason, source, caseIds } = sale
  return (
    <Sheet title={`${t.caption} ${writing.won(sale.amountWon)}`} isOpen onClose={onClose}>
      <div>
        <Outcome sale={sale} />
      </div>
      <h3>{t.tell}</h3>
      <p>{t.tells[endOf(sale)]}</p>
      <Facts
        of={[
          ...(reason === null || source === 'voucher'
            ? []
            : [[t.reason[source], reason[language]] as const]),
          [t.at, writing.instant(sale.at)],
          [t.approvalCode, sale.approvalCode ?? t.noCode],
          [t.card, t.cards(sale.lastFours) || '—'],
          [t.shop, sale.outletName ?? t.unknownShop],
          [t.company, partnerName(sale.partnerCode)],
          [t.decided, t.deciders[sale.decidedBy]],
          ...caseIds.map((caseId) => {
            const link = <CaseLink key={caseId} caseId={caseId} issuer={issuer} />
            return [t.cases, link] as const
          }),
          [t.operation, sale.operationId],
        ]}
      />
    </Sheet>
  )
}

function CaseLink({ caseId, issuer }: { caseId: string; issuer: string }) {
  const t = useWords(cardSaleWords)
  return <Link href={`/cases/${caseId}?issuer=${issuer}`}>{t.openCase}</Link>
}
