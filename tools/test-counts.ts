/** What one test file, and all of them together, came to. */

export interface TestCounts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export const NO_TESTS: TestCounts = { passed: 0, failed: 0, skipped: 0 }

/**
 * Reads the closing lines of a TAP report (`# pass 3`). The last of each counts, since a test may print such a line
 * itself. Undefined where the report was never finished. A test marked as to do and one cancelled both failed: neither
 * showed anything.
 */
export function readCounts(tap: string): TestCounts | undefined {
  const of = (word: string): number | undefined => {
    const last = [...tap.matchAll(new RegExp(`^# ${word} (\\d+)$`, 'gm'))].at(-1)?.[1]
    return last === undefined ? undefined : Number(last)
  }
  const [passed, failed, cancelled, skipped, todo] = [
    of('pass'),
    of('fail'),
    of('cancelled'),
    of('skipped'),
    of('todo'),
  ]
  if (passed === undefined || failed === undefined) return undefined
  return { passed, failed: failed + (cancelled ?? 0) + (todo ?? 0), skipped: skipped ?? 0 }
}

export function addCounts(one: TestCounts, other: TestCounts): TestCounts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: one.skipped + other.skipped,
  }
}

/** `12 passed, 0 failed`, and `, 3 skipped` where any were. */
export function closingLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`
}

/** Success is at least one test, and none that failed. */
export function exitCodeOf({ passed, failed }: TestCounts): 0 | 1 {
  return failed === 0 && passed > 0 ? 0 : 1
}
