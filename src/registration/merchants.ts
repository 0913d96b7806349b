/** Merchants, their outlets and the QR kits posted there. */
import {
  isInKorea,
  keptPosition,
  type Merchant,
  type Outlet,
  type Position,
  type QrKit,
} from '../acquiring/acquiring.ts'
import {
  cleanText,
  formatId,
  type ClerkId,
  type IssuerId,
  type MerchantId,
  type OperationId,
  type OutletId,
  type QrKitId,
} from '../base/base.ts'
import { naturalKey, type KitBody, type OutletBody } from './record-bodies.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Registered } from './refusal.ts'
import type { RegistrationDeps } from './registration-deps.ts'

const NAME_LENGTH_MAX = 40
const DISTRICT_LENGTH_MAX = 40
const ADDRESS_LENGTH_MAX = 200

export interface RegisteredMerchant {
  readonly merchant: Merchant
}

/** The newest version, read from the registry: never behind what was just written. */
export async function readMerchant(
  deps: RegistrationDeps,
  issuerId: IssuerId,
  merchantId: MerchantId,
): Promise<Merchant | undefined> {
  const record = await readRecord(deps.registry, issuerId, 'merchant', merchantId)
  return record && merchantOf(issuerId, record)
}

export interface OutletOpening {
  readonly issuerId: IssuerId
  readonly merchantId: MerchantId
  /** The owner. */
  readonly clerkId: ClerkId
  readonly requestId: OperationId
  readonly name: string
  readonly district: string
  readonly address: string
  readonly position?: Position
}

/** Opens a place where the merchant takes payments. */
export async function openOutlet(
  deps: RegistrationDeps,
  opening: OutletOpening,
): Promise<Registered<{ readonly outlet: Outlet }>> {
  const { registry } = deps
  const { issuerId, merchantId, clerkId, requestId } = opening
  const name = cleanText(opening.name, NAME_LENGTH_MAX)
  const district = cleanText(opening.district, DISTRICT_LENGTH_MAX)
  const address = cleanText(opening.address, ADDRESS_LENGTH_MAX)
  if (name === undefined) return refused('field_invalid', 'name')
  if (district === undefined) return refused('field_invalid', 'district')
  if (address === undefined) return refused('field_invalid', 'address')
  if (opening.position !== undefined && !isInKorea(opening.position)) {
    return refused('field_invalid', 'position')
  }
  const position = opening.position === undefined ? null : keptPosition(opening.position)
  const body: OutletBody = { merchantId, name, district, address, position, open: true }
  const key = naturalKey.request(requestId)
  const decide = async (): Promise<Change<Registered<{ readonly outlet: Outlet }>>> => {
    const known = await findRecord(registry, issuerId, 'outlet', key)
    if (known !== undefined) {
      const outlet = outletOf(issuerId, known)
      const same = sameOpening(known.body, body)
      return { answer: same ? { status: 'registered', outlet } : refused('request_reused') }
    }
    const merchant = await readRecord(registry, issuerId, 'merchant', merchantId)
    if (merchant === undefined || merchant.body.status === 'closed') {
      return { answer: refused('merchant_unknown') }
    }
    const record = { recordId: deps.ids.next('out'), version: 1, body }
    return {
      answer: { status: 'registered', outlet: outletOf(issuerId, record) },
      by: formatId('clk', clerkId),
      records: [newRecord('outlet', { ...record, keys: [key] })],
    }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

export interface KitIssue {
  readonly issuerId: IssuerId
  readonly outletId: OutletId
  readonly merchantId: MerchantId
  readonly clerkId: ClerkId
  readonly requestId: OperationId
  /** A kit of the same outlet that is to be refused from now on. */
  readonly replaces?: QrKitId
}

export interface IssuedKit {
  readonly kit: QrKit
  readonly outlet: Outlet
}

/** Issues a static QR kit for an outlet, in place of an older one where one is named. */
export async function issueKit(
  deps: RegistrationDeps,
  issue: KitIssue,
): Promise<Registered<IssuedKit>> {
  const { registry } = deps
  const { issuerId, outletId, merchantId, clerkId, requestId, replaces } = issue
  const body: KitBody = { outletId, active: true }
  const key = naturalKey.request(requestId)
  const decide = async (): Promise<Change<Registered<IssuedKit>>> => {
    const outletRecord = await readRecord(registry, issuerId, 'outlet', outletId)
    if (outletRecord === undefined || outletRecord.body.merchantId !== merchantId) {
      return { answer: refused('outlet_unknown') }
    }
    const outlet = outletOf(issuerId, outletRecord)
    const known = await findRecord(registry, issuerId, 'kit', key)
    if (known !== undefined) {
      const same = known.body.outletId === outletId
      const kit = kitOf(issuerId, known)
      return { answer: same ? { status: 'registered', kit, outlet } : refused('request_reused') }
    }
    const record = { recordId: deps.ids.next('kit'), version: 1, body }
    const records = [newRecord('kit', { ...record, keys: [key] })]
    if (replaces !== undefined) {
      const old = await readRecord(registry, issuerId, 'kit', replaces)
      if (old === undefined || old.body.outletId !== outletId) {
        return { answer: refused('kit_unknown', 'replaces') }
      }
      const withdrawn = { ...old.body, active: false }
      const version = old.version + 1
      records.push(newRecord('kit', { recordId: replaces, version, body: withdrawn }))
    }
    const kit = kitOf(issuerId, record)
    const by = formatId('clk', clerkId)
    return { answer: { status: 'registered', kit, outlet }, by, records }
  }
  return changeRecords(registry, issuerId, deps.clock(), decide)
}

/** The newest version of a kit and its outlet. */
export async function readKit(
  deps: RegistrationDeps,
  issuerId: IssuerId,
  kitId: QrKitId,
): Promise<IssuedKit | undefined> {
  const record = await readRecord(deps.registry, issuerId, 'kit', kitId)
  if (record === undefined) return undefined
  const outlet = await readOutlet(deps, issuerId, record.body.outletId)
  return outlet && { kit: kitOf(issuerId, record), outlet }
}

/** The newest version of an outlet. */
export async function readOutlet(
  deps: RegistrationDeps,
  issuerId: IssuerId,
  outletId: OutletId,
): Promise<Outlet | undefined> {
  const record = await readRecord(deps.registry, issuerId, 'outlet', outletId)
  return record && outletOf(issuerId, record)
}

function sameOpening(one: OutletBody, other: OutletBody): boolean {
  const fields = ['merchantId', 'name', 'district', 'address'] as const
  return (
    fields.every((field) => one[field] === other[field]) &&
    one.position?.latitude === other.position?.latitude &&
    one.position?.longitude === other.position?.longitude
  )
}

type Written<Kind extends 'merchant' | 'outlet' | 'kit'> = Omit<RecordOf<Kind>, 'version'>

export function merchantOf(issuerId: IssuerId, record: Written<'merchant'>): Merchant {
  return { issuerId, merchantId: merchantIdOf(record), ...record.body }
}

export function merchantIdOf({ recordId }: Written<'merchant'>): MerchantId {
  return recordId as MerchantId // The record id of a merchant is the merchant's.
}

function outletOf(issuerId: IssuerId, { recordId, body }: Written<'outlet'>): Outlet {
  return { issuerId, outletId: recordId as OutletId, ...body } // The record id is the outlet's.
}

function kitOf(issuerId: IssuerId, { recordId, body }: Written<'kit'>): QrKit {
  return { issuerId, kitId: recordId as QrKitId, ...body } // The record id is the kit's.
}
