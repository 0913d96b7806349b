/**
 * One adapter for each partner: its bytes on one side, the canonical model on the other. Pure: no socket, no clock, no
 * key store; what it needs of those is handed in. The simulated card companies use the same adapters from the far end.
 */
import type { BusinessDate, Instant, PartnerId } from '../base/base.ts'
import type { CardAnswer, CardNotice, CardRequest } from '../cards/cards.ts'

/** How a message's length stands before it. The length does not count the header itself. */
export interface Framing {
  readonly header: 'binary_2' | 'ascii_4'
  /** Longer messages drop the link before a byte of them is kept. */
  readonly messageBytesMax: number
}

/** AES-CMAC over the message, cut to the adapter's length. */
export type Mac = (message: Uint8Array) => Uint8Array

export const networkFunctions = ['sign_on', 'sign_off', 'echo', 'key_change'] as const
export type NetworkFunction = (typeof networkFunctions)[number]

/** What identifies a message on its link: an answer bears that of its question. Opaque to the link. */
export type MatchKey = string

export interface NetworkMessage {
  readonly function: NetworkFunction
  /** Six digits. */
  readonly stan: string
  /** The sender's time (DE 7). */
  readonly at: Instant
  /** Of a key change: the new MAC key, wrapped under the key-encryption key (RFC 3394), and its check value. */
  readonly wrappedKey?: Uint8Array
  readonly keyCheckValue?: string
}

export type PartnerMessage =
  | { readonly type: 'request'; readonly request: CardRequest; readonly isRepeat: boolean }
  | { readonly type: 'notice'; readonly notice: CardNotice; readonly isRepeat: boolean }
  | { readonly type: 'network'; readonly network: NetworkMessage }
  | { readonly type: 'answer'; readonly answer: CardAnswer }
  /** The notice is safe with the other side. */
  | { readonly type: 'acknowledgement' }
  | {
      readonly type: 'network_answer'
      readonly network: NetworkMessage
      readonly accepted: boolean
    }

/** A message as read, with what an answer to it must repeat. */
export interface ReadMessage {
  readonly ok: true
  readonly matchKey: MatchKey
  readonly message: PartnerMessage
  /** Fields of the original that its answer echoes; only the adapter that made it looks inside. */
  readonly echo: unknown
}

/**
 * - `mac_wrong`, `malformed`, `wrong_charset`, `field_invalid`: with the field, never with its value if it is personal.
 * - `refusal`: bytes of one (39=30 or 96) where so much could be read that it can be sent; else drop the link.
 */
export interface UnreadMessage {
  readonly ok: false
  readonly problem: 'malformed' | 'wrong_charset' | 'mac_wrong' | 'field_invalid' | 'unsupported'
  /** Such as `DE 4` or `금액`. */
  readonly field?: string
  readonly detail: string
  readonly refusal?: Uint8Array
}

export interface PartnerAdapter {
  readonly partnerId: PartnerId
  readonly framing: Framing
  /** Never throws, whatever the bytes. @param today the Korean day of reception: gives dates their year */
  read(bytes: Uint8Array, given: { mac: Mac; today: BusinessDate }): ReadMessage | UnreadMessage
  /** Answers what `read` gave. */
  answer(to: ReadMessage, message: PartnerMessage, mac: Mac): Uint8Array
  /** Writes a message of this side's own: the card company's requests and notices, either side's network messages. */
  write(
    message: PartnerMessage,
    mac: Mac,
  ): { readonly bytes: Uint8Array; readonly matchKey: MatchKey }
  /** For logs: every field by name, tokens and amounts of persons masked. */
  describe(bytes: Uint8Array): string
}
