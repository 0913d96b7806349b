/**
 * `npm start`: the whole product on one machine. PostgreSQL (ours or yours), the schema, the demonstration, a
 * simulated bank and identity provider, card companies, the core and its gateways; then what to try. Ctrl-C stops
 * everything in order.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import { buildApps } from './apps.ts'
import { createBankClient } from '../bank/bank.ts'
import { createIdSource } from '../base/base.ts'
import { createDemonstration, DEMONSTRATION_SEED } from '../demonstration/demonstration.ts'
import {
  createPostgresLedger,
  createPostgresRegistry,
  findPrimary,
  migrate,
  openPool,
} from '../postgres/postgres.ts'
import {
  planCardParts,
  runningGateways,
  startCardCompanies,
  startGateways,
  type CardParts,
} from './card-parts.ts'
import { waitForCards } from './card-readiness.ts'
import { asRole, coreEnvironment, readStartConfig, type StartConfig } from './config.ts'
import { deskService } from './desk.ts'
import { openDataDirectory, type DataDirectory } from './data-directory.ts'
import { planFunds, startDemonstrationFunders } from './demonstration-funds.ts'
import { embeddedPostgresService } from './embedded-postgres.ts'
import { freePort, requireFreePort } from './free-port.ts'
import { readGatewayReports } from './gateway-reports.ts'
import { openOperatorKeys, secretNames } from './keys.ts'
import { programService, type RunningProgram } from './program.ts'
import { sudoCaller } from './run-account.ts'
import { writeRunning, type Running } from './running.ts'
import { seedDemonstration } from './seed.ts'
import type { ServiceLog } from './service.ts'
import { errorText, StartupProblem } from './startup-problem.ts'
import { createSupervisor, stopOnSignals, type Supervisor } from './supervisor.ts'
import { installTurnQueue } from './turn-queue.ts'
import { cardTry, walkThrough } from './walk.ts'

const DATABASE = 'dure'
const BANK_TIMEOUT_MS = 5_000
/** Links are there within a second or two; a start does not fail for want of them. */
const CARDS_WAIT_MS = 10_000
const ROOT = join(import.meta.dirname, '../..')

const say = (sentence: string): void => {
  process.stdout.write(`${sentence}\n`)
}
const log: ServiceLog = (event, facts = {}) => {
  if (event.endsWith('failed') || event.includes('given_up') || event.includes('restarted')) {
    process.stderr.write(`${JSON.stringify({ event, ...facts })}\n`)
  }
}
/** Logs of the programs go through as they are: one JSON object a line. */
const pass = (line: string, stream: 'stdout' | 'stderr'): void => {
  process[stream].write(`${line}\n`)
}

let data: DataDirectory | undefined
const supervisor = createSupervisor({
  log,
  onGivenUp: (name) => {
    process.stderr.write(`${name} cannot be kept running; stopping\n`)
    void stopAll(1)
  },
})
stopOnSignals(supervisor, log, (code) => {
  void Promise.resolve(data?.release()).finally(() => process.exit(code))
})

async function stopAll(code: number): Promise<void> {
  await supervisor.stop()
  await data?.release()
  process.exit(code)
}

