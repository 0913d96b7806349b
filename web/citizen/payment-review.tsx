/** Who is paid, how much, and from what; then the one button. */
import { BadgeCheck, Store } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { MoneyCall } from '../api/money-call.ts'
import { serverNow } from '../api/server-clock.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { AmountPad } from '../ui/pads.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useConfirmMoney } from './confirm-money.tsx'
import { useIssuerName, useMemberships } from './membership.tsx'
import type { PaymentCode } from './payment-code.ts'
import { PaymentPreview } from './payment-preview.tsx'
import { words } from './pay-words.ts'
import { useRegisteredShop } from './registered-shop.ts'
import { UnfinishedCalls } from './unfinished.tsx'
import { useWallet } from './wallet.ts'

/** Offered beside the digits. */
const STEPS = [1_000, 5_000, 10_000] as const

export function PaymentReview(props: {
  readonly code: PaymentCode
  readonly typedWon: number
  readonly onType: (won: number) => void
  readonly callOf: (amountWon: number) => MoneyCall
  readonly onConfirmed: (call: MoneyCall, headers: Readonly<Record<string, string>>) => void
  readonly onScan: () => void
}) {
  const { code, typedWon, onType, callOf, onConfirmed, onScan } = props
  const t = useWords(words)
  const writing = useWriting()
  const membership = useMemberships().find(({ issuerCode }) => issuerCode === code.issuerCode)
  const confirmation = useConfirmMoney(membership?.issuerCode)
  const amountWon = code.amountWon ?? typedWon
  const secondsLeft = useSecondsUntil(code.expiresAt)
  if (membership === undefined) return <Stranger issuerCode={code.issuerCode} />
  const isOver = secondsLeft === 0
  const { isChecking } = confirmation
  // What is being confirmed is not typed over.
  const type = (won: number): void => (isChecking ? undefined : onType(won))
  const again = (
    <Button kind="quiet" onPress={onScan}>
      {t.again}
    </Button>
  )
  return (
    <>
      <h1 className="unseen">{t.scan}</h1>
      <UnfinishedCalls />
      <Payee code={code} again={code.amountWon === undefined ? again : null} />
      {code.amountWon === undefined ? (
        <AmountPad label={t.amount} value={typedWon} onChange={type} steps={STEPS} />
      ) : (
        <p className="pay-amount">
          <span className="soft">{t.amountAsked}</span>
          <Amount won={code.amountWon} size="l" />
          {secondsLeft === undefined ? null : (
            <span className="soft small">{t.left(secondsLeft)}</span>
          )}
        </p>
      )}
      {isOver ? null : (
        <PaymentPreview
          of={membership}
          code={code}
          amountWon={amountWon}
          meanwhile={<Funds of={membership} amountWon={amountWon} />}
        />
      )}
      {isOver ? (
        <Banner tone="bad" title={t.problems.code_expired[0] ?? ''} isNews>
          <p>{t.problems.code_expired[1]}</p>
        </Banner>
      ) : null}
      <div className="deed-bar stack" data-gap="s">
        <Button
          kind="main"
          isWide
          isDisabled={amountWon === 0 || isOver}
          isPending={isChecking}
          onPress={() =>
            confirmation.ask(callOf(amountWon), (headers) =>
              onConfirmed(callOf(amountWon), headers),
            )
          }
        >
          {amountWon === 0 ? t.payNothing : t.pay(writing.won(amountWon))}
        </Button>
        {code.amountWon === undefined ? null : again}
      </div>
      {confirmation.sheet}
    </>
  )
}

/**
 * The registered name, or the code's own with a warning. With a way to scan again beside it: small, so that below the
 * digits there is room for what would pay.
 */
function Payee({ code, again }: { code: PaymentCode; again: ReactNode }) {
  const t = useWords(words)
  const language = useLanguage()
  const shop = useRegisteredShop(code)
  const isUnregistered = shop.isSuccess && shop.data === null
  return (
    <section
      className="payee"
      aria-label={t.to}
      {...(again === null ? {} : { 'data-beside': true })}
    >
      <Store aria-hidden />
      <div className="payee-who">
        <p className="payee-name">{shop.data?.outletName ?? code.name[language]}</p>
        {shop.data ? (
          <p className="soft small payee-fact">
            <BadgeCheck className="icon" aria-hidden />
            {t.registered} · {language === 'ko' ? shop.data.sectorName : shop.data.sectorNameEn}
          </p>
        ) : null}
        {isUnregistered ? (
          <>
            <Badge tone="wait">{t.unregistered}</Badge>
            <p className="small">{t.unregisteredNote}</p>
          </>
        ) : null}
      </div>
      {again}
    </section>
  )
}

function Funds(props: {
  readonly of: { readonly issuerCode: string; readonly walletId: string; readonly name: string }
  readonly amountWon: number
}) {
  const { of: membership, amountWon } = props
  const t = useWords(words)
  const writing = useWriting()
  const { data } = useWallet(membership)
  if (data === undefined) return null
  const freeWon = data.totalWon
  if (amountWon <= freeWon) {
    return (
      <p className="soft" style={{ textAlign: 'center' }}>
        {t.balance(membership.name, writing.won(freeWon))}
      </p>
    )
  }
  return (
    <Banner tone="wait" title={t.short} isNews>
      <p>{t.balance(membership.name, writing.won(freeWon))}</p>
      <div>
        <LinkButton to={`/app/${membership.issuerCode}/buy`}>{t.buy}</LinkButton>
      </div>
    </Banner>
  )
}

function Stranger({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const name = useIssuerName()(issuerCode)
  return (
    <>
      <h1>{t.scan}</h1>
      <Banner title={t.stranger(name)}>
        <p>{t.strangerNote}</p>
      </Banner>
      <LinkButton to={`/app/join/${issuerCode}`} kind="main" isWide>
        {t.join(name)}
      </LinkButton>
      <LinkButton to="/" isWide>
        {t.home}
      </LinkButton>
    </>
  )
}

/** Whole seconds; undefined where nothing ends. */
function useSecondsUntil(at: number | undefined): number | undefined {
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    if (at === undefined) return
    const timer = setInterval(() => setNow(serverNow()), 1_000)
    return () => clearInterval(timer)
  }, [at])
  return at === undefined ? undefined : Math.max(0, Math.ceil((at - now) / 1_000))
}
