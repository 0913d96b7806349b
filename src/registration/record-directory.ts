/**
 * Issuers, programs, merchants, stopped and guarded wallets and card companies in memory, grown by applying versions of
 * records: what the payment path asks instead of the database. Versions may come twice and in any order; the newest
 * counts.
 */
import {
  outletOfNumber,
  readMerchantNumber,
  type AcquiringDirectory,
  type Clerk,
  type Merchant,
  type MerchantLife,
  type Outlet,
  type QrKit,
} from '../acquiring/acquiring.ts'
import {
  OPERATOR,
  type ClerkId,
  type IssuerId,
  type MerchantId,
  type OutletId,
  type PartnerId,
  type PotId,
  type ProgramId,
  type QrKitId,
  type WalletId,
} from '../base/base.ts'
import type { Issuer } from '../issuing/issuing.ts'
import {
  addVersionOfRules,
  addVersionOfTerms,
  emptyProgramShelf,
  readingPrograms,
  type ProgramDesk,
  type ProgramShelf,
} from './program-shelf.ts'
import { readBody } from './record-bodies.ts'
import type { PartnerBody } from './card-record-bodies.ts'
import type { RecordKind, StoredRecord } from './registry.ts'

/** The kinds a directory follows; members and devices are too many and are asked of the registry. */
export const directoryKinds = [
  'issuer',
  'issuer_rules',
  'program',
  'terms',
  'merchant',
  'outlet',
  'clerk',
  'kit',
  'wallet_stop',
  'wallet_guard',
  'partner',
  'funding_pot',
  'merchant_life',
] as const satisfies readonly RecordKind[]

/** A card company, as its newest record says. */
export interface Partner extends PartnerBody {
  readonly partnerId: PartnerId
}

/** What a merchant number on a card message leads to, with one of the issuers that know the merchant. */
export interface MerchantPlace {
  readonly merchant: Merchant
  /** `undefined` where the merchant has no outlet of that number. */
  readonly outlet: Outlet | undefined
}

export interface PartnerDirectory {
  /** In the order of their numbers, those that are not active too. */
  partners(): readonly Partner[]
  partner(partnerId: PartnerId): Partner | undefined
  partnerByCode(code: string): Partner | undefined
}

/** What the clockwork of merchants asks. */
export interface MerchantLifeDirectory {
  /** `undefined` for a merchant of whom only the present is on record; `lifeOfMerchant` says what that means. */
  merchantLife(issuerId: IssuerId, merchantId: MerchantId): MerchantLife | undefined
}

export interface RecordDirectory
  extends ProgramDesk, AcquiringDirectory, PartnerDirectory, MerchantLifeDirectory {
  /** Takes one version in; kinds that the directory does not follow are passed over. */
  apply(issuerId: IssuerId, version: StoredRecord & { readonly kind: RecordKind }): void
  walletStopped(issuerId: IssuerId, walletId: WalletId): boolean
  /** True where the member set a PIN or passkey: money leaves the wallet by a confirmation only. */
  walletGuarded(issuerId: IssuerId, walletId: WalletId): boolean
  /** One business as every issuer that knows it has registered it, in the order of issuers. */
  merchantsByBusinessNumber(tenDigits: string): readonly Merchant[]
  /** One place for each issuer that knows the merchant; none for what is no merchant number. */
  placesOf(merchantNumber: string): readonly MerchantPlace[]
}

/** The records of one issuer. */
interface Shelf extends ProgramShelf {
  readonly versions: Map<string, number>
  issuer: Issuer | undefined
  readonly merchants: Map<MerchantId, Merchant>
  readonly lives: Map<MerchantId, MerchantLife>
  readonly outlets: Map<OutletId, Outlet>
  readonly clerks: Map<ClerkId, Clerk>
  readonly kits: Map<QrKitId, QrKit>
  readonly outletsOf: Map<MerchantId, Set<OutletId>>
  readonly clerksOf: Map<MerchantId, Set<ClerkId>>
  readonly kitsOf: Map<OutletId, Set<QrKitId>>
  readonly stopped: Set<WalletId>
  readonly guarded: Set<WalletId>
  /** Only the operator has any. */
  readonly partners: Map<PartnerId, Partner>
}

