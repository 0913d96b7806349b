/** Why a link ended: every dropped link has one of these in the log. */
import { framingProblems } from './framing.ts'
import { signOnRefusals } from './sign-on-history.ts'

export const linkEnds = [
  ...framingProblems,
  ...signOnRefusals,
  // In order.
  'closed_by_us',
  'closed_by_peer',
  // The connection.
  'connection_failed',
  'cut_within_message',
  'certificate_refused',
  'certificate_of_another',
  'handshake_timed_out',
  'too_many_connections',
  // The conversation.
  'sign_on_missing',
  'sign_on_refused',
  'signed_off_by_operator',
  'message_too_slow',
  'message_unreadable',
  'unreadable_messages',
  'wrong_macs',
  'not_signed_on',
  'unexpected_message',
  'reads_too_slowly',
  'echo_unanswered',
  'key_change_unanswered',
  'idle',
  // Us.
  'adapter_failed',
] as const
export type LinkEnd = (typeof linkEnds)[number]

/** A link that could not be opened, or was refused before it served. */
export class LinkRefused extends Error {
  override readonly name = 'LinkRefused'
  readonly reason: LinkEnd
  constructor(reason: LinkEnd, options?: { cause?: unknown }) {
    super(`the link was not opened: ${reason}`, options)
    this.reason = reason
  }
}

/** Those that nobody has to look at. */
export function isOrderly(reason: LinkEnd): boolean {
  return ['closed_by_us', 'closed_by_peer', 'signed_off_by_operator'].includes(reason)
}
