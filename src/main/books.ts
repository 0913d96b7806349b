/**
 * `npm run books`: writes an issuer's journal to standard output, for a program that is not ours to add up. Says
 * nothing about what is right: that is for the other program, and for `npm run audit`.
 * Exit code 0: written to its end. 2: not.
 */
import { pipeline } from 'node:stream/promises'
import postgres from 'postgres'
import { csvFormat, hledgerFormat, journalText, type JournalCounts } from '../audit/audit.ts'
import { readIssuerCodes, readWrittenJournal } from '../postgres/postgres.ts'
import { openAuditDatabase } from './audit-database.ts'
import { readBooksOptions, type BooksOptions } from './books-options.ts'
import { errorText, StartupProblem, systemErrorCode } from './startup-problem.ts'

const formats = { hledger: hledgerFormat, csv: csvFormat }

async function main(): Promise<number> {
  const options = readBooksOptions(process.argv.slice(2))
  if (typeof options === 'string') {
    process.stderr.write(`${options}\n`)
    return 2
  }
  warnOfBanner()
  const database = await openAuditDatabase({
    auditUrl: process.env['DURE_AUDIT_URL'] || undefined,
    dataDirectory: process.env['DURE_DATA'] || '.dure',
    environment: process.env,
  })
  const sql = postgres(database.url, { max: 1, onnotice: () => {}, connect_timeout: 10 })
  const progress = showProgress()
  try {
    const issuerId = chosenIssuer(options, await readIssuerCodes(sql))
    await readWrittenJournal(sql, { ...options, issuerId }, async (journal) => {
      const text = journalText(journal, formats[options.format], progress.onPage)
      await pipeline(text, process.stdout, { end: false })
    })
    return 0
  } finally {
    progress.clear()
    await sql.end({ timeout: 5 })
    await database.close()
  }
}

/** `npm run` writes two lines of its own before ours; in a file they are neither hledger's format nor CSV. */
function warnOfBanner(): void {
  const isByNpm = process.env['npm_lifecycle_event'] === 'books'
  if (!isByNpm || process.env['npm_config_loglevel'] === 'silent' || process.stdout.isTTY) return
  process.stderr.write('npm began the output with lines of its own: use npm run --silent books\n')
}

const ISSUERS_NAMED_MAX = 5

function chosenIssuer({ issuerCode }: BooksOptions, codes: ReadonlyMap<number, string>): number {
  const found = [...codes].find(([, code]) => code === issuerCode)
  if (found !== undefined) return found[0]
  const known = [...codes.values()].toSorted()
  const more = known.length - ISSUERS_NAMED_MAX
  const named = known.slice(0, ISSUERS_NAMED_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '')
  throw new StartupProblem(
    `--issuer ${JSON.stringify(issuerCode)}: there is no such issuer; there is ${named || 'none yet'}`,
  )
}

const PROGRESS_AFTER_MS = 1_000
const PROGRESS_EVERY_MS = 250

/** Shown where somebody looks, and only of what lasts. */
function showProgress(): { onPage: (counts: JournalCounts) => void; clear: () => void } {
  if (!process.stderr.isTTY) return { onPage: () => {}, clear: () => {} }
  let nextAt = performance.now() + PROGRESS_AFTER_MS
  let isShown = false
  const show = (text: string) => process.stderr.write(`\r${text.padEnd(78)}\r`)
  return {
    onPage({ operations, transfers, accounts }) {
      if (performance.now() < nextAt) return
      nextAt = performance.now() + PROGRESS_EVERY_MS
      isShown = true
      show(`${operations} operations, ${transfers} transfers, ${accounts} accounts`)
    },
    clear() {
      if (isShown) show('')
    },
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  // A reader such as `head` that has seen enough is nobody's problem; the code says that it is not the whole.
  if (systemErrorCode(error) !== 'EPIPE') {
    process.stderr.write(`the books could not be written: ${errorText(error)}\n`)
  }
  process.exitCode = 2
}
