/**
 * Statements: what moved the fund's account on a day, by the bank. Days follow one another by their balances, so none
 * can be missing; an entry is told once for ever.
 */
import { addBusinessDays, businessDate, startOfBusinessDate, won, nextDate } from '../base/base.ts'
import type { FileProblem } from '../iso8583/iso8583.ts'
import { closeSettled } from './case-closing.ts'
import { statementFormat } from './files/file-formats.ts'
import { formatOfName } from './files/file-names.ts'
import { linesOfOtherDays, type BankStatement } from './files/treasury-files.ts'
import { fileFacts, knownFile } from './result-intake.ts'
import { headerProblems, refusedFile, type ArrivedFile, type TakenFile } from './taken-file.ts'
import type { TreasuryDeps, TreasuryRoom } from './treasury-deps.ts'
import type { EntryFacts } from './treasury-store.ts'

export async function takeStatement(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  arrived: ArrivedFile,
): Promise<TakenFile> {
  const { store } = deps
  const { issuerId, now } = room
  const { name, bytes, named, sha256 } = arrived
  const known = await store.file(issuerId, name)
  if (known !== undefined) return knownFile(known, arrived)
  const reading = statementFormat(formatOfName(name)).read(bytes)
  if (!reading.ok) return refusedFile(name, ...reading.problems)
  const statement = reading.content
  const misfit = [
    ...headerProblems(room, named, statement.header),
    ...accountProblems(room, statement),
    ...dayProblems(room, statement),
  ]
  if (misfit.length > 0) return refusedFile(name, ...misfit)
  const newest = await store.newestStatement(issuerId)
  if (newest !== undefined && named.date <= newest.date) {
    return refusedFile(name, { line: 1, field: 'date', expected: `a day after ${newest.date}` })
  }
  const { openingWon } = statement.header
  if (newest !== undefined && openingWon !== newest.closingWon) {
    // The day between, which explains the balance, may still be on its way.
    if (named.date > nextDate(newest.date)) return { status: 'later', name }
    const expected = `${newest.closingWon}, the closing balance of ${newest.date}`
    return refusedFile(name, { line: 1, field: 'openingWon', expected })
  }
  const told = await toldBefore(deps, room, statement)
  if (told.length > 0) return refusedFile(name, ...told)
  const entries = statement.lines.map(entryOf)
  const closingWon = entries.reduce((sum, { amountWon }) => won(sum + amountWon), openingWon)
  const lines = entries.length
  const file = { ...fileFacts(arrived), bytes, sha256, lines, amountWon: closingWon }
  const recorded = { date: named.date, openingWon, closingWon, entries }
  await store.recordStatement(issuerId, file, recorded, now)
  return { status: 'taken', name, known: false, lines }
}

function entryOf(line: BankStatement['lines'][number]): EntryFacts {
  const { entryNumber, bookedAt, direction, amountWon, counterparty, reference } = line
  const signed = direction === 'deposit' ? amountWon : won(0 - amountWon)
  return { entryNumber, bookedAt, amountWon: signed, counterparty, reference }
}

function accountProblems(
  { rules }: TreasuryRoom,
  { header }: BankStatement,
): readonly FileProblem[] {
  const { fundAccounts } = rules
  if (fundAccounts.length === 0 || fundAccounts.includes(header.accountNumber)) return []
  return [{ line: 1, field: 'accountNumber', expected: 'an account of the operating fund' }]
}

/** A day that is not over cannot be told. */
function dayProblems({ now }: TreasuryRoom, statement: BankStatement): readonly FileProblem[] {
  const problems: FileProblem[] = linesOfOtherDays(statement).map((line) => ({
    line,
    field: 'bookedAt',
    expected: 'a time of the day that the statement is about',
  }))
  if (statement.header.date >= businessDate(now)) {
    problems.push({ line: 1, field: 'date', expected: 'a day that is over' })
  }
  return problems
}

async function toldBefore(
  { store }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  { lines }: BankStatement,
): Promise<readonly FileProblem[]> {
  const numbers = lines.map(({ entryNumber }) => entryNumber)
  const known = new Set(await store.knownEntries(issuerId, numbers))
  return numbers.flatMap((number, index) =>
    known.has(number)
      ? [{ line: index + 2, field: 'entryNumber', expected: 'an entry that was not told before' }]
      : [],
  )
}

/** A case for a day whose statement has not come by the end of the next business day; closed when it comes. */
export async function watchStatements(deps: TreasuryDeps, room: TreasuryRoom): Promise<boolean> {
  const { issuerId, now } = room
  const newest = await deps.store.newestStatement(issuerId)
  const missing = newest === undefined ? undefined : nextDate(newest.date)
  const isLate =
    missing !== undefined && addBusinessDays(missing, 1, deps.holidays) < businessDate(now)
  if (isLate) {
    await deps.casebook.openCase({
      issuerId,
      caseKind: 'statement_late',
      subject: missing,
      owner: 'operator',
      facts: { day: missing },
      dueAt: startOfBusinessDate(addBusinessDays(businessDate(now), 1, deps.holidays)),
    })
  }
  await closeSettled(deps, room, {
    kinds: ['statement_late'],
    isSettled: (subject) => newest !== undefined && subject <= newest.date,
    resolution: '거래내역 도착 · the statement has come',
  })
  return isLate
}
