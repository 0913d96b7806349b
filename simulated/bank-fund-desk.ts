/**
 * The simulated treasury bank at work: it carries buyers' money into the funds, takes payout files and pays or returns,
 * and writes results and the statement of each day that is over. Faults are set by whoever tries the platform.
 */
import { existsSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import {
  businessDate,
  DAY_MS,
  startOfBusinessDate,
  won,
  type BusinessDate,
  type Instant,
} from '../src/base/base.ts'
import { fileFormatNames, payoutEntryKinds, type FileFormatName } from '../src/issuing/issuing.ts'
import {
  formatFileName,
  PAID_REASON,
  payoutFormat,
  readFileName,
  statementFormat,
  type PayoutFile,
  type PayoutResult,
} from '../src/treasury/treasury.ts'
import { Type, type Static } from 'typebox'
import type { Books } from './bank-books.ts'
import {
  entryNumber,
  type FundBooks,
  type FundEntry,
  type NewFundEntry,
} from './bank-fund-books.ts'
import type { LineJournal } from './line-journal.ts'

const strict = { additionalProperties: false }

/** An account that the bank keeps for an issuer. */
export const FundAccount = Type.Object(
  {
    /** As debits name it in their memo. */
    issuerId: Type.String(),
    issuerCode: Type.String(),
    bankCode: Type.String({ pattern: '^\\d{3}$' }),
    accountNumber: Type.String(),
    payoutFormat: Type.Enum([...fileFormatNames]),
    statementFormat: Type.Enum([...fileFormatNames]),
    payoutEntries: Type.Enum([...payoutEntryKinds]),
  },
  strict,
)
export type FundAccount = Static<typeof FundAccount>

/** What of payouts goes wrong, until it is set anew. */
export const FundFaults = Type.Object(
  {
    /** Accounts whose number ends so are returned for that reason. */
    returnEndings: Type.Record(Type.String(), Type.String({ pattern: '^\\d{4}$' })),
    /** The same result again under the next part. */
    duplicateResult: Type.Boolean(),
    /** Results come so much later. */
    lateMs: Type.Integer({ minimum: 0, maximum: 30 * DAY_MS }),
    /** The next results' trailers tell of a line too many, until they are refused. */
    wrongTotal: Type.Boolean(),
  },
  strict,
)
export type FundFaults = Static<typeof FundFaults>

export const noFundFaults: FundFaults = {
  returnEndings: { '000000': '0001', '999999': '0005' },
  duplicateResult: false,
  lateMs: 0,
  wrongTotal: false,
}

export interface FundDeskRoom {
  readonly accounts: readonly FundAccount[]
  /** Holds a folder for each issuer, with `from-partner` and `to-partner`. */
  readonly exchange: string
  /** Of buyers' accounts. */
  readonly bank: Books
  readonly books: FundBooks
  readonly journal: Pick<LineJournal<FundEntry>, 'append' | 'durable'>
  readonly clock: () => Instant
}

export interface FundDesk {
  /** One look at everything; one at a time. */
  turn(): Promise<void>
  /** Pays money in, once for each id. */
  deposit(order: {
    readonly depositId: string
    readonly issuerCode: string
    readonly amountWon: number
    readonly counterparty: string
    readonly reference: string
  }): Promise<'booked' | 'known' | 'no_account'>
  faults: FundFaults
}

const PAGE = 500

export function createFundDesk(room: FundDeskRoom): FundDesk {
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <Result>(act: () => Promise<Result>): Promise<Result> => {
    const result = last.then(act)
    last = result.catch(() => undefined)
    return result
  }
  const desk: FundDesk = {
    faults: noFundFaults,
    turn: () =>
      inTurn(async () => {
        await carryDebits(room)
        for (const account of room.accounts) {
          await takePayoutFiles(room, account, desk.faults)
          await mendResults(room, account)
          await writeStatements(room, account)
        }
      }),
    deposit: ({ depositId, ...money }) =>
      inTurn(async () => {
        const isOurs = room.accounts.some(({ issuerCode }) => issuerCode === money.issuerCode)
        if (!isOurs) return 'no_account'
        const entry = { kind: 'money', at: room.clock(), ...money } as const
        return (await record(room, { ...entry, cause: `deposit:${depositId}` }))
          ? 'booked'
          : 'known'
      }),
  }
  return desk
}

/** Added and on disk; false where it was there. */
async function record({ books, journal }: FundDeskRoom, entry: NewFundEntry): Promise<boolean> {
  const added = books.add(entry)
  if (added !== undefined) journal.append(added)
  await journal.durable()
  return added !== undefined
}

/** What buyers paid is the fund's, and what they got back is not. */
async function carryDebits(room: FundDeskRoom): Promise<void> {
  const { bank, books, accounts } = room
  const codes = new Map(accounts.map(({ issuerId, issuerCode }) => [issuerId, issuerCode]))
  for (;;) {
    const page = bank.page(books.carriedThrough(), PAGE)
    for (const entry of page) {
      if (entry.kind === 'closure' || entry.kind === 'acceptance' || entry.refusal !== null)
        continue
      const debit = entry.kind === 'refund' ? bank.standing(entry.debitId) : entry
      const issuerCode = debit?.kind === 'debit' ? codes.get(debit.memo) : undefined
      if (issuerCode === undefined) continue
      await record(room, {
        kind: 'money',
        at: entry.at,
        issuerCode,
        amountWon: entry.kind === 'refund' ? 0 - entry.amountWon : entry.amountWon,
        counterparty: '상품권 구매',
        reference: entry.debitId,
        cause: `bank:${entry.sequence}`,
      })
    }
    const through = page.at(-1)?.sequence
    if (through === undefined) return
    await record(room, { kind: 'carried', at: room.clock(), through })
    if (page.length < PAGE) return
  }
}

async function takePayoutFiles(
  room: FundDeskRoom,
  account: FundAccount,
  faults: FundFaults,
): Promise<void> {
  const { issuerCode } = account
  const folder = join(room.exchange, issuerCode, 'to-partner')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of (await readdir(folder)).toSorted()) {
    const named = readFileName(name)
    if (named?.kind !== 'payout' || room.books.hasFile(name)) continue
    const reading = payoutFormat(account.payoutFormat).read(await readFile(join(folder, name)))
    if (!reading.ok) {
      console.error(`${name} cannot be read: ${JSON.stringify(reading.problems.slice(0, 3))}`)
      continue
    }
    const { content } = reading
    if (room.clock() < content.header.madeAt + faults.lateMs) continue
    const result = await payOut(room, account, { name, content, faults })
    await writeResult(room, account, { result, isWrong: faults.wrongTotal })
    if (faults.duplicateResult) {
      const header = { ...result.header, part: result.header.part + 1 }
      await writeResult(room, account, { result: { ...result, header }, isWrong: false })
    }
    await record(room, { kind: 'file', at: room.clock(), issuerCode, name })
  }
}

