/**
 * Dure's codes that a merchant shows: the static one of a posted kit, and the dynamic one of a
 * till. The names in a code are for other wallets' screens; Dure's show the registered name of the
 * outlet, for a static code is not signed and anyone can print one.
 */
import {
  assert,
  formatId,
  isWon,
  parseId,
  won,
  type ClerkId,
  type Instant,
  type OutletId,
  type QrKitId,
  type Won,
} from '../base/base.ts'
import { decodeEmv, encodeEmv, type EmvCode } from './emv.ts'
import { fitMerchantNames, type MerchantNames } from './merchant-names.ts'
import {
  DURE_GUI,
  readSignatureBlock,
  signatureObjects,
  signedBytes,
  unsignedObjects,
  type SignBytes,
  type VerifyBytes,
} from './signature-block.ts'
import { writeDataObjects, type DataObject, type DataObjects } from './tlv.ts'

/** A dynamic code is valid for three minutes: the FSC's QR payment standard of 2018-11-06. */
export const DYNAMIC_CODE_VALID_MS = 180_000
/** How far a till's clock may run ahead of ours. */
export const DYNAMIC_CODE_AHEAD_MAX_MS = 60_000

export const ISSUER_CODE_PATTERN: RegExp = /^[a-z0-9-]{1,20}$/
export const REFERENCE_PATTERN: RegExp = /^[A-Za-z0-9_-]{1,25}$/

const MCC = /^[0-9]{4}$/
const CURRENCY_WON = '410'
const COUNTRY_KOREA = 'KR'
const STATIC = '11'
const DYNAMIC = '12'
/** No sign, no fraction, no leading zero: one amount has one text. */
const AMOUNT = /^[1-9][0-9]{0,12}$/

interface MerchantCodeInput {
  /** The issuer's code as in URLs: `gunsan`. */
  readonly issuerCode: string
  readonly outletId: OutletId
  /** Merchant category code (ISO 18245), four digits. */
  readonly mcc: string
  readonly names: MerchantNames
}

export interface StaticCodeInput extends MerchantCodeInput {
  readonly kitId: QrKitId
}

export interface DynamicCodeInput extends MerchantCodeInput {
  readonly clerkId?: ClerkId
  /** Above zero. */
  readonly amountWon: Won
  /** Names this one request for payment; 1–25 of letters, digits, `-` and `_`. */
  readonly reference: string
  /** Rounded down to the second. */
  readonly issuedAt: Instant
  /** Names the key that `sign` signs with; 1–16 of letters, digits, `-` and `_`. */
  readonly keyId: string
  readonly sign: SignBytes
}

export interface StaticMerchantCode {
  readonly kind: 'static'
  readonly issuerCode: string
  readonly outletId: OutletId
  readonly kitId: QrKitId
}

export interface DynamicMerchantCode {
  readonly kind: 'dynamic'
  readonly issuerCode: string
  readonly outletId: OutletId
  readonly clerkId?: ClerkId
  readonly amountWon: Won
  readonly reference: string
  readonly issuedAt: Instant
  /** The key that signed. Whether it may sign for this issuer and outlet is the caller's to ask. */
  readonly keyId: string
}

export type MerchantCode = StaticMerchantCode | DynamicMerchantCode

export interface MerchantCodeRefusal {
  readonly ok: false
  readonly problem: 'code_invalid' | 'code_expired'
  /** English, for the log and for engineers: names the field. Never repeats what was in it. */
  readonly detail: string
}

export type MerchantCodeResult =
  | { readonly ok: true; readonly code: MerchantCode }
  | MerchantCodeRefusal

/** The text of a posted code: no amount, no time, not signed. Over-long names are cut. */
export function makeStaticCode(input: StaticCodeInput): string {
  const whose = formatId('kit', input.kitId)
  return encodeEmv(merchantObjects(input, { initiation: STATIC, whose }))
}

/** The text of a till's code for one payment, signed. Over-long names are cut. */
export function makeDynamicCode(input: DynamicCodeInput): string {
  const { clerkId, amountWon, reference, issuedAt, keyId, sign } = input
  assert(isWon(amountWon) && amountWon > 0, `not an amount to ask for: ${amountWon}`)
  assert(REFERENCE_PATTERN.test(reference), 'a reference is 1–25 of letters, digits, - and _')
  const objects = merchantObjects(input, {
    initiation: DYNAMIC,
    ...(clerkId === undefined ? {} : { whose: formatId('clk', clerkId) }),
    amount: String(amountWon),
    reference,
  })
  const unsigned = encodeEmv([...objects, ...unsignedObjects({ keyId, issuedAt })])
  const signature = sign(signedBytes(unsigned))
  return encodeEmv([...objects, ...signatureObjects({ keyId, issuedAt, signature })])
}

/**
 * Reads any text that was scanned. Throws only what `verify` throws.
 *
 * A dynamic code is valid from its second, or a minute earlier for a till whose clock runs ahead,
 * up to but not at `validMs` after it. The signature is looked at before the time, so that only a
 * code that was true is ever called expired.
 */
