/**
 * Payouts say what the movements that made and moved them say: how much, where to, how often tried, and where the money
 * is now. What was sent stands in its file, and in no other.
 */
import type { AccountKind, PayoutState } from '../ledger/ledger.ts'
import type {
  BookDestination,
  BookPayout,
  BookPayoutStep,
  BookTransfer,
  Complaint,
  IssuerBooks,
} from './books.ts'
import type { CardSettlement, IssuerTotals } from './issuer-check.ts'

/** In transit until the bank has paid it or given it back. */
const inTransit: readonly PayoutState[] = ['due', 'sent']
const broughtBack: readonly PayoutState[] = ['returned', 'parked']

/** Reads all payouts and their files once. */
export async function* checkPayouts(
  books: Pick<IssuerBooks, 'payouts' | 'payoutFiles' | 'strayPayoutSteps'>,
  totals: IssuerTotals,
): AsyncGenerator<Complaint> {
  let transitWon = 0
  let returnedWon = 0
  const files = new Map<string, FileCount>()
  const settled: SettledCards = { unpaid: new Map(totals.cardSettlements), firstPaidAt: undefined }
  const ids = new Set<number>()
  for await (const payout of books.payouts()) {
    const where = `payout ${payout.payoutId}`
    if (ids.has(payout.payoutId)) yield { where, sentence: 'is there more than once' }
    ids.add(payout.payoutId)
    if (inTransit.includes(payout.state)) transitWon += payout.amountWon
    if (broughtBack.includes(payout.state)) returnedWon += payout.amountWon
    for (const sentence of payoutProblems(payout)) yield { where, sentence }
    countInFiles(files, payout)
    noteSettled(settled, payout)
  }
  for (const { amountWon } of settled.unpaid.values()) transitWon += amountWon
  yield* unpaidComplaints(settled)
  yield* fileComplaints(books, files)
  for await (const operationId of books.strayPayoutSteps()) {
    yield { where: `operation ${operationId}`, sentence: 'moves a payout that does not exist' }
  }
  for (const [kind, expectedWon] of [
    ['settlement_in_transit', transitWon],
    ['returned_payout', returnedWon],
  ] as const) {
    const movedWon = totals.accountsWon.get(kind) ?? 0
    if (movedWon === expectedWon) continue
    const sentence = `holds ${movedWon} won, the payouts say ${expectedWon}`
    yield { where: `the account ${kind}`, sentence }
  }
}

/** What was settled with card companies before settlements made payouts stays in transit, and no later one does. */
interface SettledCards {
  /** By operation, without those that a payout was made of. */
  readonly unpaid: Map<string, CardSettlement>
  firstPaidAt: number | undefined
}

function noteSettled(settled: SettledCards, { causedBy, createdAt }: BookPayout): void {
  if (!settled.unpaid.delete(causedBy)) return
  settled.firstPaidAt = Math.min(settled.firstPaidAt ?? createdAt, createdAt)
}

function* unpaidComplaints({ unpaid, firstPaidAt }: SettledCards): Generator<Complaint> {
  if (firstPaidAt === undefined) return
  for (const [operationId, { bookedAt }] of unpaid) {
    if (bookedAt < firstPaidAt) continue
    const sentence = 'settled with a card company and made no payout, when others did'
    yield { where: `operation ${operationId}`, sentence }
  }
}

/** What transfers of one operation mean for a payout. */
export function movedBy(
  transfers: readonly BookTransfer[],
  payoutId: number,
): Pick<BookPayoutStep, 'movedWon' | 'transitWon' | 'returnedWon'> {
  const balance = (kind: AccountKind, id: number): number =>
    transfers.reduce((won, { debitKind, debitId, creditKind, creditId, amountWon }) => {
      const credited = creditKind === kind && creditId === id ? amountWon : 0
      return won + credited - (debitKind === kind && debitId === id ? amountWon : 0)
    }, 0)
  return {
    movedWon: transfers.reduce((won, { amountWon }) => won + amountWon, 0),
    transitWon: balance('settlement_in_transit', 0),
    returnedWon: balance('returned_payout', payoutId),
  }
}

/** What the steps come to, one after the other. */
interface Story {
  state: PayoutState
  attempt: number
  destination: BookDestination | undefined
  fileName: string | undefined
  reason: string | undefined
  changedAt: number | undefined
}

function payoutProblems(payout: BookPayout): string[] {
  const [first, ...others] = payout.steps.toSorted((one, other) => turnOf(one) - turnOf(other))
  if (first === undefined || first.from !== undefined) return ['was made by no movement']
  const problems = stepProblems(payout, first)
  if (first.operationId !== payout.causedBy || first.bookedAt !== payout.createdAt) {
    problems.push('names another movement than the one that made it, or another time')
  }
  const story: Story = {
    state: 'due',
    attempt: 1,
    destination: first.destination,
    fileName: undefined,
    reason: undefined,
    changedAt: first.bookedAt,
  }
  for (const step of others) {
    problems.push(...stepProblems(payout, step))
    if (!follows(story, step)) {
      return [...problems, `went from ${step.from} to ${step.to} when it was ${story.state}`]
    }
    story.state = step.to
    story.attempt += step.to === 'due' ? 1 : 0
    story.destination = step.destination ?? story.destination
    story.fileName = step.fileName ?? story.fileName
    story.reason = step.reason
    story.changedAt = step.bookedAt
  }
  return [...problems, ...endProblems(payout, story)]
}

