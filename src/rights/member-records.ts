/**
 * Which records of the registry are about a member, and how they are found: one table, which the copy of one's own
 * data and the erasure both go by, so that what one of them shows the other takes away.
 */
import type { IssuerId, MemberId, WalletId } from '../base/base.ts'
import {
  keyPrefix,
  naturalKey,
  recordOf,
  type RecordKind,
  type Registry,
  type StoredRecord,
} from '../registration/registration.ts'
import { pagesOf, RECORDS_PAGE } from './page-walk.ts'

export interface MemberPlace {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly walletId: WalletId
}

/** By the member's own number, by the wallet's, among those listed under one of them, or as the case of a report. */
type FoundBy = 'member_id' | 'wallet_id' | 'member_list' | 'wallet_list' | 'report'

export const memberRecordKinds = {
  member: 'member_id',
  device: 'member_id',
  wallet_stop: 'wallet_id',
  consent: 'member_list',
  card_link: 'wallet_list',
  gift: 'member_list',
  gift_day: 'member_id',
  virtual_account: 'member_list',
  top_up_order: 'member_list',
  refund_request: 'member_list',
  appeal: 'member_list',
  clawback: 'member_list',
  report: 'member_list',
  case: 'report',
  conversion: 'member_list',
  notice: 'member_list',
  tax_setting: 'member_id',
  confirmation: 'member_id',
  wallet_guard: 'wallet_id',
  pin_attempts: 'member_id',
} as const satisfies Partial<Record<RecordKind, FoundBy>>
export type MemberRecordKind = keyof typeof memberRecordKinds

/** Cards that one wallet ever had. */
const CARDS_EVER_MAX = 1_000

type Reading = Pick<Registry, 'read' | 'listByKey'>

/** The newest version of each record of a kind, the newest record first, a page at a time. */
export async function* recordsOfMember(
  registry: Reading,
  { issuerId, memberId, walletId }: MemberPlace,
  kind: MemberRecordKind,
): AsyncGenerator<StoredRecord> {
  switch (memberRecordKinds[kind]) {
    case 'member_id':
      yield* await registry.read(issuerId, kind, [memberId])
      return
    case 'wallet_id':
      yield* await registry.read(issuerId, kind, [walletId])
      return
    case 'wallet_list': {
      const prefix = keyPrefix.cardsOfWallet(walletId)
      const cards = await registry.listByKey(issuerId, 'card_link', prefix, CARDS_EVER_MAX)
      // A card that another member links later goes over to them.
      yield* cards.filter((card) => recordOf('card_link', card).body.memberId === memberId)
      return
    }
    case 'report':
      for await (const page of listed(registry, { issuerId, memberId, kind: 'report' })) {
        const reports = page.map(({ recordId }) => recordId)
        yield* await registry.read(issuerId, 'case', reports)
      }
      return
    default:
      for await (const page of listed(registry, { issuerId, memberId, kind })) yield* page
  }
}

/** Presents to whoever bears a number that this member accepted. */
export async function* acceptedGifts(
  registry: Reading,
  { issuerId, memberId }: MemberPlace,
  digits: string,
): AsyncGenerator<StoredRecord> {
  const prefix = keyPrefix.ofPhone(digits)
  const pages = pagesOf<StoredRecord>((last) => {
    const before = last && naturalKey.ofPhone(digits, last.recordId)
    return registry.listByKey(issuerId, 'gift', prefix, RECORDS_PAGE, before)
  })
  for await (const page of pages) {
    yield* page.filter((stored) => recordOf('gift', stored).body.receiverId === memberId)
  }
}

function listed(
  registry: Reading,
  wanted: {
    readonly issuerId: IssuerId
    readonly memberId: MemberId
    readonly kind: RecordKind
  },
): AsyncGenerator<readonly StoredRecord[]> {
  const { issuerId, memberId, kind } = wanted
  const prefix = keyPrefix.ofMember(memberId)
  return pagesOf<StoredRecord>((last) => {
    const before = last && naturalKey.ofMember(memberId, last.recordId)
    return registry.listByKey(issuerId, kind, prefix, RECORDS_PAGE, before)
  })
}
