/**
 * The core: one process that answers, sells, authorizes and seals, over one database. The whole wiring, read top to
 * bottom; everything it needs comes from `start` through the environment.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { createAuthorization } from '../authorization/authorization.ts'
import { createBankClient } from '../bank/bank.ts'
import { createIdSource, Fault, type BusinessDate, type IdSource } from '../base/base.ts'
import { createConfirmations } from '../confirmation/confirmation.ts'
import {
  buildHttp,
  limitsLifted,
  registerRoutes,
  type DemonstrationDoors,
  type GatewayOrders,
  type GatewayReport,
  type Readiness,
} from '../http/http.ts'
import type { PaymentFeedJob } from '../jobs/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { createLog, createMetrics, logLevels, type Log, type Metrics } from '../observe/observe.ts'
import {
  createReportDesk,
  createRegistration,
  followedBy,
  type RecordDirectory,
} from '../registration/registration.ts'
import type { Reporting } from '../reporting/reporting.ts'
import { createSelling, type Selling } from '../selling/selling.ts'
import { APPS_FOLDER } from './apps.ts'
import { openBuying } from './buying-side.ts'
import { openCardSide, openEdge, type CardSide, type RecordListener } from './card-side.ts'
import { openCorporateSide } from './corporate-side.ts'
import { startClearing } from './clearing-side.ts'
import { openClockwork, startLoops, type Clockwork } from './clockwork.ts'
import { readCoreConfig, type CoreConfig } from './config.ts'
import {
  followDirectory,
  openLedger,
  openStores,
  refuseNewerSchema,
  type Stores,
} from './core-stores.ts'
import { openGatewayDesk } from './gateway-orders.ts'
import { openGranting, promptGranting } from './granting-side.ts'
import { koreanHolidays } from './korean-holidays.ts'
import { openOperatorKeys, secretNames, sha256, type OperatorKeys } from './keys.ts'
import { openMerchantDesk } from './merchant-side.ts'
import { reportReady, stopWithParent } from './parent-watch.ts'
import { createPinHashing } from './pin-hashing.ts'
import { openProgramSide } from './program-side.ts'
import { openReporting } from './reporting-side.ts'
import { openAccessSide, openMemberSide } from './rights-side.ts'
import { roomJobs } from './room-jobs.ts'
import { openSecretFiles } from './secret-file.ts'
import { openSettlement, type SettlementSide } from './settlement-side.ts'
import { errorText } from './startup-problem.ts'
import { openStatus } from './status-side.ts'
import { openTreasury } from './treasury-side.ts'
import { programVersion } from './program-version.ts'
import type { Treasury } from '../treasury/treasury.ts'

const BANK_TIMEOUT_MS = 5_000
/** Long enough for the answer to a request that met a bug to leave. */
const EXIT_AFTER_MS = 100
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
  const stores = openStores(config, log, closing)
  await refuseNewerSchema(stores)
  const heard: RecordListener[] = []
  const directory = await followDirectory(stores, { log, heard }, closing)
  const { ledger, feed } = openLedger(stores, { metrics, log, clock }, closing)
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
  const holidays = koreanHolidays(config.holidays)
  const rooms = openRooms({ config, keys, log, stores, directory, ledger, ids, cards, holidays })
  const { selling } = rooms
  startLoops({ config, log, clock, directory, sealKey: keys.seal, selling }, closing)
  const { dataDirectory } = config
  const beside = { dataDirectory, log, clock, ids, directory, ledger, holidays }
  const { treasury, jobs } = openTreasury({ ...beside, metrics, pool: pools.treasury })
  const settlement = openSettlement({ ...beside, pool: pools.jobs, reading: pools.reading })
  closing.push(() => settlement.routes.printer.close())
  const turnsPassword = await secrets.text(secretNames.jobsPassword)
  const facts = { config, log, metrics, clock, ids, directory, ledger, turnsPassword }
  const reports = openReporting({ pool: pools.reading, directory, clock, log })
  const more = [...jobs, settlement.job, ...reports.jobs, ...roomJobs(rooms, { directory, log })]
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
    ...openGatewayDesk({ ...beside, token: controlToken, registry: stores.registry }),
    settlement: settlement.routes,
  })
  closing.push(() => app.close())
  const token = await secrets.text(secretNames.gatewayToken)
  await openEdge({ ...cardDeps, cards, token, metrics, onBug: endToStartAgain }, closing)
  const address = await app.listen({ host: '127.0.0.1', port: config.port })
  log.info('core.started', { address })
  reportReady({ port: config.port })
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
  holidays: readonly BusinessDate[]
}) {
  const { config, keys, stores, directory, ledger, ids, cards, holidays } = given
  const { registry, pools } = stores
  // What this core records counts here at once, and gateways are told of it; the others follow.
  const followed = followedBy(registry, {
    apply(issuerId, version) {
      directory.apply(issuerId, version)
      cards.feed.record(issuerId, version)
    },
  })
  const { casebook } = cards
  const side = { registry: followed, directory, casebook, reading: pools.reading, ids, clock }
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
  const selling = openSelling(given)
  const { bankUrl } = config
  const merchantDesk = openMerchantDesk({ ...side, bankUrl, pool: pools.reading }, closing)
  const granting = openGranting({ pool: pools.granting, ledger, directory, ids, clock })
  const memberSide = { ...side, ledger, registration }
  const { cardLinks } = cards
  const members = openMemberSide({ ...memberSide, jobs: pools.jobs, holidays, cardLinks })
  return {
    registration,
    authorization,
    selling,
    granting,
    ...openAccessSide(pools.reading, ids),
    merchantDesk,
    reportDesk: createReportDesk({ ...side, issuerRules: directory }),
    ...members,
    ...openCorporateSide({ ...memberSide, ...members, selling, pool: pools.granting }),
    ...openBuying({ ...memberSide, selling, bankUrl }, closing),
    ...openProgramSide(side),
    confirmations: createConfirmations({ ...side, pins: createPinHashing(keys.pinSecret) }),
  }
}

