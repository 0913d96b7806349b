/** A gateway of the bench's own beside the product's two: the same program, with an empty store. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { waitUntil } from '../src/main/bounded-wait.ts'
import { freePorts } from '../src/main/free-port.ts'
import { gatewayEnvironment } from '../src/main/gateway-config.ts'
import { secretNames } from '../src/main/keys.ts'
import { openSecretFiles } from '../src/main/secret-file.ts'

const GATEWAY = join(import.meta.dirname, '../src/main/gateway.ts')
const POLL_MS = 50

export interface GatewayStatus {
  readonly core: 'asked' | 'probed' | 'not_asked'
  readonly feed: { readonly state: string; readonly cards: number; readonly wallets: number }
  readonly waiting: { readonly notices: number }
}

export async function gatewayStatus(
  dataDirectory: string,
  controlUrl: string,
): Promise<GatewayStatus> {
  const secrets = await openSecretFiles(dataDirectory)
  const token = await secrets.text(secretNames.gatewayControlToken)
  const answer = await fetch(`${controlUrl}/status`, {
    headers: { authorization: `Bearer ${token}` },
  })
  return (await answer.json()) as GatewayStatus // Our own door.
}

export interface SnapshotFigures {
  readonly cards: number
  readonly seconds: number
  readonly cardsPerSecond: number
  readonly storeBytes: number
  /** The most memory that the gateway's process had at a time. */
  readonly peakMemoryBytes: number
}

/** Starts a gateway with an empty store and waits until it follows a core with so many cards. */
export async function takeSnapshot(given: {
  readonly dataDirectory: string
  readonly edgeUrl: string
  readonly cards: number
  readonly timeoutMs: number
}): Promise<SnapshotFigures> {
  const { dataDirectory, edgeUrl, cards, timeoutMs } = given
  const name = 'gateway-bench'
  const folder = join(dataDirectory, name)
  await rm(folder, { recursive: true, force: true })
  const [controlPort = 0, hanbit = 0] = await freePorts(2)
  const environment = gatewayEnvironment({
    name,
    dataDirectory,
    ports: { hanbit },
    controlPort,
    edgeUrl,
    logLevel: 'error',
  })
  const begin = performance.now()
  const child = spawn(process.execPath, [GATEWAY], {
    env: { TZ: 'UTC', ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const exited = once(child, 'exit')
  try {
    const isThere = await waitUntil(() => hasTaken(given, `http://127.0.0.1:${controlPort}`), {
      timeoutMs,
      pollMs: POLL_MS,
    })
    const seconds = (performance.now() - begin) / 1_000
    if (!isThere) throw new Error(`the gateway took no ${cards} cards in ${timeoutMs} ms`)
    const peakMemoryBytes = await peakMemory(child.pid!)
    child.kill('SIGTERM')
    await exited
    // After its end: the write-ahead log has become part of the file.
    const storeBytes = (await stat(join(folder, 'store.db'))).size
    const cardsPerSecond = Math.round(cards / seconds)
    return { cards, seconds, cardsPerSecond, storeBytes, peakMemoryBytes }
  } finally {
    child.kill('SIGKILL')
    await exited
    await rm(folder, { recursive: true, force: true })
  }
}

async function hasTaken(
  { dataDirectory, cards }: { dataDirectory: string; cards: number },
  controlUrl: string,
): Promise<boolean> {
  try {
    const { feed } = await gatewayStatus(dataDirectory, controlUrl)
    return feed.state === 'following' && feed.cards >= cards
  } catch {
    return false // Its door is not open yet.
  }
}

/** As the kernel counts it. @throws Error on other systems than Linux */
async function peakMemory(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(status) ?? []
  if (kib === undefined) throw new Error('the kernel does not tell how much memory a process had')
  return Number(kib) * 1_024
}
