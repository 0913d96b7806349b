/** The ports of confirmation. */
import type { Clock, IssuerId, MemberId } from '../base/base.ts'
import type { Registry } from '../registration/registration.ts'

/** Makes hashes of PINs that are slow to guess, and never on the thread that answers requests. */
export interface PinHashing {
  hash(pin: string): Promise<string>
  matches(pin: string, pinHash: string): Promise<boolean>
}

export interface ConfirmationDeps {
  readonly registry: Registry
  readonly pins: PinHashing
  readonly clock: Clock
}

/** Whose it is, and with which issuer. */
export interface ConfirmationPlace {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
}
