/** Payers that pay as fast as they are answered: through the product's ledger, or by a textbook transaction. */
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import postgres from 'postgres'
import {
  operationId,
  won,
  type IssuerId,
  type MerchantId,
  type OutletId,
} from '../src/base/base.ts'
import {
  batchingDefaults,
  createBatchingLedger,
  type Ledger,
  type PaymentRequest,
} from '../src/ledger/ledger.ts'
import { openPool } from '../src/postgres/postgres-pool.ts'
import { createPostgresLedger } from '../src/postgres/postgres-ledger.ts'
import { issuerOfWallet, PROGRAM_ID } from './bench-database.ts'

export const MERCHANTS_PER_ISSUER = 1_000
const AMOUNT_WON = won(1_000)

export interface Shoppers {
  readonly wallets: number
  readonly issuers: number
  /** All in one issuer, when set. */
  readonly onlyIssuer?: number
  /** All at one shop, when set. */
  readonly onlyMerchant?: number
}

interface Visit {
  readonly issuerId: IssuerId
  readonly walletId: PaymentRequest['walletId']
  readonly merchantId: MerchantId
}

function drawVisit(shoppers: Shoppers): Visit {
  const { wallets, issuers, onlyIssuer, onlyMerchant } = shoppers
  let wallet = 1 + Math.floor(Math.random() * wallets)
  if (onlyIssuer !== undefined) {
    wallet += (onlyIssuer - issuerOfWallet(wallet, issuers) + issuers) % issuers
    if (wallet > wallets) wallet -= issuers
  }
  return {
    issuerId: issuerOfWallet(wallet, issuers) as IssuerId,
    walletId: wallet as Visit['walletId'],
    merchantId: (onlyMerchant ??
      1 + Math.floor(Math.random() * MERCHANTS_PER_ISSUER)) as MerchantId,
  }
}

