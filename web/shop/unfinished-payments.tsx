/** Money calls of an earlier life of the app whose end this device does not know: looked up, each until it is known. */
import { useEffect, useState } from 'react'
import { useTools } from '../api/app-context.tsx'
import { unfinishedCalls, type MoneyCall } from '../api/money-call.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { Button } from '../ui/button.tsx'
import { MoneyProgress } from '../ui/money-progress.tsx'
import { UnlessOld } from '../ui/old-call.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'

const words = {
  ko: {
    title: (amount: string) => `확인되지 않았던 처리: ${amount}`,
    done: '처리되었습니다. 매출에서 볼 수 있어요.',
    close: '확인했어요',
  },
  en: {
    title: (amount: string) => `What was not known: ${amount}`,
    done: 'It was done. You find it under Sales.',
    close: 'Good',
  },
}

export function UnfinishedPayments() {
  const { session } = useTools()
  const [calls, setCalls] = useState<readonly MoneyCall[]>([])
  useEffect(() => {
    let isGone = false
    unfinishedCalls(session.app).then(
      (found) => (isGone ? undefined : setCalls(found)),
      () => undefined,
    )
    return () => {
      isGone = true
    }
  }, [session])
  const t = useWords(words)
  const writing = useWriting()
  return calls.map((call) => (
    <UnlessOld key={call.key} call={call} what={t.title(writing.won(call.about.amountWon))}>
      <Unfinished
        call={call}
        onClose={() => setCalls((before) => before.filter((each) => each.key !== call.key))}
      />
    </UnlessOld>
  ))
}

function Unfinished({ call, onClose }: { call: MoneyCall; onClose: () => void }) {
  const t = useWords(words)
  const writing = useWriting()
  const { state, resume } = useMoneyCall()
  useEffect(() => resume(call), [call, resume])
  const isKnown = state?.state === 'done' || state?.state === 'refused'
  return (
    <section className="card stack" data-gap="s">
      <h2>{t.title(writing.won(call.about.amountWon))}</h2>
      {state === undefined ? null : (
        <MoneyProgress
          state={state}
          done={() => (
            <Banner tone="good" isNews>
              <p>{t.done}</p>
            </Banner>
          )}
        />
      )}
      {isKnown ? <Button onPress={onClose}>{t.close}</Button> : null}
    </section>
  )
}
