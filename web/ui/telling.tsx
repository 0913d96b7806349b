/** Telling how something stands: never by colour alone, always with a sign and a word. */
import { CircleAlert, CircleCheck, CircleHelp, Clock, Info } from 'lucide-react'
import type { ReactNode } from 'react'

export type Tone = 'good' | 'wait' | 'bad' | 'plain' | 'unknown'

const signs = {
  good: CircleCheck,
  wait: Clock,
  bad: CircleAlert,
  plain: Info,
  unknown: CircleHelp,
} as const

/** A short state such as 완료 or 확인 중. */
export function Badge({ tone = 'plain', children }: { tone?: Tone; children: ReactNode }) {
  const Sign = signs[tone]
  return (
    <span className="badge" data-tone={tone === 'unknown' ? 'wait' : tone}>
      <Sign className="icon" aria-hidden />
      {children}
    </span>
  )
}

/** A sentence or two in a box. `isNews`: read out at once, because it appeared by something that was done. */
export function Banner(props: {
  readonly tone?: Tone
  readonly title?: string
  readonly isNews?: boolean
  readonly children?: ReactNode
}) {
  const { tone = 'plain', title, isNews = false, children } = props
  const Sign = signs[tone]
  return (
    <div
      className="banner"
      data-tone={tone === 'unknown' ? 'wait' : tone}
      {...(isNews ? { role: tone === 'bad' ? 'alert' : 'status' } : {})}
    >
      <Sign aria-hidden />
      <div className="stack" data-gap="s">
        {title === undefined ? null : <strong>{title}</strong>}
        {children}
      </div>
    </div>
  )
}
