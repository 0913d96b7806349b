/**
 * Asks whoever holds the phone to prove, by passkey or PIN, that money may leave: `confirm.ask(call, headers => …)`.
 * Where the member has set neither nothing is asked, and the screen's own button is the confirmation.
 */
import { Fingerprint } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import { useTools } from '../api/app-context.tsx'
import type { MoneyCall } from '../api/money-call.ts'
import { Amount } from '../ui/amount.tsx'
import { Button } from '../ui/button.tsx'
import { Loading, Trouble } from '../ui/loaded.tsx'
import { PinPad } from '../ui/pads.tsx'
import { Sheet } from '../ui/sheet.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import {
  confirmByPasskey,
  confirmByPin,
  useConfirmation,
  type Confirmation,
} from './confirmation.ts'

const words = {
  ko: {
    title: '본인 확인',
    pin: '결제 비밀번호 여섯 자리',
    passkey: '패스키로 확인하기',
    passkeyFailed: '패스키로 확인하지 못했습니다. 다시 하거나 비밀번호를 눌러 주세요.',
    blocked:
      '비밀번호를 여러 번 틀려 잠겼습니다. 더보기의 결제 비밀번호에서 본인확인을 하고 다시 정해 주세요.',
  },
  en: {
    title: 'Confirm that it is you',
    pin: 'Six digits of your PIN',
    passkey: 'Confirm by passkey',
    passkeyFailed: 'The passkey did not confirm. Try again, or type the PIN.',
    blocked:
      'The PIN is blocked after too many attempts. Prove who you are under More, PIN and passkeys, and set a new one.',
  },
}

type Headers = Readonly<Record<string, string>>
interface Asked {
  readonly call: MoneyCall
  readonly onConfirmed: (headers: Headers) => void
}

export interface ConfirmMoney {
  /** Begins to ask; `onConfirmed` gets the headers of the call. While it asks nothing else is asked. */
  ask(call: MoneyCall, onConfirmed: (headers: Headers) => void): void
  /** It was asked, and is not known yet whether a proof is needed: the button waits. */
  readonly isChecking: boolean
  /** Stands anywhere on the screen. */
  readonly sheet: ReactNode
}

export function useConfirmMoney(issuerCode: string | undefined): ConfirmMoney {
  const read = useConfirmation(issuerCode)
  const [asked, setAsked] = useState<Asked>()
  const [isChecking, setChecking] = useState(false)
  const isAsking = useRef(false)
  const isHere = useIsHere()
  const leave = (): void => {
    isAsking.current = false
    setAsked(undefined)
  }
  const ask = async (call: MoneyCall, onConfirmed: Asked['onConfirmed']): Promise<void> => {
    if (isAsking.current) return
    isAsking.current = true
    setChecking(true)
    // Another device may have set a PIN since. Where nobody can say now the call itself is answered so.
    const known = read.isFetchedAfterMount ? read.data : (await read.refetch()).data
    // Whoever has left the screen in the meantime wants nothing sent any more.
    if (!isHere()) return
    setChecking(false)
    if (known?.required === true) return setAsked({ call, onConfirmed })
    leave()
    onConfirmed({})
  }
  const sheet =
    asked === undefined || read.data === undefined || issuerCode === undefined ? (
      isChecking && <Loading />
    ) : (
      <ConfirmSheet
        issuerCode={issuerCode}
        confirmation={read.data}
        asked={asked}
        onLeave={leave}
        onRefused={() => void read.refetch()}
      />
    )
  return { ask: (call, onConfirmed) => void ask(call, onConfirmed), isChecking, sheet }
}

/** Whether the screen that asks is still shown. */
function useIsHere(): () => boolean {
  const here = useRef(false)
  useEffect(() => {
    here.current = true
    return () => {
      here.current = false
    }
  }, [])
  return () => here.current
}

function ConfirmSheet(props: {
  readonly issuerCode: string
  readonly confirmation: Confirmation
  readonly asked: Asked
  readonly onLeave: () => void
  readonly onRefused: () => void
}) {
  const { issuerCode, confirmation, asked, onLeave, onRefused } = props
  const { call, onConfirmed } = asked
  const t = useWords(words)
  const { session } = useTools()
  const [pin, setPin] = useState('')
  const [trouble, setTrouble] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const isHere = useIsHere()
  const confirm = async (way: () => Promise<Headers>): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    try {
      const headers = await way()
      if (!isHere()) return
      onLeave()
      onConfirmed(headers)
    } catch (error) {
      setBusy(false)
      setPin('')
      setTrouble(error)
      onRefused()
    }
  }
  const type = (next: string): void => {
    if (isBusy) return
    setPin(next)
    if (next.length < PIN_DIGITS) return
    void confirm(() => confirmByPin(session, { issuerCode, call, pin: next }))
  }
  const { pin: has, passkeys } = confirmation
  return (
    <Sheet title={t.title} isOpen onClose={onLeave} mayClose={!isBusy}>
      <p className="confirm-about">
        {call.about.name}
        {call.about.amountWon === 0 ? null : (
          <>
            <br />
            <Amount won={call.about.amountWon} size="l" />
          </>
        )}
      </p>
      {trouble === undefined ? null : <WhatWentWrong error={trouble} />}
      {passkeys.length === 0 ? null : (
        <Button
          kind="main"
          isWide
          isPending={isBusy}
          onPress={() => void confirm(() => confirmByPasskey(session, { issuerCode, call }))}
        >
          <Fingerprint aria-hidden />
          {t.passkey}
        </Button>
      )}
      {has.set && !has.blocked ? <PinPad label={t.pin} value={pin} onChange={type} /> : null}
      {has.blocked ? (
        <Banner tone="bad">
          <p>{t.blocked}</p>
        </Banner>
      ) : null}
      {isBusy ? <Loading /> : null}
    </Sheet>
  )
}

const PIN_DIGITS = 6

/** A passkey's own failures have no words for people. */
function WhatWentWrong({ error }: { error: unknown }) {
  const t = useWords(words)
  const isOfPasskey = error instanceof Error && /NotAllowed|Abort|WebAuthn/.test(error.name)
  if (!isOfPasskey) return <Trouble error={error} />
  return (
    <Banner tone="wait" isNews>
      <p>{t.passkeyFailed}</p>
    </Banner>
  )
}
