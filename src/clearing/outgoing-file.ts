/**
 * Files that we give out. What is meant for a file is marked with its name first; then the file is written, kept, and
 * recorded, and from then on its contents stand; then it is put where the partner fetches it; then its record is done.
 */
import { OPERATOR, assert, Fault, sumWon, type Instant, type Won } from '../base/base.ts'
import type { Partner } from '../registration/registration.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import {
  changeFile,
  done,
  fileOfName,
  openFiles,
  recordFile,
  type FileRecord,
  type OutgoingKind,
} from './file-records.ts'
import { cardFiles, type FileLines } from './files/card-files.ts'
import { writeCardFile } from './files/file-codec.ts'
import { hashOf } from './incoming-file.ts'

export interface GivenFile {
  readonly name: string
  readonly lines: number
  readonly sumWon: Won
}

/** A file that was recorded and perhaps not given out. */
export async function begunFile(
  deps: ClearingDeps,
  { partnerId }: Partner,
  kind: OutgoingKind,
): Promise<FileRecord | undefined> {
  const files = await openFiles(deps, OPERATOR, partnerId)
  return files.find(({ body }) => body.fileKind === kind)
}

/** Writes, keeps and records; from here on nothing more comes into the file. */
export async function recordOutgoing<Kind extends OutgoingKind>(
  deps: ClearingDeps,
  partner: Partner,
  file: {
    readonly kind: Kind
    readonly name: string
    readonly lines: readonly FileLines[Kind][]
  },
): Promise<FileRecord> {
  const { kind, name, lines } = file
  const key = fileOfName(partner, name)
  const madeAt: Instant = deps.clock()
  const { code: partnerCode, nameKo: partnerName } = partner
  const { date, sequence } = key
  const header = { partnerCode, partnerName, date, sequence, madeAt }
  const bytes = writeCardFile(kind, { header, lines })
  const sha256 = hashOf(deps.sha256, bytes)
  await deps.files.keep(sha256, bytes)
  return recordFile(deps, OPERATOR, {
    ...key,
    sha256,
    lines: lines.length,
    sumWon: sumWon(lines.map((line) => cardFiles[kind].amountOf(line))),
    differences: 0,
    facts: { name, madeAt },
    state: 'taken',
  })
}

export async function giveOut(
  deps: ClearingDeps,
  partner: Partner,
  { body }: FileRecord,
): Promise<GivenFile> {
  const bytes = await deps.files.kept(body.sha256)
  if (bytes === undefined) throw new Fault('clearing_file_missing', `${body.sha256} is not kept`)
  const name = body.facts['name']
  assert(typeof name === 'string', 'a file that is given out has a name')
  await deps.files.give(partner.code, name, bytes)
  await changeFile(deps, OPERATOR, body, done)
  return { name, lines: body.lines, sumWon: body.sumWon }
}
