/**
 * The core: one process that answers, sells, authorizes and seals, over one database. The whole wiring, read top to
 * bottom; everything it needs comes from `start` through the environment.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAuthorization } from '../authorization/authorization.ts'
import { createBankClient } from '../bank/bank.ts'
import { createIdSource, Fault, type IdSource } from '../base/base.ts'
import {
  buildHttp,
  limitsLifted,
  registerRoutes,
  type GatewayReport,
  type Readiness,
} from '../http/http.ts'
import {
  caseTimerJobs,
  merchantTimersJob,
  createPaymentFeed,
  FEED_POLL_MS,
  startLoop,
  type PaymentFeedJob,
} from '../jobs/jobs.ts'
import { batchingDefaults, createBatchingLedger, type Ledger } from '../ledger/ledger.ts'
import { createLog, createMetrics, logLevels, type Log, type Metrics } from '../observe/observe.ts'
import {
  createPostgresLedger,
  createPostgresReading,
  createPostgresRegistry,
  createRecordFollower,
  createRetryingLedger,
  openPool,
  programVersion,
  RETRY_DEADLINE_MS,
} from '../postgres/postgres.ts'
import {
  createRecordDirectory,
  createReportDesk,
  createRegistration,
  directoryKinds,
  followedBy,
  type RecordDirectory,
} from '../registration/registration.ts'
import type { Reporting } from '../reporting/reporting.ts'
import { createSelling } from '../selling/selling.ts'
import { openCardSide, openEdge, type CardSide, type RecordListener } from './card-side.ts'
import { startClearing } from './clearing-side.ts'
import { jobFailed, openClockwork, startLoops, type Clockwork } from './clockwork.ts'
import { readCoreConfig, type CoreConfig } from './config.ts'
import { readGatewayReports } from './gateway-reports.ts'
import { grantingJobs, openGranting } from './granting-side.ts'
import { koreanHolidays } from './korean-holidays.ts'
import { openOperatorKeys, secretNames, sha256, type OperatorKeys } from './keys.ts'
import { openMerchantDesk } from './merchant-side.ts'
import { reportReady, stopWithParent } from './parent-watch.ts'
import { openProgramSide } from './program-side.ts'
import { openReporting } from './reporting-side.ts'
import { openSecretFiles } from './secret-file.ts'
import { errorText, StartupProblem } from './startup-problem.ts'
import { openTreasury } from './treasury-side.ts'
import type { Treasury } from '../treasury/treasury.ts'

const FOLLOW_EVERY_MS = 1_000
const BANK_TIMEOUT_MS = 5_000
/** Long enough for the answer to a request that met a bug to leave. */
const EXIT_AFTER_MS = 100
/** Connections for each kind of work, so that none can take those of another. */
const CONNECTIONS = {
  /** A set each: payments and holds in all lanes, closures of holds in half of them, cancellations in one. */
  paying: batchingDefaults.lanes * 2 + Math.ceil(batchingDefaults.lanes / 2) + 1,
  buying: 3,
  reading: 4,
  /** Looking up cards and figures for card payments. */
  cards: 4,
  /** The feed of gateways: looks, and gateways that synchronise. */
  feeding: 3,
  clearing: 2,
  granting: 2,
  treasury: 2,
  /** The book of jobs, and what they read and record; money moves through the pools of its kind. */
  jobs: 3,
} as const

/** What has to be undone at the end, last first. */
const closing: (() => Promise<unknown>)[] = []
stopWithParent(async () => {
  for (const close of closing.toReversed()) await close()
})

const clock = (): number => Date.now()

