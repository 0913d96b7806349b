/** One present as its receiver and as its giver sees it, with what each may do about it. */
import { Gift } from 'lucide-react'
import { useState } from 'react'
import { useReadAgain } from '../api/app-context.tsx'
import { moneyCall } from '../api/money-call.ts'
import { useDeed } from '../api/use-deed.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Trouble } from '../ui/loaded.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge, Banner, type Tone } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { giftWords } from './gift-words.ts'
import type { ReceivedGift, SentGift } from './gifts.ts'

const tones: Readonly<Record<SentGift['state'], Tone>> = {
  waiting: 'wait',
  accepted: 'good',
  declined: 'bad',
  withdrawn: 'plain',
  lapsed: 'plain',
  void: 'bad',
}

interface CardProps<Kind> {
  readonly issuerCode: string
  readonly gift: Kind
}

export function ReceivedPresent({ issuerCode, gift }: CardProps<ReceivedGift>) {
  const t = useWords(giftWords)
  const writing = useWriting()
  const readAgain = useReadAgain()
  const accept = useMoneyCall<ReceivedGift>({
    onDone: () => {
      void readAgain('gifts', issuerCode)
      void readAgain('wallet', issuerCode)
    },
  })
  const { giftId, amountWon, fromMasked, state } = gift
  const begin = (): void =>
    accept.begin(
      moneyCall({
        kind: 'gift_acceptance',
        path: `/v1/issuers/${issuerCode}/gifts/${giftId}/acceptance`,
        body: {},
        about: { name: t.from(fromMasked), amountWon },
      }),
    )
  return (
    <article className="card stack">
      <Head title={t.from(fromMasked)} gift={gift} />
      {accept.state === undefined ? null : (
        <MoneyProgress
          state={accept.state}
          done={() => (
            <Banner tone="good" title={t.accepted} isNews>
              <p>{t.acceptedNote(writing.won(amountWon))}</p>
            </Banner>
          )}
          afterRefusal={<Button onPress={accept.clear}>{t.again}</Button>}
        />
      )}
      {state === 'waiting' && accept.state === undefined ? (
        <>
          <p className="soft small">{t.acceptBy(writing.instant(gift.lapsesAt))}</p>
          <Button kind="main" onPress={begin} isWide>
            {t.accept}
          </Button>
          <Ending issuerCode={issuerCode} giftId={giftId} way="decline" />
        </>
      ) : null}
    </article>
  )
}

export function SentPresent({ issuerCode, gift }: CardProps<SentGift>) {
  const t = useWords(giftWords)
  const writing = useWriting()
  return (
    <article className="card stack">
      <Head title={t.to(gift.phoneMasked)} gift={gift} />
      {gift.state === 'waiting' ? (
        <>
          <p className="soft small">{t.waitingBy(writing.instant(gift.lapsesAt))}</p>
          <Ending issuerCode={issuerCode} giftId={gift.giftId} way="withdrawal" />
        </>
      ) : null}
    </article>
  )
}

function Head({ title, gift }: { title: string; gift: ReceivedGift | SentGift }) {
  const t = useWords(giftWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  return (
    <>
      <div className="row" data-spread>
        <h2 className="row">
          <Gift className="icon" aria-hidden />
          {title}
        </h2>
        <Badge tone={tones[gift.state]}>{t.states[gift.state]}</Badge>
      </div>
      <Amount won={gift.amountWon} size="l" />
      {gift.message === null ? null : <p className="quote">{gift.message}</p>}
      <p className="soft small">
        {isKorean ? gift.programName : gift.programNameEn} ·{' '}
        {t.usableUntil(writing.lastDay(gift.expiresAt))}
        <br />
        <time dateTime={gift.sentAt}>{writing.instant(gift.sentAt)}</time>
      </p>
    </>
  )
}

/** Declining and taking back: either way the value is the giver's again. */
function Ending(props: {
  readonly issuerCode: string
  readonly giftId: string
  readonly way: 'decline' | 'withdrawal'
}) {
  const { issuerCode, giftId, way } = props
  const t = useWords(giftWords)
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const end = useDeed<{ issuerCode: string; giftId: string }, object>(
    (client, path: { issuerCode: string; giftId: string }, headers) =>
      way === 'decline'
        ? client.POST('/v1/issuers/{issuerCode}/gifts/{giftId}/decline', {
            params: { path },
            ...headers,
          })
        : client.POST('/v1/issuers/{issuerCode}/gifts/{giftId}/withdrawal', {
            params: { path },
            ...headers,
          }),
    async () => {
      setAsking(false)
      await readAgain('gifts', issuerCode)
      await readAgain('wallet', issuerCode)
    },
  )
  const isDecline = way === 'decline'
  return (
    <>
      <Button onPress={() => setAsking(true)} isWide>
        {isDecline ? t.decline : t.withdraw}
      </Button>
      <Confirm
        title={isDecline ? t.declineTitle : t.withdrawTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={isDecline ? t.decline : t.withdraw}
        isPending={end.isBusy}
        onConfirm={() => end.run({ issuerCode, giftId })}
      >
        <p>{isDecline ? t.declineNote : t.withdrawNote}</p>
        {end.trouble === undefined ? null : <Trouble error={end.trouble} />}
      </Confirm>
    </>
  )
}
