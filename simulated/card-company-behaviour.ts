/** How a simulated card company behaves, and how it is told to behave otherwise. */
import { Type, type Static } from 'typebox'
import { fallbacks, type Fallback } from './card-company-decision.ts'

const CLOCK_SKEW_MS_MAX = 86_400_000
const DEADLINE_MS_MAX = 60_000

export const BehaviourRequest = Type.Object(
  {
    /** What decides where nobody can know. */
    fallback: Type.Optional(Type.Enum([...fallbacks])),
    /** Sends every message twice, the second as a repeat. */
    repeatEverything: Type.Optional(Type.Boolean()),
    /** Gives up at once and sends the reversal before the original. */
    reversalFirst: Type.Optional(Type.Boolean()),
    /** Added to the time of every terminal. */
    clockSkewMs: Type.Optional(
      Type.Integer({ minimum: -CLOCK_SKEW_MS_MAX, maximum: CLOCK_SKEW_MS_MAX }),
    ),
    /** After so long the company decides without an answer. */
    deadlineMs: Type.Optional(Type.Integer({ minimum: 1, maximum: DEADLINE_MS_MAX })),
    /** Among gateways that are signed on: in turn, or the first of the list that can be used. */
    choice: Type.Optional(Type.Enum(['round_robin', 'primary_standby'])),
  },
  { additionalProperties: false },
)
export type BehaviourRequest = Static<typeof BehaviourRequest>

export interface CompanyBehaviour {
  readonly fallback: Fallback
  readonly repeatEverything: boolean
  readonly reversalFirst: boolean
  readonly clockSkewMs: number
  readonly deadlineMs: number
  readonly choice: 'round_robin' | 'primary_standby'
}

export const usualBehaviour: CompanyBehaviour = {
  fallback: 'by_choice',
  repeatEverything: false,
  reversalFirst: false,
  clockSkewMs: 0,
  deadlineMs: 3_000,
  choice: 'round_robin',
}

export interface BehaviourSwitch {
  current(): CompanyBehaviour
  /** What a request leaves out is as it was at the start. */
  set(request: BehaviourRequest): CompanyBehaviour
}

export function createBehaviourSwitch(atStart: CompanyBehaviour = usualBehaviour): BehaviourSwitch {
  let current = atStart
  return {
    current: () => current,
    set(request) {
      current = { ...atStart, ...request }
      return current
    },
  }
}
