/**
 * A call that moves money, once. Its key is made and stored on the device before the first attempt; a lost answer is
 * looked up by the key and never guessed. Tapping twice, a dead network, a killed core or a closed app all end in one
 * answer: done, refused, or "it did not happen".
 */
import { del, entries, get, set } from 'idb-keyval'
import { storeOf, type AppName } from './device-key.ts'
import { currentLanguage } from './language.ts'
import { ApiProblem, neverArrived, notKept, problemOf } from './problem.ts'
import { serverNow } from './server-clock.ts'
import type { SessionHolder } from './session.ts'

/** What is to be asked. Kept on the device until it has ended. */
export interface MoneyCall {
  /** The Idempotency-Key: names this one operation for ever. */
  readonly key: string
  /** Such as `payment`; for the list of what is unfinished. */
  readonly kind: string
  readonly path: string
  readonly body: unknown
  /** Where it can be asked what became of it, by GET. Absent: the call itself is repeated, which is as safe. */
  readonly lookup?: string
  /** For the reader: what this is about, such as the shop, and how much. */
  readonly about: { readonly name: string; readonly amountWon: number }
  /** When it was sent, the last time where it was repeated; by the server's clock. */
  readonly startedAt: number
  /** Who was signed in when it was sent: another person at this device is not told of it. */
  readonly personId?: string
}

export type MoneyState<Answer> =
  | { readonly state: 'sending' }
  /** It is under way, as the server said: a bank has not spoken yet, for instance. */
  | { readonly state: 'pending'; readonly answer: Answer }
  /** No answer came. Money may have moved; it is being looked up. */
  | { readonly state: 'unknown'; readonly attempts: number }
  | { readonly state: 'done'; readonly answer: Answer }
  /** Nothing was moved. */
  | { readonly state: 'refused'; readonly problem: ApiProblem }

export interface MoneyCallOptions<Answer> {
  readonly call: MoneyCall
  /** Further headers of the write, such as Payment-Confirmation. Not stored. */
  readonly headers?: Readonly<Record<string, string>>
  readonly onState: (state: MoneyState<Answer>) => void
  /** Whether a good answer says that it is still under way. */
  readonly isPending?: (answer: Answer, status: number) => boolean
  /** Ends the waiting, not the operation. */
  readonly signal?: AbortSignal
}

/** A request that was sent can arrive at the server no later than this. */
export const ARRIVAL_MAX_MS = 60_000
const ASK_AGAIN_MS = 1_500
/** What nobody can look up is told again by itself for so long; who wanted it then may not want it any more. */
export const REPEATED_UNASKED_MS = 10 * 60_000
const KEPT = 'unfinished:'
/** In the tab's own memory, which lives as long as its way back: keys that it has sent. */
const BEGUN = 'dure.begun'
const BEGUN_MAX = 50

/** Makes a call with a new key. */
export function moneyCall(given: Omit<MoneyCall, 'key' | 'startedAt'>): MoneyCall {
  return { ...given, key: crypto.randomUUID(), startedAt: serverNow() }
}

/** Sends a new call, and stays with it until it has ended or `signal` says to leave it. */
export async function runMoneyCall<Answer>(
  session: SessionHolder,
  options: MoneyCallOptions<Answer>,
): Promise<void> {
  const { call, onState } = options
  onState({ state: 'sending' })
  rememberBegun(call.key)
  // Whose end could not be found again is not begun.
  if (!(await keep(session, call))) {
    return onState({ state: 'refused', problem: notKept(currentLanguage()) })
  }
  const first = await post(session, options)
  await follow(session, options, first, { isFirst: true, mayRepeat: true })
}

/** Looks up what became of an unfinished call; never sends it again. */
export async function resumeMoneyCall<Answer>(
  session: SessionHolder,
  options: MoneyCallOptions<Answer>,
): Promise<void> {
  const { onState } = options
  onState({ state: 'unknown', attempts: 0 })
  const call = await asLastSent(session, options.call)
  const known = { ...options, call }
  await follow(session, known, await lookUp(session, known), {
    isFirst: false,
    mayRepeat: call.lookup === undefined,
  })
}

/** False where the device takes nothing. */
async function keep(session: SessionHolder, call: MoneyCall): Promise<boolean> {
  const personId = session.current()?.personId
  const kept = personId === undefined ? call : { ...call, personId }
  return set(KEPT + call.key, kept, storeOf(session.app)).then(
    () => true,
    () => false,
  )
}

/** An earlier life may have sent it again later than it began it. */
async function asLastSent(session: SessionHolder, call: MoneyCall): Promise<MoneyCall> {
  const name = KEPT + call.key
  const kept = await get<MoneyCall>(name, storeOf(session.app)).catch(() => undefined)
  return { ...call, startedAt: Math.max(call.startedAt, kept?.startedAt ?? 0) }
}

/** Calls of this app whose end is not known to the device, the oldest first; of one person where one is named. */
export async function unfinishedCalls(app: AppName, personId?: string): Promise<MoneyCall[]> {
  const all = await entries<string, MoneyCall>(storeOf(app))
  return all
    .filter(([name]) => name.startsWith(KEPT))
    .map(([, call]) => call)
    .filter((call) => personId === undefined || (call.personId ?? personId) === personId)
    .toSorted((one, other) => one.startedAt - other.startedAt)
}

/** Whether this tab has sent a call of the key: whoever comes back to where it was made is not offered it again. */
export function wasBegun(key: string): boolean {
  return begunKeys().includes(key)
}