export function createRecordDirectory(): RecordDirectory {
  const shelves = new Map<IssuerId, Shelf>()
  const byCode = new Map<string, IssuerId>()
  /** Which issuers' merchants bear a business number: a merchant keeps its own for ever. */
  const byBusinessNumber = new Map<string, Map<IssuerId, MerchantId>>()
  const shelfOf = (issuerId: IssuerId): Shelf => {
    const shelf = shelves.get(issuerId) ?? emptyShelf()
    shelves.set(issuerId, shelf)
    return shelf
  }
  const partners = (): readonly Partner[] =>
    [...(shelves.get(OPERATOR)?.partners.values() ?? [])].toSorted(byNumber)
  const merchantsByBusinessNumber = (tenDigits: string): readonly Merchant[] =>
    [...(byBusinessNumber.get(tenDigits) ?? [])]
      .flatMap(([issuerId, merchantId]) => shelves.get(issuerId)?.merchants.get(merchantId) ?? [])
      .toSorted((a, b) => a.issuerId - b.issuerId)
  return {
    apply(issuerId, version) {
      const shelf = shelfOf(issuerId)
      applyVersion(shelf, issuerId, version)
      if (shelf.issuer !== undefined) byCode.set(shelf.issuer.code, issuerId)
      if (version.kind === 'merchant') noteBusinessNumber(byBusinessNumber, shelf, version.recordId)
    },
    walletStopped: (issuerId, walletId) => shelves.get(issuerId)?.stopped.has(walletId) ?? false,
    walletGuarded: (issuerId, walletId) => shelves.get(issuerId)?.guarded.has(walletId) ?? false,
    partners,
    partner: (partnerId) => shelves.get(OPERATOR)?.partners.get(partnerId),
    partnerByCode: (code) => partners().find((partner) => partner.code === code),
    merchantsByBusinessNumber,
    placesOf: (merchantNumber) => {
      const read = readMerchantNumber(merchantNumber)
      return read === undefined
        ? []
        : merchantsByBusinessNumber(read.businessNumber).map((merchant) =>
            placeIn(shelves.get(merchant.issuerId), merchant, read.outletNumber),
          )
    },
    issuers: () =>
      [...shelves.values()]
        .flatMap((shelf) => (shelf.issuer === undefined ? [] : [shelf.issuer]))
        .toSorted((a, b) => a.issuerId - b.issuerId),
    issuer: (issuerId) => shelves.get(issuerId)?.issuer,
    issuerByCode: (code) => shelves.get(byCode.get(code) ?? OPERATOR)?.issuer,
    ...readingPrograms(shelves),
    merchant: (issuerId, merchantId) => shelves.get(issuerId)?.merchants.get(merchantId),
    merchantLife: (issuerId, merchantId) => shelves.get(issuerId)?.lives.get(merchantId),
    merchants: (issuerId) => [...(shelves.get(issuerId)?.merchants.values() ?? [])],
    outlet: (issuerId, outletId) => shelves.get(issuerId)?.outlets.get(outletId),
    outletsOf: (issuerId, merchantId) => {
      const shelf = shelves.get(issuerId)
      return listed(shelf?.outletsOf.get(merchantId), shelf?.outlets)
    },
    clerk: (issuerId, clerkId) => shelves.get(issuerId)?.clerks.get(clerkId),
    clerksOf: (issuerId, merchantId) => {
      const shelf = shelves.get(issuerId)
      return listed(shelf?.clerksOf.get(merchantId), shelf?.clerks)
    },
    kit: (issuerId, kitId) => shelves.get(issuerId)?.kits.get(kitId),
    kitsOf: (issuerId, outletId) => {
      const shelf = shelves.get(issuerId)
      return listed(shelf?.kitsOf.get(outletId), shelf?.kits)
    },
  }
}

function byNumber(one: Partner, other: Partner): number {
  return one.partnerId - other.partnerId
}

function placeIn(
  shelf: Shelf | undefined,
  merchant: Merchant,
  outletNumber: number,
): MerchantPlace {
  const outlets = listed(shelf?.outletsOf.get(merchant.merchantId), shelf?.outlets)
  return { merchant, outlet: outletOfNumber(outlets, outletNumber) }
}

