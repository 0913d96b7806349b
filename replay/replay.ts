/**
 * `npm run replay [-- --json] [--quick] [--picture]`: the outage of 19 September 2025, compressed, on real processes.
 * Exit code 0: every aim was met. 1: one was missed. 2: it could not be replayed.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { outagePicture, outagePictureKorean } from './draw-outage.ts'
import { aimsOf, reportText, type OutageReport } from './outage-report.ts'
import { runOutage } from './run-outage.ts'
import { OUTAGE, SHORT_OUTAGE } from './timeline.ts'

const USAGE = `usage: npm run replay -- [--json] [--quick] [--picture]
  --json     one JSON object instead of a table
  --quick    three hours of the cut instead of all, fewer cards
  --picture  writes docs/pictures/outage.json and the two pictures drawn from it`

const ROOT = join(import.meta.dirname, '..')
/** Twenty-eight hours in about seventy seconds. */
const TIME_FACTOR = 1_500
const WHOLE = { outage: OUTAGE, cards: 20_000, sales: 9_500, timeFactor: TIME_FACTOR }
const QUICK = { outage: SHORT_OUTAGE, cards: 4_000, sales: 1_600, timeFactor: TIME_FACTOR }

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  process.stderr.write(`the outage could not be replayed: ${String(error)}\n`)
  process.exitCode = 2
}

async function main(words: string[]): Promise<number> {
  const values = readArguments(words)
  if (values === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const report = await runOutage({ ...(values.quick ? QUICK : WHOLE), say })
  process.stdout.write(`${values.json ? JSON.stringify(report) : reportText(report)}\n`)
  if (values.picture) await writePictures(report)
  return aimsOf(report).every(({ isMet }) => isMet) ? 0 : 1
}

/** `undefined` where the words say something else than the usage does. */
function readArguments(args: string[]) {
  const option = { type: 'boolean', default: false } as const
  try {
    return parseArgs({ args, options: { json: option, quick: option, picture: option } }).values
  } catch {
    return undefined // Answered with the usage.
  }
}

/** Progress, with the seconds since the beginning. */
function say(sentence: string): void {
  const seconds = Math.round(performance.now() / 1_000)
  process.stderr.write(`${String(seconds).padStart(4)} s  ${sentence}\n`)
}

async function writePictures(report: OutageReport): Promise<void> {
  const pages = {
    'docs/pictures/outage.json': `${JSON.stringify(report, undefined, 2)}\n`,
    'docs/pictures/outage.svg': outagePicture(report),
    'docs/pictures/outage.ko.svg': outagePictureKorean(report),
  }
  for (const [path, text] of Object.entries(pages)) {
    await mkdir(dirname(join(ROOT, path)), { recursive: true })
    await writeFile(join(ROOT, path), text)
    say(`${path} is written`)
  }
}
