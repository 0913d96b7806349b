/** The links of one gateway process: a listener for each partner, all before one desk. */
import type { Clock } from '../base/base.ts'
import type { Metrics } from '../observe/observe.ts'
import type { EdgeDesk } from '../standin/standin.ts'
import type { TlsMaterial } from './dial.ts'
import { linkLimits, type LinkLimits } from './link-limits.ts'
import type { LinkLog } from './link-state.ts'
import type { LinkReport } from './link.ts'
import { openListener, type Listener, type PartnerLine } from './listener.ts'

export interface GatewayOptions {
  readonly partners: readonly PartnerLine[]
  readonly tls: TlsMaterial
  readonly desk: Pick<EdgeDesk, 'answer' | 'take'>
  readonly clock: Clock
  readonly log: LinkLog
  readonly metrics?: Pick<Metrics, 'paymentAnswered' | 'gauge'>
  /** This machine only where absent. */
  readonly host?: string
  readonly limits?: Partial<LinkLimits>
}

export interface PartnerReport {
  readonly partner: string
  readonly port: number
  /** By an operator: the partner may not sign on. */
  readonly signedOff: boolean
  readonly links: readonly LinkReport[]
  /** Connections that never became a link, by reason. */
  readonly refused: Readonly<Record<string, number>>
}

export interface Gateway {
  report(): readonly PartnerReport[]
  /** False for a partner that is not served here. */
  signOff(partner: string): Promise<boolean>
  /** The partner may sign on again; it does so by itself. */
  allowSignOn(partner: string): boolean
  /** Changes the MAC key of each link of the partner; how many changed, or `undefined` for an unknown one. */
  changeKeys(partner: string): Promise<number | undefined>
  close(): Promise<void>
}

const LOOPBACK = '127.0.0.1'

export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { partners, tls, desk, clock, log, metrics, host = LOOPBACK } = options
  const limits = { ...linkLimits, ...options.limits }
  const opened = await Promise.allSettled(
    partners.map((line) =>
      openListener({
        line,
        tls,
        host,
        limits,
        clock,
        log,
        handlers: {
          async request(request) {
            const answer = await desk.answer(request)
            const outcome = answer.reason ?? answer.verdict
            metrics?.paymentAnswered({ channel: 'card', outcome })
            return answer
          },
          notice: (notice) => desk.take(notice),
        },
      }),
    ),
  )
  const listeners = opened.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const close = async () => {
    await Promise.all(listeners.map((listener) => listener.close()))
  }
  const failed = opened.find((one) => one.status === 'rejected')
  if (failed !== undefined) {
    await close()
    throw failed.reason
  }
  if (metrics !== undefined) measureLinks(metrics, listeners)
  const named = (partner: string) => listeners.find(({ code }) => code === partner)
  return {
    report: () => listeners.map(reportOf),
    async signOff(partner) {
      await named(partner)?.hold()
      return named(partner) !== undefined
    },
    allowSignOn(partner) {
      named(partner)?.release()
      return named(partner) !== undefined
    },
    async changeKeys(partner) {
      const changed = await Promise.all(
        named(partner)
          ?.links()
          .map((link) => link.changeKey()) ?? [],
      )
      return named(partner) === undefined ? undefined : changed.filter(Boolean).length
    },
    close,
  }
}

function reportOf(listener: Listener): PartnerReport {
  return {
    partner: listener.code,
    port: listener.port,
    signedOff: listener.isHeld(),
    links: listener.links().map((link) => link.report()),
    refused: listener.refused(),
  }
}

function measureLinks(metrics: Pick<Metrics, 'gauge'>, listeners: readonly Listener[]): void {
  const links = () => listeners.flatMap((listener) => listener.links())
  metrics.gauge('dure_gateway_links', 'Links of partners that are signed on', () => {
    return links().filter((link) => link.phase() === 'signed_on').length
  })
  metrics.gauge('dure_gateway_in_flight', 'Card messages being worked on, all links', () => {
    return links().reduce((sum, link) => sum + link.report().inFlight, 0)
  })
}
