/**
 * Takes a card company's file in: read whole, held against its name and against what came before, kept under its hash,
 * recorded once. What is done with its lines is each kind's own business and may be repeated.
 */
import {
  assert,
  businessDate,
  Fault,
  sumWon,
  type BusinessDate,
  type Sha256,
  hexOf,
  OPERATOR,
} from '../base/base.ts'
import type { FileProblem } from '../iso8583/iso8583.ts'
import type { CardFileKind, Partner } from '../registration/registration.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { findFile, recordFile, type FileRecord } from './file-records.ts'
import { cardFiles } from './files/card-files.ts'
import {
  readFileName,
  readingCardFile,
  type FileContent,
  type FileName,
  type FileReading,
} from './files/file-codec.ts'

export const incomingKinds = ['clearing', 'incident', 'refund_result'] as const
export type IncomingKind = (typeof incomingKinds)[number]

export interface IncomingFile {
  readonly partner: Partner
  readonly name: string
  readonly bytes: Uint8Array
}

export type TakenFile =
  /** Recorded; `known` where the very same file had been taken before: repeating brought about nothing. */
  | {
      readonly status: 'taken'
      readonly kind: IncomingKind
      readonly name: string
      readonly known: boolean
      readonly lines: number
      /** Lines that somebody has to look at. */
      readonly differences: number
      /** Lines that may still find their counterpart. */
      readonly waiting: number
    }
  /** Left where it is: a file with a smaller number has to come first. */
  | { readonly status: 'later'; readonly name: string }
  | {
      readonly status: 'refused'
      readonly name: string
      readonly problems: readonly FileProblem[]
    }

/** A file that stands in the books. */
export interface RecordedFile<Kind extends CardFileKind> {
  readonly record: FileRecord
  readonly content: FileContent<Kind>
  readonly known: boolean
}

export type Intake<Kind extends CardFileKind> =
  | ({ readonly status: 'recorded' } & RecordedFile<Kind>)
  | Extract<TakenFile, { readonly status: 'later' | 'refused' }>

export function hashOf(sha256: Sha256, bytes: Uint8Array): string {
  return hexOf(sha256(bytes))
}

/** The kind that a name tells; `undefined` for names that no file of a card company's bears. */
export function incomingKind(name: string): IncomingKind | undefined {
  const kind = readFileName(name)?.kind
  return incomingKinds.find((each) => each === kind)
}

export async function takeIn<Kind extends IncomingKind>(
  deps: ClearingDeps,
  kind: Kind,
  { partner, name, bytes }: IncomingFile,
): Promise<Intake<Kind>> {
  const named = readFileName(name)
  if (named === undefined || named.kind !== kind) {
    return refuse(
      name,
      0,
      null,
      `a name such as ${cardFiles[kind].letters}-hanbit-20261122-0001.dat`,
    )
  }
  const reading = await readInTurns(deps, kind, bytes)
  if (!reading.ok) return { status: 'refused', name, problems: reading.problems }
  const { content } = reading
  const misfit = headerProblems({ ...named, partnerCode: partner.code }, content, {
    today: businessDate(deps.clock()),
    namedFor: named.partnerCode,
  })
  if (misfit.length > 0) return { status: 'refused', name, problems: misfit }
  const { partnerId } = partner
  const key = { partnerId, fileKind: kind, date: named.date, sequence: named.sequence }
  const sha256 = hashOf(deps.sha256, bytes)
  const known = await findFile(deps, OPERATOR, key)
  if (known === undefined && named.sequence > 1) {
    const before = await findFile(deps, OPERATOR, { ...key, sequence: named.sequence - 1 })
    if (before === undefined) return { status: 'later', name }
  }
  await deps.files.keep(sha256, bytes)
  const record = await recordFile(deps, OPERATOR, {
    ...key,
    sha256,
    lines: content.lines.length,
    sumWon: sumWon(content.lines.map((line) => cardFiles[kind].amountOf(line))),
    differences: 0,
    facts: { name, takenAt: deps.clock() },
    state: 'taken',
  })
  if (record.body.sha256 !== sha256) {
    return refuse(name, 1, 'sequence', 'a number that no other file of the date has had')
  }
  return { status: 'recorded', record, content, known: known !== undefined }
}

/** A file whose record says that it was taken, read once more. */
export async function keptFile<Kind extends IncomingKind>(
  deps: ClearingDeps,
  kind: Kind,
  record: FileRecord,
): Promise<FileContent<Kind>> {
  const bytes = await deps.files.kept(record.body.sha256)
  if (bytes === undefined)
    throw new Fault('clearing_file_missing', `${record.body.sha256} is not kept`)
  const reading = await readInTurns(deps, kind, bytes)
  assert(reading.ok, 'what was taken can be read again')
  return reading.content
}

async function readInTurns<Kind extends CardFileKind>(
  deps: ClearingDeps,
  kind: Kind,
  bytes: Uint8Array,
): Promise<FileReading<Kind>> {
  const steps = readingCardFile(kind, bytes)
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await deps.pause()
  }
}

/** Name and header tell the same, of this partner and of a day that has come. */
function headerProblems(
  named: FileName,
  { header }: FileContent<CardFileKind>,
  given: { readonly today: BusinessDate; readonly namedFor: string },
): readonly FileProblem[] {
  const { partnerCode, date, sequence } = named
  const right = { partnerCode, date, sequence }
  const problems: FileProblem[] = []
  if (given.namedFor !== partnerCode) {
    problems.push({ line: 0, field: null, expected: `a file of ${partnerCode}` })
  }
  for (const field of ['partnerCode', 'date', 'sequence'] as const) {
    if (header[field] === right[field]) continue
    problems.push({ line: 1, field, expected: `${right[field]}, as the name says` })
  }
  if (date > given.today) problems.push({ line: 1, field: 'date', expected: 'a day that has come' })
  return problems
}

function refuse(
  name: string,
  line: number,
  field: string | null,
  expected: string,
): Extract<TakenFile, { readonly status: 'refused' }> {
  return { status: 'refused', name, problems: [{ line, field, expected }] }
}
