/** The frame of an app: a way past it, a title, where one may go, whether there is a network. */
import { useEffect, useSyncExternalStore, type ComponentType, type ReactNode } from 'react'
import { I18nProvider, RouterProvider } from 'react-aria-components'
import { Link, useLocation } from 'wouter'
import { PreferencesButton } from './preferences-button.tsx'
import { Banner } from './telling.tsx'
import { useLanguage, useWords } from './words.ts'

const words = {
  ko: {
    skip: '본문으로 가기',
    nav: '주요 메뉴',
    offline: '인터넷에 연결되어 있지 않습니다. 본 내용과 내 코드는 계속 쓸 수 있습니다.',
  },
  en: {
    skip: 'Skip to the content',
    nav: 'Main menu',
    offline: 'There is no internet. What you saw before and your own code go on working.',
  },
}

export interface Place {
  readonly to: string
  readonly label: string
  readonly icon: ComponentType<{ 'aria-hidden'?: boolean }>
  /** Current for addresses that begin so; else only for exactly `to`. */
  readonly under?: string
}

export interface ShellProps {
  /** Of the app, in its own words. */
  readonly title: string
  readonly home: string
  readonly places?: readonly Place[]
  /** `side`: a list at the side on a desk. */
  readonly nav?: 'bottom' | 'side'
  readonly isWide?: boolean
  /** Beside the settings. */
  readonly tools?: ReactNode
  readonly children: ReactNode
}

export function Shell(props: ShellProps) {
  const { title, home, places = [], nav = 'bottom', isWide = false, tools, children } = props
  const t = useWords(words)
  const language = useLanguage()
  const [location, navigate] = useLocation()
  const isOnline = useSyncExternalStore(onNetworkChange, () => navigator.onLine)
  useEffect(() => {
    document.title = title
  }, [title])
  return (
    <I18nProvider locale={language === 'ko' ? 'ko-KR' : 'en-GB'}>
      <RouterProvider navigate={navigate}>
        <div className="shell" data-nav={nav}>
          <header className="shell-head">
            <a className="skip" href="#main">
              {t.skip}
            </a>
            <Link className="title" href={home}>
              {title}
            </Link>
            {tools}
            <PreferencesButton />
          </header>
          <main
            id="main"
            className="shell-main stack"
            tabIndex={-1}
            data-width={isWide ? 'wide' : 'text'}
          >
            {isOnline ? null : (
              <Banner tone="wait" isNews>
                <p>{t.offline}</p>
              </Banner>
            )}
            {children}
          </main>
          {places.length === 0 ? null : (
            <nav className="shell-nav" aria-label={t.nav}>
              {places.map((place) => (
                <PlaceLink key={place.to} place={place} location={location} />
              ))}
            </nav>
          )}
        </div>
      </RouterProvider>
    </I18nProvider>
  )
}

function PlaceLink({ place, location }: { place: Place; location: string }) {
  const { to, label, icon: Icon, under } = place
  const isCurrent = location === to || (under !== undefined && location.startsWith(under))
  return (
    <Link href={to} {...(isCurrent ? { 'aria-current': 'page' } : {})}>
      <Icon aria-hidden />
      {label}
    </Link>
  )
}

function onNetworkChange(tell: () => void): () => void {
  addEventListener('online', tell)
  addEventListener('offline', tell)
  return () => {
    removeEventListener('online', tell)
    removeEventListener('offline', tell)
  }
}
