/**
 * The store in memory, over the ledger in memory: for simulations and tests, and what the one in PostgreSQL is held to.
 * Every method does its work before it returns its promise, so each call is one atomic step.
 */
import {
  assert,
  businessDate,
  sumWon,
  won,
  type BusinessDate,
  type Instant,
  type IssuerId,
  type MerchantId,
  type ProgramId,
  type Won,
} from '../base/base.ts'
import type { LedgerSnapshot, MemoryLedger } from '../ledger/ledger.ts'
import {
  carriedAfter,
  NOTHING_CARRIED,
  type DaySums,
  type SettlementLine,
  type SettlementOutcome,
} from './merchant-settlement.ts'
import { memorySettlementReading } from './memory-settlement-reading.ts'
import type { ClosedDay, ProgramDay } from './settlement-calendar.ts'
import type {
  DueSettlement,
  FixedSettlement,
  FoundMerchant,
  SettlementReading,
  SettlementRun,
  SettlementStore,
} from './settlement-store.ts'

export interface MemorySettlements extends SettlementStore, SettlementReading {}

type Writable<Row> = { -readonly [Field in keyof Row]: Row[Field] }

/** A settlement as it stands. */
export interface SettlementRow extends Omit<FixedSettlement, 'outcome'> {
  readonly settlementDay: BusinessDate
  outcome: SettlementOutcome
}

/** Everything about one issuer. */
export interface Shelf {
  readonly days: ClosedDay[]
  readonly programDays: Map<BusinessDate, (ProgramDay & ClosedDay)[]>
  readonly runs: Writable<SettlementRun>[]
  /** In the order of runs, then of merchants. */
  readonly rows: SettlementRow[]
}

/** What moved one merchant's payable: a part of an operation that one program bears. */
interface Taking {
  readonly merchantId: MerchantId
  readonly programId: ProgramId
  readonly bookedAt: Instant
  /** When the payment was booked that this is, or that this cancels. */
  readonly paidAt: Instant
  /** Below zero: a cancellation. */
  readonly amountWon: Won
}

export function createMemorySettlements(
  ledger: Pick<MemoryLedger, 'snapshot' | 'seal'>,
): MemorySettlements {
  const shelves = new Map<IssuerId, Shelf>()
  const shelfOf = (issuerId: IssuerId): Shelf => {
    const shelf = shelves.get(issuerId) ?? { days: [], programDays: new Map(), runs: [], rows: [] }
    shelves.set(issuerId, shelf)
    return shelf
  }
  const takings = (issuerId: IssuerId): Taking[] => takingsOf(ledger.snapshot(issuerId))
  const booked = (issuerId: IssuerId): Instant[] =>
    ledger
      .snapshot(issuerId)
      .operations.map(({ bookedAt }) => bookedAt)
      .toSorted((one, other) => one - other)
  return {
    ...running(shelfOf, booked),
    ...settling(shelfOf, takings),
    ...memorySettlementReading(shelfOf),
    async sealedUntil(issuerId, at) {
      ledger.seal(issuerId, at)
      return true
    },
  }
}

type ShelfOf = (issuerId: IssuerId) => Shelf

function running(
  shelfOf: ShelfOf,
  /** When operations were booked, rising. */
  booked: (issuerId: IssuerId) => Instant[],
): Pick<
  SettlementStore,
  ('position' | 'closeDays' | 'unsettledDays') | ('openRun' | 'programDaysOf' | 'closeRun')
> {
  return {
    async position(issuerId) {
      const { days, runs } = shelfOf(issuerId)
      const [first] = booked(issuerId)
      const run = runs.at(-1)
      return {
        firstDay: first === undefined ? undefined : businessDate(first),
        lastDay: days.at(-1),
        run: run && { ...run },
      }
    },
    async closeDays(issuerId, days) {
      const shelf = shelfOf(issuerId)
      for (const day of days) {
        const last = shelf.days.at(-1)
        if (last === undefined || day.fromAt === last.untilAt) shelf.days.push(day)
      }
    },
    async unsettledDays(issuerId, programIds) {
      const { days, programDays } = shelfOf(issuerId)
      const settled = new Set([...programDays.values()].flat().map(keyOf))
      return days.flatMap((day) =>
        programIds
          .map((programId) => ({ programId, ...day }))
          .filter((each) => !settled.has(keyOf(each))),
      )
    },
    async openRun(issuerId, { programDays, ...run }, openedAt) {
      const { days, runs, programDays: settled } = shelfOf(issuerId)
      const last = runs.at(-1)
      if (last !== undefined && (last.state === 'open' || last.settlementDay >= run.settlementDay))
        return
      const state = 'open' as const
      runs.push({ ...run, state, openedAt, closedAt: undefined, reached: 0 })
      const closed = programDays.map(({ programId, day }) => {
        const closedDay = days.find((each) => each.day === day)
        assert(closedDay !== undefined, 'a run settles closed days')
        return { programId, ...closedDay }
      })
      settled.set(run.settlementDay, closed)
    },
    programDaysOf: async (issuerId, day) => shelfOf(issuerId).programDays.get(day) ?? [],
    async closeRun(issuerId, settlementDay, now) {
      const run = shelfOf(issuerId).runs.find((each) => each.settlementDay === settlementDay)
      if (run?.state !== 'open') return
      run.state = 'closed'
      run.closedAt = now
    },
  }
}

