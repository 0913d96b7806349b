/**
 * Gathers what is to be written into commits: while one is being made durable the next gathers by itself, so that a
 * busy gateway shares one wait for the disk among many answers and an idle one waits for nobody.
 */
import { Fault, type Clock } from '../base/base.ts'
import type { StandInStore, StoreBatch } from './store.ts'

export interface WriteQueue {
  /**
   * Runs within one of the next commits, after what was added before, and resolves when it is durable.
   * @throws Faults `standin_store_full` and `standin_store_failed`: nothing of it counts
   */
  add<Result>(write: (batch: StoreBatch) => Result): Promise<Result>
  /** False since a commit failed and until one has succeeded again. */
  isWritable(): boolean
}

interface Waiting {
  run(batch: StoreBatch): void
  settle(): void
  fail(error: unknown): void
}

export function createWriteQueue(deps: {
  readonly store: StandInStore
  readonly clock: Clock
  readonly afterTurn: (run: () => void) => void
  readonly commitSizeMax: number
  readonly storeRetryMs: number
  /** Told when the store stops taking writes and when it takes them again. */
  readonly onChange: (trouble: Fault | undefined) => void
}): WriteQueue {
  const { store, clock } = deps
  let waiting: Waiting[] = []
  let isDue = false
  let trouble: { readonly fault: Fault; readonly retryAt: number } | undefined

  const flush = (): void => {
    isDue = false
    const set = waiting.slice(0, deps.commitSizeMax)
    waiting = waiting.slice(set.length)
    if (waiting.length > 0) plan()
    commit(set)
  }
  const plan = (): void => {
    if (isDue) return
    isDue = true
    deps.afterTurn(flush)
  }
  const commit = (set: readonly Waiting[]): void => {
    if (trouble !== undefined && Math.abs(clock() - trouble.retryAt) < deps.storeRetryMs) {
      if (clock() < trouble.retryAt) {
        for (const each of set) each.fail(trouble.fault)
        return
      }
    }
    try {
      store.commit((batch) => {
        for (const each of set) each.run(batch)
      })
    } catch (error) {
      if (error instanceof Fault) {
        if (trouble === undefined) deps.onChange(error)
        trouble = { fault: error, retryAt: clock() + deps.storeRetryMs }
      }
      for (const each of set) each.fail(error)
      return
    }
    if (trouble !== undefined) {
      trouble = undefined
      deps.onChange(undefined)
    }
    for (const each of set) each.settle()
  }

  return {
    add(write) {
      type Result = ReturnType<typeof write>
      const { promise, resolve, reject } = Promise.withResolvers<Result>()
      let result: { readonly value: Result } | undefined
      waiting.push({
        run: (batch) => {
          result = { value: write(batch) }
        },
        settle: () => resolve(result!.value),
        fail: reject,
      })
      plan()
      return promise
    },
    isWritable: () => trouble === undefined,
  }
}
