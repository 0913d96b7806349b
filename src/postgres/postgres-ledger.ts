/** The ledger in PostgreSQL: each method is one call of one set-based function. */
import { assert, won, type IssuerId, type OperationId, type WalletId } from '../base/base.ts'
import {
  assertDraws,
  assertSettlement,
  DEPOSIT_TOKEN,
  SET_SIZE_MAX,
  type CancellationRequest,
  type CardBooking,
  type CardSettlementRequest,
  type Coverage,
  type HoldClosureRequest,
  type IssueRequest,
  type Ledger,
  type Lot,
  type Outcome,
  type PaymentRequest,
  type PurchaseClosure,
  type PurchaseRecord,
  type PurchaseRequest,
} from '../ledger/ledger.ts'
import { bytesArray, instantArray, numberArray, textArray, wordArray } from './array-literal.ts'
import { drawArrays } from './draw-arrays.ts'
import { dueLots, expireLots } from './expiry-rows.ts'
import { capArrays, lotOrigins, postMovements } from './movement-rows.ts'
import { findOperations } from './operation-rows.ts'
import { payoutsIn } from './payout-rows.ts'
import type { PostgresPool } from './postgres-pool.ts'
import { outcomesOf, type PostingRow } from './posting-rows.ts'

export interface LedgerPools {
  /** Payments and cancellations: nothing else may hold one of these connections. */
  paying: PostgresPool
  /** Purchases, grants, expiry and movements, which may be shed. */
  buying: PostgresPool
  /** Enquiry and balances. */
  reading: PostgresPool
}

/** All methods throw Faults as the fault table classifies them. */
export function createPostgresLedger(pools: LedgerPools): Ledger {
  return {
    openWallets: async (issuerId, openings, at) => {
      await pools.buying.run(
        (sql) => sql`select ledger.open_wallets(${issuerId}, ${at},
          ${numberArray(openings.map((opening) => opening.walletId))}::bigint[],
          ${numberArray(openings.map((opening) => opening.memberId))}::bigint[])`,
      )
    },
    issue: (issuerId, requests, at) => issue(pools.buying, issuerId, requests, at),
    pay: (issuerId, requests, at) => take(pools.paying, issuerId, requests, at, false),
    hold: (issuerId, requests, at) => take(pools.paying, issuerId, requests, at, true),
    closeHolds: (issuerId, requests, at) => closeHolds(pools.paying, issuerId, requests, at),
    cancel: (issuerId, requests, at) => cancel(pools.paying, issuerId, requests, at),
    settleCards: (issuerId, requests, at) => settleCards(pools.buying, issuerId, requests, at),
    expire: (issuerId, requests, at) => expireLots(pools.buying, issuerId, requests, at),
    dueLots: (issuerId, page) => dueLots(pools.buying, issuerId, page),
    reservePurchases: (issuerId, requests, at) => reserve(pools.buying, issuerId, requests, at),
    closePurchases: (issuerId, closures, at) =>
      closePurchases(pools.buying, issuerId, closures, at),
    purchase: async (issuerId, purchaseId) => {
      const rows = await pools.buying.run(
        (sql) =>
          sql<PurchaseRow[]>`select * from ledger.purchase_state(${issuerId}, ${purchaseId})`,
      )
      return rows.map(purchaseRecord)[0]
    },
    reservedPurchases: async (issuerId, before, limit, by = 'debit') => {
      const rows = await pools.buying.run(
        (sql) => sql<PurchaseRow[]>`
          select * from ledger.reserved_purchases(${issuerId}, ${before}, ${limit},
            ${DEPOSIT_TOKEN}, ${by === 'deposit'})`,
      )
      return rows.map(purchaseRecord)
    },
    move: (issuerId, requests, at) => postMovements(pools.buying, issuerId, requests, at),
    lotOrigins: (issuerId, lotIds) => lotOrigins(pools.buying, issuerId, lotIds),
    ...payoutsIn(pools.buying),
    find: (issuerId, ids) => findOperations(pools.reading, issuerId, ids),
    lots: (issuerId, walletId) => lots(pools.reading, issuerId, walletId),
  }
}

