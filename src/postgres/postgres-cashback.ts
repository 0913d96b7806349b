/** Cashback in PostgreSQL. Throws Faults as the fault table classifies them. */
import {
  businessMonth,
  won,
  type BusinessMonth,
  type IssuerId,
  type OperationId,
  type ProgramId,
  type WalletId,
} from '../base/base.ts'
import type {
  CashbackStore,
  DecidedPage,
  Earning,
  JournalPage,
  PaymentSeen,
  PromisedCashback,
} from '../cashback/cashback.ts'
import { earningLotKinds, type CashbackSpending } from '../issuing/issuing.ts'
import { instantArray, numberArray, textArray, wordArray } from './array-literal.ts'
import {
  earningsIn,
  eventsIn,
  takeBacksIn,
  type EarningRow,
  type EventRow,
  type TakeBackRow,
} from './cashback-rows.ts'
import type { PostgresPool } from './postgres-pool.ts'

/** So often a page is read that others write meanwhile. */
const READS_MAX = 5

export function createPostgresCashback(pool: PostgresPool): CashbackStore {
  return { ...following(pool), ...settling(pool), ...members(pool) }
}

async function earningsById(
  pool: PostgresPool,
  issuerId: IssuerId,
  rows: readonly { payment_id: OperationId }[],
): Promise<Earning[]> {
  if (rows.length === 0) return []
  const ids = wordArray(rows.map(({ payment_id: paymentId }) => paymentId))
  const found = await pool.run(
    (sql) => sql<EarningRow[]>`
      select * from cashback.earnings_by_id(${issuerId}, ${ids}::uuid[])`,
  )
  return earningsIn(found)
}

function following(pool: PostgresPool): Pick<CashbackStore, 'read' | 'fix'> {
  return {
    read: (issuerId, { limit }) => read(pool, issuerId, limit),
    fix: (issuerId, page, decided) => fix(pool, issuerId, page, decided),
  }
}

/**
 * Several statements, each of which sees what the others did meanwhile. So where the page was written by somebody else
 * in between, what was read is of two times, and is read again; after some such reads there is nothing left for us.
 */
async function read(
  pool: PostgresPool,
  issuerId: IssuerId,
  limit: number,
): Promise<JournalPage | undefined> {
  for (let round = 0; round < READS_MAX; round += 1) {
    const [bounds] = await pool.run(
      (sql) => sql<{ after_at: number; until_at: number }[]>`
        select * from cashback.next_page(${issuerId}, ${limit})`,
    )
    if (bounds === undefined) return undefined
    const { after_at: after, until_at: until } = bounds
    const page = { after, until, ...(await readBetween(pool, issuerId, bounds)) }
    const [reached] = await pool.run(
      (sql) => sql<{ at: number }[]>`select cashback.reached(${issuerId}) as at`,
    )
    if (reached!.at === after) return page
  }
  return undefined
}

async function readBetween(
  pool: PostgresPool,
  issuerId: IssuerId,
  { after_at: after, until_at: until }: { readonly after_at: number; readonly until_at: number },
): Promise<Omit<JournalPage, 'after' | 'until'>> {
  const rows = await pool.run(
    (sql) => sql<EventRow[]>`select * from cashback.events(
      ${issuerId}, ${after}, ${until}, ${wordArray(earningLotKinds)}::ledger.lot_kind[])`,
  )
  const events = eventsIn(rows)
  const cancelled = events.flatMap((event) =>
    event.kind === 'cancellation' ? [{ payment_id: event.paymentId }] : [],
  )
  const once = new Map(cancelled.map((each) => [each.payment_id, each]))
  const earnings = await earningsById(pool, issuerId, [...once.values()])
  const payments = events.filter((event) => event.kind === 'payment')
  const months = await monthsOf(pool, issuerId, payments)
  const promised = await pool.run(
    (sql) => sql<{ program_id: ProgramId; amount_won: number }[]>`
      select * from cashback.promised(${issuerId})`,
  )
  return { events, earnings, months, promised: promised.map(promisedOf) }
}

function promisedOf(row: { program_id: ProgramId; amount_won: number }): PromisedCashback {
  return { programId: row.program_id, amountWon: won(row.amount_won) }
}

async function monthsOf(
  pool: PostgresPool,
  issuerId: IssuerId,
  payments: readonly PaymentSeen[],
): Promise<JournalPage['months']> {
  const wanted = payments.flatMap(({ walletId, bookedAt, shares }) =>
    shares.map(({ programId }) => ({ walletId, programId, month: businessMonth(bookedAt) })),
  )
  if (wanted.length === 0) return []
  const rows = await pool.run(
    (sql) => sql<
      { wallet_id: WalletId; program_id: ProgramId; month: BusinessMonth; earned_won: number }[]
    >`select * from cashback.months_earned(${issuerId},
      ${numberArray(wanted.map(({ walletId }) => walletId))}::bigint[],
      ${numberArray(wanted.map(({ programId }) => programId))}::bigint[],
      ${wordArray(wanted.map(({ month }) => month))}::text[])`,
  )
  return rows.map((row) => ({
    walletId: row.wallet_id,
    programId: row.program_id,
    month: row.month,
    earnedWon: won(row.earned_won),
  }))
}

