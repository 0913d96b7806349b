/** Giving a present: to whom, how much, a few words; once more in sight before it goes. */
import { useState } from 'react'
import { useParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { moneyCall } from '../api/money-call.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Choices } from '../ui/choice.tsx'
import { Facts } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { AmountPad } from '../ui/pads.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useConfirmMoney } from './confirm-money.tsx'
import { giftWords } from './gift-words.ts'
import type { SentGift } from './gifts.ts'
import { useIssuerRules, type IssuerRules } from './issuer-rules.ts'
import type { Membership } from './membership.tsx'
import { IssuerScreen } from './screen.tsx'
import { useWallet, type Wallet } from './wallet.ts'

const STEPS = [10_000, 30_000, 50_000]

export function GiftNewScreen() {
  const t = useWords(giftWords)
  const { issuer } = useParams<{ issuer: string }>()
  return (
    <IssuerScreen title={t.give} back={`/app/${issuer}/gifts`}>
      {(membership) => <Giving membership={membership} />}
    </IssuerScreen>
  )
}

interface Giveable {
  readonly programId: string
  readonly name: string
  readonly amountWon: number
}

function Giving({ membership }: { membership: Membership }) {
  const t = useWords(giftWords)
  const isKorean = useLanguage() === 'ko'
  const wallet = useWallet(membership)
  const rules = useIssuerRules(membership.issuerCode)
  return (
    <Loaded read={rules}>
      {({ inForce }) =>
        inForce.giftsOffered ? (
          <Loaded
            read={wallet}
            isEmpty={(now) => giveableOf(now, inForce, isKorean).length === 0}
            empty={
              <Empty title={t.nothing}>
                <p className="soft">{t.nothingNote}</p>
                <LinkButton to={`/app/${membership.issuerCode}/buy`}>{t.buy}</LinkButton>
              </Empty>
            }
          >
            {(now) => (
              <GiftForm
                issuerCode={membership.issuerCode}
                giveable={giveableOf(now, inForce, isKorean)}
                rules={inForce}
              />
            )}
          </Loaded>
        ) : (
          <Empty title={t.notOffered} />
        )
      }
    </Loaded>
  )
}

/** By program: what the rules let be given. */
function giveableOf(wallet: Wallet, rules: IssuerRules['inForce'], isKorean: boolean): Giveable[] {
  const lots = wallet.lots.filter(({ kind }) => rules.giftKinds.includes(kind))
  return [...Map.groupBy(lots, ({ programId }) => programId)]
    .map(([programId, own]) => ({
      programId,
      name: (isKorean ? own[0]?.programName : own[0]?.programNameEn) ?? programId,
      amountWon: own.reduce((sum, { remainingWon }) => sum + remainingWon, 0),
    }))
    .filter(({ amountWon }) => amountWon > 0)
}

interface GiftFormProps {
  readonly issuerCode: string
  readonly giveable: readonly Giveable[]
  readonly rules: IssuerRules['inForce']
}

function GiftForm({ issuerCode, giveable, rules }: GiftFormProps) {
  const t = useWords(giftWords)
  const writing = useWriting()
  const readAgain = useReadAgain()
  const [programId, setProgram] = useState(giveable[0]?.programId ?? '')
  const [phone, setPhone] = useState('')
  const [amountWon, setAmount] = useState(0)
  const [message, setMessage] = useState('')
  const [isAsking, setAsking] = useState(false)
  const confirm = useConfirmMoney(issuerCode)
  const give = useMoneyCall<SentGift>({
    onDone: () => {
      void readAgain('gifts', issuerCode)
      void readAgain('wallet', issuerCode)
    },
  })
  const program = giveable.find((one) => one.programId === programId)
  const digits = phone.replaceAll(/\D/g, '')
  const isTooMuch = amountWon > (program?.amountWon ?? 0)
  const isMissing = digits.length < 10 || amountWon === 0
  const send = (): void => {
    setAsking(false)
    const words = message.trim()
    const call = moneyCall({
      kind: 'gift',
      path: `/v1/issuers/${issuerCode}/gifts`,
      body: { programId, phone: digits, amountWon, ...(words === '' ? {} : { message: words }) },
      about: { name: t.to(phone), amountWon },
    })
    confirm.ask(call, (headers) => give.begin(call, headers))
  }
  if (give.state !== undefined) {
    return (
      <MoneyProgress
        state={give.state}
        done={(gift) => <Done issuerCode={issuerCode} gift={gift} />}
        afterRefusal={<Button onPress={give.clear}>{t.again}</Button>}
      />
    )
  }
  return (
    <>
      {giveable.length < 2 ? null : (
        <Choices
          label={t.program}
          value={programId}
          onChange={setProgram}
          options={giveable.map((one) => ({
            value: one.programId,
            label: one.name,
            hint: t.can(writing.won(one.amountWon)),
          }))}
        />
      )}
      <TextField
        label={t.phone}
        hint={t.phoneHint}
        value={phone}
        onChange={setPhone}
        inputMode="tel"
        autoComplete="off"
      />
      <TextField label={t.message} hint={t.messageHint} value={message} onChange={setMessage} />
      <AmountPad label={t.amount} value={amountWon} onChange={setAmount} steps={STEPS} />
      <p className="soft small">
        {t.can(writing.won(program?.amountWon ?? 0))}
        <br />
        {t.limits(writing.number(rules.giftsPerDayMax), writing.won(rules.giftWonPerDayMax))}{' '}
        {t.backAfter(writing.number(rules.giftAcceptDays))}
      </p>
      {isMissing || isTooMuch ? (
        <p className="soft" role="status">
          {isTooMuch ? t.tooMuch : t.missing}
        </p>
      ) : null}
      <Button
        kind="main"
        isDisabled={isMissing || isTooMuch}
        isPending={confirm.isChecking}
        onPress={() => setAsking(true)}
        isWide
      >
        {t.give}
      </Button>
      <Sheet title={t.confirmTitle} isOpen={isAsking} onClose={() => setAsking(false)}>
        <LastLook phone={phone} amountWon={amountWon} program={program?.name ?? ''} />
        <Button kind="main" onPress={send} isWide>
          {t.give}
        </Button>
      </Sheet>
      {confirm.sheet}
    </>
  )
}

function LastLook(props: { phone: string; amountWon: number; program: string }) {
  const { phone, amountWon, program } = props
  const t = useWords(giftWords)
  return (
    <>
      <Facts
        of={[
          [t.who, phone],
          [t.howMuch, <Amount key="won" won={amountWon} />],
          [t.what, program],
        ]}
      />
      <p className="soft">{t.confirmNote}</p>
    </>
  )
}

function Done({ issuerCode, gift }: { issuerCode: string; gift: SentGift }) {
  const t = useWords(giftWords)
  const writing = useWriting()
  return (
    <>
      <Banner tone="good" title={t.done} isNews>
        <p>{t.doneNote(gift.phoneMasked, writing.won(gift.amountWon))}</p>
        <p>{t.waitingBy(writing.instant(gift.lapsesAt))}</p>
      </Banner>
      <LinkButton to={`/app/${issuerCode}/gifts?tab=sent`} isWide>
        {t.toList}
      </LinkButton>
    </>
  )
}