export function readMerchantCode(
  text: string,
  options: { readonly verify: VerifyBytes; readonly now: Instant; readonly validMs?: number },
): MerchantCodeResult {
  const decoded = decodeEmv(text)
  if (!decoded.ok) return invalid(`field ${decoded.field}: ${decoded.problem}`)
  const { code } = decoded
  const account = code.templates.get('26')
  if (account?.get('00') !== DURE_GUI) return invalid('field 26.00: not a code of Dure')
  const issuerCode = account.get('01') ?? ''
  if (!ISSUER_CODE_PATTERN.test(issuerCode)) return invalid('field 26.01: not an issuer code')
  const outletId = parseId('out', account.get('02') ?? '')
  if (outletId === undefined) return invalid('field 26.02: not an outlet id')
  if (code.fields.get('53') !== CURRENCY_WON) return invalid('field 53: the currency is not won')
  if (code.fields.get('58') !== COUNTRY_KOREA) return invalid('field 58: the country is not KR')
  const merchant = { issuerCode, outletId }
  switch (code.fields.get('01')) {
    case STATIC:
      return readStatic(code, account, merchant)
    case DYNAMIC:
      return readDynamic(code, account, { merchant, text, ...options })
    default:
      return invalid('field 01: missing')
  }
}

interface MerchantOfCode {
  readonly issuerCode: string
  readonly outletId: OutletId
}

function readStatic(
  code: EmvCode,
  account: DataObjects,
  merchant: MerchantOfCode,
): MerchantCodeResult {
  const kitId = parseId('kit', account.get('03') ?? '')
  if (kitId === undefined) return invalid('field 26.03: not a kit id')
  // Nothing vouches for an amount or a signature in a static code: a dynamic one was altered.
  if (code.fields.has('54')) return invalid('field 54: an amount in a static code')
  for (const [id, template] of code.templates) {
    if (id >= '80' && template.get('00') === DURE_GUI) {
      return invalid(`field ${id}: a signature in a static code`)
    }
  }
  return { ok: true, code: { kind: 'static', ...merchant, kitId } }
}

function readDynamic(
  code: EmvCode,
  account: DataObjects,
  options: {
    readonly merchant: MerchantOfCode
    readonly text: string
    readonly verify: VerifyBytes
    readonly now: Instant
    readonly validMs?: number
  },
): MerchantCodeResult {
  const { merchant, text, verify, now, validMs = DYNAMIC_CODE_VALID_MS } = options
  const whose = account.get('03')
  const clerkId = whose === undefined ? undefined : parseId('clk', whose)
  if (whose !== undefined && clerkId === undefined) return invalid('field 26.03: not a clerk id')
  const amountText = code.fields.get('54') ?? ''
  const amount = AMOUNT.test(amountText) ? Number(amountText) : 0
  if (!isWon(amount) || amount === 0) return invalid('field 54: not an amount of whole won')
  const reference = code.templates.get('62')?.get('05') ?? ''
  if (!REFERENCE_PATTERN.test(reference)) return invalid('field 62.05: not a reference')
  const block = readSignatureBlock(code)
  if (block === undefined) return invalid('field 80: not a signature block')
  const { keyId, issuedAt, signature } = block
  if (!verify(keyId, signedBytes(text), signature)) {
    return invalid('field 80.03: the signature does not verify')
  }
  if (issuedAt - now > DYNAMIC_CODE_AHEAD_MAX_MS) return invalid('field 80.02: of a time to come')
  if (now - issuedAt >= validMs) {
    return { ok: false, problem: 'code_expired', detail: 'field 80.02: issued too long ago' }
  }
  const clerk = clerkId === undefined ? {} : { clerkId }
  const amountWon = won(amount)
  return {
    ok: true,
    code: { kind: 'dynamic', ...merchant, ...clerk, amountWon, reference, issuedAt, keyId },
  }
}

/** Every field before the signature, in the order of their ids. */
function merchantObjects(
  input: MerchantCodeInput,
  code: { initiation: string; whose?: string; amount?: string; reference?: string },
): DataObject[] {
  const { issuerCode, outletId, mcc } = input
  assert(ISSUER_CODE_PATTERN.test(issuerCode), `not an issuer code: ${issuerCode}`)
  assert(MCC.test(mcc), `not a merchant category code: ${mcc}`)
  const names = fitMerchantNames(input.names)
  const account = [
    { id: '00', value: DURE_GUI },
    { id: '01', value: issuerCode },
    { id: '02', value: formatId('out', outletId) },
    ...optional('03', code.whose),
  ]
  const korean = [
    { id: '00', value: 'ko' },
    ...optional('01', names.nameKorean),
    ...optional('02', names.cityKorean),
  ]
  const reference = optional('05', code.reference)
  return [
    { id: '00', value: '01' },
    { id: '01', value: code.initiation },
    { id: '26', value: writeDataObjects(account) },
    { id: '52', value: mcc },
    { id: '53', value: CURRENCY_WON },
    ...optional('54', code.amount),
    { id: '58', value: COUNTRY_KOREA },
    { id: '59', value: names.nameLatin },
    { id: '60', value: names.cityLatin },
    ...optional('62', reference.length === 0 ? undefined : writeDataObjects(reference)),
    // The language template may not be without a name.
    ...optional('64', names.nameKorean === undefined ? undefined : writeDataObjects(korean)),
  ]
}

function optional(id: string, value: string | undefined): DataObject[] {
  return value === undefined ? [] : [{ id, value }]
}

function invalid(detail: string): MerchantCodeRefusal {
  return { ok: false, problem: 'code_invalid', detail }
}
