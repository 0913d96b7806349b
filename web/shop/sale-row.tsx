/** One payment or cancellation in a list: what, how much, when, how. */
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { Amount } from '../ui/amount.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Badge } from '../ui/telling.tsx'
import type { Sale } from './sale-feed.ts'
import { useShop } from './shop-context.tsx'

const words = {
  ko: {
    kinds: { payment: '결제', capture: '결제', cancellation: '결제 취소' },
    channels: {
      mpm_static: 'QR 스티커',
      mpm_dynamic: '계산대 QR',
      cpm: '고객 코드',
      card: '카드',
      system: '자동 처리',
    },
    declined: '거절됨',
    cancelled: '취소됨',
    partly: '일부 취소',
    other: '기타',
  },
  en: {
    kinds: { payment: 'Payment', capture: 'Payment', cancellation: 'Cancellation' },
    channels: {
      mpm_static: 'QR sticker',
      mpm_dynamic: 'Till QR',
      cpm: 'Customer’s code',
      card: 'Card',
      system: 'Automatic',
    },
    declined: 'Declined',
    cancelled: 'Cancelled',
    partly: 'Partly cancelled',
    other: 'Other',
  },
}

/** What kinds and channels are called. */
export function useSaleWords() {
  const t = useWords(words)
  const kinds: Readonly<Record<string, string>> = t.kinds
  return {
    kind: (sale: Pick<Sale, 'kind'>): string => kinds[sale.kind] ?? t.other,
    channel: (sale: Pick<Sale, 'channel'>): string => t.channels[sale.channel],
  }
}

export function SaleRow({ sale, outletName }: { sale: Sale; outletName?: string | undefined }) {
  const { to } = useShop()
  const { kind, channel } = useSaleWords()
  const writing = useWriting()
  const isBack = sale.kind === 'cancellation'
  const at = isBack ? (sale.targetId ?? sale.operationId) : sale.operationId
  const facts = [writing.time(sale.bookedAt), channel(sale), outletName]
  return (
    <RowLink to={to(`sales/${at}`)}>
      <span className="row" data-spread>
        <span className="strong">{kind(sale)}</span>
        <Amount won={isBack ? -sale.amountWon : sale.amountWon} />
      </span>
      <span className="row" data-spread>
        <span className="soft small">{facts.filter((each) => each !== undefined).join(' · ')}</span>
        <SaleState sale={sale} />
      </span>
    </RowLink>
  )
}

/** What became of it, where something did. */
export function SaleState({ sale }: { sale: Sale }) {
  const t = useWords(words)
  if (sale.declineReason !== null) return <Badge tone="bad">{t.declined}</Badge>
  if (sale.cancelledWon === 0) return null
  const isWhole = sale.cancelledWon === sale.amountWon
  return <Badge tone="wait">{isWhole ? t.cancelled : t.partly}</Badge>
}
