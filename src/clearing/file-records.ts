/** The records of files: which were taken in, which were given out, and what still has to be done about each. */
import {
  assert,
  businessDate,
  type BusinessDate,
  type IssuerId,
  type PartnerId,
  OPERATOR,
} from '../base/base.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  recordOf,
  type CaseBody,
  type CaseKind,
  type Change,
  type ClearingFileBody,
  type ConversionBody,
  type Partner,
  type RecordBodies,
  type RecordOf,
} from '../registration/registration.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { formatFileName, readFileName } from './files/file-codec.ts'

export type FileRecord = RecordOf<'clearing_file'>
export type OutgoingKind = 'settlement' | 'refund'

const PAGE = 500

/** Newest versions of an issuer's records in a state, oldest record first. */
async function listed<Kind extends 'case' | 'conversion' | 'clearing_file'>(
  { registry }: ClearingDeps,
  issuerId: IssuerId,
  kind: Kind,
  state: RecordBodies[Kind]['state'],
): Promise<readonly RecordOf<Kind>[]> {
  const found: RecordOf<Kind>[] = []
  for (;;) {
    const before = found.at(-1)?.recordId
    const page = await registry.list(issuerId, kind, {
      state,
      limit: PAGE,
      ...(before === undefined ? {} : { before }),
    })
    found.push(...page.map((stored) => recordOf(kind, stored)))
    if (page.length < PAGE) return found.toReversed()
  }
}

export async function openFiles(
  deps: ClearingDeps,
  issuerId: IssuerId,
  partnerId: PartnerId,
): Promise<readonly FileRecord[]> {
  const files = await listed(deps, issuerId, 'clearing_file', 'taken')
  return files.filter(({ body }) => body.partnerId === partnerId)
}

export async function openCases(
  deps: ClearingDeps,
  issuerId: IssuerId,
  kinds: readonly CaseKind[],
): Promise<readonly { readonly recordId: number; readonly body: CaseBody }[]> {
  const cases = await listed(deps, issuerId, 'case', 'open')
  return cases.filter(({ body }) => kinds.includes(body.caseKind))
}

export async function openConversions(
  deps: ClearingDeps,
  issuerId: IssuerId,
): Promise<readonly ConversionBody[]> {
  return (await listed(deps, issuerId, 'conversion', 'open')).map(({ body }) => body)
}

/** Issuers whose books may hold something of cards, and the operator's own. */
export function allBooks(deps: ClearingDeps): readonly IssuerId[] {
  return [...deps.issuers().map(({ issuerId }) => issuerId), OPERATOR]
}

export interface FileKey {
  readonly partnerId: PartnerId
  readonly fileKind: ClearingFileBody['fileKind']
  readonly date: BusinessDate
  readonly sequence: number
}

function keyOf({ fileKind, partnerId, date, sequence }: FileKey): string {
  return naturalKey.cardFile(fileKind, partnerId, date, sequence)
}

export function findFile(
  deps: ClearingDeps,
  issuerId: IssuerId,
  key: FileKey,
): Promise<FileRecord | undefined> {
  return findRecord(deps.registry, issuerId, 'clearing_file', keyOf(key))
}

/** The record of a file, written now where there is none; whether it is of the same file is the caller's to see. */
export async function recordFile(
  deps: ClearingDeps,
  issuerId: IssuerId,
  body: ClearingFileBody,
): Promise<FileRecord> {
  const decide = async (): Promise<Change<FileRecord>> => {
    const known = await findFile(deps, issuerId, body)
    if (known !== undefined) return { answer: known }
    const record = { recordId: deps.ids.next('cas'), version: 1, body }
    const records = [newRecord('clearing_file', { ...record, keys: [keyOf(body)] })]
    return { answer: record, by: 'system', records }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

/** Decides anew on a conflict. @param change gives the next body, or `undefined` where it is as it should be */
export async function changeFile(
  deps: ClearingDeps,
  issuerId: IssuerId,
  key: FileKey,
  change: (body: ClearingFileBody) => ClearingFileBody | undefined,
): Promise<FileRecord> {
  const decide = async (): Promise<Change<FileRecord>> => {
    const known = await findFile(deps, issuerId, key)
    assert(known !== undefined, 'a file that is changed was recorded')
    const body = change(known.body)
    if (body === undefined) return { answer: known }
    const next = { recordId: known.recordId, version: known.version + 1, body }
    return { answer: next, by: 'system', records: [newRecord('clearing_file', next)] }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

export const done = (body: ClearingFileBody): ClearingFileBody | undefined =>
  body.state === 'done' ? undefined : { ...body, state: 'done' }

/** Files of one partner, kind and date, in the order of their numbers. */
export async function filesOfDate(
  deps: ClearingDeps,
  issuerId: IssuerId,
  key: Omit<FileKey, 'sequence'>,
): Promise<readonly FileRecord[]> {
  const files: FileRecord[] = []
  for (let sequence = 1; ; sequence += 1) {
    const file = await findFile(deps, issuerId, { ...key, sequence })
    if (file === undefined) return files
    files.push(file)
  }
}

/**
 * The name of the file that is being filled: the one that something is meant for already, or today's next. Things are
 * meant for a file only while it has no record; from its record on its contents stand.
 */
export async function nextFileName(
  deps: ClearingDeps,
  partner: Partner,
  kind: OutgoingKind,
  meant: readonly (string | null)[],
): Promise<string> {
  for (const name of meant) {
    const file = name === null ? undefined : fileOfName(partner, name)
    if (file?.fileKind !== kind) continue
    if ((await findFile(deps, OPERATOR, file)) === undefined) return name!
  }
  const date = businessDate(deps.clock())
  const { code: partnerCode, partnerId } = partner
  const before = await filesOfDate(deps, OPERATOR, { partnerId, fileKind: kind, date })
  return formatFileName({ kind, partnerCode, date, sequence: before.length + 1 })
}

export function fileOfName(partner: Partner, name: string): FileKey {
  const read = readFileName(name)
  assert(read !== undefined && read.partnerCode === partner.code, 'a name that we gave a file')
  const { kind: fileKind, date, sequence } = read
  return { partnerId: partner.partnerId, fileKind, date, sequence }
}
