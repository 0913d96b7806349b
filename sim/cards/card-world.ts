/**
 * A very small country of cards drawn from a seed: a municipality and a ministry, shops that one, both or none of them
 * know, few people with a wallet at each, and two card companies whose cards share these wallets.
 */
import {
  id,
  won,
  type Instant,
  type IssuerId,
  type MemberId,
  type PartnerId,
  type ProgramId,
  type WalletId,
} from '../../src/base/base.ts'
import type { FedRecord } from '../../src/cards/cards.ts'
import type { Random } from '../../src/demonstration/random.ts'
import { sampleTerms } from '../../src/issuing/terms-sample.ts'
import type { CardLinkBody, RecordKind } from '../../src/registration/registration.ts'
import type { IssuedCard } from '../../simulated/card-company-books.ts'

export const MUNICIPALITY = id('iss', 1)
export const MINISTRY = id('iss', 2)
export const ISSUERS: readonly IssuerId[] = [MUNICIPALITY, MINISTRY]
/** The operator's own books. */
export const OPERATOR = 0 as IssuerId // Brand: no issuer bears the number, so `id` refuses it.
export const PARTNERS: readonly PartnerId[] = [id('prt', 1), id('prt', 2)]
export const GATEWAYS = ['a', 'b'] as const
export const DEADLINE_MS = 3_000

const START_INSTANTS = [
  '2026-11-22T12:00:00+09:00',
  '2026-11-30T23:58:30+09:00',
  '2026-12-31T23:56:00+09:00',
  '2028-02-29T10:00:00+09:00',
] as const
const PEOPLE_MIN = 2
const PEOPLE_MAX = 4
const CARDS_MAX = 4

export interface CityWallet {
  readonly issuerId: IssuerId
  readonly walletId: WalletId
  readonly memberId: MemberId
}

export interface CityCompany {
  readonly partnerId: PartnerId
  readonly code: string
  readonly cards: readonly IssuedCard[]
}

/** A link as it stands at first; officers may change it. */
export interface CityLink {
  readonly issuerId: IssuerId
  readonly linkId: number
  readonly body: CardLinkBody
}

export interface CardWorld {
  readonly startAt: Instant
  readonly records: readonly FedRecord[]
  readonly wallets: readonly CityWallet[]
  readonly companies: readonly CityCompany[]
  readonly links: readonly CityLink[]
  /** Merchant numbers that terminals use, each as often as it stands here. */
  readonly shops: readonly string[]
  readonly programs: readonly { readonly issuerId: IssuerId; readonly programId: ProgramId }[]
  /** The most that any program of an issuer allows stand-in. */
  readonly limits: ReadonlyMap<IssuerId, CityLimits>
}

export interface CityLimits {
  readonly perPaymentWonMax: number
  readonly paymentsMax: number
  readonly cumulativeWonMax: number
  readonly snapshotAgeHoursMax: number
}

export const issuerCode = (issuerId: IssuerId): string =>
  issuerId === MUNICIPALITY ? 'haean' : 'market'

export function createCardWorld(random: Random): CardWorld {
  const startAt = Date.parse(random.pick(START_INSTANTS))
  const programs = [
    { issuerId: MUNICIPALITY, programId: id('prg', 1) },
    { issuerId: MUNICIPALITY, programId: id('prg', 2) },
    { issuerId: MINISTRY, programId: id('prg', 3) },
  ]
  const limits = new Map(ISSUERS.map((issuerId) => [issuerId, drawLimits(random)]))
  const people = random.integer(PEOPLE_MIN, PEOPLE_MAX)
  const wallets = ISSUERS.flatMap((issuerId) =>
    Array.from({ length: people }, (_, person): CityWallet => {
      const number = issuerId * 100 + person + 1
      return { issuerId, walletId: id('wlt', number), memberId: id('mbr', number) }
    }),
  )
  const links = PARTNERS.flatMap((partnerId) => drawLinks(random, partnerId, people))
  const records = [
    ...issuerRecords(),
    ...partnerRecords(),
    ...programs.flatMap((program) =>
      programRecords(random, program, limits.get(program.issuerId)!),
    ),
    ...shopRecords(startAt),
    ...links.map(({ issuerId, linkId, body }) => recordOf(issuerId, 'card_link', linkId, body)),
  ]
  return {
    startAt,
    records,
    wallets,
    companies: PARTNERS.map((partnerId) => companyOf(random, partnerId, links)),
    links,
    shops: shopNumbers,
    programs,
    limits,
  }
}

function drawLimits(random: Random): CityLimits {
  return {
    perPaymentWonMax: random.pick([20_000, 50_000, 100_000]),
    paymentsMax: random.pick([1, 3, 8, 30]),
    cumulativeWonMax: random.pick([30_000, 100_000, 400_000]),
    snapshotAgeHoursMax: random.pick([1, 24]),
  }
}

function recordOf(
  issuerId: IssuerId,
  kind: RecordKind,
  recordId: number,
  body: object,
): FedRecord & { readonly body: object } {
  return { issuerId, kind, recordId, version: 1, body }
}

function issuerRecords(): FedRecord[] {
  return ISSUERS.map((issuerId) =>
    recordOf(issuerId, 'issuer', issuerId, {
      code: issuerCode(issuerId),
      nameKo: issuerId === MUNICIPALITY ? '해안시' : '전통시장',
      nameEn: issuerId === MUNICIPALITY ? 'Haean' : 'Market',
      province: 'jeonbuk',
      kind: issuerId === MUNICIPALITY ? 'municipality' : 'ministry',
      treasuryBank: '농협은행',
    }),
  )
}

