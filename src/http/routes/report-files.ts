/** A sheet as the file that was asked for: JSON for programs, CSV and XLSX for people. */
import { stringify } from 'csv-stringify/sync'
import writeExcelFile from 'write-excel-file/node'
import type { Cell, Column, Sheet } from '../../reporting/reporting.ts'

export const reportFormats = ['json', 'csv', 'xlsx'] as const
export type ReportFormat = (typeof reportFormats)[number]

export interface ReportFile {
  readonly contentType: string
  readonly bytes: Buffer
}

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'

/**
 * Titles and rows, Korean titles first: a spreadsheet in a Korean office is what most of them become. It reads UTF-8
 * only after a byte order mark; what it would take for a formula gets an apostrophe (OWASP, CSV injection).
 */
export function csvFile({ columns, rows }: Sheet): ReportFile {
  const titles = columns.map(({ titleKo }) => titleKo)
  const text = stringify([titles, ...rows], {
    bom: true,
    escape_formulas: true,
    record_delimiter: 'windows',
  })
  return { contentType: 'text/csv; charset=utf-8', bytes: Buffer.from(text, 'utf8') }
}

export async function xlsxFile({ nameKo, columns, rows }: Sheet): Promise<ReportFile> {
  const titles = columns.map(({ titleKo }) => ({
    value: titleKo,
    type: String,
    fontWeight: 'bold' as const,
  }))
  const data = [
    titles,
    ...rows.map((row) => row.map((cell, index) => xlsxCell(cell, columns[index]!))),
  ]
  const bytes = await writeExcelFile(data, {
    sheet: nameKo,
    stickyRowsCount: 1,
    columns: columns.map(({ kind }) => ({ width: WIDTHS[kind] })),
  }).toBuffer()
  return { contentType: XLSX, bytes: Buffer.from(bytes) }
}

const WIDTHS: Readonly<Record<Column['kind'], number>> = { text: 24, day: 12, won: 16, count: 10 }

function xlsxCell(cell: Cell, { kind }: Column) {
  if (cell === null) return null
  if (typeof cell === 'string') return { value: cell, type: String }
  return { value: cell, type: Number, ...(kind === 'won' ? { format: '#,##0' } : {}) }
}
