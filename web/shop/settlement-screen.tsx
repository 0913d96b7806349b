/** What the shop is owed, what was paid into which account, and papers about it. */
import { useSearchParams } from 'wouter'
import { Amount } from '../ui/amount.tsx'
import { LinkButton } from '../ui/button.tsx'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge, Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import { accountText, useAccounts } from './settlement-account.ts'
import { toneOf, useStateWords, type Settlement } from './settlement-words.ts'
import { OwnerScreen } from './screen.tsx'
import { useShop, useShopRead } from './shop-context.tsx'

const words = {
  ko: {
    title: '정산',
    payable: '정산 예정 금액',
    payableNote: (when: string) => `${when}까지 받은 결제에서 취소를 뺀 금액이에요.`,
    noAccount: '정산받을 계좌가 없습니다',
    noAccountNote: '계좌를 등록해야 정산금을 넣어 드릴 수 있어요.',
    register: '계좌 등록하기',
    account: '정산 계좌',
    revenue: '연매출 신고',
    revenueNote: '수수료 구간과 받을 수 있는 상품권이 달라져요.',
    papers: '정산내역서 내려받기',
    papersNote: 'PDF나 엑셀용 파일(CSV)로 받아요.',
    list: '정산 내역',
    empty: '아직 정산한 내역이 없습니다',
    emptyNote: '결제를 받으면 며칠 안에 정산되어 여기에 나타나요.',
    count: (count: string) => `결제 ${count}건`,
    more: '이전 정산 보기',
    newest: '최근 정산 보기',
  },
  en: {
    title: 'Payouts',
    payable: 'Owed to you now',
    payableNote: (when: string) => `Payments less cancellations until ${when}.`,
    noAccount: 'There is no account to pay into',
    noAccountNote: 'Register an account to be paid.',
    register: 'Register an account',
    account: 'Account',
    revenue: 'Yearly revenue',
    revenueNote: 'Fees and the vouchers that you may take depend on it.',
    papers: 'Statements',
    papersNote: 'As PDF, or as CSV for a spreadsheet.',
    list: 'Settlements',
    empty: 'Nothing has been settled yet',
    emptyNote: 'Payments are settled within days and appear here.',
    count: (count: string) => `${count} payments`,
    more: 'Earlier settlements',
    newest: 'Newest settlements',
  },
}

export function SettlementScreen() {
  const t = useWords(words)
  return (
    <OwnerScreen title={t.title}>
      <Settlements />
    </OwnerScreen>
  )
}

function Settlements() {
  const t = useWords(words)
  const writing = useWriting()
  const { to } = useShop()
  const payable = useShopRead({ key: ['payable'], keep: true }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/payable', { params: { path } }),
  )
  const accounts = useAccounts()
  const account = accounts.data?.items.at(-1)
  return (
    <>
      <Loaded read={payable}>
        {({ payableWon, asOf }) => (
          <div className="card stack" data-gap="s">
            <p className="soft">{t.payable}</p>
            <Amount won={payableWon} size="l" />
            <p className="soft small">{t.payableNote(writing.instant(asOf))}</p>
          </div>
        )}
      </Loaded>
      {accounts.data !== undefined && account === undefined ? (
        <Banner tone="bad" title={t.noAccount}>
          <p>{t.noAccountNote}</p>
          <div>
            <LinkButton to={to('settlement/account')} kind="main">
              {t.register}
            </LinkButton>
          </div>
        </Banner>
      ) : null}
      <ul className="list">
        <li>
          <RowLink to={to('settlement/account')}>
            {t.account}
            <br />
            <span className="soft small">{account === undefined ? '—' : accountText(account)}</span>
          </RowLink>
        </li>
        <li>
          <RowLink to={to('settlement/revenue')}>
            {t.revenue}
            <br />
            <span className="soft small">{t.revenueNote}</span>
          </RowLink>
        </li>
        <li>
          <RowLink to={to('settlement/statements')}>
            {t.papers}
            <br />
            <span className="soft small">{t.papersNote}</span>
          </RowLink>
        </li>
      </ul>
      <h2>{t.list}</h2>
      <SettlementList />
    </>
  )
}

function SettlementList() {
  const t = useWords(words)
  const { to } = useShop()
  const [search] = useSearchParams()
  const before = search.get('before')
  const read = useShopRead({ key: ['settlements', before], keep: true }, (client, path) =>
    client.GET('/v1/issuers/{issuerCode}/merchants/{merchantId}/settlements', {
      params: { path, query: before === null ? {} : { cursor: before } },
    }),
  )
  return (
    <Loaded
      read={read}
      isEmpty={({ items }) => items.length === 0}
      empty={
        <Empty title={t.empty}>
          <p className="soft">{t.emptyNote}</p>
        </Empty>
      }
    >
      {({ items, nextCursor }) => (
        <>
          <ul className="list">
            {items.map((settlement) => (
              <li key={settlement.settlementDay}>
                <SettlementRow settlement={settlement} />
              </li>
            ))}
          </ul>
          {nextCursor === null ? null : (
            <LinkButton to={`${to('settlement')}?before=${nextCursor}`} isWide>
              {t.more}
            </LinkButton>
          )}
          {before === null ? null : (
            <LinkButton to={to('settlement')} kind="quiet">
              {t.newest}
            </LinkButton>
          )}
        </>
      )}
    </Loaded>
  )
}

function SettlementRow({ settlement }: { settlement: Settlement }) {
  const t = useWords(words)
  const writing = useWriting()
  const { to } = useShop()
  const { state, reason } = useStateWords()
  const { settlementDay, payments, payoutWon, paymentsWon, cancellationsWon } = settlement
  const won = payoutWon === 0 ? paymentsWon - cancellationsWon : payoutWon
  const heldFor = reason(settlement)
  return (
    <RowLink to={to(`settlement/${settlementDay}`)}>
      <span className="row" data-spread>
        <span className="strong">{writing.day(settlementDay)}</span>
        <Amount won={won} />
      </span>
      <span className="row" data-spread>
        <span className="soft small">{heldFor ?? t.count(writing.number(payments))}</span>
        <Badge tone={toneOf(settlement.state)}>{state(settlement)}</Badge>
      </span>
    </RowLink>
  )
}
