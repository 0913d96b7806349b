/**
 * A lane bounds how much of us one kind of call may take (a bulkhead): so many at once, so many waiting,
 * and nobody waits past the deadline. A slow bank fills its lane and nothing else.
 */

/** The call never began: the lane was full, or the deadline passed while it waited. */
export class LaneClosed extends Error {
  override readonly name = 'LaneClosed'
}

export interface Lane {
  /** Runs `call` when there is room. @throws LaneClosed where it was never begun */
  run<Result>(signal: AbortSignal, call: () => Promise<Result>): Promise<Result>
  /** How many run and how many wait, for metrics. */
  load(): { running: number; waiting: number }
}

export function createLane(options: { runningMax: number; waitingMax: number }): Lane {
  const { runningMax, waitingMax } = options
  const waiting = new Set<() => void>()
  let running = 0

  const enter = async (signal: AbortSignal): Promise<void> => {
    if (signal.aborted) throw new LaneClosed('the deadline passed before the call began')
    if (running < runningMax) {
      running += 1
      return
    }
    if (waiting.size >= waitingMax) throw new LaneClosed(`${waitingMax} calls wait already`)
    await new Promise<void>((resolve, reject) => {
      const begin = (): void => {
        signal.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = (): void => {
        waiting.delete(begin)
        reject(new LaneClosed('the deadline passed while the call waited'))
      }
      waiting.add(begin)
      signal.addEventListener('abort', giveUp, { once: true })
    })
  }

  const leave = (): void => {
    const [next] = waiting
    if (next === undefined) {
      running -= 1
      return
    }
    // The place is handed over: `running` stays as it is.
    waiting.delete(next)
    next()
  }

  return {
    async run(signal, call) {
      await enter(signal)
      try {
        return await call()
      } finally {
        leave()
      }
    },
    load: () => ({ running, waiting: waiting.size }),
  }
}
