/** Proposing that a program sells or pays no more for now, or goes on; an emergency stop is another matter. */
import { useMemo, useState } from 'react'
import { useParams } from 'wouter'
import { SomeOf } from '../ui/choice.tsx'
import { TextField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { useAskBeforeLeaving } from './leaving.ts'
import { usePrograms, type Program } from './programs.ts'
import { Proposing } from './proposing.tsx'

const words = {
  ko: {
    title: (name: string) => `${name} 판매와 결제`,
    note: '다른 담당자가 승인하면 바뀝니다. 바로 멈춰야 하면 사업 화면의 긴급 중지를 쓰세요.',
    none: '이 사업을 찾을 수 없습니다.',
    what: '바꾼 뒤에는',
    whatMissing: '지금과 다르게 골라 주세요.',
    sale: '판매합니다',
    payment: '결제를 받습니다',
    reason: '이유',
    reasonMissing: '이유를 적어 주세요.',
  },
  en: {
    title: (name: string) => `${name}: selling and paying`,
    note: 'It changes once another officer approves. To stop at once, use the emergency stop.',
    none: 'There is no such program.',
    what: 'After the change',
    whatMissing: 'Choose something else than it is now.',
    sale: 'It is sold',
    payment: 'It pays',
    reason: 'Reason',
    reasonMissing: 'Write the reason.',
  },
}

export function ProgramStopScreen() {
  const t = useWords(words)
  const { programId } = useParams<{ programId: string }>()
  return (
    <Loaded read={usePrograms()}>
      {({ items }) => {
        const program = items.find((each) => each.programId === programId)
        return program === undefined ? <h1>{t.none}</h1> : <Stop program={program} />
      }}
    </Loaded>
  )
}

const goings = ['sale', 'payment'] as const
type Going = (typeof goings)[number]

function Stop({ program }: { program: Program }) {
  const t = useWords(words)
  const language = useLanguage()
  const { path } = useCity()
  const { programId, stop } = program
  const now = { sale: stop?.saleStopped !== true, payment: stop?.paymentStopped !== true }
  const [going, setGoing] = useState<readonly Going[]>(goings.filter((each) => now[each]))
  const [reason, setReason] = useState('')
  const [sells, pays] = [going.includes('sale'), going.includes('payment')]
  const isSame = sells === now.sale && pays === now.payment
  const wish = useMemo(() => {
    if (isSame || reason.trim() === '') return undefined
    return { programId, saleStopped: !sells, paymentStopped: !pays, reason: reason.trim() }
  }, [isSame, pays, programId, reason, sells])
  useAskBeforeLeaving(wish !== undefined)
  return (
    <>
      <h1>{t.title(language === 'ko' ? program.name : program.nameEn)}</h1>
      <p className="soft">{t.note}</p>
      <Proposing
        wish={wish}
        preview={(body) => (client) =>
          client.POST('/v1/issuers/{issuerCode}/proposals/stops/preview', {
            params: { path },
            body,
          })
        }
        propose={(body, headers) => (client) =>
          client.POST('/v1/issuers/{issuerCode}/proposals/stops', {
            params: { path },
            body,
            ...headers,
          })
        }
      >
        {(isAsked) => (
          <>
            <SomeOf
              label={t.what}
              chosen={going}
              onChange={setGoing}
              options={goings.map((value) => ({ value, label: t[value] }))}
              wrong={isAsked && isSame ? t.whatMissing : undefined}
            />
            <TextField
              label={t.reason}
              value={reason}
              onChange={setReason}
              isLong
              wrong={isAsked && reason.trim() === '' ? t.reasonMissing : undefined}
            />
          </>
        )}
      </Proposing>
    </>
  )
}