/** Books each payout once, however often the file is met before it counts as taken. */
async function payOut(
  room: FundDeskRoom,
  { issuerCode, payoutEntries }: FundAccount,
  file: { readonly name: string; readonly content: PayoutFile; readonly faults: FundFaults },
): Promise<PayoutResult> {
  const { name, content, faults } = file
  const at = room.clock()
  const { bankCode, date, sequence } = content.header
  const lines: PayoutResult['lines'][number][] = []
  const book = (amountWon: number, counterparty: string, reference: string, cause: string) =>
    record(room, { kind: 'money', at, issuerCode, amountWon, counterparty, reference, cause })
  if (payoutEntries === 'file') {
    const totalWon = content.lines.reduce((sum, { amountWon }) => sum + amountWon, 0)
    await book(0 - totalWon, '지급 합계', name, `file:${name}`)
  }
  for (const { payoutId, attempt, amountWon, accountNumber, holderName } of content.lines) {
    const cause = `${name}/${payoutId}`
    const reference = payoutEntries === 'file' ? name : payoutId
    if (payoutEntries === 'each') await book(0 - amountWon, holderName, reference, `pay:${cause}`)
    const reason = returnReason(faults, accountNumber)
    if (reason !== undefined) await book(amountWon, '반환', reference, `return:${cause}`)
    const result = reason === undefined ? 'paid' : 'returned'
    const told = { payoutId, attempt, amountWon, result, doneAt: at } as const
    lines.push({ ...told, reason: reason ?? PAID_REASON })
  }
  return { header: { bankCode, issuerCode, date, sequence, part: 1, madeAt: at }, lines }
}

function returnReason({ returnEndings }: FundFaults, accountNumber: string): string | undefined {
  const found = Object.entries(returnEndings).find(([ending]) => accountNumber.endsWith(ending))
  return found?.[1]
}

