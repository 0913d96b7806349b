/** My code, for the shop to scan: large and bright, new every half minute, without a network too. */
import { Check } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Redirect, useLocation } from 'wouter'
import { useRead, useReadAgain, useTools } from '../api/app-context.tsx'
import { serverNow } from '../api/server-clock.ts'
import { Button } from '../ui/button.tsx'
import { Select } from '../ui/choice.tsx'
import { Loading, Trouble } from '../ui/loaded.tsx'
import { QrPicture } from '../ui/qr-picture.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { codeAt, codeSeed, enrolPhone, type CodeSeed } from './consumer-code.ts'
import type { Operation } from './history.ts'
import {
  useMembership,
  useMemberships,
  useUsualMembership,
  type Membership,
} from './membership.tsx'
import { useWallet } from './wallet.ts'

const words = {
  ko: {
    title: '내 코드',
    note: '가게에 보여 주면 가게가 찍어서 결제해요.',
    issuer: '지역',
    picture: '내 결제 코드 QR',
    digits: '코드 번호',
    next: (seconds: number) => `${seconds}초 뒤 새 코드`,
    balance: (amount: string) => `잔액 ${amount}`,
    enrol: '이 휴대폰에서 코드를 쓸까요?',
    enrolNote:
      '한 번 등록하면 인터넷이 없어도 코드를 보여 줄 수 있어요. 전에 등록한 다른 휴대폰에서는 쓸 수 없게 돼요.',
    enrolDeed: '이 휴대폰 등록하기',
    paid: (shop: string, amount: string) => `${shop}에서 ${amount} 결제했어요`,
    declined: (shop: string) => `${shop} 결제가 거절되었어요`,
    secret: '화면을 찍어 보내지 마세요. 코드를 본 사람이 결제할 수 있어요.',
  },
  en: {
    title: 'My code',
    note: 'Show it at the shop: the shop scans it, and you have paid.',
    issuer: 'Municipality',
    picture: 'QR code to pay with',
    digits: 'Digits of the code',
    next: (seconds: number) => `New code in ${seconds} s`,
    balance: (amount: string) => `${amount} left`,
    enrol: 'Show codes on this phone?',
    enrolNote:
      'Enrolled once, it shows codes without the internet too. A phone that was enrolled before shows none any more.',
    enrolDeed: 'Enrol this phone',
    paid: (shop: string, amount: string) => `You paid ${amount} at ${shop}`,
    declined: (shop: string) => `A payment at ${shop} was declined`,
    secret: 'Do not send pictures of it: whoever sees the code can take a payment.',
  },
}

export function CodeScreen() {
  const t = useWords(words)
  const named = useMembership()
  const usual = useUsualMembership()
  if (named === undefined) {
    return <Redirect to={usual === undefined ? '/' : `/app/code/${usual.issuerCode}`} replace />
  }
  return (
    <>
      <div>
        <h1>{t.title}</h1>
        <p className="soft">{t.note}</p>
      </div>
      <WhichIssuer current={named} />
      <CodeOf key={named.issuerCode} membership={named} />
    </>
  )
}

function WhichIssuer({ current }: { current: Membership }) {
  const t = useWords(words)
  const memberships = useMemberships()
  const [, navigate] = useLocation()
  if (memberships.length < 2) return null
  return (
    <Select
      label={t.issuer}
      value={current.issuerCode}
      onChange={(issuerCode) => navigate(`/app/code/${issuerCode}`, { replace: true })}
      options={memberships.map(({ issuerCode, name }) => ({ value: issuerCode, label: name }))}
    />
  )
}

function CodeOf({ membership }: { membership: Membership }) {
  const { issuerCode, memberId } = membership
  const seed = useQuery({
    queryKey: ['code-seed', issuerCode, memberId],
    queryFn: async () => (await codeSeed(issuerCode, memberId)) ?? null,
    networkMode: 'always',
  })
  if (seed.data === undefined) return <Loading />
  if (seed.data === null) return <Enrolment membership={membership} />
  return <Showing membership={membership} seed={seed.data} />
}

function Enrolment({ membership }: { membership: Membership }) {
  const t = useWords(words)
  const { client } = useTools()
  const queries = useQueryClient()
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const enrol = async (): Promise<void> => {
    setBusy(true)
    setTrouble(undefined)
    await enrolPhone(client, membership)
      .then(() => queries.invalidateQueries({ queryKey: ['code-seed'] }))
      .catch(setTrouble)
    setBusy(false)
  }
  return (
    <section className="card stack">
      <h2>{t.enrol}</h2>
      <p>{t.enrolNote}</p>
      {trouble === undefined ? null : <Trouble error={trouble} />}
      <Button kind="main" isWide isPending={isBusy} onPress={() => void enrol()}>
        {t.enrolDeed}
      </Button>
    </section>
  )
}