async function main(): Promise<void> {
  const config = readCoreConfig(process.env)
  const secrets = await openSecretFiles(config.dataDirectory)
  const keys = await openOperatorKeys(secrets)
  const level = logLevels.find((known) => known === config.logLevel) ?? 'info'
  const log = createLog({ level, pseudonymKey: keys.pseudonymKey })
  const metrics = createMetrics()
  const stores = openStores(config, log)
  await refuseNewerSchema(stores)
  const heard: RecordListener[] = []
  const directory = await followDirectory(stores, log, heard)
  const { ledger, feed } = openLedger(stores, { metrics, log })
  const ids = createIdSource({ node: await stores.registry.nextNode(), clock })
  const { pools } = stores
  const cardDeps = {
    config,
    log,
    clock,
    ids,
    directory,
    ledger,
    pools,
    onReplaced: endToStartAgain,
  }
  const cards = await openCardSide(cardDeps, closing)
  heard.push({ apply: (issuerId, version) => cards.feed.record(issuerId, version) })
  const rooms = openRooms({ config, keys, log, stores, directory, ledger, ids, cards })
  const { selling, merchantDesk, reportDesk, granting } = rooms
  startLoops({ config, log, clock, directory, sealKey: keys.seal, selling }, closing)
  const { dataDirectory } = config
  const holidays = koreanHolidays(config.holidays)
  const beside = { dataDirectory, log, clock, ids, directory, ledger, holidays }
  const { treasury, jobs } = openTreasury({ ...beside, metrics, pool: pools.treasury })
  const turnsPassword = await secrets.text(secretNames.jobsPassword)
  const facts = { config, log, metrics, clock, ids, directory, ledger, turnsPassword }
  const timers = merchantTimersJob({ directory, desk: merchantDesk })
  const reports = openReporting({ pool: pools.reading, directory, clock, log })
  const more = [
    ...jobs,
    ...reports.jobs,
    timers,
    ...grantingJobs(granting, log),
    ...caseTimerJobs(reportDesk),
  ]
  const clockwork = await openClockwork({ ...facts, pool: pools.jobs, more }, closing)
  const clearing = startClearing({ ...beside, pool: pools.clearing })
  closing.push(() => clearing.stop())
  const controlToken = await secrets.text(secretNames.gatewayControlToken)
  const app = await openDoor({
    config,
    keys,
    log,
    metrics,
    stores,
    directory,
    ledger,
    feed,
    rooms,
    cards,
    treasury,
    reporting: reports.reporting,
    clockwork,
    gateways: () => readGatewayReports(config.dataDirectory, controlToken),
  })
  closing.push(() => app.close())
  const token = await secrets.text(secretNames.gatewayToken)
  await openEdge({ ...cardDeps, cards, token, metrics, onBug: endToStartAgain }, closing)
  const address = await app.listen({ host: '127.0.0.1', port: config.port })
  log.info('core.started', { address })
  reportReady({ port: config.port })
}

type Stores = ReturnType<typeof openStores>

/** `start` migrates and refuses too; a core that is started by hand must not be older than its database either. */
async function refuseNewerSchema({ registry }: Stores): Promise<void> {
  const [known, found] = [await programVersion(), await registry.schemaVersion()]
  if (found <= known) return
  const versions = `the database is at migration ${found}, this program knows ${known}`
  throw new StartupProblem(`${versions}: start the newer program`)
}

/** The database, in pools that cannot starve each other. */
function openStores(config: CoreConfig, log: Log) {
  const pool = (name: keyof typeof CONNECTIONS) =>
    openPool({
      url: config.databaseUrl,
      name,
      connectionsMax: CONNECTIONS[name],
      onUnclassified: (error) => log.error('fault.unclassified', { error: errorText(error) }),
    })
  const pools = {
    paying: pool('paying'),
    buying: pool('buying'),
    reading: pool('reading'),
    cards: pool('cards'),
    feeding: pool('feeding'),
    clearing: pool('clearing'),
    granting: pool('granting'),
    treasury: pool('treasury'),
    jobs: pool('jobs'),
  }
  closing.push(() => Promise.all(Object.values(pools).map((each) => each.close())))
  return {
    pools,
    registry: createPostgresRegistry(pools.reading),
    reading: createPostgresReading(pools.reading),
  }
}

/**
 * What the payment path asks instead of the database; other cores' changes come within a second.
 * @param heard who else is told, from after the first reading
 */
async function followDirectory(
  { registry }: Stores,
  log: Log,
  heard: readonly RecordListener[],
): Promise<RecordDirectory> {
  const directory = createRecordDirectory()
  const follower = createRecordFollower({
    registry,
    kinds: directoryKinds,
    apply(issuerId, version) {
      directory.apply(issuerId, version)
      for (const listener of heard) listener.apply(issuerId, version)
    },
  })
  await follower.refresh()
  const loop = startLoop({
    everyMs: FOLLOW_EVERY_MS,
    work: () => follower.refresh(),
    onError: jobFailed(log, 'directory'),
  })
  closing.push(() => loop.stop())
  return directory
}

/** PostgreSQL, asked again where that is safe, in natural batches, telling the shops. */
function openLedger({ pools, reading }: Stores, { metrics, log }: { metrics: Metrics; log: Log }) {
  const feed = createPaymentFeed({ reading, clock })
  const onSet = (set: { size: number; waitedMs: number }): void =>
    metrics.ledgerPosted({ size: set.size, waitMs: set.waitedMs })
  const batching = { ...batchingDefaults, clock, onSet }
  const patience = { clock, sleep: (ms: number) => sleep(ms), deadlineMs: RETRY_DEADLINE_MS }
  const retrying = createRetryingLedger(createPostgresLedger(pools), patience)
  const ledger = feed.telling(
    createBatchingLedger(retrying, { paying: batching, buying: { ...batching, lanes: 2 } }),
  )
  const loop = startLoop({
    everyMs: FEED_POLL_MS,
    work: () => feed.poll(),
    onError: jobFailed(log, 'feed'),
  })
  closing.push(() => loop.stop())
  return { ledger, feed }
}

