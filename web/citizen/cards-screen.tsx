/** Linked cards of one municipality: which there are, and how each pays. */
import { CreditCard } from 'lucide-react'
import { useRead } from '../api/app-context.tsx'
import { LinkButton } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { cardWords } from './card-words.ts'
import { IssuerScreen } from './screen.tsx'

export function CardsScreen() {
  const t = useWords(cardWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="cards">
      {({ issuerCode }) => <Cards issuerCode={issuerCode} />}
    </IssuerScreen>
  )
}

/** My cards with an issuer. */
export function useCards(issuerCode: string) {
  return useRead({ key: ['cards', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/cards', { params: { path: { issuerCode } } }),
  )
}

function Cards({ issuerCode }: { issuerCode: string }) {
  const t = useWords(cardWords)
  const read = useCards(issuerCode)
  return (
    <>
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
          <ul className="list">
            {items.map((card) => (
              <li key={card.cardId}>
                <RowLink to={`/app/${issuerCode}/cards/${card.cardId}`}>
                  <span className="row">
                    <CreditCard className="icon" aria-hidden />
                    <span className="grow">
                      <span className="strong">{card.partnerName}</span>
                      <br />
                      <span className="soft small">{t.number(card.lastFour)}</span>
                    </span>
                    {card.linked ? (
                      <Badge tone={card.spending === 'voucher_first' ? 'good' : 'plain'}>
                        {t.spendingShort[card.spending]}
                      </Badge>
                    ) : (
                      <Badge tone="wait">{t.unlinked}</Badge>
                    )}
                  </span>
                </RowLink>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      <LinkButton to={`/app/${issuerCode}/cards/new`} kind="main" isWide>
        {t.link}
      </LinkButton>
    </>
  )
}
