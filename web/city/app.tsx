/** City hall's app: which officer is signed in, for which issuer, and which screen the address asks for. */
import {
  ChartPie,
  FileCheck,
  HandCoins,
  History,
  Landmark,
  MessageSquareWarning,
  Store,
  Ticket,
  Users,
} from 'lucide-react'
import { Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import type { Session } from '../api/session.ts'
import { RowLink } from '../ui/facts.tsx'
import { Empty, Loading } from '../ui/loaded.tsx'
import { FocusOnArrival } from '../ui/focus-on-arrival.tsx'
import { Shell, type Place } from '../ui/shell.tsx'
import { rolesOf, SignedIn } from '../ui/sign-in.tsx'
import { useWords } from '../ui/words.ts'
import { CityProvider, useCity, useIssuer } from './city-context.tsx'
import { OverviewScreen } from './overview-screen.tsx'
import { screens } from './screens.ts'
import './city.css'

const words = {
  ko: {
    title: '두레 시청',
    intro: '상품권 사업을 시작하고 바꾸고 지켜보는 담당 공무원의 화면입니다.',
    overview: '현황',
    programs: '사업',
    proposals: '결재',
    stipends: '정책수당',
    merchants: '가맹점',
    cases: '민원·예외',
    money: '자금',
    members: '회원·법인',
    records: '기록',
    none: '담당 공무원으로 등록되어 있지 않습니다',
    noneNote: '설정에서 로그아웃한 뒤 담당자로 다시 들어와 주세요.',
    officers: [
      ['person-0044', '이창수', '군산시 주무관'],
      ['person-0045', '이말순', '군산시 팀장'],
    ],
  },
  en: {
    title: 'Dure for city hall',
    intro: 'For officers who start, change and watch voucher programs.',
    overview: 'Overview',
    programs: 'Programs',
    proposals: 'Approvals',
    stipends: 'Stipends',
    merchants: 'Merchants',
    cases: 'Cases',
    money: 'Money',
    members: 'People',
    records: 'Records',
    none: 'You are not registered as an officer',
    noneNote: 'Sign out in the settings and come back as an officer.',
    officers: [
      ['person-0044', '이창수', 'officer of Gunsan'],
      ['person-0045', '이말순', 'team leader in Gunsan'],
    ],
  },
} as const

export function App() {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  return (
    <SignedIn
      title={t.title}
      home="/"
      intro={
        <>
          <h1>{t.title}</h1>
          <p className="soft">{t.intro}</p>
        </>
      }
      suggestions={t.officers.map(([personId, name, role]) => ({ personId, name, role }))}
    >
      {(session) => <AsOfficer session={session} />}
    </SignedIn>
  )
}

function AsOfficer({ session }: { session: Session }) {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  const roles = rolesOf(session, 'officer')
  const [only, second] = roles
  return (
    <Switch>
      <Route path="/:issuerCode/*?">
        {({ issuerCode }) => {
          const role = roles.find(({ issuer }) => issuer === issuerCode)
          if (role === undefined) return <Redirect to="/" replace />
          return (
            <CityProvider issuerCode={issuerCode} officerId={role.officer}>
              <CityFrame />
            </CityProvider>
          )
        }}
      </Route>
      <Route>
        {only !== undefined && second === undefined ? (
          <Redirect to={`/${only.issuer}/overview`} replace />
        ) : (
          <Shell title={t.title} home="/">
            <h1>{t.title}</h1>
            {only === undefined ? (
              <Empty title={t.none}>
                <p>{t.noneNote}</p>
              </Empty>
            ) : (
              <ul className="list">
                {roles.map(({ issuer }) => (
                  <li key={issuer}>
                    <RowLink to={`/${issuer}/overview`}>{issuer}</RowLink>
                  </li>
                ))}
              </ul>
            )}
          </Shell>
        )}
      </Route>
    </Switch>
  )
}

function CityFrame() {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  const { to } = useCity()
  const issuer = useIssuer()
  const place = (at: string, label: string, icon: Place['icon']): Place => ({
    to: to(at),
    label,
    icon,
    under: to(at),
  })
  const places = [
    place('overview', t.overview, ChartPie),
    place('programs', t.programs, Ticket),
    place('proposals', t.proposals, FileCheck),
    place('stipends', t.stipends, HandCoins),
    place('merchants', t.merchants, Store),
    place('cases', t.cases, MessageSquareWarning),
    place('money', t.money, Landmark),
    place('members', t.members, Users),
    place('records', t.records, History),
  ]
  const title = issuer.data === undefined ? t.title : issuer.data.name
  return (
    <Shell title={title} home={to('overview')} places={places} nav="side" isWide>
      <FocusOnArrival />
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/:issuerCode/overview" component={OverviewScreen} />
          {screens.map(({ path, screen }) => (
            <Route key={path} path={`/:issuerCode/${path}`} component={screen} />
          ))}
          <Route>
            <Redirect to={to('overview')} replace />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  )
}