function checkSet(requests: readonly unknown[]): void {
  assert(requests.length <= SET_SIZE_MAX, `a set has at most ${SET_SIZE_MAX} requests`)
}

const operationIds = (requests: readonly { operationId: OperationId }[]): string =>
  wordArray(requests.map((request) => request.operationId))
const hashes = (requests: readonly { requestHash: Uint8Array }[]): string =>
  bytesArray(requests.map((request) => request.requestHash))
const actors = (requests: readonly { actor?: string }[]): string =>
  textArray(requests.map((request) => request.actor))
const refusals = (requests: readonly { refusal?: string }[]): string =>
  textArray(requests.map((request) => request.refusal))
/** Partner and business date of each request. */
const cards = (requests: readonly { card?: CardBooking }[]) => ({
  partnerIds: numberArray(requests.map(({ card }) => card?.partnerId)),
  businessDates: wordArray(requests.map(({ card }) => card?.businessDate ?? null)),
})
const NO_CARDS = { partnerIds: '{}', businessDates: '{}' } as const

/** What must be there for a payment; see ledger.post_payments. */
const leastWon: Readonly<Record<Coverage, number | null>> = { all: null, partial: 1, advice: 0 }

async function take(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly PaymentRequest[],
  at: number,
  isHold: boolean,
): Promise<Outcome[]> {
  if (requests.length === 0) return []
  checkSet(requests)
  for (const request of requests) assertPayment(request, isHold)
  const isAboutCards = requests.some(({ card, coverage }) => card ?? coverage)
  const { partnerIds, businessDates } = isAboutCards ? cards(requests) : NO_CARDS
  const least = isAboutCards
    ? numberArray(requests.map(({ coverage = 'all' }) => leastWon[coverage]))
    : '{}'
  const tenders = requests.flatMap((request) => request.tenders)
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.post_payments(${issuerId}, ${at}, ${isHold},
      ${operationIds(requests)}::uuid[], ${hashes(requests)}::bytea[],
      ${wordArray(requests.map((request) => request.channel))}::ledger.channel[],
      ${numberArray(requests.map((request) => request.walletId))}::bigint[],
      ${numberArray(requests.map((request) => request.merchantId))}::bigint[],
      ${numberArray(requests.map((request) => request.outletId))}::bigint[],
      ${numberArray(requests.map((request) => request.amountWon))}::bigint[],
      ${numberArray(requests.map((request) => request.codeStep))}::bigint[],
      ${actors(requests)}::text[], ${refusals(requests)}::text[],
      ${numberArray(requests.map((request) => request.tenders.length))}::integer[],
      ${numberArray(tenders.map((tender) => tender.programId))}::bigint[],
      ${wordArray(tenders.map((tender) => tender.kind))}::ledger.lot_kind[],
      ${least}::bigint[], ${partnerIds}::bigint[], ${businessDates}::date[])`,
  )
  return outcomesOf(rows, requests.length)
}

/** Bugs of the caller that no constraint of the database would stop. */
function assertPayment(request: PaymentRequest, isHold: boolean): void {
  const { tenders, coverage, card, codeStep, refusal } = request
  const codes = new Set(tenders.map((tender) => `${tender.programId} ${tender.kind}`))
  assert(codes.size === tenders.length, 'a payment names each tender once')
  if (coverage !== 'advice' || refusal !== undefined) return
  assert(!isHold, 'a hold is no advice')
  assert(card !== undefined, 'an advice is about a card')
  assert(codeStep === undefined, 'an advice has no code')
}

async function issue(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly IssueRequest[],
  at: number,
): Promise<Outcome[]> {
  if (requests.length === 0) return []
  checkSet(requests)
  for (const { draws: taken } of requests) assertDraws(taken)
  const draws = drawArrays(requests)
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.issue_lots(${issuerId}, ${at},
      ${operationIds(requests)}::uuid[], ${hashes(requests)}::bytea[],
      ${numberArray(requests.map((request) => request.walletId))}::bigint[],
      ${numberArray(requests.map((request) => request.lotId))}::bigint[],
      ${numberArray(requests.map((request) => request.programId))}::bigint[],
      ${wordArray(requests.map((request) => request.kind))}::ledger.lot_kind[],
      ${instantArray(requests.map((request) => request.expiresAt))}::timestamptz[],
      ${numberArray(requests.map((request) => request.sources.payWon))}::bigint[],
      ${numberArray(requests.map((request) => request.sources.nationalWon))}::bigint[],
      ${numberArray(requests.map((request) => request.sources.provinceWon))}::bigint[],
      ${numberArray(requests.map((request) => request.sources.cityWon))}::bigint[],
      ${actors(requests)}::text[], ${refusals(requests)}::text[],
      ${draws.positions}::integer[], ${draws.potIds}::bigint[], ${draws.amountsWon}::bigint[],
      ${draws.limitsWon}::bigint[])`,
  )
  return outcomesOf(rows, requests.length)
}