function partnerRecords(): FedRecord[] {
  return PARTNERS.map((partnerId) =>
    recordOf(OPERATOR, 'partner', partnerId, {
      code: partnerId === 1 ? 'hanbit' : 'narae',
      nameKo: partnerId === 1 ? '한빛카드' : '나래카드',
      nameEn: partnerId === 1 ? 'Hanbit Card' : 'Narae Card',
      profile: partnerId === 1 ? 'hanbit' : 'narae',
      deadlineMs: DEADLINE_MS,
      holdDays: 7,
      settlementLagDays: 3,
      settlementAccount: null,
      active: true,
    }),
  )
}

function programRecords(
  random: Random,
  { issuerId, programId }: { issuerId: IssuerId; programId: ProgramId },
  limits: CityLimits,
): FedRecord[] {
  const { programId: _program, issuerId: _issuer, version: _version, ...sample } = sampleTerms
  // A second program may be stricter than what the checkers take for the issuer's limits, never more generous.
  const standInLimits = random.chance(70) ? limits : { ...limits, perPaymentWonMax: 10_000 }
  return [
    recordOf(issuerId, 'program', programId, { name: '상품권', nameEn: 'Voucher' }),
    recordOf(issuerId, 'terms', programId, {
      ...sample,
      tenderRank: 10 * programId,
      splitTender: random.chance(80),
      fallbackPreference: random.pick(['decline', 'provisional_debit'] as const),
      standInLimits,
      requestId: null,
    }),
  ]
}

/** Business numbers of the municipality's shop, of one that both know, of the ministry's, of a casino, of nobody's. */
const shopNumbers = [
  '900010000100000',
  '900010000100000',
  '900010000100000',
  '900010000200000',
  '900010000200000',
  '900010000300000',
  '900010000300000',
  '900010000400000',
  '900010000500000',
] as const

function shopRecords(registeredAt: Instant): FedRecord[] {
  return [
    ...shopOf(MUNICIPALITY, 1, { sector: 'snack_bar', registeredAt }),
    ...shopOf(MUNICIPALITY, 2, { sector: 'snack_bar', registeredAt }),
    ...shopOf(MINISTRY, 2, { sector: 'greengrocer', registeredAt }),
    ...shopOf(MINISTRY, 3, { sector: 'greengrocer', registeredAt }),
    ...shopOf(MUNICIPALITY, 4, { sector: 'gambling', registeredAt }),
  ]
}

function shopOf(
  issuerId: IssuerId,
  number: number,
  { sector, registeredAt }: { sector: string; registeredAt: Instant },
): FedRecord[] {
  const recordId = issuerId * 10 + number
  const place = { district: '가상동' }
  return [
    recordOf(issuerId, 'merchant', recordId, {
      ...place,
      name: '가상 상점',
      nameLatin: 'Imaginary Shop',
      businessNumber: `900010000${number}`,
      ownerPersonId: 'person-0900',
      sector,
      annualRevenueWon: won(100_000_000),
      status: 'active',
      registeredAt,
    }),
    recordOf(issuerId, 'outlet', recordId, {
      ...place,
      merchantId: recordId,
      name: '본점',
      address: '가상로 1',
      open: true,
    }),
  ]
}

/** A card is linked to its holder's wallet at one issuer or both; some choose the card first. */
function drawLinks(random: Random, partnerId: PartnerId, people: number): CityLink[] {
  return Array.from({ length: random.integer(2, CARDS_MAX) }, (_, card) => card).flatMap((card) => {
    const person = random.integer(0, people - 1)
    const issuers = random.pick([ISSUERS, ISSUERS, [MUNICIPALITY], [MINISTRY]])
    return issuers.map((issuerId): CityLink => {
      const number = issuerId * 100 + person + 1
      const body: CardLinkBody = {
        partnerId,
        cardToken: tokenOf(partnerId, card),
        lastFour: String(1_000 + card),
        memberId: id('mbr', number),
        walletId: id('wlt', number),
        personId: `person-${number}`,
        spending: random.chance(92) ? 'voucher_first' : 'card_first',
        onUnknown: random.pick(['decline', 'provisional_debit', null] as const),
        active: true,
      }
      return { issuerId, linkId: issuerId * 1_000 + partnerId * 100 + card + 1, body }
    })
  })
}

function tokenOf(partnerId: PartnerId, card: number): string {
  return `CARD${partnerId}${String(card + 1).padStart(7, '0')}`
}

function companyOf(random: Random, partnerId: PartnerId, links: readonly CityLink[]): CityCompany {
  const own = links.filter(({ body }) => body.partnerId === partnerId)
  const tokens = [...new Set(own.map(({ body }) => body.cardToken))]
  const linked = tokens.map((cardToken): IssuedCard => ({
    cardToken,
    lastFour: '0001',
    personId: 'person-0001',
    accountWon: random.pick([40_000, 5_000_000, 5_000_000]),
    links: own
      .filter(({ body }) => body.cardToken === cardToken)
      .map(({ issuerId, body: { spending, onUnknown } }) => ({
        issuerCode: issuerCode(issuerId),
        spending,
        onUnknown,
      })),
  }))
  const unlinked: IssuedCard = {
    cardToken: `LONE${partnerId}0000001`,
    lastFour: '0009',
    personId: 'person-0009',
    accountWon: 5_000_000,
    links: [],
  }
  return { partnerId, code: partnerId === 1 ? 'hanbit' : 'narae', cards: [...linked, unlinked] }
}
