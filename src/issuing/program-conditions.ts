/**
 * What an issuer has said about a program beside its terms: that it stopped for a while, and that it ends. Terms that
 * were decided long before, and take effect later, do not undo either.
 */
import { DAY_MS, startOfBusinessDate, type BusinessDate, type Instant } from '../base/base.ts'
import { termsAt, type ProgramTerms } from './program-terms.ts'

/** From an instant until the next one. */
export interface ProgramStop {
  readonly from: Instant
  readonly saleStopped: boolean
  readonly paymentStopped: boolean
  readonly reason: string
}

/** The end of a program (폐지): 지역사랑상품권법 §5, 시행령 §2. */
export interface Abolition {
  readonly announcedAt: Instant
  /** The first instant at which nothing is sold any more. */
  readonly saleEndsAt: Instant
  /** The last Korean day of paying. */
  readonly lastDay: BusinessDate
  readonly reason: string
}

export interface ProgramConditions {
  /** In the order of time. */
  readonly stops: readonly ProgramStop[]
  readonly abolition: Abolition | null
}

/** The stop in force; `undefined` where nothing is stopped. */
export function stopAt({ stops }: ProgramConditions, at: Instant): ProgramStop | undefined {
  const last = stops.findLast((stop) => stop.from <= at)
  return last !== undefined && (last.saleStopped || last.paymentStopped) ? last : undefined
}

/** The first instant at which nothing is paid any more. */
export function paymentsEndAt({ lastDay }: Pick<Abolition, 'lastDay'>): Instant {
  return startOfBusinessDate(lastDay) + DAY_MS
}

/**
 * The terms as they take effect under the program's stops and its end: one for each instant at which anything changes.
 * Without any conditions the terms as they were written.
 */
export function termsUnder(
  written: readonly ProgramTerms[],
  conditions: ProgramConditions,
): readonly ProgramTerms[] {
  const { stops, abolition } = conditions
  if (stops.length === 0 && abolition === null) return written
  const changes = new Set([
    ...written.map(({ effectiveFrom }) => effectiveFrom),
    ...stops.map(({ from }) => from),
    ...(abolition === null ? [] : [abolition.saleEndsAt, paymentsEndAt(abolition)]),
  ])
  return [...changes]
    .toSorted((a, b) => a - b)
    .flatMap((at) => {
      const terms = termsAt(written, at)
      return terms === undefined ? [] : [conditionedAt(terms, conditions, at)]
    })
}

function conditionedAt(
  terms: ProgramTerms,
  conditions: ProgramConditions,
  at: Instant,
): ProgramTerms {
  const stop = stopAt(conditions, at)
  const { abolition } = conditions
  const saleEnded = abolition !== null && at >= abolition.saleEndsAt
  const paymentsEnded = abolition !== null && at >= paymentsEndAt(abolition)
  return {
    ...terms,
    effectiveFrom: at,
    saleSuspended: terms.saleSuspended || saleEnded || stop?.saleStopped === true,
    paymentSuspended: terms.paymentSuspended || paymentsEnded || stop?.paymentStopped === true,
    // What members were told was about the version's own beginning.
    adverseAnnouncedAt: at === terms.effectiveFrom ? terms.adverseAnnouncedAt : null,
  }
}
