/** Taking a payment by the customer's code: scanned or typed, sent once, and followed until its end is known. */
import { useState, type FormEvent } from 'react'
import { moneyCall, type MoneyCall } from '../api/money-call.ts'
import type { paths } from '../api/schema.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { parseConsumerCode } from '../../src/qr/qr.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { QrScanner } from '../ui/qr-scanner.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useShop, type Outlet } from './shop-context.tsx'
import { Paid } from './till-ask.tsx'

const words = {
  ko: {
    note: '고객의 코드를 비추면 바로 결제됩니다',
    typed: '코드 숫자 24자리',
    typedHint: '카메라가 안 되면 고객 화면의 숫자를 입력해 주세요.',
    take: (amount: string) => `${amount} 받기`,
    otherCode: '결제 코드가 아닙니다',
    otherCodeNote: '고객 앱의 결제 코드를 비춰 주세요. 계좌나 다른 앱의 코드는 쓸 수 없어요.',
    wrongDigits: '숫자 24자리가 맞지 않습니다. 다시 확인해 주세요.',
    limit:
      '틀린 코드가 여러 번 이어지면 잠시 받을 수 없게 됩니다. 고객에게 새 코드를 보여 달라고 해 주세요.',
    again: '다시 찍기',
    back: '금액 다시 누르기',
  },
  en: {
    note: 'It is paid as soon as the customer’s code is seen',
    typed: 'The 24 digits of the code',
    typedHint: 'Without a camera type the digits on the customer’s screen.',
    take: (amount: string) => `Take ${amount}`,
    otherCode: 'This is no payment code',
    otherCodeNote: 'Scan the payment code of the customer’s app; others cannot be used.',
    wrongDigits: 'These are not the 24 digits of a code. Look again.',
    limit:
      'After several wrong codes none can be taken for a while. Ask the customer for a new code.',
    again: 'Scan again',
    back: 'Change the amount',
  },
}

type TakePath = '/v1/issuers/{issuerCode}/outlets/{outletId}/payments'
export type TakenPayment = paths[TakePath]['post']['responses'][201]['content']['application/json']

export const TAKEN_PAYMENT = 'taken-payment'

/** Asks for the payment by the code; can be looked up by its key. */
export function takingCall(given: {
  readonly issuerCode: string
  readonly outletId: string
  readonly name: string
  readonly code: string
  readonly amountWon: number
}): MoneyCall {
  const { issuerCode, outletId, name, code, amountWon } = given
  const call = moneyCall({
    kind: TAKEN_PAYMENT,
    path: `/v1/issuers/${issuerCode}/outlets/${outletId}/payments`,
    body: { code, amountWon },
    about: { name, amountWon },
  })
  return { ...call, lookup: `/v1/issuers/${issuerCode}/payments/${call.key}` }
}

export function TillScan(props: {
  readonly outlet: Outlet
  readonly shopName: string
  readonly amountWon: number
  readonly onLeave: () => void
}) {
  const { outlet, shopName, amountWon, onLeave } = props
  const t = useWords(words)
  const { issuerCode } = useShop()
  const { outletId } = outlet
  const money = useMoneyCall<TakenPayment>()
  const take = (code: string): void =>
    money.begin(takingCall({ issuerCode, outletId, name: shopName, code, amountWon }))
  const mayLeave = money.state === undefined || money.state.state === 'refused'
  return (
    <section className="stack">
      <div className="till-code stack" data-gap="s">
        <p className="strong">{t.note}</p>
        <Amount won={amountWon} size="l" />
      </div>
      {money.state === undefined ? (
        <CodeEntry amountWon={amountWon} onCode={take} />
      ) : (
        <MoneyProgress
          state={money.state}
          done={({ paymentId, approvedAt, amountWon: paidWon }) => (
            <Paid
              sale={{ operationId: paymentId, bookedAt: approvedAt, amountWon: paidWon }}
              onNext={onLeave}
            />
          )}
          afterRefusal={
            <>
              <p className="soft">{t.limit}</p>
              <Button kind="main" onPress={() => money.clear()}>
                {t.again}
              </Button>
            </>
          }
        />
      )}
      {mayLeave ? (
        <Button onPress={onLeave} isWide>
          {t.back}
        </Button>
      ) : null}
    </section>
  )
}

/** The code by camera or by keys; what is no code of ours is not sent. */
function CodeEntry({ amountWon, onCode }: { amountWon: number; onCode: (code: string) => void }) {
  const t = useWords(words)
  const writing = useWriting()
  const [digits, setDigits] = useState('')
  const [trouble, setTrouble] = useState<'typed' | 'scanned'>()
  const [round, setRound] = useState(0)
  const use = (text: string, how: 'typed' | 'scanned'): void => {
    if (parseConsumerCode(text).ok) return onCode(text.replaceAll(/[ -]/g, ''))
    setTrouble(how)
    // The camera stops at what it read: it looks again.
    if (how === 'scanned') setRound(round + 1)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    use(digits, 'typed')
  }
  return (
    <>
      <QrScanner key={round} onText={(text) => use(text, 'scanned')} />
      {trouble === 'scanned' ? (
        <Banner tone="bad" title={t.otherCode} isNews>
          <p>{t.otherCodeNote}</p>
        </Banner>
      ) : null}
      <form className="stack" data-gap="s" onSubmit={submit}>
        <TextField
          label={t.typed}
          hint={t.typedHint}
          value={digits}
          onChange={(text) => {
            setDigits(text)
            setTrouble(undefined)
          }}
          inputMode="numeric"
          autoComplete="off"
          wrong={trouble === 'typed' ? t.wrongDigits : undefined}
        />
        <Button type="submit" kind="main" isDisabled={digits.trim() === ''} isWide>
          {t.take(writing.won(amountWon))}
        </Button>
      </form>
    </>
  )
}