async function main(): Promise<void> {
  const config = readStartConfig(process.env)
  await requireFreePort({ port: config.port, variable: 'PORT' })
  data = await openDataDirectory(config.dataDirectory)
  const apps = buildApps()
  apps.catch(() => {})
  const { secrets, path } = data
  // Made here, under the lock, so that the core only reads them.
  await openOperatorKeys(secrets)
  const ownerUrl = await openDatabase(supervisor, config, data)
  const appPassword = await secrets.text(secretNames.appPassword)
  const auditPassword = await secrets.text(secretNames.auditPassword)
  const jobsPassword = await secrets.text(secretNames.jobsPassword)
  await bringToSchema(ownerUrl, { appPassword, auditPassword, jobsPassword })
  const databaseUrl = asRole(ownerUrl, 'dure_app', appPassword)
  const cards = await planCardParts(data)
  const { bank, identity } = await startOutside(config, data, cards)
  await seed({ databaseUrl, bankUrl: bank.url, cardCrowd: config.cardCrowd })

  await apps
  const deskPort = await freePort()
  const deskUrl = `http://127.0.0.1:${deskPort}`
  await supervisor.start(
    programService({
      name: 'core',
      file: join(import.meta.dirname, 'core.ts'),
      // Read by nobody: tells people who list processes which data a core works on.
      arguments: [path],
      environment: coreEnvironment({
        port: config.port,
        dataDirectory: path,
        databaseUrl,
        bankUrl: bank.url,
        logLevel: config.logLevel,
        limits: config.limits,
        holidays: config.holidays,
        edgePort: cards.edgePort,
        companyUrls: cards.companyUrls,
        demonstration: { identity: identity.url, desk: deskUrl },
      }),
      onLine: pass,
    }),
  )
  // After the core only so that their first word is not that it is missing; they do without it.
  await startGateways(supervisor, cards, { path, pass, logLevel: config.logLevel })
  const coreUrl = `http://localhost:${config.port}`
  const running: Running = {
    dataDirectory: path,
    coreUrl,
    identityUrl: identity.url,
    bankUrl: bank.url,
    edgeUrl: cards.edgeUrl,
    gateways: runningGateways(cards),
    companyUrls: cards.companyUrls,
    deskUrl,
    auditUrl: asRole(ownerUrl, 'dure_audit', auditPassword),
  }
  await writeRunning(path, running)
  await startFunders({ databaseUrl, bankUrl: bank.url })
  const controlToken = await startDesk({ config, data, cards, deskPort })
  if (!(await waitForCards(running, { controlToken, timeoutMs: CARDS_WAIT_MS }))) {
    say('the card companies are not linked yet; they go on trying')
  }
  say(walkThrough({ coreUrl, identityUrl: identity.url }))
  say(cardTry({ companyUrl: cards.companyUrls['hanbit']! }))
  say(`dure ready on ${coreUrl}`)
}

/** Everybody who is not us: a bank, an identity provider, card companies. */
async function startOutside(
  config: StartConfig,
  data: DataDirectory,
  cards: CardParts,
): Promise<{ bank: { url: string }; identity: { url: string } }> {
  const { path } = data
  const people = await writePeople(path, config.crowd)
  const [bank, identity] = await Promise.all([
    startSimulated(supervisor, 'bank', {
      BANK_BOOKS: join(path, 'bank-books.jsonl'),
      ...(await planFunds(path)),
    }),
    startSimulated(supervisor, 'identity', {
      IDENTITY_PEOPLE: people,
      IDENTITY_KEY: join(path, 'secrets', `${secretNames.identity}-private-pem`),
    }),
    startCardCompanies(supervisor, cards, { data, pass, crowd: config.cardCrowd }),
  ])
  return { bank, identity }
}

/** Last, so that it stops first. Gives the token of the gateways' control doors. */
async function startDesk(given: {
  config: StartConfig
  data: DataDirectory
  cards: CardParts
  deskPort: number
}): Promise<string> {
  const { config, data, cards, deskPort } = given
  const controlToken = await data.secrets.text(secretNames.gatewayControlToken)
  await supervisor.start(
    deskService({
      port: deskPort,
      origins: [`http://localhost:${config.port}`, `http://127.0.0.1:${config.port}`],
      supervisor,
      companyUrls: cards.companyUrls,
      gateways: () => readGatewayReports(data.path, controlToken),
    }),
  )
  return controlToken
}

/** They pay from outside; a turn that fails is told, and the next one pays. */
async function startFunders(given: { databaseUrl: string; bankUrl: string }): Promise<void> {
  const { databaseUrl, bankUrl } = given
  const pool = openPool({ url: databaseUrl, name: 'funders', connectionsMax: 1 })
  const clock = (): number => Date.now()
  const registry = createPostgresRegistry(pool)
  const ids = createIdSource({ node: await registry.nextNode(), clock })
  startDemonstrationFunders({ registry, ids, pool, bankUrl, clock }, (error) => {
    if (!supervisor.isStopping()) log('funders.failed', { error: errorText(error) })
  })
}

