/** One replay from beginning to end: drain some wallets, run through the hours, cut and heal the core, count. */
import { setTimeout as delay } from 'node:timers/promises'
import { waitUntil } from '../src/main/bounded-wait.ts'
import { CROWD_WON } from '../src/main/seed-cards.ts'
import type { Reconciliation } from '../src/main/reconcile-matching.ts'
import { countOutage, isWrongDebit, type SaleOutcome } from './count-outage.ts'
import { planOutage, type OutagePlan, type PlannedSale } from './outage-plan.ts'
import { startOutageProduct, type OutageProduct, type Receipt } from './outage-product.ts'
import type { OutageReport } from './outage-report.ts'
import { cutMs, replayHours, type Outage } from './timeline.ts'

export interface OutageRun {
  readonly outage: Outage
  readonly cards: number
  readonly sales: number
  /** One second of the replay stands for so many of that day. */
  readonly timeFactor: number
  readonly say: (sentence: string) => void
}

const SEED = 20_250_919
const DRAIN_LANES = 8
const DRAIN_TRIES = 20
const DRAIN_PAUSE_MS = 500
const RECONCILED_MS_MAX = 90_000
const CONVERTED_MS_MAX = 60_000
const POLL_MS = 500

export async function runOutage(run: OutageRun): Promise<OutageReport> {
  const { say, cards, outage } = run
  const hours = replayHours(outage)
  const plan = planOutage({
    hours,
    cards,
    sales: run.sales,
    walletWon: CROWD_WON,
    seed: SEED,
    now: Date.now(),
  })
  say(`starting the product with ${cards.toLocaleString('en')} linked cards …`)
  const product = await startOutageProduct(cards)
  try {
    say(`emptying ${plan.drainings.length} wallets …`)
    await drainWallets(product, plan)
    await product.gatewaysCaughtUp()
    const { receipts, healedMs } = await runHours(run, product, plan)
    const agreed = await untilReconciled(product, healedMs, say)
    say(`the books agree ${agreed.seconds ?? 'not'} s after the heal; waiting for conversions …`)
    const outcomes = await untilConverted(product, plan, receipts)
    tellWrongDebits(plan, outcomes, say)
    const last = await product.reconcile()
    tellBreaks(last, say)
    const { maxWon, boundWon } = await product.exposure()
    const counts = countOutage(hours, plan, outcomes)
    return {
      answered: counts.answered,
      standin_approved: counts.standin_approved,
      declined: counts.declined,
      wrong_debits: counts.wrong_debits,
      repaired: counts.repaired,
      unreconciled: last.unmatched + last.wrongSource,
      reconciled_s: agreed.seconds ?? Number.POSITIVE_INFINITY,
      loss_won: await product.lossWon(),
      exposure_max_won: maxWon,
      exposure_bound_won: boundWon,
      without_standin: counts.without_standin,
      declined_because: counts.declined_because,
      sales: counts.sales,
      sales_in_cut: counts.sales_in_cut,
      issuers: plan.issuers,
      cards,
      time_factor: run.timeFactor,
      simulated: simulatedOf(run),
      hours: counts.hours,
    }
  } finally {
    await product.stop()
  }
}

/** Before anything is measured: people who have spent their vouchers. */
async function drainWallets(product: OutageProduct, plan: OutagePlan): Promise<void> {
  const waiting = [...plan.drainings.entries()]
  const drain = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [index, { cardToken, ...sale }] = next
      const terminal = `D${String(index + 1).padStart(7, '0')}`
      for (let tries = 1; ; tries += 1) {
        const order = { ...sale, terminal, card: cardToken, partialAllowed: false }
        const { verdict, decidedBy } = await product.sell(order)
        if (verdict === 'approved' && decidedBy === 'core') break
        if (tries === DRAIN_TRIES) throw new Error(`a wallet could not be emptied: ${verdict}`)
        // A core that has just started may be slow; stand-in does not pay so much.
        await delay(DRAIN_PAUSE_MS)
      }
    }
  }
  await Promise.all(Array.from({ length: DRAIN_LANES }, drain))
}

/** Every sale leaves at its time, whatever became of those before. */
async function runHours(
  { outage, timeFactor, say }: OutageRun,
  product: OutageProduct,
  plan: OutagePlan,
): Promise<{ receipts: readonly Receipt[]; healedMs: number }> {
  const hours = replayHours(outage)
  const beganMs = performance.now()
  const dueMs = (at: number): number => beganMs + (at - Date.parse(outage.from)) / timeFactor
  const until = (due: number): Promise<unknown> => delay(Math.max(0, due - performance.now()))
  const timeOf = ({ hour, share }: PlannedSale): number => hours[hour]!.at + share * 3_600_000
  let healedMs = 0
  const cut = async (): Promise<void> => {
    await until(dueMs(Date.parse(outage.cutAt)))
    await product.cutCore()
    say('the core is cut off')
    await until(dueMs(Date.parse(outage.healedAt)))
    product.healCore()
    healedMs = performance.now()
    say('the core is back')
  }
  const [receipts] = await Promise.all([
    Promise.all(
      plan.sales.map(async (sale) => {
        await until(dueMs(timeOf(sale)))
        const { partnerCode, terminal, merchantNumber, amountWon, partialAllowed } = sale
        const order = { partnerCode, terminal, merchantNumber, amountWon, partialAllowed }
        return product.sell({ ...order, card: sale.cardToken })
      }),
    ),
    cut(),
  ])
  say(`${receipts.length.toLocaleString('en')} sales done`)
  return { receipts, healedMs }
}

