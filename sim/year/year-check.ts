/** The end of a day: the ledger against the recalculation and the bank, and the product's own audit. */
import type { FlowSum } from '../../src/reporting/reporting.ts'
import type { DayResult } from '../../src/treasury/treasury.ts'
import type { AuditReport } from '../../src/postgres/audit.ts'
import type { YearFigures } from './recalculated-books.ts'
import { programNames } from './year-events.ts'
import { ISSUER, memberIdOf, merchantOf, programIdOf } from './year-terms.ts'
import { townRules } from './year-town-rules.ts'
import type { YearDatabase } from './year-database.ts'

interface AccountRow {
  kind: string
  id: string
  won: string
}
interface LotRow {
  wallet_id: string
  program_id: string
  kind: string
  won: string
}

/** What the ledger says, from its transfers, in the words of the recalculation. */
export async function ledgerFigures(
  { audit }: YearDatabase,
  bankWon: number,
): Promise<YearFigures> {
  const accounts = await audit<AccountRow[]>`
    select s.kind::text, s.id::text, sum(s.won)::text as won
    from ledger.transfer t
    cross join lateral (values
      (t.debit_kind, t.debit_id, t.amount_won), (t.credit_kind, t.credit_id, -t.amount_won)
    ) as s (kind, id, won)
    where s.kind not in ('lot', 'lot_hold')
    group by s.kind, s.id`
  const lots = await audit<LotRow[]>`
    select wallet_id::text, program_id::text, kind::text, sum(remaining_won + held_won)::text as won
    from ledger.lot
    where remaining_won + held_won > 0
    group by wallet_id, program_id, kind`
  const [notices] = await audit<{ count: string }[]>`
    select count(*)::text as count from registry.record
    where issuer_id = ${ISSUER} and kind = 'notice' and body ->> 'noticeKind' = 'terms_change'`
  const [missing] = await audit<{ count: string }[]>`
    select count(distinct record_id)::text as count from registry.record
    where issuer_id = ${ISSUER} and kind = 'case' and body ->> 'caseKind' = 'cashback_missing'`
  const balance = (kind: string, id?: number): number =>
    accounts
      .filter((row) => row.kind === kind && (id === undefined || row.id === String(id)))
      .reduce((sum, row) => sum + Number(row.won), 0)
  const held: Record<string, number> = {}
  for (const { wallet_id: walletId, program_id: programId, kind, won } of lots) {
    const program = programNames.find((name) => String(programIdOf(name)) === programId)
    held[`${Number(walletId) - memberIdOf(0)}/${program}/${kind}`] = Number(won)
  }
  return {
    fund: balance('operating_fund'),
    receivable: [1, 2, 3].map((funder) => balance('subsidy_receivable', funder)) as [
      number,
      number,
      number,
    ],
    shops: townRules.shops.map((_, shop) => 0 - balance('merchant_payable', merchantOf(shop))),
    breakage: 0 - balance('breakage'),
    fees: 0 - balance('merchant_fee'),
    transit: 0 - balance('settlement_in_transit'),
    returned: 0 - balance('returned_payout'),
    interest: 0 - balance('fund_interest'),
    unidentified: 0 - balance('unidentified_deposit'),
    gifts: 0 - balance('gift_transit'),
    bank: bankWon,
    told: Number(notices!.count),
    missing: Number(missing!.count),
    held,
  }
}

/** Every figure on which the two do not agree, in a sentence each. */
export function differences(ledger: YearFigures, expected: YearFigures): string[] {
  const flat = (figures: YearFigures): Map<string, number> => {
    const { held, receivable, shops, ...rest } = figures
    return new Map([
      ...Object.entries(rest),
      ...receivable.map((won, funder): [string, number] => [`receivable/${funder}`, won]),
      ...shops.map((won, shop): [string, number] => [`shop/${shop}`, won]),
      ...Object.entries(held).map(([key, won]): [string, number] => [`held/${key}`, won]),
    ])
  }
  const [a, b] = [flat(ledger), flat(expected)]
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((key) => (a.get(key) ?? 0) !== (b.get(key) ?? 0))
    .map((key) => `${key}: the product says ${a.get(key) ?? 0}, calculated are ${b.get(key) ?? 0}`)
}

/** What is wrong with the newest day that the treasury has reconciled. */
export function dayProblems(day: DayResult | undefined): string[] {
  if (day === undefined) return []
  const { date, unexplainedWon, breakCount, shortWon } = day
  return [
    ...(unexplainedWon === 0 ? [] : [`${unexplainedWon} won of ${date} are unexplained`]),
    ...(breakCount === 0 ? [] : [`${breakCount} entries of ${date} have no other side`]),
    ...(shortWon === 0 ? [] : [`${shortWon} won of ${date} are not covered`]),
  ]
}

/** Every sum on which the reports of all days and the recalculation do not agree. */
export function reportProblems(
  sums: readonly FlowSum[],
  expected: ReadonlyMap<string, number>,
): string[] {
  const told = new Map<string, number>()
  for (const { programId, lotKind, flow, amountWon } of sums) {
    const program = programNames.find((name) => programIdOf(name) === programId)
    const key = `${program}/${lotKind}/${flow}`
    told.set(key, (told.get(key) ?? 0) + amountWon)
  }
  return [...new Set([...told.keys(), ...expected.keys()])]
    .filter((key) => (told.get(key) ?? 0) !== (expected.get(key) ?? 0))
    .map((key) => `report ${key}: ${told.get(key) ?? 0} won, calculated ${expected.get(key) ?? 0}`)
}

export function auditProblems(report: AuditReport): string[] {
  return report.findings.map(
    ({ checker, where, sentence }) => `audit ${checker}: ${where} ${sentence}`,
  )
}