/** The URL of the schema's owner. */
async function openDatabase(
  supervisor: Supervisor,
  config: StartConfig,
  { path, secrets }: DataDirectory,
): Promise<string> {
  if (config.databaseUrl !== undefined) {
    await requirePrimary(config.databaseUrl)
    return config.databaseUrl
  }
  say('starting PostgreSQL 18 …')
  const server = await supervisor.start(
    embeddedPostgresService({ dataDirectory: path, secrets, log, sudo: sudoCaller(config.sudo) }),
  )
  const admin = postgres(server.superuserUrl, { max: 1, onnotice: () => {} })
  const known = await admin`select 1 from pg_database where datname = ${DATABASE}`
  if (known.length === 0) await admin.unsafe(`create database ${DATABASE}`)
  await admin.end()
  const url = new URL(server.superuserUrl)
  url.pathname = `/${DATABASE}`
  return url.href
}

/** @throws StartupProblem that says what each host of the operator's own PostgreSQL answered */
async function requirePrimary(url: string): Promise<void> {
  try {
    await findPrimary(url)
  } catch (cause) {
    throw new StartupProblem(
      `DURE_DATABASE_URL leads to no database that can be written to: ${errorText(cause)}`,
      { cause },
    )
  }
}

async function bringToSchema(
  ownerUrl: string,
  passwords: { appPassword: string; auditPassword: string; jobsPassword: string },
): Promise<void> {
  const owner = postgres(await findPrimary(ownerUrl), { max: 2, onnotice: () => {} })
  try {
    const { applied } = await migrate(owner, passwords)
    if (applied.length > 0) say(`migrated: ${applied.join(', ')}`)
    if (await installTurnQueue(owner, passwords.jobsPassword)) say('migrated: the queue of turns')
  } finally {
    await owner.end()
  }
}

async function startSimulated(
  supervisor: Supervisor,
  name: 'bank' | 'identity',
  environment: Record<string, string>,
): Promise<RunningProgram & { url: string }> {
  // A port of its own that stays when the program is started again.
  const port = await freePort()
  const program = await supervisor.start(
    programService({
      name: `simulated-${name}`,
      file: join(ROOT, 'simulated', `${name}.ts`),
      environment: { PORT: String(port), ...environment },
      onLine: (line, stream) => {
        if (stream === 'stderr') pass(line, stream)
      },
    }),
  )
  return { ...program, url: `http://127.0.0.1:${port}` }
}

/** Everybody of the demonstration, and a crowd if one is wanted, as the simulated identity provider knows them. */
async function writePeople(directory: string, crowd: number): Promise<string> {
  const file = join(directory, 'identity-people.json')
  const { persons } = createDemonstration(DEMONSTRATION_SEED)
  const more = Array.from({ length: crowd }, (_, index) => ({
    personId: `crowd-${index + 1}`,
    name: '홍길동',
    birthDate: '1990-01-01',
    phone: crowdPhone(index),
  }))
  await writeFile(file, JSON.stringify([...persons, ...more]), { mode: 0o600 })
  return file
}

/** 010-09xx numbers belong to nobody, and the demonstration's own people have others. */
function crowdPhone(index: number): string {
  const digits = String(9_000_000 + index).padStart(8, '0')
  return `010-${digits.slice(0, 4)}-${digits.slice(4)}`
}

async function seed({
  databaseUrl,
  bankUrl,
  cardCrowd,
}: {
  databaseUrl: string
  bankUrl: string
  cardCrowd: number
}): Promise<void> {
  const pool = openPool({ url: databaseUrl, name: 'seed', connectionsMax: 2 })
  const bank = createBankClient({ baseUrl: bankUrl, timeoutMs: BANK_TIMEOUT_MS })
  try {
    const clock = (): number => Date.now()
    const registry = createPostgresRegistry(pool)
    await seedDemonstration({
      registry,
      ledger: createPostgresLedger({ paying: pool, buying: pool, reading: pool }),
      bank,
      ids: createIdSource({ node: await registry.nextNode(), clock }),
      clock,
      onProgress: (done, whole) => {
        if (done % 22 === 0) say(`setting up the demonstration: ${done} of ${whole} municipalities`)
      },
      cardCrowd,
    })
  } finally {
    bank.close()
    await pool.close()
  }
}

main().catch(async (error: unknown) => {
  if (!supervisor.isStopping()) process.stderr.write(`${errorText(error)}\n`)
  await stopAll(1)
})
