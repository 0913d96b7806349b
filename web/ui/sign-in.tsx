/** The door of an app: whoever is not signed in identifies themselves here, and the app is behind it. */
import type { ReactNode } from 'react'
import { useSession, useTools } from '../api/app-context.tsx'
import type { Session, SessionRole } from '../api/session.ts'
import { Identify, type Suggestion } from './identify.tsx'
import { Loading } from './loaded.tsx'
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
  if (now !== undefined && now !== null) return children(now)
  return (
    <Shell title={title} home={home}>
      {now === null ? (
        <Loading />
      ) : (
        <>
          {intro}
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

/** Roles of one kind that a session has. */
export function rolesOf<Name extends SessionRole['role']>(
  session: Session,
  ...names: readonly Name[]
): Extract<SessionRole, { role: Name }>[] {
  return session.roles.filter((role): role is Extract<SessionRole, { role: Name }> =>
    names.some((name) => name === role.role),
  )
}
