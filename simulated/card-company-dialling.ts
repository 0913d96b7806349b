/**
 * The lines of a simulated card company to its gateways: dials, signs on, and dials again when a link has ended, with
 * pauses that grow. One line may hold several links; messages take them in turn.
 */
import {
  dialLink,
  linkLimits,
  type Dialled,
  type Link,
  type PartnerMessage,
  type Sent,
} from '../src/gateway/gateway.ts'
import type { GatewayLine, LineOutcome, OutgoingMessage } from './card-company-ports.ts'

const PAUSE_MS_MIN = 50
const PAUSE_MS_MAX = 1_000
/** Longer than any deadline of the desk, so that an answer that comes late is still seen. */
const ANSWER_WITHIN_MS = 12_000
/** What waits so long at 500 messages a second, and half again. */
const AWAITED_MAX = 9_000

export interface DialledGateway {
  readonly gateway: string
  readonly host: string
  readonly port: number
}

export interface DialledLine extends GatewayLine {
  /** What each link of the line is doing. */
  report(): LineReport
  close(): Promise<void>
}

export interface LineReport {
  readonly gateway: string
  readonly port: number
  readonly links: readonly ReturnType<Link['report']>[]
  /** Why the last link ended, or could not be opened. */
  readonly lastEnd: string | null
}

export type DiallingOptions = Omit<Dialled, 'host' | 'port' | 'handlers' | 'limits'> & {
  /** To each gateway. */
  readonly links: number
}

export function openLine(gateway: DialledGateway, options: DiallingOptions): DialledLine {
  const keepers = Array.from({ length: options.links }, () => keepLink(gateway, options))
  let turn = 0
  const openLinks = (): Link[] =>
    keepers.flatMap(({ link }) => {
      const now = link()
      return now?.phase() === 'signed_on' ? [now] : []
    })
  return {
    gateway: gateway.gateway,
    isOpen: () => openLinks().length > 0,
    async send(message) {
      const open = openLinks()
      turn += 1
      const link = open[turn % Math.max(open.length, 1)]
      if (link === undefined) return { outcome: 'not_sent' }
      return outcomeOf(message, await link.send(message, { withinMs: ANSWER_WITHIN_MS }))
    },
    report: () => ({
      gateway: gateway.gateway,
      port: gateway.port,
      links: keepers.flatMap(({ link }) => link()?.report() ?? []),
      lastEnd: keepers.map(({ lastEnd }) => lastEnd()).find((end) => end !== null) ?? null,
    }),
    async close() {
      await Promise.all(keepers.map((keeper) => keeper.close()))
    },
  }
}

function outcomeOf(message: OutgoingMessage, sent: Sent): LineOutcome {
  switch (sent.outcome) {
    case 'busy':
      return { outcome: 'not_sent' }
    case 'link_lost':
      return { outcome: 'link_lost' }
    case 'answered':
      return meaningOf(message, sent.answer.message)
    default:
      return { outcome: 'no_answer' }
  }
}

function meaningOf(message: OutgoingMessage, answer: PartnerMessage): LineOutcome {
  if (message.type === 'request') {
    return answer.type === 'answer'
      ? { outcome: 'answered', answer: answer.answer }
      : { outcome: 'no_answer' }
  }
  // A notice that is answered by anything but its acknowledgement was not taken; it is told again.
  return { outcome: answer.type === 'acknowledgement' ? 'acknowledged' : 'no_answer' }
}

interface LinkKeeper {
  link(): Link | undefined
  lastEnd(): string | null
  close(): Promise<void>
}

function keepLink(gateway: DialledGateway, options: DiallingOptions): LinkKeeper {
  let link: Link | undefined
  let lastEnd: string | null = null
  const closing = new AbortController()

  const keep = async (): Promise<void> => {
    let pauseMs = PAUSE_MS_MIN
    while (!closing.signal.aborted) {
      try {
        link = await dialOnce(gateway, options)
        pauseMs = PAUSE_MS_MIN
        if (closing.signal.aborted) await link.close()
        lastEnd = await link.ended
      } catch (error) {
        lastEnd = error instanceof Error ? error.message : String(error)
      }
      link = undefined
      await pause(pauseMs, closing.signal)
      pauseMs = Math.min(pauseMs * 2, PAUSE_MS_MAX)
    }
  }
  const kept = keep()
  return {
    link: () => link,
    lastEnd: () => lastEnd,
    async close() {
      closing.abort()
      await link?.signOff()
      await link?.close()
      await kept
    },
  }
}

async function dialOnce(
  { host, port }: DialledGateway,
  { links: _links, ...dialled }: DiallingOptions,
): Promise<Link> {
  const link: Link = await dialLink({
    ...dialled,
    host,
    port,
    limits: { awaitedMax: AWAITED_MAX, lateRememberedMax: linkLimits.lateRememberedMax },
    // A gateway that signs us off wants no more here: ask another, and dial this one anew.
    handlers: { signedOff: () => void link.close() },
  })
  return link
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}
