/** Choosing among the municipalities: by name and province; what is looked for stands in the address. */
import { useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import { Select } from '../ui/choice.tsx'
import { RowLink } from '../ui/facts.tsx'
import { TextField } from '../ui/fields.tsx'
import { Empty, Loaded } from '../ui/loaded.tsx'
import { Badge } from '../ui/telling.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { words } from './join-words.ts'
import { useMemberships } from './membership.tsx'
import { Screen } from './screen.tsx'

const ALL = 'all'

export function JoinScreen() {
  const t = useWords(words)
  const language = useLanguage()
  const [params, setParams] = useSearchParams()
  const joined = new Set(useMemberships().map(({ issuerCode }) => issuerCode))
  const read = useRead({ key: ['issuers'], keep: true }, (client) => client.GET('/v1/issuers'))
  const text = params.get('text') ?? ''
  const province = params.get('province') ?? ALL
  const change = (name: string, value: string): void =>
    setParams(
      (now) => {
        if (value === '' || value === ALL) now.delete(name)
        else now.set(name, value)
        return now
      },
      { replace: true },
    )
  return (
    <Screen title={t.title} back="/" note={t.note}>
      <Loaded read={read}>
        {({ items }) => {
          const municipalities = items.filter(({ kind }) => kind === 'municipality')
          const shown = municipalities.filter(
            (each) =>
              (province === ALL || each.province === province) &&
              `${each.name} ${each.nameEn.toLowerCase()}`.includes(text.trim().toLowerCase()),
          )
          return (
            <>
              <div className="columns" style={{ ['--column' as string]: '9rem' }}>
                <TextField
                  label={t.find}
                  value={text}
                  onChange={(value) => change('text', value)}
                  inputMode="search"
                />
                <Select
                  label={t.province}
                  value={province}
                  onChange={(value) => change('province', value)}
                  options={[
                    { value: ALL, label: t.everywhere },
                    ...provincesOf(municipalities).map((value) => ({ value, label: value })),
                  ]}
                />
              </div>
              {shown.length === 0 ? (
                <Empty title={t.nothing}>
                  <p className="soft">{t.nothingNote}</p>
                </Empty>
              ) : (
                <ul className="list">
                  {shown.map((each) => (
                    <li key={each.issuerCode}>
                      <RowLink to={`/app/join/${each.issuerCode}`}>
                        <span className="row" data-spread>
                          <span>
                            <span className="strong">
                              {language === 'ko' ? each.name : each.nameEn}
                            </span>{' '}
                            <span className="soft small">{each.province}</span>
                          </span>
                          {joined.has(each.issuerCode) ? (
                            <Badge tone="good">{t.member}</Badge>
                          ) : null}
                        </span>
                      </RowLink>
                    </li>
                  ))}
                </ul>
              )}
            </>
          )
        }}
      </Loaded>
    </Screen>
  )
}

function provincesOf(issuers: readonly { readonly province: string | null }[]): string[] {
  const named = issuers.flatMap(({ province }) => (province === null ? [] : [province]))
  return [...new Set(named)].toSorted((one, other) => one.localeCompare(other, 'ko'))
}
