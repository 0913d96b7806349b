/** `npm run sim -- --scenario year`: plays the year, tells how far it has come, and says what it found. */
import type { SimArguments } from '../arguments.ts'
import { DAYS, dayOf } from './year-calendar.ts'
import { runYear, violationText } from './run-year.ts'

const PROGRESS_EVERY_DAYS = 10

/** @returns the exit code: 0 where all is well, 1 after a violation */
export async function runScenario(options: SimArguments): Promise<number> {
  const days = options.days ?? DAYS
  const result = await runYear({
    seed: options.from,
    days,
    onDay(day) {
      if ((day + 1) % PROGRESS_EVERY_DAYS !== 0) return
      process.stderr.write(`${dayOf(day)}: ${day + 1} of ${days} days\n`)
    },
    onEvent(event, told) {
      if (!options.trace) return
      process.stdout.write(`${dayOf(event.day)} ${JSON.stringify({ ...event.wish, told })}\n`)
    },
  })
  for (const violation of result.violations) {
    process.stderr.write(`${violationText(violation)}\n`)
  }
  const { events } = result
  const violations = result.violations.length
  process.stdout.write(
    options.json
      ? `${JSON.stringify({ days: result.days, events, violations })}\n`
      : `${result.days} days, ${events} events, ${violations} violation(s).\n`,
  )
  return violations > 0 ? 1 : 0
}
