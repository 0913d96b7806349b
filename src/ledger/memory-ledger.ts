/**
 * The ledger in memory: the executable specification that PostgreSQL is held to, and the ledger of
 * simulations. Pure: no clock, no randomness. Each method does all its work before it returns its
 * promise, so that calls cannot interleave: every call is one atomic step.
 */
import { assert, type Instant, type IssuerId, type LotId } from '../base/base.ts'
import { assertSettlement } from './card-settlement.ts'
import type {
  CardReading,
  Ledger,
  LedgerReading,
  Lot,
  Outcome,
  PurchaseRecord,
  RequestBase,
} from './ledger.ts'
import {
  bookingTime,
  createBooks,
  lotsOf,
  outcomeOf,
  recordedOperation,
  recordOperation,
  type Books,
  type MemberSaleRow,
  type OperationRow,
  type PayoutFileRow,
  type PayoutStepRow,
  type PotDrawRow,
  type PotUseRow,
  type ProgramSaleRow,
  type PurchaseRow,
  type Verdict,
  type WalletRow,
} from './memory-books.ts'
import { DEPOSIT_TOKEN } from './deposit-token.ts'
import { byExpiry } from './lot-taking.ts'
import { dueLots, expireLot } from './memory-expiry.ts'
import { lotOrigin, moveMoney } from './memory-movements.ts'
import { decideSettlement, readingPayables } from './memory-payables.ts'
import {
  assertPayment,
  decideCancellation,
  decideHoldClosure,
  decidePayment,
} from './memory-payments.ts'
import { payoutsIn } from './memory-payouts.ts'
import {
  assertIssue,
  assertPurchase,
  closePurchase,
  decideIssue,
  decidePurchase,
} from './memory-purchases.ts'
import { assertExpiries, type ExpiryOutcome, type ExpiryRequest } from './lot-expiry.ts'
import { readingPrograms } from './memory-programs.ts'
import type { ProgramReading } from './program-reading.ts'
import type { MovementOutcome, MovementRequest } from './movement.ts'
import { assertMovements } from './movement-rules.ts'
import type { Payout, Payouts } from './payout.ts'
import { SET_SIZE_MAX } from './set-size.ts'

/** All rows of one issuer: operations in the order of recording, the rest by id. */
export interface LedgerSnapshot {
  sealedUntil: Instant | undefined
  wallets: WalletRow[]
  lots: Lot[]
  closedLots: LotId[]
  operations: OperationRow[]
  purchases: PurchaseRow[]
  programSales: ProgramSaleRow[]
  memberSales: MemberSaleRow[]
  payouts: Payout[]
  payoutSteps: PayoutStepRow[]
  payoutFiles: PayoutFileRow[]
  potUses: PotUseRow[]
  potDraws: PotDrawRow[]
}

export interface MemoryLedger
  extends
    Ledger,
    CardReading,
    ProgramReading,
    Pick<LedgerReading, 'awaitsPurchase' | 'merchantPayable' | 'merchantDays'> {
  /** A deep copy of everything, comparable with `deepEqual`. */
  snapshot(issuerId: IssuerId): LedgerSnapshot
  /** Issuers that were ever written to. */
  issuers(): IssuerId[]
  /**
   * Seals the journal up to and including `until`: what comes later is booked at least 1 ms after
   * it.
   */
  seal(issuerId: IssuerId, until: Instant): void
}

/** An issuer is known from its first call on; its books share nothing with another issuer's. */
export function createMemoryLedger(): MemoryLedger {
  const booksByIssuer = new Map<IssuerId, Books>()
  const booksOf = (issuerId: IssuerId): Books => {
    const books = booksByIssuer.get(issuerId) ?? createBooks()
    booksByIssuer.set(issuerId, books)
    return books
  }
  const readBooks = (issuerId: IssuerId): Books => booksByIssuer.get(issuerId) ?? createBooks()
  return {
    ...posting(booksOf),
    ...enquiring(readBooks),
    ...readingPayables(readBooks),
    ...readingPrograms(readBooks),
    ...payoutsIn(booksOf, readBooks),
    snapshot: (issuerId) => snapshotOf(readBooks(issuerId)),
    issuers: () => [...booksByIssuer.keys()].toSorted((a, b) => a - b),
    seal(issuerId, until) {
      const books = booksOf(issuerId)
      books.sealedUntil = Math.max(books.sealedUntil ?? until, until)
    },
  }
}

