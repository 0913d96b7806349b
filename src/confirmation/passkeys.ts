/** A member's passkeys: which there are, one more, one less. The door has verified what it hands in. */
import { cleanText } from '../base/base.ts'
import { changeRecords, type Change, type PasskeyBody } from '../registration/registration.ts'
import type { ConfirmationDeps, ConfirmationPlace } from './confirmation-deps.ts'
import {
  byMember,
  isSet,
  nextRecords,
  readHeld,
  readMember,
  stateOf,
} from './confirmation-records.ts'
import { refused, type Confirmed } from './confirmation-refusal.ts'

/** Telephones, tablets and keys of one person. */
export const PASSKEYS_MAX = 10
export const PASSKEY_NAME_LENGTH_MAX = 40

export interface PasskeyAddition extends ConfirmationPlace {
  readonly passkey: Pick<PasskeyBody, 'passkeyId' | 'publicKey' | 'transports'>
  /** As typed. */
  readonly name: string
  /** This very change was confirmed. Else it may be the first only, and beside no PIN. */
  readonly isProven: boolean
}

export interface PasskeyRemoval extends ConfirmationPlace {
  readonly passkeyId: string
  /** This very change was confirmed: only so may the last thing go by which the wallet is guarded. */
  readonly isProven: boolean
}

/** The same again changes nothing. */
export async function addPasskey(
  { registry, clock }: ConfirmationDeps,
  addition: PasskeyAddition,
): Promise<Confirmed> {
  const now = clock()
  const name = cleanText(addition.name, PASSKEY_NAME_LENGTH_MAX)
  if (name === undefined) return refused('passkey_name_invalid')
  const { passkeyId, publicKey, transports } = addition.passkey
  const decide = async (): Promise<Change<Confirmed>> => {
    const member = await readMember(registry, addition)
    if (member === undefined) return { answer: refused('member_unknown') }
    const held = await readHeld(registry, addition)
    const { pinHash, passkeys } = held.body
    if (passkeys.some((known) => known.passkeyId === passkeyId)) {
      return { answer: { status: 'confirmed', state: stateOf(held) } }
    }
    if (isSet(held.body) && !addition.isProven) return { answer: refused('confirmation_required') }
    if (passkeys.length >= PASSKEYS_MAX) return { answer: refused('too_many_passkeys') }
    const passkey = { passkeyId, publicKey, name, transports, createdAt: now }
    const place = { ...addition, walletId: member.body.walletId }
    const wanted = { pinHash, passkeys: [...passkeys, passkey] }
    const { records, state } = await nextRecords(registry, place, { held, wanted })
    return { answer: { status: 'confirmed', state }, by: byMember(addition), records }
  }
  return changeRecords(registry, addition.issuerId, now, decide)
}

export function removePasskey(
  { registry, clock }: ConfirmationDeps,
  removal: PasskeyRemoval,
): Promise<Confirmed> {
  const decide = async (): Promise<Change<Confirmed>> => {
    const member = await readMember(registry, removal)
    if (member === undefined) return { answer: refused('member_unknown') }
    const held = await readHeld(registry, removal)
    const { pinHash, passkeys } = held.body
    const left = passkeys.filter(({ passkeyId }) => passkeyId !== removal.passkeyId)
    if (left.length === passkeys.length) return { answer: refused('passkey_unknown') }
    const isLast = pinHash === '' && left.length === 0
    if (isLast && !removal.isProven) return { answer: refused('confirmation_required') }
    const place = { ...removal, walletId: member.body.walletId }
    const wanted = { pinHash, passkeys: left }
    const { records, state } = await nextRecords(registry, place, { held, wanted })
    return { answer: { status: 'confirmed', state }, by: byMember(removal), records }
  }
  return changeRecords(registry, removal.issuerId, clock(), decide)
}
