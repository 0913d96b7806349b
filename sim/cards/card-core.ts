/**
 * The core under test: a process that crashes, stands still, is slow, answers nonsense, or finds its database put
 * back.
 */
import type { Clock, IssuerId } from '../../src/base/base.ts'
import type { NewRecord } from '../../src/registration/registration.ts'
import { beginLife, type CardCoreOptions, type CoreLife, type CoreRooms } from './core-life.ts'

const DOWN_MS_MIN = 300
const DOWN_MS_MAX = 12_000
const FROZEN_MS_MIN = 1_000
const FROZEN_MS_MAX = 20_000
const BAD_MS_MAX = 15_000
const SLOW_ANSWER_MS_MAX = 6_000
const CORRECTED_MS_MAX = 3_000
const LOST_WITH_THE_COPY_MS = 1_000

export interface CardCore {
  isUp(): boolean
  /** Lets a call in; it never settles where the core died meanwhile. `lies`: the answer is to be garbled. */
  serve<Result>(
    work: (rooms: CoreRooms) => Promise<Result>,
  ): Promise<{ value: Result; lies: boolean }>
  /** Told once, when the life that was asked ends. */
  onDeath(tell: () => void): () => void
  /** @param forMs absent: for seconds */
  crash(forMs?: number): void
  freeze(): void
  slow(): void
  lie(): void
  /** Crashes, and finds its database as it was a second before. */
  restore(): void
  readonly clock: Clock
  /** Writes the next version of a record as an officer's door would. */
  record(issuerId: IssuerId, record: Pick<NewRecord, 'kind' | 'recordId' | 'body'>): Promise<void>
  /** Ends what still goes on: the core is well from now on. */
  heal(): void
}

interface State {
  life: CoreLife
  lives: number
  skewMs: number
  upAgainAt: number
  frozenUntil: number
  slowUntil: number
  liesUntil: number
  readonly deaths: Set<() => void>
  /** Ends a crash before its time. */
  wake: () => void
}

export function createCardCore(options: CardCoreOptions): CardCore {
  const { time, random, journal, database } = options
  const mortal = createMortal(options)
  const { state, clock, thaw, isUp } = mortal
  const until = (msMin: number, msMax: number): number => time.now() + random.integer(msMin, msMax)
  const note = (what: string, endsAt: number): void =>
    journal.note('core', `${what} for ${endsAt - time.now()} ms`)
  return {
    isUp,
    clock,
    async serve(work) {
      const at = state.life
      await thaw()
      if (!at.alive) return new Promise(() => undefined)
      const value = await work(at)
      await thaw()
      if (time.now() < state.slowUntil) await time.sleep(random.integer(300, SLOW_ANSWER_MS_MAX))
      if (!at.alive) return new Promise(() => undefined)
      return { value, lies: time.now() < state.liesUntil }
    },
    onDeath(tell) {
      state.deaths.add(tell)
      return () => state.deaths.delete(tell)
    },
    crash: mortal.crash,
    restore: mortal.restore,
    freeze() {
      if (!isUp()) return
      state.frozenUntil = until(FROZEN_MS_MIN, FROZEN_MS_MAX)
      note('stands still', state.frozenUntil)
    },
    slow() {
      state.slowUntil = until(0, BAD_MS_MAX)
      note('is slow', state.slowUntil)
    },
    lie() {
      state.liesUntil = until(0, BAD_MS_MAX)
      note('lies', state.liesUntil)
    },
    async record(issuerId, { kind, recordId, body }) {
      const at = state.life
      const [known] = await database.registry().read(issuerId, kind, [recordId])
      const version = (known?.version ?? 0) + 1
      await at.registry.append(issuerId, 'system', [{ kind, recordId, version, body }], clock())
    },
    heal() {
      state.frozenUntil = 0
      state.slowUntil = 0
      state.liesUntil = 0
      state.wake()
    },
  }
}

/** Lives, deaths and the clock that they share. */
function createMortal(options: CardCoreOptions) {
  const { time, random, journal, database } = options
  const vitals = {
    lives: 0,
    skewMs: options.drawSkewMs(),
    upAgainAt: 0,
    frozenUntil: 0,
    slowUntil: 0,
    liesUntil: 0,
    deaths: new Set<() => void>(),
    wake: (): void => undefined,
  }
  const clock = (): number => time.now() + vitals.skewMs
  const thaw = async (): Promise<void> => {
    while (time.now() < vitals.frozenUntil) await time.sleep(vitals.frozenUntil - time.now())
  }
  const begin = (): CoreLife => {
    vitals.lives += 1
    return beginLife(options, { clock, thaw, node: vitals.lives })
  }
  const state: State = Object.assign(vitals, { life: begin() })
  const isUp = (): boolean => state.life.alive && time.now() >= state.upAgainAt

  const die = (why: string, forMs?: number): number => {
    state.life.alive = false
    for (const tell of state.deaths) tell()
    state.deaths.clear()
    state.frozenUntil = 0
    const downMs = forMs ?? random.integer(DOWN_MS_MIN, DOWN_MS_MAX)
    state.upAgainAt = time.now() + downMs
    journal.note('core', `${why} for ${downMs} ms`)
    // A machine that boots may find its clock corrected by a little.
    if (random.chance(20)) {
      state.skewMs += random.integer(0 - CORRECTED_MS_MAX, CORRECTED_MS_MAX)
    }
    return downMs
  }
  const beginAgain = (dead: CoreLife): void => {
    if (state.life !== dead) return
    state.upAgainAt = time.now()
    state.life = begin()
    journal.note('core', 'begins again')
  }

  return {
    state,
    clock,
    thaw,
    isUp,
    crash(forMs?: number) {
      if (!isUp()) return
      const dead = state.life
      time.after(die('crashes', forMs), () => beginAgain(dead))
      state.wake = () => beginAgain(dead)
    },
    restore() {
      if (!isUp()) return
      const dead = state.life
      const downMs = die('is restored from a copy')
      state.wake = () => undefined
      const copyAt = time.now() - LOST_WITH_THE_COPY_MS
      time.after(downMs / 2, () => {
        void database.restore(copyAt).then((lost) => journal.note('core', `lost ${lost} commits`))
      })
      time.after(downMs, () => beginAgain(dead))
    },
  }
}
