/** So many log lines a second, for what a stranger can bring about as often as he likes; the rest is counted. */

export interface LineBudget {
  /** How many lines were withheld before this one; `undefined` where this one is withheld too. */
  take(nowMs: number): number | undefined
}

const LINES_A_SECOND = 20
const SECOND_MS = 1_000

export function createLineBudget(linesASecond = LINES_A_SECOND): LineBudget {
  let sinceMs = -Infinity
  let lines = 0
  let withheld = 0
  return {
    take(nowMs) {
      if (nowMs - sinceMs >= SECOND_MS) {
        sinceMs = nowMs
        lines = 0
      }
      lines += 1
      if (lines > linesASecond) {
        withheld += 1
        return undefined
      }
      const before = withheld
      withheld = 0
      return before
    },
  }
}
