/**
 * A member's linked cards. The card company is told first and our record counts afterwards: what holds when nobody can
 * ask us is the company's copy, so it may never be behind ours. Every use case comes out the same however often it is
 * repeated.
 */
import {
  formatId,
  type CardLinkId,
  type Clock,
  type IdSource,
  type Instant,
  type IssuerId,
  type MemberId,
  type OperationId,
  type PartnerId,
} from '../base/base.ts'
import {
  termsAt,
  type FallbackPreference,
  type Issuer,
  type IssuingDirectory,
} from '../issuing/issuing.ts'
import type { CardCompany, LinkedCard } from './card-company.ts'
import type { CardLinkBody, CardSpending } from './card-record-bodies.ts'
import { presentMember } from './present-member.ts'
import { keyPrefix, naturalKey } from './record-bodies.ts'
import type { PartnerDirectory } from './record-directory.ts'
import {
  changeRecords,
  findRecord,
  newRecord,
  readRecord,
  recordOf,
  type Change,
  type RecordOf,
} from './record-store.ts'
import { refused, type Refused, type Registered } from './refusal.ts'
import type { Registry } from './registry.ts'

/** Cards that one member may have linked at one time. */
export const CARDS_PER_MEMBER_MAX = 10
/** Cards that a wallet ever had, of which at most so many are looked at. */
const CARDS_EVER_MAX = 200

export interface MemberCard extends CardLinkBody {
  readonly issuerId: IssuerId
  readonly linkId: CardLinkId
}

export interface CardLinking {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly requestId: OperationId
  readonly partnerCode: string
  /** From the card company's app, good once. */
  readonly linkCode: string
  readonly spending: CardSpending
  readonly onUnknown: FallbackPreference | null
}

export interface CardChange {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly linkId: CardLinkId
  /** Absent: as it is. */
  readonly spending?: CardSpending
  readonly onUnknown?: FallbackPreference | null
}

/** All methods throw the registry's Faults, and `card_company_unavailable`: then nothing was changed here. */
export interface CardLinks {
  linkCard(linking: CardLinking): Promise<Registered<{ readonly card: MemberCard }>>
  changeCard(change: CardChange): Promise<Registered<{ readonly card: MemberCard }>>
  unlinkCard(command: {
    readonly issuerId: IssuerId
    readonly memberId: MemberId
    readonly linkId: CardLinkId
  }): Promise<Registered<{ readonly card: MemberCard }>>
  /** Active ones, the first linked first. */
  cardsOf(issuerId: IssuerId, memberId: MemberId): Promise<readonly MemberCard[]>
}

export interface CardLinkDeps {
  readonly registry: Registry
  readonly ids: IdSource
  readonly clock: Clock
  readonly partners: PartnerDirectory
  readonly issuing: Pick<IssuingDirectory, 'issuer' | 'programs'>
  /** The linking service of a partner; `undefined` where there is none. */
  readonly companies: (partnerCode: string) => CardCompany | undefined
}

export function createCardLinks(deps: CardLinkDeps): CardLinks {
  return {
    linkCard: (linking) => linkCard(deps, linking),
    changeCard: (change) => changeCard(deps, change),
    unlinkCard: (command) => unlinkCard(deps, command),
    cardsOf: (issuerId, memberId) => cardsOf(deps, issuerId, memberId),
  }
}

async function linkCard(
  deps: CardLinkDeps,
  linking: CardLinking,
): Promise<Registered<{ readonly card: MemberCard }>> {
  const { registry } = deps
  const { issuerId, memberId, requestId, partnerCode, linkCode } = linking
  const repeated = await findRecord(registry, issuerId, 'card_link', naturalKey.request(requestId))
  if (repeated !== undefined) {
    const isOwn = repeated.body.memberId === memberId
    return isOwn ? registeredCard(issuerId, repeated) : refused('request_reused')
  }
  const partner = deps.partners.partnerByCode(partnerCode)
  const company = deps.companies(partnerCode)
  const issuer = deps.issuing.issuer(issuerId)
  if (partner?.active !== true || company === undefined || issuer === undefined) {
    return refused('partner_unknown')
  }
  const owner = await linkingMember(deps, issuerId, memberId)
  if ('status' in owner) return owner
  const card = await company.redeem({ linkCode, issuerCode: issuer.code })
  if (card === undefined) return refused('link_code_unknown')
  const { partnerId } = partner
  const holder = await holderOf(deps, { issuerId, partnerId, card })
  if (holder?.active === true && holder.memberId !== memberId) {
    // The company's link of this card with this issuer is the other member's: it stays.
    return refused('card_of_another_member')
  }
  const { spending, onUnknown } = linking
  if (
    !(await tellWishes(deps, { company, issuer, cardToken: card.cardToken, spending, onUnknown }))
  ) {
    return refused('link_code_unknown')
  }
  const body: CardLinkBody = {
    partnerId,
    ...card,
    memberId,
    ...owner,
    spending,
    onUnknown,
    active: true,
  }
  return recordLink(deps, { issuerId, requestId, body })
}

