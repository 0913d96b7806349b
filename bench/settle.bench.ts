/**
 * The morning after a day of payments: cut-off, lines, payouts and the files for the banks, for every issuer, by the
 * product's own steps. And the same for a third of it: what grows faster than the work would show in the ratio.
 */
import { createHash } from 'node:crypto'
import { createIdSource, id, type IssuerId, type MerchantId } from '../src/base/base.ts'
import { initialIssuerRules, type Issuer } from '../src/issuing/issuing.ts'
import { sampleTerms } from '../src/issuing/terms-sample.ts'
import {
  createPostgresLedger,
  createPostgresRegistry,
  createPostgresSettlements,
  createPostgresTreasuryStore,
  openPool,
} from '../src/postgres/postgres.ts'
import { createCasebook, createSettlementAccounts } from '../src/registration/registration.ts'
import { createSettling, payeeOf, settlementRulesAt } from '../src/settlement/settlement.ts'
import { createTreasury } from '../src/treasury/treasury.ts'
import { PROGRAM_ID, startBenchServer, type BenchDatabase } from './bench-database.ts'
import { progress, ratio } from './progress.ts'
import { seedTakings, type SettledSize } from './settle-database.ts'

const ISSUERS = 88
/** As many issuers at once as the product gives turns to. */
const WORKERS = 2
const NOW = Date.parse('2026-12-01T09:00:00+09:00')
const MIB = 1_048_576
/** More than three times as long for three times as much, less what measuring costs. */
const RATIO_MAX = 3.3
const sha256 = (bytes: Uint8Array): Uint8Array =>
  new Uint8Array(createHash('sha256').update(bytes).digest())

export async function run(options: { merchants: number; takings: number }): Promise<object> {
  const server = await startBenchServer()
  try {
    const third = await settleOn(await server.createDatabase('third'), {
      issuers: ISSUERS,
      merchants: Math.max(ISSUERS, Math.round(options.merchants / 3)),
      takings: Math.max(ISSUERS, Math.round(options.takings / 3)),
    })
    progress(`a third: ${third.seconds.toFixed(1)} s, ${third.payouts} payouts`)
    const whole = await settleOn(await server.createDatabase('whole'), {
      issuers: ISSUERS,
      merchants: Math.max(ISSUERS, options.merchants),
      takings: Math.max(ISSUERS, options.takings),
    })
    const grows = ratio(whole.seconds, third.seconds)
    return {
      bench: 'settle',
      issuers: ISSUERS,
      merchants: options.merchants,
      takings: options.takings,
      payouts: whole.payouts,
      files: whole.files,
      payouts_won: whole.payoutsWon,
      seconds: Math.round(whole.seconds * 10) / 10,
      seconds_third: Math.round(third.seconds * 10) / 10,
      ratio: grows,
      linear: grows <= RATIO_MAX,
      longest_step_ms: Math.round(whole.longestStepMs),
      peak_memory_mib: Math.round(whole.peakBytes / MIB),
    }
  } finally {
    await server.stop()
  }
}

interface Settled {
  readonly seconds: number
  readonly payouts: number
  readonly payoutsWon: number
  readonly files: number
  readonly longestStepMs: number
  readonly peakBytes: number
}

async function settleOn(database: BenchDatabase, size: SettledSize): Promise<Settled> {
  await seedTakings(database, size)
  const rooms = openRooms(database.appUrl)
  const issuers = Array.from({ length: size.issuers }, (_, index) => id('iss', index + 1))
  const sofar = { payouts: 0, payoutsWon: 0, files: 0, longestStepMs: 0, peakBytes: 0 }
  const watch = setInterval(() => {
    sofar.peakBytes = Math.max(sofar.peakBytes, process.memoryUsage().rss)
  }, 50)
  const begin = performance.now()
  const left = [...issuers]
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      for (let issuerId = left.shift(); issuerId !== undefined; issuerId = left.shift()) {
        await settleIssuer(rooms, issuerId, sofar)
        if (left.length % 22 === 0) progress(`${left.length} issuers wait`)
      }
    }),
  )
  const seconds = (performance.now() - begin) / 1_000
  clearInterval(watch)
  await rooms.close()
  await assertSettled(database, size)
  return { ...sofar, seconds }
}

