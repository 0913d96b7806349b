/** One payment: what is known of it, and giving it back, all that is left or a part. */
import { useState } from 'react'
import { useParams } from 'wouter'
import { moneyCall } from '../api/money-call.ts'
import type { paths } from '../api/schema.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Choices } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { NumberField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useSaleWords } from './sale-row.tsx'
import { Screen } from './screen.tsx'
import { useMerchant, useShop, useShopRead, useShopReadAgain } from './shop-context.tsx'

const words = {
  ko: {
    title: '결제 자세히',
    paid: '결제됨',
    cancelled: '취소됨',
    partly: '일부 취소됨',
    at: '결제한 때',
    place: '매장',
    how: '방법',
    back: '돌려준 금액',
    left: '남은 금액',
    number: '결제 번호',
    cancel: '결제 취소하기',
    byCard: '카드로 받은 결제는 카드 단말기에서 취소해 주세요.',
    none: '모두 돌려주어 더 취소할 금액이 없습니다.',
    report: '이 결제에 문제가 있어요',
    sheet: '결제 취소',
    howMuch: '얼마를 돌려줄까요?',
    all: (amount: string) => `전액 ${amount}`,
    part: '일부만',
    partWon: '돌려줄 금액(원)',
    most: (amount: string) => `${amount}까지 돌려줄 수 있어요.`,
    wrong: (amount: string) => `1원부터 ${amount}까지 입력해 주세요.`,
    sure: '취소하면 고객의 상품권으로 바로 돌아가고, 되돌릴 수 없습니다.',
    deed: (amount: string) => `${amount} 돌려주기`,
    done: (amount: string) => `${amount}을 돌려주었습니다`,
    close: '닫기',
  },
  en: {
    title: 'Payment',
    paid: 'Paid',
    cancelled: 'Cancelled',
    partly: 'Partly cancelled',
    at: 'Paid at',
    place: 'Place',
    how: 'How',
    back: 'Given back',
    left: 'Left',
    number: 'Number',
    cancel: 'Cancel the payment',
    byCard: 'Cancel a card payment at the card terminal.',
    none: 'All of it has been given back.',
    report: 'Something is wrong with it',
    sheet: 'Cancel the payment',
    howMuch: 'How much is given back?',
    all: (amount: string) => `All of it, ${amount}`,
    part: 'A part',
    partWon: 'Won to give back',
    most: (amount: string) => `Up to ${amount}.`,
    wrong: (amount: string) => `From ₩1 to ${amount}.`,
    sure: 'It goes back into the customer’s vouchers at once, and this cannot be undone.',
    deed: (amount: string) => `Give ${amount} back`,
    done: (amount: string) => `${amount} was given back`,
    close: 'Close',
  },
}

type Found =
  paths['/v1/issuers/{issuerCode}/payments/{paymentId}']['get']['responses'][200]['content']['application/json']
type CancelPath = '/v1/issuers/{issuerCode}/payments/{paymentId}/cancellations'
type Cancelled = paths[CancelPath]['post']['responses'][201]['content']['application/json']

export function SaleScreen() {
  const t = useWords(words)
  const { paymentId = '' } = useParams()
  const { issuerCode, to } = useShop()
  const read = useShopRead({ key: ['sales', 'one', paymentId], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/payments/{paymentId}', {
      params: { path: { issuerCode, paymentId } },
    }),
  )
  return (
    <Screen title={t.title} back={to('sales')}>
      <Loaded read={read}>{drawFound}</Loaded>
    </Screen>
  )
}

const drawFound = (payment: Found) => <Payment payment={payment} />

