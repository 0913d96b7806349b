/**
 * A card gateway: one process with a store of its own between the card companies and the core. The whole wiring,
 * read top to bottom. It starts, and answers, whether the core is there or not.
 */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { parseId, type IssuerId } from '../base/base.ts'
import {
  createCoreClient,
  createPeerLink,
  openControlDoor,
  openGateway,
  openSqliteStore,
  type Gateway,
  type LinkLog,
} from '../gateway/gateway.ts'
import { createLog, createMetrics, logLevels, type Metrics } from '../observe/observe.ts'
import { createEdgeDesk, type StandInDesk } from '../standin/standin.ts'
import { readGatewayConfig, type GatewayConfig } from './gateway-config.ts'
import { openPartnerKeys, secretNames, sha256 } from './keys.ts'
import { reportReady, stopWithParent } from './parent-watch.ts'
import { servedPartners } from './partners.ts'
import { openSecretFiles, type SecretFiles } from './secret-file.ts'
import { errorText, StartupProblem } from './startup-problem.ts'
import { readTlsFiles, tlsFolderOf } from './tls-material.ts'

const PEER_TIMEOUT_MS = 2_000

/** What has to be undone at the end, last first. */
const closing: (() => Promise<unknown>)[] = []
stopWithParent(async () => {
  for (const close of closing.toReversed()) await close()
})

const clock = (): number => Date.now()

async function main(): Promise<void> {
  const config = readGatewayConfig(process.env)
  const secrets = await openSecretFiles(config.dataDirectory)
  const level = logLevels.find((known) => known === config.logLevel) ?? 'info'
  const pseudonymKey = await secrets.text(secretNames.pseudonyms)
  const log = naming(config.name, createLog({ level, pseudonymKey }))
  const metrics = createMetrics()
  const desk = await openDesk(config, secrets, log)
  const gateway = await openLinks(config, secrets, { desk, log, metrics })
  measureDesk(metrics, desk)
  const door = await openControlDoor({
    name: config.name,
    port: config.controlPort,
    token: await secrets.text(secretNames.gatewayControlToken),
    gateway,
    desk,
    partnerOf: (code) => servedPartners().find((partner) => partner.code === code)?.partnerId,
    issuerOf: (text) => issuerOf(desk, text),
    heard: (notes) => desk.heard(notes),
    metrics,
    clock,
    log,
  })
  closing.push(() => door.close())
  log.info('gateway.started', { control: door.url })
  reportReady({ controlPort: config.controlPort })
}

/** Its store is on this machine's disk, the core and the other gateway are over HTTP. */
async function openDesk(
  config: GatewayConfig,
  secrets: SecretFiles,
  log: LinkLog,
): Promise<StandInDesk> {
  const folder = join(config.dataDirectory, config.name)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const store = openSqliteStore(join(folder, 'store.db'))
  closing.push(async () => store.close())
  const core = createCoreClient({
    baseUrl: config.edgeUrl,
    token: await secrets.text(secretNames.gatewayToken),
  })
  closing.push(async () => core.close())
  const desk = createEdgeDesk({
    store,
    core: core.desk,
    feed: core.feed,
    clock,
    timers: {
      after(ms, run) {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    },
    afterTurn: (run) => void setImmediate(run),
    random: Math.random,
    sha256,
    log: ({ fact, level, details }) => log[level](fact, details),
    ...(await openPeer(config, secrets)),
  })
  closing.push(() => desk.stop())
  return desk
}

async function openPeer({ peerUrl }: GatewayConfig, secrets: SecretFiles) {
  if (peerUrl === undefined) return {}
  const token = await secrets.text(secretNames.gatewayControlToken)
  const { peer, close } = createPeerLink({ url: peerUrl, token, timeoutMs: PEER_TIMEOUT_MS })
  closing.push(async () => close())
  return { peer }
}

async function openLinks(
  config: GatewayConfig,
  secrets: SecretFiles,
  given: { desk: StandInDesk; log: LinkLog; metrics: Metrics },
): Promise<Gateway> {
  const served = servedPartners().filter(({ code }) => config.ports[code] !== undefined)
  const known = new Set(served.map(({ code }) => code))
  const unknown = Object.keys(config.ports).filter((code) => !known.has(code))
  if (unknown.length > 0) throw new StartupProblem(`no such card company: ${unknown.join(', ')}`)
  const partners = await Promise.all(
    served.map(async ({ code, adapter }) => ({
      code,
      adapter,
      keys: await openPartnerKeys(secrets, code),
      port: config.ports[code] ?? 0,
    })),
  )
  const tls = await readTlsFiles(tlsFolderOf(config.dataDirectory, []).gateway)
  const gateway = await openGateway({ partners, tls, clock, ...given })
  closing.push(() => gateway.close())
  return gateway
}

/** Both gateways write to one terminal: each line says whose it is. */
function naming(gateway: string, log: LinkLog): LinkLog {
  return {
    info: (event, facts) => log.info(event, { gateway, ...facts }),
    warn: (event, facts) => log.warn(event, { gateway, ...facts }),
    error: (event, facts) => log.error(event, { gateway, ...facts }),
  }
}

/** As it stands outside (`iss_…`), or by the code that the core told. */
function issuerOf(desk: StandInDesk, text: string): IssuerId | undefined {
  return parseId('iss', text) ?? desk.directory().issuerByCode(text)?.issuerId
}

function measureDesk(metrics: Metrics, desk: StandInDesk): void {
  const gauge = (
    name: string,
    help: string,
    read: (status: ReturnType<StandInDesk['status']>) => number,
  ): void => metrics.gauge(`dure_gateway_${name}`, help, () => read(desk.status()))
  gauge('notices_waiting', 'Notices that the core has not taken yet', (now) => now.waiting.notices)
  gauge('exposure_won', 'Approved by stand-in and not yet taken by the core', (now) => {
    return now.exposure.nowWon
  })
  gauge('feed_lag_seconds', 'Age of what the core told last; -1 before it told anything', (now) => {
    return now.feed.lagMs === null ? -1 : now.feed.lagMs / 1_000
  })
  gauge('core_asked', '1 while the core is asked, else 0', (now) => (now.core === 'asked' ? 1 : 0))
  gauge('store_writable', '1 while the store can be written, else 0', (now) => {
    return now.store.state === 'writable' ? 1 : 0
  })
}

main().catch((error: unknown) => {
  console.error(errorText(error))
  process.exit(1)
})