function noteBusinessNumber(
  byBusinessNumber: Map<string, Map<IssuerId, MerchantId>>,
  { merchants }: Shelf,
  recordId: number,
): void {
  const merchant = merchants.get(recordId as MerchantId) // The record id of a merchant is the merchant's.
  if (merchant === undefined) return
  const { issuerId, merchantId, businessNumber } = merchant
  const known = byBusinessNumber.get(businessNumber) ?? new Map<IssuerId, MerchantId>()
  byBusinessNumber.set(businessNumber, known.set(issuerId, merchantId))
}

function emptyShelf(): Shelf {
  return {
    versions: new Map(),
    issuer: undefined,
    ...emptyProgramShelf(),
    merchants: new Map(),
    lives: new Map(),
    outlets: new Map(),
    clerks: new Map(),
    kits: new Map(),
    outletsOf: new Map(),
    clerksOf: new Map(),
    kitsOf: new Map(),
    stopped: new Set(),
    guarded: new Set(),
    partners: new Map(),
  }
}

function applyVersion(
  shelf: Shelf,
  issuerId: IssuerId,
  record: StoredRecord & { readonly kind: RecordKind },
): void {
  const { kind, recordId, version } = record
  if (kind === 'terms') return addVersionOfTerms(shelf, issuerId, record)
  if (kind === 'issuer_rules') return addVersionOfRules(shelf, issuerId, record)
  const place = `${kind}/${recordId}`
  if ((shelf.versions.get(place) ?? 0) >= version) return
  shelf.versions.set(place, version)
  applyNewest(shelf, issuerId, record)
}

/** In each case the record's id is that of the thing itself; for a stop or guard it is the wallet's. */
function applyNewest(
  shelf: Shelf,
  issuerId: IssuerId,
  { kind, recordId, body }: StoredRecord & { readonly kind: RecordKind },
): void {
  switch (kind) {
    case 'issuer':
      shelf.issuer = { issuerId, ...readBody(kind, body) }
      return
    case 'program':
      shelf.programs.set(recordId as ProgramId, readBody(kind, body))
      shelf.programList = undefined
      return
    case 'merchant': {
      const merchantId = recordId as MerchantId
      shelf.merchants.set(merchantId, { issuerId, merchantId, ...readBody(kind, body) })
      return
    }
    case 'merchant_life':
      shelf.lives.set(recordId as MerchantId, readBody(kind, body))
      return
    case 'outlet': {
      const outletId = recordId as OutletId
      const outlet: Outlet = { issuerId, outletId, ...readBody(kind, body) }
      shelf.outlets.set(outletId, outlet)
      addTo(shelf.outletsOf, outlet.merchantId, outletId)
      return
    }
    case 'clerk': {
      const clerkId = recordId as ClerkId
      const { active, ...clerk } = readBody(kind, body)
      if (active) shelf.clerks.set(clerkId, { issuerId, clerkId, ...clerk })
      else shelf.clerks.delete(clerkId)
      addTo(shelf.clerksOf, clerk.merchantId, clerkId)
      return
    }
    case 'kit': {
      const kitId = recordId as QrKitId
      const kit: QrKit = { issuerId, kitId, ...readBody(kind, body) }
      shelf.kits.set(kitId, kit)
      addTo(shelf.kitsOf, kit.outletId, kitId)
      return
    }
    case 'wallet_stop':
      if (readBody(kind, body).stopped) shelf.stopped.add(recordId as WalletId)
      else shelf.stopped.delete(recordId as WalletId)
      return
    case 'wallet_guard':
      if (readBody(kind, body).guarded) shelf.guarded.add(recordId as WalletId)
      else shelf.guarded.delete(recordId as WalletId)
      return
    case 'partner': {
      const partnerId = recordId as PartnerId
      shelf.partners.set(partnerId, { partnerId, ...readBody(kind, body) })
      return
    }
    case 'funding_pot': {
      const potId = recordId as PotId
      shelf.pots.set(potId, { potId, issuerId, ...readBody(kind, body) })
      return
    }
    default:
  }
}

function addTo<Owner, Item>(lists: Map<Owner, Set<Item>>, owner: Owner, item: Item): void {
  const list = lists.get(owner) ?? new Set()
  list.add(item)
  lists.set(owner, list)
}

function listed<Key, Item>(keys: Set<Key> | undefined, items?: Map<Key, Item>): readonly Item[] {
  return [...(keys ?? [])].flatMap((key) => items?.get(key) ?? [])
}
