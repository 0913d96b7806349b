/**
 * What comes in on a link: bytes become messages, messages are read, and each gets its answer: of the desk, or written
 * here where the desk may not be asked. A message that cannot be read gets a refusal if it can be answered at all.
 */
import { businessDate, Fault, won } from '../base/base.ts'
import type { CardAnswer, CardNotice, CardReason, CardRequest } from '../cards/cards.ts'
import { takeNetworkMessage } from './link-network.ts'
import type { LinkState } from './link-state.ts'
import type { PartnerMessage, ReadMessage, UnreadMessage } from './partner-adapter.ts'

export function takeBytes(link: LinkState, chunk: Uint8Array): void {
  if (link.phase === 'closed') return
  const { messages, problem } = link.deframer.push(chunk)
  for (const message of messages) {
    if (isClosed(link)) return
    takeMessage(link, message)
  }
  if (problem !== undefined) link.end(problem)
  if (!link.deframer.isWithin()) link.messageBeganMs = undefined
  else if (messages.length > 0) link.messageBeganMs = performance.now()
  else link.messageBeganMs ??= performance.now()
}

/** The phase may have changed behind the compiler's back. */
function isClosed(link: LinkState): boolean {
  return link.phase === 'closed'
}

function takeMessage(link: LinkState, bytes: Uint8Array): void {
  link.lastMessageMs = performance.now()
  link.counts.received += 1
  try {
    const read = readMessage(link, bytes)
    if (read.ok) takeRead(link, read, bytes)
    else refuse(link, read)
  } catch (error) {
    // An adapter never throws; should one, it costs its own partner this link and nobody else anything.
    link.options.log.error('link.adapter_threw', { partner: link.options.partner, error })
    link.end('adapter_failed')
  }
}

/** Under the present key, else under one that may still be on its way. */
function readMessage(link: LinkState, bytes: Uint8Array): ReadMessage | UnreadMessage {
  const { adapter, clock } = link.options
  const today = businessDate(clock())
  const [present, ...others] = link.keys.readable(performance.now())
  const first = adapter.read(bytes, { mac: present!, today })
  if (first.ok || first.problem !== 'mac_wrong') return first
  for (const mac of others) {
    const read = adapter.read(bytes, { mac, today })
    if (read.ok) return read
  }
  return first
}

function takeRead(link: LinkState, read: ReadMessage, bytes: Uint8Array): void {
  const { message } = read
  switch (message.type) {
    case 'network':
      takeNetworkMessage(link, read, message.network)
      return
    case 'request':
      takeRequest(link, read, message)
      return
    case 'notice':
      takeNotice(link, read, message)
      return
    case 'answer':
    case 'acknowledgement':
    case 'network_answer':
      takeAnswer(link, read, bytes)
  }
}

function takeRequest(
  link: LinkState,
  read: ReadMessage,
  { request, isRepeat }: { request: CardRequest; isRepeat: boolean },
): void {
  const ask = link.options.handlers.request
  if (ask === undefined) {
    link.end('unexpected_message', { kind: request.kind })
    return
  }
  link.counts.requests += 1
  if (link.phase !== 'signed_on') {
    link.counts.refused_signed_off += 1
    answer(link, read, { type: 'answer', answer: unknown('signed_off') })
    return
  }
  if (link.inFlight >= link.options.limits.inFlightMax) {
    link.counts.refused_busy += 1
    answer(link, read, { type: 'answer', answer: unknown('gateway_busy') })
    return
  }
  void worked(link, async () => {
    answer(link, read, { type: 'answer', answer: await deskAnswer(link, request, isRepeat) })
    link.counts.answered += 1
  })
}

/** The desk's answer, or `unknown` where there is none: it always answers, so a fault here is a bug of ours. */
async function deskAnswer(
  link: LinkState,
  request: CardRequest,
  isRepeat: boolean,
): Promise<CardAnswer> {
  const { handlers, limits } = link.options
  const { promise: late, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), limits.answerMs)
  try {
    const decided = await Promise.race([handlers.request?.(request, isRepeat), late])
    if (decided !== undefined) return decided
    link.complain('error', 'desk.silent', { kind: request.kind, waitedMs: limits.answerMs })
  } catch (error) {
    link.complain('error', 'desk.failed', { kind: request.kind, error })
  } finally {
    clearTimeout(timer)
  }
  return unknown('gateway_busy')
}

