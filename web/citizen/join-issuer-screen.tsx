/** Joining one municipality: what it offers, what is agreed to, who one is, and what comes next. */
import { KeyRound, Landmark, QrCode } from 'lucide-react'
import { useState } from 'react'
import { useParams } from 'wouter'
import { useRead, useTools } from '../api/app-context.tsx'
import { answered, keyed } from '../api/client.ts'
import { Button, LinkButton } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Identify } from '../ui/identify.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { isSold, usePrograms } from './buying.ts'
import { ConsentChoices } from './consent-choices.tsx'
import { CONSENT_TEXTS_VERSION, consentTexts, hashOf, type Purpose } from './consent-texts.ts'
import { words } from './join-words.ts'
import { useIssuerName, useMemberships } from './membership.tsx'
import { Screen } from './screen.tsx'

export function JoinIssuerScreen() {
  const t = useWords(words)
  const { issuer: issuerCode } = useParams<{ issuer: string }>()
  const name = useIssuerName()(issuerCode)
  const [hasJustJoined, setJustJoined] = useState(false)
  const isMember = useMemberships().some((each) => each.issuerCode === issuerCode)
  if (isMember) {
    return (
      <Screen title={hasJustJoined ? t.joined(name) : t.already(name)} back="/">
        <NextSteps issuerCode={issuerCode} />
      </Screen>
    )
  }
  return (
    <Screen title={t.join(name)} back="/app/join">
      <Offers issuerCode={issuerCode} />
      <Joining issuerCode={issuerCode} onJoined={() => setJustJoined(true)} />
    </Screen>
  )
}

function Offers({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const read = usePrograms(issuerCode)
  const benefit = (mode: string, rate: number): string => {
    const percent = writing.percent(rate / 10_000)
    if (mode === 'pre_discount') return t.discount(percent)
    return mode === 'cashback' ? t.cashback(percent) : t.noBenefit
  }
  return (
    <section className="card stack" data-gap="s">
      <h2>{t.offers}</h2>
      <Loaded read={read}>
        {(programs) => (
          <>
            <ul className="holdings">
              {programs.map(({ programId, name, nameEn, terms }) => (
                <li key={programId}>
                  <span>{language === 'ko' ? name : nameEn}</span>
                  <span className="strong">
                    {terms.kind === 'purchase'
                      ? benefit(terms.benefit.mode, terms.benefit.rateBasisPoints)
                      : null}
                  </span>
                </li>
              ))}
            </ul>
            {programs.some(isSold) ? (
              <p className="soft small">
                {t.minors(Math.min(...programs.filter(isSold).map((p) => p.terms.purchaseAgeMin)))}
              </p>
            ) : null}
          </>
        )}
      </Loaded>
    </section>
  )
}

function Joining({ issuerCode, onJoined }: { issuerCode: string; onJoined: () => void }) {
  const t = useWords(words)
  const rules = useRead({ key: ['rules', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/rules', { params: { path: { issuerCode } } }),
  )
  const [agreed, setAgreed] = useState<ReadonlySet<Purpose>>(new Set())
  const [isIdentifying, setIdentifying] = useState(false)
  const join = useJoin(issuerCode, agreed, onJoined)
  return (
    <Loaded read={rules}>
      {({ inForce }) => {
        const required = new Set(inForce.consentsRequired)
        const isComplete = [...required].every((purpose) => agreed.has(purpose as Purpose))
        return (
          <>
            <ConsentChoices required={required} agreed={agreed} onChange={setAgreed} />
            <Button
              kind="main"
              isWide
              isDisabled={!isComplete}
              onPress={() => setIdentifying(true)}
            >
              {isComplete ? t.next : t.lacking}
            </Button>
            <Sheet title={t.identify} isOpen={isIdentifying} onClose={() => setIdentifying(false)}>
              <WhoAmI onAssertion={join} />
            </Sheet>
          </>
        )
      }}
    </Loaded>
  )
}

/** The person of the session identifies again, because joining takes the provider's word for name and telephone. */
function WhoAmI({ onAssertion }: { onAssertion: (assertion: string) => Promise<void> }) {
  const { session } = useTools()
  const [trouble, setTrouble] = useState<unknown>()
  const personId = session.current()?.personId
  return (
    <>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <Identify
        onAssertion={(assertion) => onAssertion(assertion).catch(setTrouble)}
        {...(personId === undefined ? {} : { personId })}
      />
    </>
  )
}

function useJoin(
  issuerCode: string,
  agreed: ReadonlySet<Purpose>,
  onJoined: () => void,
): (assertion: string) => Promise<void> {
  const { client, session } = useTools()
  const language = useLanguage()
  return async (assertion) => {
    const consents = await Promise.all(
      [...agreed].map(async (purpose) => ({
        purpose,
        textVersion: CONSENT_TEXTS_VERSION,
        textHash: await hashOf(consentTexts[language][purpose].text),
      })),
    )
    await answered(
      client.POST('/v1/issuers/{issuerCode}/members', {
        params: { path: { issuerCode } },
        body: { assertion, consents },
        ...keyed(),
      }),
    )
    onJoined()
    await session.renew()
  }
}

function NextSteps({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const steps = [
    [`/app/${issuerCode}/account`, Landmark, t.account, t.accountNote],
    [`/app/${issuerCode}/security`, KeyRound, t.pin, t.pinNote],
    [`/app/code/${issuerCode}`, QrCode, t.code, t.codeNote],
  ] as const
  return (
    <>
      <Banner tone="good" title={t.steps} />
      <ul className="list">
        {steps.map(([to, Icon, label, note]) => (
          <li key={to}>
            <RowLink to={to}>
              <span className="operation">
                <Icon className="operation-sign" aria-hidden />
                <span className="operation-what">
                  <span className="strong">{label}</span>
                  <span className="soft small">{note}</span>
                </span>
              </span>
            </RowLink>
          </li>
        ))}
      </ul>
      <LinkButton to="/" kind="main" isWide>
        {t.home}
      </LinkButton>
    </>
  )
}
