/** My own code, for the owner of a shop to scan: it is good for minutes, and a new one comes by itself. */
import { useRead, useTools } from '../api/app-context.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Loaded, Trouble } from '../ui/loaded.tsx'
import { QrPicture } from '../ui/qr-picture.tsx'
import { useWords } from '../ui/words.ts'
import { useState } from 'react'
import { Screen } from './screen.tsx'
import { useLeftMs } from './use-left.ts'

const words = {
  ko: {
    title: '내 점원 코드',
    note: '일하는 가게의 대표가 이 코드를 찍으면 점원으로 등록돼요. 다른 사람에게 보내지 마세요.',
    code: '내 점원 코드',
    left: (minutes: number, seconds: number) =>
      minutes > 0 ? `${minutes}분 ${seconds}초 남음` : `${seconds}초 남음`,
    over: '시간이 지났습니다.',
    renew: '새 코드 만들기',
    copy: '코드 글자로 복사하기',
    copied: '복사했습니다',
    look: '등록되었는지 확인하기',
    home: '처음으로',
  },
  en: {
    title: 'My clerk code',
    note: 'The owner of the shop where you work scans it to let you in. Send it to nobody else.',
    code: 'My clerk code',
    left: (minutes: number, seconds: number) =>
      minutes > 0 ? `${minutes} min ${seconds} s left` : `${seconds} s left`,
    over: 'The time is over.',
    renew: 'Make a new code',
    copy: 'Copy it as text',
    copied: 'It was copied',
    look: 'Look whether I am a clerk now',
    home: 'To the beginning',
  },
}

export function ClerkCodeScreen() {
  const t = useWords(words)
  const { session } = useTools()
  const [trouble, setTrouble] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const read = useRead({ key: ['clerk-code'] }, (client) =>
    client.GET('/v1/sessions/current/clerk-code'),
  )
  const look = async (): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    await session.renew().catch(setTrouble)
    setBusy(false)
  }
  return (
    <Screen title={t.title} back="/?choose" note={t.note}>
      <section className="till-code stack">
        <Loaded read={read}>
          {(code) => <OwnCode key={code.code} {...code} onRenew={() => void read.refetch()} />}
        </Loaded>
      </section>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <Button onPress={() => void look()} isPending={isBusy} isWide>
        {t.look}
      </Button>
      <LinkButton to="/?choose" kind="quiet">
        {t.home}
      </LinkButton>
    </Screen>
  )
}

function OwnCode(props: {
  readonly code: string
  readonly expiresAt: string
  readonly onRenew: () => void
}) {
  const { code, expiresAt, onRenew } = props
  const t = useWords(words)
  const [isCopied, setCopied] = useState(false)
  const leftMs = useLeftMs(expiresAt)
  if (leftMs <= 0) {
    return (
      <>
        <p>{t.over}</p>
        <Button kind="main" onPress={onRenew}>
          {t.renew}
        </Button>
      </>
    )
  }
  const seconds = Math.ceil(leftMs / 1000)
  return (
    <>
      <QrPicture text={code} label={t.code} />
      <p className="strong countdown" role="timer">
        {t.left(Math.floor(seconds / 60), seconds % 60)}
      </p>
      <Button
        kind="quiet"
        onPress={() =>
          void navigator.clipboard.writeText(code).then(
            () => setCopied(true),
            () => undefined,
          )
        }
      >
        <span role="status">{isCopied ? t.copied : t.copy}</span>
      </Button>
    </>
  )
}