function openRooms(given: {
  config: CoreConfig
  keys: OperatorKeys
  log: Log
  stores: Stores
  directory: RecordDirectory
  ledger: Ledger
  ids: IdSource
  cards: CardSide
}) {
  const { config, keys, log, stores, directory, ledger, ids, cards } = given
  const { registry } = stores
  // What this core records counts here at once, and gateways are told of it; the others follow.
  const followed = followedBy(registry, {
    apply(issuerId, version) {
      directory.apply(issuerId, version)
      cards.feed.record(issuerId, version)
    },
  })
  const { casebook } = cards
  const reading = stores.pools.reading
  const side = { registry: followed, directory, casebook, reading, ids, clock }
  const registration = createRegistration({
    registry: followed,
    ledger,
    persons: registry,
    issuerRules: directory,
    ids,
    clock,
    randomHandle: () => randomInt(10 ** 10),
    seedOf: keys.seedOf,
  })
  const authorization = createAuthorization({
    ledger,
    issuing: directory,
    acquiring: directory,
    payerByHandle: (issuerId, handle) => registration.payerByHandle(issuerId, handle),
    walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
    verify: keys.verifyCode,
    hmac: keys.hmac,
    sha256,
    clock,
  })
  const bank = createBankClient({ baseUrl: config.bankUrl, timeoutMs: BANK_TIMEOUT_MS })
  closing.push(async () => bank.close())
  const selling = createSelling({
    ledger,
    bank,
    issuing: directory,
    funding: directory,
    ids,
    sha256,
    clock,
    openCase: (problem) => log.error('purchase.contradicted', { ...problem }),
  })
  const { bankUrl } = config
  const merchantDesk = openMerchantDesk({ ...side, bankUrl, pool: reading }, closing)
  const granting = openGranting({ pool: stores.pools.granting, ledger, directory, ids, clock })
  return {
    registration,
    authorization,
    selling,
    granting,
    merchantDesk,
    reportDesk: createReportDesk({ ...side, issuerRules: directory }),
    ...openProgramSide(side),
  }
}

function openDoor(given: {
  config: CoreConfig
  keys: OperatorKeys
  log: Log
  metrics: Metrics
  stores: Stores
  directory: RecordDirectory
  ledger: Ledger
  feed: PaymentFeedJob
  rooms: ReturnType<typeof openRooms>
  cards: CardSide
  treasury: Treasury
  reporting: Reporting
  clockwork: Clockwork
  gateways: () => Promise<readonly GatewayReport[]>
}) {
  const { config, keys, log, metrics, stores, directory, ledger, feed, rooms, cards } = given
  return buildHttp({
    log,
    metrics,
    clock,
    newId: randomUUID,
    issuing: directory,
    signing: keys.session,
    verificationKeys: new Map([[keys.session.keyId, keys.session.publicKey]]),
    identity: {
      issuer: 'dure-simulated-identity',
      audience: 'dure',
      keys: new Map([[keys.identity.keyId, keys.identity.publicKey]]),
    },
    rolesOf: (personId) => rooms.registration.rolesOf(personId),
    ready: () => databaseAnswers(stores),
    onBug: endToStartAgain,
    ...(config.limits === 'lifted' ? { limits: limitsLifted } : {}),
    routes: (door) =>
      registerRoutes(door, {
        ...rooms,
        merchantLives: directory,
        partners: directory,
        cardLinks: cards.cardLinks,
        casebook: cards.casebook,
        jobs: given.clockwork.reading,
        gateways: given.gateways,
        treasury: given.treasury,
        ledger,
        reading: stores.reading,
        reporting: given.reporting,
        issuing: directory,
        issuerRules: directory,
        acquiring: directory,
        walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
        feed,
        codeSigning: keys.code,
        randomReference: () => randomBytes(15).toString('base64url'),
        clock,
      }),
  })
}

/** Whoever supervises this process starts it again: after a bug, and where the database is another one. */
function endToStartAgain(): void {
  setTimeout(() => process.exit(1), EXIT_AFTER_MS)
}

/** A real function of the database, not `select 1`: that stays green when functions no longer run. */
async function databaseAnswers({ registry }: Stores): Promise<Readiness> {
  try {
    await registry.issuerIds()
    return { ready: true }
  } catch (error) {
    if (error instanceof Fault) return { ready: false, reason: error.code }
    throw error
  }
}

main().catch((error: unknown) => {
  console.error(errorText(error))
  process.exit(1)
})
