/**
 * What may not stand in a log, by the name of a member and by the look of a text. It is applied to every line by the
 * logger itself, so that nobody has to remember it.
 */
import { createHmac } from 'node:crypto'
import { maskName, maskPhone } from '../base/base.ts'

const HIDDEN = '[hidden]'
const DEPTH_MAX = 6
const ENTRIES_MAX = 100
const TEXT_LENGTH_MAX = 4000
/** Pseudonyms kept at hand. */
const PSEUDONYMS_MAX = 20_000

/** Members that are secret whatever they hold. Compared in lower case without `-` and `_`. */
const secretNames = new Set([
  'authorization',
  'dpop',
  'proof',
  'cookie',
  'setcookie',
  'token',
  'accesstoken',
  'refreshtoken',
  'accounttoken',
  'assertion',
  'password',
  'passcode',
  'secret',
  'seed',
  'privatekey',
  'jwk',
  'code',
  'ci',
  'birthdate',
  'cardtoken',
  'linkcode',
  'cashreceiptnumber',
  'mackey',
  'keyencryptionkey',
  'wrappedkey',
])
const nameNames = new Set(['name', 'personname', 'membername', 'holdername'])
const phoneNames = new Set(['phone', 'phonenumber', 'telephone'])
const personNames = new Set(['personid', 'ownerpersonid', 'payerpersonid', 'sub'])

/** Texts that give themselves away, wherever they stand. */
const JWT = /\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?/g
const CONSUMER_CODE = /\b91\d{2}(?:[ -]?\d{4}){5}\b/g
const PHONE = /\b01[016789]-?\d{3,4}-?\d{4}\b/g
/** Resident registration numbers must never get here; if one does it goes no further. */
const RESIDENT_NUMBER = /\b\d{6}-[1-8]\d{6}\b/g

/** Masks what a text holds. */
export function maskText(text: string): string {
  return text
    .slice(0, TEXT_LENGTH_MAX)
    .replace(JWT, '[token]')
    .replace(CONSUMER_CODE, '[code]')
    .replace(RESIDENT_NUMBER, HIDDEN)
    .replace(PHONE, maskPhone)
}

export type MaskFacts = (facts: Record<string, unknown>) => Record<string, unknown>

/**
 * @param pseudonymKey a person stands in the log as a keyed hash, so that lines about one person can be brought
 * together by whoever holds the key, and by nobody else
 */
export function createMasking(pseudonymKey: string): {
  readonly maskFacts: MaskFacts
  readonly pseudonym: (personId: string) => string
} {
  // One person asks many times in a minute; the hash costs more than the rest of the line.
  const known = new Map<string, string>()
  const pseudonym = (personId: string): string => {
    const before = known.get(personId)
    if (before !== undefined) return before
    const digest = createHmac('sha256', pseudonymKey).update(personId).digest('hex')
    const made = `person:${digest.slice(0, 12)}`
    if (known.size >= PSEUDONYMS_MAX) known.clear()
    known.set(personId, made)
    return made
  }

  const maskMember = (name: string, value: unknown, depth: number): unknown => {
    const plain = name.toLowerCase().replaceAll(/[-_]/g, '')
    if (typeof value === 'string' && personNames.has(plain)) return pseudonym(value)
    if (typeof value === 'string' && nameNames.has(plain)) return maskName(value)
    if (typeof value === 'string' && phoneNames.has(plain)) return maskPhone(value)
    if (secretNames.has(plain) && value !== undefined && value !== null) return HIDDEN
    return maskValue(value, depth)
  }

  const maskValue = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return maskText(value)
    if (typeof value !== 'object' || value === null) return value
    if (depth === 0) return HIDDEN
    if (value instanceof Error) return maskError(value, depth)
    if (Array.isArray(value)) {
      return value.slice(0, ENTRIES_MAX).map((entry) => maskValue(entry, depth - 1))
    }
    return maskMembers(value, depth - 1)
  }

  const maskMembers = (value: object, depth: number): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(value)
        .slice(0, ENTRIES_MAX)
        .map(([name, member]) => [name, maskMember(name, member, depth)]),
    )

  /** An error's own code (`postgres_unavailable`, `ECONNRESET`) is no secret. */
  const maskError = (error: Error, depth: number): Record<string, unknown> => {
    const code: unknown = Reflect.get(error, 'code')
    return {
      type: error.name,
      message: maskText(error.message),
      ...(typeof code === 'string' ? { code } : {}),
      stack: maskText(error.stack ?? ''),
      ...(error.cause === undefined ? {} : { cause: maskValue(error.cause, depth - 1) }),
    }
  }

  return { maskFacts: (facts) => maskMembers(facts, DEPTH_MAX), pseudonym }
}
