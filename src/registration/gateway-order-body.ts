/** The shape of operators' orders to card gateways: written before they are sent, and again with what came of each. */
import type { Instant } from '../base/base.ts'
import { integer, list, nullable, oneOf, shape, text, type Reader } from './record-shape.ts'

export const gatewayActions = ['standin', 'sign_off', 'sign_on'] as const
/** `no_answer`: nobody knows whether it was taken; the gateway's own status says. */
export const gatewayOutcomes = ['done', 'refused', 'no_answer'] as const

export interface GatewayOrderResult {
  readonly gateway: string
  readonly outcome: (typeof gatewayOutcomes)[number]
  /** What the gateway said against it. */
  readonly said: string | null
}

/** A record of the operator's. */
export interface GatewayOrderBody {
  readonly gateways: readonly string[]
  readonly action: (typeof gatewayActions)[number]
  /** Of stand-in: forced, forbidden or automatic. */
  readonly mode: string | null
  /** By code; null: all. */
  readonly partner: string | null
  readonly issuer: string | null
  readonly by: string
  readonly at: Instant
  readonly reason: string
  /** Empty until they are known. */
  readonly results: readonly GatewayOrderResult[]
}

export const gatewayOrderReader: Reader<GatewayOrderBody> = shape<GatewayOrderBody>({
  gateways: list(text),
  action: oneOf(gatewayActions),
  mode: nullable(text),
  partner: nullable(text),
  issuer: nullable(text),
  by: text,
  at: integer,
  reason: text,
  results: list(
    shape<GatewayOrderResult>({
      gateway: text,
      outcome: oneOf(gatewayOutcomes),
      said: nullable(text),
    }),
  ),
})
