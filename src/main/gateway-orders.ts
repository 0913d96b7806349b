/**
 * Operators' orders to the gateways of this machine: recorded, then told to each at its control door, then recorded
 * with what each answered. Whoever was killed in between left an order without results.
 */
import { Type } from 'typebox'
import { Check } from 'typebox/value'
import { assert, OPERATOR, type Clock, type IdSource } from '../base/base.ts'
import type { GatewayOrder, GatewayOrders, GatewayReport } from '../http/http.ts'
import {
  newRecord,
  type GatewayOrderBody,
  type GatewayOrderResult,
  type Registry,
} from '../registration/registration.ts'
import { knownGateways, readGatewayReports } from './gateway-reports.ts'
import type { RunningGateway } from './running.ts'

const TIMEOUT_MS = 5_000
const SAID_LENGTH_MAX = 200
const refusalSchema = Type.Object({ problem: Type.String() })

export interface GatewayOrderDeps {
  readonly dataDirectory: string
  /** What a control door wants to see. */
  readonly token: string
  readonly registry: Pick<Registry, 'append'>
  readonly ids: IdSource
  readonly clock: Clock
}

/** How the gateways are, and what they may be told. */
export function openGatewayDesk(deps: GatewayOrderDeps): {
  readonly gateways: () => Promise<readonly GatewayReport[]>
  readonly gatewayOrders: GatewayOrders
} {
  const { dataDirectory, token } = deps
  return {
    gateways: () => readGatewayReports(dataDirectory, token),
    gatewayOrders: createGatewayOrders(deps),
  }
}

export function createGatewayOrders(deps: GatewayOrderDeps): GatewayOrders {
  return {
    async names() {
      return (await knownGateways(deps.dataDirectory)).map(({ name }) => name)
    },
    async give(order) {
      const known = await knownGateways(deps.dataDirectory)
      const wanted = known.filter(({ name }) => order.gateways.includes(name))
      const recordId = deps.ids.next('cas')
      const body = { ...order, at: deps.clock(), results: [] }
      await record(deps, { recordId, version: 1, body })
      const results = await Promise.all(wanted.map((gateway) => tell(gateway, order, deps.token)))
      await record(deps, { recordId, version: 2, body: { ...body, results } })
      return results
    },
  }
}

async function record(
  { registry, clock }: GatewayOrderDeps,
  written: { recordId: number; version: number; body: GatewayOrderBody },
): Promise<void> {
  const one = newRecord('gateway_order', written)
  const { status } = await registry.append(OPERATOR, written.body.by, [one], clock())
  assert(status === 'appended', 'nobody else writes this order')
}

async function tell(
  { name: gateway, controlUrl }: RunningGateway,
  { action, mode, partner, issuer, by, reason }: GatewayOrder,
  token: string,
): Promise<GatewayOrderResult> {
  const path = action === 'standin' ? '/standin' : `/links/${partner}/${action.replace('_', '-')}`
  const said =
    action === 'standin'
      ? {
          mode,
          ...(partner === null ? {} : { partner }),
          ...(issuer === null ? {} : { issuer }),
        }
      : {}
  try {
    const answer = await fetch(`${controlUrl}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ ...said, by, reason }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (answer.ok) return { gateway, outcome: 'done', said: null }
    const body: unknown = await answer.json()
    const problem = Check(refusalSchema, body) ? body.problem : `status ${answer.status}`
    return { gateway, outcome: 'refused', said: problem.slice(0, SAID_LENGTH_MAX) }
  } catch {
    // Away, or it answered too late: it may have taken the order.
    return { gateway, outcome: 'no_answer', said: null }
  }
}
