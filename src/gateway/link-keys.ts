/**
 * The MAC keys of one link. It begins with the key agreed with the partner and changes it by 0800 messages; the key
 * before stays good for messages that were on their way, for a bounded time, and only for reading.
 */
import { randomBytes } from 'node:crypto'
import {
  keyCheckValue as checkValueOf,
  messageMac,
  unwrapKey,
  wrapKey,
} from '../iso8583/iso8583.ts'
import type { Mac } from './partner-adapter.ts'

/** Agreed with a partner beforehand; 16 bytes each. */
export interface PartnerKeys {
  readonly macKey: Uint8Array
  /** Wraps new MAC keys, and does nothing else. */
  readonly keyEncryptionKey: Uint8Array
}

export interface OfferedKey {
  readonly wrappedKey: Uint8Array
  readonly keyCheckValue: string
  /** Under which messages are read and written once the other side has accepted. */
  readonly mac: Mac
}

export interface KeyRing {
  /** For writing. */
  present(): Mac
  /** For reading, the likeliest first. */
  readable(nowMs: number): readonly Mac[]
  /** Makes a new key; the other side may use it as soon as it has it, so it is good for reading at once. */
  offer(): OfferedKey
  /** The offered key was accepted: it is the present one now. */
  changeTo(offered: OfferedKey, nowMs: number): void
  /** It was not: forget it. */
  withdraw(): void
  /** Takes the other side's new key; false where it is not wrapped for us, or not the key it is said to be. */
  accept(wrappedKey: Uint8Array, keyCheckValue: string, nowMs: number): boolean
}

const KEY_BYTES = 16

export function createKeyRing(keys: PartnerKeys, oldKeyMs: number): KeyRing {
  let present = messageMac(keys.macKey)
  let old: { readonly mac: Mac; readonly untilMs: number } | undefined
  let offered: Mac | undefined

  const changeTo = (mac: Mac, nowMs: number): void => {
    old = { mac: present, untilMs: nowMs + oldKeyMs }
    present = mac
    offered = undefined
  }
  return {
    present: () => present,
    readable(nowMs) {
      if (old !== undefined && nowMs > old.untilMs) old = undefined
      const more = [offered, old?.mac].filter((mac) => mac !== undefined)
      return [present, ...more]
    },
    offer() {
      const key = randomBytes(KEY_BYTES)
      offered = messageMac(key)
      return {
        wrappedKey: wrapKey(key, keys.keyEncryptionKey),
        keyCheckValue: checkValueOf(key),
        mac: offered,
      }
    },
    changeTo: ({ mac }, nowMs) => changeTo(mac, nowMs),
    withdraw() {
      offered = undefined
    },
    accept(wrappedKey, keyCheckValue, nowMs) {
      const key = unwrapKey(wrappedKey, keys.keyEncryptionKey)
      if (key === undefined || checkValueOf(key) !== keyCheckValue.toUpperCase()) return false
      changeTo(messageMac(key), nowMs)
      return true
    },
  }
}
