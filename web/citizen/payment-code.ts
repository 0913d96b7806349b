/**
 * What was scanned at a till, as far as a telephone can tell: who asks for how much. Whether a signature is true is the
 * server's to say; what has run out or is no code of ours is said at once.
 */
import { decodeEmv, DYNAMIC_CODE_VALID_MS, readMerchantCode } from '../../src/qr/qr.ts'
import { formatId } from '../../src/base/base.ts'
import type { Language } from '../api/language.ts'

export interface PaymentCode {
  readonly text: string
  readonly issuerCode: string
  /** As in answers of the API: `out_1`. */
  readonly outletId: string
  /** As the code says: of a posted code nobody vouches for it before the registered name is looked up. */
  readonly name: { readonly [language in Language]: string }
  /** Absent where the payer types it. */
  readonly amountWon?: number
  /** Of a code for one amount; by the server's clock. */
  readonly expiresAt?: number
}

export type ReadPaymentCode =
  | { readonly ok: true; readonly code: PaymentCode }
  | { readonly ok: false; readonly problem: 'code_invalid' | 'code_expired' }

export function readPaymentCode(scanned: string, now: number): ReadPaymentCode {
  const text = scanned.trim()
  const read = readMerchantCode(text, { verify: () => true, now: Math.round(now) })
  if (!read.ok) return { ok: false, problem: read.problem }
  const { code } = read
  const of = { text, issuerCode: code.issuerCode, outletId: formatId('out', code.outletId) }
  const named = { ...of, name: namesIn(text) }
  if (code.kind === 'static') return { ok: true, code: named }
  const { amountWon, issuedAt } = code
  return {
    ok: true,
    code: { ...named, amountWon, expiresAt: issuedAt + DYNAMIC_CODE_VALID_MS },
  }
}

function namesIn(text: string): PaymentCode['name'] {
  const decoded = decodeEmv(text)
  if (!decoded.ok) return { ko: '', en: '' }
  const { fields, templates } = decoded.code
  const en = fields.get('59') ?? ''
  return { ko: templates.get('64')?.get('01') ?? en, en }
}