async function closeHolds(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly HoldClosureRequest[],
  at: number,
): Promise<Outcome[]> {
  if (requests.length === 0) return []
  checkSet(requests)
  const { partnerIds, businessDates } = cards(requests)
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.close_holds(${issuerId}, ${at},
      ${operationIds(requests)}::uuid[], ${hashes(requests)}::bytea[],
      ${wordArray(requests.map((request) => request.holdId))}::uuid[],
      ${numberArray(requests.map((request) => request.amountWon))}::bigint[],
      ${actors(requests)}::text[], ${refusals(requests)}::text[],
      ${partnerIds}::bigint[], ${businessDates}::date[])`,
  )
  return outcomesOf(rows, requests.length)
}

async function cancel(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly CancellationRequest[],
  at: number,
): Promise<Outcome[]> {
  if (requests.length === 0) return []
  checkSet(requests)
  const { partnerIds, businessDates } = cards(requests)
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.post_cancellations(${issuerId}, ${at},
      ${operationIds(requests)}::uuid[], ${hashes(requests)}::bytea[],
      ${wordArray(requests.map((request) => request.paymentId))}::uuid[],
      ${numberArray(requests.map((request) => request.merchantId))}::bigint[],
      ${numberArray(requests.map((request) => request.amountWon))}::bigint[],
      ${actors(requests)}::text[], ${refusals(requests)}::text[],
      ${partnerIds}::bigint[], ${businessDates}::date[])`,
  )
  return outcomesOf(rows, requests.length)
}

