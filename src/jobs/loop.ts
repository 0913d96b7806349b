/** Repeats a piece of work with a pause between; one failure is reported and the next turn comes all the same. */
import { setTimeout as pause } from 'node:timers/promises'

export interface Loop {
  /** Ends the loop and resolves when the turn under way is over. */
  stop(): Promise<void>
}

/** @param onError told of a failed turn; the loop goes on */
export function startLoop(options: {
  everyMs: number
  work: () => Promise<void>
  onError: (error: unknown) => void
}): Loop {
  const stopping = new AbortController()
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await options.work()
      } catch (error) {
        options.onError(error)
      }
      await pause(options.everyMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  }
  const done = run()
  return {
    stop: () => {
      stopping.abort()
      return done
    },
  }
}