type Posting =
  | ('openWallets' | 'issue' | 'pay' | 'hold' | 'closeHolds')
  | ('cancel' | 'settleCards' | 'expire' | 'move')
type Buying = 'reservePurchases' | 'closePurchases'

function posting(booksOf: (issuerId: IssuerId) => Books): Pick<Ledger, Posting | Buying> {
  return {
    async openWallets(issuerId, openings, at) {
      assertSet(openings)
      const books = booksOf(issuerId)
      const recordedAt = bookingTime(books, at)
      const { wallets } = books
      for (const { walletId, memberId } of openings) {
        const known = wallets.get(walletId)
        assert(known === undefined || known.memberId === memberId, 'a wallet keeps its member')
        if (known === undefined) wallets.set(walletId, { walletId, memberId, recordedAt })
      }
    },
    async issue(issuerId, requests, at) {
      const books = booksOf(issuerId)
      for (const request of requests) assertIssue(request)
      return postSet(books, requests, at, (request) => decideIssue(books, request))
    },
    async pay(issuerId, requests, at) {
      const books = booksOf(issuerId)
      for (const request of requests) assertPayment('payment', request)
      return postSet(books, requests, at, (request, bookedAt) =>
        decidePayment(books, 'payment', request, bookedAt),
      )
    },
    async hold(issuerId, requests, at) {
      const books = booksOf(issuerId)
      for (const request of requests) assertPayment('hold', request)
      return postSet(books, requests, at, (request, bookedAt) =>
        decidePayment(books, 'hold', request, bookedAt),
      )
    },
    async closeHolds(issuerId, requests, at) {
      const books = booksOf(issuerId)
      for (const request of requests) assert(request.amountWon >= 0, 'a capture is not below zero')
      return postSet(books, requests, at, (request) => decideHoldClosure(books, request))
    },
    async cancel(issuerId, requests, at) {
      const books = booksOf(issuerId)
      return postSet(books, requests, at, (request) => decideCancellation(books, request))
    },
    async settleCards(issuerId, requests, at) {
      const books = booksOf(issuerId)
      for (const request of requests) assertSettlement(request)
      return postSet(books, requests, at, (request, bookedAt) =>
        decideSettlement(books, request, bookedAt),
      )
    },
    expire: async (issuerId, requests, at) => expireSet(booksOf(issuerId), requests, at),
    move: async (issuerId, requests, at) => moveSet(booksOf(issuerId), requests, at),
    async reservePurchases(issuerId, requests, at) {
      const books = booksOf(issuerId)
      for (const request of requests) assertPurchase(request)
      return postSet(books, requests, at, (request, bookedAt) =>
        decidePurchase(books, request, bookedAt),
      )
    },
    async closePurchases(issuerId, closures, at) {
      assertSet(closures)
      const books = booksOf(issuerId)
      const bookedAt = bookingTime(books, at)
      return closures.map((closure) => closePurchase(books, closure, bookedAt))
    },
  }
}

function enquiring(
  readBooks: (issuerId: IssuerId) => Books,
): Omit<Ledger, Posting | Buying | keyof Payouts> {
  return {
    async purchase(issuerId, purchaseId) {
      const row = readBooks(issuerId).purchases.get(purchaseId)
      return row && purchaseRecord(row)
    },
    async reservedPurchases(issuerId, before, limit, by = 'debit') {
      return [...readBooks(issuerId).reserved.values()]
        .flat()
        .filter((row) => row.reservedAt < before)
        .filter((row) => (row.accountToken === DEPOSIT_TOKEN) === (by === 'deposit'))
        .toSorted((a, b) => a.reservedAt - b.reservedAt)
        .slice(0, limit)
        .map(purchaseRecord)
    },
    async dueLots(issuerId, page) {
      return dueLots(readBooks(issuerId), page)
    },
    async find(issuerId, ids) {
      const books = readBooks(issuerId)
      return ids.map((operationId) => {
        const row = books.operations.get(operationId)
        return row && recordedOperation(books, row)
      })
    },
    async lotOrigins(issuerId, lotIds) {
      const books = readBooks(issuerId)
      return lotIds.map((lotId) => lotOrigin(books, lotId))
    },
    async lots(issuerId, walletId) {
      const lots = lotsOf(readBooks(issuerId), walletId)
      return structuredClone(lots.toSorted(byExpiry))
    },
  }
}

