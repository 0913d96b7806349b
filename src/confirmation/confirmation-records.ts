/** What is on record of a member's PIN and passkeys, and the records by which it changes. */
import { formatId, type IssuerId, type WalletId } from '../base/base.ts'
import {
  newRecord,
  readRecord,
  type ConfirmationBody,
  type NewRecord,
  type RecordOf,
  type Registry,
} from '../registration/registration.ts'
import type { ConfirmationPlace } from './confirmation-deps.ts'
import { PIN_ATTEMPTS_MAX } from './pin-policy.ts'

/** Of how many settings before it a setting remembers the names: so old may be what a copy takes the place of. */
export const LINEAGE_REMEMBERED_MAX = 20

export interface ConfirmationState {
  /** Money leaves the wallet by a confirmation only. */
  readonly required: boolean
  readonly pin: {
    readonly set: boolean
    readonly blocked: boolean
    readonly attemptsLeft: number
  }
  readonly passkeys: ConfirmationBody['passkeys']
}

/** The newest of both records; versions of 0 where there is none yet. */
export interface Held {
  readonly version: number
  readonly body: ConfirmationBody
  readonly attemptsVersion: number
  readonly begun: number
}

const nothing: ConfirmationBody = { pinHash: '', passkeys: [], lineage: [] }

export async function readHeld(
  registry: Registry,
  { issuerId, memberId }: ConfirmationPlace,
): Promise<Held> {
  const record = await readRecord(registry, issuerId, 'confirmation', memberId)
  const attempts = await readRecord(registry, issuerId, 'pin_attempts', memberId)
  return {
    version: record?.version ?? 0,
    body: record?.body ?? nothing,
    attemptsVersion: attempts?.version ?? 0,
    begun: attempts?.body.begun ?? 0,
  }
}

export function stateOf({ body, begun }: Pick<Held, 'body' | 'begun'>): ConfirmationState {
  const set = body.pinHash !== ''
  const attemptsLeft = set ? Math.max(0, PIN_ATTEMPTS_MAX - begun) : PIN_ATTEMPTS_MAX
  return {
    required: isSet(body),
    pin: { set, blocked: attemptsLeft === 0, attemptsLeft },
    passkeys: body.passkeys,
  }
}

export function isSet({ pinHash, passkeys }: ConfirmationBody): boolean {
  return pinHash !== '' || passkeys.length > 0
}

/** What a change is to make of what is held. */
export interface Wanted extends Pick<ConfirmationBody, 'pinHash' | 'passkeys'> {
  /** Of a copy: what it was copied from. Absent: this change adds a name of its own. */
  readonly lineage?: readonly string[]
  /** Absent: as many attempts as there were. */
  readonly begun?: number
}

/** All of them are appended together, so that a wallet is never guarded by nothing, nor open with a PIN. */
export async function nextRecords(
  registry: Registry,
  place: ConfirmationPlace & { readonly walletId: WalletId },
  { held, wanted }: { readonly held: Held; readonly wanted: Wanted },
): Promise<{ readonly records: readonly NewRecord[]; readonly state: ConfirmationState }> {
  const { issuerId, memberId, walletId } = place
  const { pinHash, passkeys, begun = held.begun } = wanted
  const version = held.version + 1
  const own = `${issuerId}/${memberId}/${version}`
  const lineage = wanted.lineage ?? [own, ...held.body.lineage].slice(0, LINEAGE_REMEMBERED_MAX)
  const plain = { pinHash, passkeys, lineage }
  const body = isSet(plain) ? plain : nothing
  return {
    records: [
      newRecord('confirmation', { recordId: memberId, version, body }),
      ...attemptsRecords(place, held, begun),
      ...(await guardRecords(registry, { issuerId, walletId, guarded: isSet(body) })),
    ],
    state: stateOf({ body, begun }),
  }
}

export function attemptsRecords(
  { memberId }: ConfirmationPlace,
  held: Held,
  begun: number,
): NewRecord[] {
  if (begun === held.begun) return []
  const version = held.attemptsVersion + 1
  return [newRecord('pin_attempts', { recordId: memberId, version, body: { begun } })]
}

async function guardRecords(
  registry: Registry,
  {
    issuerId,
    walletId,
    guarded,
  }: { readonly issuerId: IssuerId; readonly walletId: WalletId; readonly guarded: boolean },
): Promise<NewRecord[]> {
  const guard = await readRecord(registry, issuerId, 'wallet_guard', walletId)
  if ((guard?.body.guarded ?? false) === guarded) return []
  const version = (guard?.version ?? 0) + 1
  return [newRecord('wallet_guard', { recordId: walletId, version, body: { guarded } })]
}

/** The records by which whoever leaves confirms nothing any more; none where nothing was set. */
export async function endOfConfirmation(
  registry: Registry,
  place: ConfirmationPlace & { readonly walletId: WalletId },
): Promise<readonly NewRecord[]> {
  const held = await readHeld(registry, place)
  if (!isSet(held.body)) return []
  const wanted = { pinHash: '', passkeys: [], begun: 0 }
  return (await nextRecords(registry, place, { held, wanted })).records
}

/** A member who has not left. */
export async function readMember(
  registry: Registry,
  { issuerId, memberId }: ConfirmationPlace,
): Promise<RecordOf<'member'> | undefined> {
  const member = await readRecord(registry, issuerId, 'member', memberId)
  return member?.body.status === 'left' ? undefined : member
}

export function byMember({ memberId }: ConfirmationPlace): string {
  return formatId('mbr', memberId)
}