/** The member whose wallet will stand behind the card, if there is room for one more. */
async function linkingMember(
  deps: CardLinkDeps,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<Pick<CardLinkBody, 'walletId' | 'personId'> | Refused> {
  const member = await presentMember(deps.registry, issuerId, memberId)
  if (member === undefined) return refused('member_unknown')
  const { walletId, personId } = member.body
  const stop = await readRecord(deps.registry, issuerId, 'wallet_stop', walletId)
  if (stop?.body.stopped === true) return refused('wallet_stopped')
  const cards = await cardsOf(deps, issuerId, memberId)
  if (cards.length >= CARDS_PER_MEMBER_MAX) return refused('too_many_cards')
  return { walletId, personId }
}

async function holderOf(
  deps: CardLinkDeps,
  { issuerId, partnerId, card }: { issuerId: IssuerId; partnerId: PartnerId; card: LinkedCard },
): Promise<CardLinkBody | undefined> {
  const key = naturalKey.card(partnerId, card.cardToken)
  return (await findRecord(deps.registry, issuerId, 'card_link', key))?.body
}

/** Somebody else may have been faster since we looked: the card's key then belongs to an active link of theirs. */
async function recordLink(
  deps: CardLinkDeps,
  { issuerId, requestId, body }: { issuerId: IssuerId; requestId: OperationId; body: CardLinkBody },
): Promise<Registered<{ readonly card: MemberCard }>> {
  const { partnerId, cardToken, memberId, walletId } = body
  const cardKey = naturalKey.card(partnerId, cardToken)
  const decide = async (): Promise<Change<Registered<{ readonly card: MemberCard }>>> => {
    const known = await findRecord(deps.registry, issuerId, 'card_link', cardKey)
    if (known?.body.active === true && known.body.memberId !== memberId) {
      return { answer: refused('card_of_another_member') }
    }
    const recordId = known?.recordId ?? deps.ids.next('crd')
    const record = { recordId, version: (known?.version ?? 0) + 1, body }
    const keys = [
      cardKey,
      naturalKey.cardOfWallet(walletId, partnerId, cardToken),
      naturalKey.request(requestId),
    ]
    return {
      answer: registeredCard(issuerId, record),
      by: formatId('mbr', memberId),
      records: [newRecord('card_link', { ...record, keys })],
    }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

async function changeCard(
  deps: CardLinkDeps,
  { issuerId, memberId, linkId, ...wanted }: CardChange,
): Promise<Registered<{ readonly card: MemberCard }>> {
  const found = await ownLink(deps, { issuerId, memberId, linkId })
  if ('status' in found) return found
  const { company, issuer, record } = found
  const { spending, onUnknown, cardToken } = { ...record.body, ...wanted }
  if (!record.body.active) return refused('card_unknown')
  const isTold = await tellWishes(deps, { company, issuer, cardToken, spending, onUnknown })
  if (!isTold) return refused('card_unknown')
  return changeLink(deps, { issuerId, memberId, linkId }, (body) =>
    body.active ? { ...body, spending, onUnknown } : undefined,
  )
}

async function unlinkCard(
  deps: CardLinkDeps,
  command: {
    readonly issuerId: IssuerId
    readonly memberId: MemberId
    readonly linkId: CardLinkId
  },
): Promise<Registered<{ readonly card: MemberCard }>> {
  const found = await ownLink(deps, command)
  if ('status' in found) return found
  const { company, issuer, record } = found
  await company.endLink(record.body.cardToken, issuer.code)
  return changeLink(deps, command, (body) => ({ ...body, active: false }))
}

interface OwnLink {
  readonly issuerId: IssuerId
  readonly memberId: MemberId
  readonly linkId: CardLinkId
}

/** The member's own link, active or not, with the company to be told. */
async function ownLink(
  deps: CardLinkDeps,
  { issuerId, memberId, linkId }: OwnLink,
): Promise<{ company: CardCompany; issuer: Issuer; record: RecordOf<'card_link'> } | Refused> {
  const record = await readRecord(deps.registry, issuerId, 'card_link', linkId)
  if (record === undefined || record.body.memberId !== memberId) return refused('card_unknown')
  const partner = deps.partners.partner(record.body.partnerId)
  const company = partner && deps.companies(partner.code)
  const issuer = deps.issuing.issuer(issuerId)
  if (company === undefined || issuer === undefined) return refused('partner_unknown')
  return { company, issuer, record }
}

/** Writes nothing where nothing is to be changed. @param change `undefined`: the card is no longer linked */
function changeLink(
  deps: CardLinkDeps,
  { issuerId, memberId, linkId }: OwnLink,
  change: (body: CardLinkBody) => CardLinkBody | undefined,
): Promise<Registered<{ readonly card: MemberCard }>> {
  const decide = async (): Promise<Change<Registered<{ readonly card: MemberCard }>>> => {
    const record = await readRecord(deps.registry, issuerId, 'card_link', linkId)
    const body = record?.body.memberId === memberId ? change(record.body) : undefined
    if (record === undefined || body === undefined) return { answer: refused('card_unknown') }
    if (isSame(record.body, body)) return { answer: registeredCard(issuerId, record) }
    const next = { recordId: linkId, version: record.version + 1, body }
    return {
      answer: registeredCard(issuerId, next),
      by: formatId('mbr', memberId),
      records: [newRecord('card_link', next)],
    }
  }
  return changeRecords(deps.registry, issuerId, deps.clock(), decide)
}

function isSame(one: CardLinkBody, other: CardLinkBody): boolean {
  return (
    one.active === other.active &&
    one.spending === other.spending &&
    one.onUnknown === other.onUnknown
  )
}

async function cardsOf(
  { registry }: CardLinkDeps,
  issuerId: IssuerId,
  memberId: MemberId,
): Promise<readonly MemberCard[]> {
  const member = await readRecord(registry, issuerId, 'member', memberId)
  if (member === undefined) return []
  const prefix = keyPrefix.cardsOfWallet(member.body.walletId)
  const records = await registry.listByKey(issuerId, 'card_link', prefix, CARDS_EVER_MAX)
  return records
    .map((stored) => cardOf(issuerId, recordOf('card_link', stored)))
    .filter((card) => card.active && card.memberId === memberId)
    .toSorted((a, b) => a.linkId - b.linkId)
}

/** The company keeps what will hold, so "as the program says" is told as what the programs say today. */
function tellWishes(
  deps: CardLinkDeps,
  wishes: {
    readonly company: CardCompany
    readonly issuer: Issuer
    readonly cardToken: string
    readonly spending: CardSpending
    readonly onUnknown: FallbackPreference | null
  },
): Promise<boolean> {
  const { company, issuer, cardToken, spending } = wishes
  const onUnknown = wishes.onUnknown ?? programsWish(deps, issuer.issuerId, deps.clock())
  return company.tellWishes(cardToken, { issuerCode: issuer.code, spending, onUnknown })
}

/** Debiting somebody's account needs every program's word. */
function programsWish(
  { issuing }: Pick<CardLinkDeps, 'issuing'>,
  issuerId: IssuerId,
  now: Instant,
): FallbackPreference {
  const inForce = issuing.programs(issuerId).flatMap(({ terms }) => termsAt(terms, now) ?? [])
  const all = inForce.every((terms) => terms.fallbackPreference === 'provisional_debit')
  return inForce.length > 0 && all ? 'provisional_debit' : 'decline'
}

function registeredCard(
  issuerId: IssuerId,
  record: RecordOf<'card_link'>,
): Registered<{ readonly card: MemberCard }> {
  return { status: 'registered', card: cardOf(issuerId, record) }
}

function cardOf(issuerId: IssuerId, { recordId, body }: RecordOf<'card_link'>): MemberCard {
  return { issuerId, linkId: recordId as CardLinkId, ...body } // The record id of a link is the link's.
}
