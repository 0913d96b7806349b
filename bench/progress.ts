/** What a bench says while it runs; figures go to standard output, this to standard error. */
export function progress(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
}

/** The middle of an odd number of measurements. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

/** Ratios to three digits, rates to whole numbers: more would pretend. */
export function ratio(a: number, b: number): number {
  return Math.round((a / b) * 1000) / 1000
}
