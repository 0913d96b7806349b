/** How a money call stands: sending, pending, unknown with what happens next, done, or refused. Never guessed. */
import type { ReactNode } from 'react'
import type { MoneyState } from '../api/money-call.ts'
import { Trouble } from './loaded.tsx'
import { Banner } from './telling.tsx'
import { useWords } from './words.ts'

const words = {
  ko: {
    sending: '보내는 중입니다',
    sendingNote: '이 화면을 닫아도 한 번만 처리됩니다.',
    pending: '처리 중입니다',
    pendingNote: '은행의 답을 기다리고 있습니다. 답이 오면 알려 드립니다.',
    unknown: '결과를 확인하고 있습니다',
    unknownNote:
      '답을 받지 못했습니다. 처리되었는지 같은 번호로 물어보고 있으니 다시 누르지 마세요. 두 번 처리되는 일은 없습니다.',
  },
  en: {
    sending: 'Sending',
    sendingNote: 'It is done once, even if you close this.',
    pending: 'Under way',
    pendingNote: 'The bank has not answered yet. You will be told.',
    unknown: 'Looking up what happened',
    unknownNote:
      'No answer came. We are asking by the same number: do not press again. It cannot be done twice.',
  },
}

export function MoneyProgress<Answer>(props: {
  readonly state: MoneyState<Answer>
  readonly done: (answer: Answer) => ReactNode
  /** After a refusal: what may be done instead. */
  readonly afterRefusal?: ReactNode
}) {
  const { state, done, afterRefusal } = props
  const t = useWords(words)
  switch (state.state) {
    case 'sending':
      return <Waiting title={t.sending} note={t.sendingNote} tone="plain" />
    case 'pending':
      return <Waiting title={t.pending} note={t.pendingNote} tone="wait" />
    case 'unknown':
      return <Waiting title={t.unknown} note={t.unknownNote} tone="unknown" />
    case 'refused':
      return (
        <div className="stack">
          <Trouble error={state.problem} />
          {afterRefusal}
        </div>
      )
    case 'done':
      return done(state.answer)
  }
}

function Waiting(props: { title: string; note: string; tone: 'plain' | 'wait' | 'unknown' }) {
  const { title, note, tone } = props
  return (
    <Banner tone={tone} title={title} isNews>
      <p>{note}</p>
      <span className="spinner" aria-hidden />
    </Banner>
  )
}
