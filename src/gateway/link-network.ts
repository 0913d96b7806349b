/** The conversation about the link itself (0800 family): sign-on, sign-off, echo, and change of the MAC key. */
import type { Sent } from './awaited-answers.ts'
import type { LinkEnd } from './link-end.ts'
import { sendOn, type LinkState } from './link-state.ts'
import type { NetworkFunction, NetworkMessage, ReadMessage } from './partner-adapter.ts'

const STANS = 1_000_000

/** Answers a network message of the other side. */
export function takeNetworkMessage(
  link: LinkState,
  read: ReadMessage,
  network: NetworkMessage,
): void {
  switch (network.function) {
    case 'sign_on':
      takeSignOn(link, read, network)
      return
    case 'sign_off':
      answerNetwork(link, read, network, link.phase !== 'connected')
      if (link.phase === 'signed_on') noteSignedOff(link, 'peer')
      return
    case 'echo':
      answerNetwork(link, read, network, link.phase !== 'connected')
      return
    case 'key_change':
      takeKeyChange(link, read, network)
  }
}

function takeSignOn(link: LinkState, read: ReadMessage, network: NetworkMessage): void {
  const { handlers } = link.options
  const refusal = handlers.signOn === undefined ? 'unexpected_message' : handlers.signOn(network)
  if (refusal !== undefined) {
    answerNetwork(link, read, network, false)
    link.end(refusal, {}, { flush: true })
    return
  }
  answerNetwork(link, read, network, true)
  noteSignedOn(link)
  // The agreed key has served: what follows is under one that lives as long as this link.
  void changeKey(link)
}

function takeKeyChange(link: LinkState, read: ReadMessage, network: NetworkMessage): void {
  const { wrappedKey, keyCheckValue } = network
  const before = link.keys.present()
  const isTaken =
    // Whoever signed on may not have seen its answer yet, which came in one piece with this.
    (link.phase === 'signed_on' || link.options.side === 'partner') &&
    wrappedKey !== undefined &&
    keyCheckValue !== undefined &&
    link.keys.accept(wrappedKey, keyCheckValue, performance.now())
  const { log, partner, peer, adapter, clock } = link.options
  if (isTaken) {
    link.keyChangedAt = clock()
    link.counts.key_changes += 1
  } else {
    log.warn('link.key_refused', { partner, peer })
  }
  // The answer is still under the key before; whatever follows it is under the new one.
  link.write(adapter.answer(read, { type: 'network_answer', network, accepted: isTaken }, before))
}

function answerNetwork(
  link: LinkState,
  read: ReadMessage,
  network: NetworkMessage,
  accepted: boolean,
): void {
  const message = { type: 'network_answer', network, accepted } as const
  link.write(link.options.adapter.answer(read, message, link.keys.present()))
}

/** Of the side that dials. `undefined` once it is signed on. */
export async function signOn(link: LinkState): Promise<LinkEnd | undefined> {
  const sent = await ask(link, { function: 'sign_on' })
  if (isAccepted(sent)) {
    noteSignedOn(link)
    return undefined
  }
  const reason = sent.outcome === 'link_lost' ? sent.reason : 'sign_on_refused'
  link.end(reason)
  return reason
}

/** Tells the other side to send no more here; it uses its other links. Resolves when it knows, or does not answer. */
export async function signOff(link: LinkState): Promise<void> {
  if (link.phase !== 'signed_on') return
  noteSignedOff(link, 'us')
  await ask(link, { function: 'sign_off' })
}

export async function echo(link: LinkState): Promise<void> {
  if (link.isEchoing) return
  link.isEchoing = true
  const sent = await ask(link, { function: 'echo' })
  link.isEchoing = false
  if (sent.outcome === 'late') {
    link.end('echo_unanswered')
    return
  }
  if (sent.outcome !== 'answered') return
  link.counts.echoes += 1
  link.lastEchoAt = link.options.clock()
}

/**
 * False where the other side keeps the key before, which then stays good. Where it does not answer nobody knows under
 * which key it writes, so the link ends.
 */
export function changeKey(link: LinkState): Promise<boolean> {
  // One at a time: whoever asks meanwhile gets what comes of it.
  link.keyChange ??= offerKey(link).finally(() => (link.keyChange = undefined))
  return link.keyChange
}

async function offerKey(link: LinkState): Promise<boolean> {
  const { log, partner, peer, clock } = link.options
  link.keyTriedMs = performance.now()
  const offered = link.keys.offer()
  const { wrappedKey, keyCheckValue } = offered
  const sent = await ask(link, { function: 'key_change', wrappedKey, keyCheckValue })
  if (sent.outcome === 'late') link.end('key_change_unanswered')
  if (!isAccepted(sent)) {
    link.keys.withdraw()
    if (sent.outcome === 'answered') log.error('link.key_change_refused', { partner, peer })
    return false
  }
  link.keys.changeTo(offered, performance.now())
  link.keyChangedAt = clock()
  link.counts.key_changes += 1
  log.info('link.key_changed', { partner, peer })
  return true
}

function ask(
  link: LinkState,
  message: { function: NetworkFunction; wrappedKey?: Uint8Array; keyCheckValue?: string },
): Promise<Sent> {
  const { clock, limits } = link.options
  link.nextStan = (link.nextStan + 1) % STANS
  const stan = String(link.nextStan).padStart(6, '0')
  const network: NetworkMessage = { ...message, stan, at: clock() }
  return sendOn(link, { type: 'network', network }, limits.networkAnswerMs)
}

function isAccepted(sent: Sent): boolean {
  if (sent.outcome !== 'answered') return false
  const { message } = sent.answer
  return message.type === 'network_answer' && message.accepted
}

function noteSignedOn(link: LinkState): void {
  const { log, partner, peer, side } = link.options
  link.phase = 'signed_on'
  log.info('link.signed_on', { partner, peer, side })
}

function noteSignedOff(link: LinkState, by: 'us' | 'peer'): void {
  const { log, partner, peer, side, handlers } = link.options
  link.phase = 'signed_off'
  log.info('link.signed_off', { partner, peer, side, by })
  handlers.signedOff?.()
}
