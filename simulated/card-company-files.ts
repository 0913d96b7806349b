/**
 * Files that a simulated card company exchanges with the platform, through a folder as over SFTP: it writes clearing,
 * incident and refund-result files, and takes settlements and refunds. A file is written beside and renamed, and taken
 * once, however often the folder is looked at.
 */
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  businessDate,
  sumWon,
  type BusinessDate,
  type Instant,
  type PartnerId,
} from '../src/base/base.ts'
import {
  formatFileName,
  lineKey,
  readCardFile,
  readFileName,
  writeCardFile,
  type FileLines,
  type FileName,
  type RefundLine,
  type RefundResultLine,
} from '../src/clearing/clearing.ts'
import { writeDurably } from '../src/main/durable-file.ts'
import type { CardFileKind } from '../src/registration/registration.ts'
import { saleIdOf, type CompanyBooks } from './card-company-books.ts'
import type { NewEntry } from './card-company-entries.ts'
import { clearingLines, incidentLines, type VoucherMerchants } from './card-company-file-lines.ts'

export interface WrittenFile {
  readonly name: string | null
  readonly lines: number
  readonly sumWon: number
}

export interface CompanyFiles {
  /** What the day brought since its last file; no file where that is nothing. */
  writeClearing(date: BusinessDate): Promise<WrittenFile>
  writeIncident(between: { readonly from: Instant; readonly until: Instant }): Promise<WrittenFile>
  /** Takes what the platform left; the names. */
  takeAll(): Promise<readonly string[]>
  /** Files that could not be read, with the first reason. */
  refused(): Readonly<Record<string, string>>
}

export interface FilesRoom {
  readonly partnerId: PartnerId
  readonly partnerCode: string
  readonly partnerName: string
  /** Holds `from-partner` and `to-partner`. */
  readonly exchange: string
  readonly books: CompanyBooks
  readonly clock: () => Instant
  readonly names: VoucherMerchants
  record(entry: NewEntry): Promise<void>
}

export function createCompanyFiles(room: FilesRoom): CompanyFiles {
  const { books } = room
  const refused: Record<string, string> = {}
  // One at a time: numbers are given and files taken once.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = last.then(act)
    last = result.catch(() => undefined)
    return result
  }
  return {
    writeClearing: (date) =>
      inTurn(() => {
        const after = lastFiled(room, 'clearing', date)
        const lines = clearingLines(books, { date, after, names: room.names })
        return writeNew(room, { kind: 'clearing', date, lines, sumOf: (line) => line.voucherWon })
      }),
    writeIncident: ({ from, until }) =>
      inTurn(() => {
        const date = businessDate(Math.max(from, until - 1))
        const lines = incidentLines(books, { from, until, names: room.names })
        return writeNew(room, { kind: 'incident', date, lines, sumOf: (line) => line.accountWon })
      }),
    takeAll: () => inTurn(() => takeFiles(room, refused)),
    refused: () => ({ ...refused }),
  }
}

function filesOf({ books }: FilesRoom, kind: CardFileKind, date: BusinessDate) {
  return books.files().filter((file) => file.fileKind === kind && file.date === date)
}

function lastFiled(room: FilesRoom, kind: CardFileKind, date: BusinessDate): number {
  return filesOf(room, kind, date).at(-1)?.through ?? 0
}

async function writeNew<Kind extends 'clearing' | 'incident'>(
  room: FilesRoom,
  file: {
    readonly kind: Kind
    readonly date: BusinessDate
    readonly lines: readonly FileLines[Kind][]
    readonly sumOf: (line: FileLines[Kind]) => number
  },
): Promise<WrittenFile> {
  const { kind, date, lines, sumOf } = file
  if (lines.length === 0) return { name: null, lines: 0, sumWon: 0 }
  const sequence = filesOf(room, kind, date).length + 1
  const sumWon = lines.reduce((sum, line) => sum + sumOf(line), 0)
  return writeFile(room, { kind, date, sequence, lines, sumWon })
}

