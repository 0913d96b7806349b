/** What may be done: a button or a link that looks like one, at least as large as a fingertip. */
import type { ReactNode } from 'react'
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components'
import { Link } from 'wouter'

export type ButtonKind = 'main' | 'plain' | 'quiet' | 'danger'

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style'> {
  readonly kind?: ButtonKind
  /** As wide as its place. */
  readonly isWide?: boolean
}

/** `isPending` keeps it in place, tells screen readers, and does nothing when pressed again. */
export function Button({ kind = 'plain', isWide = false, ...rest }: ButtonProps) {
  return (
    <AriaButton
      {...rest}
      className="button"
      data-kind={kind}
      {...(isWide ? { 'data-wide': true } : {})}
    />
  )
}

/** A link within the app that looks like a button. */
export function LinkButton(props: {
  readonly to: string
  readonly kind?: ButtonKind
  readonly isWide?: boolean
  readonly children: ReactNode
}) {
  const { to, kind = 'plain', isWide = false, children } = props
  return (
    <Link href={to} className="button" data-kind={kind} {...(isWide ? { 'data-wide': true } : {})}>
      {children}
    </Link>
  )
}
