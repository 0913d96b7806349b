/** The first screen: what I have, what I can do with it, and what I should know. */
import {
  Bell,
  ChevronsUp,
  Gift,
  Megaphone,
  QrCode,
  ScanLine,
  ShoppingCart,
  type LucideIcon,
} from 'lucide-react'
import { Button as AriaButton } from 'react-aria-components'
import { Link, useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { Amount } from '../ui/amount.tsx'
import { LinkButton } from '../ui/button.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Banner } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'
import {
  rememberIssuer,
  useMemberships,
  useUsualMembership,
  type Membership,
} from './membership.tsx'
import { useNotices } from './notices.ts'
import { UnfinishedCalls } from './unfinished.tsx'
import { useWallet, type Wallet } from './wallet.ts'

const words = {
  ko: {
    title: '내 상품권',
    scan: '결제',
    code: '내 코드',
    buy: '구매',
    gift: '선물',
    held: (amount: string) => `결제 확인 중 ${amount}`,
    expires: (day: string, amount: string) => `${day}까지 ${amount}을 써 주세요`,
    stopped: '분실 정지된 지갑이에요',
    stoppedNote: '결제와 구매가 모두 멈춰 있어요.',
    release: '정지를 푸는 방법',
    empty: '아직 상품권이 없어요.',
    others: '다른 지역',
    join: '다른 지역 가입하기',
    first: '어느 지역 상품권을 쓸까요?',
    firstNote: '지역에 가입하면 상품권을 사고, 받고, 쓸 수 있어요.',
    choose: '지역 고르기',
    notices: (count: number) => `새 알림 ${count}개`,
    news: '알림',
  },
  en: {
    title: 'My vouchers',
    scan: 'Pay',
    code: 'My code',
    buy: 'Buy',
    gift: 'Give',
    held: (amount: string) => `${amount} in payments under way`,
    expires: (day: string, amount: string) => `Use ${amount} by ${day}`,
    stopped: 'This wallet is stopped',
    stoppedNote: 'Nothing is paid or bought from it.',
    release: 'How to have it released',
    empty: 'No vouchers yet.',
    others: 'Elsewhere',
    join: 'Join another municipality',
    first: 'Whose vouchers will you use?',
    firstNote: 'Join a municipality to buy, receive and use its vouchers.',
    choose: 'Choose a municipality',
    notices: (count: number) => `${count} new notices`,
    news: 'Notices',
  },
}

export function HomeScreen() {
  const t = useWords(words)
  const memberships = useMemberships()
  const usual = useUsualMembership()
  const [params, setParams] = useSearchParams()
  const chosen = memberships.find(({ issuerCode }) => issuerCode === params.get('issuer')) ?? usual
  if (chosen === undefined) return <NotYetMember />
  const others = memberships.filter(({ issuerCode }) => issuerCode !== chosen.issuerCode)
  const choose = (issuerCode: string): void => {
    rememberIssuer(issuerCode)
    setParams({ issuer: issuerCode }, { replace: true })
    scrollTo(0, 0)
  }
  return (
    <>
      <h1 className="unseen">{t.title}</h1>
      <UnfinishedCalls />
      <NewNotices />
      <MainWallet key={chosen.issuerCode} membership={chosen} />
      {others.length === 0 ? null : (
        <section className="stack" data-gap="s">
          <h2 className="small soft">{t.others}</h2>
          <ul className="list">
            {others.map((membership) => (
              <li key={membership.issuerCode}>
                <OtherWallet membership={membership} onChoose={choose} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {memberships.map((membership) => (
        <Announcements key={membership.issuerCode} of={membership} />
      ))}
      <LinkButton to="/app/join" kind="quiet" isWide>
        {t.join}
      </LinkButton>
    </>
  )
}

function NotYetMember() {
  const t = useWords(words)
  return (
    <>
      <h1>{t.first}</h1>
      <p className="soft">{t.firstNote}</p>
      <LinkButton to="/app/join" kind="main" isWide>
        {t.choose}
      </LinkButton>
    </>
  )
}

function NewNotices() {
  const t = useWords(words)
  const { newCount } = useNotices()
  if (newCount === 0) return null
  return (
    <Link href="/app/notices" className="news-link">
      <Bell className="icon" aria-hidden />
      {t.notices(newCount)}
    </Link>
  )
}

function MainWallet({ membership }: { membership: Membership }) {
  const { issuerCode, name } = membership
  const wallet = useWallet(membership)
  return (
    <section className="card main-wallet" aria-label={name}>
      <h2>{name}</h2>
      <Loaded read={wallet}>{(now) => <Holdings wallet={now} />}</Loaded>
      <Deeds issuerCode={issuerCode} />
    </section>
  )
}

function Holdings({ wallet }: { wallet: Wallet }) {
  const t = useWords(words)
  const language = useLanguage()
  const writing = useWriting()
  const { totalWon, heldWon, balances, nextExpiry, stopped } = wallet
  return (
    <div className="stack" data-gap="s">
      <p>
        <Amount won={totalWon} size="l" />
      </p>
      {heldWon > 0 ? <p className="soft small">{t.held(writing.won(heldWon))}</p> : null}
      {stopped ? (
        <Banner tone="bad" title={t.stopped}>
          <p>{t.stoppedNote}</p>
          <Link href="/app/lost">{t.release}</Link>
        </Banner>
      ) : null}
      {balances.length === 0 ? <p className="soft">{t.empty}</p> : null}
      <ul className="holdings">
        {balances.map((each) => (
          <li key={`${each.programId}-${each.kind}`}>
            <span>
              {language === 'ko' ? each.programName : each.programNameEn}{' '}
              <span className="kind" data-kind={each.kind}>
                {language === 'ko' ? each.kindName : each.kindNameEn}
              </span>
            </span>
            <Amount won={each.amountWon} />
          </li>
        ))}
      </ul>
      {nextExpiry === null ? null : (
        <p className="soft small">
          {t.expires(writing.lastDay(nextExpiry.expiresAt), writing.won(nextExpiry.amountWon))}
        </p>
      )}
    </div>
  )
}

function Deeds({ issuerCode }: { issuerCode: string }) {
  const t = useWords(words)
  const deeds: readonly (readonly [string, LucideIcon, string])[] = [
    ['/app/pay', ScanLine, t.scan],
    [`/app/code/${issuerCode}`, QrCode, t.code],
    [`/app/${issuerCode}/buy`, ShoppingCart, t.buy],
    [`/app/${issuerCode}/gifts`, Gift, t.gift],
  ]
  return (
    <ul className="deeds">
      {deeds.map(([to, Icon, label], index) => (
        <li key={to}>
          <Link href={to} data-first={index === 0 ? true : undefined}>
            <Icon aria-hidden />
            {label}
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** Pressed, it comes to the top. */
function OtherWallet(props: {
  readonly membership: Membership
  readonly onChoose: (issuerCode: string) => void
}) {
  const { membership, onChoose } = props
  const { data } = useWallet(membership)
  return (
    <AriaButton className="list-row" onPress={() => onChoose(membership.issuerCode)}>
      <span className="grow strong">{membership.name}</span>
      {data === undefined ? null : <Amount won={data.totalWon} />}
      <ChevronsUp className="icon" aria-hidden />
    </AriaButton>
  )
}

function Announcements({ of: membership }: { of: Membership }) {
  const { issuerCode, name } = membership
  const language = useLanguage()
  const writing = useWriting()
  const t = useWords(words)
  const { data } = useRead({ key: ['announcements', issuerCode], keep: true }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/announcements', { params: { path: { issuerCode } } }),
  )
  if (data === undefined || data.items.length === 0) return null
  return (
    <section className="card stack" data-gap="s">
      <h2 className="row">
        <Megaphone className="icon" aria-hidden />
        {name} {t.news}
      </h2>
      {data.items.map((item) => (
        <div key={item.announcementId}>
          <h3>{language === 'ko' ? item.programName : item.programNameEn}</h3>
          <p className="soft small">{writing.day(item.effectiveFrom)}</p>
          <ul>
            {item.changes.map((change) => (
              <li key={change.name}>
                {language === 'ko'
                  ? `${change.name}: ${change.before} → ${change.after}`
                  : `${change.nameEn}: ${change.beforeEn} → ${change.afterEn}`}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  )
}