async function writeFile<Kind extends CardFileKind>(
  room: FilesRoom,
  file: {
    readonly kind: Kind
    readonly date: BusinessDate
    readonly sequence: number
    readonly lines: readonly FileLines[Kind][]
    readonly sumWon: number
  },
): Promise<WrittenFile> {
  const { kind, date, sequence, lines, sumWon } = file
  const { partnerCode, partnerName, books, clock } = room
  const through = books.lastSequence()
  const header = { partnerCode, partnerName, date, sequence, madeAt: clock() }
  const name = formatFileName({ kind, partnerCode, date, sequence })
  const folder = join(room.exchange, 'from-partner')
  await mkdir(folder, { recursive: true })
  await writeDurably(join(folder, name), writeCardFile(kind, { header, lines }), 0o600)
  await room.record({
    kind: 'filed',
    fileKind: kind,
    name,
    date,
    lines: lines.length,
    sumWon,
    through,
  })
  return { name, lines: lines.length, sumWon }
}

async function takeFiles(room: FilesRoom, refused: Record<string, string>): Promise<string[]> {
  const folder = join(room.exchange, 'to-partner')
  await mkdir(folder, { recursive: true })
  const taken = new Set(room.books.files().map(({ name }) => name))
  const names: string[] = []
  for (const name of (await readdir(folder)).toSorted()) {
    const file = readFileName(name)
    if (file === undefined || taken.has(name) || name in refused) continue
    if (file.kind !== 'settlement' && file.kind !== 'refund') continue
    const bytes = await readFile(join(folder, name))
    const problem =
      file.kind === 'refund'
        ? await takeRefunds(room, { name, file, bytes })
        : await takeSettlement(room, { name, file, bytes })
    if (problem === undefined) names.push(name)
    else refused[name] = problem
  }
  return names
}

interface ArrivedFile {
  readonly name: string
  readonly file: FileName
  readonly bytes: Uint8Array
}

/** The reason where the file is not taken. */
async function takeSettlement(
  room: FilesRoom,
  { name, file, bytes }: ArrivedFile,
): Promise<string | undefined> {
  const reading = readCardFile('settlement', bytes)
  if (!reading.ok) return problemText(reading.problems)
  const { lines } = reading.content
  await room.record({
    kind: 'filed',
    fileKind: 'settlement',
    name,
    date: file.date,
    lines: lines.length,
    sumWon: sumWon(lines.map((line) => line.netWon)),
    through: 0,
  })
  return undefined
}

async function takeRefunds(
  room: FilesRoom,
  { name, file, bytes }: ArrivedFile,
): Promise<string | undefined> {
  const reading = readCardFile('refund', bytes)
  if (!reading.ok) return problemText(reading.problems)
  const { lines } = reading.content
  const results: RefundResultLine[] = []
  for (const line of lines) {
    const { voucherWon: _paidByVoucher, ...told } = line
    results.push({ ...told, result: await refund(room, name, line) })
  }
  const refundWon = sumWon(lines.map((line) => line.refundWon))
  // The result first: a file that counts as taken has been answered.
  const { date, sequence } = file
  await writeFile(room, {
    kind: 'refund_result',
    date,
    sequence,
    lines: results,
    sumWon: refundWon,
  })
  await room.record({
    kind: 'filed',
    fileKind: 'refund',
    name,
    date,
    lines: lines.length,
    sumWon: refundWon,
    through: 0,
  })
  return undefined
}

/** Credits the account once, however often the file is taken; never more than the account paid. */
async function refund(
  room: FilesRoom,
  file: string,
  line: RefundLine,
): Promise<RefundResultLine['result']> {
  const saleId = saleIdOf(lineKey(room.partnerId, line))
  const sale = room.books.sale(saleId)
  if (sale === undefined || sale.sale.cardToken !== line.cardToken) return 'sale_unknown'
  if (sale.refunded.some((entry) => entry.file === file)) return 'refunded'
  if (sale.accountWon === 0) return 'given_back_before'
  if (sale.accountWon < line.refundWon) return 'refused'
  const { voucherWon, refundWon } = line
  await room.record({ kind: 'refunded', saleId, file, voucherWon, accountWon: 0 - refundWon })
  return 'refunded'
}

function problemText(
  problems: readonly { line: number; field: string | null; expected: string }[],
): string {
  const [first] = problems
  if (first === undefined) return 'unreadable'
  return `line ${first.line}, ${first.field ?? 'whole file'}: expected ${first.expected}`
}
