/** Every bound of a link by its name. What exceeds one gets a written no, or loses the link; never silence. */
import { HOUR_MS, MINUTE_MS } from '../base/base.ts'

export interface LinkLimits {
  /** From the connection to the end of the TLS handshake. */
  readonly handshakeMs: number
  /** From the handshake to an accepted sign-on. */
  readonly signOnMs: number
  /** From the first byte of a header to the last of its message: who sends a byte a minute is dropped. */
  readonly messageMs: number
  /** A link on which nothing came for so long is asked whether it lives. */
  readonly echoAfterMs: number
  /** The other side's time for an echo, a sign-off or a key change. */
  readonly networkAnswerMs: number
  /** A link on which nothing came for so long is dropped, whatever its state. */
  readonly idleMs: number
  /** Backstop behind the desk's own deadline: then the written answer is `unknown`. */
  readonly answerMs: number
  /** Requests and notices of the other side that are being worked on. */
  readonly inFlightMax: number
  /** Messages of our own that wait for their answer. */
  readonly awaitedMax: number
  /** Keys of messages given up that are remembered, to tell a late answer from one to nothing. */
  readonly lateRememberedMax: number
  /** Bytes that the other side does not read; beyond them it is dropped. */
  readonly writeQueueBytesMax: number
  /** Wrong MACs within a minute; the next one drops the link. */
  readonly wrongMacsMax: number
  /** Messages within a minute that could not be read but be refused; the next one drops the link. */
  readonly unreadableMax: number
  /** How long messages under the MAC key before the present one are still good. */
  readonly oldKeyMs: number
  /** A MAC key older than this is changed. */
  readonly keyLifeMs: number
  /** How far the other side's clock may be from ours at sign-on. */
  readonly clockSkewMs: number
  /** Sign-ons of one partner that are remembered; more of them within twice the skew are refused. */
  readonly signOnsRememberedMax: number
  /** Connections of one partner at a time. */
  readonly connectionsMax: number
  /** Connections of one address to one listener at a time, those without a handshake included. */
  readonly connectionsPerAddressMax: number
  /** Connections to one listener at a time, whoever made them. */
  readonly connectionsAllMax: number
  /** How long the work in flight is waited for when a gateway closes. */
  readonly drainMs: number
}

export const linkLimits: LinkLimits = {
  handshakeMs: 5_000,
  signOnMs: 10_000,
  messageMs: 5_000,
  echoAfterMs: 15_000,
  networkAnswerMs: 5_000,
  idleMs: MINUTE_MS,
  answerMs: 10_000,
  // 500 messages a second, each waiting for the deadline of 1.5 s, are 750.
  inFlightMax: 1_024,
  awaitedMax: 4_096,
  lateRememberedMax: 4_096,
  writeQueueBytesMax: 1_048_576,
  wrongMacsMax: 5,
  unreadableMax: 60,
  oldKeyMs: 30_000,
  keyLifeMs: 24 * HOUR_MS,
  clockSkewMs: 10 * MINUTE_MS,
  signOnsRememberedMax: 4_096,
  connectionsMax: 16,
  connectionsPerAddressMax: 64,
  connectionsAllMax: 256,
  drainMs: 3_000,
}
