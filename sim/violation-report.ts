/** What a person needs who finds a violation in the morning: what, when, how it came about, how to repeat it. */
import { EVENTS_DEFAULT, type CityName } from './arguments.ts'
import type { CityResult } from './city.ts'
import type { JournalLine } from './journal.ts'

const TAIL_LINES_MAX = 40

/** What must be said again to repeat a run. */
interface Run {
  readonly city: CityName
  /** `undefined`: as many as the city plays by itself. */
  readonly events: number | undefined
}

/** Text of several lines about the violations of a city; the first is the one that counts. */
export function violationReport(result: CityResult, run: Run): string {
  const [first] = result.violations
  if (first === undefined) return ''
  const others = result.violations.slice(1, 6).map(({ about, what }) => `  also ${about}: ${what}`)
  const involved = result.lines.filter((line) => isAbout(line, first.about, first.what))
  const tail = (involved.length > 1 ? involved : result.lines).slice(-TAIL_LINES_MAX)
  return [
    `VIOLATION in seed ${result.seed}, ${clockText(first.at - result.startAt)} after it began`,
    `  ${first.about}: ${first.what}`,
    ...others,
    `  faults: ${result.faults}`,
    '  what led to it:',
    ...tail.map((line) => `    ${lineText(result, line)}`),
    `  repeat it with: ${repeatCommand(result.seed, run)}`,
  ].join('\n')
}

/** `+00:01:02.345 <key> …` */
export function lineText(result: Pick<CityResult, 'startAt'>, line: JournalLine): string {
  return `${clockText(line.at - result.startAt)} ${line.about} ${line.text}`
}

export function repeatCommand(seed: number, { city, events }: Run): string {
  const isUsual = events === undefined || events === EVENTS_DEFAULT[city]
  return `npm run sim -- --city ${city} --seed ${seed}${isUsual ? '' : ` --events ${events}`}`
}

/** The involved key's own lines, those that name it, and what happened to the core. */
function isAbout(line: JournalLine, about: string, what: string): boolean {
  return (
    line.about === about ||
    line.text.includes(about) ||
    line.about === 'core' ||
    // Findings of the audit name an operation inside a sentence.
    (line.about.length === 36 && what.includes(line.about))
  )
}

function clockText(ms: number): string {
  return `+${new Date(ms).toISOString().slice(11, 23)}`
}
