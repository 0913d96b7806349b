/**
 * What each entry of a statement is: something that the ledger did itself, money that was expected, interest, or money
 * that nobody expected. What it is taken for stands before anything is booked, so that whoever repeats books the same.
 */
import {
  assert,
  funders,
  parseId,
  parseOperationId,
  requestHash,
  type OperationId,
} from '../base/base.ts'
import type { MovementRequest } from '../ledger/ledger.ts'
import { claimPayment, payExpected } from './expected-payments.ts'
import { readFileName } from './files/file-names.ts'
import { movementId, type TreasuryDeps, type TreasuryRoom } from './treasury-deps.ts'
import type { BankEntry, EntryDecision } from './treasury-store.ts'

/** So many entries are looked at in one step. */
export const ENTRIES_A_STEP = 200

/** @returns how many were booked; fewer than `ENTRIES_A_STEP`: all */
export async function bookEntries(deps: TreasuryDeps, room: TreasuryRoom): Promise<number> {
  const { issuerId } = room
  const entries = await deps.store.entriesToBook(issuerId, ENTRIES_A_STEP)
  for (const entry of entries) {
    const decided = entry.state === 'new' ? await decide(deps, room, entry) : entry
    await book(deps, room, decided)
  }
  const numbers = entries.map(({ entryNumber }) => entryNumber)
  if (numbers.length > 0) await deps.store.bookEntries(issuerId, numbers)
  return numbers.length
}

async function decide(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  entry: BankEntry,
): Promise<BankEntry> {
  const matchKey = await expectedKey(deps, room, entry)
  const decided =
    matchKey === undefined
      ? await unexpected(deps, room, entry)
      : { matchKey, decision: { as: 'expected' } as const }
  return deps.store.decideEntry(room.issuerId, entry.entryNumber, decided)
}

/** By what an entry is recognised that the ledger knows of itself; `undefined` for any other. */
async function expectedKey(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  { reference, entryNumber, amountWon }: BankEntry,
): Promise<string | undefined> {
  for (const word of reference.split(/[\s/]+/)) {
    const key = await knownKey(deps, room, word)
    if (key !== undefined) return key
  }
  // Money that left and that nobody ordered finds no other side, and is a break.
  return amountWon < 0 ? `entry:${entryNumber}` : undefined
}

/** Of a purchase, a payout or a payout file that is really one of this issuer's. */
async function knownKey(
  { ledger, payouts, store }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  word: string,
): Promise<string | undefined> {
  const purchaseId = parseOperationId(word)
  if (purchaseId !== undefined) {
    const purchase = await ledger.purchase(issuerId, purchaseId)
    return purchase && `purchase:${purchaseId}`
  }
  const payoutId = parseId('pay', word)
  if (payoutId !== undefined) {
    const payout = await payouts.payout(issuerId, payoutId)
    return payout && `payout:${payoutId}`
  }
  const file = readFileName(word)?.kind === 'payout' && (await store.file(issuerId, word))
  return file ? `file:${word}` : undefined
}

async function unexpected(
  deps: TreasuryDeps,
  room: TreasuryRoom,
  entry: BankEntry,
): Promise<{ matchKey: string; decision: EntryDecision }> {
  const { issuerId, rules, now } = room
  const expected = await claimPayment(deps, issuerId, entry, now)
  const isInterest = rules.interestWords.some((word) => entry.reference.includes(word))
  const decision: EntryDecision =
    expected !== undefined
      ? { as: 'funder_payment', funder: expected.funder, expectedId: expected.expectedId }
      : { as: isInterest ? 'fund_interest' : 'unidentified_deposit' }
  assert(decision.as !== 'expected', 'what nobody expected is one of the others')
  return { matchKey: `operation:${bookingId(deps, room, entry, decision.as)}`, decision }
}

type BookedAs = Exclude<EntryDecision['as'], 'expected'>

function bookingId(
  { sha256 }: TreasuryDeps,
  { issuerId }: TreasuryRoom,
  { entryNumber }: BankEntry,
  kind: BookedAs,
): OperationId {
  return movementId(sha256, issuerId, kind, [entryNumber])
}

async function book(deps: TreasuryDeps, room: TreasuryRoom, entry: BankEntry): Promise<void> {
  const { issuerId, now } = room
  const { decision, entryNumber, amountWon } = entry
  assert(decision !== null, 'what is booked was decided')
  if (decision.as === 'expected') return
  const request: MovementRequest = {
    operationId: bookingId(deps, room, entry, decision.as),
    requestHash: requestHash(deps.sha256, [decision.as, entryNumber, amountWon]),
    kind: decision.as,
    lines: [
      {
        debitKind: 'operating_fund',
        debitId: 0,
        ...creditOf(decision),
        amountWon,
      },
    ],
  }
  const [outcome] = await deps.ledger.move(issuerId, [request], now)
  assert(outcome?.status === 'posted', 'an entry of the bank is booked under its own number')
  if (decision.as === 'funder_payment') {
    await payExpected(deps, issuerId, decision.expectedId, now)
  }
}

function creditOf(
  decision: Exclude<EntryDecision, { as: 'expected' }>,
): Pick<MovementRequest['lines'][number], 'creditKind' | 'creditId'> {
  if (decision.as === 'funder_payment') {
    return { creditKind: 'subsidy_receivable', creditId: funders.indexOf(decision.funder) + 1 }
  }
  return { creditKind: decision.as, creditId: 0 }
}
