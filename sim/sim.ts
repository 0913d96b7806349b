/**
 * `npm run sim`: plays one seeded city after the other and ends with 1 at the first that breaks a
 * promise. The only file here that knows the real time, for its progress line.
 */
import {
  EVENTS_DEFAULT,
  readArguments,
  USAGE,
  type CityName,
  type SimArguments,
} from './arguments.ts'
import { runCardCity } from './cards/card-city.ts'
import { runCity, type CityResult } from './city.ts'
import { runScenario } from './year/scenario.ts'
import { lineText, violationReport } from './violation-report.ts'

const PROGRESS_EVERY_MS = 3_000
const PROGRESS_TTY_EVERY_MS = 100
const ARGUMENTS_WRONG = 2

const play: Readonly<
  Record<CityName, (run: { seed: number; events: number }) => Promise<CityResult>>
> = { payments: runCity, cards: runCardCity }

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
  if (read.arguments.scenario !== undefined) return runScenario(read.arguments)
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
  /** Seeds that broke a promise in any city. */
  violations: number
}

/** Runs all seeds that were asked for, in each city; a seed that breaks is reported and the next one run. */
async function runSeeds(options: SimArguments): Promise<Totals> {
  const totals: Totals = { seeds: 0, events: 0, violations: 0 }
  const progress = createProgress(options.seeds)
  for (let seed = options.from; seed < options.from + options.seeds; seed += 1) {
    let isBroken = false
    for (const city of options.cities) {
      const result = await play[city]({ seed, events: options.events ?? EVENTS_DEFAULT[city] })
      totals.events += result.events
      if (options.trace) printTrace(result)
      if (result.violations.length === 0) continue
      isBroken = true
      progress.clear()
      process.stderr.write(`${violationReport(result, { city, events: options.events })}\n`)
    }
    totals.seeds += 1
    if (isBroken) totals.violations += 1
    progress.show(totals)
  }
  progress.clear()
  return totals
}

function printTrace(result: CityResult): void {
  for (const line of result.lines) process.stdout.write(`${lineText(result, line)}\n`)
  process.stdout.write(`hash ${result.hash}\n`)
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
