/** Standing orders: which there are, what each does next, and stopping it. */
import { useState } from 'react'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Progress } from '../ui/progress.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge, Banner, type Tone } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { usePrograms } from './buying.ts'
import { IssuerScreen } from './screen.tsx'
import { topUpWords } from './top-up-words.ts'

type OrdersPath = paths['/v1/issuers/{issuerCode}/members/me/top-ups']
type Order = OrdersPath['get']['responses'][200]['content']['application/json']['items'][number]

export function TopUpsScreen() {
  const t = useWords(topUpWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="top-ups">
      {({ issuerCode }) => (
        <>
          <Orders issuerCode={issuerCode} />
          <LinkButton to={`/app/${issuerCode}/top-ups/new`} kind="main" isWide>
            {t.start}
          </LinkButton>
        </>
      )}
    </IssuerScreen>
  )
}

function Orders({ issuerCode }: { issuerCode: string }) {
  const t = useWords(topUpWords)
  const read = useRead({ key: ['top-ups', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/top-ups', {
      params: { path: { issuerCode } },
    }),
  )
  return (
    <Loaded
      read={read}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Empty title={t.none}>
          <p className="soft">{t.noneNote}</p>
        </Empty>
      }
    >
      {({ items }) => (
        <ul className="stack">
          {items.map((order) => (
            <li key={order.orderId}>
              <OrderCard issuerCode={issuerCode} order={order} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  )
}

const tones: Readonly<Record<Order['state'], Tone>> = {
  active: 'good',
  stopping: 'wait',
  suspended: 'wait',
  stopped: 'plain',
}

function OrderCard({ issuerCode, order }: { issuerCode: string; order: Order }) {
  const t = useWords(topUpWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const { data: programs } = usePrograms(issuerCode)
  const program = programs?.find(({ programId }) => programId === order.programId)
  const { state, belowWon, daysOfMonth, amountWon, monthlyMaxWon, boughtThisMonthWon } = order
  const isOn = state === 'active' || state === 'suspended'
  return (
    <article className="card stack">
      <div className="row" data-spread>
        <h2>{isKorean ? program?.name : program?.nameEn}</h2>
        <Badge tone={tones[state]}>{t.states[state]}</Badge>
      </div>
      <p>
        {belowWon === null ? t.date(daysOfMonth.join(', ')) : t.threshold(writing.won(belowWon))}{' '}
        <span className="strong">{t.buys(writing.won(amountWon))}</span>
      </p>
      {order.isBuying ? (
        <Banner tone="wait">
          <p>{t.buying}</p>
        </Banner>
      ) : null}
      {isOn ? (
        <Progress
          label={t.month}
          value={boughtThisMonthWon}
          max={monthlyMaxWon}
          text={t.of(writing.won(boughtThisMonthWon), writing.won(monthlyMaxWon))}
        />
      ) : null}
      <Facts of={factsOf(order, { t, writing, isOn })} />
      {order.refusals > 0 && isOn ? (
        <Banner tone="wait">
          <p>{t.refusals(writing.number(order.refusals))}</p>
        </Banner>
      ) : null}
      {isOn ? <Stopping issuerCode={issuerCode} orderId={order.orderId} /> : null}
    </article>
  )
}

function factsOf(
  { trigger, nextAt, reason, startedAt }: Order,
  about: {
    t: (typeof topUpWords)['ko']
    writing: ReturnType<typeof useWriting>
    isOn: boolean
  },
): (readonly [string, string])[] {
  const { t, writing, isOn } = about
  const next = nextAt === null ? t.whenLow : writing.instant(nextAt)
  return [
    ...(isOn && (nextAt !== null || trigger === 'threshold') ? [[t.next, next] as const] : []),
    ...(reason === null ? [] : [[t.why, t.reasons[reason] ?? t.otherReason] as const]),
    [t.startedAt, writing.day(startedAt)],
  ]
}

function Stopping({ issuerCode, orderId }: { issuerCode: string; orderId: string }) {
  const t = useWords(topUpWords)
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const stop = useDeed(
    (client, path: { issuerCode: string; orderId: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/top-ups/{orderId}/stop', {
        params: { path },
        ...headers,
      }),
    async () => {
      setAsking(false)
      await readAgain('top-ups', issuerCode)
    },
  )
  return (
    <>
      <Button onPress={() => setAsking(true)} isWide>
        {t.stop}
      </Button>
      <Confirm
        title={t.stopTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.stop}
        kind="danger"
        isPending={stop.isBusy}
        onConfirm={() => stop.run({ issuerCode, orderId })}
      >
        <p>{t.stopNote}</p>
        {stop.trouble === undefined ? null : <Trouble error={stop.trouble} />}
      </Confirm>
    </>
  )
}
