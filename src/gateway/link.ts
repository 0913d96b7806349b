/**
 * One connection to a partner, the same from either end: many messages at a time, matched by key; both sides ask
 * when the link is silent whether it lives; whatever takes too long, or is too much, ends it with a reason.
 */
import type { Instant } from '../base/base.ts'
import type { Sent } from './awaited-answers.ts'
import type { LinkEnd } from './link-end.ts'
import { takeBytes } from './link-intake.ts'
import { changeKey, echo, signOff, signOn } from './link-network.ts'
import {
  createLinkState,
  sendOn,
  type LinkCounts,
  type LinkOptions,
  type LinkPhase,
  type LinkState,
} from './link-state.ts'
import type { PartnerMessage } from './partner-adapter.ts'

export interface Link {
  /** Resolves with the reason when the link has ended; never rejects. */
  readonly ended: Promise<LinkEnd>
  phase(): LinkPhase
  report(): LinkReport
  send(message: PartnerMessage, given: { readonly withinMs: number }): Promise<Sent>
  /** Of the side that dials. `undefined` once it is signed on; else the link has ended. */
  signOn(): Promise<LinkEnd | undefined>
  signOff(): Promise<void>
  echo(): Promise<void>
  /** Whether both sides use a new MAC key now. */
  changeKey(): Promise<boolean>
  /** Ends the link once all that was asked on it, from either side, was answered, or `drainMs` went by. */
  close(): Promise<void>
}

export interface LinkReport {
  readonly partner: string
  readonly peer: string
  readonly phase: LinkPhase
  readonly connectedAt: Instant
  /** Requests and notices of the other side being worked on. */
  readonly inFlight: number
  /** Messages of our own that wait for an answer. */
  readonly awaited: number
  readonly silentMs: number
  readonly lastEchoAt: Instant | null
  /** `null`: still the key agreed beforehand. */
  readonly keyChangedAt: Instant | null
  readonly counts: Readonly<LinkCounts>
}

/** How often a link looks at its own clocks; its time limits are kept to within this. */
const WATCH_EVERY_MS = 100

export function createLink(options: LinkOptions): Link {
  const link = createLinkState(options)
  const { stream, partner, peer, limits } = options
  stream.on('data', (chunk: Uint8Array) => takeBytes(link, chunk))
  stream.on('error', (error) => link.end('connection_failed', { error: error.message }))
  stream.on('close', () => {
    link.end(link.deframer.isWithin() ? 'cut_within_message' : 'closed_by_peer')
  })
  const watch = setInterval(() => watchClocks(link), WATCH_EVERY_MS)
  void link.ended.then(() => clearInterval(watch))
  return {
    ended: link.ended,
    phase: () => link.phase,
    report: () => ({
      partner,
      peer,
      phase: link.phase,
      connectedAt: link.connectedAt,
      inFlight: link.inFlight,
      awaited: link.awaited.count(),
      silentMs: Math.round(performance.now() - link.lastMessageMs),
      lastEchoAt: link.lastEchoAt,
      keyChangedAt: link.keyChangedAt,
      counts: { ...link.counts },
    }),
    send: (message, { withinMs }) => sendOn(link, message, withinMs),
    signOn: () => signOn(link),
    signOff: () => signOff(link),
    echo: () => echo(link),
    changeKey: () => changeKey(link),
    async close() {
      const until = performance.now() + limits.drainMs
      const isBusy = () => link.inFlight > 0 || link.awaited.count() > 0
      await waitWhile(() => isBusy() && link.phase !== 'closed', until)
      link.end('closed_by_us', {}, { flush: true })
    },
  }
}

function watchClocks(link: LinkState): void {
  const { limits, side } = link.options
  const now = performance.now()
  const silentMs = now - link.lastMessageMs
  if (link.messageBeganMs !== undefined && now - link.messageBeganMs > limits.messageMs) {
    link.end('message_too_slow')
  } else if (link.phase === 'connected' && now - link.connectedMs > limits.signOnMs) {
    link.end('sign_on_missing')
  } else if (silentMs > limits.idleMs) {
    link.end('idle')
  } else if (link.phase !== 'connected' && silentMs > limits.echoAfterMs) {
    void echo(link)
  } else if (
    side === 'gateway' &&
    link.phase === 'signed_on' &&
    now - link.keyTriedMs > limits.keyLifeMs
  ) {
    void changeKey(link)
  }
}

async function waitWhile(isTrue: () => boolean, untilMs: number): Promise<void> {
  while (isTrue() && performance.now() < untilMs) {
    await new Promise((resolve) => setTimeout(resolve, DRAIN_POLL_MS))
  }
}
const DRAIN_POLL_MS = 20
