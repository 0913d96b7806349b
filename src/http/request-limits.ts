/** How often one may ask. The limits are held in this process, and can be set or lifted as a whole. */
import { fastifyRateLimit } from '@fastify/rate-limit'
import type { FastifyRequest } from 'fastify'
import { MINUTE_MS, type Clock } from '../base/base.ts'
import { createBoundedCache } from './bounded-cache.ts'
import type { App, GuessLimit } from './door.ts'
import { tooManyRequests } from './refusals.ts'

/** Each within one minute. */
export interface RequestLimits {
  /**
   * Requests without a valid session by one network address. High, because a mobile carrier puts some thousand
   * telephones behind one address.
   */
  readonly openByAddress: number
  /** Requests of one person, over all devices. */
  readonly byPerson: number
  /**
   * Wrong consumer codes of one clerk: see src/qr/consumer-code.ts for what ten of them make of guessing. As many wrong
   * link codes of one person: how long a code is, is the card company's choice.
   */
  readonly wrongCodes: number
}

export const requestLimits: RequestLimits = {
  openByAddress: 1200,
  byPerson: 600,
  wrongCodes: 10,
}

/** For benches only: a limit no run can reach. */
export const limitsLifted: RequestLimits = {
  openByAddress: Number.MAX_SAFE_INTEGER,
  byPerson: Number.MAX_SAFE_INTEGER,
  wrongCodes: Number.MAX_SAFE_INTEGER,
}

/** Addresses, and persons, counted at one time; the least recently seen goes first. */
const COUNTED_MAX = 100_000

export interface RequestCounts {
  /** @throws HttpProblem 429 */
  countOpen(request: FastifyRequest): Promise<void>
  /** @throws HttpProblem 429 */
  countPerson(request: FastifyRequest): Promise<void>
}

/** Counts in fixed windows of a minute. */
export async function countRequests(app: App, limits: RequestLimits): Promise<RequestCounts> {
  await app.register(fastifyRateLimit, { global: false })
  const shared = { timeWindow: MINUTE_MS, cache: COUNTED_MAX }
  const byAddress = app.createRateLimit({ ...shared, max: limits.openByAddress })
  const byPerson = app.createRateLimit({
    ...shared,
    max: limits.byPerson,
    keyGenerator: (request) => request.session?.personId ?? '',
  })
  const count = async (limit: typeof byAddress, request: FastifyRequest): Promise<void> => {
    const counted = await limit(request)
    if (!counted.isAllowed && counted.isExceeded) throw tooManyRequests(counted.ttlInSeconds)
  }
  return {
    countOpen: (request) => count(byAddress, request),
    countPerson: (request) => count(byPerson, request),
  }
}

/** @param wrongMax wrong codes of one who guesses within a minute */
export function createGuessLimit(options: {
  readonly wrongMax: number
  readonly clock: Clock
}): GuessLimit {
  const { wrongMax, clock } = options
  const windows = createBoundedCache<{ readonly startedAt: number; wrong: number }>(COUNTED_MAX)
  return {
    begin(guesser) {
      const now = clock()
      const known = windows.get(guesser)
      const isOver = known === undefined || now - known.startedAt >= MINUTE_MS
      const current = isOver ? { startedAt: now, wrong: 0 } : known
      if (current.wrong >= wrongMax) {
        throw tooManyRequests(Math.ceil((current.startedAt + MINUTE_MS - now) / 1000))
      }
      current.wrong += 1
      windows.set(guesser, current)
      return {
        forgive() {
          current.wrong -= 1
        },
      }
    },
  }
}
