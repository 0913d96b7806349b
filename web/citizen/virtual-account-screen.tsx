/** One virtual account: the number to transfer to, how long it is open, and what became of it. */
import { Copy } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useParams } from 'wouter'
import { treasuryBankCodes } from '../../src/issuing/issuing.ts'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import { serverNow } from '../api/server-clock.ts'
import { simulatedPayIn } from '../api/simulated.ts'
import { useDeed } from '../api/use-deed.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useIsDemonstration } from './demonstration.ts'
import { IssuerScreen } from './screen.tsx'
import { virtualAccountWords } from './virtual-account-words.ts'
import { virtualAccountTones, type VirtualAccount } from './virtual-accounts-screen.tsx'

/** While it is shown it is asked again so often. */
const EVERY_MS = 3_000

export function VirtualAccountScreen() {
  const t = useWords(virtualAccountWords)
  const { issuer, purchase } = useParams<{ issuer: string; purchase: string }>()
  return (
    <IssuerScreen title={t.title} back={`/app/${issuer}/virtual-accounts`}>
      {({ issuerCode }) => <Account issuerCode={issuerCode} purchaseId={purchase} />}
    </IssuerScreen>
  )
}

function Account({ issuerCode, purchaseId }: { issuerCode: string; purchaseId: string }) {
  const readAgain = useReadAgain()
  const read = useRead(
    { key: ['virtual-accounts', issuerCode, purchaseId], everyMs: EVERY_MS },
    (client) =>
      client.GET('/v1/issuers/{issuerCode}/virtual-accounts/{purchaseId}', {
        params: { path: { issuerCode, purchaseId } },
      }),
  )
  const state = read.data?.state
  useEffect(() => {
    if (state === 'paid') void readAgain('wallet', issuerCode)
  }, [state, issuerCode, readAgain])
  return (
    <Loaded read={read}>
      {(account) => <AccountFacts issuerCode={issuerCode} account={account} />}
    </Loaded>
  )
}

interface AccountProps {
  readonly issuerCode: string
  readonly account: VirtualAccount
}

function AccountFacts({ issuerCode, account }: AccountProps) {
  const t = useWords(virtualAccountWords)
  const isDemonstration = useIsDemonstration()
  const { state, faceWon, payWon } = account
  return (
    <>
      <div className="row" data-spread role="status">
        <Amount won={faceWon} size="l" />
        <Badge tone={virtualAccountTones[state]}>{t.states[state]}</Badge>
      </div>
      {state === 'prepared' ? <p className="soft">{t.preparing}</p> : null}
      {state === 'waiting' ? (
        <>
          <AccountNumber account={account} />
          <Countdown account={account} />
          {isDemonstration ? <PayIn account={account} /> : null}
          <Closing issuerCode={issuerCode} purchaseId={account.purchaseId} />
        </>
      ) : null}
      {state === 'paid' ? (
        <Banner tone="good" isNews title={t.paidNote}>
          <Facts
            of={[
              [t.face, <Amount key="face" won={faceWon} />],
              [t.pay, <Amount key="pay" won={payWon} />],
            ]}
          />
        </Banner>
      ) : null}
      {state === 'lapsed' ? (
        <Banner isNews>
          <p>{t.lapsedNote}</p>
        </Banner>
      ) : null}
    </>
  )
}

function AccountNumber({ account }: { account: VirtualAccount }) {
  const t = useWords(virtualAccountWords)
  const { bankCode, accountNumber, payWon } = account
  const [said, setSaid] = useState('')
  const copy = (): void => {
    navigator.clipboard.writeText(accountNumber ?? '').then(
      () => setSaid(t.copied),
      () => setSaid(t.cannotCopy),
    )
  }
  return (
    <div className="card stack">
      <div>
        <p className="soft">
          {t.number} · {bankName(bankCode ?? '') ?? t.bankOf(bankCode ?? '')}
        </p>
        <p className="account-number">{accountNumber}</p>
      </div>
      <div>
        <p className="soft">{t.pay}</p>
        <Amount won={payWon} size="l" />
        <p className="small">{t.exactly}</p>
      </div>
      <Button onPress={copy} isWide>
        <Copy aria-hidden />
        {t.copy}
      </Button>
      <p role="status" className="small">
        {said}
      </p>
    </div>
  )
}

/** As the bank calls itself. */
function bankName(code: string): string | undefined {
  return Object.entries(treasuryBankCodes).find(([, known]) => known === code)?.[0]
}

function Countdown({ account }: { account: VirtualAccount }) {
  const t = useWords(virtualAccountWords)
  const writing = useWriting()
  const [now, setNow] = useState(serverNow)
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), 1_000)
    return () => clearInterval(timer)
  }, [])
  const until = Date.parse(account.depositUntil)
  const whole = until - Date.parse(account.openedAt)
  const left = Math.max(0, until - now)
  if (left === 0) {
    return (
      <Banner tone="wait" isNews>
        <p>{t.over}</p>
      </Banner>
    )
  }
  const minutes = Math.ceil(left / 60_000)
  return (
    <div className="stack" data-gap="s">
      <Progress
        label={t.left}
        value={left}
        max={whole}
        text={t.hours(Math.floor(minutes / 60), minutes % 60)}
      />
      <p className="soft small">{t.until(writing.instant(account.depositUntil))}</p>
    </div>
  )
}

/** The payer's bank of the demonstration. One deposit, however often it is pressed. */
function PayIn({ account }: { account: VirtualAccount }) {
  const t = useWords(virtualAccountWords)
  const { accountNumber, payWon } = account
  const depositId = useRef(crypto.randomUUID())
  const [step, setStep] = useState<'ready' | 'busy' | 'done'>('ready')
  const [trouble, setTrouble] = useState<unknown>()
  const pay = async (): Promise<void> => {
    setStep('busy')
    setTrouble(undefined)
    try {
      await simulatedPayIn({
        accountNumber: accountNumber ?? '',
        amountWon: payWon,
        payer: 'DURE',
        depositId: depositId.current,
      })
      setStep('done')
    } catch (error) {
      setTrouble(error)
      setStep('ready')
    }
  }
  if (step === 'done') {
    return (
      <Banner tone="wait" isNews>
        <p>{t.payInDone}</p>
      </Banner>
    )
  }
  return (
    <Banner title={t.payInNote}>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <div>
        <Button kind="main" isPending={step === 'busy'} onPress={() => void pay()}>
          {t.payIn}
        </Button>
      </div>
    </Banner>
  )
}

function Closing({ issuerCode, purchaseId }: { issuerCode: string; purchaseId: string }) {
  const t = useWords(virtualAccountWords)
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const close = useDeed(
    (client, path: { issuerCode: string; purchaseId: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/virtual-accounts/{purchaseId}/closure', {
        params: { path },
        ...headers,
      }),
    async () => {
      setAsking(false)
      await readAgain('virtual-accounts', issuerCode)
    },
  )
  return (
    <>
      <Button onPress={() => setAsking(true)} isWide>
        {t.close}
      </Button>
      <Confirm
        title={t.closeTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.close}
        isPending={close.isBusy}
        onConfirm={() => close.run({ issuerCode, purchaseId })}
      >
        <p>{t.closeNote}</p>
        {close.trouble === undefined ? null : <Trouble error={close.trouble} />}
      </Confirm>
    </>
  )
}