function openSelling(given: {
  config: CoreConfig
  log: Log
  directory: RecordDirectory
  ledger: Ledger
  ids: IdSource
}): Selling {
  const { config, log, directory, ledger, ids } = given
  const bank = createBankClient({ baseUrl: config.bankUrl, timeoutMs: BANK_TIMEOUT_MS })
  closing.push(async () => bank.close())
  return createSelling({
    ledger,
    bank,
    issuing: directory,
    funding: directory,
    ids,
    sha256,
    clock,
    openCase: (problem) => log.error('purchase.contradicted', { ...problem }),
  })
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
  gatewayOrders: GatewayOrders
  settlement: SettlementSide['routes']
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
    apps: { directory: APPS_FOLDER },
    version: programVersion,
    ...demonstrationOf(config),
    ...(config.limits === 'lifted' ? { limits: limitsLifted } : {}),
    routes: (door) =>
      registerRoutes(door, {
        ...rooms,
        granting: promptGranting(rooms.granting, { queue: given.clockwork.queue, clock, log }),
        merchantLives: directory,
        partners: directory,
        cardLinks: cards.cardLinks,
        casebook: cards.casebook,
        jobs: given.clockwork.reading,
        gateways: given.gateways,
        gatewayOrders: given.gatewayOrders,
        statusDesk: openStatus({ pools: stores.pools, dataDirectory: config.dataDirectory, clock }),
        treasury: given.treasury,
        ledger,
        reading: stores.reading,
        reporting: given.reporting,
        issuing: directory,
        issuerRules: directory,
        acquiring: directory,
        walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
        walletGuarded: (issuerId, walletId) => directory.walletGuarded(issuerId, walletId),
        feed,
        ...given.settlement,
        codeSigning: keys.code,
        randomReference: () => randomBytes(15).toString('base64url'),
        clock,
      }),
  })
}

/** Its pages ask simulated parties through this server; where it is none, nobody can. */
function demonstrationOf(config: CoreConfig): { demonstration?: DemonstrationDoors } {
  const { identity: identityUrl, desk: deskUrl } = config.demonstration
  if (identityUrl === undefined || deskUrl === undefined) return {}
  const { bankUrl, companyUrls } = config
  return { demonstration: { identityUrl, bankUrl, companyUrls, deskUrl } }
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
