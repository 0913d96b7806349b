/**
 * Matches one business date of a card company: all its files of that date against the ledgers of all issuers.
 * Differences become cases, each once; a case whose cause has gone is closed. Repeating it finds the same, or less.
 */
import { OPERATOR, won, type BusinessDate, type IssuerId, type OperationId } from '../base/base.ts'
import { cardKeyText } from '../cards/cards.ts'
import type { CardBooking, RecordedOperation } from '../ledger/ledger.ts'
import type { CaseBody, Partner } from '../registration/registration.ts'
import { createDifferences, type Differences } from './clearing-cases.ts'
import { forEachInTurns, type ClearingDeps } from './clearing-deps.ts'
import { filesOfDate, type FileRecord } from './file-records.ts'
import { keptFile } from './incoming-file.ts'
import type { ClearingLine } from './files/line-layouts.ts'
import {
  bearsOurCode,
  clearedLine,
  lineIds,
  lineWon,
  matchIssuer,
  nothingCleared,
  plusLine,
  type ClearedLine,
  type ClearedSums,
} from './matching.ts'

export interface DateMatching {
  readonly sums: ReadonlyMap<IssuerId, ClearedSums>
  readonly differences: number
  readonly waiting: number
}

/** Everything that is known while one date is matched. */
interface Run {
  readonly deps: ClearingDeps
  readonly partner: Partner
  readonly date: BusinessDate
  readonly files: readonly FileRecord[]
  /** Lines by the ids of what was booked under their keys. */
  readonly lines: ReadonlyMap<OperationId, ClearedLine>
  readonly sums: Map<IssuerId, ClearedSums>
  readonly differences: Differences
}

const PAGE = 500
/** Each has more than ten ids. */
const LINES_A_FIND = 20

export async function matchDate(
  deps: ClearingDeps,
  partner: Partner,
  date: BusinessDate,
): Promise<DateMatching> {
  const { partnerId } = partner
  const files = await filesOfDate(deps, OPERATOR, { partnerId, fileKind: 'clearing', date })
  const cleared = await readLines(deps, partner, files)
  const booked = await readOperations(deps, { partnerId, businessDate: date })
  const run: Run = {
    deps,
    partner,
    date,
    files,
    lines: await indexLines(deps, cleared, booked),
    sums: new Map(),
    differences: createDifferences(deps, partner, date),
  }
  const found = new Set<ClearedLine>()
  for (const [issuerId, operations] of booked) {
    for (const line of await matchIssuerOf(run, issuerId, operations)) found.add(line)
  }
  const waiting = await lookElsewhere(
    run,
    cleared.filter((line) => !found.has(line)),
  )
  const differences = await run.differences.finish()
  return { sums: run.sums, differences, waiting }
}

/** Of two lines of one key the later file's counts: it is the correction. */
async function readLines(
  deps: ClearingDeps,
  partner: Partner,
  files: readonly FileRecord[],
): Promise<readonly ClearedLine[]> {
  const byName = new Map<OperationId, ClearedLine>()
  const take = (line: ClearingLine): void => {
    const cleared = clearedLine(partner.partnerId, line, deps.sha256)
    byName.set(cleared.subject, cleared)
  }
  for (const file of files) {
    const { lines } = await keptFile(deps, 'clearing', file)
    await forEachInTurns(deps, lines, take)
  }
  return [...byName.values()]
}

type Booked = ReadonlyMap<IssuerId, readonly RecordedOperation[]>

async function readOperations(deps: ClearingDeps, card: CardBooking): Promise<Booked> {
  const booked = new Map<IssuerId, readonly RecordedOperation[]>()
  for (const { issuerId } of deps.issuers()) {
    const operations: RecordedOperation[] = []
    for (;;) {
      const after = operations.at(-1)?.operationId
      const page = await deps.reading.cardOperations(issuerId, card, {
        limit: PAGE,
        ...(after === undefined ? {} : { after }),
      })
      operations.push(...page)
      if (page.length < PAGE) break
      await deps.pause()
    }
    booked.set(issuerId, operations)
  }
  return booked
}

/** A line has more than ten ids and few of them were booked: the others are not kept. */
async function indexLines(
  deps: ClearingDeps,
  cleared: readonly ClearedLine[],
  booked: Booked,
): Promise<ReadonlyMap<OperationId, ClearedLine>> {
  const ids = new Set<OperationId>()
  for (const operations of booked.values()) {
    for (const { operationId } of operations) ids.add(operationId)
  }
  const lines = new Map<OperationId, ClearedLine>()
  await forEachInTurns(deps, cleared, (line) => {
    for (const id of lineIds(line, deps.sha256)) if (ids.has(id)) lines.set(id, line)
  })
  return lines
}

/** @returns the lines that this issuer's ledger knows */
async function matchIssuerOf(
  run: Run,
  issuerId: IssuerId,
  operations: readonly RecordedOperation[],
): Promise<readonly ClearedLine[]> {
  const { deps, lines, differences } = run
  const matching = matchIssuer(lines, operations)
  run.sums.set(issuerId, matching.sums)
  for (const { of, ledgerWon } of matching.differing) {
    if (await agreesOverDates(run, issuerId, of)) continue
    await differences.found(issuerId, 'clearing_amount_differs', of.subject, {
      ...factsOfLine(of),
      ledgerWon,
    })
  }
  for (const { operationId, amountWon } of matching.undone) {
    await differences.noteUndone(issuerId, operationId, { ledgerWon: amountWon })
  }
  const orphans = []
  for (const orphan of matching.orphans) {
    if (!(await differences.needsNoLine(issuerId, orphan.operation))) orphans.push(orphan)
  }
  for (const { operation, ledgerWon } of [...matching.unlisted, ...orphans]) {
    await differences.found(issuerId, 'clearing_missing_there', operation.operationId, {
      operationKind: operation.kind,
      ledgerWon,
    })
  }
  await deps.pause()
  return [...matching.matched, ...matching.differing.map(({ of }) => of)]
}

