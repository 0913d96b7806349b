/** The frame of one screen about one municipality: a way back, the heading, and which municipality it is about. */
import { ArrowLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { Link, useLocation } from 'wouter'
import { Select } from '../ui/choice.tsx'
import { Empty } from '../ui/loaded.tsx'
import { useWords } from '../ui/words.ts'
import { useMembership, useMemberships, type Membership } from './membership.tsx'
import './citizen.css'

const words = {
  ko: {
    back: '이전',
    issuer: '지역',
    stranger: '이 지역에 가입되어 있지 않습니다',
    strangerNote: '처음 화면에서 가입한 지역을 골라 주세요.',
    home: '처음으로',
  },
  en: {
    back: 'Back',
    issuer: 'Municipality',
    stranger: 'You are not a member here',
    strangerNote: 'Choose a municipality that you joined on the first screen.',
    home: 'To the first screen',
  },
}

export function Screen(props: {
  readonly title: string
  /** Where the way back leads. */
  readonly back: string
  readonly note?: string
  readonly children: ReactNode
}) {
  const { title, back, note, children } = props
  const t = useWords(words)
  return (
    <>
      <div className="stack" data-gap="s">
        <Link href={back} className="way-back">
          <ArrowLeft className="icon" aria-hidden />
          {t.back}
        </Link>
        <h1>{title}</h1>
        {note === undefined ? null : <p className="soft">{note}</p>}
      </div>
      {children}
    </>
  )
}

/** A screen of the municipality that the address names; `within` is the address after its code, such as `cards`. */
export function IssuerScreen(props: {
  readonly title: string
  readonly back?: string
  readonly note?: string
  /** Given: the same screen of another municipality may be chosen. */
  readonly within?: string
  readonly children: (membership: Membership) => ReactNode
}) {
  const { title, back = '/app/more', note, within, children } = props
  const t = useWords(words)
  const membership = useMembership()
  return (
    <Screen title={title} back={back} {...(note === undefined ? {} : { note })}>
      {membership === undefined ? (
        <Empty title={t.stranger}>
          <p>{t.strangerNote}</p>
          <Link href="/">{t.home}</Link>
        </Empty>
      ) : (
        <>
          {within === undefined ? null : <IssuerChoice current={membership} within={within} />}
          {children(membership)}
        </>
      )}
    </Screen>
  )
}

function IssuerChoice({ current, within }: { current: Membership; within: string }) {
  const t = useWords(words)
  const memberships = useMemberships()
  const [, navigate] = useLocation()
  if (memberships.length < 2) return null
  return (
    <Select
      label={t.issuer}
      value={current.issuerCode}
      onChange={(issuerCode) => navigate(`/app/${issuerCode}/${within}`)}
      options={memberships.map(({ issuerCode, name }) => ({ value: issuerCode, label: name }))}
    />
  )
}
