/** The shapes of what a member confirms payments by; found by the member's or the wallet's own number. */
import type { Instant } from '../base/base.ts'
import { flag, integer, list, shape, text, type Reader } from './record-shape.ts'

export interface PasskeyBody {
  /** The credential's id, base64url. */
  readonly passkeyId: string
  /** As a COSE key, base64url. */
  readonly publicKey: string
  readonly name: string
  readonly transports: readonly string[]
  readonly createdAt: Instant
}

/** The record id is the member's. */
export interface ConfirmationBody {
  /** Empty: no PIN is set. Never absent, so that hashes of earlier versions are known to be there. */
  readonly pinHash: string
  readonly passkeys: readonly PasskeyBody[]
  /** Names of this setting and those it was made from, the newest first; a copy keeps them. Empty: nothing is set. */
  readonly lineage: readonly string[]
}

/** The record id is the wallet's: the payment path follows it, and nothing in it is personal. */
export interface WalletGuardBody {
  readonly guarded: boolean
}

/** The record id is the member's. */
export interface PinAttemptsBody {
  /** Attempts begun since the last one that was right: each is counted before it is looked at. */
  readonly begun: number
}

export interface ConfirmationBodies {
  readonly confirmation: ConfirmationBody
  readonly wallet_guard: WalletGuardBody
  readonly pin_attempts: PinAttemptsBody
}

export const confirmationReaders: {
  readonly [Kind in keyof ConfirmationBodies]: Reader<ConfirmationBodies[Kind]>
} = {
  confirmation: shape<ConfirmationBody>({
    pinHash: text,
    passkeys: list(
      shape<PasskeyBody>({
        passkeyId: text,
        publicKey: text,
        name: text,
        transports: list(text),
        createdAt: integer,
      }),
    ),
    lineage: list(text),
  }),
  wallet_guard: shape<WalletGuardBody>({ guarded: flag }),
  pin_attempts: shape<PinAttemptsBody>({ begun: integer }),
}
