/** What every partner's format has in common. */
import { businessDate, won } from '../../base/base.ts'
import {
  readCardNotice,
  readCardRequest,
  type CardAnswer,
  type CardSale,
} from '../../cards/cards.ts'
import type { PartnerMessage, UnreadMessage } from '../partner-adapter.ts'
import { FieldProblem } from './field-problem.ts'

/** ISO 4217. */
export const KOREAN_WON = '410'

/** Names a merchant for the partner's text field; `undefined` leaves the field out. */
export type MerchantNames = (merchantNumber: string) => string | undefined

/** What is answered to a message that could not be read: nothing is known of what it was about. */
export const UNREAD_ANSWER: CardAnswer = {
  verdict: 'unknown',
  voucherWon: won(0),
  accountWon: won(0),
  source: 'none',
  decidedBy: 'gateway',
}

/** Before anything is computed over it. */
export function overLong(bytes: Uint8Array): UnreadMessage {
  const detail = `${bytes.length} bytes, more than any message has`
  return { ok: false, problem: 'malformed', field: 'length', detail }
}

/**
 * Whatever a format allows, past this point stands only what the core takes: a notice is recorded and acknowledged
 * before the core sees it, and one that it can never take would keep all behind it waiting. @throws FieldProblem
 */
export function canonical(message: PartnerMessage): PartnerMessage {
  if (message.type !== 'request' && message.type !== 'notice') return message
  const read =
    message.type === 'request' ? readCardRequest(message.request) : readCardNotice(message.notice)
  if (!read.ok) throw new FieldProblem('canonical message', read.problem)
  return message
}

/** A sale whose time is on another Korean day than its key says cannot be written. */
export function isOfItsDay(sale: CardSale): boolean {
  return businessDate(sale.at) === sale.key.localDate
}

/** Upper case. */
export function hexDigits(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'))
    .join('')
    .toUpperCase()
}

/** @throws FieldProblem */
export function hexBytes(digits: string, field: string): Uint8Array {
  if (!/^(?:[0-9A-F]{2})+$/.test(digits)) {
    throw new FieldProblem(field, 'not pairs of upper-case hexadecimal digits')
  }
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

/** Absent means no. @throws FieldProblem */
export function yesOrNo(letter: string | undefined, field: string): boolean {
  if (letter === undefined || letter === 'N') return false
  if (letter === 'Y') return true
  throw new FieldProblem(field, 'neither Y nor N')
}
