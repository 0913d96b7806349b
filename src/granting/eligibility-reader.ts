/**
 * Reads an eligibility file (대상자 명단) piece by piece. What is wrong is collected, not thrown: an officer mends a
 * whole file at once. Kept in memory are only the references and persons that were seen, of at most `LINES_MAX` lines.
 */
import type { Won } from '../base/base.ts'
import {
  columnNames,
  eligibilityColumns,
  issuerLineNames,
  missingColumns,
  placesOf,
  plainName,
  trailerNames,
} from './eligibility-columns.ts'
import type { EligibilityColumn } from './eligibility-columns.ts'
import {
  readAmount,
  readBirthDate,
  readMemberId,
  readName,
  readPhone,
  readReference,
  shown,
  type CellRead,
  type EligibleLine,
} from './eligibility-cells.ts'
import { createLineDecoder, type TextLine } from './eligibility-text.ts'
import { FileProblems, type FileProblem } from './file-problem.ts'
import { cellsOf, withoutEmptyTail } from './line-cells.ts'

/** Lines of persons in one file. */
export const LINES_MAX = 100_000
/** Of the whole file: 160 bytes for each line, three times what an ordinary one has. */
export const FILE_BYTES_MAX = 16_000_000

/** What the uploader says beside the file; the file is held to it. */
export interface StatedSums {
  readonly lines?: number
  readonly totalWon?: number
}

export interface ReadFile {
  readonly lines: number
  readonly totalWon: number
  readonly problems: readonly FileProblem[]
  readonly problemCount: number
}

export interface EligibilityReader {
  /** The right lines among those that these bytes completed. */
  push(bytes: Uint8Array): EligibleLine[]
  /** The last line, where no line feed ended it, and what the file came to. Once, after the last bytes. */
  end(stated?: StatedSums): { readonly lines: EligibleLine[]; readonly file: ReadFile }
}

export interface EligibilityReaderOptions {
  /** The code of the issuer whose file it has to be. */
  readonly issuerCode: string
  readonly linesMax?: number
  readonly bytesMax?: number
}

export function createEligibilityReader(options: EligibilityReaderOptions): EligibilityReader {
  const decoder = createLineDecoder()
  const reading = new Reading(options)
  const { bytesMax = FILE_BYTES_MAX } = options
  let bytesRead = 0
  let isOver = false
  const take = (lines: readonly TextLine[]): EligibleLine[] =>
    lines.flatMap((line) => reading.take(line) ?? [])
  return {
    push(bytes) {
      if (isOver) return []
      bytesRead += bytes.length
      if (bytesRead > bytesMax) {
        isOver = true
        reading.problems.add({ code: 'file_too_large', wanted: String(bytesMax) })
        return []
      }
      return take(decoder.push(bytes))
    },
    end(stated = {}) {
      const lines = isOver ? [] : take(decoder.end())
      return { lines, file: reading.end({ stated, isEmpty: bytesRead === 0, isOver }) }
    },
  }
}

type Places = ReadonlyMap<EligibilityColumn, number>

class Reading {
  readonly problems = new FileProblems()
  readonly #issuerCode: string
  readonly #linesMax: number
  /** `undefined` before the header; `null` after a header that cannot be used. */
  #places: Places | null | undefined
  #columns = 0
  #lines = 0
  #totalWon = 0
  #trailerLine: number | undefined
  #trailer: { readonly line: number; readonly lines: number; readonly totalWon: number } | undefined
  readonly #references = new Map<string, number>()
  readonly #persons = new Map<string, number>()

  constructor({ issuerCode, linesMax = LINES_MAX }: EligibilityReaderOptions) {
    this.#issuerCode = issuerCode
    this.#linesMax = linesMax
  }

