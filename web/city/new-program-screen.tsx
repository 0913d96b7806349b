/** A new program from a template: its name and day, values that may be changed, seen before it is proposed. */
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { Choices } from '../ui/choice.tsx'
import { DayField, TextField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useCity, useIssuer } from './city-context.tsx'
import { tomorrow } from './days.ts'
import { useAskBeforeLeaving } from './leaving.ts'
import { Proposing } from './proposing.tsx'
import { changesOf } from './term-fields.ts'
import { TermsForm } from './terms-form.tsx'

const words = {
  ko: {
    title: '새 사업 시작하기',
    template: '어떤 상품권인가요?',
    templates: {
      pre_discount: '할인 판매',
      cashback: '캐시백',
      stipend: '정책수당',
      corporate: '법인 구매',
    },
    name: '사업 이름',
    nameEn: '영어 이름',
    region: '사용 지역',
    day: '시작일',
    dayHint: '이 날 0시부터 시작합니다.',
    missing: '이 칸을 채워 주세요.',
  },
  en: {
    title: 'Start a new program',
    template: 'What kind of voucher?',
    templates: {
      pre_discount: 'Sold at a discount',
      cashback: 'Cashback',
      stipend: 'Stipend',
      corporate: 'For corporations',
    },
    name: 'Korean name',
    nameEn: 'English name',
    region: 'Where it can be used',
    day: 'Begins',
    missing: 'This is needed.',
    dayHint: 'It begins at midnight of that day.',
  },
}

const templates = ['pre_discount', 'cashback', 'stipend', 'corporate'] as const
type Template = (typeof templates)[number]
type Templates = paths['/v1/issuers/{issuerCode}/program-templates']['get']['responses'][200]
type Offered = Templates['content']['application/json']['items'][number]

export function NewProgramScreen() {
  const t = useWords(words)
  const { path } = useCity()
  const issuer = useIssuer()
  const [params, setParams] = useSearchParams()
  const template = templates.find((each) => each === params.get('template')) ?? 'pre_discount'
  const offered = useRead({ key: ['templates', path.issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/program-templates', { params: { path } }),
  )
  const [name, setName] = useState('')
  const [nameEn, setNameEn] = useState('')
  const [region, setRegion] = useState<string>()
  const [day, setDay] = useState(tomorrow)
  const [typed, setTyped] = useState<ReadonlyMap<string, number>>(new Map())
  const where = region ?? (issuer.data === undefined ? '' : `${issuer.data.name} 전역`)
  const wish = useMemo(() => {
    if (name.trim() === '' || nameEn.trim() === '' || where.trim() === '' || day === '') {
      return undefined
    }
    const overrides = changesOf(undefined, typed)
    return {
      template,
      name,
      nameEn,
      region: where,
      effectiveFrom: `${day}T00:00:00+09:00`,
      // What stays as the template has it is not told.
      ...(Object.keys(overrides).length === 0 ? {} : { overrides }),
    }
  }, [day, name, nameEn, template, typed, where])
  useAskBeforeLeaving(name !== '' || typed.size > 0)
  const names = [
    { label: t.name, value: name, onChange: setName },
    { label: t.nameEn, value: nameEn, onChange: setNameEn },
    { label: t.region, value: where, onChange: setRegion },
  ]
  const missing = (isAsked: boolean, value: string): string | undefined =>
    isAsked && value.trim() === '' ? t.missing : undefined
  const choose = (next: Template): void => {
    setTyped(new Map())
    setParams({ template: next }, { replace: true })
  }
  return (
    <>
      <h1>{t.title}</h1>
      <Loaded read={offered}>
        {({ items }) => (
          <Proposing
            wish={wish}
            preview={(body) => (client) =>
              client.POST('/v1/issuers/{issuerCode}/proposals/programs/preview', {
                params: { path },
                body,
              })
            }
            propose={(body, headers) => (client) =>
              client.POST('/v1/issuers/{issuerCode}/proposals/programs', {
                params: { path },
                body,
                ...headers,
              })
            }
          >
            {(isAsked) => (
              <>
                <TemplateChoice offered={items} chosen={template} onChange={choose} />
                <div className="terms-grid">
                  {names.map(({ label, value, onChange }) => (
                    <TextField
                      key={label}
                      label={label}
                      value={value}
                      onChange={onChange}
                      wrong={missing(isAsked, value)}
                    />
                  ))}
                  <DayField
                    label={t.day}
                    hint={t.dayHint}
                    value={day}
                    onChange={setDay}
                    wrong={missing(isAsked, day)}
                  />
                </div>
                <TermsForm
                  terms={items.find((each) => each.template === template)?.terms ?? {}}
                  typed={typed}
                  onType={(field, value) => setTyped((before) => new Map(before).set(field, value))}
                />
              </>
            )}
          </Proposing>
        )}
      </Loaded>
    </>
  )
}

function TemplateChoice(props: {
  readonly offered: readonly Offered[]
  readonly chosen: Template
  readonly onChange: (template: Template) => void
}) {
  const { offered, chosen, onChange } = props
  const t = useWords(words)
  const language = useLanguage()
  return (
    <Choices
      label={t.template}
      value={chosen}
      onChange={onChange}
      options={offered.map((each) => ({
        value: each.template,
        label: t.templates[each.template],
        hint: language === 'ko' ? each.description : each.descriptionEn,
      }))}
    />
  )
}