async function fix(
  pool: PostgresPool,
  issuerId: IssuerId,
  { after, until }: Pick<JournalPage, 'after' | 'until'>,
  { earnings, takeBacks, touched }: DecidedPage,
): Promise<boolean> {
  const shares = earnings.flatMap(({ paymentId, shares: own }) =>
    own.map((share) => ({ paymentId, ...share })),
  )
  const parts = takeBacks.flatMap(({ cancellationId, shares: own }) =>
    own.map((share) => ({ cancellationId, ...share })),
  )
  const numbers = <Row>(rows: readonly Row[], read: (row: Row) => number): string =>
    numberArray(rows.map(read))
  const words = <Row>(rows: readonly Row[], read: (row: Row) => string | null): string =>
    wordArray(rows.map(read))
  const instants = <Row>(rows: readonly Row[], read: (row: Row) => number): string =>
    instantArray(rows.map(read))
  const lapsesAt = ({ shares: own }: Earning) => Math.max(...own.map((share) => share.expiresAt))
  const [row] = await pool.run(
    (sql) => sql<{ fixed: boolean }[]>`select cashback.fix_page(${issuerId}, ${after}, ${until},
      ${words(earnings, (each) => each.paymentId)}::uuid[],
      ${numbers(earnings, (each) => each.walletId)}::bigint[],
      ${numbers(earnings, (each) => each.memberId)}::bigint[],
      ${numbers(earnings, (each) => each.merchantId)}::bigint[],
      ${instants(earnings, (each) => each.paidAt)}::timestamptz[],
      ${words(earnings, (each) => each.month)}::text[],
      ${numbers(earnings, (each) => each.revenueWon)}::bigint[],
      ${words(earnings, (each) => each.spending)}::cashback.spending[],
      ${words(earnings, (each) => each.state)}::cashback.earning_state[],
      ${words(earnings, (each) => each.waitsFor)}::cashback.waiting_cause[],
      ${instants(earnings, lapsesAt)}::timestamptz[],
      ${words(shares, (each) => each.paymentId)}::uuid[],
      ${numbers(shares, (each) => each.programId)}::bigint[],
      ${numbers(shares, (each) => each.spentWon)}::bigint[],
      ${numbers(shares, (each) => each.cancelledWon)}::bigint[],
      ${numbers(shares, (each) => each.rateBasisPoints)}::integer[],
      ${numbers(shares, (each) => each.earnedWon)}::bigint[],
      ${numbers(shares, (each) => each.takenBackWon)}::bigint[],
      ${textArray(shares.map(({ reason }) => reason))}::text[],
      ${instants(shares, (each) => each.expiresAt)}::timestamptz[],
      ${words(takeBacks, (each) => each.cancellationId)}::uuid[],
      ${words(takeBacks, (each) => each.paymentId)}::uuid[],
      ${numbers(takeBacks, (each) => each.walletId)}::bigint[],
      ${numbers(takeBacks, (each) => each.memberId)}::bigint[],
      ${instants(takeBacks, (each) => each.cancelledAt)}::timestamptz[],
      ${words(takeBacks, (each) => each.state)}::cashback.take_back_state[],
      ${words(parts, (each) => each.cancellationId)}::uuid[],
      ${numbers(parts, (each) => each.programId)}::bigint[],
      ${numbers(parts, (each) => each.cancelledWon)}::bigint[],
      ${numbers(parts, (each) => each.wantedWon)}::bigint[],
      ${numbers(parts, (each) => each.takenWon)}::bigint[],
      ${words(touched, (each) => each.paymentId)}::uuid[],
      ${words(touched, (each) => each.seen)}::cashback.earning_state[],
      ${words(touched, (each) => each.state)}::cashback.earning_state[]) as fixed`,
  )
  return row!.fixed
}

type Settling = 'dueEarnings' | 'settleEarnings' | 'dueTakeBacks' | 'settleTakeBacks' | 'lapse'