async function writeResult(
  room: FundDeskRoom,
  account: FundAccount,
  { result, isWrong }: { readonly result: PayoutResult; readonly isWrong: boolean },
): Promise<void> {
  const { issuerCode, payoutFormat: format } = account
  const { date, sequence, part } = result.header
  const name = formatFileName({ kind: 'result', issuerCode, date, sequence, part }, format)
  const { writeResult: write } = payoutFormat(format)
  const right = await keep(room, account, { name, bytes: write(result) })
  const bytes = isWrong ? withTrailerOf(write(withoutLast(result)), right) : right
  await give(room, issuerCode, { name, bytes })
}

const withoutLast = (result: PayoutResult): PayoutResult => ({
  ...result,
  lines: result.lines.slice(0, -1),
})

const LINE_FEED = 0x0a

/** One file's lines with another's trailer. */
function withTrailerOf(bytes: Uint8Array, other: Uint8Array): Uint8Array {
  const start = (of: Uint8Array): number => of.lastIndexOf(LINE_FEED, of.length - 2) + 1
  return Buffer.concat([bytes.subarray(0, start(bytes)), other.subarray(start(other))])
}

/** The first bytes under a name stand: after a kill the platform may have taken them already. */
async function keep(
  room: FundDeskRoom,
  { issuerCode }: FundAccount,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<Uint8Array> {
  const folder = join(room.exchange, issuerCode, 'bank-copies')
  if (!existsSync(join(folder, name))) await writeWhole(folder, name, bytes)
  return readFile(join(folder, name))
}

/** A result that was refused is sent again as it should have been, once for each refusal. */
async function mendResults(room: FundDeskRoom, { issuerCode }: FundAccount): Promise<void> {
  const folder = join(room.exchange, issuerCode, 'to-partner')
  for (const name of await readdir(folder)) {
    const refused = name.endsWith('.refused.txt') ? name.slice(0, -'.refused.txt'.length) : ''
    if (readFileName(refused)?.kind !== 'result') continue
    // A duplicate is refused for good: nothing was told in it that is not known.
    if ((readFileName(refused)?.part ?? 0) === 1) {
      const copy = join(room.exchange, issuerCode, 'bank-copies', refused)
      await give(room, issuerCode, { name: refused, bytes: await readFile(copy) })
    }
    await rm(join(folder, name))
  }
}

/** Every day that is over and has no statement yet, in order. */
async function writeStatements(room: FundDeskRoom, account: FundAccount): Promise<void> {
  const { books, clock } = room
  const { issuerCode, bankCode, accountNumber, statementFormat: format } = account
  const first = books.firstDate(issuerCode)
  if (first === undefined) return
  for (let date = first; date < businessDate(clock()); date = nextDate(date)) {
    const name = statementName(issuerCode, date, format)
    if (books.hasFile(name)) continue
    const { openingWon, entries } = books.day(issuerCode, date)
    const madeAt = clock()
    const header = { bankCode, issuerCode, date, madeAt, accountNumber }
    const bytes = statementFormat(format).write({
      header: { ...header, openingWon: won(openingWon) },
      lines: entries.map((entry) => ({
        entryNumber: entryNumber(entry),
        bookedAt: entry.at,
        direction: entry.amountWon > 0 ? 'deposit' : 'withdrawal',
        amountWon: won(Math.abs(entry.amountWon)),
        counterparty: entry.counterparty,
        reference: entry.reference,
      })),
    })
    await give(room, issuerCode, { name, bytes })
    await record(room, { kind: 'file', at: madeAt, issuerCode, name })
  }
}

function statementName(issuerCode: string, date: BusinessDate, format: FileFormatName): string {
  return formatFileName({ kind: 'statement', issuerCode, date, sequence: 0, part: 0 }, format)
}

function nextDate(date: BusinessDate): BusinessDate {
  return businessDate(startOfBusinessDate(date) + DAY_MS)
}

function give(
  { exchange }: FundDeskRoom,
  issuerCode: string,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
): Promise<void> {
  return writeWhole(join(exchange, issuerCode, 'from-partner'), name, bytes)
}

/** Under a name that says that it is not whole, and then renamed. */
async function writeWhole(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const beside = join(folder, `.${name}.part`)
  const file = await open(beside, 'w', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(beside, join(folder, name))
}
