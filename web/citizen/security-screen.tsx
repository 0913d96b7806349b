/** PIN and passkeys, which are asked for whenever money leaves. */
import { Fingerprint, KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { ApiProblem } from '../api/problem.ts'
import { Button } from '../ui/button.tsx'
import { Identify } from '../ui/identify.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { PinPad } from '../ui/pads.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { useConfirmMoney } from './confirm-money.tsx'
import {
  addPasskey,
  changeCall,
  removePasskey,
  setPin,
  takeOver,
  useConfirmation,
  type Confirmation,
  type ConfirmedChange,
} from './confirmation.ts'
import { useMemberships, type Membership } from './membership.tsx'
import { IssuerScreen } from './screen.tsx'
import { words } from './security-words.ts'

export function SecurityScreen() {
  const t = useWords(words)
  return (
    <IssuerScreen title={t.title} note={t.note} within="security">
      {(membership) => <Security key={membership.issuerCode} membership={membership} />}
    </IssuerScreen>
  )
}

function Security({ membership }: { membership: Membership }) {
  const read = useConfirmation(membership.issuerCode)
  return (
    <Loaded read={read}>
      {(confirmation) => (
        <>
          <Pin membership={membership} confirmation={confirmation} />
          <Passkeys membership={membership} confirmation={confirmation} />
          {confirmation.required ? <Others membership={membership} /> : null}
        </>
      )}
    </Loaded>
  )
}

function Pin(props: { readonly membership: Membership; readonly confirmation: Confirmation }) {
  const { membership, confirmation } = props
  const { pin } = confirmation
  const t = useWords(words)
  const [way, setWay] = useState<'known' | 'identified'>()
  const [isSaved, setSaved] = useState(false)
  // A first PIN beside passkeys is set by whoever is identified, not by whoever holds the telephone.
  const needsProof = !pin.set && confirmation.required
  const state = pin.blocked ? 'blocked' : pin.set ? 'set' : 'notSet'
  return (
    <section className="card stack">
      <div className="row" data-spread>
        <h2 className="row">
          <KeyRound className="icon" aria-hidden />
          {t.pin}
        </h2>
        <Badge tone={state === 'set' ? 'good' : state === 'blocked' ? 'bad' : 'plain'}>
          {t[state]}
        </Badge>
      </div>
      {isSaved ? <Banner tone="good" title={t.saved} isNews /> : null}
      {pin.blocked || needsProof ? null : (
        <Button kind="main" isWide onPress={() => setWay('known')}>
          {pin.set ? t.change : t.choose}
        </Button>
      )}
      {pin.set || needsProof ? (
        <Button kind="quiet" isWide onPress={() => setWay('identified')}>
          {t.identify}
        </Button>
      ) : null}
      <Sheet
        title={pin.set ? t.change : t.choose}
        isOpen={way !== undefined}
        onClose={() => setWay(undefined)}
      >
        {way === undefined ? null : (
          <PinSteps
            issuerCode={membership.issuerCode}
            needs={way === 'identified' ? 'assertion' : pin.set ? 'currentPin' : undefined}
            onSaved={() => {
              setWay(undefined)
              setSaved(true)
            }}
          />
        )}
      </Sheet>
    </section>
  )
}

const DIGITS = 6

/** What proves that one may (the present PIN, or an identification), the new one, and the new one again. */
function PinSteps(props: {
  readonly issuerCode: string
  readonly needs: 'currentPin' | 'assertion' | undefined
  readonly onSaved: () => void
}) {
  const { issuerCode, needs, onSaved } = props
  const t = useWords(words)
  const { session } = useTools()
  const personId = session.current()?.personId
  const readAgain = useReadAgain()
  const [proof, setProof] = useState<string>()
  const [first, setFirst] = useState<string>()
  const [typed, setTyped] = useState('')
  const [trouble, setTrouble] = useState<unknown>()
  const [differs, setDiffers] = useState(false)
  const startOver = (): void => {
    setTyped('')
    setFirst(undefined)
    setProof(undefined)
  }
  const save = async (pin: string): Promise<void> => {
    try {
      const how = needs === undefined || proof === undefined ? {} : { [needs]: proof }
      await setPin(session, issuerCode, { pin, ...how })
      await readAgain('confirmation')
      onSaved()
    } catch (error) {
      setTrouble(error)
      startOver()
      void readAgain('confirmation')
    }
  }
  const step =
    needs !== undefined && proof === undefined ? needs : first === undefined ? 'fresh' : 'repeat'
  const finish = (digits: string): void => {
    setTyped('')
    if (step === 'currentPin') setProof(digits)
    else if (step === 'fresh') setFirst(digits)
    else if (digits === first) void save(digits)
    else {
      setDiffers(true)
      setFirst(undefined)
    }
  }
  const type = (digits: string): void => {
    setTrouble(undefined)
    setDiffers(false)
    setTyped(digits)
    if (digits.length === DIGITS) finish(digits)
  }
  if (step === 'assertion') {
    return (
      <Identify
        onAssertion={async (assertion) => setProof(assertion)}
        {...(personId === undefined ? {} : { personId })}
      />
    )
  }
  const labels = { currentPin: t.current, fresh: t.fresh, repeat: t.repeat }
  return (
    <>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      {differs ? <Banner tone="wait" title={t.differs} isNews /> : null}
      <PinPad label={labels[step]} value={typed} onChange={type} />
    </>
  )
}

function Passkeys(props: { readonly membership: Membership; readonly confirmation: Confirmation }) {
  const { membership, confirmation } = props
  const { issuerCode } = membership
  const t = useWords(words)
  const writing = useWriting()
  const { session } = useTools()
  const readAgain = useReadAgain()
  const confirming = useConfirmMoney(issuerCode)
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const isSupported = 'PublicKeyCredential' in globalThis
  const change = (what: string, deed: (change: ConfirmedChange) => Promise<void>): void => {
    const call = changeCall(what)
    setTrouble(undefined)
    confirming.ask(call, (headers) => {
      setBusy(true)
      void deed({ key: call.key, headers })
        .then(() => readAgain('confirmation'))
        .catch(setTrouble)
        .finally(() => setBusy(false))
    })
  }
  return (
    <section className="card stack">
      <div>
        <h2 className="row">
          <Fingerprint className="icon" aria-hidden />
          {t.passkeys}
        </h2>
        <p className="soft small">{t.passkeysNote}</p>
      </div>
      {confirmation.passkeys.length === 0 ? <p className="soft">{t.noPasskeys}</p> : null}
      <ul className="holdings">
        {confirmation.passkeys.map(({ passkeyId, name, createdAt }) => (
          <li key={passkeyId}>
            <span>
              {name} <span className="soft small">{t.added(writing.day(createdAt))}</span>
            </span>
            <Button
              kind="quiet"
              isDisabled={isBusy}
              onPress={() =>
                change(t.remove(name), (confirmed) =>
                  removePasskey(session, issuerCode, { passkeyId, change: confirmed }),
                )
              }
            >
              {t.removeShort}
            </Button>
          </li>
        ))}
      </ul>
      <PasskeyTrouble error={trouble} />
      <Button
        isWide
        isPending={isBusy}
        isDisabled={!isSupported}
        onPress={() =>
          change(t.add, (confirmed) =>
            addPasskey(session, issuerCode, { name: t.passkeyName, change: confirmed }),
          )
        }
      >
        {isSupported ? t.add : t.unsupported}
      </Button>
      {confirming.sheet}
    </section>
  )
}

/** What the browser says of passkeys is not for people; what the server says is. */
function PasskeyTrouble({ error }: { error: unknown }) {
  const t = useWords(words)
  if (error === undefined) return null
  if (error instanceof ApiProblem) return <Trouble error={error} />
  return <Banner tone="wait" title={t.failed} isNews />
}

/** The same proof for every municipality of the member. */
function Others({ membership }: { membership: Membership }) {
  const t = useWords(words)
  const { session } = useTools()
  const readAgain = useReadAgain()
  const others = useMemberships().filter(({ issuerCode }) => issuerCode !== membership.issuerCode)
  const [isBusy, setBusy] = useState(false)
  const [result, setResult] = useState<unknown>()
  if (others.length === 0) return null
  const copy = async (): Promise<void> => {
    setBusy(true)
    try {
      for (const { issuerCode } of others) {
        // One after another: each is a change of its own.
        // oxlint-disable-next-line no-await-in-loop
        await takeOver(session, { from: membership.issuerCode, to: issuerCode })
      }
      setResult('done')
      await readAgain('confirmation')
    } catch (error) {
      setResult(error)
    }
    setBusy(false)
  }
  return (
    <>
      {result === undefined ? null : result === 'done' ? (
        <Banner tone="good" title={t.othersDone} isNews />
      ) : (
        <Trouble error={result} />
      )}
      <Button isWide isPending={isBusy} onPress={() => void copy()}>
        {t.others}
      </Button>
    </>
  )
}
