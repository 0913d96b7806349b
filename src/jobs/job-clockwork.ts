/**
 * Gives jobs their turns. What is due is written into the book; turns for all that has not ended are put into the queue
 * every few seconds, so nothing depends on the queue's memory; and a small number of workers, whatever the number of
 * issuers and jobs, takes one bounded turn after the other. A large run of one issuer therefore costs another one turn.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { assert, type Clock, type IssuerId } from '../base/base.ts'
import { OPERATOR_JOBS, type JobBook } from './job-book.ts'
import { FAILED_AGAIN_MS, takeTurn, type TurnDeps, type TurnListener } from './job-turn.ts'
import type { JobDefinition } from './job-work.ts'
import { startLoop, type Loop } from './loop.ts'
import { lastDueAt } from './schedule.ts'
import type { HeldTurn, TurnQueue } from './turn-queue.ts'

/** Turns of one process at one time. */
export const WORKERS = 4
/** How often the book is looked at for what is due. */
export const LOOK_EVERY_MS = 5_000
/** How often a worker without a turn asks for one. */
const ASK_EVERY_MS = 1_000
/** Signs of life, several in the time after which a worker counts as dead. */
const KEEP_EVERY_MS = 5_000

export interface ClockworkOptions {
  readonly definitions: readonly JobDefinition[]
  readonly book: JobBook
  readonly queue: TurnQueue
  readonly issuers: () => readonly { readonly issuerId: IssuerId }[]
  readonly clock: Clock
  readonly describe: (error: unknown) => string
  readonly listener: TurnListener
  /** Told of what kept a worker from its turn or the book from being looked at; both go on. */
  readonly onError: (error: unknown) => void
  readonly workers?: number
  readonly lookEveryMs?: number
  readonly askEveryMs?: number
}

/** @returns stops after the steps under way */
export function startClockwork(options: ClockworkOptions): Loop {
  const { askEveryMs = ASK_EVERY_MS, onError } = options
  const definitions = namedDefinitions(options.definitions)
  const stopping = new AbortController()
  const deps: TurnDeps = {
    ...options,
    sleep: (ms) => pause(ms, undefined, { signal: stopping.signal }).catch(() => {}),
    isStopping: () => stopping.signal.aborted,
  }
  const looking = startLoop({
    everyMs: options.lookEveryMs ?? LOOK_EVERY_MS,
    work: createLook(options),
    onError,
  })
  const worker = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      let isBusy = false
      try {
        isBusy = await work(deps, definitions, options)
      } catch (error) {
        onError(error)
      }
      if (!isBusy) await deps.sleep(askEveryMs)
    }
  }
  const workers = Array.from({ length: options.workers ?? WORKERS }, worker)
  return {
    async stop() {
      stopping.abort()
      await Promise.all([looking.stop(), ...workers])
    },
  }
}

/** @returns whether there was something to do; else the worker rests */
async function work(
  deps: TurnDeps,
  definitions: ReadonlyMap<string, JobDefinition>,
  { queue, onError }: ClockworkOptions,
): Promise<boolean> {
  const turn = await queue.take()
  if (turn === undefined) return false
  const definition = definitions.get(turn.name)
  // A newer program's, whose workers will take it.
  if (definition === undefined) {
    await queue.putBack(turn)
    return false
  }
  const end = await whileKept(queue, turn, onError, () => takeTurn(deps, definition, turn))
  if (end === 'again') await queue.putBack(turn)
  else await queue.end(turn)
  // A worker that dies between these two is made good by the next look into the book.
  if (end === 'more') await queue.send([turn])
  return true
}

async function whileKept<Result>(
  queue: TurnQueue,
  turn: HeldTurn,
  onError: (error: unknown) => void,
  run: () => Promise<Result>,
): Promise<Result> {
  const keeping = setInterval(() => void queue.keep(turn).catch(onError), KEEP_EVERY_MS)
  try {
    return await run()
  } finally {
    clearInterval(keeping)
  }
}

/** Writes down what is due and puts a turn into the queue for all that has not ended. */
function createLook({
  definitions,
  book,
  queue,
  issuers,
  clock,
}: Pick<ClockworkOptions, 'definitions' | 'book' | 'queue' | 'issuers' | 'clock'>) {
  const makeDue = createDueMaker({ definitions, book, issuers, spread: true })
  return async (): Promise<void> => {
    const now = clock()
    await makeDue(now)
    const turns = await book.unended(now - FAILED_AGAIN_MS)
    if (turns.length > 0) await queue.send(turns)
  }
}

/**
 * Writes down what is due at an instant. A schedule is written down once for each of its instants, and again while an
 * issuer's run before has not ended.
 * @param options.spread what comes again and again comes to each issuer at a moment of its own, and for the first time
 *   after this was made: so that neither every tenth minute nor a start is one heap of work beside the payments
 */
export function createDueMaker({
  definitions,
  book,
  issuers,
  spread = false,
}: Pick<ClockworkOptions, 'definitions' | 'book' | 'issuers'> & { readonly spread?: boolean }) {
  const written = new Map<string, string>()
  let firstAt: number | undefined
  return async (now: number): Promise<void> => {
    firstAt ??= now
    for (const { name, schedule, of, isFor = () => true } of definitions) {
      const all = of === 'operator' ? [OPERATOR_JOBS] : issuers().map(({ issuerId }) => issuerId)
      const ids = of === 'operator' ? all : all.filter(isFor)
      const isSpread = spread && schedule.kind === 'every'
      for (const { phaseMs, members } of isSpread ? groupsOf(schedule.everyMs, ids) : whole(ids)) {
        const due = lastDueAt(schedule, now - phaseMs)
        const dueAt = due === undefined ? undefined : due + phaseMs
        if (dueAt === undefined || (isSpread && dueAt < firstAt)) continue
        const mark = `${dueAt}/${members.length}`
        if (written.get(`${name}/${phaseMs}`) === mark) continue
        const behind = await book.makeDue(name, members, dueAt)
        if (behind === 0) written.set(`${name}/${phaseMs}`, mark)
      }
    }
  }
}

/** Issuers whose moment is the same, and how long after the others' first it is. */
interface DueGroup {
  readonly phaseMs: number
  readonly members: readonly IssuerId[]
}

/** So many moments in a period. */
const SPREAD_OVER = 30

function whole(ids: readonly IssuerId[]): readonly DueGroup[] {
  return [{ phaseMs: 0, members: ids }]
}

function groupsOf(everyMs: number, ids: readonly IssuerId[]): readonly DueGroup[] {
  const groups = Map.groupBy(ids, (issuerId) => issuerId % SPREAD_OVER)
  return [...groups].map(([group, members]) => ({
    phaseMs: Math.floor((everyMs * group) / SPREAD_OVER),
    members,
  }))
}

export function namedDefinitions(
  definitions: readonly JobDefinition[],
): ReadonlyMap<string, JobDefinition> {
  const named = new Map(definitions.map((definition) => [definition.name, definition]))
  assert(named.size === definitions.length, 'a job has a name of its own')
  return named
}
