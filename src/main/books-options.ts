/** What `npm run books` is asked for. */
import { parseArgs } from 'node:util'
import { parseBusinessDate, type BusinessDate } from '../base/base.ts'

const USAGE = `usage: npm run --silent books -- --issuer CODE [--format hledger|csv] [--from DAY] [--to DAY]
  --issuer        whose journal, by its code, such as gunsan
  --format        hledger (also where absent) or csv
  --from, --to    the first and the last day in Korea, as 2026-11-22; absent: all that there is
  DURE_DATA       the data directory of the product (.dure); it may be running or stopped
  DURE_AUDIT_URL  instead of it, a database: postgres://dure_audit:password@host/database`

export interface BooksOptions {
  readonly issuerCode: string
  readonly format: 'hledger' | 'csv'
  readonly from: BusinessDate | undefined
  readonly to: BusinessDate | undefined
}

/** What is asked for, or what to answer where that cannot be meant. */
export function readBooksOptions(args: string[]): BooksOptions | string {
  const values = readArguments(args)
  if (values === undefined) return USAGE
  const { issuer, format } = values
  if (issuer === undefined || issuer === '') {
    return "--issuer is missing: say whose books, by the issuer's code, such as --issuer gunsan"
  }
  if (format !== 'hledger' && format !== 'csv') {
    return `--format ${JSON.stringify(format)} is none: it is hledger or csv`
  }
  for (const name of ['from', 'to'] as const) {
    const text = values[name]
    if (text !== undefined && parseBusinessDate(text) === undefined) {
      return `--${name} ${JSON.stringify(text)} is no day: write it as 2026-11-22`
    }
  }
  const [from, to] = [values.from, values.to].map((text) => parseBusinessDate(text ?? ''))
  if (from !== undefined && to !== undefined && from > to) {
    return `--from ${from} is after --to ${to}: the first day comes first`
  }
  return { issuerCode: issuer, format, from, to }
}

function readArguments(args: string[]) {
  try {
    const day = { type: 'string' } as const
    return parseArgs({
      args,
      options: {
        issuer: { type: 'string' },
        format: { type: 'string', default: 'hledger' },
        from: day,
        to: day,
      },
    }).values
  } catch {
    return undefined // Answered with the usage.
  }
}
