/** The shop's app: who is signed in, at which shop they stand, and which screen the address asks for. */
import { Calculator, ChartNoAxesColumn, Landmark, Store } from 'lucide-react'
import { Suspense } from 'react'
import { Redirect, Route, Switch } from 'wouter'
import type { Session } from '../api/session.ts'
import { Loading } from '../ui/loaded.tsx'
import { FocusOnArrival } from '../ui/focus-on-arrival.tsx'
import { Shell } from '../ui/shell.tsx'
import { SignedIn } from '../ui/sign-in.tsx'
import { useWords } from '../ui/words.ts'
import { SoundButton } from './sound-button.tsx'
import { HomeScreen, shopRolesOf } from './home-screen.tsx'
import { personalScreens, shopScreens } from './screens.ts'
import { ShopProvider, useMerchant, useShop } from './shop-context.tsx'
import { Welcome } from './welcome.tsx'
import './shop.css'

const words = {
  ko: {
    title: '두레 가맹점',
    till: '계산',
    sales: '매출',
    settlement: '정산',
    shop: '매장',
    people: [
      ['person-0002', '박정우', '은파분식 대표'],
      ['person-0003', '이서연', '은파분식 점원'],
      ['person-0001', '김하늘', '아직 가게가 없어요'],
    ],
  },
  en: {
    title: 'Dure for shops',
    till: 'Till',
    sales: 'Sales',
    settlement: 'Payouts',
    shop: 'Shop',
    people: [
      ['person-0002', '박정우', 'owns 은파분식'],
      ['person-0003', '이서연', 'is a clerk of 은파분식'],
      ['person-0001', '김하늘', 'has no shop yet'],
    ],
  },
} as const

export function App() {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  return (
    <SignedIn
      title={t.title}
      home="/"
      intro={<Welcome />}
      suggestions={t.people.map(([personId, name, role]) => ({ personId, name, role }))}
    >
      {(session) => (
        <Switch>
          <Route path="/:issuerCode/:merchantId/*?">
            {(params) => (
              <AtShop
                session={session}
                issuerCode={params.issuerCode}
                merchantId={params.merchantId}
              />
            )}
          </Route>
          <Route>
            <Shell title={t.title} home="/">
              <Suspense fallback={<Loading />}>
                <Switch>
                  <Route path="/" component={HomeScreen} />
                  {personalScreens.map(({ path, screen }) => (
                    <Route key={path} path={path} component={screen} />
                  ))}
                  <Route>
                    <Redirect to="/" replace />
                  </Route>
                </Switch>
              </Suspense>
            </Shell>
          </Route>
        </Switch>
      )}
    </SignedIn>
  )
}

function AtShop(props: { session: Session; issuerCode: string; merchantId: string }) {
  const { session, issuerCode, merchantId } = props
  const role = shopRolesOf(session).find(
    (each) => each.issuerCode === issuerCode && each.merchantId === merchantId,
  )
  if (role === undefined) return <Redirect to="/" replace />
  return (
    <ShopProvider key={`${issuerCode}.${merchantId}`} role={role}>
      <ShopFrame />
    </ShopProvider>
  )
}

function ShopFrame() {
  const t = useWords<(typeof words)['ko' | 'en']>(words)
  const { to, isOwner } = useShop()
  const merchant = useMerchant()
  const places = [
    { to: to('till'), label: t.till, icon: Calculator, under: to('till') },
    { to: to('sales'), label: t.sales, icon: ChartNoAxesColumn, under: to('sales') },
    ...(isOwner
      ? [
          {
            to: to('settlement'),
            label: t.settlement,
            icon: Landmark,
            under: to('settlement'),
          },
        ]
      : []),
    { to: to('shop'), label: t.shop, icon: Store, under: to('shop') },
  ]
  return (
    <Shell
      title={merchant.data?.name ?? t.title}
      home={to('till')}
      places={places}
      nav="side"
      tools={<SoundButton />}
    >
      <FocusOnArrival />
      <Suspense fallback={<Loading />}>
        <Switch>
          {shopScreens.map(({ path, screen }) => (
            <Route key={path} path={`/:issuerCode/:merchantId/${path}`} component={screen} />
          ))}
          <Route>
            <Redirect to={to('till')} replace />
          </Route>
        </Switch>
      </Suspense>
    </Shell>
  )
}