function Showing({ membership, seed }: { membership: Membership; seed: CodeSeed }) {
  const t = useWords(words)
  const writing = useWriting()
  const { code, secondsLeft, share } = useCode(seed)
  const { data: wallet } = useWallet(membership)
  useWakeLock()
  return (
    <>
      <WhatHappened membership={membership} />
      <section className="code-stage" aria-label={t.title}>
        {code === undefined ? <Loading /> : <QrPicture text={code} label={t.picture} />}
        <div className="code-digits" role="group" aria-label={t.digits}>
          {(code?.match(/.{4}/g) ?? []).map((group, index) => (
            // Groups may be alike; their places are not.
            // oxlint-disable-next-line react/no-array-index-key
            <span key={index}>{group}</span>
          ))}
        </div>
        <p className="code-time">
          <Ring share={share} />
          {t.next(secondsLeft)}
        </p>
      </section>
      {wallet === undefined ? null : (
        <p className="strong" style={{ textAlign: 'center' }}>
          {membership.name} {t.balance(writing.won(wallet.totalWon))}
        </p>
      )}
      <p className="soft small" style={{ textAlign: 'center' }}>
        {t.secret}
      </p>
    </>
  )
}

const TICK_MS = 250

function useCode(seed: CodeSeed): {
  readonly code: string | undefined
  readonly secondsLeft: number
  readonly share: number
} {
  const [now, setNow] = useState(serverNow)
  const [code, setCode] = useState<string>()
  useEffect(() => {
    const timer = setInterval(() => setNow(serverNow()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  const step = Math.floor(now / seed.stepMs)
  useEffect(() => {
    let isOver = false
    void codeAt(seed, step * seed.stepMs).then((made) => (isOver ? undefined : setCode(made)))
    return () => {
      isOver = true
    }
  }, [seed, step])
  const leftMs = (step + 1) * seed.stepMs - now
  return { code, secondsLeft: Math.ceil(leftMs / 1_000), share: leftMs / seed.stepMs }
}

const RADIUS = 9
const ROUND = 2 * Math.PI * RADIUS

/** How much of its half minute a code still has. */
function Ring({ share }: { share: number }) {
  return (
    <svg className="ring" viewBox="0 0 24 24" aria-hidden>
      <circle cx="12" cy="12" r={RADIUS} />
      <circle
        cx="12"
        cy="12"
        r={RADIUS}
        data-left
        strokeDasharray={ROUND}
        strokeDashoffset={ROUND * (1 - share)}
      />
    </svg>
  )
}

const ASK_EVERY_MS = 2_500

/** Tells what came of the code since it was opened. */
function WhatHappened({ membership }: { membership: Membership }) {
  const { issuerCode, walletId } = membership
  const t = useWords(words)
  const writing = useWriting()
  const readAgain = useReadAgain()
  const [openedAt] = useState(() => serverNow())
  const { data } = useRead(
    { key: ['operations', issuerCode, walletId, 'newest'], everyMs: ASK_EVERY_MS },
    (client) =>
      client.GET('/v1/issuers/{issuerCode}/wallets/{walletId}/operations', {
        params: { path: { issuerCode, walletId }, query: { limit: 5 } },
      }),
  )
  const newest = data?.items.find((each) => isOfCode(each, openedAt))
  const told = useRef<string>(undefined)
  useEffect(() => {
    if (newest === undefined || told.current === newest.operationId) return
    told.current = newest.operationId
    navigator.vibrate?.(200)
    void readAgain('wallet')
  }, [newest, readAgain])
  if (newest === undefined) return null
  const shop = newest.outletName ?? newest.merchantName ?? ''
  if (newest.declineReason !== null) {
    return (
      <Banner tone="bad" title={t.declined(shop)} isNews>
        <p>{newest.declineText}</p>
      </Banner>
    )
  }
  return (
    <div className="paid" role="status">
      <span className="paid-sign">
        <Check aria-hidden />
      </span>
      <p className="payee-name">{t.paid(shop, writing.won(newest.amountWon))}</p>
    </div>
  )
}

/** A server's second may lie before the phone's reckoning of it. */
const CLOCK_NOISE_MS = 3_000

function isOfCode({ channel, bookedAt }: Operation, openedAt: number): boolean {
  return channel === 'cpm' && Date.parse(bookedAt) > openedAt - CLOCK_NOISE_MS
}

/** The screen stays on while the code is shown, where the phone lets a page ask for it. */
function useWakeLock(): void {
  useEffect(() => {
    let lock: WakeLockSentinel | undefined
    let isOver = false
    const hold = async (): Promise<void> => {
      if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
      const got = await navigator.wakeLock.request('screen').catch(() => undefined)
      if (isOver) void got?.release()
      else lock = got
    }
    const again = (): void => void hold()
    again()
    document.addEventListener('visibilitychange', again)
    return () => {
      isOver = true
      document.removeEventListener('visibilitychange', again)
      void lock?.release()
    }
  }, [])
}
