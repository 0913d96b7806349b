/** The shop itself: who it is, and everything about its places, people and registration. */
import { Bell, FileCheck, IdCard, MessageCircleWarning, QrCode, Repeat, Users } from 'lucide-react'
import type { ComponentType } from 'react'
import { Facts, RowLink } from '../ui/facts.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Badge, type Tone } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { Screen } from './screen.tsx'
import { useMerchant, useShop, type Merchant } from './shop-context.tsx'
import { useSectorName } from './sector-name.ts'

const words = {
  ko: {
    title: '매장',
    number: '사업자등록번호',
    sector: '업종',
    district: '지역',
    me: '나는',
    owner: '대표',
    clerk: '점원',
    states: { applied: '신청 중', active: '영업 중', suspended: '사용정지', closed: '등록 끝남' },
    outlets: ['매장과 QR', 'QR 스티커를 받고, 매장을 더 열어요'],
    clerks: ['점원', '코드를 찍어 점원을 등록해요'],
    registration: ['등록 상태와 서류', '기한, 서류, 이의신청, 해지'],
    notices: ['알림', '지자체가 보낸 소식'],
    reports: ['오류 신고와 문의', '결제가 이상하면 알려 주세요'],
    clerkCode: ['내 점원 코드', '다른 가게 대표에게 보여 주세요'],
    other: ['다른 가게', '가게를 바꾸거나 새로 신청해요'],
  },
  en: {
    title: 'Shop',
    number: 'Business number',
    sector: 'Sector',
    district: 'District',
    me: 'I am',
    owner: 'the owner',
    clerk: 'a clerk',
    states: { applied: 'Applied', active: 'Open', suspended: 'Suspended', closed: 'Ended' },
    outlets: ['Places and QR codes', 'Get QR stickers, open another place'],
    clerks: ['Clerks', 'Let clerks in by scanning their codes'],
    registration: ['Registration and papers', 'Deadlines, papers, objections, leaving'],
    notices: ['Notices', 'What the municipality told you'],
    reports: ['Reports and questions', 'Tell us where a payment is wrong'],
    clerkCode: ['My clerk code', 'Show it to the owner of another shop'],
    other: ['Another shop', 'Change to it, or apply'],
  },
}

const tones: Readonly<Record<Merchant['status'], Tone>> = {
  applied: 'wait',
  active: 'good',
  suspended: 'bad',
  closed: 'plain',
}

export function ShopScreen() {
  const t = useWords(words)
  const { to, isOwner } = useShop()
  const merchant = useMerchant()
  return (
    <Screen title={t.title}>
      <Loaded read={merchant}>{drawMerchant}</Loaded>
      <ul className="list">
        <Entry to={to('shop/outlets')} icon={QrCode} words={t.outlets} />
        {isOwner ? (
          <>
            <Entry to={to('shop/clerks')} icon={Users} words={t.clerks} />
            <Entry to={to('shop/registration')} icon={FileCheck} words={t.registration} />
            <Entry to={to('shop/notices')} icon={Bell} words={t.notices} />
            <Entry to={to('shop/reports')} icon={MessageCircleWarning} words={t.reports} />
          </>
        ) : null}
        <Entry to="/clerk-code" icon={IdCard} words={t.clerkCode} />
        <Entry to="/?choose" icon={Repeat} words={t.other} />
      </ul>
    </Screen>
  )
}

function Entry(props: {
  readonly to: string
  readonly icon: ComponentType<{ 'aria-hidden'?: boolean; className?: string }>
  readonly words: readonly string[]
}) {
  const {
    to,
    icon: Icon,
    words: [name, note],
  } = props
  return (
    <li>
      <RowLink to={to}>
        <span className="entry">
          <Icon className="icon" aria-hidden />
          <span>
            <span className="strong">{name}</span>
            <br />
            <span className="soft small">{note}</span>
          </span>
        </span>
      </RowLink>
    </li>
  )
}

const drawMerchant = (merchant: Merchant) => <MerchantCard merchant={merchant} />

function MerchantCard({ merchant }: { merchant: Merchant }) {
  const t = useWords(words)
  const { isOwner } = useShop()
  const sectorName = useSectorName()
  return (
    <section className="card stack">
      <div className="row" data-spread>
        <h2>{merchant.name}</h2>
        <Badge tone={tones[merchant.status]}>{t.states[merchant.status]}</Badge>
      </div>
      <Facts
        of={[
          [t.number, merchant.businessNumber],
          [t.sector, sectorName(merchant.sector)],
          [t.district, merchant.district],
          [t.me, isOwner ? t.owner : t.clerk],
        ]}
      />
    </section>
  )
}
