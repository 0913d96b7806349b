/**
 * A write that moves no money, as a screen has it: pressed once or again, it carries one key for one wish, so that a
 * repeat after a lost answer is the same write. Another wish has another key.
 */
import { useCallback, useRef, useState } from 'react'
import { useTools } from './app-context.tsx'
import { answered, keyed, type ApiClient } from './client.ts'

type Call<Given, Answer> = (
  client: ApiClient,
  given: Given,
  headers: ReturnType<typeof keyed>,
) => Promise<{ data?: Answer; error?: unknown; response: Response }>

export interface Deed<Given> {
  readonly isBusy: boolean
  readonly trouble: unknown
  run(given: Given): void
  /** Forgets what went wrong. */
  clear(): void
}

export function useDeed<Given, Answer>(
  call: Call<Given, Answer>,
  onDone?: (answer: Answer) => unknown,
): Deed<Given> {
  const { client } = useTools()
  const [isBusy, setBusy] = useState(false)
  const [trouble, setTrouble] = useState<unknown>()
  const wish = useRef({ text: '', key: '' })
  const busy = useRef(false)
  const latest = useRef({ call, onDone })
  latest.current = { call, onDone }
  const run = useCallback(
    (given: Given) => {
      if (busy.current) return
      busy.current = true
      setBusy(true)
      setTrouble(undefined)
      const text = JSON.stringify(given) ?? ''
      if (wish.current.text !== text || wish.current.key === '') {
        wish.current = { text, key: crypto.randomUUID() }
      }
      const work = async (): Promise<void> => {
        const answer = await answered(latest.current.call(client, given, keyed(wish.current.key)))
        wish.current = { text: '', key: '' }
        await latest.current.onDone?.(answer)
      }
      work()
        .catch(setTrouble)
        .finally(() => {
          busy.current = false
          setBusy(false)
        })
    },
    [client],
  )
  return { isBusy, trouble, run, clear: () => setTrouble(undefined) }
}
