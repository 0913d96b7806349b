/**
 * Telephones that show consumer codes. A member has one: enrolling another replaces it. The handle in a code finds
 * the telephone; its seed is derived from the handle, so that no table holds a secret.
 */
import {
  assert,
  Fault,
  formatId,
  type Clock,
  type IssuerId,
  type MemberId,
  type WalletId,
} from '../base/base.ts'
import { isConsumerHandle } from '../qr/qr.ts'
import { presentMember } from './present-member.ts'
import { naturalKey, type DeviceBody } from './record-bodies.ts'
import { changeRecords, findRecord, newRecord, readRecord, type Change } from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'
import type { Registry } from './registry.ts'

export interface DeviceEnrolment {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  /** RFC 7638 thumbprint of the device's key, which its session proved to hold. */
  readonly deviceThumbprint: string
}

/** What a telephone needs to make codes without a network. */
export interface EnrolledDevice {
  readonly handle: number
  readonly seed: Uint8Array
}

/** Who pays with a handle; the shape that authorization asks for. */
export interface HandleOwner {
  readonly walletId: WalletId
  readonly personId: string
  readonly seed: Uint8Array
  /** False for a telephone that was replaced or stopped: it pays no more, but what it paid is still known. */
  readonly active: boolean
}

/** Of ten thousand million handles hardly any is in use: a fifth collision in a row is no accident. */
export const HANDLE_DRAWS_MAX = 5
/** A telephone that was replaced or stopped on another core stops paying within this time. */
export const HANDLE_FRESH_MS = 5_000
export const HANDLES_REMEMBERED_MAX = 10_000

/** The same telephone again gets the same handle; another one replaces the first. */
export async function enrolDevice(
  deps: RegistrationDeps,
  { issuerId, memberId, deviceThumbprint }: DeviceEnrolment,
): Promise<Registered<EnrolledDevice>> {
  const { registry } = deps
  const decide = async (): Promise<Change<Registered<EnrolledDevice>>> => {
    const member = await presentMember(registry, issuerId, memberId)
    if (member === undefined) return { answer: refused('member_unknown') }
    const { walletId, personId } = member.body
    const stop = await readRecord(registry, issuerId, 'wallet_stop', walletId)
    if (stop?.body.stopped === true) return { answer: refused('wallet_stopped') }
    const device = await readRecord(registry, issuerId, 'device', memberId)
    if (device?.body.active === true && device.body.thumbprint === deviceThumbprint) {
      return { answer: enrolled(deps, issuerId, device.body.handle) }
    }
    const handle = await freeHandle(deps, issuerId)
    const body: DeviceBody = {
      walletId,
      personId,
      thumbprint: deviceThumbprint,
      handle,
      active: true,
    }
    const version = (device?.version ?? 0) + 1
    const keys = [naturalKey.handle(handle)]
    return {
      answer: enrolled(deps, issuerId, handle),
      by: formatId('mbr', memberId),
      records: [newRecord('device', { recordId: memberId, version, body, keys })],
    }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

function enrolled(
  deps: RegistrationDeps,
  issuerId: IssuerId,
  handle: number,
): Registered<EnrolledDevice> {
  return { status: 'registered', handle, seed: deps.seedOf(issuerId, handle) }
}

/** A handle that no telephone ever had: one that is drawn again would bring an old seed back to life. */
async function freeHandle(deps: RegistrationDeps, issuerId: IssuerId): Promise<number> {
  for (let draw = 1; draw <= HANDLE_DRAWS_MAX; draw += 1) {
    const handle = deps.randomHandle()
    assert(isConsumerHandle(handle), 'a handle has at most ten digits')
    const key = naturalKey.handle(handle)
    const holder = await deps.registry.findByKey(issuerId, 'device', key)
    if (holder === undefined) return handle
  }
  throw new Fault('queue_full', `no free handle in ${HANDLE_DRAWS_MAX} draws`)
}

export interface HandleOwners {
  /** `undefined` for a handle that no telephone ever had. */
  find(issuerId: IssuerId, handle: number): Promise<HandleOwner | undefined>
  /** Called by whoever changed a member's telephone in this process. */
  forget(issuerId: IssuerId, memberId: MemberId): void
}

interface Remembered {
  readonly memberId: number
  readonly owner: HandleOwner
  readonly until: number
}

/** Remembers owners that were found, for `HANDLE_FRESH_MS`; that a handle is unknown is never remembered. */
export function createHandleOwners(deps: {
  readonly registry: Registry
  readonly clock: Clock
  readonly seedOf: RegistrationDeps['seedOf']
}): HandleOwners {
  const remembered = new Map<string, Remembered>()
  const remember = (place: string, entry: Remembered): void => {
    remembered.delete(place)
    const [oldest] = remembered.keys()
    if (remembered.size >= HANDLES_REMEMBERED_MAX && oldest !== undefined) remembered.delete(oldest)
    remembered.set(place, entry)
  }
  return {
    async find(issuerId, handle) {
      const place = `${issuerId}/${handle}`
      const now = deps.clock()
      const known = remembered.get(place)
      if (known !== undefined && now < known.until) return known.owner
      remembered.delete(place)
      const key = naturalKey.handle(handle)
      const device = await findRecord(deps.registry, issuerId, 'device', key)
      if (device === undefined) return undefined
      const { walletId, personId } = device.body
      const active = device.body.active && device.body.handle === handle
      const owner = { walletId, personId, seed: deps.seedOf(issuerId, handle), active }
      remember(place, { memberId: device.recordId, owner, until: now + HANDLE_FRESH_MS })
      return owner
    },
    forget(issuerId, memberId) {
      for (const [place, entry] of remembered) {
        const here = place.startsWith(`${issuerId}/`) && entry.memberId === memberId
        if (here) remembered.delete(place)
      }
    },
  }
}
