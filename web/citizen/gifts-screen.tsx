/** Presents: what waits for me, what I received, and what I sent. */
import { useSearchParams } from 'wouter'
import { LinkButton } from '../ui/button.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { useWords } from '../ui/words.ts'
import { ReceivedPresent, SentPresent } from './gift-cards.tsx'
import { giftWords } from './gift-words.ts'
import { useGifts } from './gifts.ts'
import { IssuerScreen } from './screen.tsx'

export function GiftsScreen() {
  const t = useWords(giftWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="gifts">
      {({ issuerCode }) => (
        <>
          <LinkButton to={`/app/${issuerCode}/gifts/new`} kind="main" isWide>
            {t.give}
          </LinkButton>
          <GiftTabs key={issuerCode} issuerCode={issuerCode} />
        </>
      )}
    </IssuerScreen>
  )
}

function GiftTabs({ issuerCode }: { issuerCode: string }) {
  const t = useWords(giftWords)
  const [search, setSearch] = useSearchParams()
  return (
    <Tabs
      label={t.tabs}
      selected={search.get('tab') ?? 'received'}
      onSelect={(tab) => setSearch({ tab }, { replace: true })}
      views={[
        { id: 'received', label: t.received, view: () => <Received issuerCode={issuerCode} /> },
        { id: 'sent', label: t.sent, view: () => <Sent issuerCode={issuerCode} /> },
      ]}
    />
  )
}

function Received({ issuerCode }: { issuerCode: string }) {
  const t = useWords(giftWords)
  return (
    <Loaded
      read={useGifts(issuerCode)}
      isEmpty={({ received }) => received.length === 0}
      empty={
        <Empty title={t.noneReceived}>
          <p className="soft">{t.noneReceivedNote}</p>
        </Empty>
      }
    >
      {({ received }) => (
        <ul className="stack">
          {received.map((gift) => (
            <li key={gift.giftId}>
              <ReceivedPresent issuerCode={issuerCode} gift={gift} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  )
}

function Sent({ issuerCode }: { issuerCode: string }) {
  const t = useWords(giftWords)
  return (
    <Loaded
      read={useGifts(issuerCode)}
      isEmpty={({ sent }) => sent.length === 0}
      empty={
        <Empty title={t.noneSent}>
          <p className="soft">{t.noneSentNote}</p>
        </Empty>
      }
    >
      {({ sent }) => (
        <ul className="stack">
          {sent.map((gift) => (
            <li key={gift.giftId}>
              <SentPresent issuerCode={issuerCode} gift={gift} />
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  )
}
