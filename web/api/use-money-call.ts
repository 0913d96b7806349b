/** A money call as a screen has it: one at a time, whatever is tapped, with its state. */
import { useCallback, useEffect, useRef, useState } from 'react'
import { useTools } from './app-context.tsx'
import { resumeMoneyCall, runMoneyCall, type MoneyCall, type MoneyState } from './money-call.ts'

export interface MoneyCallHandle<Answer> {
  /** Undefined before it is begun. */
  readonly state: MoneyState<Answer> | undefined
  readonly call: MoneyCall | undefined
  /** Begins; while one is under way nothing happens. */
  begin(call: MoneyCall, headers?: Readonly<Record<string, string>>): void
  /** Looks up one of an earlier life of the app. */
  resume(call: MoneyCall): void
  /** Leaves the ended call, so that another may begin. */
  clear(): void
}

export function useMoneyCall<Answer>(
  options: {
    readonly isPending?: (answer: Answer, status: number) => boolean
    readonly onDone?: (answer: Answer) => void
    readonly onRefused?: () => void
  } = {},
): MoneyCallHandle<Answer> {
  const { session } = useTools()
  const [state, setState] = useState<MoneyState<Answer>>()
  const [call, setCall] = useState<MoneyCall>()
  const busy = useRef(false)
  const leave = useRef(new AbortController())
  const latest = useRef(options)
  latest.current = options
  useEffect(() => {
    leave.current = new AbortController()
    return () => leave.current.abort()
  }, [])
  const start = useCallback(
    (next: MoneyCall, way: typeof runMoneyCall, headers?: Readonly<Record<string, string>>) => {
      if (busy.current) return
      busy.current = true
      setCall(next)
      const { isPending } = latest.current
      void way<Answer>(session, {
        call: next,
        signal: leave.current.signal,
        ...(headers === undefined ? {} : { headers }),
        ...(isPending === undefined ? {} : { isPending }),
        onState: (now) => {
          setState(now)
          if (now.state === 'done') latest.current.onDone?.(now.answer)
          if (now.state === 'refused') latest.current.onRefused?.()
        },
      })
    },
    [session],
  )
  return {
    state,
    call,
    begin: (next, headers) => start(next, runMoneyCall, headers),
    resume: (next) => start(next, resumeMoneyCall),
    clear: () => {
      if (state !== undefined && state.state !== 'done' && state.state !== 'refused') return
      busy.current = false
      setState(undefined)
      setCall(undefined)
    },
  }
}