/** Decides the requests of a set one after the other, each seeing what those before it did. */
function postSet<Request extends RequestBase>(
  books: Books,
  requests: readonly Request[],
  at: Instant,
  decide: (request: Request, bookedAt: Instant) => Verdict,
): Outcome[] {
  assertSet(requests)
  const bookedAt = bookingTime(books, at)
  return requests.map((request) => {
    const known = repeatOf(books, request)
    if (known !== undefined) return known
    const row = recordOperation(books, request, decide(request, bookedAt), bookedAt)
    return outcomeOf(books, row, false)
  })
}

/** Only what expires is recorded; a key that came to nothing may come again. */
function expireSet(books: Books, requests: readonly ExpiryRequest[], at: Instant): ExpiryOutcome[] {
  assertSet(requests)
  assertExpiries(requests)
  const bookedAt = bookingTime(books, at)
  return requests.map((request) => {
    const known = repeatOf(books, request)
    if (known === undefined) return expireLot(books, request, bookedAt)
    assert(known.status !== 'declined', 'an expiry is never declined')
    return known
  })
}

/** A movement that came to nothing is not recorded; its key may come again. */
function moveSet(
  books: Books,
  requests: readonly MovementRequest[],
  at: Instant,
): MovementOutcome[] {
  assertSet(requests)
  assertMovements(requests)
  const bookedAt = bookingTime(books, at)
  return requests.map((request) => repeatOf(books, request) ?? moveMoney(books, request, bookedAt))
}

/** The stored outcome of a key that is known. */
function repeatOf(
  books: Books,
  { operationId, requestHash }: Pick<RequestBase, 'operationId' | 'requestHash'>,
): Outcome | undefined {
  const known = books.operations.get(operationId)
  if (known === undefined) return undefined
  const same = equalBytes(known.requestHash, requestHash)
  return same ? outcomeOf(books, known, true) : { status: 'key_reused' }
}

function assertSet(set: readonly unknown[]): void {
  assert(set.length <= SET_SIZE_MAX, `a set has at most ${SET_SIZE_MAX} requests`)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}

function purchaseRecord(row: PurchaseRow): PurchaseRecord {
  const {
    sources,
    month: _m,
    closedAt: _at,
    closureId: _by,
    saleReturnedBy: _back,
    ...record
  } = row
  return { ...record, payWon: sources.payWon }
}

function snapshotOf(books: Books): LedgerSnapshot {
  return structuredClone({
    sealedUntil: books.sealedUntil,
    wallets: [...books.wallets.values()].toSorted((a, b) => a.walletId - b.walletId),
    lots: [...books.lots.values()].toSorted((a, b) => a.lotId - b.lotId),
    closedLots: [...books.closedLots].toSorted((a, b) => a - b),
    operations: [...books.operations.values()],
    purchases: sortedByKey(books.purchases),
    programSales: sortedByKey(books.programSales),
    memberSales: sortedByKey(books.memberSales),
    payouts: [...books.payouts.values()].toSorted((a, b) => a.payoutId - b.payoutId),
    payoutSteps: [...books.payoutSteps.values()],
    payoutFiles: sortedByKey(books.payoutFiles),
    potUses: [...books.potUses]
      .map(([potId, usedWon]) => ({ potId, usedWon }))
      .toSorted((a, b) => a.potId - b.potId),
    potDraws: books.potDraws,
  })
}

function sortedByKey<Row>(rows: Map<string, Row>): Row[] {
  return [...rows].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row)
}
