/** Facts in pairs, such as a receipt's; and rows of a list that lead somewhere. */
import { ChevronRight } from 'lucide-react'
import { Fragment, type ReactNode } from 'react'
import { Link } from 'wouter'

export function Facts({ of: facts }: { of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) => (
        <Fragment key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </Fragment>
      ))}
    </dl>
  )
}

/** A row of a list that leads to a screen. Put it into `<ul className="list"><li>`. */
export function RowLink({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Link href={to} className="list-row">
      <span className="grow">{children}</span>
      <ChevronRight className="icon" aria-hidden />
    </Link>
  )
}