function settling(
  shelfOf: ShelfOf,
  takings: (issuerId: IssuerId) => Taking[],
): Pick<SettlementStore, 'findMerchants' | 'fixSettlements' | 'dueSettlements' | 'markPaid'> {
  return {
    async findMerchants(issuerId, { programDays, after, limit }) {
      const shelf = shelfOf(issuerId)
      const all = takings(issuerId)
      return merchantIdsOf(all)
        .filter((merchantId) => merchantId > after)
        .slice(0, limit)
        .map((merchantId) => find(shelf, all, { merchantId, programDays }))
    },
    async fixSettlements(issuerId, { settlementDay, after, reached }, settlements) {
      const { runs, rows } = shelfOf(issuerId)
      const run = runs.find((each) => each.settlementDay === settlementDay)
      if (run?.state !== 'open' || run.reached !== after) return false
      rows.push(...settlements.map((each) => ({ ...each, settlementDay })))
      run.reached = reached
      return true
    },
    async dueSettlements(issuerId, settlementDay, limit) {
      return shelfOf(issuerId)
        .rows.filter((row) => row.settlementDay === settlementDay && row.outcome === 'due')
        .slice(0, limit)
        .map(dueOf)
    },
    async markPaid(issuerId, settlementDay, merchantIds) {
      for (const row of shelfOf(issuerId).rows) {
        const isMeant = row.settlementDay === settlementDay && merchantIds.includes(row.merchantId)
        if (isMeant && row.outcome === 'due') row.outcome = 'paid'
      }
    },
  }
}

function keyOf({ programId, day }: ProgramDay): string {
  return `${programId} ${day}`
}

function merchantIdsOf(takings: readonly Taking[]): MerchantId[] {
  return [...new Set(takings.map(({ merchantId }) => merchantId))].toSorted((a, b) => a - b)
}

function dueOf(row: SettlementRow): DueSettlement {
  const { settlementDay, merchantId, payableWon, feeWon, payout, account } = row
  assert(payout !== undefined && account !== undefined, 'what is due knows where to')
  return { settlementDay, merchantId, payableWon, feeWon, account, ...payout }
}

function find(
  { rows, days }: Shelf,
  all: readonly Taking[],
  of: {
    readonly merchantId: MerchantId
    readonly programDays: readonly (ProgramDay & ClosedDay)[]
  },
): FoundMerchant {
  const { merchantId, programDays } = of
  const own = rows.filter((row) => row.merchantId === merchantId)
  const settled = own.flatMap(({ lines }) => lines)
  const taken = all.filter(
    (taking) =>
      taking.merchantId === merchantId &&
      programDays.some(
        ({ programId, fromAt, untilAt }) =>
          programId === taking.programId && fromAt < taking.bookedAt && taking.bookedAt <= untilAt,
      ),
  )
  const known = [...days, ...programDays]
  const grouped = Map.groupBy(taken, ({ programId, paidAt }) => {
    const day = known.find(({ fromAt, untilAt }) => fromAt < paidAt && paidAt <= untilAt)
    assert(day !== undefined, 'a payment was booked on a day that is known')
    return `${day.day} ${String(programId).padStart(16, '0')}`
  })
  const sums = [...grouped.entries()]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, group]) => {
      const { programId } = group[0]!
      const paidOn = key.slice(0, 10) as BusinessDate // Written so above.
      const { untilAt } = known.find(({ day }) => day === paidOn)!
      return sumsOf(group, settled, { programId, paidOn, paidUntilAt: untilAt })
    })
  const newest = own.at(-1)
  const standing = newest && { outcome: newest.outcome, reason: newest.reason }
  return {
    merchantId,
    carried: newest === undefined ? NOTHING_CARRIED : carriedAfter(newest),
    standing,
    sums,
  }
}

function sumsOf(
  group: readonly Taking[],
  settled: readonly SettlementLine[],
  of: Pick<DaySums, 'programId' | 'paidOn' | 'paidUntilAt'>,
): DaySums {
  const payments = group.filter(({ amountWon }) => amountWon > 0)
  const cancellations = group.filter(({ amountWon }) => amountWon < 0)
  const before = settled.filter(
    ({ programId, paidOn }) => programId === of.programId && paidOn === of.paidOn,
  )
  return {
    ...of,
    paymentsWon: sumWon(payments.map(({ amountWon }) => amountWon)),
    payments: payments.length,
    cancellationsWon: sumWon(cancellations.map(({ amountWon }) => won(0 - amountWon))),
    cancellations: cancellations.length,
    settledWon: sumWon(before.map((line) => won(line.paymentsWon - line.cancellationsWon))),
    settledFeeWon: sumWon(before.map(({ feeWon }) => feeWon)),
  }
}

/** Payments and cancellations that are owed to merchants, by the program of the lots that they moved. */
function takingsOf({ operations, lots }: LedgerSnapshot): Taking[] {
  const programs = new Map<number, ProgramId>(
    lots.map(({ lotId, programId }) => [lotId, programId]),
  )
  const byId = new Map(operations.map((operation) => [operation.operationId, operation]))
  return operations.flatMap(({ kind, merchantId, bookedAt, targetId, transfers }) => {
    if (kind !== 'payment' && kind !== 'capture' && kind !== 'cancellation') return []
    if (merchantId === undefined) return []
    const isCancellation = kind === 'cancellation'
    const owed = transfers.filter(({ debitKind, creditKind }) =>
      isCancellation ? debitKind === 'merchant_payable' : creditKind === 'merchant_payable',
    )
    const lotOf = ({ debitId, creditId }: (typeof owed)[number]) =>
      isCancellation ? creditId : debitId
    const shares = Map.groupBy(owed, (transfer) => programs.get(lotOf(transfer))!)
    const paid = isCancellation && targetId !== undefined ? byId.get(targetId) : undefined
    return [...shares].map(([programId, share]) => {
      const amountWon = sumWon(share.map((transfer) => transfer.amountWon))
      return {
        merchantId,
        programId,
        bookedAt,
        paidAt: paid?.bookedAt ?? bookedAt,
        amountWon: isCancellation ? won(0 - amountWon) : amountWon,
      }
    })
  })
}
