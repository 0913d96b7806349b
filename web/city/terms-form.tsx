/** The terms of a program to be typed, by what they are about, each in its unit. */
import { Checkbox } from '../ui/choice.tsx'
import { NumberField } from '../ui/fields.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import {
  termFields,
  termGroups,
  valueIn,
  type TermField,
  type TermGroup,
  type Unit,
} from './term-fields.ts'

const groupWords: Record<'ko' | 'en', Record<TermGroup, string>> = {
  ko: {
    benefit: '혜택',
    sale: '판매',
    use: '사용',
    refund: '취소와 환급',
    settlement: '정산',
    stand_in: '카드 대행승인',
    offline: '오프라인 결제',
  },
  en: {
    benefit: 'Benefit',
    sale: 'Sale',
    use: 'Use',
    refund: 'Cancelling and refunds',
    settlement: 'Settlement',
    stand_in: 'Stand-in for cards',
    offline: 'Offline payments',
  },
}
const unitWords: Record<'ko' | 'en', Record<Exclude<Unit, 'yes_no'>, string>> = {
  ko: { percent: '%', won: '원', days: '일', years: '년', hours: '시간', count: '번', age: '세' },
  en: {
    percent: '%',
    won: 'won',
    days: 'days',
    years: 'years',
    hours: 'hours',
    count: 'times',
    age: 'years old',
  },
}

export function TermsForm(props: {
  /** What stands before anything is typed. */
  readonly terms: object
  readonly typed: ReadonlyMap<string, number>
  readonly onType: (path: string, value: number) => void
}) {
  const { terms, typed, onType } = props
  const groups = useWords(groupWords)
  return (
    <>
      {termGroups.map((group) => {
        const fields = termFields.filter(
          (each) => each.group === group && valueIn(terms, each) !== undefined,
        )
        if (fields.length === 0) return null
        return (
          <section key={group} className="stack">
            <h2>{groups[group]}</h2>
            <div className="terms-grid">
              {fields.map((each) => (
                <TermInput
                  key={each.path}
                  field={each}
                  value={typed.get(each.path) ?? valueIn(terms, each) ?? Number.NaN}
                  onType={onType}
                />
              ))}
            </div>
          </section>
        )
      })}
    </>
  )
}

function TermInput(props: {
  readonly field: TermField
  readonly value: number
  readonly onType: (path: string, value: number) => void
}) {
  const { field, value, onType } = props
  const { path, unit, names } = field
  const language = useLanguage()
  const units = useWords(unitWords)
  if (unit === 'yes_no') {
    return (
      <Checkbox isSelected={value === 1} onChange={(is) => onType(path, is ? 1 : 0)}>
        {names[language]}
      </Checkbox>
    )
  }
  return (
    <NumberField
      label={`${names[language]} (${units[unit]})`}
      value={value}
      onChange={(next) => onType(path, next)}
      min={0}
      {...(unit === 'percent' ? { step: 0.1 } : {})}
    />
  )
}
