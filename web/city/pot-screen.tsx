/** A budget pot: which funder gives how much, for which programs, from when until when. New, or an old one changed. */
import { useMemo, useState } from 'react'
import { useSearchParams } from 'wouter'
import { useRead } from '../api/app-context.tsx'
import type { paths } from '../api/schema.ts'
import { Select, SomeOf } from '../ui/choice.tsx'
import { DayField, NumberField, TextField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { dayFromNow } from './days.ts'
import { useAskBeforeLeaving } from './leaving.ts'
import { funderWords, usePrograms, type Program } from './programs.ts'
import { Proposing } from './proposing.tsx'

const words = {
  ko: {
    title: '예산 재원',
    note: '할인·수당·캐시백이 이 재원에서 나갑니다. 다 쓰면 그 사업의 판매가 멈춥니다.',
    which: '재원',
    fresh: '새 재원',
    name: '이름',
    nameHint: '예: 2026년 국비 할인 지원',
    funder: '부담 주체',
    amount: '금액 (원)',
    starts: '시작일',
    ends: '끝일',
    programs: '쓰는 사업',
    missing: '이 칸을 채워 주세요.',
    noProgram: '쓰는 사업을 하나 이상 골라 주세요.',
  },
  en: {
    title: 'Budget pot',
    note: 'Discounts, stipends and cashback draw from it. Used up, its programs stop selling.',
    which: 'Pot',
    fresh: 'A new pot',
    name: 'Name',
    nameHint: 'Such as: national support of 2026',
    funder: 'Funder',
    amount: 'Amount (won)',
    starts: 'From',
    ends: 'Through',
    programs: 'For these programs',
    missing: 'This is needed.',
    noProgram: 'Choose at least one.',
  },
}

type Pots = paths['/v1/issuers/{issuerCode}/funding-pots']['get']['responses'][200]
type Pot = Pots['content']['application/json']['items'][number]
const funders = ['national', 'province', 'city'] as const
const NEW = 'new'
const YEAR_DAYS = 365

export function PotScreen() {
  const t = useWords(words)
  const { issuerCode, path } = useCity()
  const [params, setParams] = useSearchParams()
  const programs = usePrograms()
  const pots = useRead({ key: ['pots', issuerCode] }, (client) =>
    client.GET('/v1/issuers/{issuerCode}/funding-pots', { params: { path } }),
  )
  const potId = params.get('pot') ?? NEW
  return (
    <>
      <h1>{t.title}</h1>
      <p className="soft">{t.note}</p>
      <Loaded read={programs}>
        {({ items }) => (
          <Loaded read={pots}>
            {(known) => (
              <>
                <div className="filters">
                  <Select
                    label={t.which}
                    value={potId}
                    onChange={(next: string) =>
                      setParams(next === NEW ? {} : { pot: next }, { replace: true })
                    }
                    options={[
                      { value: NEW, label: t.fresh },
                      ...known.items.map((pot) => ({ value: pot.potId, label: pot.name })),
                    ]}
                  />
                </div>
                <PotForm
                  key={potId}
                  programs={items}
                  pot={known.items.find((pot) => pot.potId === potId)}
                />
              </>
            )}
          </Loaded>
        )}
      </Loaded>
    </>
  )
}

function PotForm({ programs, pot }: { programs: readonly Program[]; pot: Pot | undefined }) {
  const t = useWords(words)
  const names = useWords(funderWords)
  const isKorean = useLanguage() === 'ko'
  const { path } = useCity()
  const [name, setName] = useState(pot?.name ?? '')
  const [funder, setFunder] = useState<Pot['funder']>(pot?.funder ?? 'city')
  const [amountWon, setAmountWon] = useState(pot?.amountWon ?? Number.NaN)
  const [startsOn, setStartsOn] = useState(pot?.startsOn ?? dayFromNow(0))
  const [endsOn, setEndsOn] = useState(pot?.endsOn ?? dayFromNow(YEAR_DAYS))
  const [chosen, setChosen] = useState<readonly string[]>(pot?.programIds ?? [])
  const potId = pot?.potId ?? null
  const wish = useMemo(() => {
    const isWhole = name.trim() !== '' && amountWon > 0 && startsOn !== '' && endsOn !== ''
    if (!isWhole || chosen.length === 0) return undefined
    const programIds = [...chosen]
    return { potId, name: name.trim(), funder, programIds, startsOn, endsOn, amountWon }
  }, [amountWon, chosen, endsOn, funder, name, potId, startsOn])
  const missing = (is: boolean): string | undefined => (is ? t.missing : undefined)
  useAskBeforeLeaving(wish !== undefined)
  return (
    <Proposing
      wish={wish}
      preview={(body) => (client) =>
        client.POST('/v1/issuers/{issuerCode}/proposals/funding-pots/preview', {
          params: { path },
          body,
        })
      }
      propose={(body, headers) => (client) =>
        client.POST('/v1/issuers/{issuerCode}/proposals/funding-pots', {
          params: { path },
          body,
          ...headers,
        })
      }
    >
      {(isAsked) => (
        <>
          <div className="terms-grid">
            <TextField
              label={t.name}
              hint={t.nameHint}
              value={name}
              onChange={setName}
              wrong={missing(isAsked && name.trim() === '')}
            />
            <Select
              label={t.funder}
              value={funder}
              onChange={setFunder}
              options={funders.map((value) => ({ value, label: names[value] }))}
            />
            <NumberField
              label={t.amount}
              value={amountWon}
              onChange={setAmountWon}
              min={1}
              wrong={missing(isAsked && !(amountWon > 0))}
            />
            <DayField
              label={t.starts}
              value={startsOn}
              onChange={setStartsOn}
              wrong={missing(isAsked && startsOn === '')}
            />
            <DayField
              label={t.ends}
              value={endsOn}
              onChange={setEndsOn}
              wrong={missing(isAsked && endsOn === '')}
            />
          </div>
          <SomeOf
            label={t.programs}
            chosen={chosen}
            onChange={setChosen}
            options={programs.map((each) => ({
              value: each.programId,
              label: isKorean ? each.name : each.nameEn,
            }))}
            wrong={isAsked && chosen.length === 0 ? t.noProgram : undefined}
          />
        </>
      )}
    </Proposing>
  )
}
