/**
 * The code a payer's phone shows (consumer-presented mode): 24 digits, made without a network from
 * a seed that the phone got at enrolment, a new one every 30 seconds.
 *
 *   91  HHHHHHHHHH  PPPPPPPPPPP  C
 *   2   10          11           1   = 24 digits
 *
 * - 91: 9 for the scheme, 1 for this layout's version. No card number has 24 digits (ISO/IEC 7812
 *   ends at 19). The prefix is registered with nobody: it has to be agreed before tills route by
 *   it.
 * - Handle: a number that stands for one enrolled phone (member, issuer, device) and says nothing
 *   else.
 * - Passcode: HMAC-SHA-256 one-time password of the time step.
 * - Check: Damm's digit over the 23 before it.
 *
 * Why 11 digits of passcode: at any time 8 steps are accepted, so one guess at a known handle
 * succeeds with 7 in 10¹¹. Ten wrong codes a minute, which is where a terminal has to be stopped,
 * are 5.3 million a year: for that terminal one success in some 2 400 years. With the nine digits
 * that RFC 4226's 31 bits hold it would be one in 24. Why ten of handle: there are never so many
 * phones, and where handles are drawn at random most that are guessed do not exist. Why 24: it fits
 * the smallest QR code (21×21 modules, at level M 34 digits) and a Code 128 barcode of twelve
 * symbols, and is read out in six groups.
 *
 * That a code is used once is the ledger's to see to: by handle and `step`.
 */
import { assert, type Instant } from '../base/base.ts'
import { dammDigit } from './damm.ts'
import { oneTimePassword, type HmacSha256 } from './one-time-password.ts'

export const CONSUMER_CODE_STEP_MS = 30_000
/** Six steps of 30 s: the three minutes of the FSC's QR payment standard. */
export const CONSUMER_CODE_VALID_STEPS = 6
/** A phone's clock may be one step ahead of ours; one that is behind has that much less than three minutes. */
export const CONSUMER_CODE_SKEW_STEPS = 1
export const CONSUMER_HANDLE_MAX = 9_999_999_999
/** RFC 4226 R6: a secret of at least 128 bits; 32 bytes are recommended. */
export const CONSUMER_SEED_BYTES_MIN = 16

/** Accepted steps, seen from the present one: −5…+1. */
const STEPS_BACK = CONSUMER_CODE_VALID_STEPS - 1
const STEPS_AHEAD = CONSUMER_CODE_SKEW_STEPS
/** So far back (ten minutes more) a code is told to be expired; one still older is only invalid. */
const STEPS_BACK_KNOWN = STEPS_BACK + 20

const PREFIX = '91'
const HANDLE_DIGITS = 10
const PASSCODE_DIGITS = 11
const CODE_DIGITS = PREFIX.length + HANDLE_DIGITS + PASSCODE_DIGITS + 1
/** Groups of four, each after nothing, one space or one hyphen. */
const TYPED = /^[0-9]{4}(?:[ -]?[0-9]{4}){5}$/

export interface ConsumerCode {
  /** Names the enrolled phone: 0…9 999 999 999. */
  readonly handle: number
  readonly passcode: string
}

export interface ConsumerCodeRefusal {
  readonly ok: false
  readonly problem: 'code_invalid' | 'code_expired'
  /** English, for the log and for engineers. Never repeats the code. */
  readonly detail: string
}

/** True for a number that may be handed out as a handle. */
export function isConsumerHandle(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0 && Number(value) <= CONSUMER_HANDLE_MAX
}

/** The 24 digits to show at an instant, without gaps. */
export function makeConsumerCode(options: {
  readonly handle: number
  readonly seed: Uint8Array
  readonly now: Instant
  readonly hmac: HmacSha256
}): string {
  const { handle, seed, now, hmac } = options
  assert(isConsumerHandle(handle), `not a handle: ${handle}`)
  const passcode = passcodeOf({ seed, step: stepAt(now), hmac })
  const digits = PREFIX + String(handle).padStart(HANDLE_DIGITS, '0') + passcode
  return digits + dammDigit(digits)
}

/**
 * Reads what was scanned or typed; never throws. White space around it is dropped, and groups of
 * four may be apart by a space or a hyphen.
 */
export function parseConsumerCode(
  text: string,
): { readonly ok: true; readonly code: ConsumerCode } | ConsumerCodeRefusal {
  const typed = text.trim()
  if (!TYPED.test(typed)) return invalid('not 24 digits')
  const digits = typed.replaceAll(/[ -]/g, '')
  if (!digits.startsWith(PREFIX)) return invalid('of another scheme or version')
  if (dammDigit(digits) !== '0') return invalid('the check digit is wrong')
  const handleEnd = PREFIX.length + HANDLE_DIGITS
  return {
    ok: true,
    code: {
      handle: Number(digits.slice(PREFIX.length, handleEnd)),
      passcode: digits.slice(handleEnd, CODE_DIGITS - 1),
    },
  }
}

/**
 * Compares a code with the seed enrolled for its handle. Every accepted step is computed and every
 * digit compared whatever is found, so the time taken tells no more than the answer does.
 *
 * @returns the step the code was made in; a step accepted once for a handle must not be accepted
 *   again. `code_expired` for a code that was true within the last 13 minutes, else `code_invalid`.
 */
export function verifyConsumerCode(options: {
  readonly parsed: ConsumerCode
  readonly seed: Uint8Array
  readonly now: Instant
  readonly hmac: HmacSha256
}): { readonly ok: true; readonly step: number } | ConsumerCodeRefusal {
  const present = stepAt(options.now)
  const first = present - STEPS_BACK
  const step = findStep(options, { first, last: present + STEPS_AHEAD })
  if (step !== undefined) return { ok: true, step }
  const past = findStep(options, { first: present - STEPS_BACK_KNOWN, last: first - 1 })
  if (past === undefined) return invalid('the passcode is of no step of this phone')
  return { ok: false, problem: 'code_expired', detail: 'the passcode is of a step long past' }
}

function findStep(
  options: { parsed: ConsumerCode; seed: Uint8Array; hmac: HmacSha256 },
  steps: { first: number; last: number },
): number | undefined {
  const { parsed, seed, hmac } = options
  let found: number | undefined
  for (let step = Math.max(0, steps.first); step <= steps.last; step += 1) {
    if (equalInConstantTime(parsed.passcode, passcodeOf({ seed, step, hmac }))) found = step
  }
  return found
}

function stepAt(now: Instant): number {
  return Math.floor(now / CONSUMER_CODE_STEP_MS)
}

function passcodeOf(options: { seed: Uint8Array; step: number; hmac: HmacSha256 }): string {
  const { seed, step, hmac } = options
  assert(seed.length >= CONSUMER_SEED_BYTES_MIN, `a seed of ${seed.length} bytes is too short`)
  return oneTimePassword({ key: seed, step, digits: PASSCODE_DIGITS, truncationBytes: 8, hmac })
}

function equalInConstantTime(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let at = 0; at < right.length; at += 1) {
    difference |= left.charCodeAt(at) ^ right.charCodeAt(at)
  }
  return difference === 0
}

function invalid(detail: string): ConsumerCodeRefusal {
  return { ok: false, problem: 'code_invalid', detail }
}
