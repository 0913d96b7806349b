/**
 * A million lots expire while people pay from the same wallets: how many a second at the product's own pace, and what a
 * payment beside it waits, compared with before.
 */
import { createHash } from 'node:crypto'
import type { IssuerId } from '../src/base/base.ts'
import { createExpiryTurn, startLoop } from '../src/jobs/jobs.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import { PROGRAM_ID, seedWallets, startBenchServer, type BenchDatabase } from './bench-database.ts'
import { openBenchLedger, payBeside, type Paid, type Shoppers } from './payers.ts'
import { progress, ratio } from './progress.ts'

const ISSUERS = 4
const LOT_WON = 1_000
const LOT_ID_BASE = 1_000_000_000
/** Between two rounds of sets. */
const PAUSE_MS = 100
const CHUNK = 250_000
const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest())

export async function run(options: { lots: number; seconds: number }): Promise<object> {
  const { lots, seconds } = options
  const server = await startBenchServer()
  try {
    const database = await server.createDatabase('bench')
    const shoppers = { wallets: lots, issuers: ISSUERS }
    await seedWallets(database.owner, { count: lots, issuers: ISSUERS })
    await seedExpired(database, lots)
    const { ledger, close } = openBenchLedger(database.appUrl)
    await payBeside(ledger, shoppers, { seconds })
    const idle = await payBeside(ledger, shoppers, { seconds })
    progress(`idle: p99 ${idle.p99Ms} ms at ${idle.perS}/s`)
    const beside = await expireAll(ledger, shoppers, { lots, seconds })
    await close()
    return {
      bench: 'expire',
      lots,
      seconds: Math.round(beside.tookS),
      lots_per_s: Math.round(beside.done / beside.tookS),
      busy: beside.busy,
      idle_payments_per_s: idle.perS,
      idle_p50_ms: idle.p50Ms,
      idle_p99_ms: idle.p99Ms,
      beside_payments_per_s: beside.perS,
      beside_p50_ms: beside.p50Ms,
      beside_p99_ms: beside.p99Ms,
      p99_ratio: ratio(beside.p99Ms, idle.p99Ms),
    }
  } finally {
    await server.stop()
  }
}

/** One lot that has expired in each wallet. */
async function seedExpired({ owner }: BenchDatabase, lots: number): Promise<void> {
  for (let from = 1; from <= lots; from += CHUNK) {
    const to = Math.min(lots, from + CHUNK - 1)
    await owner`insert into ledger.lot (issuer_id, wallet_id, lot_id, program_id, kind, face_won,
        remaining_won, held_won, expires_at, issued_by)
      select (w % ${ISSUERS}::integer) + 1, w, ${LOT_ID_BASE}::bigint + w, ${PROGRAM_ID}, 'gift',
        ${LOT_WON}, ${LOT_WON}, 0, timestamptz '2026-01-03' + interval '1 second' * (w % 86400), gen_random_uuid()
      from generate_series(${from}::integer, ${to}::integer) w order by 1, 2`
    progress(`seeded ${to.toLocaleString('en')} expired lots`)
  }
  await owner.unsafe('vacuum analyze')
  await owner.unsafe('checkpoint')
}

/** Sets as the product's job takes them, and a pause, until every lot has expired; payments in the first seconds. */
async function expireAll(
  ledger: Ledger,
  shoppers: Shoppers,
  { lots, seconds }: { lots: number; seconds: number },
): Promise<Paid & { done: number; busy: number; tookS: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const issuers = Array.from({ length: ISSUERS }, (_, index) => ({
    issuerId: (index + 1) as IssuerId, // As the wallets were dealt.
  }))
  let done = 0
  let busy = 0
  let told = 0
  const begin = performance.now()
  const work = createExpiryTurn({
    ledger,
    issuers: () => issuers,
    sha256,
    clock: Date.now,
    passEveryMs: 100,
    onError: reject,
    onExpired(set) {
      done += set.expired
      busy += set.busy
      if (done >= told + CHUNK / 10) {
        told = done
        progress(`${done.toLocaleString('en')} of ${lots.toLocaleString('en')} lots`)
      }
      if (done >= lots) resolve()
    },
  })
  const loop = startLoop({ everyMs: PAUSE_MS, work, onError: reject })
  const paid = await payBeside(ledger, shoppers, { seconds })
  await promise
  const tookS = (performance.now() - begin) / 1000
  await loop.stop()
  return { ...paid, done, busy, tookS }
}
