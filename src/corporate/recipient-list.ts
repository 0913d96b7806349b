/**
 * Reads a list of recipients (명단) piece by piece: telephone, amount and a few words. What is wrong is collected with
 * its line and field, not thrown; the text is cut as eligibility files are.
 */
import { cleanText, type Won } from '../base/base.ts'
import { GIFT_MESSAGE_LENGTH_MAX } from '../gifting/gifting.ts'
import {
  amountIn,
  cellsOf,
  createLineDecoder,
  hasResidentNumber,
  placesOf,
  readPhone,
  shown,
  withoutEmptyTail,
  type FileProblem,
  type TextLine,
} from '../granting/granting.ts'
import { mobileDigits } from '../issuing/issuing.ts'

/** People on one list. */
export const RECIPIENTS_MAX = 5_000
/** Of the whole file: 200 bytes for each line, three times what an ordinary one has. */
export const RECIPIENT_FILE_BYTES_MAX = 1_000_000
/** Problems told one by one; those after them are counted. */
export const LIST_PROBLEMS_SHOWN_MAX = 1_000

export const recipientColumns = ['phone', 'amountWon', 'memo'] as const
export type RecipientColumn = (typeof recipientColumns)[number]

/** Compared as the columns of eligibility files are. The first of each is what we would write. */
export const recipientColumnNames: Readonly<Record<RecipientColumn, readonly string[]>> = {
  phone: [
    '휴대전화',
    '휴대폰',
    '휴대전화번호',
    '휴대폰번호',
    '전화번호',
    '연락처',
    'phone',
    'mobile',
  ],
  amountWon: ['금액', '선물금액', '지급액', '금액원', 'amount', 'amountwon'],
  memo: ['문구', '메모', '비고', 'memo', 'message'],
}

export const listProblemCodes = [
  'list_too_large',
  'list_empty',
  'too_many_recipients',
  'column_missing',
  'column_twice',
  'cell_count',
  'cell_empty',
  'phone_malformed',
  'amount_malformed',
  'amount_above_cap',
  'memo_malformed',
  'resident_number',
  'phone_twice',
] as const
export type ListProblemCode = (typeof listProblemCodes)[number]

export interface ListProblem {
  /** Its own, or one of the text of any file: bytes, quotes, a line that is too long. */
  readonly code: ListProblemCode | FileProblem['code']
  /** 1 is the first line of the file; absent where it is about the file as a whole. */
  readonly line?: number
  readonly column?: RecipientColumn
  readonly byteColumn?: number
  /** What stands there, masked where it may be somebody's. */
  readonly found?: string
  readonly wanted?: string
  /** Of `phone_twice`: the line that had it first. */
  readonly firstLine?: number
}

export interface RecipientLine {
  readonly lineNumber: number
  /** Digits only. */
  readonly phone: string
  readonly amountWon: Won
  readonly memo: string | null
}

export interface ReadList {
  readonly lines: readonly RecipientLine[]
  readonly totalWon: number
  readonly problems: readonly ListProblem[]
  readonly problemCount: number
}

export interface RecipientReader {
  push(bytes: Uint8Array): void
  /** What the file came to. Once, after the last bytes. */
  end(): ReadList
}

export interface RecipientReaderOptions {
  /** What one person may hold of the program: more could never be accepted. */
  readonly wonMax: Won
  readonly linesMax?: number
  readonly bytesMax?: number
}

export function createRecipientReader(options: RecipientReaderOptions): RecipientReader {
  const decoder = createLineDecoder()
  const reading = new Reading(options)
  const { bytesMax = RECIPIENT_FILE_BYTES_MAX } = options
  let bytesRead = 0
  return {
    push(bytes) {
      bytesRead += bytes.length
      if (bytesRead > bytesMax) reading.end({ tooLarge: bytesMax })
      else for (const line of decoder.push(bytes)) reading.take(line)
    },
    end() {
      if (bytesRead <= bytesMax) for (const line of decoder.end()) reading.take(line)
      return reading.end({})
    },
  }
}

type Places = ReadonlyMap<RecipientColumn, number>

class Reading {
  readonly #wonMax: Won
  readonly #linesMax: number
  /** `undefined` before the header; `null` after a header that cannot be used. */
  #places: Places | null | undefined
  #columns = 0
  #count = 0
  #isOver = false
  #totalWon = 0
  #problemCount = 0
  readonly #problems: ListProblem[] = []
  readonly #lines: RecipientLine[] = []
  readonly #phones = new Map<string, number>()

  constructor({ wonMax, linesMax = RECIPIENTS_MAX }: RecipientReaderOptions) {
    this.#wonMax = wonMax
    this.#linesMax = linesMax
  }

  #add(problem: ListProblem): void {
    this.#problemCount += 1
    if (this.#problems.length < LIST_PROBLEMS_SHOWN_MAX) this.#problems.push(problem)
  }

