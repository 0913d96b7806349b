/** Somebody calls about a card payment: it is found by its day, its approval number or its outcome, and says why. */
import { useState } from 'react'
import { useSearchParams } from 'wouter'
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
import { useIssuers } from './partners.ts'

const words = {
  ko: {
    issuer: '발행기관',
    from: '첫 날',
    through: '끝 날',
    code: '승인번호 여섯 자리',
    outcome: '결과',
    outcomes: { all: '모두', declined: '거절된 것만', approved: '승인된 것만' },
    caption: '카드 결제',
    at: '때',
    shop: '가맹점',
    unknownShop: '등록되지 않은 가맹점',
    amount: '금액',
    company: '카드사',
    decided: '누가 정했나',
    deciders: { core: '코어', standin: '대행승인(게이트웨이)', partner: '카드사가 정하고 알림' },
    declined: '거절',
    approved: '승인',
    cancelled: '취소됨',
    why: '자세히',
    none: '찾는 카드 결제가 없습니다',
    noneNote:
      '코어가 들은 결제만 나옵니다. 상품권 대상이 아니어서 카드 계좌에서 나간 결제, 게이트웨이에서 아직 전달되지 않은 결제는 여기에 없습니다.',
    reason: '거절한 이유',
    operation: '거래번호',
    tell: '문의한 분께',
    tellDeclined: '이 결제로 상품권이나 계좌에서 나간 돈은 없습니다.',
    tellApproved: '이 금액은 상품권에서 나갔습니다.',
    tellCancelled: '승인된 뒤 취소되어, 취소된 금액은 상품권으로 돌아갔습니다.',
  },
  en: {
    issuer: 'Issuer',
    from: 'From',
    through: 'Through',
    code: 'Approval number, six digits',
    outcome: 'Outcome',
    outcomes: { all: 'All', declined: 'Declined only', approved: 'Approved only' },
    caption: 'Card payments',
    at: 'When',
    shop: 'Shop',
    unknownShop: 'a shop that is not registered',
    amount: 'Amount',
    company: 'Card company',
    decided: 'Decided by',
    deciders: { core: 'core', standin: 'stand-in (gateway)', partner: 'card company, told us' },
    declined: 'Declined',
    approved: 'Approved',
    cancelled: 'Cancelled',
    why: 'Details',
    none: 'There is no such card payment',
    noneNote:
      'Only what the core has heard of: not what went to the card’s account, nor what a gateway has yet to tell.',
    reason: 'Why it was declined',
    operation: 'Operation',
    tell: 'To whoever called',
    tellDeclined: 'Nothing was taken by it, neither from vouchers nor from an account.',
    tellApproved: 'This amount was taken from vouchers.',
    tellCancelled:
      'It was approved and then cancelled: what was cancelled is back in the vouchers.',
  },
}

type Sale =
  paths['/v1/operator/card-sales']['get']['responses'][200]['content']['application/json']['items'][number]

const outcomes = ['all', 'declined', 'approved'] as const
const APPROVAL_CODE = /^\d{6}$/
const today = (): string =>
  new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Seoul' }).format(serverNow())

export function CardSalesView() {
  const t = useWords(words)
  const issuers = useIssuers()
  const [params, setParams] = useSearchParams()
  const change = (name: string, value: string): void =>
    setParams((before) => ({ ...Object.fromEntries(before), [name]: value }), { replace: true })
  const issuer = params.get('issuer') ?? issuers[0]?.issuerCode ?? ''
  const from = params.get('from') ?? today()
  const through = params.get('through') ?? today()
  const typed = params.get('code') ?? ''
  const outcome = outcomes.find((each) => each === params.get('outcome')) ?? 'declined'
  const query = {
    issuer,
    from,
    through,
    ...(APPROVAL_CODE.test(typed) ? { approvalCode: typed } : {}),
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
          value={typed}
          onChange={(value) => change('code', value)}
          inputMode="numeric"
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
          </Empty>
        }
      >
        {({ items }) => <Found sales={items} />}
      </Loaded>
    </div>
  )
}

function Found({ sales }: { sales: readonly Sale[] }) {
  const t = useWords(words)
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
          { key: 'code', label: t.code, cell: ({ approvalCode }) => approvalCode },
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
              <Button onPress={() => setShown(sale)} aria-label={`${t.why} ${sale.approvalCode}`}>
                {t.why}
              </Button>
            ),
          },
        ]}
      />
      {shown === undefined ? null : <OneSale sale={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}

function Outcome({ sale }: { sale: Sale }) {
  const t = useWords(words)
  if (sale.outcome === 'declined') return <Badge tone="bad">{t.declined}</Badge>
  if (sale.isCancelled) return <Badge tone="wait">{t.cancelled}</Badge>
  return <Badge tone="good">{t.approved}</Badge>
}

function OneSale({ sale, onClose }: { sale: Sale; onClose: () => void }) {
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const { reason, outcome, isCancelled } = sale
  const approved = isCancelled ? t.tellCancelled : t.tellApproved
  return (
    <Sheet title={`${t.caption} ${sale.approvalCode}`} isOpen onClose={onClose}>
      <Outcome sale={sale} />
      <Facts
        of={[
          ...(reason === null ? [] : [[t.reason, reason[language]] as const]),
          [t.at, writing.instant(sale.at)],
          [t.amount, writing.won(sale.amountWon)],
          [t.shop, sale.outletName ?? t.unknownShop],
          [t.company, sale.partnerName],
          [t.decided, t.deciders[sale.decidedBy]],
          [t.operation, sale.operationId],
        ]}
      />
      <h3>{t.tell}</h3>
      <p>{outcome === 'declined' ? t.tellDeclined : approved}</p>
    </Sheet>
  )
}
