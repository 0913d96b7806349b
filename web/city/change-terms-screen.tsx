/** Changing a program's terms from a day on: typed, seen side by side, proposed. */
import { useMemo, useState } from 'react'
import { useParams } from 'wouter'
import { DayField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { useAskBeforeLeaving } from './leaving.ts'
import { usePrograms, type Program, type TermsChanges } from './programs.ts'
import { Proposing } from './proposing.tsx'
import { changesOf } from './term-fields.ts'
import { TermsForm } from './terms-form.tsx'
import { tomorrow } from './days.ts'

const words = {
  ko: {
    title: (name: string) => `${name} 조건 바꾸기`,
    note: '바꿀 값만 고치세요. 나머지는 그대로 있습니다.',
    day: '적용일',
    dayHint: '이 날 0시부터 새 조건이 적용됩니다.',
    none: '이 사업을 찾을 수 없습니다.',
  },
  en: {
    title: (name: string) => `Change the terms of ${name}`,
    note: 'Change only what is to be different; the rest stays.',
    day: 'From',
    dayHint: 'The new terms hold from midnight of that day.',
    none: 'There is no such program.',
  },
}

export function ChangeTermsScreen() {
  const t = useWords(words)
  const { programId } = useParams<{ programId: string }>()
  const programs = usePrograms()
  return (
    <Loaded read={programs}>
      {({ items }) => {
        const program = items.find((each) => each.programId === programId)
        return program === undefined ? <h1>{t.none}</h1> : <Change program={program} />
      }}
    </Loaded>
  )
}

function Change({ program }: { program: Program }) {
  const t = useWords(words)
  const language = useLanguage()
  const { path } = useCity()
  const { programId } = program
  const terms = program.terms ?? program.toCome[0]
  const [typed, setTyped] = useState<ReadonlyMap<string, number>>(new Map())
  const [day, setDay] = useState(tomorrow)
  const wish = useMemo(() => {
    const changes: TermsChanges = changesOf(program.terms ?? undefined, typed)
    if (Object.keys(changes).length === 0 || day === '') return undefined
    return { programId, effectiveFrom: `${day}T00:00:00+09:00`, changes }
  }, [day, program.terms, programId, typed])
  useAskBeforeLeaving(wish !== undefined)
  return (
    <>
      <h1>{t.title(language === 'ko' ? program.name : program.nameEn)}</h1>
      <p className="soft">{t.note}</p>
      <Proposing
        wish={wish}
        preview={(body) => (client) =>
          client.POST('/v1/issuers/{issuerCode}/proposals/terms/preview', {
            params: { path },
            body,
          })
        }
        propose={(body, headers) => (client) =>
          client.POST('/v1/issuers/{issuerCode}/proposals/terms', {
            params: { path },
            body,
            ...headers,
          })
        }
      >
        <div className="terms-grid">
          <DayField label={t.day} hint={t.dayHint} value={day} onChange={setDay} />
        </div>
        <TermsForm
          terms={terms ?? {}}
          typed={typed}
          onType={(name, value) => setTyped((before) => new Map(before).set(name, value))}
        />
      </Proposing>
    </>
  )
}
