/**
 * Setting a PIN and asking whether one is right. An attempt is counted, by a version of a record, before it is looked
 * at: so any number of devices that guess at once have the same few attempts between them, and a process that dies in
 * between costs an attempt rather than giving one.
 */
import { assert, type OperationId } from '../base/base.ts'
import {
  changeRecords,
  findRecord,
  naturalKey,
  type Change,
  type NewRecord,
} from '../registration/registration.ts'
import type { ConfirmationDeps, ConfirmationPlace } from './confirmation-deps.ts'
import {
  attemptsRecords,
  byMember,
  isSet,
  nextRecords,
  readHeld,
  readMember,
  stateOf,
} from './confirmation-records.ts'
import { refused, type Confirmed, type ConfirmationRefused } from './confirmation-refusal.ts'
import { isTrivialPin, PIN_ATTEMPTS_MAX, PIN_DIGITS } from './pin-policy.ts'

export { PIN_ATTEMPTS_MAX } from './pin-policy.ts'

export interface PinSetting extends ConfirmationPlace {
  /** The client's key: a repeat finds what the first brought about, and compares no PIN. */
  readonly operationId: OperationId
  /** Six digits. */
  readonly pin: string
  readonly currentPin: string | undefined
  /** The person was identified just now, or has confirmed this very change. */
  readonly isProven: boolean
}

export interface PinCheck extends ConfirmationPlace {
  readonly pin: string
}

export async function setPin(deps: ConfirmationDeps, setting: PinSetting): Promise<Confirmed> {
  const { registry, pins } = deps
  const { issuerId, operationId, pin, currentPin } = setting
  assert(pin.length === PIN_DIGITS, 'a PIN has six digits')
  const key = naturalKey.request(operationId)
  const done = await findRecord(registry, issuerId, 'confirmation', key)
  if (done?.recordId === setting.memberId) {
    return { status: 'confirmed', state: stateOf(await readHeld(registry, setting)) }
  }
  const member = await readMember(registry, setting)
  if (member === undefined) return refused('member_unknown')
  if (isTrivialPin(pin, member.body.birthDate)) return refused('pin_trivial')
  const before = await readHeld(registry, setting)
  if (isSet(before.body) && !setting.isProven) {
    if (currentPin === undefined || before.body.pinHash === '') {
      return refused('confirmation_required')
    }
    const checked = await checkPin(deps, { ...setting, pin: currentPin })
    if (checked.status === 'refused') return checked
  }
  const pinHash = await pins.hash(pin)
  const decide = async (): Promise<Change<Confirmed>> => {
    const held = await readHeld(registry, setting)
    // Somebody else was first, so what was proven is not what stands any more.
    const isSame =
      held.body.pinHash === before.body.pinHash && isSet(held.body) === isSet(before.body)
    if (!isSame && !setting.isProven) return { answer: refused('confirmation_required') }
    const place = { ...setting, walletId: member.body.walletId }
    const wanted = { pinHash, passkeys: held.body.passkeys, begun: 0 }
    const { records, state } = await nextRecords(registry, place, { held, wanted })
    return {
      answer: { status: 'confirmed', state },
      by: byMember(setting),
      records: records.map((record) => withKey(record, key)),
    }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

function withKey(record: NewRecord, key: string): NewRecord {
  return record.kind === 'confirmation' ? { ...record, keys: [key] } : record
}

export async function checkPin(
  deps: ConfirmationDeps,
  check: PinCheck,
): Promise<{ readonly status: 'right' } | ConfirmationRefused> {
  const { registry, pins } = deps
  const begun = await beginAttempt(deps, check)
  if (begun.status === 'refused') return begun
  const { pinHash, attemptsLeft } = begun
  const wrong: ConfirmationRefused = { status: 'refused', reason: 'pin_wrong', attemptsLeft }
  if (!(await pins.matches(check.pin, pinHash))) return wrong
  const decide = async (): Promise<Change<{ readonly status: 'right' } | ConfirmationRefused>> => {
    const held = await readHeld(registry, check)
    if (held.body.pinHash !== pinHash) return { answer: wrong }
    const records = attemptsRecords(check, held, 0)
    const answer = { status: 'right' } as const
    return records.length === 0 ? { answer } : { answer, by: byMember(check), records }
  }
  return changeRecords(registry, check.issuerId, deps.clock(), decide)
}

interface Begun {
  readonly status: 'begun'
  readonly pinHash: string
  /** If this one is wrong. */
  readonly attemptsLeft: number
}

function beginAttempt(
  { registry, clock }: ConfirmationDeps,
  check: PinCheck,
): Promise<Begun | ConfirmationRefused> {
  return changeRecords(
    registry,
    check.issuerId,
    clock(),
    async (): Promise<Change<Begun | ConfirmationRefused>> => {
      const held = await readHeld(registry, check)
      const { pinHash } = held.body
      if (pinHash === '') return { answer: refused('pin_not_set') }
      if (held.begun >= PIN_ATTEMPTS_MAX) return { answer: refused('pin_blocked') }
      const begun = held.begun + 1
      return {
        answer: { status: 'begun', pinHash, attemptsLeft: PIN_ATTEMPTS_MAX - begun },
        by: byMember(check),
        records: attemptsRecords(check, held, begun),
      }
    },
  )
}
