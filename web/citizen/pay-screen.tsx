/**
 * Paying at a shop: scan, confirm, paid. What was scanned and the key of its one payment stand in the address, so that
 * a reload, the way back and a second tab are all about the same payment and none makes another.
 */
import { useEffect, useState, type FormEvent } from 'react'
import { useSearchParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { serverNow } from '../api/server-clock.ts'
import { moneyCall, type MoneyCall } from '../api/money-call.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { TextField } from '../ui/fields.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { QrScanner } from '../ui/qr-scanner.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { PaymentDone, type Receipt } from './payment-done.tsx'
import { readPaymentCode, type PaymentCode } from './payment-code.ts'
import { PaymentReview } from './payment-review.tsx'
import { words } from './pay-words.ts'

/** The kind of these calls among those that are unfinished. */
const KIND = 'payment'

export function PayScreen() {
  const [params, setParams] = useSearchParams()
  const text = params.get('code')
  const key = params.get('key')
  const sent = { amountWon: Number(params.get('won')), startedAt: Number(params.get('at')) }
  const hold = (given: Readonly<Record<string, string>>): void =>
    setParams(given, { replace: true })
  if (text === null || key === null) {
    return <Scanning onText={(code) => hold({ code, key: crypto.randomUUID() })} />
  }
  return (
    <OnePayment
      key={key}
      text={text}
      operation={key}
      sent={sent.amountWon > 0 ? sent : undefined}
      onSent={({ about, startedAt }) =>
        hold({ code: text, key, won: String(about.amountWon), at: String(startedAt) })
      }
      onAnew={() => hold({ code: text, key: crypto.randomUUID() })}
      onScan={() => hold({})}
    />
  )
}

function Scanning({ onText }: { onText: (text: string) => void }) {
  const t = useWords(words)
  const [isTyping, setTyping] = useState(false)
  const camera = isTyping ? null : <QrScanner onText={onText} />
  return (
    <>
      <div>
        <h1>{t.scan}</h1>
        <p className="soft">{t.scanNote}</p>
      </div>
      {camera}
      <Button onPress={() => setTyping(true)} isWide>
        {t.type}
      </Button>
      <Sheet title={t.type} isOpen={isTyping} onClose={() => setTyping(false)}>
        <TypedCode onText={onText} />
      </Sheet>
    </>
  )
}

function TypedCode({ onText }: { onText: (text: string) => void }) {
  const t = useWords(words)
  const [typed, setTyped] = useState('')
  const text = typed.trim()
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (text.length > 0) onText(text)
  }
  return (
    <form className="stack" onSubmit={submit}>
      <TextField label={t.typeLabel} hint={t.typeHint} value={typed} onChange={setTyped} isLong />
      <Button kind="main" type="submit" isWide isDisabled={text.length === 0}>
        {t.typeDone}
      </Button>
    </form>
  )
}

function OnePayment(props: {
  readonly text: string
  readonly operation: string
  /** What was sent, by an earlier life of this screen or by this one. */
  readonly sent: { readonly amountWon: number; readonly startedAt: number } | undefined
  readonly onSent: (call: MoneyCall) => void
  readonly onAnew: () => void
  readonly onScan: () => void
}) {
  const { text, operation, sent, onSent, onAnew, onScan } = props
  const t = useWords(words)
  const readAgain = useReadAgain()
  // A code that was good when it was sent may have run out since.
  const [read] = useState(() => readPaymentCode(text, sent?.startedAt ?? serverNow()))
  const money = useMoneyCall<Receipt>({
    onDone: () => void Promise.all([readAgain('wallet'), readAgain('operations')]),
  })
  const { state, resume } = money
  const code = read.ok ? read.code : undefined
  const sentWon = sent?.amountWon
  const startedAt = sent?.startedAt
  useEffect(() => {
    if (sentWon === undefined || startedAt === undefined || code === undefined) return
    resume({ ...callOf(code, { operation, amountWon: sentWon }), startedAt })
  }, [code, operation, sentWon, startedAt, resume])
  if (code === undefined) {
    return <Unreadable problem={read.ok ? 'code_invalid' : read.problem} onScan={onScan} />
  }
  if (state === undefined) {
    return (
      <PaymentReview
        code={code}
        onScan={onScan}
        callOf={(amountWon) => callOf(code, { operation, amountWon })}
        onConfirmed={(call, headers) => {
          money.begin(call, headers)
          onSent(call)
        }}
      />
    )
  }
  return (
    <>
      {state.state === 'done' ? null : (
        <UnderWay code={code} amountWon={money.call?.about.amountWon} />
      )}
      <MoneyProgress
        state={state}
        done={(receipt) => <PaymentDone issuerCode={code.issuerCode} receipt={receipt} />}
        afterRefusal={
          <>
            <p>{t.refused}</p>
            <Button kind="main" onPress={onScan} isWide>
              {t.again}
            </Button>
            <Button onPress={onAnew} isWide>
              {t.retry}
            </Button>
          </>
        }
      />
    </>
  )
}

/** Whom it is about, above how it stands. */
function UnderWay({ code, amountWon }: { code: PaymentCode; amountWon: number | undefined }) {
  const t = useWords(words)
  const language = useLanguage()
  return (
    <div className="paid">
      <h1 className="unseen">{t.scan}</h1>
      <p className="payee-name">{code.name[language]}</p>
      {amountWon === undefined ? null : <Amount won={amountWon} size="l" />}
    </div>
  )
}

function Unreadable(props: {
  readonly problem: 'code_invalid' | 'code_expired'
  readonly onScan: () => void
}) {
  const t = useWords(words)
  const [title, note] = t.problems[props.problem]
  return (
    <>
      <h1>{t.scan}</h1>
      <Banner tone="bad" title={title ?? ''} isNews>
        <p>{note}</p>
      </Banner>
      <Button kind="main" onPress={props.onScan} isWide>
        {t.again}
      </Button>
      <LinkButton to="/" isWide>
        {t.home}
      </LinkButton>
    </>
  )
}

function callOf(
  code: PaymentCode,
  { operation, amountWon }: { operation: string; amountWon: number },
): MoneyCall {
  const path = `/v1/issuers/${code.issuerCode}/payments`
  return {
    ...moneyCall({
      kind: KIND,
      path,
      body: { code: code.text, amountWon },
      lookup: `${path}/${operation}`,
      about: { name: code.name.ko, amountWon },
    }),
    key: operation,
  }
}
