/** What a replay found, as it stands in docs/pictures/outage.json and is drawn from there, and what was aimed at. */

export interface OutageHourCount {
  /** `15:00` in Korea. */
  readonly label: string
  readonly cutShare: number
  /** Paid from the voucher, some with the account's part of a split, by the core's own answer. */
  readonly byCore: number
  /** The same by stand-in. */
  readonly byStandIn: number
  /** The account paid, after a positive statement that the voucher has nothing to do with the sale. */
  readonly byAccount: number
  /** The account paid by the cardholder's choice because nobody could know, flagged, and got it back afterwards. */
  readonly repaired: number
  /** Nobody paid. */
  readonly declined: number
  /** What a platform without stand-in would have taken from people's accounts instead of their vouchers. */
  readonly wrongWithout: number
}

export interface OutageReport {
  /** Card payments that got one of the five answers. */
  readonly answered: number
  /** Paid from the voucher by stand-in. */
  readonly standin_approved: number
  readonly declined: number
  /** Accounts that paid more than they should have and did not get it back by the end. */
  readonly wrong_debits: number
  /** Provisional debits that the voucher took over afterwards (사후전환). */
  readonly repaired: number
  readonly unreconciled: number
  /** From the heal until the three books agreed. */
  readonly reconciled_s: number
  readonly loss_won: number
  readonly exposure_max_won: number
  readonly exposure_bound_won: number
  readonly without_standin: { readonly wrong_debits: number; readonly unanswered: number }
  readonly declined_because: Readonly<Record<string, number>>
  readonly sales: number
  readonly sales_in_cut: number
  readonly issuers: number
  readonly cards: number
  /** One second of the replay stands for so many of that day. */
  readonly time_factor: number
  readonly simulated: readonly string[]
  readonly hours: readonly OutageHourCount[]
}

export interface Aim {
  readonly sentence: string
  readonly isMet: boolean
}

const RECONCILED_S_MAX = 60

export function aimsOf(report: OutageReport): readonly Aim[] {
  const { exposure_max_won: maxWon, exposure_bound_won: boundWon } = report
  return [
    {
      sentence: `No account is debited where the voucher should have paid: ${report.wrong_debits}.`,
      isMet: report.wrong_debits === 0,
    },
    {
      sentence: `Every card payment is answered: ${number(report.answered)} of ${number(report.sales)}.`,
      isMet: report.answered === report.sales,
    },
    {
      sentence: `The three books agree in the end, but for ${report.unreconciled} sales.`,
      isMet: report.unreconciled === 0,
    },
    {
      sentence: `They agree ${report.reconciled_s} s after the heal, at most ${RECONCILED_S_MAX} s.`,
      isMet: report.reconciled_s < RECONCILED_S_MAX,
    },
    {
      sentence: `Exposure stays within its bound: ₩${number(maxWon)} of ₩${number(boundWon)}.`,
      isMet: maxWon <= boundWon,
    },
  ]
}

/** For people: a table of both platforms, then each aim. */
export function reportText(report: OutageReport): string {
  const { without_standin: without } = report
  const rows: readonly (readonly [string, string, string])[] = [
    ['', 'without stand-in', 'Dure'],
    ['card payments', number(report.sales), number(report.sales)],
    ['  of these while the core was cut', number(report.sales_in_cut), number(report.sales_in_cut)],
    ['not answered', number(without.unanswered), number(report.sales - report.answered)],
    ['paid from the voucher by stand-in', '0', number(report.standin_approved)],
    ['account debited for the voucher', number(without.wrong_debits), number(report.wrong_debits)],
    ['debited by choice, then repaired', '0', number(report.repaired)],
    ['declined', '', number(report.declined)],
  ]
  const table = rows.map(
    ([what, old, own]) => `${what.padEnd(36)}${old.padStart(18)}${own.padStart(12)}`,
  )
  const reasons = Object.entries(report.declined_because).map(
    ([reason, count]) => `  ${number(count)} ${reason}`,
  )
  const aims = aimsOf(report).map(
    ({ sentence, isMet }) => `${isMet ? 'met   ' : 'MISSED'} ${sentence}`,
  )
  const notes = report.simulated.map((note) => `- ${note}`)
  return [
    ...table,
    '',
    'declined because:',
    ...reasons,
    '',
    ...aims,
    `       Booked as loss: ₩${number(report.loss_won)}.`,
    '',
    'simulated:',
    ...notes,
  ].join('\n')
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