/** The first, and then by attempt: what ends an attempt before what begins the next. */
function turnOf({ from, to, attempt }: BookPayoutStep): number {
  if (from === undefined) return 0
  return attempt * 2 + (to === 'due' ? 1 : 0)
}

/** Being put into a file is no movement. */
function follows(story: Story, { from, attempt }: BookPayoutStep): boolean {
  const isState = from === story.state || (from === 'sent' && story.state === 'due')
  return isState && attempt === story.attempt
}

function stepProblems(payout: BookPayout, step: BookPayoutStep): string[] {
  const { operationId, bookedAt, from, to, transitWon, returnedWon, movedWon } = step
  if (bookedAt === undefined) return [`was moved by ${operationId}, which was not posted`]
  const { amountWon } = payout
  const expected = {
    transitWon: to === 'due' ? amountWon : -amountWon,
    returnedWon: broughtBack.includes(to)
      ? amountWon
      : from === undefined || to === 'paid'
        ? 0
        : -amountWon,
  }
  const isWhole = from === undefined || movedWon === amountWon
  const isMoved = transitWon === expected.transitWon && returnedWon === expected.returnedWon
  const problems = isWhole && isMoved ? [] : [`is of ${amountWon} won, ${operationId} moved others`]
  if ((to === 'due') !== (step.destination !== undefined)) {
    problems.push(`became ${to} by ${operationId} with a day and an account, or without`)
  }
  const isSent = from === 'sent'
  if (isSent !== (step.fileName !== undefined) || isSent !== (step.sentAt !== undefined)) {
    problems.push(`was moved by ${operationId} and its file is not what it was`)
  }
  return problems
}

/** The steps' end is what is stored; what is due may have been sent since. */
function endProblems(payout: BookPayout, story: Story): string[] {
  const problems: string[] = []
  const isSent = payout.state === 'sent' && story.state === 'due'
  if (payout.state !== story.state && !isSent) {
    problems.push(`is ${payout.state}, its movements say ${story.state}`)
  }
  if (payout.attempt !== story.attempt) {
    problems.push(`was tried ${payout.attempt} times, its movements say ${story.attempt}`)
  }
  if (!isSame(payout.destination, story.destination)) {
    problems.push('goes to another account or on another day than its movements say')
  }
  if (payout.reason !== story.reason) problems.push('has another reason than its movements say')
  if (isSent && payout.fileName === undefined) problems.push('was sent in no file')
  if (!isSent && payout.fileName !== story.fileName) problems.push('was told in another file')
  if (!isSent && payout.changedAt !== story.changedAt) {
    problems.push('was not changed when its last movement was booked')
  }
  return problems
}

function isSame(one: BookDestination, other: BookDestination | undefined): boolean {
  return (
    one.dueOn === other?.dueOn &&
    one.bankCode === other.bankCode &&
    one.accountNumber === other.accountNumber &&
    one.holderName === other.holderName
  )
}

interface FileCount {
  payouts: number
  /** When they were told. */
  readonly times: Set<number>
}

/** Those that stand in a file now, and those that stood in one when the bank's word came. */
function countInFiles(files: Map<string, FileCount>, payout: BookPayout): void {
  const add = (name: string | undefined, at: number | undefined): void => {
    if (name === undefined || at === undefined) return
    const file = files.get(name) ?? { payouts: 0, times: new Set() }
    file.payouts += 1
    file.times.add(at)
    files.set(name, file)
  }
  if (payout.state === 'sent') add(payout.fileName, payout.changedAt)
  for (const { fileName, sentAt } of payout.steps) add(fileName, sentAt)
}

async function* fileComplaints(
  books: Pick<IssuerBooks, 'payoutFiles'>,
  files: Map<string, FileCount>,
): AsyncGenerator<Complaint> {
  for await (const { name, payouts, assignedAt } of books.payoutFiles()) {
    const told = files.get(name)
    files.delete(name)
    const where = `payout file ${name}`
    if (told?.payouts !== payouts) {
      yield {
        where,
        sentence: `has ${payouts} payouts, ${told?.payouts ?? 0} say they stand in it`,
      }
    }
    if (told !== undefined && [...told.times].some((at) => at !== assignedAt)) {
      yield { where, sentence: 'was not written when its payouts were sent' }
    }
  }
  for (const name of files.keys()) {
    yield { where: `payout file ${name}`, sentence: 'does not exist and payouts stand in it' }
  }
}
