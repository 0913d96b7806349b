/**
 * Settlement of the voucher share: what issuers pay a card company for the sales it cleared. Every amount is fixed
 * in the issuer's books before the ledger moves it, and the file is kept and recorded before it is given out, so
 * that whoever goes on after a crash pays and tells the same, once.
 */
import {
  addBusinessDays,
  assert,
  businessDate,
  derivedOperationId,
  requestHash,
  sumWon,
  won,
  type BusinessDate,
  type IssuerId,
  type OperationId,
  OPERATOR,
} from '../base/base.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  newRecord,
  type Change,
  type Partner,
  type PartnerAccount,
} from '../registration/registration.ts'
import type { ClearingDeps } from './clearing-deps.ts'
import { matchDate } from './date-matching.ts'
import {
  changeFile,
  done,
  fileOfName,
  filesOfDate,
  findFile,
  nextFileName,
  openFiles,
  type FileRecord,
} from './file-records.ts'
import { accountFor } from './settlement-account.ts'
import type { SettlementLine } from './files/line-layouts.ts'
import { netWon, type ClearedSums } from './matching.ts'
import { begunFile, giveOut, recordOutgoing, type GivenFile } from './outgoing-file.ts'

/** What an issuer owes for a date, on top of what was fixed for it before. */
interface Owed {
  readonly date: BusinessDate
  readonly sums: ClearedSums
  readonly earlierWon: number
  /** The number of this part among those of the issuer and date. */
  readonly sequence: number
}

/** An issuer's part of a settlement, as its books have it until the file was given out. */
interface Part {
  readonly issuerId: IssuerId
  readonly record: FileRecord
}

/** Pays what is due and gives out the file that says so; `undefined` where nothing is due. */
export async function settle(deps: ClearingDeps, partner: Partner): Promise<GivenFile | undefined> {
  const begun = await begunFile(deps, partner, 'settlement')
  if (begun !== undefined) await giveOut(deps, partner, begun)
  const left = await endParts(deps, partner)
  const meant = left.filter(isLive).map(({ record }) => fact(record, 'file'))
  const name = await nextFileName(deps, partner, 'settlement', meant)
  const owedNow = await owedByIssuer(deps, partner)
  const waiting = [
    ...[...owedNow.values()].flat().map(({ date }) => date),
    ...left.filter(isLive).map(({ record }) => record.body.date),
  ]
  const account = await accountFor(deps, partner, waiting)
  if (account === undefined) return undefined
  for (const [issuerId, owed] of owedNow) {
    // What was fixed already is paid first; the rest waits for the next file.
    if (!left.some((part) => part.issuerId === issuerId)) {
      await fixParts(deps, partner, { issuerId, owed, name })
    }
  }
  const paid: Part[] = []
  for (const part of await fixedParts(deps, partner)) {
    if (isLive(part) && (await pay(deps, { ...partner, account }, part))) paid.push(part)
  }
  if (paid.length === 0) return undefined
  const lines = paid.map((part) => lineOf(deps, part))
  const record = await recordOutgoing(deps, partner, { kind: 'settlement', name, lines })
  const given = await giveOut(deps, partner, record)
  await endParts(deps, partner)
  return given
}

/** Dates that are due are matched once more: what counts is what both sides agree on now. */
async function owedByIssuer(
  deps: ClearingDeps,
  partner: Partner,
): Promise<ReadonlyMap<IssuerId, readonly Owed[]>> {
  const owed = new Map<IssuerId, Owed[]>()
  for (const date of await dueDates(deps, partner)) {
    const { sums, waiting } = await matchDate(deps, partner, date)
    let isSettled = waiting === 0
    for (const [issuerId, each] of sums) {
      const part = await owedOf(deps, partner, { issuerId, date, sums: each })
      if (netOf(part) === 0) continue
      isSettled = false
      owed.set(issuerId, [...(owed.get(issuerId) ?? []), part])
    }
    if (isSettled) await endDate(deps, partner, date)
  }
  // A card company that gave more back than it sold is asked for nothing: its next sales count against it.
  for (const [issuerId, parts] of owed) {
    if (sumWon(parts.map(netOf)) < 0) owed.delete(issuerId)
  }
  return owed
}

