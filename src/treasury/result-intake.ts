/**
 * Results: what the bank says became of payouts. A result is held against the very file that was sent; it is recorded
 * with all its lines or refused with the bad ones named, and the ledger is moved line by line afterwards.
 */
import { parseId, sumWon, type PayoutId } from '../base/base.ts'
import type { FileProblem } from '../iso8583/iso8583.ts'
import { payoutFormat } from './files/file-formats.ts'
import { formatFileName, formatOfName } from './files/file-names.ts'
import type { PayoutFile, PayoutResult } from './files/treasury-files.ts'
import { stepId } from './payout-steps.ts'
import { headerProblems, refusedFile, type ArrivedFile, type TakenFile } from './taken-file.ts'
import type { TreasuryDeps, TreasuryRoom } from './treasury-deps.ts'
import type { OutcomeFacts, StoredFile } from './treasury-store.ts'

export async function takeResult(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  arrived: ArrivedFile,
): Promise<TakenFile> {
  const { store } = deps
  const { issuerId, now } = room
  const { name, bytes, named, sha256 } = arrived
  const known = await store.file(issuerId, name)
  if (known !== undefined) return knownFile(known, arrived)
  const reading = payoutFormat(formatOfName(name)).readResult(bytes)
  if (!reading.ok) return refusedFile(name, ...reading.problems)
  const result = reading.content
  const misfit = [...headerProblems(room, named, result.header), ...numberProblems(arrived, result)]
  if (misfit.length > 0) return refusedFile(name, ...misfit)
  const sent = await sentFile(deps, room, arrived)
  if (sent === undefined) {
    return refusedFile(name, {
      line: 1,
      field: 'sequence',
      expected: 'a payout file that was sent',
    })
  }
  if (named.part > 1 && !(await isPartKnown(deps, room, arrived))) return { status: 'later', name }
  const outcomes = result.lines.map((line) => outcomeOf(deps, room, { line, sent }))
  const problems = [
    ...lineProblems(result, sent.content),
    ...(await contradictions(deps, room, outcomes)),
  ]
  if (problems.length > 0) return refusedFile(name, ...problems)
  const amountWon = sumWon(result.lines.map((line) => line.amountWon))
  const file = { ...fileFacts(arrived), bytes, sha256, lines: result.lines.length, amountWon }
  await store.recordResult(issuerId, file, outcomes, now)
  return { status: 'taken', name, known: false, lines: result.lines.length }
}

export function knownFile(known: StoredFile, { name, sha256 }: ArrivedFile): TakenFile {
  if (known.sha256 === sha256) return { status: 'taken', name, known: true, lines: known.lines }
  return refusedFile(name, { line: 0, field: null, expected: 'a name that no other file has had' })
}

export function fileFacts({ name, named }: ArrivedFile) {
  const { kind, date, sequence, part } = named
  return { name, kind, date, sequence, part }
}

function numberProblems({ named }: ArrivedFile, { header }: PayoutResult): readonly FileProblem[] {
  return (['sequence', 'part'] as const)
    .filter((field) => header[field] !== named[field])
    .map((field) => ({ line: 1, field, expected: `${named[field]}, as the name says` }))
}

interface SentFile {
  readonly name: string
  readonly content: PayoutFile
}

/** The payout file that the result names, as it was sent. */
async function sentFile(
  { store }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  { named }: ArrivedFile,
): Promise<SentFile | undefined> {
  const { issuerCode, date, sequence } = named
  for (const format of ['telegram', 'csv_utf8'] as const) {
    const name = formatFileName({ kind: 'payout', issuerCode, date, sequence, part: 0 }, format)
    const file = await store.file(issuerId, name)
    const bytes = file?.state === 'done' ? await store.fileBytes(issuerId, name) : undefined
    const reading = bytes && payoutFormat(format).read(bytes)
    if (reading?.ok === true) return { name, content: reading.content }
  }
  return undefined
}

async function isPartKnown(
  { store }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  { name, named }: ArrivedFile,
): Promise<boolean> {
  const before = formatFileName({ ...named, part: named.part - 1 }, formatOfName(name))
  return (await store.file(issuerId, before)) !== undefined
}

function outcomeOf(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  { line, sent }: { readonly line: PayoutResult['lines'][number]; readonly sent: SentFile },
): OutcomeFacts {
  const { attempt, result, reason, amountWon, doneAt } = line
  // Of what is no payout's id nothing comes: `lineProblems` finds it in no file.
  const payoutId = parseId('pay', line.payoutId) ?? (0 as PayoutId)
  const kind = result === 'paid' ? 'payout_confirmation' : 'payout_return'
  const operationId = stepId(deps, room, kind, { payoutId, attempt })
  return {
    payoutId,
    attempt,
    result,
    reason,
    amountWon,
    payoutFile: sent.name,
    doneAt,
    operationId,
  }
}

/** Every line is one of the payout file, with its attempt and amount. */
function lineProblems(result: PayoutResult, sent: PayoutFile): readonly FileProblem[] {
  const told = new Map(sent.lines.map((line) => [line.payoutId, line]))
  return result.lines.flatMap(({ payoutId, attempt, amountWon }, index) => {
    const line = index + 2
    const payout = told.get(payoutId)
    if (payout === undefined) {
      return [{ line, field: 'payoutId', expected: 'a payout of the file that was sent' }]
    }
    const problems: FileProblem[] = []
    if (attempt !== payout.attempt) {
      problems.push({ line, field: 'attempt', expected: `${payout.attempt}` })
    }
    if (amountWon !== payout.amountWon) {
      problems.push({ line, field: 'amountWon', expected: 'the amount that was to be paid' })
    }
    return problems
  })
}

/** What was told of an attempt stands; telling it again in another file is one too many. */
async function contradictions(
  { store }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  outcomes: readonly OutcomeFacts[],
): Promise<readonly FileProblem[]> {
  const ids = outcomes.map(({ payoutId }) => payoutId).filter((payoutId) => payoutId > 0)
  const known = new Set(
    (await store.outcomesOf(issuerId, ids)).map((one) => `${one.payoutId}/${one.attempt}`),
  )
  return outcomes.flatMap(({ payoutId, attempt }, index) =>
    known.has(`${payoutId}/${attempt}`)
      ? [{ line: index + 2, field: 'payoutId', expected: 'a payout that nothing was told of' }]
      : [],
  )
}
