/**
 * Cards of the demonstration, for both sides: the card companies' own books and our linked cards. One demonstration
 * always has the same cards.
 */
import {
  id,
  won,
  type CardLinkId,
  type IssuerId,
  type MemberId,
  type PartnerId,
  type Won,
} from '../base/base.ts'
import type { FallbackPreference } from '../issuing/issuing.ts'
import type { Demonstration } from './draft.ts'

/** A card company of the demonstration; invented like everything else. */
export interface DemonstrationPartner {
  readonly partnerId: PartnerId
  readonly code: 'hanbit' | 'narae'
  readonly nameKo: string
  readonly nameEn: string
  /** `iso8583`: ISO 8583:1987; `telegram`: the fixed-length telegram (전문). */
  readonly profile: 'iso8583' | 'telegram'
  readonly deadlineMs: number
  readonly holdDays: number
  readonly settlementLagDays: number
  readonly settlementAccount: {
    readonly bankCode: string
    readonly accountNumber: string
    readonly holderName: string
  }
}

export const demonstrationPartners: readonly DemonstrationPartner[] = [
  {
    partnerId: id('prt', 1),
    code: 'hanbit',
    nameKo: '한빛카드',
    nameEn: 'Hanbit Card',
    profile: 'iso8583',
    deadlineMs: 3_000,
    holdDays: 7,
    settlementLagDays: 2,
    settlementAccount: {
      bankCode: '004',
      accountNumber: '04010100000001',
      holderName: '한빛카드',
    },
  },
  {
    partnerId: id('prt', 2),
    code: 'narae',
    nameKo: '나래카드',
    nameEn: 'Narae Card',
    profile: 'telegram',
    deadlineMs: 3_000,
    holdDays: 7,
    settlementLagDays: 2,
    settlementAccount: {
      bankCode: '011',
      accountNumber: '01120200000002',
      holderName: '나래카드',
    },
  },
]

/** How one issuer's wallet stands behind a card. */
export interface DemonstrationLink {
  readonly linkId: CardLinkId
  readonly issuerId: IssuerId
  readonly issuerCode: string
  readonly memberId: MemberId
  readonly spending: 'voucher_first' | 'card_first'
  /** `null`: as the program says. */
  readonly onUnknown: FallbackPreference | null
}

export interface DemonstrationCard {
  readonly partnerId: PartnerId
  readonly partnerCode: 'hanbit' | 'narae'
  /** Sixteen capitals and digits, as the partner names the card to us. */
  readonly cardToken: string
  readonly lastFour: string
  readonly personId: string
  /** What the bank account behind it holds when the company opens its books. */
  readonly accountWon: Won
  /** Empty: a card that its holder may link for the first time. */
  readonly links: readonly DemonstrationLink[]
}

const ACCOUNT_WON = won(3_000_000)
/** 이서연 has a card that she has not linked yet. */
const UNLINKED_PERSON = 'person-0003'
/** 김하늘 has a card of either company, both in every municipality of hers. */
const TWO_CARDS_PERSON = 'person-0001'

/** One card for every member, of the two companies in turn, in the order of persons. */
export function demonstrationCards(demonstration: Demonstration): readonly DemonstrationCard[] {
  const codes = new Map(demonstration.issuers.map(({ issuerId, code }) => [issuerId, code]))
  const memberships = Map.groupBy(demonstration.members, (member) => member.personId)
  let links = 0
  return [...memberships].flatMap(([personId, members], index) => {
    const companies =
      personId === TWO_CARDS_PERSON
        ? demonstrationPartners
        : [demonstrationPartners[index % demonstrationPartners.length]!]
    return companies.map((company, position): DemonstrationCard => {
      const linked = personId === UNLINKED_PERSON ? [] : members
      return {
        ...cardOf(company, { number: index * 10 + position + 1, personId }),
        links: linked.map(({ issuerId, memberId }) => {
          links += 1
          return {
            linkId: id('crd', links),
            issuerId,
            issuerCode: codes.get(issuerId)!,
            memberId,
            ...wishesOf(index + position),
          }
        }),
      }
    })
  })
}

/** A card of somebody of the crowd, who is a member of the issuer of that place in turn. */
export function crowdCard(
  number: number,
  issuers: Demonstration['issuers'],
): DemonstrationCard & { readonly links: readonly [DemonstrationLink] } {
  const company = demonstrationPartners[number % demonstrationPartners.length]!
  const { issuerId, code } = issuers[number % issuers.length]!
  const card = cardOf(company, {
    number: CROWD_NUMBERS_FROM + number,
    personId: `crowd-${number}`,
  })
  const link: DemonstrationLink = {
    // Above the demonstration's own ids and below every number that an id source makes.
    linkId: id('crd', CROWD_NUMBERS_FROM + number),
    issuerId,
    issuerCode: code,
    memberId: id('mbr', CROWD_NUMBERS_FROM + number),
    ...wishesOf(number),
  }
  return { ...card, links: [link] }
}

const CROWD_NUMBERS_FROM = 1_000_000

function cardOf(
  { partnerId, code }: DemonstrationPartner,
  { number, personId }: { number: number; personId: string },
): Omit<DemonstrationCard, 'links'> {
  return {
    partnerId,
    partnerCode: code,
    cardToken: `${code.slice(0, 3).toUpperCase()}${String(number).padStart(13, '0')}`,
    lastFour: String((number * 7_919) % 10_000).padStart(4, '0'),
    personId,
    accountWon: ACCOUNT_WON,
  }
}

/** Most leave everything as the program says; the first and the walk-through's people are among these. */
function wishesOf(number: number): Pick<DemonstrationLink, 'spending' | 'onUnknown'> {
  return {
    spending: number % 11 === 7 ? 'card_first' : 'voucher_first',
    onUnknown: number % 5 === 3 ? 'provisional_debit' : number % 5 === 4 ? 'decline' : null,
  }
}
