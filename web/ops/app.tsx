/** The operations app: who is signed in, where one may go, and which screen the address asks for. */
import { CreditCard, Gauge, Landmark, ListChecks, TriangleAlert } from 'lucide-react'
import { lazy, Suspense, useEffect } from 'react'
import { Redirect, Route, Switch, useLocation } from 'wouter'
import type { Session } from '../api/session.ts'
import { Empty, Loading } from '../ui/loaded.tsx'
import { Shell } from '../ui/shell.tsx'
import { rolesOf, SignedIn } from '../ui/sign-in.tsx'
import { useWords } from '../ui/words.ts'
import { Freshness } from './freshness.tsx'
import { GlanceScreen } from './glance-screen.tsx'
import { useGateways } from './live.ts'
import './ops.css'

const IssuersScreen = lazy(async () => ({
  default: (await import('./issuers-screen.tsx')).IssuersScreen,
}))
const IssuerScreen = lazy(async () => ({
  default: (await import('./issuer-screen.tsx')).IssuerScreen,
}))
const CardsScreen = lazy(async () => ({
  default: (await import('./cards-screen.tsx')).CardsScreen,
}))
const CasesScreen = lazy(async () => ({
  default: (await import('./cases-screen.tsx')).CasesScreen,
}))
const CaseScreen = lazy(async () => ({
  default: (await import('./case-screen.tsx')).CaseScreen,
}))
const WorkScreen = lazy(async () => ({
  default: (await import('./work-screen.tsx')).WorkScreen,
}))

const words = {
  ko: {
    title: '두레 운영',
    intro: '코어와 카드 회선, 발행기관 여든여덟 곳이 지금 어떤지 보고, 문제를 처리합니다.',
    glance: '한눈에',
    issuers: '발행기관',
    cards: '카드',
    cases: '예외',
    work: '업무',
    people: [
      ['person-0798', '김동욱', '운영 담당자'],
      ['person-0799', '박금순', '운영 담당자'],
    ],
    stranger: '운영 담당자만 쓸 수 있는 화면입니다',
    strangerNote: '설정에서 로그아웃한 뒤 운영 담당자로 다시 들어오세요.',
  },
  en: {
    title: 'Dure operations',
    intro: 'How the core, the card links and 88 issuers are right now, and what to do about it.',
    glance: 'At a glance',
    issuers: 'Issuers',
    cards: 'Cards',
    cases: 'Exceptions',
    work: 'Work',
    people: [
      ['person-0798', '김동욱', 'operator'],
      ['person-0799', '박금순', 'operator'],
    ],
    stranger: 'This is for operators only',
    strangerNote: 'Sign out in the settings, and come back as an operator.',
  },
} as const

export function App() {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  return (
    <SignedIn
      title={t.title}
      home="/"
      intro={
        <div className="stack" data-gap="s">
          <h1>{t.title}</h1>
          <p>{t.intro}</p>
        </div>
      }
      suggestions={t.people.map(([personId, name, role]) => ({ personId, name, role }))}
    >
      {(session) => <Inside session={session} />}
    </SignedIn>
  )
}

function Inside({ session }: { session: Session }) {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  if (rolesOf(session, 'operator').length === 0) {
    return (
      <Shell title={t.title} home="/">
        <h1>{t.title}</h1>
        <Empty title={t.stranger}>
          <p>{t.strangerNote}</p>
        </Empty>
      </Shell>
    )
  }
  const places = [
    { to: '/', label: t.glance, icon: Gauge },
    { to: '/issuers', label: t.issuers, icon: Landmark, under: '/issuers' },
    { to: '/cards', label: t.cards, icon: CreditCard, under: '/cards' },
    { to: '/cases', label: t.cases, icon: TriangleAlert, under: '/cases' },
    { to: '/work', label: t.work, icon: ListChecks, under: '/work' },
  ]
  return (
    <Shell title={t.title} home="/" nav="side" isWide places={places} tools={<Live />}>
      <Shortcuts to={places.map(({ to }) => to)} />
      <Suspense fallback={<Loading />}>
        <Switch>
          <Route path="/" component={GlanceScreen} />
          <Route path="/issuers" component={IssuersScreen} />
          <Route path="/issuers/:issuerCode" component={IssuerScreen} />
          <Route path="/cards" component={CardsScreen} />
          <Route path="/cases" component={CasesScreen} />
          <Route path="/cases/:caseId" component={CaseScreen} />
          <Route path="/work" component={WorkScreen} />
          <Route>
            <Redirect to="/" replace />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  )
}

/** Asked on every screen, so that nobody takes an old picture for the present. */
function Live() {
  return <Freshness read={useGateways()} />
}

const TYPED_INTO = 'input, textarea, [role="dialog"], [role="listbox"], [role="spinbutton"]'

/** The digits 1 to 5 lead to the places, unless something is being typed. */
function Shortcuts({ to }: { to: readonly string[] }) {
  const [, navigate] = useLocation()
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { target, key, ctrlKey, metaKey, altKey } = event
      if (ctrlKey || metaKey || altKey) return
      if (target instanceof HTMLElement && target.closest(TYPED_INTO)) {
        return
      }
      const place = to[Number(key) - 1]
      if (place !== undefined) navigate(place)
    }
    document.addEventListener('keydown', hear)
    return () => document.removeEventListener('keydown', hear)
  }, [navigate, to])
  return null
}
