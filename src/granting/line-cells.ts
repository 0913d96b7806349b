/** The cells of a line. A line without a quote is cut at its commas; the others are read by the CSV library. */
import { CsvError, parse } from 'csv-parse/sync'

export type CellsOfLine = readonly string[] | 'quote_open' | 'quote_misplaced'

export function cellsOf(text: string): CellsOfLine {
  if (!text.includes('"')) return text.split(',')
  // Inside quotes a quote is doubled, so that an odd number leaves one open.
  if (text.split('"').length % 2 === 0) return 'quote_open'
  try {
    const [cells] = parse(text, { relax_column_count: true, record_delimiter: ['\n'] })
    return cells ?? []
  } catch (error) {
    if (error instanceof CsvError) return 'quote_misplaced'
    throw error
  }
}

/** Spreadsheets put commas behind the last cell: those beyond the header's columns fall away. */
export function withoutEmptyTail(given: readonly string[], columns: number): readonly string[] {
  const cells = [...given]
  while (cells.length > columns && cells.at(-1)?.trim() === '') cells.pop()
  return cells
}
