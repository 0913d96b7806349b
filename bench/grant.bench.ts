/**
 * A list of a hundred thousand stipends, from the bytes of the file to the last lot, by the product’s own job at its
 * own pace, while people pay from the same wallets: how many are granted a second, and what a payment beside it waits,
 * compared with before.
 */
import { createHash } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { createIdSource, id, type StipendBatchId } from '../src/base/base.ts'
import { createGranting, type Granting } from '../src/granting/granting.ts'
import { sampleStipendTerms } from '../src/issuing/terms-sample.ts'
import { STIPEND_GRANT, stipendJobs, type JobDefinition } from '../src/jobs/jobs.ts'
import type { Ledger } from '../src/ledger/ledger.ts'
import {
  createPostgresGrantMembers,
  createPostgresLineStore,
  createPostgresRegistry,
  openPool,
} from '../src/postgres/postgres.ts'
import { createCasebook } from '../src/registration/registration.ts'
import { seedWallets, startBenchServer, type BenchDatabase } from './bench-database.ts'
import { openBenchLedger, payBeside, type Paid, type Shoppers } from './payers.ts'
import { progress, ratio } from './progress.ts'

/** Payments and grants are of one issuer: nothing but the product keeps them apart. */
const ISSUER = id('iss', 1)
const STIPEND = id('prg', 2)
const AMOUNT_WON = 100_000
const CHUNK = 50_000
const LINES_PER_PIECE = 1_000

export async function run(options: { stipends: number; seconds: number }): Promise<object> {
  const { stipends, seconds } = options
  const server = await startBenchServer()
  try {
    const database = await server.createDatabase('bench')
    await seedWallets(database.owner, { count: stipends, issuers: 1 })
    await seedMembers(database, stipends)
    const { ledger, close } = openBenchLedger(database.appUrl)
    // As the core wires it: connections of its own.
    const pool = openPool({ url: database.appUrl, name: 'bench-granting', connectionsMax: 2 })
    const granting = openGranting(ledger, pool)
    const began = performance.now()
    const batchId = await upload(granting, stipends)
    const uploadS = secondsSince(began)
    const checkBegan = performance.now()
    await runJob(granting)
    const checkS = secondsSince(checkBegan)
    progress(`uploaded in ${uploadS} s, dry run in ${checkS} s`)
    const shoppers = { wallets: stipends, issuers: 1 }
    await payBeside(ledger, shoppers, { seconds })
    const idle = await payBeside(ledger, shoppers, { seconds })
    progress(`idle: p99 ${idle.p99Ms} ms at ${idle.perS}/s`)
    await release(granting, batchId)
    const beside = await grantAll(granting, ledger, shoppers)
    await pool.close()
    await close()
    return {
      bench: 'grant',
      stipends,
      upload_s: uploadS,
      dry_run_s: checkS,
      seconds: beside.tookS,
      grants_per_s: Math.round(stipends / beside.tookS),
      idle_payments_per_s: idle.perS,
      idle_p50_ms: idle.p50Ms,
      idle_p99_ms: idle.p99Ms,
      beside_payments_per_s: beside.perS,
      beside_p50_ms: beside.p50Ms,
      beside_p99_ms: beside.p99Ms,
      payment_p99_ratio: ratio(beside.p99Ms, idle.p99Ms),
    }
  } finally {
    await server.stop()
  }
}

/** A member for each wallet, findable by telephone. */
async function seedMembers({ owner }: BenchDatabase, count: number): Promise<void> {
  for (let from = 1; from <= count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK - 1)
    await owner`insert into registry.record (issuer_id, kind, record_id, version, body, recorded_at, recorded_by)
      select 1, 'member', w, 1, jsonb_build_object('personId', 'person-' || w, 'name', '김하늘',
        'birthDate', '1990-05-05', 'phone', '010' || lpad(w::text, 8, '0'), 'status', 'active', 'walletId', w,
        'accountToken', null), '2026-01-02', 'system'
      from generate_series(${from}::integer, ${to}::integer) w order by 3`
    progress(`seeded ${to.toLocaleString('en')} of ${count.toLocaleString('en')} members`)
  }
  await owner.unsafe('vacuum analyze')
  await owner.unsafe('checkpoint')
}

