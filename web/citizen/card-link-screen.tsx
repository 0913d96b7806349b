/** Linking a card by the one-time code of the card company's app; the demonstration has that app on this screen. */
import { useQuery } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { useLocation, useParams } from 'wouter'
import { useRead, useReadAgain, useSession } from '../api/app-context.tsx'
import { simulatedCards, simulatedLinkCode } from '../api/simulated.ts'
import { useDeed } from '../api/use-deed.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded, Loading, Trouble } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { CardChoices, type CardWishes } from './card-choices.tsx'
import { cardWords } from './card-words.ts'
import { useIsDemonstration } from './demonstration.ts'
import { IssuerScreen } from './screen.tsx'

export function CardLinkScreen() {
  const t = useWords(cardWords)
  const { issuer } = useParams<{ issuer: string }>()
  return (
    <IssuerScreen title={t.link} back={`/app/${issuer}/cards`}>
      {({ issuerCode }) => <LinkCard issuerCode={issuerCode} />}
    </IssuerScreen>
  )
}

function LinkCard({ issuerCode }: { issuerCode: string }) {
  const read = useRead({ key: ['partners'], keep: true }, (client) => client.GET('/v1/partners'))
  return (
    <Loaded read={read}>
      {({ items }) => <LinkForm issuerCode={issuerCode} partners={items} />}
    </Loaded>
  )
}

interface Partner {
  readonly partnerCode: string
  readonly name: string
  readonly nameEn: string
}

function LinkForm(props: { readonly issuerCode: string; readonly partners: readonly Partner[] }) {
  const { issuerCode, partners } = props
  const t = useWords(cardWords)
  const language = useLanguage()
  const [, navigate] = useLocation()
  const readAgain = useReadAgain()
  const [partnerCode, setPartner] = useState(partners[0]?.partnerCode ?? '')
  const [linkCode, setCode] = useState('')
  const [wishes, setWishes] = useState<CardWishes>({ spending: 'voucher_first', onUnknown: null })
  const isDemonstration = useIsDemonstration()
  const link = useDeed(
    (client, body: { partnerCode: string; linkCode: string } & CardWishes, headers) =>
      client.POST('/v1/issuers/{issuerCode}/members/me/cards', {
        params: { path: { issuerCode } },
        body,
        ...headers,
      }),
    async ({ cardId }) => {
      await readAgain('cards', issuerCode)
      navigate(`/app/${issuerCode}/cards/${cardId}?linked=now`)
    },
  )
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (linkCode !== '') link.run({ partnerCode, linkCode: linkCode.replace(/\D/g, ''), ...wishes })
  }
  return (
    <form className="stack" onSubmit={submit}>
      <Select
        label={t.company}
        value={partnerCode}
        onChange={setPartner}
        options={partners.map((partner) => ({
          value: partner.partnerCode,
          label: language === 'ko' ? partner.name : partner.nameEn,
        }))}
      />
      {isDemonstration ? (
        <CardCompanyApp
          partnerCode={partnerCode}
          issuerCode={issuerCode}
          onCode={(code) => setCode(code)}
        />
      ) : null}
      <TextField
        label={t.code}
        hint={t.codeHint}
        value={linkCode}
        onChange={setCode}
        inputMode="numeric"
        autoComplete="off"
      />
      <CardChoices value={wishes} onChange={setWishes} />
      {link.trouble === undefined ? null : <Trouble error={link.trouble} />}
      {linkCode === '' ? <p className="soft small">{t.linkMissing}</p> : null}
      <Button kind="main" type="submit" isPending={link.isBusy} isDisabled={linkCode === ''} isWide>
        {t.linkDeed}
      </Button>
    </form>
  )
}

/** The card company's app of the demonstration: its cards of this person, and a code for each. */
function CardCompanyApp(props: {
  readonly partnerCode: string
  readonly issuerCode: string
  readonly onCode: (code: string) => void
}) {
  const { partnerCode, issuerCode, onCode } = props
  const t = useWords(cardWords)
  const personId = useSession()?.personId ?? ''
  const cards = useQuery({
    queryKey: ['simulated-cards', partnerCode, personId],
    queryFn: () => simulatedCards(partnerCode, personId),
  })
  const [trouble, setTrouble] = useState<unknown>()
  const get = (cardToken: string): void => {
    setTrouble(undefined)
    simulatedLinkCode(partnerCode, cardToken).then(onCode, setTrouble)
  }
  const free = cards.data?.filter(({ links }) => links[issuerCode] === undefined)
  return (
    <Banner title={t.simulated}>
      {cards.isError ? <Trouble error={cards.error} onAgain={() => void cards.refetch()} /> : null}
      {cards.isPending ? <Loading /> : null}
      {free?.length === 0 ? <p>{t.noCards}</p> : null}
      {free?.map(({ cardToken, lastFour }) => (
        <Button key={cardToken} onPress={() => get(cardToken)}>
          {t.getCode(lastFour)}
        </Button>
      ))}
      {trouble === undefined ? null : <Trouble error={trouble} />}
    </Banner>
  )
}