async function settleCards(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly CardSettlementRequest[],
  at: number,
): Promise<Outcome[]> {
  if (requests.length === 0) return []
  checkSet(requests)
  for (const request of requests) assertSettlement(request)
  const payouts = requests.map((request) => request.payout)
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.settle_cards(${issuerId}, ${at},
      ${operationIds(requests)}::uuid[], ${hashes(requests)}::bytea[],
      ${numberArray(requests.map((request) => request.card.partnerId))}::bigint[],
      ${wordArray(requests.map((request) => request.card.businessDate))}::date[],
      ${numberArray(requests.map((request) => request.amountWon))}::bigint[],
      ${actors(requests)}::text[], ${refusals(requests)}::text[],
      ${numberArray(payouts.map((payout) => payout?.payoutId))}::bigint[],
      ${wordArray(payouts.map((payout) => payout?.dueOn ?? null))}::date[],
      ${textArray(payouts.map((payout) => payout?.account.bankCode))}::text[],
      ${textArray(payouts.map((payout) => payout?.account.accountNumber))}::text[],
      ${textArray(payouts.map((payout) => payout?.account.holderName))}::text[])`,
  )
  return outcomesOf(rows, requests.length)
}

async function reserve(
  pool: PostgresPool,
  issuerId: IssuerId,
  requests: readonly PurchaseRequest[],
  at: number,
): Promise<Outcome[]> {
  if (requests.length === 0) return []
  checkSet(requests)
  for (const { draws: taken } of requests) assertDraws(taken)
  const draws = drawArrays(requests)
  const caps = capArrays(
    requests.flatMap(({ holdingCaps = [] }, index) =>
      holdingCaps.map((one) => ({ position: index + 1, one })),
    ),
  )
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.reserve_purchases(${issuerId}, ${at},
      ${operationIds(requests)}::uuid[], ${hashes(requests)}::bytea[],
      ${numberArray(requests.map((request) => request.walletId))}::bigint[],
      ${numberArray(requests.map((request) => request.programId))}::bigint[],
      ${numberArray(requests.map((request) => request.lotId))}::bigint[],
      ${wordArray(requests.map((request) => `${request.month}-01`))}::date[],
      ${numberArray(requests.map((request) => request.sources.payWon))}::bigint[],
      ${numberArray(requests.map((request) => request.sources.nationalWon))}::bigint[],
      ${numberArray(requests.map((request) => request.sources.provinceWon))}::bigint[],
      ${numberArray(requests.map((request) => request.sources.cityWon))}::bigint[],
      ${instantArray(requests.map((request) => request.expiresAt))}::timestamptz[],
      ${numberArray(requests.map((request) => request.quotaWon))}::bigint[],
      ${numberArray(requests.map((request) => request.purchaseCapWon))}::bigint[],
      ${numberArray(requests.map((request) => request.holdingCapWon))}::bigint[],
      ${textArray(requests.map((request) => request.accountToken))}::text[],
      ${actors(requests)}::text[], ${refusals(requests)}::text[],
      ${caps.positions}::integer[], ${caps.amountsWon}::bigint[], ${caps.capNumbers}::integer[],
      ${caps.programIds}::bigint[],
      ${draws.positions}::integer[], ${draws.potIds}::bigint[], ${draws.amountsWon}::bigint[],
      ${draws.limitsWon}::bigint[])`,
  )
  return outcomesOf(rows, requests.length)
}

async function closePurchases(
  pool: PostgresPool,
  issuerId: IssuerId,
  closures: readonly PurchaseClosure[],
  at: number,
): Promise<Outcome[]> {
  if (closures.length === 0) return []
  checkSet(closures)
  const rows = await pool.run(
    (sql) => sql<PostingRow[]>`select * from ledger.close_purchases(${issuerId}, ${at},
      ${wordArray(closures.map((closure) => closure.purchaseId))}::uuid[],
      ${wordArray(closures.map((closure) => closure.closureId))}::uuid[],
      ${wordArray(closures.map((closure) => (closure.debited ? 't' : 'f')))}::boolean[])`,
  )
  return outcomesOf(rows, closures.length)
}

interface PurchaseRow {
  purchase_id: OperationId
  wallet_id: number
  program_id: number
  lot_id: number
  face_won: number
  pay_won: number
  account_token: string
  state: PurchaseRecord['state']
  reserved_at: number
  expires_at: number
}

function purchaseRecord(row: PurchaseRow): PurchaseRecord {
  return {
    purchaseId: row.purchase_id,
    walletId: row.wallet_id as WalletId,
    programId: row.program_id as PurchaseRecord['programId'],
    lotId: row.lot_id as PurchaseRecord['lotId'],
    faceWon: won(row.face_won),
    payWon: won(row.pay_won),
    accountToken: row.account_token,
    state: row.state,
    reservedAt: row.reserved_at,
    expiresAt: row.expires_at,
  }
}

interface LotRow {
  lot_id: number
  wallet_id: number
  program_id: number
  kind: Lot['kind']
  face_won: number
  remaining_won: number
  held_won: number
  expires_at: number
}

async function lots(pool: PostgresPool, issuerId: IssuerId, walletId: WalletId): Promise<Lot[]> {
  const rows = await pool.run(
    (sql) => sql<LotRow[]>`select * from ledger.wallet_lots(${issuerId}, ${walletId})`,
  )
  return rows.map((row) => ({
    lotId: row.lot_id as Lot['lotId'],
    walletId: row.wallet_id as WalletId,
    programId: row.program_id as Lot['programId'],
    kind: row.kind,
    faceWon: won(row.face_won),
    remainingWon: won(row.remaining_won),
    heldWon: won(row.held_won),
    expiresAt: row.expires_at,
  }))
}
