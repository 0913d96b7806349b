/** Remembers which proofs were used, for as long as they could be used again. */
import { assert, type Instant } from '../base/base.ts'

const SLICE_MS = 10_000

export interface ReplayWindow {
  /**
   * - `first`: not seen before; it is remembered from now on.
   * - `repeated`: seen before.
   * - `full`: the memory holds all it may; nothing is remembered and the caller must refuse.
   * @param usableUntil after this instant the proof is refused for its age
   */
  use(proof: string, usableUntil: Instant, now: Instant): 'first' | 'repeated' | 'full'
  readonly size: number
}

/**
 * Proofs are kept in slices of ten seconds by the instant they end, so that forgetting costs nothing for each.
 * @param sizeMax proofs remembered at one time
 */
export function createReplayWindow(sizeMax: number): ReplayWindow {
  assert(Number.isInteger(sizeMax) && sizeMax > 0, 'a window remembers at least one proof')
  const slices = new Map<number, Set<string>>()
  let size = 0
  const forget = (now: Instant) => {
    const past = Math.floor(now / SLICE_MS)
    for (const [slice, proofs] of slices) {
      if (slice >= past) continue
      size -= proofs.size
      slices.delete(slice)
    }
  }
  return {
    use(proof, usableUntil, now) {
      forget(now)
      const slice = Math.floor(usableUntil / SLICE_MS)
      const proofs = slices.get(slice) ?? new Set()
      if (proofs.has(proof)) return 'repeated'
      if (size >= sizeMax) return 'full'
      proofs.add(proof)
      slices.set(slice, proofs)
      size += 1
      return 'first'
    },
    get size() {
      return size
    },
  }
}
