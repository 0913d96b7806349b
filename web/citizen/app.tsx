/** The citizen app: who is signed in, and which screen the address asks for. */
import { House, LayoutGrid, ReceiptText, ScanLine } from 'lucide-react'
import { Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import { Loading } from '../ui/loaded.tsx'
import { FocusOnArrival } from '../ui/focus-on-arrival.tsx'
import { Shell } from '../ui/shell.tsx'
import { SignedIn } from '../ui/sign-in.tsx'
import { useWords } from '../ui/words.ts'
import { HomeScreen } from './home-screen.tsx'
import { screens } from './screens.ts'
import { Welcome } from './welcome.tsx'
import './citizen.css'

const words = {
  ko: {
    title: '두레',
    home: '홈',
    pay: '결제',
    history: '내역',
    more: '더보기',
    members: [
      ['person-0001', '김하늘', '상품권을 사고 결제해요'],
      ['person-0003', '이서연', '카드를 아직 연결하지 않았어요'],
      ['person-0004', '최도윤', '구매할 수 없는 미성년자예요'],
      ['person-0201', '오민정', '아직 어느 지역에도 가입하지 않았어요'],
    ],
  },
  en: {
    title: 'Dure',
    home: 'Home',
    pay: 'Pay',
    history: 'History',
    more: 'More',
    members: [
      ['person-0001', '김하늘', 'buys and pays'],
      ['person-0003', '이서연', 'has linked no card yet'],
      ['person-0004', '최도윤', 'is too young to buy'],
      ['person-0201', '오민정', 'has joined nowhere yet'],
    ],
  },
} as const

export function App() {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  const places = [
    { to: '/', label: t.home, icon: House },
    { to: '/app/pay', label: t.pay, icon: ScanLine, under: '/app/pay' },
    { to: '/app/history', label: t.history, icon: ReceiptText, under: '/app/history' },
    { to: '/app/more', label: t.more, icon: LayoutGrid, under: '/app/more' },
  ]
  return (
    <SignedIn
      title={t.title}
      home="/"
      intro={<Welcome />}
      suggestions={t.members.map(([personId, name, role]) => ({ personId, name, role }))}
    >
      {() => (
        <Shell title={t.title} home="/" places={places}>
          <FocusOnArrival />
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/" component={HomeScreen} />
              {screens.map(({ path, screen }) => (
                <Route key={path} path={path} component={screen} />
              ))}
              <Route>
                <Redirect to="/" replace />
              </Route>
            </Switch>
          </Suspense>
        </Shell>
      )}
    </SignedIn>
  )
}