  take(line: TextLine): EligibleLine | undefined {
    const { number } = line
    if (this.#lines > this.#linesMax) return undefined
    if ('problem' in line) {
      // A header that cannot be used is told once; what stands below it could only repeat that.
      if (this.#places === null) return undefined
      if (this.#places === undefined) this.#places = null
      else this.#lines += 1
      this.problems.add(line.problem)
      return undefined
    }
    if (/^[\s,"]*$/.test(line.text)) return undefined
    const cells = cellsOf(line.text)
    if (typeof cells === 'string') {
      this.problems.add({ code: line.isWhole ? cells : 'line_cut_off', line: number })
      if (this.#places === undefined) this.#places = null
      else this.#lines += 1
      return undefined
    }
    if (this.#places === undefined) {
      this.#takeHeader(number, cells)
      return undefined
    }
    if (trailerNames.includes(plainName(cells[0] ?? ''))) {
      this.#takeTrailer(number, cells)
      return undefined
    }
    if (this.#places === null) return undefined
    return this.#takePerson({ number, cells, isWhole: line.isWhole, places: this.#places })
  }

  #takeHeader(number: number, cells: readonly string[]): void {
    const [first = '', second = ''] = cells
    if (issuerLineNames.includes(plainName(first))) {
      if (second.trim() === this.#issuerCode) return
      const found = shown('reference', second)
      this.problems.add({ code: 'issuer_differs', line: number, found, wanted: this.#issuerCode })
      return
    }
    const { places, twice } = placesOf(cells, eligibilityColumns, columnNames)
    const missing = missingColumns(places)
    for (const column of twice) this.problems.add({ code: 'column_twice', line: number, column })
    for (const column of missing)
      this.problems.add({ code: 'column_missing', line: number, column })
    this.#places = twice.length + missing.length === 0 ? places : null
    this.#columns = cells.length
  }

  #takeTrailer(number: number, cells: readonly string[]): void {
    if (this.#trailerLine !== undefined) {
      this.problems.add({ code: 'line_after_trailer', line: number })
      return
    }
    this.#trailerLine = number
    const [lines, total] = cells
      .slice(1)
      .filter((cell) => cell.trim() !== '')
      .map(wholeNumber)
    if (lines === undefined || total === undefined) {
      this.problems.add({ code: 'trailer_malformed', line: number })
      return
    }
    this.#trailer = { line: number, lines, totalWon: total }
  }

  #takePerson(given: {
    readonly number: number
    readonly cells: readonly string[]
    readonly isWhole: boolean
    readonly places: Places
  }): EligibleLine | undefined {
    const { number, isWhole, places } = given
    this.#lines += 1
    if (this.#lines > this.#linesMax) {
      const wanted = String(this.#linesMax)
      this.problems.add({ code: 'too_many_lines', line: number, wanted })
      return undefined
    }
    if (this.#trailerLine !== undefined) {
      this.problems.add({ code: 'line_after_trailer', line: number })
      return undefined
    }
    const cells = withoutEmptyTail(given.cells, this.#columns)
    if (cells.length !== this.#columns) {
      const counts = { found: String(cells.length), wanted: String(this.#columns) }
      const isCut = !isWhole && cells.length < this.#columns
      this.problems.add({ code: isCut ? 'line_cut_off' : 'cell_count', line: number, ...counts })
      return undefined
    }
    const line = this.#personOf(number, cells, places)
    return line === undefined || this.#isTwice(line) ? undefined : line
  }

  #personOf(number: number, cells: readonly string[], places: Places): EligibleLine | undefined {
    const read = <Value>(
      column: EligibilityColumn,
      reader: (cell: string) => CellRead<Value>,
    ): Value | undefined => {
      const cell = cells[places.get(column) ?? -1] ?? ''
      const value = cell.trim() === '' ? ({ ok: false, code: 'cell_empty' } as const) : reader(cell)
      if (value.ok) return value.value
      this.problems.add({ line: number, column, ...withoutOk(value) })
      return undefined
    }
    const reference = read('reference', readReference)
    const isMember = (cells[places.get('memberId') ?? -1] ?? '').trim() !== ''
    const person = isMember ? read('memberId', readMemberId) : this.#identityOf(read)
    const amountWon = read('amountWon', readAmount)
    if (amountWon !== undefined) this.#totalWon += amountWon
    if (reference === undefined || amountWon === undefined || person === undefined) return undefined
    return { lineNumber: number, reference, amountWon, person }
  }

  #identityOf(
    read: <Value>(
      column: EligibilityColumn,
      reader: (cell: string) => CellRead<Value>,
    ) => Value | undefined,
  ): EligibleLine['person'] | undefined {
    const name = read('name', readName)
    const birthDate = read('birthDate', readBirthDate)
    const phone = read('phone', readPhone)
    if (name === undefined || birthDate === undefined || phone === undefined) return undefined
    return { name, birthDate, phone }
  }

  #isTwice({ lineNumber, reference, person }: EligibleLine): boolean {
    const firstReference = this.#references.get(reference)
    const key = personKey(person)
    const firstPerson = this.#persons.get(key)
    if (firstReference === undefined) this.#references.set(reference, lineNumber)
    else {
      const found = shown('reference', reference)
      const twice = { column: 'reference', found, firstLine: firstReference } as const
      this.problems.add({ code: 'reference_twice', line: lineNumber, ...twice })
    }
    if (firstPerson === undefined) this.#persons.set(key, lineNumber)
    else this.problems.add({ code: 'person_twice', line: lineNumber, firstLine: firstPerson })
    return (firstReference ?? firstPerson) !== undefined
  }

  end(given: {
    readonly stated: StatedSums
    readonly isEmpty: boolean
    readonly isOver: boolean
  }): ReadFile {
    const { stated, isEmpty, isOver } = given
    const sums = { lines: this.#lines, totalWon: this.#totalWon }
    if (isEmpty) this.problems.add({ code: 'file_empty' })
    else if (!isOver && this.#lines === 0 && this.#places !== null) {
      this.problems.add({ code: 'no_lines' })
    }
    const isWhole = !isEmpty && !isOver && this.#places !== null && this.#lines <= this.#linesMax
    if (isWhole && this.#trailer !== undefined) this.#compare(sums, this.#trailer)
    if (isWhole) this.#compare(sums, stated)
    return { ...sums, problems: this.problems.shown, problemCount: this.problems.count }
  }

  #compare(
    sums: { readonly lines: number; readonly totalWon: number },
    said: { readonly line?: number } & StatedSums,
  ): void {
    const place = said.line === undefined ? {} : { line: said.line }
    if (said.lines !== undefined && said.lines !== sums.lines) {
      const counts = { found: String(sums.lines), wanted: String(said.lines) }
      this.problems.add({ code: 'count_differs', ...place, ...counts })
    }
    if (said.totalWon !== undefined && said.totalWon !== sums.totalWon) {
      const totals = { found: String(sums.totalWon), wanted: String(said.totalWon) }
      this.problems.add({ code: 'total_differs', ...place, ...totals })
    }
  }
}

function withoutOk(value: { readonly code: FileProblem['code']; readonly found?: string }) {
  const { code, found } = value
  return { code, ...(found === undefined ? {} : { found }) }
}

/** One person stands once in a file, however the line says who it is. */
export function personKey(person: EligibleLine['person']): string {
  return typeof person === 'number'
    ? `member:${person}`
    : `${person.phone}/${person.birthDate}/${person.name}`
}

function wholeNumber(cell: string): Won | number | undefined {
  const text = cell.trim().replaceAll(/[,\s원건명]/g, '')
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined
}
