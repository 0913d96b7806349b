/**
 * Keeps services running: starts them in order, starts one again when it ends by itself, and stops
 * all in reverse order. What it starts is in process groups of its own, so that Ctrl-C, which the
 * terminal sends to the whole group, reaches only us, and ends by itself when we are killed.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Running, Service, ServiceLog } from './service.ts'
import { errorText, StartupProblem } from './startup-problem.ts'

/** When an ended service is started again. */
export interface RestartLimits {
  /** Before the first restart; doubles with every failure in a row. */
  readonly delayMsMin: number
  readonly delayMsMax: number
  /** A life at least this long forgets the failures before it. */
  readonly stableAfterMs: number
  /** After so many failures in a row the service is given up. */
  readonly failuresMax: number
}

/** About ten minutes of trying. */
export const RESTART_LIMITS: RestartLimits = {
  delayMsMin: 100,
  delayMsMax: 10_000,
  stableAfterMs: 10_000,
  failuresMax: 66,
}

export interface Supervisor {
  /** Starts the service and keeps it running. Rejects when its first start fails. */
  start<R extends Running>(service: Service<R>): Promise<R>
  /** Stops all in reverse order and resolves when nothing is left. Repeating it changes nothing. */
  stop(): Promise<void>
  /** Whether `stop` was called. */
  isStopping(): boolean
}

interface Kept {
  readonly name: string
  /** The life that runs, or begins now. */
  life: Promise<Running>
}

/** `onGivenUp` hears of a service that cannot be kept running; the others go on. */
export function createSupervisor(options: {
  log: ServiceLog
  onGivenUp: (name: string) => void
  limits?: RestartLimits
}): Supervisor {
  const { log, onGivenUp, limits = RESTART_LIMITS } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const kept: Kept[] = []
  let stopped: Promise<void> | undefined

  return {
    isStopping: () => signal.aborted,
    start: async (service) => {
      if (signal.aborted)
        throw new StartupProblem(`told to stop before ${service.name} was started`)
      const first = service.start(signal)
      const entry: Kept = { name: service.name, life: first }
      kept.push(entry)
      const running = await first
      void keepRunning({ entry, service, first: running, signal, log, onGivenUp, limits })
      return running
    },
    stop: () => {
      stopping.abort()
      stopped ??= stopInReverse(kept, log)
      return stopped
    },
  }
}

/**
 * SIGINT, SIGTERM and SIGHUP stop everything and exit with 0. A second signal exits at once with 1:
 * then all that was started ends by itself, later and without order.
 */
export function stopOnSignals(
  supervisor: Supervisor,
  log: ServiceLog,
  exit: (code: number) => void = (code) => process.exit(code),
): void {
  const hear = (signal: NodeJS.Signals) => {
    log('stop.requested', { signal })
    if (supervisor.isStopping()) {
      exit(1)
      return
    }
    supervisor.stop().then(
      () => exit(0),
      (error: unknown) => {
        log('stop.failed', { reason: errorText(error) })
        exit(1)
      },
    )
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, hear)
}

async function stopInReverse(kept: readonly Kept[], log: ServiceLog) {
  const failures: unknown[] = []
  for (const { name, life } of kept.toReversed()) {
    // One that is just starting gives up by the signal, or is up in a moment and stopped then.
    const running = await life.catch(() => undefined)
    try {
      await running?.stop()
      log('service.stopped', { name })
    } catch (error) {
      failures.push(error)
      log('service.stop_failed', { name, reason: errorText(error) })
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not everything was stopped')
}

async function keepRunning(keep: {
  entry: Kept
  service: Service
  first: Running
  signal: AbortSignal
  log: ServiceLog
  onGivenUp: (name: string) => void
  limits: RestartLimits
}): Promise<void> {
  const { entry, service, signal, log, limits } = keep
  const { name } = service
  let running = keep.first
  let beganAt = performance.now()
  let failures = 0
  for (;;) {
    const { code, signal: killedBy } = await running.exited
    if (signal.aborted) return
    log('service.ended', { name, code: code ?? 'none', signal: killedBy ?? 'none' })
    if (performance.now() - beganAt >= limits.stableAfterMs) failures = 0
    failures += 1
    const next = await restart({ ...keep, failuresBefore: failures })
    if (next === undefined) return
    running = next.running
    failures = next.failures
    beganAt = performance.now()
    entry.life = Promise.resolve(running)
    log('service.restarted', { name, failures })
  }
}

/** Tries until the service runs. `undefined` when told to stop, or when it is given up. */
async function restart(wanted: {
  entry: Kept
  service: Service
  signal: AbortSignal
  log: ServiceLog
  onGivenUp: (name: string) => void
  limits: RestartLimits
  failuresBefore: number
}): Promise<{ running: Running; failures: number } | undefined> {
  const { entry, service, signal, log, limits } = wanted
  const { name } = service
  let failures = wanted.failuresBefore
  for (; failures <= limits.failuresMax; failures += 1) {
    const delayMs = Math.min(limits.delayMsMax, limits.delayMsMin * 2 ** (failures - 1))
    await delay(delayMs, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return undefined
    try {
      entry.life = service.start(signal)
      return { running: await entry.life, failures }
    } catch (error) {
      if (signal.aborted) return undefined
      log('service.restart_failed', { name, failures, reason: errorText(error) })
    }
  }
  log('service.given_up', { name, failures: failures - 1 })
  wanted.onGivenUp(name)
  return undefined
}
