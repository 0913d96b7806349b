/** One settlement: what was taken, what was paid, where to, and line by line. */
import { useParams } from 'wouter'
import type { paths } from '../api/schema.ts'
import { Amount } from '../ui/amount.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Table } from '../ui/table.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { toneOf, useStateWords } from './settlement-words.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopRead } from './shop-context.tsx'

const words = {
  ko: {
    title: (day: string) => `${day} 정산`,
    paid: '넣어 드리는 금액',
    taken: '받은 결제',
    back: '취소',
    fee: '수수료',
    carried: '지난 정산에서 넘어온 금액',
    payday: '입금 예정일',
    account: '계좌',
    attempt: '입금 시도',
    times: (count: string) => `${count}번째`,
    held: '지급이 보류되었습니다',
    heldNote: (reason: string) => `까닭: ${reason}. 해결되면 다음 정산 때 함께 넣어 드려요.`,
    fix: '계좌 확인하기',
    returned: '은행이 입금하지 못했습니다',
    returnedNote: (reason: string) => `은행의 답: ${reason}. 계좌를 확인해 주세요.`,
    carriedOn: '다음 정산으로 넘깁니다',
    carriedOnNote: '금액이 적거나 빠질 금액이 커서 다음 정산과 합쳐 넣어 드려요.',
    lines: '상품권과 결제일별 내역',
    program: '상품권',
    day: '결제일',
    payments: '결제',
    cancellations: '취소',
    rate: '수수료율',
  },
  en: {
    title: (day: string) => `Settlement of ${day}`,
    paid: 'Paid to you',
    taken: 'Payments',
    back: 'Cancellations',
    fee: 'Fee',
    carried: 'From settlements before',
    payday: 'Paid on',
    account: 'Account',
    attempt: 'Attempt',
    times: (count: string) => `No. ${count}`,
    held: 'It is held back',
    heldNote: (reason: string) => `Why: ${reason}. Once it is resolved it is paid with the next.`,
    fix: 'Look at the account',
    returned: 'The bank could not pay it',
    returnedNote: (reason: string) => `The bank says: ${reason}. Look at your account.`,
    carriedOn: 'It is carried on',
    carriedOnNote: 'It is small, or less than what is due from you: it is paid with the next.',
    lines: 'By voucher and day',
    program: 'Voucher',
    day: 'Paid on',
    payments: 'Payments',
    cancellations: 'Cancellations',
    rate: 'Fee rate',
  },
}

type DayPath = '/v1/issuers/{issuerCode}/merchants/{merchantId}/settlements/{settlementDay}'
type Settled = paths[DayPath]['get']['responses'][200]['content']['application/json']

export function SettlementDayScreen() {
  const t = useWords(words)
  const writing = useWriting()
  const { settlementDay = '' } = useParams()
  const { to } = useShop()
  const read = useShopRead(
    { key: ['settlements', 'one', settlementDay], keep: true },
    (client, path) =>
      client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/settlements/{settlementDay}', {
        params: { path: { ...path, settlementDay } },
      }),
  )
  return (
    <OwnerScreen title={t.title(writing.day(settlementDay))} back={to('settlement')}>
      <Loaded read={read}>{drawSettled}</Loaded>
    </OwnerScreen>
  )
}

const drawSettled = (settled: Settled) => <SettledDay settled={settled} />

function SettledDay({ settled }: { settled: Settled }) {
  const t = useWords(words)
  const writing = useWriting()
  const { state } = useStateWords()
  const { payout } = settled
  return (
    <>
      <Obstacle settled={settled} />
      <div className="card stack">
        <div className="row" data-spread>
          <span className="soft">{t.paid}</span>
          <Badge tone={toneOf(settled.state)}>{state(settled)}</Badge>
        </div>
        <Amount won={settled.payoutWon} size="l" />
        <Facts
          of={[
            [t.taken, <Amount key="taken" won={settled.paymentsWon} />],
            [t.back, <Amount key="back" won={-settled.cancellationsWon} />],
            [t.fee, <Amount key="fee" won={-settled.feeWon} />],
            ...(settled.carriedWon === 0
              ? []
              : ([[t.carried, <Amount key="carried" won={settled.carriedWon} />]] as const)),
            ...(payout === null
              ? []
              : ([
                  [t.payday, writing.day(payout.dueOn)],
                  [t.account, payout.account],
                  [t.attempt, t.times(writing.number(payout.attempt))],
                ] as const)),
          ]}
        />
      </div>
      <Lines settled={settled} />
    </>
  )
}

/** Why nothing was paid, where that is so, and what to do. */
function Obstacle({ settled }: { settled: Settled }) {
  const t = useWords(words)
  const { to } = useShop()
  const { reason } = useStateWords()
  const held = reason(settled)
  const bankReason = settled.payout?.bankReason
  if (held !== undefined) {
    return (
      <Banner tone="bad" title={t.held}>
        <p>{t.heldNote(held)}</p>
        <div>
          <LinkButton to={to('settlement/account')}>{t.fix}</LinkButton>
        </div>
      </Banner>
    )
  }
  if (typeof bankReason === 'string') {
    return (
      <Banner tone="bad" title={t.returned}>
        <p>{t.returnedNote(bankReason)}</p>
        <div>
          <LinkButton to={to('settlement/account')}>{t.fix}</LinkButton>
        </div>
      </Banner>
    )
  }
  if (settled.state !== 'carried') return null
  return (
    <Banner title={t.carriedOn}>
      <p>{t.carriedOnNote}</p>
    </Banner>
  )
}

function Lines({ settled }: { settled: Settled }) {
  const t = useWords(words)
  const writing = useWriting()
  const isKorean = useLanguage() === 'ko'
  return (
    <Table
      caption={t.lines}
      rows={settled.lines}
      rowKey={({ programId, paidOn, feeBasisPoints }) => `${programId} ${paidOn} ${feeBasisPoints}`}
      columns={[
        { key: 'day', label: t.day, cell: ({ paidOn }) => writing.day(paidOn) },
        {
          key: 'program',
          label: t.program,
          cell: ({ programName, programNameEn }) => (isKorean ? programName : programNameEn),
        },
        {
          key: 'payments',
          label: t.payments,
          cell: ({ paymentsWon }) => writing.won(paymentsWon),
          isNumber: true,
        },
        {
          key: 'cancellations',
          label: t.cancellations,
          cell: ({ cancellationsWon }) => writing.won(-cancellationsWon),
          isNumber: true,
        },
        {
          key: 'rate',
          label: t.rate,
          cell: ({ feeBasisPoints }) => writing.percent(feeBasisPoints / 10_000),
          isNumber: true,
        },
        { key: 'fee', label: t.fee, cell: ({ feeWon }) => writing.won(feeWon), isNumber: true },
      ]}
    />
  )
}
