/**
 * Paying at a shop: scan, confirm, paid. What was scanned, what was typed and the key of its one payment stand in the
 * address, so that a reload, the way back and a second tab are all about the same payment and none makes another.
 * The way back from what was sent leads past the scanning: the same code is not offered once more.
 */
import { useEffect, useState, type FormEvent } from 'react'
import { Redirect, useSearchParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { serverNow } from '../api/server-clock.ts'
import { moneyCall, wasBegun, type MoneyCall } from '../api/money-call.ts'
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
import { RefusedPayment } from './payment-refused.tsx'
import { UnfinishedCalls } from './unfinished.tsx'
import { words } from './pay-words.ts'

/** The kind of these calls among those that are unfinished. */
const KIND = 'payment'

export function PayScreen() {
  const [params, setParams] = useSearchParams()
  const text = params.get('code')
  const key = params.get('key')
  const typedWon = wonIn(params.get('won'))
  const startedAt = Number(params.get('at'))
  const hold = (given: Readonly<Record<string, string>>): void =>
    setParams(given, { replace: true })
  if (text === null || key === null) return <BeforeCode />
  return (
    <OnePayment
      key={key}
      text={text}
      operation={key}
      typedWon={typedWon}
      sent={startedAt > 0 ? { amountWon: typedWon, startedAt } : undefined}
      onType={(won) => hold({ code: text, key, won: String(won) })}
      onSent={({ about, startedAt: at }) =>
        hold({ code: text, key, won: String(about.amountWon), at: String(at) })
      }
      onAnew={() => hold({ code: text, key: crypto.randomUUID(), won: String(typedWon) })}
      onScan={() => hold({})}
    />
  )
}

/** Whole won as it stands in the address. */
function wonIn(text: string | null): number {
  return /^\d{1,12}$/.test(text ?? '') ? Number(text) : 0
}

/** Its entry in the way back knows what it led to: `for` is the key of the payment. */
function BeforeCode() {
  const [params, setParams] = useSearchParams()
  const before = params.get('for')
  const isTyping = params.get('way') === 'type'
  if (before !== null && wasBegun(before)) return <Redirect to="/" replace />
  const go = (code: string, left: Readonly<Record<string, string>>): void => {
    const key = crypto.randomUUID()
    setParams({ ...left, for: key }, { replace: true })
    setParams({ code, key })
  }
  return (
    <Scanning
      isPaused={before !== null}
      onResume={() => setParams({}, { replace: true })}
      onScanned={(code) => go(code, {})}
      typed={isTyping ? (params.get('typed') ?? '') : undefined}
      onType={() => setParams({ way: 'type' }, { replace: true })}
      onTyped={(code) => go(code, { way: 'type', typed: code })}
    />
  )
}

function Scanning(props: {
  /** Come back to, with the telephone perhaps still held at the code: it waits to be told. */
  readonly isPaused: boolean
  readonly onResume: () => void
  readonly onScanned: (text: string) => void
  /** What is being typed begins so; undefined: it is scanned. */
  readonly typed: string | undefined
  readonly onType: () => void
  readonly onTyped: (text: string) => void
}) {
  const { isPaused, onResume, onScanned, typed, onType, onTyped } = props
  const t = useWords(words)
  const isTyping = typed !== undefined
  return (
    <>
      <div>
        <h1>{t.scan}</h1>
        {isPaused ? null : <p className="soft">{t.scanNote}</p>}
      </div>
      <UnfinishedCalls />
      {isPaused || isTyping ? (
        <Button kind="main" onPress={onResume} isWide>
          {t.again}
        </Button>
      ) : (
        <QrScanner onText={onScanned} />
      )}
      <Button onPress={onType} isWide>
        {t.type}
      </Button>
      <Sheet title={t.type} isOpen={isTyping} onClose={onResume}>
        <TypedCode first={typed ?? ''} onText={onTyped} />
      </Sheet>
    </>
  )
}

function TypedCode({ first, onText }: { first: string; onText: (text: string) => void }) {
  const t = useWords(words)
  const [typed, setTyped] = useState(first)
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
  readonly typedWon: number
  /** What was sent, by an earlier life of this screen or by this one. */
  readonly sent: { readonly amountWon: number; readonly startedAt: number } | undefined
  readonly onType: (won: number) => void
  readonly onSent: (call: MoneyCall) => void
  readonly onAnew: () => void
  readonly onScan: () => void
}) {
  const { text, operation, typedWon, sent, onType, onSent, onAnew, onScan } = props
  const readAgain = useReadAgain()
  // A code that was good when it was sent may have run out since.
  const [read] = useState(() => readPaymentCode(text, sent?.startedAt ?? serverNow()))
  const money = useMoneyCall<Receipt>({
    onDone: () => void Promise.all([readAgain('wallet'), readAgain('operations')]),
    onRefused: () => void Promise.all([readAgain('wallet'), readAgain('operations')]),
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
        typedWon={typedWon}
        onType={onType}
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
        afterRefusal={<RefusedPayment code={code} onScan={onScan} onAnew={onAnew} />}
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
