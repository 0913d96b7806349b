/** The use cases of clearing. Each may be killed at any point and asked again: it goes on where it was. */
import {
  OPERATOR,
  parseBusinessDate,
  unreachable,
  type BusinessDate,
  type IssuerId,
} from '../base/base.ts'
import type { Partner } from '../registration/registration.ts'
import { clearingCaseKinds } from './clearing-cases.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { runConversions, type ConversionTurn } from './conversions.ts'
import { matchDate } from './date-matching.ts'
import { allBooks, openCases, openFiles } from './file-records.ts'
import { releaseOldHolds } from './holds.ts'
import { takeIncidentFile } from './incidents.ts'
import { incomingKind, takeIn, type IncomingFile, type TakenFile } from './incoming-file.ts'
import type { GivenFile } from './outgoing-file.ts'
import { takeRefundResults, writeRefundFile } from './refunds.ts'
import { reopenDate, settle } from './settlement.ts'

export interface MatchedDate {
  readonly date: BusinessDate
  readonly differences: number
  readonly waiting: number
}

/** All methods throw Faults; repeating is harmless. */
export interface Clearing {
  /** A file of the card company's, by its name: clearing, incident or refund result. */
  takeFile(file: IncomingFile): Promise<TakenFile>
  takeClearingFile(file: IncomingFile): Promise<TakenFile>
  takeIncidentFile(file: IncomingFile): Promise<TakenFile>
  takeRefundResultFile(file: IncomingFile): Promise<TakenFile>
  /** Matches again what has not been settled yet or still differs. */
  matchOpenDates(partner: Partner): Promise<readonly MatchedDate[]>
  /** Whose books conversions and holds are looked for in: every issuer's, and the operator's own. */
  books(): readonly IssuerId[]
  runConversions(issuerId: IssuerId): Promise<ConversionTurn>
  /** `undefined` where nothing waits. */
  writeRefundFile(partner: Partner): Promise<GivenFile | undefined>
  writeSettlementFile(partner: Partner): Promise<GivenFile | undefined>
  releaseOldHolds(issuerId: IssuerId): Promise<number>
}

export function createClearing(deps: ClearingDeps): Clearing {
  const clearing: Clearing = {
    async takeFile(file) {
      const kind = incomingKind(file.name)
      switch (kind) {
        case 'clearing':
          return clearing.takeClearingFile(file)
        case 'incident':
          return clearing.takeIncidentFile(file)
        case 'refund_result':
          return clearing.takeRefundResultFile(file)
        case undefined: {
          const expected = 'a name such as CL-hanbit-20261122-0001.dat'
          const problems = [{ line: 0, field: null, expected }]
          return { status: 'refused', name: file.name, problems }
        }
        default:
          return unreachable(kind)
      }
    },
    takeClearingFile: (file) => takeClearingFile(deps, file),
    takeIncidentFile: (file) => takeIncidentFile(deps, file),
    takeRefundResultFile: (file) => takeRefundResults(deps, file),
    matchOpenDates: (partner) => matchOpenDates(deps, partner),
    books: () => allBooks(deps),
    runConversions: (issuerId) => runConversions(deps, issuerId),
    writeRefundFile: (partner) => writeRefundFile(deps, partner),
    writeSettlementFile: (partner) => settle(deps, partner),
    releaseOldHolds: (issuerId) => releaseOldHolds(deps, issuerId),
  }
  return clearing
}

async function takeClearingFile(deps: ClearingDeps, file: IncomingFile): Promise<TakenFile> {
  const intake = await takeIn(deps, 'clearing', file)
  if (intake.status !== 'recorded') return intake
  const { record, content, known } = intake
  const { partner, name } = file
  const { date } = record.body
  const { differences, waiting } = await matchAndReopen(deps, partner, date)
  const { length: lines } = content.lines
  return { status: 'taken', kind: 'clearing', name, known, lines, differences, waiting }
}

async function matchAndReopen(
  deps: ClearingDeps,
  partner: Partner,
  date: BusinessDate,
): Promise<MatchedDate> {
  const { sums, differences, waiting } = await matchDate(deps, partner, date)
  await reopenDate(deps, partner, { date, sums })
  return { date, differences, waiting }
}

async function matchOpenDates(
  deps: ClearingDeps,
  partner: Partner,
): Promise<readonly MatchedDate[]> {
  const { partnerId } = partner
  const dates = new Set<BusinessDate>()
  for (const { body } of await openFiles(deps, OPERATOR, partnerId)) {
    if (body.fileKind === 'clearing') dates.add(body.date)
  }
  for (const issuerId of allBooks(deps)) {
    for (const { body } of await openCases(deps, issuerId, clearingCaseKinds)) {
      const date = parseBusinessDate(String(body.facts['date']))
      if (body.facts['partnerId'] === partnerId && date !== undefined) dates.add(date)
    }
  }
  const matched: MatchedDate[] = []
  for (const date of [...dates].toSorted()) {
    matched.push(await matchAndReopen(deps, partner, date))
  }
  return matched
}
