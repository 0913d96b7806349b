/** Corporations that I act for. */
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { corporationWords } from './corporation-words.ts'
import { IssuerScreen } from './screen.tsx'

type CorporationPath = paths['/v1/issuers/{issuerCode}/corporations/{corporationId}']
export type Corporation = CorporationPath['get']['responses'][200]['content']['application/json']

export const corporationTones: Readonly<Record<Corporation['state'], Tone>> = {
  applied: 'wait',
  active: 'good',
  suspended: 'bad',
  refused: 'bad',
  withdrawn: 'plain',
}

export function CorporationsScreen() {
  const t = useWords(corporationWords)
  return (
    <IssuerScreen title={t.title} note={t.note} within="corporations">
      {({ issuerCode }) => <Own issuerCode={issuerCode} />}
    </IssuerScreen>
  )
}

function Own({ issuerCode }: { issuerCode: string }) {
  const t = useWords(corporationWords)
  const read = useRead({ key: ['corporations', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/corporations', {
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
        <ul className="list">
          {items.map(({ corporationId, name, businessNumber, state }) => (
            <li key={corporationId}>
              <RowLink to={`/app/${issuerCode}/corporations/${corporationId}`}>
                <span className="row" data-spread>
                  <span className="strong">{name}</span>
                  <Badge tone={corporationTones[state]}>{t.states[state]}</Badge>
                </span>
                <span className="soft small">{businessNumber}</span>
              </RowLink>
            </li>
          ))}
        </ul>
      )}
    </Loaded>
  )
}
