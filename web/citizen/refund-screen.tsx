/** What may be refunded: each purchase with what is left of it, and the requests that were sent. */
import { useRead } from '../api/app-context.tsx'
import { Amount } from '../ui/amount.tsx'
import { Facts, RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { Membership } from './membership.tsx'
import { refundWords } from './refund-words.ts'
import { IssuerScreen } from './screen.tsx'
import { useWallet, type Wallet } from './wallet.ts'

export function RefundScreen() {
  const t = useWords(refundWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="refund">
      {(membership) => (
        <>
          <Lots membership={membership} />
          <Requests issuerCode={membership.issuerCode} />
        </>
      )}
    </IssuerScreen>
  )
}

/** Only what was bought is refunded. */
const mayBeRefunded = (lot: Wallet['lots'][number]): boolean =>
  lot.kind === 'purchase' && lot.remainingWon > 0

function Lots({ membership }: { membership: Membership }) {
  const t = useWords(refundWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  const read = useWallet(membership)
  return (
    <section className="stack" data-gap="s">
      <h2>{t.lots}</h2>
      <Loaded
        read={read}
        isEmpty={({ lots }) => !lots.some(mayBeRefunded)}
        empty={
          <Empty title={t.none}>
            <p className="soft">{t.noneNote}</p>
          </Empty>
        }
      >
        {({ lots }) => (
          <ul className="list">
            {lots.filter(mayBeRefunded).map((lot) => (
              <li key={lot.lotId}>
                <RowLink to={`/app/${membership.issuerCode}/refund/${lot.lotId}`}>
                  <span className="row" data-spread>
                    <span className="strong">{isKorean ? lot.programName : lot.programNameEn}</span>
                    <Amount won={lot.remainingWon} />
                  </span>
                  <span className="soft small">
                    {t.bought(writing.won(lot.faceWon))} · {t.until(writing.lastDay(lot.expiresAt))}
                  </span>
                </RowLink>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  )
}

const tones: Readonly<Record<string, Tone>> = {
  opened: 'wait',
  approved: 'good',
  refused: 'bad',
  paid: 'good',
  void: 'plain',
}

function Requests({ issuerCode }: { issuerCode: string }) {
  const t = useWords(refundWords)
  const writing = useWriting()
  const read = useRead({ key: ['refund-requests', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/refund-requests', {
      params: { path: { issuerCode } },
    }),
  )
  if (read.data?.items.length === 0) return null
  return (
    <section className="stack" data-gap="s">
      <h2>{t.requests}</h2>
      <Loaded read={read}>
        {({ items }) =>
          items.map((request) => (
            <article key={request.requestId} className="card stack" data-gap="s">
              <div className="row" data-spread>
                <h3>{t.grounds[request.ground]}</h3>
                <Badge tone={tones[request.state] ?? 'plain'}>{t.states[request.state]}</Badge>
              </div>
              <p>{request.words}</p>
              <Facts
                of={[
                  [t.openedAt, writing.day(request.openedAt)],
                  ...(request.decidedAt === null
                    ? [[t.answerBy, writing.day(request.dueAt)] as const]
                    : []),
                  ...(request.decisionWords === null
                    ? []
                    : [[t.answer, request.decisionWords] as const]),
                  ...(request.memberWon === null
                    ? []
                    : [[t.get, writing.won(request.memberWon)] as const]),
                ]}
              />
            </article>
          ))
        }
      </Loaded>
    </section>
  )
}
