/** What I agreed to and what I did not: each text can be read, agreed to and taken back. */
import { useState } from 'react'
import { useRead, useReadAgain } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { Confirm } from '../ui/sheet.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { consentText, isAgreeable, shownText, type ConsentPurpose } from './agreement-texts.ts'
import { consentPurposes, type Purpose } from './consent-texts.ts'
import { useIssuerRules } from './issuer-rules.ts'
import { myDataWords } from './my-data-words.ts'

type ConsentsPath = paths['/v1/issuers/{issuerCode}/members/me/consents']
type Consent = ConsentsPath['get']['responses'][200]['content']['application/json']['items'][number]

const purposes = [...consentPurposes, 'account_debit', 'automatic_top_up'] as const

export function Consents({ issuerCode }: { issuerCode: string }) {
  const rules = useIssuerRules(issuerCode)
  const read = useRead({ key: ['consents', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/members/me/consents', {
      params: { path: { issuerCode } },
    }),
  )
  return (
    <Loaded read={rules}>
      {({ inForce }) => (
        <Loaded read={read}>
          {({ items }) => (
            <ul className="stack">
              {purposes.map((purpose) => (
                <li key={purpose}>
                  <OnePurpose
                    issuerCode={issuerCode}
                    purpose={purpose}
                    consent={newestOf(items, purpose)}
                    isRequired={inForce.consentsRequired.includes(purpose)}
                  />
                </li>
              ))}
            </ul>
          )}
        </Loaded>
      )}
    </Loaded>
  )
}

/** The one that stands, else the one that was revoked last. */
function newestOf(consents: readonly Consent[], purpose: ConsentPurpose): Consent | undefined {
  const own = consents.filter((consent) => consent.purpose === purpose)
  return own.find(({ revokedAt }) => revokedAt === null) ?? own[0]
}

interface PurposeProps {
  readonly issuerCode: string
  readonly purpose: ConsentPurpose
  readonly consent: Consent | undefined
  readonly isRequired: boolean
}

function OnePurpose({ issuerCode, purpose, consent, isRequired }: PurposeProps) {
  const t = useWords(myDataWords)
  const language = useLanguage()
  const writing = useWriting()
  const { title, text } = consentText(purpose, language)
  const isGiven = consent !== undefined && consent.revokedAt === null
  const note = noteOf({ purpose, isGiven, isRequired }, t)
  return (
    <article className="card stack" data-gap="s">
      <div className="row" data-spread>
        <h2>{title}</h2>
        <Badge tone={isGiven ? 'good' : 'plain'}>{isGiven ? t.given : t.notGiven}</Badge>
      </div>
      <p className="small">{text}</p>
      {consent === undefined ? null : (
        <p className="soft small">
          {t.agreedAt(writing.day(consent.at))} ({t.methods[consent.method]}){' '}
          {consent.revokedAt === null ? null : t.revokedAt(writing.day(consent.revokedAt))}
        </p>
      )}
      {note === undefined ? null : <p className="soft small">{note}</p>}
      {isGiven && !isRequired ? (
        <Revoking issuerCode={issuerCode} consentId={consent.consentId} title={title} />
      ) : null}
      {!isGiven && isAgreeable(purpose) ? (
        <Agreeing issuerCode={issuerCode} purpose={purpose} />
      ) : null}
    </article>
  )
}

function noteOf(
  about: { purpose: ConsentPurpose; isGiven: boolean; isRequired: boolean },
  t: (typeof myDataWords)['ko'],
): string | undefined {
  if (about.isGiven) return about.isRequired ? t.requiredNote : undefined
  if (about.purpose === 'account_debit') return t.accountNote
  return about.purpose === 'automatic_top_up' ? t.topUpNote : undefined
}

function Agreeing({ issuerCode, purpose }: { issuerCode: string; purpose: Purpose }) {
  const t = useWords(myDataWords)
  const language = useLanguage()
  const readAgain = useReadAgain()
  const agree = useDeed(
    async (client, given: { purpose: Purpose }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/consents', {
        params: { path: { issuerCode } },
        body: {
          consents: [{ purpose: given.purpose, ...(await shownText(given.purpose, language)) }],
        },
        ...headers,
      }),
    () => readAgain('consents', issuerCode),
  )
  return (
    <>
      {agree.trouble === undefined ? null : <Trouble error={agree.trouble} />}
      <Button isPending={agree.isBusy} onPress={() => agree.run({ purpose })}>
        {t.agree}
      </Button>
    </>
  )
}

function Revoking(props: {
  readonly issuerCode: string
  readonly consentId: string
  readonly title: string
}) {
  const { issuerCode, consentId, title } = props
  const t = useWords(myDataWords)
  const readAgain = useReadAgain()
  const [isAsking, setAsking] = useState(false)
  const revoke = useDeed(
    (client, path: { issuerCode: string; consentId: string }, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/consents/{consentId}/revocation', {
        params: { path },
        ...headers,
      }),
    async () => {
      setAsking(false)
      await readAgain('consents', issuerCode)
    },
  )
  return (
    <>
      <Button onPress={() => setAsking(true)}>{t.revoke}</Button>
      <Confirm
        title={t.revokeTitle(title)}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.revoke}
        kind="danger"
        isPending={revoke.isBusy}
        onConfirm={() => revoke.run({ issuerCode, consentId })}
      >
        <p>{t.revokeNote}</p>
        {revoke.trouble === undefined ? null : <Trouble error={revoke.trouble} />}
      </Confirm>
    </>
  )
}
