/**
 * `npm run reconcile`: holds the books of the card companies, the gateways and the ledger against each other, sale by
 * sale. Exit code 0: they agree. 1: something does not. 2: it could not be found out.
 */
import { parseArgs } from 'node:util'
import type { Reconciliation } from './reconcile-matching.ts'
import { runReconciliation } from './reconcile-run.ts'
import { errorText } from './startup-problem.ts'

const USAGE = `usage: npm run reconcile -- [--json]
  DURE_DATA       the data directory of the product (.dure); it may be running or stopped
  DURE_AUDIT_URL  a database instead of the product's own: postgres://dure_audit:password@host/database`

/** Breaks that are written out; a first run after an accident may find very many. */
const BREAKS_SHOWN_MAX = 200

async function main(): Promise<number> {
  const asJson = readArguments(process.argv.slice(2))
  if (asJson === undefined) {
    process.stderr.write(`${USAGE}\n`)
    return 2
  }
  const reconciliation = await runReconciliation({
    dataDirectory: process.env['DURE_DATA'] || '.dure',
    auditUrl: process.env['DURE_AUDIT_URL'] || undefined,
    environment: process.env,
    now: Date.now(),
  })
  const lines = asJson ? [JSON.stringify(summaryOf(reconciliation))] : reportLines(reconciliation)
  process.stdout.write(`${lines.join('\n')}\n`)
  return reconciliation.breaks.length === 0 ? 0 : 1
}

/** `undefined` where the arguments say something else than the usage does. */
function readArguments(args: string[]): boolean | undefined {
  try {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean', default: false } } })
    return values.json
  } catch {
    return undefined // Answered with the usage.
  }
}

function summaryOf({ matched, unmatched, wrongSource, differenceWon }: Reconciliation) {
  return { matched, unmatched, wrong_source: wrongSource, difference_won: differenceWon }
}

function reportLines(reconciliation: Reconciliation): string[] {
  const { matched, unmatched, wrongSource, differenceWon, breaks } = reconciliation
  const lines = breaks
    .slice(0, BREAKS_SHOWN_MAX)
    .map(({ key, kinds, company, gateways, ledger }) =>
      [
        `${key} [${kinds.join(', ')}]`,
        `  company:  ${company}`,
        `  gateways: ${gateways === '' ? 'nothing' : gateways}`,
        `  ledger:   ${ledger === '' ? 'nothing' : ledger}`,
      ].join('\n'),
    )
  const more = breaks.length - lines.length
  if (more > 0) lines.push(`and ${more} more`)
  lines.push(
    `${matched} matched, ${unmatched} unmatched, ${wrongSource} from the wrong source, ` +
      `a difference of ₩${differenceWon.toLocaleString('en')}`,
  )
  return lines
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(`the reconciliation could not be made: ${errorText(error)}\n`)
  process.exitCode = 2
}