/** A sale of which a part was taken back under another date: the file may have known that already. */
async function agreesOverDates(
  { deps, differences, sums }: Run,
  issuerId: IssuerId,
  of: ClearedLine,
): Promise<boolean> {
  const operations = (await deps.ledger.find(issuerId, lineIds(of, deps.sha256))).filter(
    (operation) => operation !== undefined,
  )
  const ledgerWon = lineWon(of, operations)
  if (ledgerWon !== of.line.voucherWon) return false
  for (const { kind, operationId, amountWon } of operations) {
    if (kind !== 'cancellation') continue
    await differences.noteUndone(issuerId, operationId, { ledgerWon: amountWon })
  }
  sums.set(issuerId, plusLine(sums.get(issuerId) ?? nothingCleared, of.line))
  return true
}

/**
 * Lines that no ledger booked under this date: booked under another one, still on their way as advices, or missing.
 * @returns how many are waited for
 */
async function lookElsewhere(run: Run, missing: readonly ClearedLine[]): Promise<number> {
  const { deps, differences } = run
  const patience = deps.clock() - deps.rules.adviceWaitMs
  const takenAt = Math.max(...run.files.map(({ body }) => Number(body.facts['takenAt'] ?? 0)))
  let waiting = 0
  for (let from = 0; from < missing.length; from += LINES_A_FIND) {
    const lines = missing.slice(from, from + LINES_A_FIND)
    const booked = await findBooked(deps, lines)
    for (const line of lines) {
      const place = await bookedElsewhere(run, line, booked)
      if (place.found === 'cleared') continue
      if (place.found === 'nowhere' && bearsOurCode(line) && takenAt > patience) {
        waiting += 1
        continue
      }
      await differences.found(place.issuerId, 'clearing_missing_here', line.subject, {
        ...factsOfLine(line),
        ...place.facts,
      })
    }
    await deps.pause()
  }
  return waiting
}

/** Of one issuer and line: `issuer/subject`. */
type FoundBooks = ReadonlyMap<string, readonly RecordedOperation[]>

/** One read for each issuer that knows a shop of the lines: after an outage thousands of lines may be on their way. */
async function findBooked(deps: ClearingDeps, lines: readonly ClearedLine[]): Promise<FoundBooks> {
  const byIssuer = new Map<IssuerId, { line: ClearedLine; id: OperationId }[]>()
  for (const line of lines) {
    const named = lineIds(line, deps.sha256).map((id) => ({ line, id }))
    for (const { merchant } of deps.placesOf(line.line.merchantNumber)) {
      const { issuerId } = merchant
      byIssuer.set(issuerId, [...(byIssuer.get(issuerId) ?? []), ...named])
    }
  }
  const booked = new Map<string, RecordedOperation[]>()
  for (const [issuerId, wanted] of byIssuer) {
    const found = await deps.ledger.find(
      issuerId,
      wanted.map(({ id }) => id),
    )
    for (const [index, operation] of found.entries()) {
      if (operation === undefined) continue
      const place = placeOf(issuerId, wanted[index]!.line)
      booked.set(place, [...(booked.get(place) ?? []), operation])
    }
  }
  return booked
}

function placeOf(issuerId: IssuerId, { subject }: ClearedLine): string {
  return `${issuerId}/${subject}`
}

type Elsewhere =
  | { readonly found: 'cleared' }
  | {
      readonly found: 'nowhere' | 'otherwise'
      readonly issuerId: IssuerId
      readonly facts: CaseBody['facts']
    }

/** Cleared with this date's file if its own date's file left it out, once. */
async function bookedElsewhere(
  run: Run,
  line: ClearedLine,
  booked: FoundBooks,
): Promise<Elsewhere> {
  const { deps, date, differences, sums } = run
  const places = deps.placesOf(line.line.merchantNumber)
  for (const { merchant } of places) {
    const { issuerId } = merchant
    const operations = booked.get(placeOf(issuerId, line)) ?? []
    const [first] = operations
    if (first === undefined) continue
    const ledgerWon = lineWon(line, operations)
    const bookedOn = first.card?.businessDate
    const wasLeftOut = operations.map(({ operationId }) => operationId)
    if (
      ledgerWon === line.line.voucherWon &&
      bookedOn !== date &&
      (await differences.clearLater(issuerId, wasLeftOut))
    ) {
      sums.set(issuerId, plusLine(sums.get(issuerId) ?? nothingCleared, line.line))
      return { found: 'cleared' }
    }
    const facts = {
      ledgerWon,
      ...(bookedOn === undefined ? {} : { bookedOn }),
      ...declineOf(first),
    }
    return { found: 'otherwise', issuerId, facts }
  }
  const issuerId = places[0]?.merchant.issuerId ?? OPERATOR
  return { found: 'nowhere', issuerId, facts: { ledgerWon: won(0) } }
}

function declineOf({ decline }: RecordedOperation): { readonly decline?: string } {
  return decline === undefined ? {} : { decline }
}

function factsOfLine({ key, line }: ClearedLine): CaseBody['facts'] {
  return {
    cardKey: cardKeyText(key),
    merchantNumber: line.merchantNumber,
    approvalCode: line.approvalCode,
    fileWon: line.voucherWon,
  }
}
