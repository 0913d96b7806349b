/** A code for one amount, large, with the time that is left; and the news, the moment it is paid. */
import { CircleCheckBig } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { useTools } from '../api/app-context.tsx'
import { answered, keyed } from '../api/client.ts'
import { serverNow } from '../api/server-clock.ts'
import { Amount } from '../ui/amount.tsx'
import { Button, LinkButton } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { QrPicture } from '../ui/qr-picture.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import type { paths } from '../api/schema.ts'
import type { Sale } from './sale-feed.ts'
import { useShop, type Outlet } from './shop-context.tsx'
import { useLeftMs } from './use-left.ts'

const words = {
  ko: {
    scanMe: '고객이 이 코드를 찍으면 결제됩니다',
    left: (minutes: number, seconds: number) =>
      minutes > 0 ? `${minutes}분 ${seconds}초 남음` : `${seconds}초 남음`,
    over: '시간이 지났습니다',
    overNote: '이 코드로는 이제 결제할 수 없어요. 새 코드를 만들어 주세요.',
    renew: '새 코드 만들기',
    back: '금액 다시 누르기',
    away: '연결을 다시 잇고 있습니다. 그사이 결제된 것도 이어지면 바로 알려 드려요.',
    code: (amount: string) => `${amount} 결제 코드`,
    paid: '결제되었습니다',
    next: '다음 손님',
    detail: '결제 자세히 보기',
  },
  en: {
    scanMe: 'It is paid when the customer scans this code',
    left: (minutes: number, seconds: number) =>
      minutes > 0 ? `${minutes} min ${seconds} s left` : `${seconds} s left`,
    over: 'The time is over',
    overNote: 'This code can be paid no more. Make a new one.',
    renew: 'Make a new code',
    back: 'Change the amount',
    away: 'Connecting again. What is paid meanwhile is told as soon as the connection is back.',
    code: (amount: string) => `Payment code of ${amount}`,
    paid: 'Paid',
    next: 'Next customer',
    detail: 'See the payment',
  },
}

type AskPath = '/v1/issuers/{issuerCode}/outlets/{outletId}/payment-requests'
type AskedCode = paths[AskPath]['post']['responses'][200]['content']['application/json']

/** A payment's booking may be a moment before the code's own time by another clock. */
const BOOKED_BEFORE_MS = 2_000

export function TillAsk(props: {
  readonly outlet: Outlet
  readonly amountWon: number
  readonly onLeave: () => void
}) {
  const { outlet, amountWon, onLeave } = props
  const t = useWords(words)
  const { recent } = useShop()
  const [round, setRound] = useState(1)
  const [beganAt] = useState(serverNow)
  const asked = useAskedCode(outlet, amountWon, round)
  const paid = recent.find(
    (sale) =>
      sale.kind === 'payment' &&
      sale.channel === 'mpm_dynamic' &&
      sale.outletId === outlet.outletId &&
      sale.amountWon === amountWon &&
      Date.parse(sale.bookedAt) >= beganAt - BOOKED_BEFORE_MS,
  )
  if (paid !== undefined) return <Paid sale={paid} onNext={onLeave} />
  return (
    <section className="till-code stack">
      <p className="strong">{t.scanMe}</p>
      <Amount won={amountWon} size="l" />
      <Loaded read={asked}>
        {(code) => (
          <ShownCode
            key={code.text}
            {...code}
            amountWon={amountWon}
            onRenew={() => setRound(round + 1)}
          />
        )}
      </Loaded>
      <Button onPress={onLeave} isWide>
        {t.back}
      </Button>
    </section>
  )
}

/** Asked for once each round; a code that was shown is not exchanged under the customer's camera. */
function useAskedCode(outlet: Outlet, amountWon: number, round: number) {
  const { client } = useTools()
  const { issuerCode } = useShop()
  const { outletId } = outlet
  const [sitting] = useState(() => crypto.randomUUID())
  return useQuery({
    queryKey: ['asked', sitting, outletId, amountWon, round],
    queryFn: async () => {
      const code = await answered(
        client.POST('/v1/issuers/{issuerCode}/outlets/{outletId}/payment-requests', {
          params: { path: { issuerCode, outletId } },
          body: { amountWon },
          ...keyed(),
        }),
      )
      return code as AskedCode // Of the forms it may have, JSON is what was asked for.
    },
    staleTime: Infinity,
    gcTime: 0,
  })
}

function ShownCode(props: {
  readonly text: string
  readonly expiresAt: string
  readonly amountWon: number
  readonly onRenew: () => void
}) {
  const { text, expiresAt, amountWon, onRenew } = props
  const t = useWords(words)
  const writing = useWriting()
  const { connection } = useShop()
  const leftMs = useLeftMs(expiresAt)
  if (leftMs <= 0) {
    return (
      <Banner tone="wait" title={t.over} isNews>
        <p>{t.overNote}</p>
        <div>
          <Button kind="main" onPress={onRenew}>
            {t.renew}
          </Button>
        </div>
      </Banner>
    )
  }
  const seconds = Math.ceil(leftMs / 1000)
  return (
    <>
      <QrPicture text={text} label={t.code(writing.won(amountWon))} />
      <p className="strong countdown" role="timer">
        {t.left(Math.floor(seconds / 60), seconds % 60)}
      </p>
      {connection === 'connected' ? null : (
        <Banner tone="wait" isNews>
          <p>{t.away}</p>
        </Banner>
      )}
    </>
  )
}

/** It was paid: for the customer's eyes too. */
export function Paid({
  sale,
  onNext,
}: {
  sale: Pick<Sale, 'operationId' | 'amountWon' | 'bookedAt'>
  onNext: () => void
}) {
  const t = useWords(words)
  const writing = useWriting()
  const { to } = useShop()
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className="till-code stack">
      <div className="paid-sign" role="status">
        <CircleCheckBig aria-hidden />
        <h2 ref={heading} tabIndex={-1}>
          {t.paid}
        </h2>
      </div>
      <Amount won={sale.amountWon} size="l" />
      <p className="soft">{writing.time(sale.bookedAt)}</p>
      <Button kind="main" onPress={onNext} isWide>
        {t.next}
      </Button>
      <LinkButton to={to(`sales/${sale.operationId}`)} isWide>
        {t.detail}
      </LinkButton>
    </section>
  )
}
