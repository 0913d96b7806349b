/** Looking at what is typed as it is typed, then proposing it once: the frame of every change of a program. */
import { useQuery } from '@tanstack/react-query'
import { useRef, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { useReadAgain, useTools } from '../api/app-context.tsx'
import { answered, keyed, type ApiClient } from '../api/client.ts'
import { useAsked } from '../ui/asked.ts'
import { Button } from '../ui/button.tsx'
import { Loading, Trouble } from '../ui/loaded.tsx'
import { useSettled } from '../ui/settled.ts'
import { Confirm } from '../ui/sheet.tsx'
import { useWords } from '../ui/words.ts'
import { useCity } from './city-context.tsx'
import { PreviewView } from './preview-view.tsx'
import type { Preview } from './programs.ts'

const words = {
  ko: {
    preview: '이렇게 바뀝니다',
    propose: '제안하기',
    ask: '이대로 제안할까요?',
    note: '제안만으로는 바뀌지 않습니다. 다른 담당자가 승인하면 적용됩니다.',
    noneYet: '바꿀 값을 입력하면 여기에서 지금과 나란히 보여 드립니다.',
  },
  en: {
    preview: 'What it would mean',
    propose: 'Propose',
    ask: 'Propose it like this?',
    note: 'Proposing changes nothing yet: another officer has to approve it.',
    noneYet: 'Type what is to change, and see it here beside what is.',
  },
}

type Call<Answer> = (
  client: ApiClient,
) => Promise<{ data?: Answer; error?: unknown; response: Response }>

export function Proposing<Wish>(props: {
  /** What is wished; undefined while nothing is. */
  readonly wish: Wish | undefined
  readonly preview: (wish: Wish) => Call<Preview>
  readonly propose: (wish: Wish, headers: ReturnType<typeof keyed>) => Call<{ proposalId: string }>
  /** A form whose fields say what they miss once the button was pressed in vain; else it waits for a wish. */
  readonly children: ReactNode | ((isAsked: boolean) => ReactNode)
}) {
  const { wish, preview, propose, children } = props
  const t = useWords(words)
  const { client } = useTools()
  const { to, issuerCode } = useCity()
  const [, navigate] = useLocation()
  const readAgain = useReadAgain()
  const settled = useSettled(wish)
  const seen = useQuery({
    queryKey: ['preview', issuerCode, settled],
    queryFn: () => answered(preview(settled as Wish)(client)), // Enabled only where there is one.
    enabled: settled !== undefined,
    placeholderData: (before: Preview | undefined) => before,
  })
  const [isAsking, setAsking] = useState(false)
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  // One key for one wish, so that a second press is the same proposal.
  const key = useRef({ wish: '', key: '' })
  const send = async (): Promise<void> => {
    if (wish === undefined) return
    const text = JSON.stringify(wish)
    if (key.current.wish !== text) key.current = { wish: text, key: crypto.randomUUID() }
    setBusy(true)
    setTrouble(undefined)
    try {
      const { proposalId } = await answered(propose(wish, keyed(key.current.key))(client))
      await readAgain('proposals')
      navigate(to(`proposals/${proposalId}`))
    } catch (error) {
      setTrouble(error)
      setAsking(false)
    }
    setBusy(false)
  }
  const isStale = seen.isFetching || settled !== wish
  const isForm = typeof children === 'function'
  const mayPress = wish === undefined ? isForm : !isStale && seen.data?.problem === null
  const { place, isAsked, press } = useAsked(wish !== undefined)
  return (
    <>
      <div className="proposing">
        <div ref={place} className="stack">
          {isForm ? children(isAsked) : children}
        </div>
        <div className="proposing-preview stack">
          <section className="stack" aria-live="polite">
            <h2>{t.preview}</h2>
            {wish === undefined ? <p className="soft">{t.noneYet}</p> : null}
            {wish !== undefined && seen.data === undefined && !seen.isError ? <Loading /> : null}
            {seen.isError ? <Trouble error={seen.error} /> : null}
            {wish !== undefined && !seen.isError && seen.data !== undefined ? (
              <PreviewView preview={seen.data} />
            ) : null}
          </section>
          {trouble === undefined ? null : <Trouble error={trouble} />}
          <Button
            kind="main"
            isWide
            isDisabled={!mayPress}
            onPress={() => press(() => setAsking(true))}
          >
            {t.propose}
          </Button>
        </div>
      </div>
      <Confirm
        title={t.ask}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        deed={t.propose}
        isPending={isBusy}
        onConfirm={() => void send()}
      >
        <p>{t.note}</p>
      </Confirm>
    </>
  )
}
