/** Stipends that I was granted, rounds that I may appeal against, and my appeals. */
import { useState } from 'react'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Facts } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge, Banner, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { AppealSheet } from './appeal-sheet.tsx'
import { daysLeft } from './days-left.ts'
import { IssuerScreen } from './screen.tsx'
import { stipendWords } from './stipend-words.ts'

type StipendsPath = paths['/v1/issuers/{issuerCode}/members/me/stipends']
type Stipends = StipendsPath['get']['responses'][200]['content']['application/json']
type AppealsPath = paths['/v1/issuers/{issuerCode}/members/me/appeals']
type Appeal = AppealsPath['post']['responses'][201]['content']['application/json']

export function StipendsScreen() {
  const t = useWords(stipendWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="stipends">
      {({ issuerCode }) => (
        <>
          <Granted key={issuerCode} issuerCode={issuerCode} />
          <Appeals issuerCode={issuerCode} />
        </>
      )}
    </IssuerScreen>
  )
}

function Granted({ issuerCode }: { issuerCode: string }) {
  const t = useWords(stipendWords)
  const read = useRead({ key: ['stipends', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/stipends', {
      params: { path: { issuerCode } },
    }),
  )
  return (
    <Loaded read={read}>
      {({ items, appealable }) => (
        <>
          <section className="stack" data-gap="s">
            <h2>{t.granted}</h2>
            {items.length === 0 ? (
              <Empty title={t.none}>
                <p className="soft">{t.noneNote}</p>
              </Empty>
            ) : (
              <ul className="list">
                {items.map(({ batchId, programName, round, amountWon }) => (
                  <li key={`${batchId} ${round}`} className="list-row">
                    <span className="grow">
                      <span className="strong">{programName}</span>
                      <br />
                      <span className="soft small">{t.round(round)}</span>
                    </span>
                    <Amount won={amountWon} />
                  </li>
                ))}
              </ul>
            )}
          </section>
          <Appealable issuerCode={issuerCode} rounds={appealable} />
        </>
      )}
    </Loaded>
  )
}

function Appealable(props: {
  readonly issuerCode: string
  readonly rounds: Stipends['appealable']
}) {
  const { issuerCode, rounds } = props
  const t = useWords(stipendWords)
  const writing = useWriting()
  const [batchId, setBatch] = useState<string>()
  const [isSent, setSent] = useState(false)
  if (rounds.length === 0) return null
  return (
    <section className="stack" data-gap="s">
      <h2>{t.appealable}</h2>
      {isSent ? (
        <Banner tone="good" isNews>
          <p>{t.sent}</p>
        </Banner>
      ) : null}
      {rounds.map((round) => (
        <article key={round.batchId} className="card stack" data-gap="s">
          <h3>{round.programName}</h3>
          <p className="soft small">
            {t.round(round.round)} ·{' '}
            {t.appealUntil(
              writing.day(round.appealUntil),
              Math.max(0, daysLeft(round.appealUntil)),
            )}
          </p>
          <Button onPress={() => setBatch(round.batchId)}>{t.appeal}</Button>
        </article>
      ))}
      <AppealSheet
        key={batchId}
        issuerCode={issuerCode}
        batchId={batchId}
        onClose={() => setBatch(undefined)}
        onSent={() => {
          setBatch(undefined)
          setSent(true)
        }}
      />
    </section>
  )
}

const tones: Readonly<Record<Appeal['state'], Tone>> = {
  open: 'wait',
  accepted: 'wait',
  confirmed: 'wait',
  granted: 'good',
  refused: 'bad',
}

function Appeals({ issuerCode }: { issuerCode: string }) {
  const t = useWords(stipendWords)
  const writing = useWriting()
  const read = useRead({ key: ['appeals', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/appeals', {
      params: { path: { issuerCode } },
    }),
  )
  if (read.data?.items.length === 0) return null
  return (
    <section className="stack" data-gap="s">
      <h2>{t.appeals}</h2>
      <Loaded read={read}>
        {({ items }) =>
          items.map((appeal) => (
            <article key={appeal.appealId} className="card stack" data-gap="s">
              <div className="row" data-spread>
                <h3>{t.grounds[appeal.ground]}</h3>
                <Badge tone={tones[appeal.state]}>{t.states[appeal.state]}</Badge>
              </div>
              <p>{appeal.words}</p>
              <Facts
                of={[
                  [t.openedAt, writing.day(appeal.openedAt)],
                  ...(appeal.closedAt === null
                    ? [[t.due, writing.day(appeal.dueAt)] as const]
                    : []),
                  ...(appeal.amountWon === null
                    ? []
                    : [[t.amount, writing.won(appeal.amountWon)] as const]),
                  ...(appeal.answer === null ? [] : [[t.answer, appeal.answer] as const]),
                ]}
              />
            </article>
          ))
        }
      </Loaded>
    </section>
  )
}