function Payment({ payment }: { payment: Found }) {
  const t = useWords(words)
  const writing = useWriting()
  const { channel } = useSaleWords()
  const { to, isOwner } = useShop()
  const [isOpen, setOpen] = useState(false)
  const { amountWon, cancelledWon, paymentId } = payment
  const leftWon = amountWon - cancelledWon
  const reason = payment.channel === 'card' ? t.byCard : leftWon === 0 ? t.none : undefined
  return (
    <>
      <div className="card stack">
        <div className="row" data-spread>
          <Amount won={amountWon} size="l" />
          <Badge tone={cancelledWon === 0 ? 'good' : 'wait'}>
            {cancelledWon === 0 ? t.paid : leftWon === 0 ? t.cancelled : t.partly}
          </Badge>
        </div>
        <Facts
          of={[
            [t.at, writing.instant(payment.approvedAt)],
            [t.place, payment.outletName ?? '—'],
            [t.how, channel(payment)],
            ...(cancelledWon === 0
              ? []
              : ([
                  [t.back, <Amount key="back" won={cancelledWon} />],
                  [t.left, <Amount key="left" won={leftWon} />],
                ] as const)),
            [
              t.number,
              <span key="number" className="small">
                {paymentId}
              </span>,
            ],
          ]}
        />
      </div>
      <Button kind="danger" isDisabled={reason !== undefined} onPress={() => setOpen(true)} isWide>
        {t.cancel}
      </Button>
      {reason === undefined ? null : <p className="soft small">{reason}</p>}
      {isOwner ? (
        <LinkButton to={to(`shop/reports/new?operation=${paymentId}`)} kind="quiet">
          {t.report}
        </LinkButton>
      ) : null}
      <CancelSheet payment={payment} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  )
}

function CancelSheet(props: {
  readonly payment: Found
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  const { payment, isOpen, onClose } = props
  const t = useWords(words)
  const writing = useWriting()
  const { issuerCode } = useShop()
  const merchant = useMerchant()
  const readAgain = useShopReadAgain()
  const { paymentId } = payment
  const money = useMoneyCall<Cancelled>({ onDone: () => void readAgain('sales', 'payable') })
  const { state } = money
  const isUnderWay = state !== undefined && state.state !== 'done' && state.state !== 'refused'
  const close = (): void => {
    money.clear()
    onClose()
  }
  const begin = (amountWon: number, body: { amountWon?: number }): void =>
    money.begin(
      moneyCall({
        kind: 'cancellation',
        path: `/v1/issuers/${issuerCode}/payments/${paymentId}/cancellations`,
        body,
        about: { name: merchant.data?.name ?? '', amountWon },
      }),
    )
  return (
    <Sheet title={t.sheet} isOpen={isOpen} onClose={close} mayClose={!isUnderWay}>
      {state === undefined ? (
        <CancelForm leftWon={payment.amountWon - payment.cancelledWon} onConfirm={begin} />
      ) : (
        <MoneyProgress
          state={state}
          done={({ amountWon }) => (
            <>
              <Banner tone="good" title={t.done(writing.won(amountWon))} isNews />
              <Button onPress={close}>{t.close}</Button>
            </>
          )}
          afterRefusal={<Button onPress={close}>{t.close}</Button>}
        />
      )}
    </Sheet>
  )
}

function CancelForm(props: {
  readonly leftWon: number
  readonly onConfirm: (amountWon: number, body: { amountWon?: number }) => void
}) {
  const { leftWon, onConfirm } = props
  const t = useWords(words)
  const writing = useWriting()
  const [extent, setExtent] = useState<'all' | 'part'>('all')
  const [partWon, setPartWon] = useState(Number.NaN)
  const isRight = extent === 'all' || (partWon >= 1 && partWon <= leftWon)
  const amountWon = extent === 'all' ? leftWon : partWon
  const left = writing.won(leftWon)
  return (
    <>
      <Choices
        label={t.howMuch}
        value={extent}
        onChange={setExtent}
        options={[
          { value: 'all', label: t.all(left) },
          { value: 'part', label: t.part },
        ]}
      />
      {extent === 'part' ? (
        <NumberField
          label={t.partWon}
          hint={t.most(left)}
          value={partWon}
          onChange={setPartWon}
          wrong={isRight || Number.isNaN(partWon) ? undefined : t.wrong(left)}
        />
      ) : null}
      <Banner tone="wait">
        <p>{t.sure}</p>
      </Banner>
      <Button
        kind="danger"
        isDisabled={!isRight}
        onPress={() => onConfirm(amountWon, extent === 'all' ? {} : { amountWon: partWon })}
        isWide
      >
        {isRight ? t.deed(writing.won(amountWon)) : t.sheet}
      </Button>
    </>
  )
}
