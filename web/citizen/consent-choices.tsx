/** What is agreed to: each text to be read, the required ones marked, all at once or one by one. */
import { Checkbox } from '../ui/choice.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { consentPurposes, consentTexts, type Purpose } from './consent-texts.ts'
import { words } from './join-words.ts'

export function ConsentChoices(props: {
  readonly required: ReadonlySet<string>
  readonly agreed: ReadonlySet<Purpose>
  readonly onChange: (agreed: ReadonlySet<Purpose>) => void
}) {
  const { required, agreed, onChange } = props
  const t = useWords(words)
  const language = useLanguage()
  const change = (purpose: Purpose, is: boolean): void => {
    const next = new Set(agreed)
    if (is) next.add(purpose)
    else next.delete(purpose)
    onChange(next)
  }
  const isAll = consentPurposes.every((purpose) => agreed.has(purpose))
  const inOrder = consentPurposes.toSorted(
    (one, other) => Number(required.has(other)) - Number(required.has(one)),
  )
  return (
    <section className="card stack" data-gap="s">
      <h2>{t.consents}</h2>
      <Checkbox isSelected={isAll} onChange={(is) => onChange(new Set(is ? consentPurposes : []))}>
        <span className="strong">{t.all}</span>
      </Checkbox>
      <ul className="consents">
        {inOrder.map((purpose) => {
          const { title, text } = consentTexts[language][purpose]
          return (
            <li key={purpose}>
              <Checkbox isSelected={agreed.has(purpose)} onChange={(is) => change(purpose, is)}>
                {title}{' '}
                <span className="soft small">
                  ({required.has(purpose) ? t.required : t.optional})
                </span>
              </Checkbox>
              <details>
                <summary>{t.read(title)}</summary>
                <p>{text}</p>
              </details>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
