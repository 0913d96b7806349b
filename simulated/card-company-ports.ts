/** What a simulated card company's desk needs of the world: time, lines to gateways, and a place for its entries. */
import type { Clock } from '../src/base/base.ts'
import type { CardAnswer, CardNotice, CardRequest } from '../src/cards/cards.ts'
import type { Entry } from './card-company-entries.ts'

export interface CompanyTime {
  /** True time; the terminals' skew is added to it. */
  readonly now: Clock
  /** Milliseconds with fractions, for measuring: never set back. */
  readonly ticks: () => number
  after(delayMs: number, run: () => void): { cancel(): void }
}

export type OutgoingMessage =
  | { readonly type: 'request'; readonly request: CardRequest; readonly isRepeat: boolean }
  | { readonly type: 'notice'; readonly notice: CardNotice; readonly isRepeat: boolean }

export type LineOutcome =
  | { readonly outcome: 'answered'; readonly answer: CardAnswer }
  | { readonly outcome: 'acknowledged' }
  /** The link ended before an answer came; what was sent may have arrived. */
  | { readonly outcome: 'link_lost' }
  /** Nothing left this side: certain. */
  | { readonly outcome: 'not_sent' }
  /** The line itself gave up on an answer, long after the desk did. */
  | { readonly outcome: 'no_answer' }

/** A line to one gateway; it dials, signs on and is dialled again by itself. */
export interface GatewayLine {
  readonly gateway: string
  /** Signed on by both sides, so that a message can leave now. */
  isOpen(): boolean
  /** Resolves by an answer or by the link's end, not by time: deadlines are the desk's. Never rejects. */
  send(message: OutgoingMessage): Promise<LineOutcome>
}

/** Where entries become safe. */
export interface EntryStore {
  append(entry: Entry): void
  durable(): Promise<void>
}