async function dueDates(deps: ClearingDeps, partner: Partner): Promise<readonly BusinessDate[]> {
  const today = businessDate(deps.clock())
  const files = await openFiles(deps, OPERATOR, partner.partnerId)
  const dates = files
    .filter(({ body }) => body.fileKind === 'clearing')
    .map(({ body }) => body.date)
    .filter(
      (date) => addBusinessDays(date, partner.settlementLagDays, deps.rules.holidays) <= today,
    )
  return [...new Set(dates)].toSorted()
}

async function owedOf(
  deps: ClearingDeps,
  { partnerId }: Partner,
  of: { readonly issuerId: IssuerId; readonly date: BusinessDate; readonly sums: ClearedSums },
): Promise<Owed> {
  const { issuerId, date, sums } = of
  const before = await filesOfDate(deps, issuerId, { partnerId, fileKind: 'settlement', date })
  const earlierWon = sumWon(before.map(({ body }) => body.sumWon))
  return { date, sums, earlierWon, sequence: before.length + 1 }
}

function netOf({ sums, earlierWon }: Owed) {
  return won(netWon(sums) - earlierWon)
}

/** True when the difference to what was settled is not nothing. @returns whether the date was opened again */
export async function reopenDate(
  deps: ClearingDeps,
  partner: Partner,
  given: { readonly date: BusinessDate; readonly sums: ReadonlyMap<IssuerId, ClearedSums> },
): Promise<boolean> {
  const { date, sums } = given
  for (const [issuerId, each] of sums) {
    const part = await owedOf(deps, partner, { issuerId, date, sums: each })
    if (netOf(part) === 0) continue
    const { partnerId } = partner
    const first = { partnerId, fileKind: 'clearing', date, sequence: 1 } as const
    await changeFile(deps, OPERATOR, first, (body) =>
      body.state === 'taken' ? undefined : { ...body, state: 'taken' },
    )
    return true
  }
  return false
}

async function endDate(
  deps: ClearingDeps,
  { partnerId }: Partner,
  date: BusinessDate,
): Promise<void> {
  for (const { body } of await filesOfDate(deps, OPERATOR, {
    partnerId,
    fileKind: 'clearing',
    date,
  })) {
    await changeFile(deps, OPERATOR, body, done)
  }
}

