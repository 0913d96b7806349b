/** Settlement runs with their sums, and merchants whose money is held back, with the reason. */
import { Link } from 'wouter'
import { Empty } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useCity } from './city-context.tsx'
import type { Held, Run } from './money.ts'
import { PAGE, Paged, usePages } from './paged.tsx'

const words = {
  ko: {
    runs: '정산 회차',
    noRuns: '아직 정산한 날이 없습니다',
    noRunsNote: '영업일마다 정산이 끝나면 여기에 올라옵니다.',
    day: '정산일',
    state: '상태',
    states: { open: '진행 중', closed: '끝남' },
    merchants: '가맹점',
    payments: '결제',
    cancellations: '취소',
    fee: '수수료',
    payouts: '지급액',
    heldWon: '보류액',
    count: (count: string) => `${count}곳`,
    heldList: '지급 보류 가맹점',
    noHeld: '보류된 가맹점이 없습니다',
    noHeldNote: '정산계좌가 없거나 정지된 가맹점이 있으면 이유와 함께 올라옵니다.',
    merchant: '가맹점',
    reason: '이유',
    waiting: '쌓인 금액',
  },
  en: {
    runs: 'Settlement runs',
    noRuns: 'Nothing was settled yet',
    noRunsNote: 'Each run comes here when its business day is settled.',
    day: 'Day',
    state: 'State',
    states: { open: 'under way', closed: 'closed' },
    merchants: 'Merchants',
    payments: 'Payments',
    cancellations: 'Cancelled',
    fee: 'Fees',
    payouts: 'Paid out',
    heldWon: 'Held back',
    count: (count: string) => count,
    heldList: 'Merchants held back',
    noHeld: 'Nobody is held back',
    noHeldNote: 'Merchants that are suspended or have no account come here, with the reason.',
    merchant: 'Merchant',
    reason: 'Reason',
    waiting: 'Waits',
  },
}

export function RunsView() {
  const t = useWords(words)
  const writing = useWriting()
  const { issuerCode, path } = useCity()
  const pages = usePages<Run>({ key: ['settlements', issuerCode, 'runs'] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/settlement-runs', {
      params: { path, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
  const won = (
    key: 'paymentsWon' | 'cancellationsWon' | 'feeWon' | 'payoutsWon' | 'heldWon',
    label: string,
  ) => ({
    key,
    label,
    isNumber: true,
    cell: (run: Run) => writing.won(run[key]),
  })
  return (
    <Paged
      pages={pages}
      empty={
        <Empty title={t.noRuns}>
          <p>{t.noRunsNote}</p>
        </Empty>
      }
    >
      {(items) => (
        <Table
          caption={t.runs}
          isCaptionUnseen
          rows={items}
          rowKey={({ settlementDay }) => settlementDay}
          columns={[
            { key: 'day', label: t.day, cell: ({ settlementDay }) => writing.day(settlementDay) },
            {
              key: 'state',
              label: t.state,
              cell: ({ state }) => (
                <Badge tone={state === 'open' ? 'wait' : 'good'}>{t.states[state]}</Badge>
              ),
            },
            {
              key: 'merchants',
              label: t.merchants,
              isNumber: true,
              cell: ({ merchants }) => t.count(writing.number(merchants)),
            },
            won('paymentsWon', t.payments),
            won('cancellationsWon', t.cancellations),
            won('feeWon', t.fee),
            won('payoutsWon', t.payouts),
            won('heldWon', t.heldWon),
          ]}
        />
      )}
    </Paged>
  )
}

export function HeldView() {
  const t = useWords(words)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const { issuerCode, path, to } = useCity()
  const pages = usePages<Held>({ key: ['settlements', issuerCode, 'held'] }, (client, cursor) =>
    client.GET('/v1/issuers/{issuerCode}/settlements-held', {
      params: { path, query: { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) } },
    }),
  )
  return (
    <Paged
      pages={pages}
      empty={
        <Empty title={t.noHeld}>
          <p>{t.noHeldNote}</p>
        </Empty>
      }
    >
      {(items) => (
        <Table
          caption={t.heldList}
          isCaptionUnseen
          rows={items}
          rowKey={({ merchantId, settlementDay }) => `${merchantId} ${settlementDay}`}
          columns={[
            {
              key: 'merchant',
              label: t.merchant,
              cell: (held) => (
                <Link href={to(`merchants/${held.merchantId}`)}>{held.merchantName}</Link>
              ),
            },
            { key: 'day', label: t.day, cell: ({ settlementDay }) => writing.day(settlementDay) },
            {
              key: 'reason',
              label: t.reason,
              cell: (held) => (
                <Badge tone="bad">
                  {(isKorean ? held.heldReasonName : held.heldReasonNameEn) ??
                    (isKorean ? held.stateName : held.stateNameEn)}
                </Badge>
              ),
            },
            {
              key: 'waiting',
              label: t.waiting,
              isNumber: true,
              cell: ({ waitingWon }) => writing.won(waitingWon),
            },
          ]}
        />
      )}
    </Paged>
  )
}
