/** The till: an amount, then a code to show or the customer's code to scan. What was paid last stands below. */
import { QrCode, ScanLine } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import { Button, LinkButton } from '../ui/button.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { AmountPad } from '../ui/pads.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { OutletChoice, useOutlet } from './outlet-choice.tsx'
import { SaleRow } from './sale-row.tsx'
import { useMerchant, useShop, type Merchant, type Outlet } from './shop-context.tsx'
import { TouchForSound } from './sound-button.tsx'
import { TillAsk } from './till-ask.tsx'
import { TillScan } from './till-scan.tsx'
import { UnfinishedPayments } from './unfinished-payments.tsx'

const words = {
  ko: {
    title: '계산',
    amount: '받을 금액',
    show: 'QR 보여 주기',
    scan: '고객 코드 찍기',
    first: '금액을 먼저 눌러 주세요.',
    recent: '방금 받은 결제',
    closed: '지금은 결제를 받을 수 없습니다',
    states: {
      applied: '가맹점 신청을 검토하고 있습니다. 등록되면 바로 쓸 수 있어요.',
      suspended: '가맹점 사용이 정지되어 있습니다. 매장 화면에서 까닭을 확인해 주세요.',
      closed: '가맹점 등록이 끝났습니다.',
    },
    registration: '등록 상태 보기',
    noOutlet: '문을 연 매장이 없습니다',
    noOutletNote: '매장을 등록하면 계산할 수 있어요.',
    outlets: '매장 등록하기',
  },
  en: {
    title: 'Till',
    amount: 'Amount to take',
    show: 'Show a QR code',
    scan: 'Scan the customer’s code',
    first: 'Enter an amount first.',
    recent: 'Just now',
    closed: 'No payments can be taken now',
    states: {
      applied: 'The application is being looked at. You can begin as soon as you are registered.',
      suspended: 'The shop is suspended. See why under Shop.',
      closed: 'The registration has ended.',
    },
    registration: 'See the registration',
    noOutlet: 'No place is open',
    noOutletNote: 'Register a place to take payments.',
    outlets: 'Register a place',
  },
}

export function TillScreen() {
  const t = useWords(words)
  const merchant = useMerchant()
  return (
    <>
      <h1>{t.title}</h1>
      <UnfinishedPayments />
      <Loaded read={merchant}>{drawTill}</Loaded>
    </>
  )
}

const drawTill = (merchant: Merchant) => <Till merchant={merchant} />

function Till({ merchant }: { merchant: Merchant }) {
  const t = useWords(words)
  const { to } = useShop()
  const outlet = useOutlet(merchant)
  const { status } = merchant
  if (status !== 'active') {
    return (
      <Banner tone="wait" title={t.closed}>
        <p>{t.states[status]}</p>
        <div>
          <LinkButton to={to('shop/registration')}>{t.registration}</LinkButton>
        </div>
      </Banner>
    )
  }
  if (outlet === undefined) {
    return (
      <Empty title={t.noOutlet}>
        <p>{t.noOutletNote}</p>
        <div>
          <LinkButton to={to('shop/outlets')}>{t.outlets}</LinkButton>
        </div>
      </Empty>
    )
  }
  return <OpenTill merchant={merchant} outlet={outlet} />
}

function OpenTill({ merchant, outlet }: { merchant: Merchant; outlet: Outlet }) {
  const [search, setSearch] = useSearchParams()
  const way = search.get('way')
  const asked = Number(search.get('amount') ?? 0)
  const amountWon = Number.isSafeInteger(asked) && asked > 0 ? asked : 0
  const leave = (): void =>
    setSearch((before) => {
      before.delete('way')
      before.delete('amount')
      return before
    })
  if (way === 'show' && amountWon > 0) {
    return <TillAsk outlet={outlet} amountWon={amountWon} onLeave={leave} />
  }
  if (way === 'scan' && amountWon > 0) {
    return (
      <TillScan outlet={outlet} shopName={merchant.name} amountWon={amountWon} onLeave={leave} />
    )
  }
  return (
    <TillAmount
      merchant={merchant}
      outlet={outlet}
      onChosen={(chosen, amount) =>
        setSearch((before) => {
          before.set('way', chosen)
          before.set('amount', String(amount))
          return before
        })
      }
    />
  )
}

function TillAmount(props: {
  readonly merchant: Merchant
  readonly outlet: Outlet
  readonly onChosen: (way: 'show' | 'scan', amountWon: number) => void
}) {
  const { merchant, outlet, onChosen } = props
  const t = useWords(words)
  const [amountWon, setAmountWon] = useState(0)
  const isEmpty = amountWon === 0
  return (
    <div className="till">
      <div className="stack till-pad">
        <OutletChoice
          outlets={merchant.outlets.filter((each) => each.open)}
          value={outlet.outletId}
        />
        <AmountPad
          label={t.amount}
          value={amountWon}
          onChange={setAmountWon}
          steps={[1_000, 5_000, 10_000, 50_000]}
        />
        <div className="columns" style={{ ['--column' as string]: '9rem' }}>
          <Button kind="main" isDisabled={isEmpty} onPress={() => onChosen('show', amountWon)}>
            <QrCode aria-hidden />
            {t.show}
          </Button>
          <Button isDisabled={isEmpty} onPress={() => onChosen('scan', amountWon)}>
            <ScanLine aria-hidden />
            {t.scan}
          </Button>
        </div>
        {isEmpty ? <p className="soft small">{t.first}</p> : null}
        <TouchForSound />
      </div>
      <Recent merchant={merchant} />
    </div>
  )
}

/** What came in while this screen was open, read out as it comes. */
function Recent({ merchant }: { merchant: Merchant }) {
  const t = useWords(words)
  const { recent } = useShop()
  if (recent.length === 0) return null
  const nameOf = (outletId: string | null): string | undefined =>
    merchant.outlets.length < 2
      ? undefined
      : merchant.outlets.find((each) => each.outletId === outletId)?.name
  return (
    <section className="stack" data-gap="s" aria-live="polite">
      <h2>{t.recent}</h2>
      <ul className="list">
        {recent.slice(0, 5).map((sale) => (
          <li key={sale.operationId}>
            <SaleRow sale={sale} outletName={nameOf(sale.outletId)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
