/** Where the money of an operation came from, down to its lots: when each came, how long it is good, who paid. */
import { Amount } from '../ui/amount.tsx'
import { Facts } from '../ui/facts.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting, withParticle } from '../ui/writing.ts'
import { useOneOperation, type OneOperation, type Operation } from './history.ts'
import { useIssuerName } from './membership.tsx'
import { MoneySources } from './money-sources.tsx'

type Lot = OneOperation['lots'][number]
type Funding = NonNullable<Lot['funding']>
type Funder = Funding['fundedWon'][number]['funder']
type Conversion = NonNullable<OneOperation['conversion']>

const words = {
  ko: {
    received: {
      purchase: (day: string) => `${day} 구매`,
      stipend: (day: string) => `${day} 지급`,
      cashback: (day: string) => `${day} 적립`,
      gift: (day: string) => `${day} 선물 받음`,
    },
    until: (day: string) => `${day}까지 쓸 수 있는 돈`,
    who: '누가 낸 돈인가요',
    member: '내가 낸 돈',
    funders: {
      city: (issuer: string) => `${withParticle(issuer, '이/가')} 낸 돈`,
      province: () => '도가 낸 돈',
      national: () => '나라가 낸 돈',
    },
    present: '선물 받은 돈',
    unseen: '언제 받은 상품권인지, 누가 낸 돈인지는 지금 볼 수 없어요.',
    debited: (amount: string) => `처음에는 계좌에서 ${amount}이 나갔어요`,
    conversions: {
      open: (day: string, amount: string) =>
        `${day}에 두레가 답할 수 없어 카드 계좌에서 먼저 나갔고, 나중에 상품권이 대신 냈어요. ` +
        `카드사에 ${amount}을 계좌로 돌려주라고 알릴 거예요.`,
      converted: (day: string, amount: string) =>
        `${day}에 두레가 답할 수 없어 카드 계좌에서 먼저 나갔고, 나중에 상품권이 대신 냈어요. ` +
        `카드사가 ${amount}을 계좌로 돌려줘요.`,
      explained: (day: string) =>
        `${day}에 두레가 답할 수 없어 카드 계좌에서 나갔어요. 상품권 결제로 바꾸지 못해 계좌에서 낸 그대로예요.`,
    },
  },
  en: {
    received: {
      purchase: (day: string) => `Bought on ${day}`,
      stipend: (day: string) => `Granted on ${day}`,
      cashback: (day: string) => `Earned on ${day}`,
      gift: (day: string) => `Given to you on ${day}`,
    },
    until: (day: string) => `Good until ${day}`,
    who: 'Who paid for it',
    member: 'You',
    funders: {
      city: (issuer: string) => issuer,
      province: () => 'The province',
      national: () => 'The state',
    },
    present: 'Given to you',
    unseen: 'When the vouchers came, and who paid for them, cannot be seen now.',
    debited: (amount: string) => `At first your account paid ${amount}`,
    conversions: {
      open: (day: string, amount: string) =>
        `On ${day} Dure could not answer and the account of the card paid; later the vouchers did. ` +
        `The card company will be told to give ${amount} back to the account.`,
      converted: (day: string, amount: string) =>
        `On ${day} Dure could not answer and the account of the card paid; later the vouchers did. ` +
        `The card company gives ${amount} back to the account.`,
      explained: (day: string) =>
        `On ${day} Dure could not answer and the account of the card paid. It could not be moved to the ` +
        'vouchers, and stays as the account paid it.',
    },
  },
}

export function MoneyOrigins(props: {
  readonly of: { readonly issuerCode: string; readonly walletId: string }
  readonly operationId: string
  readonly legs: Operation['legs']
}) {
  const { of: membership, operationId, legs } = props
  const t = useWords(words)
  const { data, isError } = useOneOperation(membership, operationId)
  const lots = data?.lots ?? []
  return (
    <>
      <MoneySources legs={legs} more={(leg) => <LotsOf leg={leg} lots={lots} />} />
      {data === undefined && isError ? <p className="soft small">{t.unseen}</p> : null}
      <PaidBy issuerCode={membership.issuerCode} lots={lots} />
      {data?.conversion ? <FirstDebited conversion={data.conversion} /> : null}
    </>
  )
}

function LotsOf({ leg, lots }: { leg: Operation['legs'][number]; lots: readonly Lot[] }) {
  const t = useWords(words)
  const writing = useWriting()
  const own = lots.filter(({ programId, kind }) => programId === leg.programId && kind === leg.kind)
  return (
    <ul className="moved-lots">
      {own.map((lot) => (
        <li key={lot.lotId} className="small">
          <span className="row" data-spread>
            {t.received[lot.kind](writing.day(lot.receivedAt))}
            {own.length > 1 ? <Amount won={lot.amountWon} /> : null}
          </span>
          <span className="soft">{t.until(writing.lastDay(lot.expiresAt))}</span>
        </li>
      ))}
    </ul>
  )
}

/** Nothing where the ledger does not know it of all of the money. */
function PaidBy({ issuerCode, lots }: { issuerCode: string; lots: readonly Lot[] }) {
  const t = useWords(words)
  const issuer = useIssuerName()(issuerCode)
  const parts = partsOf(lots)
  if (parts.length === 0) return null
  const nameOf = (payer: Payer): string =>
    payer === 'member' || payer === 'present' ? t[payer] : t.funders[payer](issuer)
  return (
    <div className="stack" data-gap="s">
      <h3>{t.who}</h3>
      <div className="split" aria-hidden>
        {parts.map(([payer, amountWon]) => (
          <span key={payer} data-payer={payer} style={{ flexGrow: amountWon }} />
        ))}
      </div>
      <Facts
        of={parts.map(([payer, amountWon]) => [
          nameOf(payer),
          <Amount key={payer} won={amountWon} />,
        ])}
      />
    </div>
  )
}

type Payer = 'member' | 'present' | Funder

const payers: readonly Payer[] = ['member', 'city', 'province', 'national', 'present']

function partsOf(lots: readonly Lot[]): (readonly [Payer, number])[] {
  const isKnown = lots.every(({ funding, kind }) => funding !== null || kind === 'gift')
  if (!isKnown) return []
  const won = (payer: Payer): number => lots.reduce((sum, lot) => sum + paidOf(lot, payer), 0)
  return payers
    .map((payer) => [payer, won(payer)] as const)
    .filter(([, amountWon]) => amountWon > 0)
}

function paidOf({ funding, amountWon }: Lot, payer: Payer): number {
  if (funding === null) return payer === 'present' ? amountWon : 0
  if (payer === 'member') return funding.memberWon
  return funding.fundedWon.find(({ funder }) => funder === payer)?.amountWon ?? 0
}

/** Of a card payment that the account made while nobody could know, and that the vouchers took over. */
function FirstDebited({ conversion }: { conversion: Conversion }) {
  const t = useWords(words)
  const writing = useWriting()
  const { state, accountWon, voucherWon, debitedAt } = conversion
  return (
    <Banner title={t.debited(writing.won(accountWon))}>
      <p>{t.conversions[state](writing.day(debitedAt), writing.won(voucherWon))}</p>
    </Banner>
  )
}
