/** What somebody who is new has tried already: five steps that tick themselves off, kept on the device. */
import { useCallback, useEffect, useState } from 'react'

export const stepNames = ['begin', 'pay', 'stop', 'standin', 'resume'] as const
export type StepName = (typeof stepNames)[number]

const KEY = 'dure.demo-steps'

export interface Steps {
  readonly done: ReadonlySet<StepName>
  tick(name: StepName): void
  clear(): void
}

export function useSteps(): Steps {
  const [done, setDone] = useState<ReadonlySet<StepName>>(read)
  useEffect(() => localStorage.setItem(KEY, JSON.stringify([...done])), [done])
  const tick = useCallback(
    (name: StepName) =>
      setDone((before) => (before.has(name) ? before : new Set([...before, name]))),
    [],
  )
  const clear = useCallback(() => setDone(new Set()), [])
  return { done, tick, clear }
}

function read(): ReadonlySet<StepName> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]')
    return new Set(stepNames.filter((name) => Array.isArray(kept) && kept.includes(name)))
  } catch {
    return new Set()
  }
}
