/**
 * Confirmation: by what members prove that it is they who let money go, a PIN or passkeys. Whoever has set neither
 * pays as before. What is set lies with each issuer; a copy carries it on to another, forwards only.
 */
import { copyConfirmation, type ConfirmationCopy } from './copying.ts'
import type { ConfirmationDeps, ConfirmationPlace } from './confirmation-deps.ts'
import { readHeld, stateOf, type ConfirmationState } from './confirmation-records.ts'
import type { Confirmed, ConfirmationRefused } from './confirmation-refusal.ts'
import { addPasskey, removePasskey, type PasskeyAddition, type PasskeyRemoval } from './passkeys.ts'
import { checkPin, setPin, type PinCheck, type PinSetting } from './pins.ts'

export { type ConfirmationCopy } from './copying.ts'
export {
  type ConfirmationDeps,
  type ConfirmationPlace,
  type PinHashing,
} from './confirmation-deps.ts'
export {
  endOfConfirmation,
  LINEAGE_REMEMBERED_MAX,
  type ConfirmationState,
} from './confirmation-records.ts'
export {
  confirmationRefusals,
  type ConfirmationRefusal,
  type ConfirmationRefused,
  type Confirmed,
} from './confirmation-refusal.ts'
export {
  PASSKEY_NAME_LENGTH_MAX,
  PASSKEYS_MAX,
  type PasskeyAddition,
  type PasskeyRemoval,
} from './passkeys.ts'
export { PIN_DIGITS } from './pin-policy.ts'
export { PIN_ATTEMPTS_MAX, type PinCheck, type PinSetting } from './pins.ts'

/** All methods throw the registry's Faults; a no is a value. */
export interface Confirmations {
  stateOf(place: ConfirmationPlace): Promise<ConfirmationState>
  setPin(setting: PinSetting): Promise<Confirmed>
  /** Counts as an attempt before it looks. */
  checkPin(check: PinCheck): Promise<{ readonly status: 'right' } | ConfirmationRefused>
  addPasskey(addition: PasskeyAddition): Promise<Confirmed>
  removePasskey(removal: PasskeyRemoval): Promise<Confirmed>
  copy(copy: ConfirmationCopy): Promise<Confirmed>
}

export function createConfirmations(deps: ConfirmationDeps): Confirmations {
  return {
    stateOf: async (place) => stateOf(await readHeld(deps.registry, place)),
    setPin: (setting) => setPin(deps, setting),
    checkPin: (check) => checkPin(deps, check),
    addPasskey: (addition) => addPasskey(deps, addition),
    removePasskey: (removal) => removePasskey(deps, removal),
    copy: (copy) => copyConfirmation(deps, copy),
  }
}
