/** The demonstration's card companies and linked cards. Every step is idempotent, like the rest of the seeding. */
import {
  assert,
  derivedOperationId,
  id,
  requestHash,
  won,
  type Clock,
  type IssuerId,
  type WalletId,
  OPERATOR,
} from '../base/base.ts'
import {
  crowdCard,
  crowdPerson,
  demonstrationCards,
  demonstrationPartners,
  type Demonstration,
  type DemonstrationCard,
  type DemonstrationLink,
} from '../demonstration/demonstration.ts'
import { lotExpiresAt, termsAt } from '../issuing/issuing.ts'
import { SET_SIZE_MAX, type Ledger } from '../ledger/ledger.ts'
import {
  naturalKey,
  newRecord,
  readBody,
  type NewRecord,
  type Registry,
  type StoredRecord,
} from '../registration/registration.ts'
import { sha256 } from './keys.ts'

/** What each of the crowd is granted. */
export const CROWD_WON = won(1_000_000)

export interface CardSeedDeps {
  readonly registry: Registry
  readonly ledger: Pick<Ledger, 'openWallets' | 'issue'>
  readonly clock: Clock
}

/** A link of a card, flattened: whose it is and which card. */
interface LinkedCard {
  readonly card: DemonstrationCard
  readonly link: DemonstrationLink
}

interface CrowdCard extends LinkedCard {
  readonly number: number
}

/** Also for a demonstration that was set up before there were cards. */
export async function seedCards(deps: CardSeedDeps, demonstration: Demonstration): Promise<void> {
  const { registry, clock } = deps
  const partnerIds = demonstrationPartners.map(({ partnerId }) => partnerId)
  const stored = await registry.read(OPERATOR, 'partner', partnerIds)
  if (stored.length === partnerIds.length) return addAccounts(deps, stored)
  const linked = demonstrationCards(demonstration).flatMap((card) =>
    card.links.map((link) => ({ card, link })),
  )
  for (const [issuerId, own] of Map.groupBy(linked, ({ link }) => link.issuerId)) {
    const members = own.map(({ link }) => link.memberId)
    const known = new Set(
      (await registry.read(issuerId, 'member', members)).map((member) => member.recordId),
    )
    const records = own.filter(({ link }) => known.has(link.memberId)).map(linkRecord)
    await appendOnce(deps, issuerId, records)
  }
  // Written last: they mark that all the rest is there.
  const partners = demonstrationPartners.map(({ partnerId, ...body }) =>
    newRecord('partner', { recordId: partnerId, version: 1, body: { ...body, active: true } }),
  )
  const result = await registry.append(OPERATOR, 'system', partners, clock())
  assert(result.status === 'appended', 'the card companies are all there or none is')
}

/** Of a demonstration that was set up before card companies had an account to be paid to. */
async function addAccounts(
  { registry, clock }: CardSeedDeps,
  stored: readonly StoredRecord[],
): Promise<void> {
  const records = stored.flatMap(({ recordId, version, body: before }) => {
    const body = readBody('partner', before)
    const company = demonstrationPartners.find(({ partnerId }) => partnerId === recordId)
    if (body.settlementAccount !== null || company === undefined) return []
    const next = { ...body, settlementAccount: company.settlementAccount }
    return [newRecord('partner', { recordId, version: version + 1, body: next })]
  })
  // A conflict: another process was faster.
  if (records.length > 0) await registry.append(OPERATOR, 'system', records, clock())
}

/** In the demonstration a member and the wallet share their number. */
const walletOf = (memberId: number): WalletId => id('wlt', memberId)

function linkRecord({ card, link }: LinkedCard): NewRecord {
  const { partnerId, cardToken, lastFour, personId } = card
  const { linkId, memberId, spending, onUnknown } = link
  const walletId = walletOf(memberId)
  return newRecord('card_link', {
    recordId: linkId,
    version: 1,
    body: {
      partnerId,
      cardToken,
      lastFour,
      memberId,
      walletId,
      personId,
      spending,
      onUnknown,
      active: true,
    },
    keys: [
      naturalKey.card(partnerId, cardToken),
      naturalKey.cardOfWallet(walletId, partnerId, cardToken),
    ],
  })
}

/** A repeat meets a version conflict and is false: some of them are there already, and nothing was written. */
async function appendOnce(
  { registry, clock }: CardSeedDeps,
  issuerId: IssuerId,
  records: readonly NewRecord[],
): Promise<boolean> {
  if (records.length === 0) return true
  const result = await registry.append(issuerId, 'system', records, clock())
  assert(result.status !== 'key_taken', 'the demonstration gives no natural key twice')
  return result.status === 'appended'
}

/**
 * Makes members of people of the crowd, each with a linked card and value to spend, over all issuers in turn: for
 * measuring with many cards. @param count from `crowd-1` on
 */
export async function seedCardCrowd(
  deps: CardSeedDeps,
  demonstration: Demonstration,
  count: number,
): Promise<void> {
  const { issuers } = demonstration
  const linked = Array.from({ length: count }, (_, index): CrowdCard => {
    const number = index + 1
    const card = crowdCard(number, issuers)
    return { number, card, link: card.links[0] }
  })
  for (const [issuerId, own] of Map.groupBy(linked, ({ link }) => link.issuerId)) {
    for (let from = 0; from < own.length; from += SET_SIZE_MAX) {
      await seedCrowdOf(deps, demonstration, {
        issuerId,
        own: own.slice(from, from + SET_SIZE_MAX),
      })
    }
  }
}

async function seedCrowdOf(
  deps: CardSeedDeps,
  demonstration: Demonstration,
  { issuerId, own }: { issuerId: IssuerId; own: readonly CrowdCard[] },
): Promise<void> {
  const { ledger, clock } = deps
  const now = clock()
  const records = own.flatMap((one) => [crowdMember(one), linkRecord(one)])
  if (!(await appendOnce(deps, issuerId, records))) {
    // A smaller crowd was here before: who is new comes in one by one.
    for (const one of own) await appendOnce(deps, issuerId, [crowdMember(one), linkRecord(one)])
  }
  await ledger.openWallets(
    issuerId,
    own.map(({ link: { memberId } }) => ({ memberId, walletId: walletOf(memberId) })),
    now,
  )
  const { programId, terms } = demonstration.programs.find(
    (program) => program.issuerId === issuerId && program.terms[0]!.kind === 'purchase',
  )!
  const expiresAt = lotExpiresAt(termsAt(terms, now)!, now)
  await ledger.issue(
    issuerId,
    own.map(({ link: { memberId } }) => {
      const hash = requestHash(sha256, ['demonstration', 'crowd', memberId])
      return {
        operationId: derivedOperationId(hash),
        requestHash: hash,
        walletId: walletOf(memberId),
        // Below every number that an id source makes, above the stipends'.
        lotId: id('lot', 1_000_000_000 + memberId),
        programId,
        kind: 'gift' as const,
        expiresAt,
        sources: { payWon: CROWD_WON, nationalWon: won(0), provinceWon: won(0), cityWon: won(0) },
      }
    }),
    now,
  )
}

function crowdMember({ number, link }: CrowdCard): NewRecord {
  const { personId, name, birthDate, phone } = crowdPerson(number)
  return newRecord('member', {
    recordId: link.memberId,
    version: 1,
    body: {
      personId,
      name,
      birthDate,
      phone,
      status: 'active',
      walletId: walletOf(link.memberId),
      accountToken: `account-${personId}`,
      debitConsentId: null,
    },
    keys: [naturalKey.person(personId)],
  })
}
