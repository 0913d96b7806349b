/** Buying: how much, what it comes to, how much one may still buy, and then once. */
import { useEffect, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { moneyCall, type MoneyCall } from '../api/money-call.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { AmountPad } from '../ui/pads.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import {
  isSold,
  useAllowance,
  useMember,
  usePrograms,
  useQuote,
  type Allowance,
  type Program,
  type Purchase,
} from './buying.ts'
import { words } from './buy-words.ts'
import { useConfirmMoney } from './confirm-money.tsx'
import type { Membership } from './membership.tsx'
import { PurchaseDone } from './purchase-done.tsx'
import { AllowanceLeft, QuotePicture } from './purchase-quote.tsx'
import { IssuerScreen } from './screen.tsx'

/** The kind of these calls among those that are unfinished. */
const KIND = 'purchase'
const STEPS = [10_000, 50_000, 100_000] as const

export function BuyScreen() {
  const t = useWords(words)
  return (
    <IssuerScreen title={t.title} back="/" within="buy">
      {(membership) => <Buying key={membership.issuerCode} membership={membership} />}
    </IssuerScreen>
  )
}

function Buying({ membership }: { membership: Membership }) {
  const t = useWords(words)
  const programs = usePrograms(membership.issuerCode)
  return (
    <Loaded
      read={programs}
      isEmpty={(all) => !all.some(isSold)}
      empty={
        <Empty title={t.none}>
          <p>{t.noneNote}</p>
        </Empty>
      }
    >
      {(all) => <OneOfPrograms membership={membership} programs={all.filter(isSold)} />}
    </Loaded>
  )
}

function OneOfPrograms(props: {
  readonly membership: Membership
  readonly programs: readonly Program[]
}) {
  const { membership, programs } = props
  const t = useWords(words)
  const language = useLanguage()
  const [params, setParams] = useSearchParams()
  const programId = params.get('program')
  const program = programs.find((each) => each.programId === programId) ?? programs[0]
  if (program === undefined) return null
  return (
    <>
      {programs.length < 2 ? (
        <p className="strong">{language === 'ko' ? program.name : program.nameEn}</p>
      ) : (
        <Select
          label={t.which}
          value={program.programId}
          onChange={(next) => setParams({ program: next }, { replace: true })}
          options={programs.map((each) => ({
            value: each.programId,
            label: language === 'ko' ? each.name : each.nameEn,
          }))}
        />
      )}
      <OnePurchase key={program.programId} membership={membership} program={program} />
    </>
  )
}

/** What was sent stands in the address, so that a reload looks it up instead of buying again. */
function OnePurchase({ membership, program }: { membership: Membership; program: Program }) {
  const { issuerCode } = membership
  const t = useWords(words)
  const readAgain = useReadAgain()
  const [params, setParams] = useSearchParams()
  const sent = params.get('key')
  const sentWon = Number(params.get('won'))
  const sentAt = Number(params.get('at'))
  const money = useMoneyCall<Purchase>({
    isPending: (_, status) => status === 202,
    onDone: () => {
      for (const what of ['wallet', 'operations', 'allowance']) void readAgain(what)
    },
  })
  const { programId } = program
  const { state, resume, clear } = money
  useEffect(() => {
    if (sent === null) return
    const call = callOf(membership, { programId, faceWon: sentWon })
    const lookup = `${call.path}/${sent}`
    resume({ ...call, key: sent, lookup, startedAt: sentAt })
  }, [membership, programId, resume, sent, sentWon, sentAt])
  const again = (): void => {
    clear()
    setParams({ program: programId }, { replace: true })
  }
  if (state === undefined) {
    return (
      <Choosing
        membership={membership}
        program={program}
        onConfirmed={(call, headers) => {
          money.begin(call, headers)
          const { about, key, startedAt } = call
          const kept = { program: programId, key, won: String(about.amountWon) }
          setParams({ ...kept, at: String(startedAt) }, { replace: true })
        }}
      />
    )
  }
  return (
    <MoneyProgress
      state={state}
      done={(purchase) => (
        <PurchaseDone membership={membership} program={program} purchase={purchase} />
      )}
      afterRefusal={
        <>
          <p>{t.refused}</p>
          <Button kind="main" isWide onPress={again}>
            {t.again}
          </Button>
          <LinkButton to={`/app/${issuerCode}/account`} isWide>
            {t.link}
          </LinkButton>
        </>
      }
    />
  )
}

function Choosing(props: {
  readonly membership: Membership
  readonly program: Program
  readonly onConfirmed: (call: MoneyCall, headers: Readonly<Record<string, string>>) => void
}) {
  const { membership, program, onConfirmed } = props
  const { issuerCode } = membership
  const { programId } = program
  const t = useWords(words)
  const allowance = useAllowance(issuerCode, programId)
  const member = useMember(issuerCode)
  if (member.data !== undefined && !(member.data.accountLinked && member.data.debitAgreed)) {
    return (
      <>
        <Banner title={t.account}>
          <p>{t.accountNote}</p>
        </Banner>
        <LinkButton to={`/app/${issuerCode}/account`} kind="main" isWide>
          {t.link}
        </LinkButton>
      </>
    )
  }
  return (
    <Loaded read={allowance}>
      {(may) => (
        <Amounts
          membership={membership}
          program={program}
          allowance={may}
          onConfirmed={onConfirmed}
        />
      )}
    </Loaded>
  )
}

function Amounts(props: {
  readonly membership: Membership
  readonly program: Program
  readonly allowance: Allowance
  readonly onConfirmed: (call: MoneyCall, headers: Readonly<Record<string, string>>) => void
}) {
  const { membership, program, allowance, onConfirmed } = props
  const { programId } = program
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const [faceWon, setFaceWon] = useState(0)
  const confirmation = useConfirmMoney(membership.issuerCode)
  const { smallestWon, unitWon, buyableWon, refusalText, refusalTextEn } = allowance
  const isOffered = faceWon >= smallestWon && faceWon % unitWon === 0
  const quote = useQuote(membership.issuerCode, { programId, faceWon, isReady: isOffered })
  const mayBuy = isOffered && faceWon <= buyableWon && quote.isSuccess && !quote.isPlaceholderData
  const refusal = language === 'ko' ? refusalText : refusalTextEn
  if (refusal !== null) {
    return (
      <>
        <Banner tone="wait" title={refusal} />
        <AllowanceLeft allowance={allowance} />
      </>
    )
  }
  return (
    <>
      <AmountPad label={t.amount} value={faceWon} onChange={setFaceWon} steps={STEPS} />
      {buyableWon < smallestWon ? null : (
        <Button kind="quiet" isWide onPress={() => setFaceWon(buyableWon)}>
          {t.most(writing.won(buyableWon))}
        </Button>
      )}
      <div aria-live="polite">
        {faceWon > buyableWon ? (
          <Banner tone="wait" title={t.tooMuch(writing.won(buyableWon))} />
        ) : null}
        {faceWon === 0 || isOffered ? null : (
          <Banner title={t.unit(writing.won(smallestWon), writing.won(unitWon))} />
        )}
      </div>
      {isOffered ? (
        <Loaded read={quote}>{(offered) => <QuotePicture quote={offered} />}</Loaded>
      ) : null}
      <div className="deed-bar">
        <Button
          kind="main"
          isWide
          isDisabled={!mayBuy}
          isPending={confirmation.isChecking}
          onPress={() => {
            const call = callOf(membership, { programId, faceWon })
            confirmation.ask(call, (headers) => onConfirmed(call, headers))
          }}
        >
          {faceWon === 0 || quote.data === undefined
            ? t.typeFirst
            : t.buy(writing.won(quote.data.payWon))}
        </Button>
      </div>
      <AllowanceLeft allowance={allowance} />
      {confirmation.sheet}
    </>
  )
}

function callOf(
  { issuerCode, name }: Membership,
  { programId, faceWon }: { programId: string; faceWon: number },
): MoneyCall {
  const path = `/v1/issuers/${issuerCode}/purchases`
  const call = moneyCall({
    kind: KIND,
    path,
    body: { programId, faceWon },
    about: { name, amountWon: faceWon },
  })
  return { ...call, lookup: `${path}/${call.key}` }
}