async function settleIssuer(
  { settling, treasury }: ReturnType<typeof openRooms>,
  issuerId: IssuerId,
  sofar: { payouts: number; payoutsWon: number; files: number; longestStepMs: number },
): Promise<void> {
  for (;;) {
    const begin = performance.now()
    const { status } = await settling.step(issuerId, NOW)
    sofar.longestStepMs = Math.max(sofar.longestStepMs, performance.now() - begin)
    if (status === 'idle') break
    if (status === 'waiting') throw new Error('the journal of the bench is sealed')
  }
  for (;;) {
    const file = await treasury.writePayoutFile(issuerId, NOW)
    if (file === undefined) break
    sofar.files += 1
    sofar.payouts += file.lines
    sofar.payoutsWon += file.amountWon
  }
}

/** A bench that settled something else than was taken has measured nothing. */
async function assertSettled({ owner }: BenchDatabase, { takings }: SettledSize): Promise<void> {
  const [row] = await owner<{ payments: number; left: number; open: number }[]>`
    select (select sum(payments) from settlement.line)::integer as payments,
      (select count(*) from settlement.merchant_settlement where outcome <> 'paid')::integer as left,
      (select count(*) from settlement.run where state = 'open')::integer as open`
  if (row?.payments !== takings || row.left > 0 || row.open > 0) {
    throw new Error(`settled ${JSON.stringify(row)} of ${takings} payments`)
  }
}

function openRooms(url: string) {
  const pool = (name: string, connectionsMax: number) => openPool({ url, name, connectionsMax })
  const pools = {
    paying: pool('paying', 2),
    buying: pool('buying', 3),
    reading: pool('reading', 3),
  }
  const settlingPool = pool('settling', 3)
  const clock = () => NOW
  const ids = createIdSource({ node: 1, clock })
  const registry = createPostgresRegistry(settlingPool)
  const ledger = createPostgresLedger(pools)
  const accounts = createSettlementAccounts({ registry })
  const issuing = {
    programs: (issuerId: IssuerId) => [programOf(issuerId)],
    issuer: (issuerId: IssuerId) => issuerOf(issuerId),
  }
  const rules = { issuerId: id('iss', 1), version: 1, effectiveFrom: 0, rules: initialIssuerRules }
  const settling = createSettling({
    store: createPostgresSettlements(settlingPool),
    ledger,
    issuing,
    rulesAt: (_issuerId, now) => settlementRulesAt([rules], now),
    merchantIds: () => [],
    holidays: [],
    ids,
    sha256,
    async revenues(issuerId, merchantIds) {
      const revenueOn = await accounts.revenuesOf(issuerId, merchantIds)
      return (merchantId, { day }) => revenueOn(merchantId, day)
    },
    async payees(issuerId, merchantIds, settlementDay) {
      const chosen = await accounts.settlementAccountsAt(issuerId, merchantIds, settlementDay)
      const missing = { status: 'unpayable', because: 'account_missing' } as const
      const payee = (merchantId: MerchantId) => payeeOf('active', chosen.get(merchantId) ?? missing)
      return new Map(merchantIds.map((each) => [each, payee(each)]))
    },
  })
  const treasury = createTreasury({
    ledger,
    payouts: ledger,
    store: createPostgresTreasuryStore(settlingPool),
    registry,
    casebook: createCasebook({ registry, ids, clock }),
    issuing,
    issuerRules: { issuerRules: () => [rules] },
    give: async () => {},
    accountNow: async () => undefined,
    tellParked: async () => {},
    holidays: [],
    ids,
    sha256,
  })
  return {
    settling,
    treasury,
    async close() {
      await Promise.all([...Object.values(pools), settlingPool].map((each) => each.close()))
    },
  }
}

function programOf(issuerId: IssuerId) {
  const programId = id('prg', PROGRAM_ID)
  const terms = [{ ...sampleTerms, issuerId, programId }]
  return { programId, issuerId, name: '상품권', nameEn: 'Voucher', terms }
}

function issuerOf(issuerId: IssuerId): Issuer {
  const names = {
    nameKo: `도시 ${issuerId}`,
    nameEn: `City ${issuerId}`,
    code: `city-${'abcdefghij'[issuerId % 10]!.repeat(2)}`,
  }
  return { ...names, issuerId, province: null, kind: 'municipality', treasuryBank: '농협은행' }
}