function openGranting(ledger: Ledger, pool: ReturnType<typeof openPool>): Granting {
  const registry = createPostgresRegistry(pool)
  const clock = Date.now
  const ids = createIdSource({ node: 1, clock })
  const terms = { ...sampleStipendTerms, programId: STIPEND, issuerId: ISSUER }
  const program = { programId: STIPEND, issuerId: ISSUER, name: '수당', nameEn: 'Stipend' }
  return createGranting({
    registry,
    casebook: createCasebook({ registry, ids, clock }),
    ledger,
    issuing: { program: () => ({ ...program, terms: [terms] }) },
    lines: createPostgresLineStore(pool),
    members: createPostgresGrantMembers(pool),
    ids,
    sha256: (bytes) => createHash('sha256').update(bytes).digest(),
    openHash: () => createHash('sha256'),
    clock,
  })
}

async function upload(granting: Granting, count: number): Promise<StipendBatchId> {
  const taken = await granting.takeFile({
    issuerId: ISSUER,
    issuerCode: 'gunsan',
    programId: STIPEND,
    round: '2026-1',
    by: 'off_1',
    stated: { lines: count, totalWon: count * AMOUNT_WON },
    bytes: fileOf(count),
  })
  if (taken.status !== 'taken') throw new Error(`not taken: ${JSON.stringify(taken)}`)
  return taken.batch.batchId
}

async function* fileOf(count: number): AsyncIterable<Uint8Array> {
  const encoder = new TextEncoder()
  yield encoder.encode('대상자번호,성명,생년월일,휴대전화,지급액\n')
  for (let from = 1; from <= count; from += LINES_PER_PIECE) {
    const size = Math.min(LINES_PER_PIECE, count - from + 1)
    const lines = Array.from({ length: size }, (_, index) => {
      const phone = `010${String(from + index).padStart(8, '0')}`
      return `R${from + index},김하늘,1990-05-05,${phone},${AMOUNT_WON}\n`
    })
    yield encoder.encode(lines.join(''))
  }
}

async function release(granting: Granting, batchId: StipendBatchId): Promise<void> {
  const steps = [
    ['propose', 'off_1'],
    ['approve', 'off_2'],
  ] as const
  for (const [event, by] of steps) {
    const decided = await granting.decideBatch({ issuerId: ISSUER, batchId, event, by })
    if (decided.status !== 'done') throw new Error(`not decided: ${JSON.stringify(decided)}`)
  }
}

function grantJob(granting: Granting): JobDefinition {
  const jobs = stipendJobs({ granting, onClawedBack: () => {} })
  return jobs.find(({ name }) => name === STIPEND_GRANT)!
}

/** The job as the clockwork runs it: step by step, with its own pause between two. */
async function runJob(
  granting: Granting,
  onStep: (lines: number) => void = () => {},
): Promise<void> {
  const { work, pauseMs = 0 } = grantJob(granting)
  for (let data = {}; ;) {
    const step = await work(ISSUER, data, Date.now())
    onStep(step.progress?.done ?? 0)
    if (step.done) return
    data = step.carry ?? {}
    await pause(pauseMs)
  }
}

/** Payments go on for as long as the grant does. */
async function grantAll(
  granting: Granting,
  ledger: Ledger,
  shoppers: Shoppers,
): Promise<Paid & { readonly tookS: number }> {
  let isOver = false
  let told = 0
  const began = performance.now()
  const paying = payBeside(ledger, shoppers, {
    seconds: Number.MAX_SAFE_INTEGER,
    isOver: () => isOver,
  })
  await runJob(granting, (lines) => {
    if (lines < told + CHUNK / 5) return
    told = lines
    progress(`${lines.toLocaleString('en')} of ${shoppers.wallets.toLocaleString('en')} granted`)
  }).finally(() => {
    isOver = true
  })
  const tookS = secondsSince(began)
  return { ...(await paying), tookS }
}

function secondsSince(began: number): number {
  return Math.round((performance.now() - began) / 100) / 10
}
