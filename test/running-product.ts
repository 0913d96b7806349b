/** The whole product as a newcomer starts it, for tests and benches: a process of its own on free ports and data. */
import { spawn, type ChildProcess } from 'node:child_process'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { waitUntil } from '../src/main/bounded-wait.ts'
import { compiledCode } from '../src/main/compiled-code.ts'
import { freePort } from '../src/main/free-port.ts'
import { listProcesses } from '../src/main/process-table.ts'
import { readRunning, type Running } from '../src/main/running.ts'

const START = join(import.meta.dirname, '../src/main/start.ts')
const READY_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 30_000

export interface RunningProduct extends Running {
  readonly dataDirectory: string
  readonly pid: number
  /** All that it wrote, for looking into when a test fails. */
  output(): string
  /** Process ids of its parts; a part that is started again has another. */
  corePid(): Promise<number>
  postgresPid(): Promise<number>
  /** @param name such as `gateway-a` */
  gatewayPid(name: string): Promise<number>
  /** @param code such as `hanbit` */
  companyPid(code: string): Promise<number>
  /** Ctrl-C, and until nothing is left. Gives the exit code. */
  interrupt(): Promise<number | null>
  /** Stops it and removes its data unless they are to be kept. */
  stop(options?: { keepData?: boolean }): Promise<void>
}

/**
 * @param options.dataDirectory of an earlier life, to be taken up again
 * @param options.program in place of `start.ts`
 */
export async function startProduct(
  options: {
    environment?: Record<string, string>
    dataDirectory?: string
    port?: number
    program?: string
  } = {},
): Promise<RunningProduct> {
  const folder = options.dataDirectory ?? (await makeFolder())
  const port = options.port ?? (await freePort())
  const child = spawn(process.execPath, [options.program ?? START], {
    env: {
      PATH: process.env['PATH'] ?? '',
      ...compiledCode,
      PORT: String(port),
      DURE_DATA: folder,
      DURE_LOG_LEVEL: 'warn',
      ...options.environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream
      .setEncoding('utf8')
      .on('data', (text: string) => (output = (output + text).slice(-200_000)))
  }
  let code: number | null | undefined
  child.once('exit', (exitCode) => (code = exitCode))
  await waitUntil(() => code !== undefined || output.includes('dure ready on'), {
    timeoutMs: READY_TIMEOUT_MS,
  })
  if (!output.includes('dure ready on')) {
    child.kill('SIGKILL')
    throw new Error(`the product did not start (exit ${String(code)}):\n${output}`)
  }
  const running = await readRunning(folder)
  const stopChild = () => stopProcess(child, () => code)
  return {
    ...running,
    dataDirectory: folder,
    pid: child.pid!,
    output: () => output,
    corePid: () => pidOf('src/main/core.ts', folder),
    postgresPid: () => pidOf('bin/postgres', folder),
    gatewayPid: (name) => pidOf('src/main/gateway.ts', `${folder} ${name}`),
    companyPid: (code) => pidOf('card-company.ts', join(folder, `card-company-${code}`)),
    interrupt: async () => {
      child.kill('SIGINT')
      return stopChild()
    },
    async stop({ keepData = false } = {}) {
      if (code === undefined) child.kill('SIGTERM')
      await stopChild()
      if (keepData) return
      // What was made here is removed whole; a folder of the caller's loses its data only.
      const made = options.dataDirectory === undefined ? dirname(folder) : folder
      await rm(made, { recursive: true, force: true })
    },
  }
}

async function makeFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dure-product-'))
  await chmod(folder, 0o755) // As root PostgreSQL runs as another user, who must reach it.
  return join(folder, 'data')
}

async function stopProcess(
  child: ChildProcess,
  code: () => number | null | undefined,
): Promise<number | null> {
  await waitUntil(() => code() !== undefined, { timeoutMs: STOP_TIMEOUT_MS })
  if (code() === undefined) {
    child.kill('SIGKILL')
    throw new Error('the product did not stop in time')
  }
  return code() ?? null
}

/** The process of the product on a data directory whose command names a file. */
async function pidOf(file: string, dataDirectory: string): Promise<number> {
  const found = (await listProcesses()).find(
    ({ command }) => command.includes(file) && command.includes(dataDirectory),
  )
  if (found === undefined) throw new Error(`no process of ${file} runs`)
  return found.pid
}