  #refuse(problem: ListProblem): undefined {
    this.#add(problem)
  }

  take(text: TextLine): void {
    if (this.#isOver) return
    const isHeader = this.#places === undefined
    if ('problem' in text) {
      // A header that cannot be used is told once; what stands below it could only repeat that.
      if (this.#places === null) return
      if (isHeader) this.#places = null
      const { column: _column, ...problem } = text.problem
      this.#add(problem)
      return
    }
    if (/^[\s,"]*$/.test(text.text)) return
    const cells = cellsOf(text.text)
    if (typeof cells === 'string') {
      if (isHeader) this.#places = null
      this.#add({ code: cells, line: text.number })
      return
    }
    if (this.#places === undefined) this.#takeHeader(text.number, cells)
    else if (this.#places !== null) this.#takeRecipient(text.number, cells, this.#places)
  }

  #takeHeader(line: number, cells: readonly string[]): void {
    const { places, twice } = placesOf(cells, recipientColumns, recipientColumnNames)
    const missing = (['phone', 'amountWon'] as const).filter((column) => !places.has(column))
    for (const column of twice) this.#add({ code: 'column_twice', line, column })
    for (const column of missing) this.#add({ code: 'column_missing', line, column })
    this.#places = twice.length + missing.length === 0 ? places : null
    this.#columns = cells.length
  }

  #takeRecipient(line: number, given: readonly string[], places: Places): void {
    this.#count += 1
    if (this.#count > this.#linesMax) {
      this.#isOver = true
      this.#add({ code: 'too_many_recipients', line, wanted: String(this.#linesMax) })
      return
    }
    const cells = withoutEmptyTail(given, this.#columns)
    if (cells.length !== this.#columns) {
      const counts = { found: String(cells.length), wanted: String(this.#columns) }
      this.#add({ code: 'cell_count', line, ...counts })
      return
    }
    const cellAt = (column: RecipientColumn): string => cells[places.get(column) ?? -1] ?? ''
    const phone = this.#phoneOf(line, cellAt('phone'))
    const amountWon = this.#amountOf(line, cellAt('amountWon'))
    const memo = this.#memoOf(line, cellAt('memo'))
    if (amountWon !== undefined) this.#totalWon += amountWon
    if (phone === undefined || amountWon === undefined || memo === undefined) return
    this.#lines.push({ lineNumber: line, phone, amountWon, memo })
  }

  #phoneOf(line: number, cell: string): string | undefined {
    const column = 'phone'
    if (cell.trim() === '') return this.#refuse({ code: 'cell_empty', line, column })
    const read = readPhone(cell)
    if (!read.ok) {
      const isResident = read.code === 'resident_number'
      const code = isResident ? 'resident_number' : 'phone_malformed'
      return this.#refuse({ code, line, column, found: read.found })
    }
    const phone = mobileDigits(read.value)
    if (phone === undefined) {
      return this.#refuse({ code: 'phone_malformed', line, column, found: shown(column, cell) })
    }
    const firstLine = this.#phones.get(phone)
    if (firstLine !== undefined) {
      return this.#refuse({ code: 'phone_twice', line, column, firstLine })
    }
    this.#phones.set(phone, line)
    return phone
  }

  #amountOf(line: number, cell: string): Won | undefined {
    const column = 'amountWon'
    if (cell.trim() === '') return this.#refuse({ code: 'cell_empty', line, column })
    const found = shown(column, cell)
    const value = amountIn(cell)
    if (value === undefined) return this.#refuse({ code: 'amount_malformed', line, column, found })
    if (value > this.#wonMax) {
      const wanted = String(this.#wonMax)
      return this.#refuse({ code: 'amount_above_cap', line, column, found, wanted })
    }
    return value
  }

  #memoOf(line: number, cell: string): string | null | undefined {
    const column = 'memo'
    if (cell.trim() === '') return null
    if (hasResidentNumber(cell)) return this.#refuse({ code: 'resident_number', line, column })
    const memo = cleanText(cell, GIFT_MESSAGE_LENGTH_MAX)
    if (memo === undefined) return this.#refuse({ code: 'memo_malformed', line, column })
    return memo
  }

  end({ tooLarge }: { readonly tooLarge?: number }): ReadList {
    if (tooLarge !== undefined && !this.#isOver) {
      this.#isOver = true
      this.#add({ code: 'list_too_large', wanted: String(tooLarge) })
    }
    const isEmpty = this.#count === 0 && this.#problemCount === 0
    if (isEmpty && tooLarge === undefined) this.#add({ code: 'list_empty' })
    return {
      lines: this.#problemCount === 0 ? this.#lines : [],
      totalWon: this.#totalWon,
      problems: this.#problems,
      problemCount: this.#problemCount,
    }
  }
}
