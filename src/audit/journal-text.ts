/**
 * An issuer's whole journal as text that another program can add up: what stood there before, every operation that
 * moved money, and last what the ledger itself says is there. Page by page, so that it may have any length; the same
 * books give the same text, byte for byte.
 */
import { businessDate, startOfBusinessDate, type BusinessDate, type Instant } from '../base/base.ts'
import type { OperationKind } from '../ledger/ledger.ts'
import type { JournalAccount } from './journal-account.ts'

/** Which part of an issuer's journal; days are Korean and belong to it. */
export interface JournalScope {
  readonly issuerCode: string
  readonly from: BusinessDate | undefined
  readonly to: BusinessDate | undefined
}

/** The books behind the text. Each stream is read once, in this order, in pages. */
export interface Journal extends JournalScope {
  /** Sums of what was booked before the first day; accounts that have come to nothing are left out. */
  openings(): AsyncIterable<readonly JournalBalance[]>
  /** Oldest first; only what was not declined. */
  operations(): AsyncIterable<readonly JournalOperation[]>
  /**
   * Every account that was ever moved, as the ledger keeps it at the end of the last day. Never computed from
   * `openings` and `operations`: who adds those up must be able to find a difference.
   */
  closings(): AsyncIterable<readonly JournalBalance[]>
}

export interface JournalBalance {
  readonly account: JournalAccount
  /** Debits less credits: what somebody owes us is positive, what we owe negative. */
  readonly balanceWon: bigint
}

export interface JournalOperation {
  readonly operationId: string
  readonly kind: OperationKind
  readonly bookedAt: Instant
  readonly walletId: bigint | undefined
  readonly merchantId: bigint | undefined
  readonly partnerId: bigint | undefined
  /** The operation that it cancels, captures, releases or completes. */
  readonly targetId: string | undefined
  /** In the order of their lines. */
  readonly transfers: readonly JournalTransfer[]
}

export interface JournalTransfer {
  readonly line: number
  readonly debit: JournalAccount
  readonly credit: JournalAccount
  readonly amountWon: bigint
}

export interface JournalCounts {
  readonly operations: number
  readonly transfers: number
  /** Those with a closing balance. */
  readonly accounts: number
}

/** Some of the opening or closing balances. */
export interface BalancePage {
  readonly part: 'opening' | 'closing'
  readonly date: BusinessDate
  readonly isFirst: boolean
  readonly balances: readonly JournalBalance[]
}

/** A way of writing a journal down. Each function gives whole lines. */
export interface JournalFormat {
  readonly head: (scope: JournalScope) => string
  readonly balances: (page: BalancePage) => string
  readonly operation: (operation: JournalOperation) => string
  readonly end: (counts: JournalCounts) => string
}

/** @param onPage told after each page, for whoever watches */
export async function* journalText(
  journal: Journal,
  format: JournalFormat,
  onPage: (counts: JournalCounts) => void = () => {},
): AsyncGenerator<string> {
  const counts = { operations: 0, transfers: 0, accounts: 0 }
  let date = journal.from
  yield format.head(journal)
  for await (const page of balancePages('opening', date, journal.openings())) {
    yield format.balances(page)
    onPage(counts)
  }
  for await (const page of journal.operations()) {
    // A purchase that is only reserved, for one, moves nothing.
    const moving = page.filter(({ transfers }) => transfers.length > 0)
    if (moving.length > 0) yield moving.map(format.operation).join('')
    counts.operations += moving.length
    for (const { transfers } of moving) counts.transfers += transfers.length
    const last = moving.at(-1)
    if (last !== undefined) date = momentOf(last.bookedAt).date
    onPage(counts)
  }
  for await (const page of balancePages('closing', journal.to ?? date, journal.closings())) {
    counts.accounts += page.balances.length
    yield format.balances(page)
    onPage(counts)
  }
  yield format.end(counts)
}

async function* balancePages(
  part: BalancePage['part'],
  date: BusinessDate | undefined,
  pages: AsyncIterable<readonly JournalBalance[]>,
): AsyncGenerator<BalancePage> {
  let isFirst = true
  for await (const balances of pages) {
    if (balances.length === 0) continue
    // Balances without a day to put them to: nobody booked them. They are shown all the same.
    yield { part, date: date ?? businessDate(0), isFirst, balances }
    isFirst = false
  }
}

const CALENDAR_BEGINS_AT = Date.parse('0001-01-02T00:00:00Z')
const CALENDAR_ENDS_AT = Date.parse('9999-12-30T00:00:00Z')

/**
 * The Korean day and time of day of an instant, `14:03:22.123`. A time that no calendar has was put there by nobody's
 * clock, and the audit names it; here it stands at the calendar's end, so that the rest can still be read.
 */
export function momentOf(at: Instant): { date: BusinessDate; time: string } {
  const instant = Math.floor(Math.min(Math.max(at, CALENDAR_BEGINS_AT), CALENDAR_ENDS_AT))
  const date = businessDate(instant)
  const sinceMidnight = instant - startOfBusinessDate(date)
  return { date, time: new Date(sinceMidnight).toISOString().slice(11, 23) }
}