/** Acknowledged once it is safe; else answered "unknown", so that the other side tells it again. */
function takeNotice(
  link: LinkState,
  read: ReadMessage,
  { notice, isRepeat }: { notice: CardNotice; isRepeat: boolean },
): void {
  const { handlers, limits } = link.options
  const take = handlers.notice
  link.counts.notices += 1
  if (take === undefined) {
    link.end('unexpected_message', { kind: notice.kind })
    return
  }
  // A reversal is true whoever is signed on; but whoever never signed on has nothing to tell.
  if (link.phase === 'connected') {
    link.end('not_signed_on', { kind: notice.kind })
    return
  }
  if (link.inFlight >= limits.inFlightMax) {
    link.counts.not_taken += 1
    answer(link, read, { type: 'answer', answer: unknown('gateway_busy') })
    return
  }
  void worked(link, async () => {
    try {
      await take(notice, isRepeat)
    } catch (error) {
      link.counts.not_taken += 1
      link.complain('warn', 'notice.not_taken', { kind: notice.kind, error })
      const isFull = error instanceof Fault && error.code === 'standin_store_full'
      const reason = isFull ? 'standin_store_full' : 'gateway_busy'
      answer(link, read, { type: 'answer', answer: unknown(reason) })
      return
    }
    answer(link, read, { type: 'acknowledgement' })
    link.counts.acknowledged += 1
  })
}

async function worked(link: LinkState, work: () => Promise<void>): Promise<void> {
  link.inFlight += 1
  try {
    await work()
  } catch (error) {
    const { log, partner } = link.options
    log.error('link.adapter_threw', { partner, error })
    link.end('adapter_failed')
  } finally {
    link.inFlight -= 1
  }
}

function answer(link: LinkState, read: ReadMessage, message: PartnerMessage): void {
  if (link.phase === 'closed') {
    // Decided and recorded; the partner reverses what it has no answer to.
    link.counts.undelivered += 1
    return
  }
  link.write(link.options.adapter.answer(read, message, link.keys.present()))
}

function takeAnswer(link: LinkState, read: ReadMessage, bytes: Uint8Array): void {
  const matched = link.awaited.take(read)
  if (matched === 'matched') return
  const { adapter, handlers } = link.options
  const isLate = matched === 'late'
  link.counts[isLate ? 'late_answers' : 'unmatched_answers'] += 1
  link.complain('warn', isLate ? 'answer.late' : 'answer.unmatched', {
    message: adapter.describe(bytes),
  })
  handlers.stray?.(read, isLate)
}

function refuse(link: LinkState, unread: UnreadMessage): void {
  const { limits } = link.options
  const { problem, field, detail, refusal } = unread
  const isWrongMac = problem === 'mac_wrong'
  link.counts[isWrongMac ? 'wrong_mac' : 'unreadable'] += 1
  const facts = { problem, detail, ...(field === undefined ? {} : { field }) }
  link.complain('warn', 'message.refused', { ...facts, isAnswered: refusal !== undefined })
  if (refusal === undefined) {
    link.end('message_unreadable', { problem })
    return
  }
  link.write(refusal)
  const now = performance.now()
  if (isWrongMac && link.wrongMacs.count(now) > limits.wrongMacsMax) {
    link.end('wrong_macs', {}, { flush: true })
  }
  if (!isWrongMac && link.unreadable.count(now) > limits.unreadableMax) {
    link.end('unreadable_messages', {}, { flush: true })
  }
}

function unknown(reason: CardReason): CardAnswer {
  return {
    verdict: 'unknown',
    reason,
    voucherWon: won(0),
    accountWon: won(0),
    source: 'none',
    decidedBy: 'gateway',
  }
}
