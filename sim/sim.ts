/**
 * `npm run sim`: plays one seeded city after the other and ends with 1 at the first that breaks a
 * promise. The only file here that knows the real time, for its progress line.
 */
import { readArguments, USAGE, type SimArguments } from './arguments.ts'
import { runCity } from './city.ts'
import { lineText, violationReport } from './violation-report.ts'

const PROGRESS_EVERY_MS = 3_000
const PROGRESS_TTY_EVERY_MS = 100
const ARGUMENTS_WRONG = 2

process.exitCode = await main(process.argv.slice(2))

async function main(words: readonly string[]): Promise<number> {
  const read = readArguments(words)
  if (!read.ok) {
    process.stderr.write(`${read.problem}\n`)
    return ARGUMENTS_WRONG
  }
  if (read.arguments.help) {
    process.stdout.write(USAGE)
    return 0
  }
  const { seeds, events, violations } = await runSeeds(read.arguments)
  process.stdout.write(
    read.arguments.json
      ? `${JSON.stringify({ seeds, events, violations })}\n`
      : `${seeds} seed(s), ${events} events, ${violations} violation(s).\n`,
  )
  return violations > 0 ? 1 : 0
}

interface Totals {
  seeds: number
  events: number
  violations: number
}

/** Runs all seeds that were asked for; a seed that breaks is reported and the next one run. */
async function runSeeds(options: SimArguments): Promise<Totals> {
  const totals: Totals = { seeds: 0, events: 0, violations: 0 }
  const progress = createProgress(options.seeds)
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    const result = await runCity({ seed, events: options.events })
    totals.seeds += 1
    totals.events += result.events
    if (options.trace) {
      for (const line of result.lines) process.stdout.write(`${lineText(result, line)}\n`)
      process.stdout.write(`hash ${result.hash}\n`)
    }
    if (result.violations.length > 0) {
      totals.violations += 1
      progress.clear()
      process.stderr.write(`${violationReport(result, options)}\n`)
    }
    progress.show(totals)
  }
  progress.clear()
  return totals
}

function createProgress(seeds: number) {
  const isTty = process.stderr.isTTY
  let shownAt = performance.now()
  return {
    show(totals: Totals): void {
      const now = performance.now()
      if (now - shownAt < (isTty ? PROGRESS_TTY_EVERY_MS : PROGRESS_EVERY_MS)) return
      shownAt = now
      const text = `${totals.seeds} of ${seeds} seeds, ${totals.events} events, ${totals.violations} violations`
      process.stderr.write(isTty ? `\r${text}\u001b[K` : `${text}\n`)
    },
    clear(): void {
      if (isTty) process.stderr.write('\r\u001b[K')
    },
  }
}
