/**
 * How the simulated bank misbehaves, and for which requests. Shares are met by counting, not by chance,
 * so that a run can be repeated.
 */
import type { Instant } from '../src/base/base.ts'
import { Type, type Static } from 'typebox'

export const bankOperations = ['debit', 'refund', 'enquiry', 'virtual_account'] as const
export type BankOperation = (typeof bankOperations)[number]

/**
 * - `slow`: answers after `delayMs`; `booked: false` books only after the wait, which is how a request
 *   that everybody gave up on still takes money.
 * - `pending`: takes a debit undecided, says so, and decides it `delayMs` later.
 * - `fail`: 500 before anything is booked, and without saying so.
 * - `unavailable`: 503 that says that nothing was booked.
 * - `lose_answer`: books, then cuts the connection.
 * - `never_answer`: takes the request and stays silent; `booked` tells whether money moved.
 * - `answer_twice`: books once, answers, writes the same response again to the connection `delayMs`
 *   later, and posts the answer to the request's `callbackUrl`.
 */
export const behaviourModes = [
  'normal',
  'slow',
  'pending',
  'fail',
  'unavailable',
  'lose_answer',
  'never_answer',
  'answer_twice',
] as const
export type BehaviourMode = (typeof behaviourModes)[number]

export const DELAY_MS_MAX = 600_000

export const BehaviourRequest = Type.Object(
  {
    mode: Type.Enum([...behaviourModes]),
    delayMs: Type.Optional(Type.Integer({ minimum: 0, maximum: DELAY_MS_MAX })),
    booked: Type.Optional(Type.Boolean()),
    /** The part of requests that meet the misbehaviour, 0–1, to a thousandth. */
    share: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    /** Which requests can meet it; debits and refunds where absent. */
    on: Type.Optional(Type.Array(Type.Enum([...bankOperations]), { minItems: 1, maxItems: 4 })),
    /** Back to normal after this long. */
    forMs: Type.Optional(Type.Integer({ minimum: 1, maximum: 86_400_000 })),
    /** Back to normal after this many misbehaviours. */
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  { additionalProperties: false },
)
export type BehaviourRequest = Static<typeof BehaviourRequest>

/** What one request meets. */
export interface Conduct {
  readonly mode: BehaviourMode
  readonly delayMs: number
  readonly booked: boolean
}

const normal: Conduct = { mode: 'normal', delayMs: 0, booked: true }

export interface Behaviour {
  set(request: BehaviourRequest, now: Instant): void
  /** The behaviour in force, with what is left of its count. */
  current(now: Instant): BehaviourRequest
  /** Counts one request and says what it meets. */
  meet(operation: BankOperation, now: Instant): Conduct
}

export function createBehaviour(): Behaviour {
  let request: BehaviourRequest = { mode: 'normal' }
  let endsAt = Infinity
  let seen = 0
  let misbehaved = 0

  const ended = (now: Instant): boolean =>
    request.mode === 'normal' || now >= endsAt || misbehaved >= (request.count ?? Infinity)

  return {
    set(next, now) {
      request = next
      endsAt = next.forMs === undefined ? Infinity : now + next.forMs
      seen = 0
      misbehaved = 0
    },
    current(now) {
      if (ended(now)) return { mode: 'normal' }
      const left = request.count === undefined ? {} : { count: request.count - misbehaved }
      return { ...request, ...left }
    },
    meet(operation, now) {
      const operations = request.on ?? ['debit', 'refund']
      if (ended(now) || !operations.includes(operation)) return normal
      // Request n meets it where n × share passes the next whole number: evenly spread, no chance.
      const permille = Math.round((request.share ?? 1) * 1000)
      seen += 1
      const met = Math.floor((seen * permille) / 1000) > Math.floor(((seen - 1) * permille) / 1000)
      if (!met) return normal
      misbehaved += 1
      return {
        mode: request.mode,
        delayMs: request.delayMs ?? 0,
        booked: request.booked ?? true,
      }
    },
  }
}
