/**
 * One PIN and one passkey for all issuers of a person: what is set with one is taken over by another. Forwards only:
 * what stands there has to be what the copy was made from. Otherwise whoever holds an unlocked telephone would set a
 * PIN where there is none yet, or keep an old one where it was not changed, and carry it over the owner's.
 */
import { changeRecords, type Change } from '../registration/registration.ts'
import type { ConfirmationDeps, ConfirmationPlace } from './confirmation-deps.ts'
import {
  byMember,
  isSet,
  nextRecords,
  readHeld,
  readMember,
  stateOf,
  type Held,
} from './confirmation-records.ts'
import { refused, type Confirmed } from './confirmation-refusal.ts'

export interface ConfirmationCopy extends ConfirmationPlace {
  /** The same person with another issuer. */
  readonly from: ConfirmationPlace
  /** This very change was confirmed. */
  readonly isProven: boolean
}

/** The same again changes nothing. */
export function copyConfirmation(
  { registry, clock }: ConfirmationDeps,
  copy: ConfirmationCopy,
): Promise<Confirmed> {
  const decide = async (): Promise<Change<Confirmed>> => {
    const member = await readMember(registry, copy)
    if (member === undefined || (await readMember(registry, copy.from)) === undefined) {
      return { answer: refused('member_unknown') }
    }
    const source = await readHeld(registry, copy.from)
    if (!isSet(source.body)) return { answer: refused('nothing_to_copy') }
    const held = await readHeld(registry, copy)
    const [newest] = held.body.lineage
    if (newest !== undefined && newest === source.body.lineage[0]) {
      return { answer: { status: 'confirmed', state: stateOf(held) } }
    }
    const isForwards = newest === undefined || source.body.lineage.includes(newest)
    if (!isForwards && !copy.isProven) return { answer: refused('confirmation_required') }
    const place = { ...copy, walletId: member.body.walletId }
    const wanted = { ...source.body, begun: attemptsAfter(held, source) }
    const { records, state } = await nextRecords(registry, place, { held, wanted })
    return { answer: { status: 'confirmed', state }, by: byMember(copy), records }
  }
  return changeRecords(registry, copy.issuerId, clock(), decide)
}

/** A copy gives nobody new attempts at the same PIN. */
function attemptsAfter(held: Held, source: Held): number {
  const isSame = held.body.pinHash === source.body.pinHash
  return isSame ? Math.max(held.begun, source.begun) : source.begun
}
