/**
 * How everything stands, for operators. Many pages may ask, and cost the database no more than one: what is cheap is
 * remembered for a second, what reads through cases and runs for some.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { Fault, type Clock, type Instant, type IssuerId } from '../base/base.ts'
import type { IssuerStatus, StatusDesk } from '../http/http.ts'
import { createStatusReader, type PostgresPool, type StatusReader } from '../postgres/postgres.ts'
import { readAuditVerdict } from './audit-verdict.ts'
import { programVersion } from './program-version.ts'

const CHEAP_MS = 1_000
const COSTLY_MS = 5_000
/** A database that takes longer is one that nobody can work with. */
const ANSWER_TIMEOUT_MS = 2_000

export interface StatusOptions {
  readonly pools: Readonly<Record<string, Pick<PostgresPool, 'usage'>>>
  readonly reader: StatusReader
  readonly dataDirectory: string
  readonly clock: Clock
}

/** @param given.pool of its own, so that looking works while all others are busy */
export function openStatus(given: {
  readonly pools: StatusOptions['pools'] & { readonly watching: PostgresPool }
  readonly dataDirectory: string
  readonly clock: Clock
}): StatusDesk {
  return createStatusDesk({ ...given, reader: createStatusReader(given.pools.watching) })
}

export function createStatusDesk({
  pools,
  reader,
  dataDirectory,
  clock,
}: StatusOptions): StatusDesk {
  const core = { version: programVersion, startedAt: clock() }
  const cheap = remembered({ forMs: CHEAP_MS, clock }, () =>
    orSilent(Promise.all([reader.server(), reader.seals(), reader.failedJobs()])),
  )
  const costly = remembered({ forMs: COSTLY_MS, clock }, () =>
    orSilent(Promise.all([reader.cases(clock()), reader.fundDays(), reader.runs()])),
  )
  const verdict = remembered({ forMs: CHEAP_MS, clock }, () => readAuditVerdict(dataDirectory))
  return {
    async status() {
      const [now, some, audit] = await Promise.all([cheap(), costly(), verdict()])
      const of = now && some && figuresOf(now, some)
      return {
        core,
        server: now?.[0] ?? null,
        pools: Object.values(pools).map((pool) => pool.usage()),
        audit,
        of: (issuerId) => of?.(issuerId),
      }
    },
  }
}

type Read<Name extends keyof StatusReader> = Awaited<ReturnType<StatusReader[Name]>>

function figuresOf(
  [, seals, failed]: readonly [unknown, Read<'seals'>, Read<'failedJobs'>],
  [cases, fundDays, runs]: readonly [Read<'cases'>, Read<'fundDays'>, Read<'runs'>],
): (issuerId: IssuerId) => IssuerStatus {
  return (issuerId) => {
    const seal = seals.get(issuerId)
    return {
      seal: seal?.newest ?? null,
      unsealedSince: seal?.unsealedSince ?? null,
      ...(cases.get(issuerId) ?? { openCases: 0, lateCases: 0 }),
      fundDay: fundDays.get(issuerId) ?? null,
      settlementRun: runs.get(issuerId) ?? null,
      failedJobs: failed.get(issuerId) ?? 0,
    }
  }
}

/** `undefined` where the database did not answer, or not in time. */
async function orSilent<Answer>(reading: Promise<Answer>): Promise<Answer | undefined> {
  const timer = new AbortController()
  const late = delay(ANSWER_TIMEOUT_MS, undefined, { signal: timer.signal }).catch(() => undefined)
  try {
    return await Promise.race([reading, late])
  } catch (error) {
    if (error instanceof Fault) return undefined
    throw error
  } finally {
    timer.abort()
  }
}

/** Whoever asks while an answer is under way, or soon after, gets the same one. */
function remembered<Answer>(
  { forMs, clock }: { readonly forMs: number; readonly clock: Clock },
  read: () => Promise<Answer>,
): () => Promise<Answer> {
  let last: { readonly at: Instant; readonly answer: Promise<Answer> } | undefined
  return () => {
    const now = clock()
    if (last === undefined || now < last.at || now >= last.at + forMs) {
      last = { at: now, answer: read() }
    }
    return last.answer
  }
}
