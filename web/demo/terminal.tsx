/** A card terminal at 은파분식: an amount, a card of 김하늘, and an answer that says whose money and who decided. */
import { CreditCard } from 'lucide-react'
import { useState } from 'react'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Choices } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { NumberField } from '../ui/fields.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { sell, type Receipt } from './desk.ts'

const words = {
  ko: {
    title: '카드 단말기',
    shop: '은파분식 · 군산시',
    amount: '금액',
    amountWrong: '1원 이상을 입력해 주세요.',
    card: '김하늘님의 카드',
    pay: '카드로 결제하기',
    paying: '카드사에 묻는 중',
    approved: '승인되었습니다',
    declined: '거절되었습니다',
    underWay: '아직 처리 중입니다',
    unknown: '결과를 모릅니다',
    unknownNote:
      '카드사에서 답이 오지 않았습니다. 결제되었을 수 있으니 김하늘님 화면의 내역을 먼저 봐 주세요.',
    from: '돈이 나온 곳',
    sources: {
      voucher: '상품권',
      voucher_and_account: '상품권과 계좌',
      account: '카드에 연결된 계좌',
      none: '나가지 않음',
    } satisfies Record<Receipt['source'], string>,
    by: '결정한 곳',
    deciders: {
      core: '코어',
      standin: '게이트웨이가 대신 결정 (대행승인)',
      gateway: '게이트웨이',
      nobody: '답이 없어 카드사가 결정',
    },
    voucher: '상품권',
    account: '계좌',
    code: '승인번호',
    took: '걸린 시간',
  },
  en: {
    title: 'Card terminal',
    shop: '은파분식, Gunsan',
    amount: 'Amount',
    amountWrong: 'Type one won or more.',
    card: 'A card of 김하늘',
    pay: 'Pay by card',
    paying: 'Asking the card company',
    approved: 'Approved',
    declined: 'Declined',
    underWay: 'Still under way',
    unknown: 'Nobody knows yet',
    unknownNote:
      'The card company did not answer. It may have been paid: look at what 김하늘 sees first.',
    from: 'Whose money',
    sources: {
      voucher: 'Voucher',
      voucher_and_account: 'Voucher and account',
      account: 'The account behind the card',
      none: 'None was taken',
    } satisfies Record<Receipt['source'], string>,
    by: 'Who decided',
    deciders: {
      core: 'The core',
      standin: 'The gateway, standing in',
      gateway: 'The gateway',
      nobody: 'The card company, without an answer',
    },
    voucher: 'Voucher',
    account: 'Account',
    code: 'Approval number',
    took: 'Took',
  },
}

/** As terminals number the shop. */
const MERCHANT_NUMBER = '900010001300000'
const cards = [
  { value: 'hanbit', token: 'HAN0000000000001', ko: '한빛카드 7919', en: 'Hanbit Card 7919' },
  { value: 'narae', token: 'NAR0000000000002', ko: '나래카드 5838', en: 'Narae Card 5838' },
] as const
type Company = (typeof cards)[number]['value']
/** What a lunch costs. */
const LUNCH_WON = 8_000

type Result = { readonly receipt: Receipt } | 'unknown'

export function Terminal(props: {
  readonly deskUrl: string
  readonly onReceipt: (receipt: Receipt) => void
}) {
  const { deskUrl, onReceipt } = props
  const t = useWords(words)
  const language = useLanguage()
  const [amountWon, setAmountWon] = useState(LUNCH_WON)
  const [company, setCompany] = useState<Company>('hanbit')
  const [isBusy, setBusy] = useState(false)
  const [result, setResult] = useState<Result>()
  const isRight = Number.isInteger(amountWon) && amountWon > 0
  const pay = async (): Promise<void> => {
    if (!isRight) return
    setBusy(true)
    setResult(undefined)
    const card = cards.find(({ value }) => value === company)?.token ?? ''
    const sale = { company, card, merchantNumber: MERCHANT_NUMBER, amountWon }
    try {
      const receipt = await sell(deskUrl, sale)
      setResult({ receipt })
      onReceipt(receipt)
    } catch {
      setResult('unknown')
    }
    setBusy(false)
  }
  return (
    <section className="card terminal stack" aria-labelledby="terminal">
      <div className="row" data-spread>
        <h2 id="terminal">{t.title}</h2>
        <span className="soft small">{t.shop}</span>
      </div>
      <NumberField
        label={t.amount}
        value={amountWon}
        onChange={setAmountWon}
        min={1}
        max={10_000_000}
        wrong={isRight ? undefined : t.amountWrong}
      />
      <Choices<Company>
        label={t.card}
        value={company}
        onChange={setCompany}
        options={cards.map((card) => ({ value: card.value, label: card[language] }))}
      />
      <Button kind="main" isWide isPending={isBusy} onPress={() => void pay()}>
        {isBusy ? <span className="spinner" aria-hidden /> : <CreditCard aria-hidden />}
        {isBusy ? t.paying : t.pay}
      </Button>
      <div aria-live="polite">
        {result === undefined ? null : result === 'unknown' ? (
          <Banner tone="unknown" title={t.unknown}>
            <p>{t.unknownNote}</p>
          </Banner>
        ) : (
          <Slip receipt={result.receipt} />
        )}
      </div>
    </section>
  )
}

/** What the terminal prints. */
function Slip({ receipt }: { receipt: Receipt }) {
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const { outcome, source, voucherWon, accountWon, approvalCode, decidedBy, latencyMs } = receipt
  const isApproved = outcome === 'approved'
  const heading = isApproved ? t.approved : outcome === 'declined' ? t.declined : t.underWay
  return (
    <div className="slip stack" data-gap="s">
      <Banner tone={isApproved ? 'good' : outcome === 'declined' ? 'bad' : 'wait'} title={heading}>
        <p>
          <Amount won={receipt.amountWon} size="l" />
        </p>
        {receipt.why === null ? null : <p>{receipt.why[language]}</p>}
      </Banner>
      <Facts
        of={[
          [t.from, <strong key="from">{t.sources[source]}</strong>],
          [t.by, <strong key="by">{t.deciders[decidedBy ?? 'nobody']}</strong>],
          ...(source === 'voucher_and_account'
            ? ([
                [t.voucher, writing.won(voucherWon)],
                [t.account, writing.won(accountWon)],
              ] as const)
            : []),
          ...(approvalCode === null ? [] : ([[t.code, approvalCode]] as const)),
          ...(latencyMs === null
            ? []
            : ([[t.took, `${writing.number(Math.round(latencyMs))} ms`]] as const)),
        ]}
      />
    </div>
  )
}
