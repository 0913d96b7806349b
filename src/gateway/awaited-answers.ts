/**
 * Messages of our own that wait for their answers, matched by key; many at a time, in any order, each with its
 * deadline.
 */
import type { LinkEnd } from './link-end.ts'
import type { MatchKey, ReadMessage } from './partner-adapter.ts'

/** What became of a message that was sent. */
export type Sent =
  | { readonly outcome: 'answered'; readonly answer: ReadMessage }
  /** Not within its time; should the answer still come, it is a stray one. */
  | { readonly outcome: 'late' }
  /** The link ended first; whether the other side had the message is unknown. */
  | { readonly outcome: 'link_lost'; readonly reason: LinkEnd }
  /** It was not sent: too many are waiting. */
  | { readonly outcome: 'busy' }

export interface AwaitedAnswers {
  count(): number
  /** Messages of one key are answered in the order of their sending. */
  expect(key: MatchKey, withinMs: number): Promise<Sent>
  /** `late`: its message was given up before; `unmatched`: nobody asked. */
  take(answer: ReadMessage): 'matched' | 'late' | 'unmatched'
  endAll(reason: LinkEnd): void
}

interface Waiting {
  readonly settle: (sent: Sent) => void
  readonly timer: NodeJS.Timeout
}

export function createAwaitedAnswers(limits: {
  readonly awaitedMax: number
  readonly lateRememberedMax: number
}): AwaitedAnswers {
  const waiting = new Map<MatchKey, Waiting[]>()
  const givenUp = new Set<MatchKey>()
  let count = 0

  const remove = (key: MatchKey, one: Waiting): void => {
    const queue = waiting.get(key) ?? []
    const rest = queue.filter((other) => other !== one)
    if (rest.length === 0) waiting.delete(key)
    else waiting.set(key, rest)
    count -= rest.length < queue.length ? 1 : 0
  }
  const giveUp = (key: MatchKey): void => {
    const oldest = givenUp.values().next()
    if (givenUp.size >= limits.lateRememberedMax && oldest.done !== true) {
      givenUp.delete(oldest.value)
    }
    givenUp.add(key)
  }
  return {
    count: () => count,
    expect(key, withinMs) {
      if (count >= limits.awaitedMax) return Promise.resolve({ outcome: 'busy' })
      const { promise, resolve } = Promise.withResolvers<Sent>()
      const timer = setTimeout(() => {
        remove(key, one)
        giveUp(key)
        resolve({ outcome: 'late' })
      }, withinMs)
      const one: Waiting = { settle: resolve, timer }
      waiting.set(key, [...(waiting.get(key) ?? []), one])
      count += 1
      return promise
    },
    take(answer) {
      const [first] = waiting.get(answer.matchKey) ?? []
      if (first === undefined) return givenUp.delete(answer.matchKey) ? 'late' : 'unmatched'
      clearTimeout(first.timer)
      remove(answer.matchKey, first)
      first.settle({ outcome: 'answered', answer })
      return 'matched'
    },
    endAll(reason) {
      for (const one of [...waiting.values()].flat()) {
        clearTimeout(one.timer)
        one.settle({ outcome: 'link_lost', reason })
      }
      waiting.clear()
      count = 0
    },
  }
}
