/** Calls that moved money, or may have, and whose end this device has not seen: looked up by themselves while fresh. */
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { useReadAgain, useSession, useTools } from '../api/app-context.tsx'
import { unfinishedCalls, type MoneyCall } from '../api/money-call.ts'
import { useMoneyCall } from '../api/use-money-call.ts'
import { UnlessOld } from '../ui/old-call.tsx'
import { Banner } from '../ui/telling.tsx'
import { useWords } from '../ui/words.ts'
import { useWriting } from '../ui/writing.ts'

const words = {
  ko: {
    looking: '결과를 확인하고 있습니다',
    note: '두 번 처리되는 일은 없습니다. 잠시만 기다려 주세요.',
    done: '처리되었습니다',
    refused: '처리되지 않았습니다. 돈은 나가지 않았습니다',
    what: (name: string, amount: string) => `${name} ${amount}`,
  },
  en: {
    looking: 'Looking up what happened',
    note: 'It cannot be done twice. Please wait a moment.',
    done: 'It was done',
    refused: 'It was not done. No money was moved',
    what: (name: string, amount: string) => `${name} ${amount}`,
  },
}

export function UnfinishedCalls() {
  const { session } = useTools()
  const personId = useSession()?.personId
  const { data = [] } = useQuery({
    queryKey: ['unfinished', session.app, personId],
    queryFn: () => unfinishedCalls(session.app, personId),
    networkMode: 'always',
    // What has ended since is not shown once more.
    staleTime: 0,
    gcTime: 0,
  })
  const t = useWords(words)
  const writing = useWriting()
  return data.map((call) => {
    const what = t.what(call.about.name, writing.won(call.about.amountWon))
    return (
      <UnlessOld key={call.key} call={call} what={what}>
        <UnfinishedCall call={call} what={what} />
      </UnlessOld>
    )
  })
}

function UnfinishedCall({ call, what }: { call: MoneyCall; what: string }) {
  const t = useWords(words)
  const readAgain = useReadAgain()
  const { state, resume } = useMoneyCall<object>({
    isPending: (_, status) => status === 202,
    onDone: () => void Promise.all([readAgain('wallet'), readAgain('operations')]),
  })
  useEffect(() => resume(call), [call, resume])
  if (state?.state === 'refused') {
    return (
      <Banner tone="bad" title={t.refused} isNews>
        <p>{what}</p>
        <p className="soft small">{state.problem.detail}</p>
      </Banner>
    )
  }
  if (state?.state === 'done') {
    return (
      <Banner tone="good" title={t.done} isNews>
        <p>{what}</p>
      </Banner>
    )
  }
  return (
    <Banner tone="unknown" title={t.looking} isNews>
      <p>{what}</p>
      <p className="soft small">{t.note}</p>
    </Banner>
  )
}
