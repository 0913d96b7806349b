/** Which vouchers a payment was paid from: one line each, with a bar of its share. */
import type { ReactNode } from 'react'
import { Amount } from '../ui/amount.tsx'
import { useLanguage } from '../ui/words.ts'

interface Leg {
  readonly programId: string
  readonly programName: string
  readonly programNameEn: string
  readonly kind: string
  readonly kindName: string
  readonly kindNameEn: string
  readonly amountWon: number
}

export function MoneySources<Each extends Leg>(props: {
  readonly legs: readonly Each[]
  /** Stands below each line. */
  readonly more?: (leg: Each) => ReactNode
}) {
  const { legs, more } = props
  const language = useLanguage()
  const wholeWon = legs.reduce((sum, { amountWon }) => sum + Math.abs(amountWon), 0)
  return (
    <ul className="sources">
      {legs.map((leg) => (
        <li key={`${leg.programId}-${leg.kind}`}>
          <div className="row" data-spread>
            <span>
              {language === 'ko' ? leg.programName : leg.programNameEn}{' '}
              <span className="soft small">
                {language === 'ko' ? leg.kindName : leg.kindNameEn}
              </span>
            </span>
            <Amount won={leg.amountWon} />
          </div>
          <div className="share" aria-hidden>
            <span
              data-kind={leg.kind}
              style={{ width: `${(Math.abs(leg.amountWon) / Math.max(wholeWon, 1)) * 100}%` }}
            />
          </div>
          {more === undefined ? null : more(leg)}
        </li>
      ))}
    </ul>
  )
}
