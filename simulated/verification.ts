/** Open phone verifications: who is being verified, for which device, and how often the code was wrong. */
import { MINUTE_MS, type Instant } from '../src/base/base.ts'
import type { Person } from './people.ts'

/** The code that a telephone would receive. Everybody may know it: these people are invented. */
export const ONE_TIME_CODE = '000000'
export const VERIFICATION_LIFE_MS = 3 * MINUTE_MS
export const WRONG_CODES_MAX = 3
export const VERIFICATIONS_MAX = 1000

/** What is known of the device: the RFC 7638 thumbprint of its public key. */
export interface Verified {
  readonly person: Person
  readonly deviceThumbprint: string
}

export type Confirmation =
  | { readonly outcome: 'verified'; readonly verified: Verified }
  | { readonly outcome: 'code_wrong'; readonly attemptsLeft: number }
  | { readonly outcome: 'blocked' | 'used' | 'unknown' }

export interface Verifications {
  /** @returns false where `VERIFICATIONS_MAX` are open */
  open(verificationId: string, verified: Verified, now: Instant): boolean
  /** A verification serves once; after the third wrong code it serves nobody. */
  confirm(verificationId: string, code: string, now: Instant): Confirmation
}

export function createVerifications(options: { verificationsMax?: number } = {}): Verifications {
  const verificationsMax = options.verificationsMax ?? VERIFICATIONS_MAX
  const open = new Map<
    string,
    { verified: Verified; expiresAt: Instant; wrongCodes: number; used: boolean }
  >()

  /** All live equally long, so the oldest, which a Map yields first, expire first. */
  const dropExpired = (now: Instant): void => {
    for (const [verificationId, { expiresAt }] of open) {
      if (expiresAt > now) return
      open.delete(verificationId)
    }
  }

  return {
    open(verificationId, verified, now) {
      dropExpired(now)
      if (open.size >= verificationsMax) return false
      const expiresAt = now + VERIFICATION_LIFE_MS
      open.set(verificationId, { verified, expiresAt, wrongCodes: 0, used: false })
      return true
    },
    confirm(verificationId, code, now) {
      dropExpired(now)
      const verification = open.get(verificationId)
      if (verification === undefined) return { outcome: 'unknown' }
      if (verification.wrongCodes >= WRONG_CODES_MAX) return { outcome: 'blocked' }
      if (verification.used) return { outcome: 'used' }
      if (code !== ONE_TIME_CODE) {
        verification.wrongCodes += 1
        const attemptsLeft = WRONG_CODES_MAX - verification.wrongCodes
        return attemptsLeft === 0 ? { outcome: 'blocked' } : { outcome: 'code_wrong', attemptsLeft }
      }
      verification.used = true
      return { outcome: 'verified', verified: verification.verified }
    },
  }
}