function rememberBegun(key: string): void {
  sessionStorage.setItem(BEGUN, [...begunKeys(), key].slice(-BEGUN_MAX).join(' '))
}

function begunKeys(): string[] {
  return (sessionStorage.getItem(BEGUN) ?? '').split(' ')
}

/** Whether only the person can say if it is to be sent once more: it cannot be looked up, and is no longer fresh. */
export function isOld({ lookup, startedAt }: MoneyCall): boolean {
  return lookup === undefined && serverNow() - startedAt > REPEATED_UNASKED_MS
}

/** Told by the person: it is neither looked up nor sent any more. */
export function forgetCall(session: SessionHolder, { key }: MoneyCall): Promise<void> {
  return del(KEPT + key, storeOf(session.app))
}

type Way = 'call' | 'lookup'
type Seen<Answer> =
  | { readonly seen: 'answer'; readonly answer: Answer; readonly status: number }
  | { readonly seen: 'problem'; readonly problem: ApiProblem; readonly by: Way }

/** Refusals that say nothing of an operation that was sent before: who asks, and how often. */
const SAYS_NOTHING = new Set([401, 403, 429])

async function follow<Answer>(
  session: SessionHolder,
  options: MoneyCallOptions<Answer>,
  first: Seen<Answer>,
  { isFirst, mayRepeat }: { isFirst: boolean; mayRepeat: boolean },
): Promise<void> {
  const { call, onState, signal } = options
  let seen = first
  let unansweredSince = call.startedAt
  for (let attempts = 1; signal?.aborted !== true; attempts += 1) {
    const isOnly = isFirst && attempts === 1
    const mayStillArrive = serverNow() - unansweredSince < ARRIVAL_MAX_MS
    const next = stateAfter(options, seen, { mayRepeat, mayStillArrive, attempts, isOnly })
    if (next !== 'ask_again') {
      onState(next)
      if (next.state === 'done' || next.state === 'refused') {
        await del(KEPT + call.key, storeOf(session.app))
        return
      }
      await pause(ASK_AGAIN_MS, signal)
    }
    const askedAt = serverNow()
    // Kept with its new time first: until when it may arrive counts from there.
    const mayPost = next === 'ask_again' && (await keep(session, { ...call, startedAt: askedAt }))
    seen = await (mayPost ? post(session, options) : lookUp(session, options))
    if (isUnanswered(seen)) unansweredSince = askedAt
  }
}

/** Sent, and nobody knows whether it has arrived or still will. */
function isUnanswered(seen: Seen<unknown>): boolean {
  return seen.seen === 'problem' && seen.by === 'call' && seen.problem.mayHaveHappened
}

/** What is known now; `ask_again`: the server knows nothing of the key, so the same call is sent once more. */
function stateAfter<Answer>(
  { call, isPending }: MoneyCallOptions<Answer>,
  seen: Seen<Answer>,
  at: {
    readonly mayRepeat: boolean
    readonly mayStillArrive: boolean
    readonly attempts: number
    /** Nothing was sent before what has been answered. */
    readonly isOnly: boolean
  },
): MoneyState<Answer> | 'ask_again' {
  if (seen.seen === 'answer') {
    const { answer, status } = seen
    const state = isPending?.(answer, status) === true ? 'pending' : 'done'
    return { state, answer }
  }
  const { problem, by } = seen
  const unknown = { state: 'unknown', attempts: at.attempts } as const
  const { mayStillArrive } = at
  if (problem.mayHaveHappened) return unknown
  if (SAYS_NOTHING.has(problem.status) && !at.isOnly) {
    // A repeat that may not be made, for want of a confirmation for instance, ends when no earlier one can arrive.
    return by === 'call' && problem.status === 403 && !mayStillArrive
      ? { state: 'refused', problem }
      : unknown
  }
  // Another tab has sent something else under the key: what that came to is what is to be told.
  if (problem.code === KEY_REUSED && call.lookup !== undefined && mayStillArrive) return unknown
  if (by === 'call' || problem.status !== 404) return { state: 'refused', problem }
  if (at.mayRepeat) return 'ask_again'
  return mayStillArrive ? unknown : { state: 'refused', problem: neverArrived(currentLanguage()) }
}

const KEY_REUSED = 'key_reused'

/** Not ended by the signal: whoever leaves the screen does not leave it open whether it was sent. */
function post<Answer>(
  session: SessionHolder,
  { call, headers }: MoneyCallOptions<Answer>,
): Promise<Seen<Answer>> {
  return ask(session, {
    by: 'call',
    path: call.path,
    init: {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': call.key, ...headers },
      body: JSON.stringify(call.body),
    },
  })
}

function lookUp<Answer>(
  session: SessionHolder,
  options: MoneyCallOptions<Answer>,
): Promise<Seen<Answer>> {
  const { call, signal } = options
  if (call.lookup === undefined) return post(session, options)
  const init = signal === undefined ? {} : { signal }
  return ask(session, { by: 'lookup', path: call.lookup, init })
}

async function ask<Answer>(
  session: SessionHolder,
  { by, path, init }: { by: Way; path: string; init: RequestInit },
): Promise<Seen<Answer>> {
  try {
    const response = await session.fetch(new Request(new URL(path, location.origin), init))
    const body: unknown = await response.json().catch(() => undefined)
    if (response.ok && body !== undefined) {
      return { seen: 'answer', answer: body as Answer, status: response.status } // As the description says.
    }
    return { seen: 'problem', by, problem: problemOf(response.status, body, currentLanguage()) }
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : problemOf(0, undefined, currentLanguage())
    return { seen: 'problem', by, problem }
  }
}

function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true })
  })
}
