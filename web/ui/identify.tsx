/** Identity verification on the screen: who, then the one-time code. Gives an assertion to whoever asked. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState, type FormEvent } from 'react'
import { useTools } from '../api/app-context.tsx'
import { beginVerification, confirmVerification, findPeople } from '../api/identity.ts'
import { Button } from './button.tsx'
import { TextField } from './text-field.tsx'
import { Trouble } from './loaded.tsx'
import { Banner } from './telling.tsx'
import { useWords } from './words.ts'

const words = {
  ko: {
    simulated: '체험용 본인확인입니다. 인증번호는 언제나 000000입니다.',
    phone: '휴대폰 번호',
    phoneHint: '숫자만 입력해도 됩니다.',
    send: '인증번호 받기',
    code: '인증번호 여섯 자리',
    confirm: '확인',
    back: '다른 사람으로',
    people: '체험할 사람 고르기',
    as: (name: string) => `${name}님으로`,
  },
  en: {
    simulated: 'This identity check is simulated. The one-time code is always 000000.',
    phone: 'Mobile number',
    phoneHint: 'Digits are enough.',
    send: 'Send me a code',
    code: 'Six digits of the code',
    confirm: 'Confirm',
    back: 'Somebody else',
    people: 'Who you may be here',
    as: (name: string) => `As ${name}`,
  },
}

export interface Suggestion {
  readonly personId: string
  readonly name: string
  /** Who that is, in a few words. */
  readonly role: string
}

export function Identify(props: {
  readonly onAssertion: (assertion: string) => Promise<unknown>
  /** Offered in the demonstration. */
  readonly suggestions?: readonly Suggestion[]
  /** Where people are to be found by a name or role: asks the simulated provider. */
  readonly find?: string
  /** Where it is known who it has to be: the code is sent at once. */
  readonly personId?: string
}) {
  const { onAssertion, suggestions = [], find, personId } = props
  const t = useWords(words)
  const { app } = useTools().session
  const [phone, setPhone] = useState('')
  const [code, setCode] = useState('')
  const [verificationId, setVerificationId] = useState<string>()
  const [trouble, setTrouble] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const found = useQuery({
    queryKey: ['people', find],
    queryFn: () => findPeople(find ?? ''),
    enabled: find !== undefined,
  })
  const work = async (deed: () => Promise<unknown>): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    await deed().catch(setTrouble)
    setBusy(false)
  }
  const begin = (who: { personId: string } | { phone: string }): void =>
    void work(async () => setVerificationId(await beginVerification(app, who)))
  useEffect(() => {
    if (personId === undefined) return
    beginVerification(app, { personId }).then(setVerificationId, setTrouble)
  }, [app, personId])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (verificationId === undefined) begin({ phone })
    else void work(async () => onAssertion(await confirmVerification(verificationId, code)))
  }
  const people = [
    ...suggestions,
    ...(found.data ?? []).map((person) => ({
      personId: person.personId,
      name: person.name,
      role: person.phone,
    })),
  ]
  return (
    <form className="stack" onSubmit={submit}>
      <Banner>
        <p>{t.simulated}</p>
      </Banner>
      {verificationId === undefined ? (
        <TextField
          label={t.phone}
          hint={t.phoneHint}
          value={phone}
          onChange={setPhone}
          inputMode="tel"
          autoComplete="tel"
        />
      ) : (
        <TextField
          label={t.code}
          value={code}
          onChange={setCode}
          inputMode="numeric"
          autoComplete="one-time-code"
        />
      )}
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <Button kind="main" type="submit" isPending={isBusy} isWide>
        {verificationId === undefined ? t.send : t.confirm}
      </Button>
      {verificationId === undefined ? (
        <People
          title={t.people}
          people={people}
          onChoose={(chosen) => begin({ personId: chosen })}
        />
      ) : (
        <Button kind="quiet" onPress={() => setVerificationId(undefined)}>
          {t.back}
        </Button>
      )}
    </form>
  )
}

function People(props: {
  readonly title: string
  readonly people: readonly Suggestion[]
  readonly onChoose: (personId: string) => void
}) {
  const { title, people, onChoose } = props
  const t = useWords(words)
  if (people.length === 0) return null
  return (
    <section className="stack" data-gap="s">
      <h2>{title}</h2>
      {people.map(({ personId, name, role }) => (
        <Button key={personId} onPress={() => onChoose(personId)} isWide>
          {t.as(name)} <span className="soft small">{role}</span>
        </Button>
      ))}
    </section>
  )
}
