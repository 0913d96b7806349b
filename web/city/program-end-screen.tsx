/** Ending a program: until when it is sold, the last day on which it pays, and what the law asks before. */
import { useMemo, useState } from 'react'
import { useParams } from 'wouter'
import { DayField, TextField } from '../ui/fields.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { useLanguage, useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { useAskBeforeLeaving } from './leaving.ts'
import { usePrograms, type Program } from './programs.ts'
import { Proposing } from './proposing.tsx'

const words = {
  ko: {
    title: (name: string) => `${name} 사업 폐지`,
    note: '미리 알린 뒤에 끝납니다. 끝난 뒤에도 시민은 남은 금액을 돌려받을 수 있습니다.',
    none: '이 사업을 찾을 수 없습니다.',
    saleEnds: '판매를 마치는 날',
    saleEndsHint: '이 날 0시에 판매가 끝납니다. 비우면 승인되는 즉시 끝납니다.',
    lastDay: '쓸 수 있는 마지막 날',
    lastDayHint: '미리 알려야 하는 기간이 지난 날이어야 합니다.',
    lastDayMissing: '마지막 날을 적어 주세요.',
    reason: '이유',
    reasonMissing: '이유를 적어 주세요.',
    reasonHint: '시민에게 공지됩니다.',
  },
  en: {
    title: (name: string) => `End ${name}`,
    note: 'It is told before. Afterwards citizens can still have back what is left.',
    none: 'There is no such program.',
    saleEnds: 'Sale ends on',
    saleEndsHint: 'At midnight of that day. Left empty, it ends when it is approved.',
    lastDay: 'Last day on which it pays',
    lastDayHint: 'It has to be after the time of notice.',
    lastDayMissing: 'Write the last day.',
    reason: 'Reason',
    reasonMissing: 'Write the reason.',
    reasonHint: 'Citizens read it.',
  },
}

export function ProgramEndScreen() {
  const t = useWords(words)
  const { programId } = useParams<{ programId: string }>()
  return (
    <Loaded read={usePrograms()}>
      {({ items }) => {
        const program = items.find((each) => each.programId === programId)
        return program === undefined ? <h1>{t.none}</h1> : <End program={program} />
      }}
    </Loaded>
  )
}

function End({ program }: { program: Program }) {
  const t = useWords(words)
  const language = useLanguage()
  const { path } = useCity()
  const { programId } = program
  const [saleEnds, setSaleEnds] = useState('')
  const [lastDay, setLastDay] = useState('')
  const [reason, setReason] = useState('')
  const wish = useMemo(() => {
    if (lastDay === '' || reason.trim() === '') return undefined
    const saleEndsAt = saleEnds === '' ? null : `${saleEnds}T00:00:00+09:00`
    return { programId, saleEndsAt, lastDay, reason: reason.trim() }
  }, [lastDay, programId, reason, saleEnds])
  useAskBeforeLeaving(wish !== undefined)
  return (
    <>
      <h1>{t.title(language === 'ko' ? program.name : program.nameEn)}</h1>
      <p className="soft">{t.note}</p>
      <Proposing
        wish={wish}
        preview={(body) => (client) =>
          client.POST('/v1/issuers/{issuerCode}/proposals/abolitions/preview', {
            params: { path },
            body,
          })
        }
        propose={(body, headers) => (client) =>
          client.POST('/v1/issuers/{issuerCode}/proposals/abolitions', {
            params: { path },
            body,
            ...headers,
          })
        }
      >
        {(isAsked) => (
          <>
            <div className="terms-grid">
              <DayField
                label={t.saleEnds}
                hint={t.saleEndsHint}
                value={saleEnds}
                onChange={setSaleEnds}
              />
              <DayField
                label={t.lastDay}
                hint={t.lastDayHint}
                value={lastDay}
                onChange={setLastDay}
                wrong={isAsked && lastDay === '' ? t.lastDayMissing : undefined}
              />
            </div>
            <TextField
              label={t.reason}
              hint={t.reasonHint}
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