/** Traffic goes on for a while after the heal: its own sales must agree too. */
async function untilReconciled(
  product: OutageProduct,
  healedMs: number,
  say: (sentence: string) => void,
): Promise<{ readonly seconds: number | undefined }> {
  let seconds: number | undefined
  await waitUntil(
    async () => {
      const { breaks } = await product.reconcile()
      if (breaks.length > 0) say(`${breaks.length} sales do not agree yet: ${kindsOf(breaks)}`)
      if (breaks.length === 0) seconds = Math.round((performance.now() - healedMs) / 100) / 10
      return seconds !== undefined
    },
    { timeoutMs: RECONCILED_MS_MAX, pollMs: POLL_MS },
  )
  return { seconds }
}

/** Provisional debits are converted by the core's clockwork, and the card companies give the accounts their money. */
async function untilConverted(
  product: OutageProduct,
  plan: OutagePlan,
  receipts: readonly Receipt[],
): Promise<readonly SaleOutcome[]> {
  const now = [...receipts]
  const refresh = async (index: number): Promise<void> => {
    const receipt = await product.saleNow(plan.sales[index]!.partnerCode, now[index]!.saleId)
    now[index] = receipt
  }
  // What the account had to pay anyway is explained to the member, and nothing comes of it.
  const open = (): number[] =>
    [...now.keys()].filter(
      (index) => now[index]!.provisional && isWrongDebit(plan.sales[index]!, now[index]!),
    )
  await waitUntil(
    async () => {
      await product.takeFiles()
      for (const index of open()) await refresh(index)
      return open().length === 0
    },
    { timeoutMs: CONVERTED_MS_MAX, pollMs: POLL_MS },
  )
  for (const index of now.keys()) await refresh(index)
  return now.map(({ refundedWon, ...receipt }) => ({ ...receipt, convertedWon: refundedWon }))
}

/** What must not be found is shown in full, for whoever looks for its cause. */
function tellWrongDebits(
  plan: OutagePlan,
  outcomes: readonly SaleOutcome[],
  say: (sentence: string) => void,
): void {
  for (const [index, sale] of plan.sales.entries()) {
    const outcome = outcomes[index]!
    if (isWrongDebit(sale, outcome)) say(`debited wrongly: ${JSON.stringify({ sale, outcome })}`)
  }
}

function kindsOf(breaks: Reconciliation['breaks']): string {
  const kinds = Map.groupBy(breaks, (each) => each.kinds[0])
  return [...kinds].map(([kind, of]) => `${of.length} ${kind}`).join(', ')
}

function tellBreaks({ breaks }: Reconciliation, say: (sentence: string) => void): void {
  for (const { kinds, key, company, gateways, ledger } of breaks.slice(0, 20)) {
    say(
      `${key} [${kinds.join(', ')}] company: ${company}; gateways: ${gateways}; ledger: ${ledger}`,
    )
  }
}

function simulatedOf({ outage, timeFactor, cards, sales }: OutageRun): readonly string[] {
  const cutHours = Math.floor(cutMs(outage) / 3_600_000)
  const cutMinutes = (cutMs(outage) / 60_000) % 60
  const cutSeconds = Math.round(cutMs(outage) / timeFactor / 1_000)
  return [
    `Time is compressed ${timeFactor} times: the cut of ${cutHours} h ${cutMinutes} min is ${cutSeconds} s. ` +
      'Deadlines, retries and pauses are real seconds.',
    'Stand-in counts payments a day and the age of what it knows by real clocks, so all hours fall on one day: three ' +
      'payments for the whole outage instead of three for each of its two days. ' +
      '24 hours of age would not have been reached.',
    'The core is cut by stopping its process (SIGSTOP); the gateways, their links and the card companies go on.',
    'Card companies, terminals, people, wallets and shops are invented; so is how busy each hour was.',
    `${cards} cards and ${sales} payments stand for 2.5 million people. The core, two gateways and the database are ` +
      'the real programs, on one machine.',
    'Nobody pays by card in another municipality than that of the card’s voucher.',
    'The platform without stand-in is computed, not run: each of the same payments during the cut gets no answer, ' +
      'and the simulated card company’s own code, told to take silence for "no voucher", decides.',
  ]
}
