/** The door of an app: whoever is not signed in identifies themselves here, and the app is behind it. */
import { useEffect, useState, type ReactNode } from 'react'
import { useSession, useTools } from '../api/app-context.tsx'
import { signInAs } from '../api/identity.ts'
import type { Session, SessionRole } from '../api/session.ts'
import { Identify, type Suggestion } from './identify.tsx'
import { Loading, Trouble } from './loaded.tsx'
import { Shell } from './shell.tsx'

export function SignedIn(props: {
  /** What stands above the identification: whose app this is and what it does. */
  readonly title: string
  readonly intro: ReactNode
  readonly home: string
  readonly suggestions?: readonly Suggestion[]
  readonly find?: string
  readonly children: (session: Session) => ReactNode
}) {
  const { title, intro, home, suggestions, find, children } = props
  const { session } = useTools()
  const now = useSession()
  const arriving = useArrivingAs()
  if (now !== undefined && now !== null && arriving !== 'coming') return children(now)
  return (
    <Shell title={title} home={home}>
      {now === null || arriving === 'coming' ? (
        <Loading />
      ) : (
        <>
          {intro}
          {arriving === undefined ? null : <Trouble error={arriving} />}
          <Identify
            onAssertion={(assertion) => session.signIn(assertion)}
            {...(suggestions === undefined ? {} : { suggestions })}
            {...(find === undefined ? {} : { find })}
          />
        </>
      )}
    </Shell>
  )
}

/**
 * `?as=person-0001` signs in as somebody of the demonstration: it asks the simulated identity provider, which only the
 * demonstration has. `coming` while that is under way, an error where it failed.
 */
function useArrivingAs(): unknown {
  const { session } = useTools()
  const now = useSession()
  const [as] = useState(() => new URLSearchParams(location.search).get('as'))
  const [arriving, setArriving] = useState<unknown>(as === null ? undefined : 'coming')
  const isKnown = now !== null
  useEffect(() => {
    if (as === null || !isKnown) return
    const arrive = async (): Promise<void> => {
      if (session.current()?.personId !== as) await signInAs(session, as)
      const url = new URL(location.href)
      url.searchParams.delete('as')
      history.replaceState(history.state, '', url)
    }
    arrive().then(
      () => setArriving(undefined),
      (error: unknown) => setArriving(error),
    )
  }, [as, isKnown, session])
  return arriving
}

/** Roles of one kind that a session has. */
export function rolesOf<Name extends SessionRole['role']>(
  session: Session,
  ...names: readonly Name[]
): Extract<SessionRole, { role: Name }>[] {
  return session.roles.filter((role): role is Extract<SessionRole, { role: Name }> =>
    names.some((name) => name === role.role),
  )
}
