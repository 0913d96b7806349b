/**
 * The parts of a member's copy of their own data, each a list that is read page by page as the file goes out: no part
 * is in memory as a whole, however long the member has been one.
 */
import type { AccessEntry } from '../../access/access.ts'
import { formatId, type MemberId } from '../../base/base.ts'
import type { Earning } from '../../cashback/cashback.ts'
import { mobileDigits } from '../../issuing/issuing.ts'
import type { Lot, RecordedOperation } from '../../ledger/ledger.ts'
import type { MemberAccount } from '../../registration/registration.ts'
import {
  acceptedGifts,
  memberRecordKinds,
  pagesOf,
  plainRecord,
  recordsOfMember,
  RECORDS_PAGE,
  type MemberPlace,
  type MemberRecordKind,
} from '../../rights/rights.ts'
import { instantText } from '../door.ts'
import { ownEntryView } from './access-log.ts'
import { earningView } from './cashback.ts'
import type { RouteDeps } from './route-deps.ts'
import { moneyView } from './views.ts'
import { operationView } from './wallets.ts'

type Items = AsyncIterable<object>
/** A name in the file, and what stands in the list of that name. */
export type Part = readonly [name: string, items: Items]

const recordKinds = Object.keys(memberRecordKinds) as MemberRecordKind[] // The table's own keys.

export function partsOf(deps: RouteDeps, account: MemberAccount): readonly Part[] {
  const { issuerId, memberId, phone } = account.member
  const place: MemberPlace = { issuerId, memberId, walletId: account.walletId }
  return [
    ...recordKinds.map((kind): Part => [kind, recordItems(deps, place, kind)]),
    ['gift_received', receivedItems(deps, place, phone)],
    ['lot', lotItems(deps, place)],
    ['operation', operationItems(deps, place)],
    ['stipend', stipendItems(deps, place)],
    ['cashback', cashbackItems(deps, place)],
    ['acts_for', corporationItems(deps, place)],
    ['access', accessItems(deps, place)],
  ]
}

/** The history of the wallet, the newest operation first; those that only keep a place in the ledger too. */
export async function* operationsOf(
  { reading }: Pick<RouteDeps, 'reading'>,
  { issuerId, walletId }: MemberPlace,
): AsyncGenerator<RecordedOperation> {
  const pages = pagesOf<RecordedOperation>((before) =>
    reading.walletOperations(issuerId, walletId, {
      ...(before && { before }),
      limit: RECORDS_PAGE,
    }),
  )
  for await (const page of pages) yield* page
}

async function* recordItems(
  { records }: RouteDeps,
  place: MemberPlace,
  kind: MemberRecordKind,
): Items {
  for await (const stored of recordsOfMember(records, place, kind)) {
    yield plainRecord(kind, stored, place.memberId)
  }
}

async function* receivedItems({ records }: RouteDeps, place: MemberPlace, phone: string): Items {
  const digits = mobileDigits(phone)
  if (digits === undefined) return
  for await (const stored of acceptedGifts(records, place, digits)) {
    yield plainRecord('gift', stored, place.memberId)
  }
}

async function* lotItems(
  { ledger, issuing }: RouteDeps,
  { issuerId, walletId }: MemberPlace,
): Items {
  for (const lot of await ledger.lots(issuerId, walletId)) {
    yield { ...moneyView(issuing, issuerId, lot), ...lotFields(lot) }
  }
}

function lotFields({ lotId, faceWon, remainingWon, heldWon, expiresAt }: Lot): object {
  const expires = instantText(expiresAt)
  return { lotId: formatId('lot', lotId), faceWon, remainingWon, heldWon, expiresAt: expires }
}

async function* operationItems(deps: RouteDeps, place: MemberPlace): Items {
  for await (const operation of operationsOf(deps, place)) {
    yield operationView(deps, place.issuerId, operation)
  }
}

async function* stipendItems({ granting }: RouteDeps, { issuerId, memberId }: MemberPlace): Items {
  const { stipends } = await granting.stipendsOf(issuerId, memberId)
  for (const { batchId, programId, round, amountWon } of stipends) {
    const batch = formatId('stb', batchId)
    yield { batchId: batch, programId: formatId('prg', programId), round, amountWon }
  }
}

async function* cashbackItems(deps: RouteDeps, { issuerId, walletId }: MemberPlace): Items {
  const pages = pagesOf<Earning>((before) =>
    deps.cashback.earningsOf(issuerId, walletId, {
      ...(before && { before }),
      limit: RECORDS_PAGE,
    }),
  )
  for await (const page of pages) {
    yield* page.map((earning) => earningView(deps, issuerId, earning))
  }
}

/** For which corporations the member acts or acted: their own part of it, and nobody else's. */
async function* corporationItems(
  { corporations }: RouteDeps,
  { issuerId, memberId }: MemberPlace,
): Items {
  for (const { corporationId, name, people } of await corporations.corporationsOf(
    issuerId,
    memberId,
  )) {
    const own = people.find((person) => person.memberId === memberId)
    if (own === undefined) continue
    const { state, at } = own
    yield { corporationId: formatId('cor', corporationId), name, state, at: instantText(at) }
  }
}

async function* accessItems({ accessLog }: RouteDeps, place: MemberPlace): Items {
  const subject = subjectOf(place.memberId)
  const pages = pagesOf<AccessEntry>((last) =>
    accessLog.ofSubject(place.issuerId, subject, { before: last?.accessId, limit: RECORDS_PAGE }),
  )
  for await (const page of pages) yield* page.map(ownEntryView)
}

export function subjectOf(memberId: MemberId): string {
  return formatId('mbr', memberId)
}
