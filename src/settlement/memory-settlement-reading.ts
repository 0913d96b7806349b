/** What is read of settlements in memory. */
import { sumWon, type BusinessDate, type IssuerId, type MerchantId } from '../base/base.ts'
import { payoutWon } from './merchant-settlement.ts'
import type { SettlementRow, Shelf } from './memory-settlements.ts'
import type {
  RunTotals,
  SettlementReading,
  SettlementRecord,
  SettlementRun,
} from './settlement-store.ts'

export function memorySettlementReading(shelfOf: (issuerId: IssuerId) => Shelf): SettlementReading {
  return {
    async settlementsOf(issuerId, merchantId, { from, before, limit }) {
      return shelfOf(issuerId)
        .rows.filter((row) => row.merchantId === merchantId)
        .filter(({ settlementDay }) => from === undefined || settlementDay >= from)
        .filter(({ settlementDay }) => before === undefined || settlementDay < before)
        .toReversed()
        .slice(0, limit)
        .map(recordOf)
    },
    async settlement(issuerId, merchantId, settlementDay) {
      const row = rowOf(shelfOf(issuerId), merchantId, settlementDay)
      return row && recordOf(row)
    },
    async linesOf(issuerId, merchantId, settlementDay) {
      return rowOf(shelfOf(issuerId), merchantId, settlementDay)?.lines ?? []
    },
    async runs(issuerId, { before, limit }) {
      const { runs, rows } = shelfOf(issuerId)
      return runs
        .filter(({ settlementDay }) => before === undefined || settlementDay < before)
        .toReversed()
        .slice(0, limit)
        .map((run) =>
          totalsOf(
            run,
            rows.filter(({ settlementDay }) => settlementDay === run.settlementDay),
          ),
        )
    },
    async heldBack(issuerId, { after, limit }) {
      const newest = new Map(shelfOf(issuerId).rows.map((row) => [row.merchantId, row]))
      return [...newest.values()]
        .filter(({ outcome, merchantId }) => outcome === 'held' && merchantId > (after ?? 0))
        .toSorted((one, other) => one.merchantId - other.merchantId)
        .slice(0, limit)
        .map(recordOf)
    },
  }
}

function rowOf(
  { rows }: Shelf,
  merchantId: MerchantId,
  settlementDay: BusinessDate,
): SettlementRow | undefined {
  return rows.find((each) => each.merchantId === merchantId && each.settlementDay === settlementDay)
}

function recordOf(row: SettlementRow): SettlementRecord {
  const { settlementDay, merchantId, outcome, reason, carried, lines, payableWon, feeWon } = row
  return {
    settlementDay,
    merchantId,
    outcome,
    reason,
    carried,
    paymentsWon: sumWon(lines.map((line) => line.paymentsWon)),
    payments: lines.reduce((sum, line) => sum + line.payments, 0),
    cancellationsWon: sumWon(lines.map((line) => line.cancellationsWon)),
    cancellations: lines.reduce((sum, line) => sum + line.cancellations, 0),
    lineFeeWon: sumWon(lines.map((line) => line.feeWon)),
    payableWon,
    feeWon,
    payoutId: row.payout?.payoutId,
    account: row.account,
  }
}

function totalsOf(run: SettlementRun, rows: readonly SettlementRow[]): RunTotals {
  const records = rows.map(recordOf)
  const paid = records.filter(({ outcome }) => outcome === 'paid' || outcome === 'due')
  const held = records.filter(({ outcome }) => outcome === 'held')
  return {
    ...run,
    merchants: records.length,
    paid: paid.length,
    held: held.length,
    carriedOn: records.length - paid.length - held.length,
    paymentsWon: sumWon(records.map(({ paymentsWon }) => paymentsWon)),
    cancellationsWon: sumWon(records.map(({ cancellationsWon }) => cancellationsWon)),
    feeWon: sumWon(records.map(({ lineFeeWon }) => lineFeeWon)),
    payoutsWon: sumWon(paid.map(payoutWon)),
    heldWon: sumWon(held.map(payoutWon)),
  }
}
