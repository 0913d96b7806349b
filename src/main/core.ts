/**
 * The core: one process that answers, sells, authorizes and seals, over one database. The whole wiring, read top to
 * bottom; everything it needs comes from `start` through the environment.
 */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAuthorization } from '../authorization/authorization.ts'
import { createBankClient } from '../bank/bank.ts'
import { createIdSource, Fault } from '../base/base.ts'
import { buildHttp, limitsLifted } from '../http/http.ts'
import { registerRoutes } from '../http/routes/routes.ts'
import { createPaymentFeed, FEED_POLL_MS, startLoop, startPurchaseResolver } from '../jobs/jobs.ts'
import { batchingDefaults, createBatchingLedger } from '../ledger/ledger.ts'
import { createLog, createMetrics, logLevels } from '../observe/observe.ts'
import {
  createPostgresLedger,
  createPostgresReading,
  createPostgresRegistry,
  createRecordFollower,
  createRetryingLedger,
  openPool,
  RETRY_DEADLINE_MS,
} from '../postgres/postgres.ts'
import {
  createRecordDirectory,
  createRegistration,
  directoryKinds,
  followedBy,
} from '../registration/registration.ts'
import { createSelling } from '../selling/selling.ts'
import { readCoreConfig } from './config.ts'
import { openOperatorKeys, sha256 } from './keys.ts'
import { reportReady, stopWithParent } from './parent-watch.ts'
import { openSecretFiles } from './secret-file.ts'
import { startSealing } from './sealing.ts'
import { errorText } from './startup-problem.ts'

const FOLLOW_EVERY_MS = 1_000
const BANK_TIMEOUT_MS = 5_000
/** Connections for each kind of work, so that none can take those of another. */
const CONNECTIONS = { paying: batchingDefaults.lanes + 2, buying: 3, reading: 4 } as const

/** What has to be undone at the end, last first. */
const closing: (() => Promise<unknown>)[] = []
stopWithParent(async () => {
  for (const close of closing.toReversed()) await close()
})

async function main(): Promise<void> {
  const config = readCoreConfig(process.env)
  const clock = (): number => Date.now()
  const keys = await openOperatorKeys(await openSecretFiles(config.dataDirectory))
  const log = createLog({
    level: logLevels.find((level) => level === config.logLevel) ?? 'info',
    pseudonymKey: keys.pseudonymKey,
  })
  const metrics = createMetrics()
  const onError = (error: unknown): void => log.error('job.failed', { error: errorText(error) })

  // The database, in pools that cannot starve each other.
  const pool = (name: keyof typeof CONNECTIONS) =>
    openPool({
      url: config.databaseUrl,
      name,
      connectionsMax: CONNECTIONS[name],
      onUnclassified: (error) => log.error('fault.unclassified', { error: errorText(error) }),
    })
  const pools = { paying: pool('paying'), buying: pool('buying'), reading: pool('reading') }
  closing.push(() => Promise.all(Object.values(pools).map((each) => each.close())))
  const registry = createPostgresRegistry(pools.reading)
  const reading = createPostgresReading(pools.reading)

  // The directory: what the payment path asks instead of the database.
  const directory = createRecordDirectory()
  const follower = createRecordFollower({
    registry,
    kinds: directoryKinds,
    apply: (issuerId, version) => directory.apply(issuerId, version),
  })
  await follower.refresh()
  const following = startLoop({
    everyMs: FOLLOW_EVERY_MS,
    work: () => follower.refresh(),
    onError,
  })
  closing.push(() => following.stop())

  // The ledger: PostgreSQL, asked again where that is safe, in natural batches, telling the shops.
  const feed = createPaymentFeed({ reading, clock })
  const onSet = (set: { size: number; waitedMs: number }): void =>
    metrics.ledgerPosted({ size: set.size, waitMs: set.waitedMs })
  const batching = { ...batchingDefaults, clock, onSet }
  const ledger = feed.telling(
    createBatchingLedger(
      createRetryingLedger(createPostgresLedger(pools), {
        clock,
        sleep: (ms) => sleep(ms),
        deadlineMs: RETRY_DEADLINE_MS,
      }),
      { paying: batching, buying: { ...batching, lanes: 2 } },
    ),
  )
  const polling = startLoop({ everyMs: FEED_POLL_MS, work: () => feed.poll(), onError })
  closing.push(() => polling.stop())

  // The rooms.
  const ids = createIdSource({ node: await registry.nextNode(), clock })
  const registration = createRegistration({
    // What this core records counts here at once; the others follow.
    registry: followedBy(registry, directory),
    ledger,
    persons: registry,
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
    ids,
    sha256,
    clock,
    openCase: (problem) => log.error('purchase.contradicted', { ...problem }),
  })

  // The clockwork.
  const resolver = startPurchaseResolver({
    selling,
    issuers: () => directory.issuers(),
    onResolved: (turn) => log.info('purchases.resolved', { ...turn }),
    onError,
  })
  closing.push(() => resolver.stop())
  const sealing = startSealing({ key: keys.seal, config, clock, log })
  closing.push(() => sealing.stop())

  // The door.
  const app = await buildHttp({
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
    rolesOf: (personId) => registration.rolesOf(personId),
    ready: async () => {
      try {
        await registry.issuerIds()
        return { ready: true }
      } catch (error) {
        if (error instanceof Fault) return { ready: false, reason: error.code }
        throw error
      }
    },
    onBug: () => {
      setTimeout(() => process.exit(1), 100)
    },
    ...(config.limits === 'lifted' ? { limits: limitsLifted } : {}),
    routes: (door) =>
      registerRoutes(door, {
        authorization,
        selling,
        registration,
        ledger,
        reading,
        issuing: directory,
        acquiring: directory,
        walletStopped: (issuerId, walletId) => directory.walletStopped(issuerId, walletId),
        feed,
        codeSigning: keys.code,
        randomReference: () => randomBytes(15).toString('base64url'),
        clock,
      }),
  })
  closing.push(() => app.close())
  const address = await app.listen({ host: '127.0.0.1', port: config.port })
  log.info('core.started', { address })
  reportReady({ port: config.port })
}

main().catch((error: unknown) => {
  console.error(errorText(error))
  process.exit(1)
})
