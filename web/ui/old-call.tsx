/** A call that moves money, of long ago, which may never have arrived: sent again only if the person says so. */
import { useState, type ReactNode } from 'react'
import { useTools } from '../api/app-context.tsx'
import { forgetCall, isOld, type MoneyCall } from '../api/money-call.ts'
import { Button } from './button.tsx'
import { Banner } from './telling.tsx'
import { useWords } from './words.ts'
import { useWriting } from './writing.ts'

const words = {
  ko: {
    title: '처리되었는지 알 수 없는 것이 있습니다',
    when: (at: string) => `${at}에 보냈습니다.`,
    note: '내역을 먼저 확인해 주세요. 다시 보내도 두 번 처리되지는 않습니다.',
    again: '다시 보내기',
    not: '보내지 않기',
  },
  en: {
    title: 'Nobody knows whether this was done',
    when: (at: string) => `It was sent ${at}.`,
    note: 'Please look at the history first. Sent again, it is still not done twice.',
    again: 'Send it again',
    not: 'Do not send it',
  },
}

/** @param props.children what looks a call up and tells of it: at once, or once it may be sent again */
export function UnlessOld(props: {
  readonly call: MoneyCall
  /** In words. */
  readonly what: string
  readonly children: ReactNode
}) {
  const { call, what, children } = props
  const t = useWords(words)
  const writing = useWriting()
  const { session } = useTools()
  const [state, setState] = useState<'asked' | 'wanted' | 'forgotten'>(() =>
    isOld(call) ? 'asked' : 'wanted',
  )
  if (state === 'wanted') return children
  if (state === 'forgotten') return null
  return (
    <Banner tone="unknown" title={t.title} isNews>
      <p>{what}</p>
      <p className="soft small">
        {t.when(writing.instant(call.startedAt))} {t.note}
      </p>
      <div className="row">
        <Button onPress={() => setState('wanted')}>{t.again}</Button>
        <Button
          kind="quiet"
          onPress={() => {
            setState('forgotten')
            void forgetCall(session, call)
          }}
        >
          {t.not}
        </Button>
      </div>
    </Banner>
  )
}
