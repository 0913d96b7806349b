/**
 * Virtual time: a queue of events in order of instant and then of arrival. Nothing sleeps; an event that
 * is run moves the clock. Between two events all promises that can settle do.
 */
import type { Clock, Instant } from '../src/base/base.ts'

export interface Appointment {
  cancel(): void
}

export interface VirtualTime {
  readonly now: Clock
  /** Runs `run` after `delayMs` of virtual time; of one instant, what was asked first runs first. */
  after(delayMs: number, run: () => void): Appointment
  sleep(delayMs: number): Promise<void>
  /** Runs the next event and all that follows from it without waiting; false where none is left. */
  step(): Promise<boolean>
  /** Events run so far. */
  readonly count: () => number
}

interface Event {
  readonly at: Instant
  readonly sequence: number
  run: (() => void) | undefined
}

export function createVirtualTime(startAt: Instant): VirtualTime {
  const heap: Event[] = []
  let now = startAt
  let sequence = 0
  let count = 0

  function after(delayMs: number, run: () => void): Appointment {
    const event: Event = { at: now + Math.max(0, Math.floor(delayMs)), sequence, run }
    sequence += 1
    push(heap, event)
    return {
      cancel() {
        event.run = undefined
      },
    }
  }

  return {
    now: () => now,
    after,
    sleep: (delayMs) => new Promise((resolve) => after(delayMs, resolve)),
    async step() {
      for (;;) {
        const event = pop(heap)
        if (event === undefined) return false
        if (event.run === undefined) continue
        now = event.at
        count += 1
        event.run()
        await settled()
        return true
      }
    },
    count: () => count,
  }
}

/**
 * Resolves after every microtask that is due has run. The only macrotask of a simulation, so it brings
 * no order of its own.
 */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence)
}

function push(heap: Event[], event: Event): void {
  let place = heap.length
  heap.push(event)
  while (place > 0) {
    const parent = (place - 1) >> 1
    if (!before(event, heap[parent]!)) break
    heap[place] = heap[parent]!
    place = parent
  }
  heap[place] = event
}

function pop(heap: Event[]): Event | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (first === undefined || last === undefined || heap.length === 0) return first
  let place = 0
  for (;;) {
    let child = place * 2 + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1
    if (!before(heap[child]!, last)) break
    heap[place] = heap[child]!
    place = child
  }
  heap[place] = last
  return first
}