let keys = 0
/** Time-ordered keys as a phone would make them (RFC 9562 version 7), cheap enough not to be what is measured. */
function nextKey(): string {
  keys += 1
  const time = Date.now().toString(16).padStart(12, '0')
  const rest = keys.toString(16).padStart(15, '0')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest.slice(0, 3)}-8${rest.slice(3, 6)}-${PROCESS}${rest.slice(6)}`
}
const PROCESS = randomUUID().slice(0, 3)
const REQUEST_HASH = new Uint8Array(32).fill(7)

export interface BenchLedger {
  readonly ledger: Ledger
  setSizeAverage(): number
  close(): Promise<void>
}

/** The ledger as the core wires it. */
export function openBenchLedger(appUrl: string): BenchLedger {
  const connections = batchingDefaults.lanes
  const paying = openPool({ url: appUrl, name: 'bench-pay', connectionsMax: connections + 1 })
  const buying = openPool({ url: appUrl, name: 'bench-buy', connectionsMax: 2 })
  let sets = 0
  let requests = 0
  const options = {
    ...batchingDefaults,
    waitingMax: 100_000,
    clock: Date.now,
    onSet: (set: { size: number }) => {
      sets += 1
      requests += set.size
    },
  }
  const ledger = createBatchingLedger(createPostgresLedger({ paying, buying, reading: buying }), {
    paying: options,
    buying: { ...options, lanes: 2 },
  })
  return {
    ledger,
    setSizeAverage: () => (sets === 0 ? 0 : Math.round(requests / sets)),
    close: async () => {
      await paying.close()
      await buying.close()
    },
  }
}

/**
 * Payments a second by `payers` concurrent payers through the ledger; each waits for its answer, and for the pause
 * where there is one, before the next.
 */
export async function payThroughLedger(
  ledger: Ledger,
  shoppers: Shoppers,
  options: {
    payers: number
    seconds: number
    pauseMs?: number
    /** Ends it before its time. */
    isOver?: () => boolean
    onAnswer?: (tookMs: number) => void
  },
): Promise<number> {
  let posted = 0
  const until = performance.now() + options.seconds * 1000
  const payer = async (): Promise<void> => {
    while (performance.now() < until && options.isOver?.() !== true) {
      const visit = drawVisit(shoppers)
      const askedAt = performance.now()
      const [outcome] = await ledger.pay(
        visit.issuerId,
        [
          {
            operationId: operationId(nextKey()),
            requestHash: REQUEST_HASH,
            channel: 'mpm_static',
            walletId: visit.walletId,
            merchantId: visit.merchantId,
            outletId: 1 as OutletId,
            amountWon: AMOUNT_WON,
            tenders: [{ programId: PROGRAM_ID as never, kind: 'purchase' }],
          },
        ],
        Date.now(),
      )
      if (outcome?.status !== 'posted') throw new Error(`not posted: ${JSON.stringify(outcome)}`)
      posted += 1
      options.onAnswer?.(performance.now() - askedAt)
      if (options.pauseMs !== undefined) await pause(options.pauseMs)
    }
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: options.payers }, payer))
  return posted / ((performance.now() - begin) / 1000)
}

/** What payers came to: payments a second, and how long they waited. */
export interface Paid {
  readonly perS: number
  readonly p50Ms: number
  readonly p99Ms: number
}

/** About five hundred payments a second, beside whatever else goes on. */
export async function payBeside(
  ledger: Ledger,
  shoppers: Shoppers,
  options: { seconds: number; isOver?: () => boolean },
): Promise<Paid> {
  const took: number[] = []
  const perS = await payThroughLedger(ledger, shoppers, {
    ...options,
    payers: 50,
    pauseMs: 100,
    onAnswer: (ms) => took.push(ms),
  })
  took.sort((one, other) => one - other)
  const at = (part: number): number =>
    Math.round((took[Math.floor(took.length * part)] ?? 0) * 10) / 10
  return { perS: Math.round(perS), p50Ms: at(0.5), p99Ms: at(0.99) }
}

/** Tables that only the textbook needs: a balance row for each merchant, updated by every payment. */
export async function prepareTextbook(owner: postgres.Sql, issuers: number): Promise<void> {
  await owner.unsafe(`create schema textbook;
    create table textbook.merchant_balance (issuer_id integer, merchant_id bigint, won bigint not null,
      primary key (issuer_id, merchant_id)) with (fillfactor = 50);`)
  await owner`insert into textbook.merchant_balance
    select i, m, 0 from generate_series(1, ${issuers}::integer) i,
      generate_series(1, ${MERCHANTS_PER_ISSUER}::integer) m`
}

/**
 * Payments a second by the textbook transaction: begin, select for update, four writes, commit; each client on a
 * connection of its own, same tables, same indexes, same durability.
 */
export async function payByTextbook(
  ownerUrl: string,
  shoppers: Shoppers,
  options: { clients: number; seconds: number },
): Promise<number> {
  const { clients, seconds } = options
  const sql = postgres(ownerUrl, { max: clients, onnotice: () => {} })
  let posted = 0
  const until = performance.now() + seconds * 1000
  const client = async (): Promise<void> => {
    while (performance.now() < until) {
      const visit = drawVisit(shoppers)
      await textbookPayment(sql, visit)
      posted += 1
    }
  }
  const begin = performance.now()
  await Promise.all(Array.from({ length: clients }, client))
  const rate = posted / ((performance.now() - begin) / 1000)
  await sql.end()
  return rate
}

async function textbookPayment(sql: postgres.Sql, visit: Visit): Promise<void> {
  const { issuerId, walletId, merchantId } = visit
  const key = nextKey()
  await sql.begin(async (transaction) => {
    const lots = await transaction<{ lot_id: string }[]>`
      select lot_id from ledger.lot
      where issuer_id = ${issuerId} and wallet_id = ${walletId} and remaining_won >= ${AMOUNT_WON}
      order by expires_at limit 1 for update`
    const lotId = lots[0]!.lot_id
    await transaction`update ledger.lot set remaining_won = remaining_won - ${AMOUNT_WON}
      where issuer_id = ${issuerId} and wallet_id = ${walletId} and lot_id = ${lotId}`
    await transaction`insert into ledger.operation (issuer_id, operation_id, kind, channel, booked_at,
        request_hash, wallet_id, merchant_id, outlet_id, amount_won)
      values (${issuerId}, ${key}, 'payment', 'mpm_static', now(), ${Buffer.from(REQUEST_HASH)},
        ${walletId}, ${merchantId}, 1, ${AMOUNT_WON})`
    await transaction`insert into ledger.transfer (issuer_id, operation_id, line, debit_kind, debit_id,
        credit_kind, credit_id, amount_won)
      values (${issuerId}, ${key}, 1, 'lot', ${lotId}, 'merchant_payable', ${merchantId}, ${AMOUNT_WON})`
    await transaction`update textbook.merchant_balance set won = won + ${AMOUNT_WON}
      where issuer_id = ${issuerId} and merchant_id = ${merchantId}`
  })
}
