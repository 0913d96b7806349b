/**
 * Keeps services running: starts them in order, starts one again when it ends by itself, and stops
 * all in reverse order. One may be halted, and is down until it is resumed. What it starts is in
 * process groups of its own, so that Ctrl-C, which the terminal sends to the whole group, reaches
 * only us, and ends by itself when we are killed.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { Instant } from '../base/base.ts'
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
  /** Ends the service and leaves it down until `resume`. @throws StartupProblem for a name nobody has */
  halt(name: string): Promise<void>
  /** Starts again what was halted, and keeps it running; nothing where it runs. Rejects when that fails. */
  resume(name: string): Promise<void>
  /** Ends the life that runs as a loss of power would; it is started again. False where none could be. */
  kill(name: string): Promise<boolean>
  /** How each service is, in the order in which they were started. */
  parts(): readonly Part[]
  /** Stops all in reverse order and resolves when nothing is left. Repeating it changes nothing. */
  stop(): Promise<void>
  /** Whether `stop` was called. */
  isStopping(): boolean
}

export interface Part {
  readonly name: string
  readonly state: PartState
  /** When it came into this state. */
  readonly since: Instant
}

export type PartState = 'starting' | 'running' | 'stopped'

interface Kept {
  readonly name: string
  readonly service: Service
  /** The life that runs, or begins now; undefined before the first. */
  life: Promise<Running> | undefined
  state: PartState
  since: Instant
  /** Aborted when it is halted; another after each halt. */
  shift: AbortController
  /** Halting and resuming happen one after the other. */
  turn: Promise<void>
}

/** `onGivenUp` hears of a service that cannot be kept running; the others go on. */
export function createSupervisor(options: {
  log: ServiceLog
  onGivenUp: (name: string) => void
  limits?: RestartLimits
}): Supervisor {
  const { log, limits = RESTART_LIMITS } = options
  const stopping = new AbortController()
  const kept: Kept[] = []
  let stopped: Promise<void> | undefined
  const entryOf = (name: string): Kept => {
    const entry = kept.find((one) => one.name === name)
    if (entry === undefined) throw new StartupProblem(`nothing here is called ${name}`)
    return entry
  }
  const begin = async <R extends Running>(entry: Kept, service: Service<R>): Promise<R> => {
    const signal = AbortSignal.any([stopping.signal, entry.shift.signal])
    enter(entry, 'starting')
    const first = service.start(signal)
    entry.life = first
    const running = await first
    enter(entry, 'running', signal)
    void keepRunning({ ...options, entry, service, first: running, signal, limits })
    return running
  }

  return {
    isStopping: () => stopping.signal.aborted,
    parts: () => kept.map(({ name, state, since }) => ({ name, state, since })),
    start: async (service) => {
      if (stopping.signal.aborted)
        throw new StartupProblem(`told to stop before ${service.name} was started`)
      const entry = newEntry(service)
      kept.push(entry)
      return begin(entry, service)
    },
    halt: (name) => {
      const entry = entryOf(name)
      entry.shift.abort()
      return inTurn(entry, () => endShift(entry, log))
    },
    resume: (name) => {
      const entry = entryOf(name)
      return inTurn(entry, async () => {
        if (entry.state !== 'stopped' || stopping.signal.aborted) return
        entry.shift = new AbortController()
        try {
          await begin(entry, entry.service)
          log('service.resumed', { name })
        } catch (error) {
          enter(entry, 'stopped')
          throw error
        }
      })
    },
    kill: async (name) => {
      const entry = entryOf(name)
      if (entry.state !== 'running') return false
      const life = await entry.life
      life?.kill?.()
      return life?.kill !== undefined
    },
    stop: () => {
      stopping.abort()
      stopped ??= stopInReverse(kept, log)
      return stopped
    },
  }
}

async function endShift(entry: Kept, log: ServiceLog): Promise<void> {
  // As in stopping all: one that is just starting gives up, or is up in a moment and stopped then.
  await (await entry.life?.catch(() => undefined))?.stop()
  if (entry.state !== 'stopped') log('service.halted', { name: entry.name })
  enter(entry, 'stopped')
}

function newEntry(service: Service): Kept {
  return {
    name: service.name,
    service,
    life: undefined,
    state: 'starting',
    since: Date.now(),
    shift: new AbortController(),
    turn: Promise.resolve(),
  }
}

/** A life of a shift that is over says nothing any more. */
function enter(entry: Kept, state: PartState, signal?: AbortSignal): void {
  if (signal?.aborted === true) return
  if (entry.state !== state) entry.since = Date.now()
  entry.state = state
}

function inTurn(entry: Kept, work: () => Promise<void>): Promise<void> {
  const done = entry.turn.then(work)
  entry.turn = done.catch(() => undefined)
  return done
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
    const running = await life?.catch(() => undefined)
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
  const { entry, signal, log, limits } = keep
  const { name } = entry
  let running = keep.first
  let beganAt = performance.now()
  let failures = 0
  for (;;) {
    const { code, signal: killedBy } = await running.exited
    if (signal.aborted) return
    enter(entry, 'starting', signal)
    log('service.ended', { name, code: code ?? 'none', signal: killedBy ?? 'none' })
    if (performance.now() - beganAt >= limits.stableAfterMs) failures = 0
    failures += 1
    const next = await restart({ ...keep, failuresBefore: failures })
    if (next === undefined) return
    enter(entry, 'running', signal)
    running = next.running
    failures = next.failures
    beganAt = performance.now()
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
  enter(entry, 'stopped', signal)
  log('service.given_up', { name, failures: failures - 1 })
  wanted.onGivenUp(name)
  return undefined
}
