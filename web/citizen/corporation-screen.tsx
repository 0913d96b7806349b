/** One corporation that I act for: what it holds, who else acts for it, buying, and how its hand-outs stand. */
import { useParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { Amount } from '../ui/amount.tsx'
import { Facts } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { CorporateBuying } from './corporate-buying.tsx'
import { corporationWords } from './corporation-words.ts'
import { corporationTones, type Corporation } from './corporations-screen.tsx'
import { IssuerScreen } from './screen.tsx'

export function CorporationScreen() {
  const t = useWords(corporationWords)
  const { issuer, corporation } = useParams<{ issuer: string; corporation: string }>()
  return (
    <IssuerScreen title={t.title} back={`/app/${issuer}/corporations`}>
      {({ issuerCode }) => <One issuerCode={issuerCode} corporationId={corporation} />}
    </IssuerScreen>
  )
}

function One({ issuerCode, corporationId }: { issuerCode: string; corporationId: string }) {
  const read = useRead({ key: ['corporations', issuerCode, corporationId], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/corporations/{corporationId}', {
      params: { path: { issuerCode, corporationId } },
    }),
  )
  return (
    <Loaded read={read}>
      {(corporation) => (
        <>
          <Head corporation={corporation} />
          <Holdings lots={corporation.lots} />
          <CorporateBuying issuerCode={issuerCode} corporation={corporation} />
          <HandOuts handOuts={corporation.handOuts} />
          <People people={corporation.authorised} />
        </>
      )}
    </Loaded>
  )
}

function Head({ corporation }: { corporation: Corporation }) {
  const t = useWords(corporationWords)
  const writing = useWriting()
  const { name, state, reason, accountLinked, debitAgreed } = corporation
  const account = accountLinked ? (debitAgreed ? 'ready' : 'noConsent') : 'none'
  return (
    <div className="card stack">
      <div className="row" data-spread>
        <h2>{name}</h2>
        <Badge tone={corporationTones[state]}>{t.states[state]}</Badge>
      </div>
      <Facts
        of={[
          [t.number, corporation.businessNumber],
          [t.representative, corporation.representative],
          [t.account, t.accountStates[account]],
          [t.month, writing.won(corporation.boughtThisMonthWon)],
          [t.all, writing.won(corporation.boughtWon)],
          ...(reason === null ? [] : [[t.reason, reason] as const]),
        ]}
      />
    </div>
  )
}

function Holdings({ lots }: { lots: Corporation['lots'] }) {
  const t = useWords(corporationWords)
  const isKorean = useLanguage() === 'ko'
  const writing = useWriting()
  return (
    <section className="stack" data-gap="s">
      <h2>{t.holds}</h2>
      {lots.length === 0 ? <p className="soft">{t.nothing}</p> : null}
      {lots.length === 0 ? null : (
        <ul className="list">
          {lots.map((lot) => (
            <li key={`${lot.programId} ${lot.expiresAt}`} className="list-row">
              <span className="grow">
                <span className="strong">{isKorean ? lot.programName : lot.programNameEn}</span>
                <br />
                <span className="soft small">{t.until(writing.lastDay(lot.expiresAt))}</span>
              </span>
              <Amount won={lot.remainingWon} />
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

const handOutTones: Readonly<Record<Corporation['handOuts'][number]['state'], Tone>> = {
  uploading: 'wait',
  checked: 'wait',
  sending: 'wait',
  stopping: 'wait',
  sent: 'good',
  done: 'good',
  cancelled: 'plain',
  erased: 'plain',
}

function HandOuts({ handOuts }: { handOuts: Corporation['handOuts'] }) {
  const t = useWords(corporationWords)
  const writing = useWriting()
  return (
    <section className="stack" data-gap="s">
      <h2>{t.handOuts}</h2>
      {handOuts.length === 0 ? (
        <p className="soft">{t.noHandOuts}</p>
      ) : (
        <ul className="list">
          {handOuts.map(({ handOutId, title, state, lines, totalWon, uploadedAt }) => (
            <li key={handOutId} className="list-row">
              <span className="grow">
                <span className="strong">{title}</span>
                <br />
                <span className="small">
                  {t.lines(writing.number(lines), writing.won(totalWon))}
                </span>
                <br />
                <span className="soft small">
                  {t.uploadedAt} {writing.day(uploadedAt)}
                </span>
              </span>
              <Badge tone={handOutTones[state]}>{t.handOutStates[state]}</Badge>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function People({ people }: { people: Corporation['authorised'] }) {
  const t = useWords(corporationWords)
  return (
    <section className="stack" data-gap="s">
      <h2>{t.people}</h2>
      <ul className="list">
        {people.map(({ memberId, name, state }) => (
          <li key={memberId} className="list-row">
            <span className="grow">{name}</span>
            <Badge tone={state === 'active' ? 'good' : 'plain'}>{t.personStates[state]}</Badge>
          </li>
        ))}
      </ul>
    </section>
  )
}
