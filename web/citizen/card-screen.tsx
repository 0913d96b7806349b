/** One linked card: how it pays, and unlinking it. */
import { useState } from 'react'
import { useLocation, useParams, useSearchParams } from 'wouter'
import { useReadAgain } from '../api/app-context.tsx'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Empty, Loaded, Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { CardChoices, type CardWishes } from './card-choices.tsx'
import { cardWords } from './card-words.ts'
import { useCards } from './cards-screen.tsx'
import { IssuerScreen } from './screen.tsx'

export function CardScreen() {
  const t = useWords(cardWords)
  const { issuer, card: cardId } = useParams<{ issuer: string; card: string }>()
  return (
    <IssuerScreen title={t.title} back={`/app/${issuer}/cards`}>
      {({ issuerCode }) => <Card key={cardId} issuerCode={issuerCode} cardId={cardId} />}
    </IssuerScreen>
  )
}

interface LinkedCard extends CardWishes {
  readonly cardId: string
  readonly partnerName: string
  readonly lastFour: string
  readonly linked: boolean
}

function Card({ issuerCode, cardId }: { issuerCode: string; cardId: string }) {
  const t = useWords(cardWords)
  const read = useCards(issuerCode)
  return (
    <Loaded read={read}>
      {({ items }) => {
        const card = items.find((one) => one.cardId === cardId)
        if (card === undefined) return <Empty title={t.gone} />
        return <CardSettings issuerCode={issuerCode} card={card} />
      }}
    </Loaded>
  )
}

function CardSettings({ issuerCode, card }: { issuerCode: string; card: LinkedCard }) {
  const t = useWords(cardWords)
  const [search] = useSearchParams()
  const readAgain = useReadAgain()
  const { cardId, partnerName, lastFour, linked, spending, onUnknown } = card
  const [wishes, setWishes] = useState<CardWishes>({ spending, onUnknown })
  const [isSaved, setSaved] = useState(false)
  const path = { issuerCode, cardId }
  const save = useDeed(
    (client, body: CardWishes, headers) =>
      client.PATCH('/v1/issuers/{issuerCode}/members/me/cards/{cardId}', {
        params: { path },
        body,
        ...headers,
      }),
    async () => {
      await readAgain('cards', issuerCode)
      setSaved(true)
    },
  )
  const isChanged = wishes.spending !== spending || wishes.onUnknown !== onUnknown
  const change = (next: CardWishes): void => {
    setWishes(next)
    setSaved(false)
  }
  return (
    <>
      <h2>
        {partnerName} <span className="soft">{t.number(lastFour)}</span>
      </h2>
      {search.get('linked') === 'now' && linked ? (
        <Banner tone="good" title={t.linkedNow} isNews>
          <p>{t.linkedNowNote}</p>
        </Banner>
      ) : null}
      {linked ? (
        <>
          <CardChoices value={wishes} onChange={change} />
          {isSaved ? (
            <Banner tone="good" isNews>
              <p>{t.saved}</p>
            </Banner>
          ) : null}
          {save.trouble === undefined ? null : <Trouble error={save.trouble} />}
          {isChanged ? (
            <Button kind="main" onPress={() => save.run(wishes)} isPending={save.isBusy} isWide>
              {t.save}
            </Button>
          ) : null}
          <Unlink issuerCode={issuerCode} cardId={cardId} />
        </>
      ) : (
        <Banner tone="wait">
          <p>{t.unlinked}</p>
        </Banner>
      )}
    </>
  )
}

function Unlink({ issuerCode, cardId }: { issuerCode: string; cardId: string }) {
  const t = useWords(cardWords)
  const [, navigate] = useLocation()
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const unlink = useDeed(
    (client, path: { issuerCode: string; cardId: string }, headers) =>
      client.DELETE('/v1/issuers/{issuerCode}/members/me/cards/{cardId}', {
        params: { path },
        ...headers,
      }),
    async () => {
      setAsking(false)
      navigate(`/app/${issuerCode}/cards`)
      await readAgain('cards', issuerCode)
    },
  )
  return (
    <>
      <Button kind="danger" onPress={() => setAsking(true)} isWide>
        {t.unlink}
      </Button>
      <Confirm
        title={t.unlinkTitle}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.unlink}
        kind="danger"
        isPending={unlink.isBusy}
        onConfirm={() => unlink.run({ issuerCode, cardId })}
      >
        <p>{t.unlinkNote}</p>
        {unlink.trouble === undefined ? null : <Trouble error={unlink.trouble} />}
      </Confirm>
    </>
  )
}
