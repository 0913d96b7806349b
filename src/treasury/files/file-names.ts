/** Names of files: kind, issuer, date and number. What the header says must be the same. */
import { parseBusinessDate, type BusinessDate } from '../../base/base.ts'
import { fileFormatNames, type FileFormatName } from '../../issuing/issuing.ts'

export const fileKinds = ['payout', 'result', 'statement'] as const
export type FileKind = (typeof fileKinds)[number]

/** `sequence` is 0 for statements, `part` for all but results. */
export interface TreasuryFileName {
  readonly kind: FileKind
  readonly issuerCode: string
  readonly date: BusinessDate
  readonly sequence: number
  readonly part: number
}

const letters = { payout: 'PO', result: 'PR', statement: 'ST' } as const
const NAME =
  /^(PO|PR|ST)-([a-z]{2,20}(?:-[a-z]{2,20})?)-(\d{8})(?:-(\d{4}))?(?:-(\d{2}))?\.(dat|csv)$/

export function extensionOf(format: FileFormatName): 'dat' | 'csv' {
  return format === 'telegram' ? 'dat' : 'csv'
}

/** What a file is written in, by its name; of CSV the mark at its beginning says the charset. */
export function formatOfName(name: string): 'telegram' | 'csv_utf8' {
  return name.endsWith('.dat') ? 'telegram' : 'csv_utf8'
}

/** `PO-gunsan-20261122-0001.dat`, `PR-gunsan-20261122-0001-01.dat`, `ST-gunsan-20261122.dat` */
export function formatFileName(name: TreasuryFileName, format: FileFormatName): string {
  const { kind, issuerCode, date, sequence, part } = name
  const parts = [letters[kind], issuerCode, date.replaceAll('-', '')]
  if (kind !== 'statement') parts.push(String(sequence).padStart(4, '0'))
  if (kind === 'result') parts.push(String(part).padStart(2, '0'))
  return `${parts.join('-')}.${extensionOf(format)}`
}

/** `undefined` for a name that `formatFileName` would not give. */
export function readFileName(text: string): TreasuryFileName | undefined {
  const [, begins, issuerCode, day, sequence, part] = NAME.exec(text) ?? []
  const kind = fileKinds.find((each) => letters[each] === begins)
  const date = parseBusinessDate(`${day?.slice(0, 4)}-${day?.slice(4, 6)}-${day?.slice(6)}`)
  if (kind === undefined || issuerCode === undefined || date === undefined) return undefined
  const name = { kind, issuerCode, date, sequence: Number(sequence ?? 0), part: Number(part ?? 0) }
  return fileFormatNames.some((format) => formatFileName(name, format) === text) ? name : undefined
}