/** All of an issuer's parts at once, so that their sum and their payment belong together. */
async function fixParts(
  deps: ClearingDeps,
  partner: Partner,
  given: { readonly issuerId: IssuerId; readonly owed: readonly Owed[]; readonly name: string },
): Promise<void> {
  const { issuerId, owed, name } = given
  const { partnerId } = partner
  const paymentId = derivedOperationId(
    requestHash(deps.sha256, ['card_settlement', partnerId, issuerId, name]),
  )
  const paidWon = sumWon(owed.map(netOf))
  const parts = owed.map((part) => ({
    partnerId,
    fileKind: 'settlement' as const,
    date: part.date,
    sequence: part.sequence,
    sha256: '',
    lines: part.sums.salesCount + part.sums.cancellationsCount + part.sums.conversionsCount,
    sumWon: netOf(part),
    differences: 0,
    facts: { file: name, paymentId, paidWon, earlierWon: won(0 - part.earlierWon), ...part.sums },
    state: 'taken' as const,
  }))
  const decide = async (): Promise<Change<void>> => {
    const { date, sequence } = parts[0]!
    const key = { partnerId, fileKind: 'settlement', date, sequence } as const
    if ((await findFile(deps, issuerId, key)) !== undefined) return { answer: undefined }
    const records = parts.map((body) =>
      newRecord('clearing_file', {
        recordId: deps.ids.next('cas'),
        version: 1,
        body,
        keys: [naturalKey.cardFile('settlement', partnerId, body.date, body.sequence)],
      }),
    )
    return { answer: undefined, by: 'system', records }
  }
  await changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

async function fixedParts(deps: ClearingDeps, { partnerId }: Partner): Promise<readonly Part[]> {
  const parts: Part[] = []
  for (const { issuerId } of deps.issuers()) {
    for (const record of await openFiles(deps, issuerId, partnerId)) {
      parts.push({ issuerId, record })
    }
  }
  return parts
}

/** Ends parts whose file was given out. @returns those that are not over */
async function endParts(deps: ClearingDeps, partner: Partner): Promise<readonly Part[]> {
  const left: Part[] = []
  for (const part of await fixedParts(deps, partner)) {
    const { issuerId, record } = part
    const file = await findFile(deps, OPERATOR, fileOfName(partner, fact(record, 'file')))
    if (isLive(part) && file?.body.state === 'done') {
      await changeFile(deps, issuerId, record.body, done)
    } else if (!isLive(part) && (await isCaseClosed(deps, part))) {
      // Nothing was paid for it: the date is reckoned anew.
      await changeFile(deps, issuerId, record.body, (body) => ({
        ...body,
        sumWon: won(0),
        state: 'done',
      }))
    } else left.push(part)
  }
  return left
}

/** False once the ledger refused its payment. */
function isLive({ record }: Part): boolean {
  return record.body.facts['refused'] === undefined
}

async function isCaseClosed(deps: ClearingDeps, { issuerId, record }: Part): Promise<boolean> {
  const key = naturalKey.case('clearing_amount_differs', fact(record, 'paymentId'))
  const known = await findRecord(deps.registry, issuerId, 'case', key)
  return known?.body.state === 'closed'
}

/**
 * Moves a part's payment, which it may share with the issuer's other parts, and makes its payout: key and request are
 * the same at every attempt, so that only the first one's payout comes to be. False where the ledger shows less than
 * both sides agreed on: its books and ours differ, a case is open, and nothing of this issuer is settled until it is
 * closed.
 */
async function pay(
  deps: ClearingDeps,
  partner: Partner & { readonly account: PartnerAccount },
  { issuerId, record }: Part,
): Promise<boolean> {
  const { partnerId, account } = partner
  const amountWon = won(Number(record.body.facts['paidWon']))
  if (amountWon === 0) return true
  const file = fact(record, 'file')
  const payout = {
    payoutId: deps.ids.next('pay'),
    beneficiary: { kind: 'card_company', id: partnerId } as const,
    account,
    dueOn: addBusinessDays(businessDate(deps.clock()), 0, deps.rules.holidays),
  }
  // Written from an operation id.
  const operationId = fact(record, 'paymentId') as OperationId
  const [outcome] = await deps.ledger.settleCards(
    issuerId,
    [
      {
        operationId,
        requestHash: requestHash(deps.sha256, ['card_settlement', partnerId, amountWon, file]),
        card: { partnerId, businessDate: fileOfName(partner, file).date },
        amountWon,
        payout,
      },
    ],
    deps.clock(),
  )
  assert(outcome !== undefined, 'the ledger answers every request')
  if (outcome.status === 'posted') return true
  const refused = outcome.status === 'declined' ? outcome.reason : outcome.status
  await deps.casebook.openCase({
    issuerId,
    caseKind: 'clearing_amount_differs',
    subject: operationId,
    owner: 'operator',
    facts: { partnerId, settlement: file, refused, amountWon },
  })
  await changeFile(deps, issuerId, record.body, (body) => ({
    ...body,
    facts: { ...body.facts, refused },
  }))
  return false
}

function lineOf(deps: ClearingDeps, { issuerId, record }: Part): SettlementLine {
  const issuer = deps.issuers().find((each) => each.issuerId === issuerId)
  assert(issuer !== undefined, 'a part is of an issuer')
  const amount = (name: string) => won(Number(record.body.facts[name]))
  const count = (name: string) => Number(record.body.facts[name])
  return {
    issuerCode: issuer.code,
    issuerName: issuer.nameKo,
    clearedOn: record.body.date,
    salesCount: count('salesCount'),
    salesWon: amount('salesWon'),
    cancellationsCount: count('cancellationsCount'),
    cancellationsWon: amount('cancellationsWon'),
    conversionsCount: count('conversionsCount'),
    conversionsWon: amount('conversionsWon'),
    earlierWon: amount('earlierWon'),
    netWon: record.body.sumWon,
    paymentId: fact(record, 'paymentId'),
  }
}

function fact({ body }: FileRecord, name: string): string {
  const value = body.facts[name]
  assert(typeof value === 'string', `a part of a settlement has its ${name}`)
  return value
}
