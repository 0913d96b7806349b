/** Adds up what became of the planned sales, and what would have become of them without stand-in. Plain functions. */
import { decideSale } from '../simulated/card-company-decision.ts'
import type { OutageHourCount } from './outage-report.ts'
import type { OutagePlan, PlannedSale } from './outage-plan.ts'
import type { ReplayHour } from './timeline.ts'

/** What a card company says of a sale: at the till, and in its books at the end. */
export interface SaleOutcome {
  /** One of the five answers, or why there was none. */
  readonly verdict: string
  readonly reason: string | null
  readonly decidedBy: string | null
  readonly outcome: string
  readonly provisional: boolean
  /** At the end, after everything that was given back or converted. */
  readonly voucherWon: number
  readonly accountWon: number
  readonly convertedWon: number
}

const ANSWERS: readonly string[] = [
  'approved',
  'partially_approved',
  'not_applicable',
  'declined',
  'unknown',
]
/** What an account of the demonstration holds. */
const ACCOUNT_WON = 3_000_000

export interface OutageCounts {
  readonly sales: number
  readonly sales_in_cut: number
  readonly answered: number
  readonly standin_approved: number
  readonly declined: number
  readonly declined_because: Readonly<Record<string, number>>
  readonly wrong_debits: number
  readonly repaired: number
  readonly without_standin: { readonly wrong_debits: number; readonly unanswered: number }
  readonly hours: readonly OutageHourCount[]
}

/** @param outcomes in the order of the plan's sales */
export function countOutage(
  hours: readonly ReplayHour[],
  plan: Pick<OutagePlan, 'sales'>,
  outcomes: readonly SaleOutcome[],
): OutageCounts {
  const tally = hours.map(({ label, cutShare }) => ({
    label,
    cutShare,
    byCore: 0,
    byStandIn: 0,
    byAccount: 0,
    repaired: 0,
    declined: 0,
    wrongWithout: 0,
  }))
  const reasons: Record<string, number> = {}
  let answered = 0
  let wrongDebits = 0
  for (const [index, sale] of plan.sales.entries()) {
    const outcome = outcomes[index]!
    const hour = tally[sale.hour]!
    if (ANSWERS.includes(outcome.verdict)) answered += 1
    if (isWrongDebit(sale, outcome)) wrongDebits += 1
    hour[kindOf(outcome)] += 1
    if (outcome.outcome === 'declined') {
      const reason = outcome.reason ?? outcome.verdict
      reasons[reason] = (reasons[reason] ?? 0) + 1
    }
  }
  const inCut = plan.sales.filter((sale) => isInCut(hours, sale))
  const wrong = wrongWithoutStandIn(inCut)
  for (const { hour } of wrong) tally[hour]!.wrongWithout += 1
  const sumOf = (kind: 'byStandIn' | 'declined' | 'repaired'): number =>
    tally.reduce((sum, hour) => sum + hour[kind], 0)
  return {
    sales: plan.sales.length,
    sales_in_cut: inCut.length,
    answered,
    standin_approved: sumOf('byStandIn'),
    declined: sumOf('declined'),
    declined_because: reasons,
    wrong_debits: wrongDebits,
    repaired: sumOf('repaired'),
    without_standin: { wrong_debits: wrong.length, unanswered: inCut.length },
    hours: tally,
  }
}

/** The account may pay what the voucher does not, and nothing at all of a sale that was declined. */
export function isWrongDebit(sale: PlannedSale, outcome: Pick<SaleOutcome, 'accountWon'>): boolean {
  return outcome.accountWon > sale.amountWon - sale.voucherWon
}

function kindOf({ outcome, voucherWon, convertedWon, decidedBy, provisional }: SaleOutcome) {
  if (outcome === 'declined') return 'declined'
  if (provisional) return convertedWon > 0 ? 'repaired' : 'byAccount'
  if (voucherWon === 0) return 'byAccount'
  return decidedBy === 'standin' ? 'byStandIn' : 'byCore'
}

/** The cut begins late in its first hour where that is not cut whole, and ends early in its last. */
function isInCut(hours: readonly ReplayHour[], { hour, share }: PlannedSale): boolean {
  const { cutShare } = hours[hour]!
  const isFirst = hours[hour - 1]?.cutShare === 0
  return isFirst ? share >= 1 - cutShare : share < cutShare
}

/**
 * The same sales at a platform that does not answer while it is cut off, and at a card company that takes silence for
 * "no voucher", as in 2025: decided by the simulated company's own code, account by account.
 */
export function wrongWithoutStandIn(sales: readonly PlannedSale[]): readonly PlannedSale[] {
  const spentWon = new Map<string, number>()
  return sales.filter((sale) => {
    const { amountWon, partialAllowed, cardToken, voucherWon } = sale
    const spent = spentWon.get(cardToken) ?? 0
    const decision = decideSale(
      { outcome: 'no_answer' },
      {
        amountWon,
        partialAllowed,
        onUnknown: null,
        availableWon: ACCOUNT_WON - spent,
        fallback: 'as_2025',
      },
    )
    spentWon.set(cardToken, spent + decision.accountWon)
    return decision.accountWon > amountWon - voucherWon
  })
}