function settling(pool: PostgresPool): Pick<CashbackStore, Settling> {
  return {
    async dueEarnings(issuerId, { walletId, limit }) {
      const rows = await pool.run(
        (sql) => sql<{ payment_id: OperationId }[]>`
          select * from cashback.due_earnings(${issuerId}, ${walletId ?? null}, ${limit})`,
      )
      const earnings = await earningsById(pool, issuerId, rows)
      // Another may have posted some in between.
      return earnings.filter(({ state }) => state === 'due')
    },
    async settleEarnings(issuerId, results) {
      const posted = results.flatMap(({ paymentId, posted: own }) =>
        own.map((part) => ({ paymentId, ...part })),
      )
      await pool.run(
        (sql) => sql`select cashback.settle_earnings(${issuerId},
          ${wordArray(results.map((each) => each.paymentId))}::uuid[],
          ${numberArray(results.map((each) => each.attempt))}::integer[],
          ${wordArray(results.map((each) => each.state))}::cashback.earning_state[],
          ${wordArray(results.map((each) => each.waitsFor))}::cashback.waiting_cause[],
          ${wordArray(results.map((each) => each.operationId ?? null))}::uuid[],
          ${wordArray(posted.map((each) => each.paymentId))}::uuid[],
          ${numberArray(posted.map((each) => each.programId))}::bigint[],
          ${numberArray(posted.map((each) => each.amountWon))}::bigint[])`,
      )
    },
    async dueTakeBacks(issuerId, limit) {
      const rows = await pool.run(
        (sql) => sql<TakeBackRow[]>`
          select * from cashback.due_take_backs(${issuerId}, ${limit})`,
      )
      return takeBacksIn(rows)
    },
    async settleTakeBacks(issuerId, results) {
      const taken = results.flatMap(({ cancellationId, taken: own }) =>
        own.map((part) => ({ cancellationId, ...part })),
      )
      await pool.run(
        (sql) => sql`select cashback.settle_take_backs(${issuerId},
          ${wordArray(results.map((each) => each.cancellationId))}::uuid[],
          ${numberArray(results.map((each) => each.attempt))}::integer[],
          ${wordArray(results.map((each) => each.state))}::cashback.take_back_state[],
          ${wordArray(taken.map((each) => each.cancellationId))}::uuid[],
          ${numberArray(taken.map((each) => each.programId))}::bigint[],
          ${numberArray(taken.map((each) => each.nationalWon))}::bigint[],
          ${numberArray(taken.map((each) => each.provinceWon))}::bigint[],
          ${numberArray(taken.map((each) => each.cityWon))}::bigint[])`,
      )
    },
    async lapse(issuerId, now, limit) {
      const [row] = await pool.run(
        (sql) => sql<{ lapsed: number }[]>`
          select cashback.lapse(${issuerId}, ${now}, ${limit}) as lapsed`,
      )
      return row!.lapsed
    },
  }
}

type Members = ('wish' | 'pressed' | 'chosen' | 'figures') | ('waiting' | 'earningsOf' | 'standing')

function members(pool: PostgresPool): Pick<CashbackStore, Members> {
  return {
    async wish(issuerId, { requestId, walletId, kind, at }, limit) {
      const [row] = await pool.run(
        (sql) => sql<{ ours: boolean }[]>`
          select cashback.wish(${issuerId}, ${requestId}, ${walletId}, ${kind}, ${at}, ${limit})
            as ours`,
      )
      return row!.ours
    },
    async pressed(issuerId, requestId) {
      const rows = await pool.run(
        (sql) => sql<{ payment_id: OperationId }[]>`
          select * from cashback.pressed(${issuerId}, ${requestId})`,
      )
      return earningsById(pool, issuerId, rows)
    },
    async chosen(issuerId, walletId) {
      const [row] = await pool.run(
        (sql) => sql<{ chosen: CashbackSpending | null }[]>`
          select cashback.chosen(${issuerId}, ${walletId}) as chosen`,
      )
      return row!.chosen
    },
    async figures(issuerId, walletId, month) {
      const rows = await pool.run(
        (sql) => sql<{ program_id: ProgramId; earned_won: number; taken_back_won: number }[]>`
          select * from cashback.figures(${issuerId}, ${walletId}, ${month})`,
      )
      return rows.map((row) => ({
        programId: row.program_id,
        earnedWon: won(row.earned_won),
        takenBackWon: won(row.taken_back_won),
      }))
    },
    async waiting(issuerId, walletId) {
      const rows = await pool.run(
        (sql) => sql<{ program_id: ProgramId; amount_won: number }[]>`
          select * from cashback.waiting(${issuerId}, ${walletId})`,
      )
      return rows.map(promisedOf)
    },
    async earningsOf(issuerId, walletId, { before, limit }) {
      const { paidAt = null, paymentId = null } = before ?? {}
      const rows = await pool.run(
        (sql) => sql<{ payment_id: OperationId }[]>`select * from cashback.earnings_of(
          ${issuerId}, ${walletId}, ${paidAt}, ${paymentId}, ${limit})`,
      )
      return earningsById(pool, issuerId, rows)
    },
    async standing(issuerId) {
      const rows = await pool.run(
        (sql) =>
          sql<
            { program_id: ProgramId; waiting_won: number; waiting: number; missing_won: number }[]
          >`select * from cashback.standing(${issuerId})`,
      )
      return rows.map((row) => ({
        programId: row.program_id,
        waitingWon: won(row.waiting_won),
        waiting: row.waiting,
        missingWon: won(row.missing_won),
      }))
    },
  }
}
