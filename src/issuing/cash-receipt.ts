/** The number by which the tax office knows what somebody used (현금영수증 발급수단). */
import { maskAccountNumber, maskPhone } from '../base/base.ts'
import { mobileDigits } from './gift-decision.ts'

/** A card of the tax office for cash receipts has 18 digits; 13 would be a resident number, which never gets here. */
const CARD = /^\d{18}$/

/**
 * A mobile number or a cash-receipt card, as digits; `undefined` for what is neither.
 * `010-1234-5678` → `01012345678`
 */
export function cashReceiptDigits(text: string): string | undefined {
  const digits = text.replaceAll(/[\s-]/g, '')
  return CARD.test(digits) ? digits : mobileDigits(text)
}

export function maskCashReceipt(digits: string): string {
  return CARD.test(digits) ? maskAccountNumber(digits) : maskPhone(digits)
}
