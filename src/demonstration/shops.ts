/** Merchants of the demonstration with their outlets, owners and clerks. */
import {
  businessNumberCheckDigit,
  type MerchantStatus,
  type Sector,
} from '../acquiring/acquiring.ts'
import { assert, DAY_MS, id, won } from '../base/base.ts'
import { ageAt, provinces, type Issuer } from '../issuing/issuing.ts'
import type { Draft } from './draft.ts'
import type { Municipality } from './municipalities.ts'
import type { People, Person } from './people.ts'
import { DEMONSTRATION_BEGINS_AT, WALK_THROUGH_CODE } from './programs.ts'
import { positionOf } from './positions.ts'
import type { Random } from './random.ts'
import { drawShop } from './shop-names.ts'

const SHOPS_PER_ISSUER = 3
const SHOPS_OF_WALK_THROUGH = 9
const SHOPKEEPER_AGE_MIN = 20
const REGISTERED_DAYS_AGO_MAX = 1_500

interface Place {
  readonly draft: Draft
  readonly random: Random
  readonly issuer: Issuer
  readonly municipality: Municipality
}

interface Shop {
  readonly name: string
  readonly nameLatin: string
  readonly sector: Sector
  readonly annualRevenueMillionWon: number
  readonly status: MerchantStatus
  readonly district: string
  readonly outletCount: number
  readonly ownerPersonId: string
  readonly clerkPersonIds: readonly string[]
}

/** Adds the shops of one issuer; its members must be in the draft already. */
export function addShops(
  draft: Draft,
  random: Random,
  people: People,
  issuer: Issuer,
  municipality: Municipality,
): void {
  const place = { draft, random, issuer, municipality }
  const isWalkThrough = issuer.code === WALK_THROUGH_CODE
  const shops: Shop[] = isWalkThrough ? knownShops(draft, people) : []
  const count = isWalkThrough ? SHOPS_OF_WALK_THROUGH : SHOPS_PER_ISSUER
  const namesTaken = new Set(shops.map((shop) => shop.name))
  const ownersTaken = new Set(shops.map((shop) => shop.ownerPersonId))
  for (let index = 0; index < count; index += 1) {
    const drawn = drawShop(random, namesTaken)
    namesTaken.add(drawn.name)
    const ownerPersonId = drawOwner(place, people, ownersTaken)
    ownersTaken.add(ownerPersonId)
    shops.push({
      ...drawn,
      ownerPersonId,
      // The first of a city is open, so that there is always somewhere to pay.
      status: index === 0 ? 'active' : drawStatus(random),
      district: random.pick(municipality.districts),
      outletCount: random.chance(12) ? 2 : 1,
      clerkPersonIds: drawClerks(random, people).map((clerk) => clerk.personId),
    })
  }
  for (const shop of shops) addShop(place, shop)
}

/** 은파분식 of the walk-through, and a market too large to take bought lots but not stipends. */
function knownShops(draft: Draft, people: People): Shop[] {
  const personOf = (name: string): string => {
    const member = draft.members.find((member) => member.name === name)
    assert(member !== undefined, `no member of the walk-through: ${name}`)
    return member.personId
  }
  return [
    {
      name: '은파분식',
      nameLatin: 'Eunpa Bunsik',
      sector: 'snack_bar',
      annualRevenueMillionWon: 120,
      status: 'active',
      district: '나운동',
      outletCount: 1,
      ownerPersonId: personOf('박정우'),
      clerkPersonIds: [personOf('이서연')],
    },
    {
      name: '은파수산',
      nameLatin: 'Eunpa Susan',
      sector: 'seafood',
      annualRevenueMillionWon: 480,
      status: 'active',
      district: '소룡동',
      outletCount: 2,
      ownerPersonId: people.add({ adult: true }).personId,
      clerkPersonIds: [people.add({ adult: true }).personId],
    },
    {
      name: '진포큰마트',
      nameLatin: 'Jinpo Keun Mart',
      sector: 'supermarket',
      annualRevenueMillionWon: 4_200,
      status: 'active',
      district: '수송동',
      outletCount: 1,
      ownerPersonId: people.add({ adult: true }).personId,
      clerkPersonIds: [],
    },
  ]
}

/**
 * Half of the owners are members of the same city, so that the rule of the own shop has somebody
 * to meet.
 */
function drawOwner(place: Place, people: People, ownersTaken: ReadonlySet<string>): string {
  const { draft, random, issuer } = place
  const grown = draft.members.filter(
    (member) =>
      member.issuerId === issuer.issuerId &&
      member.status === 'active' &&
      member.memberId !== 1 && // 김하늘 of the walk-through owns no shop.
      !ownersTaken.has(member.personId) &&
      ageAt(member.birthDate, DEMONSTRATION_BEGINS_AT) >= SHOPKEEPER_AGE_MIN,
  )
  const isMember = random.chance(50)
  if (isMember && grown.length > 0) return random.pick(grown).personId
  return people.add({ adult: true }).personId
}

function drawClerks(random: Random, people: People): Person[] {
  const count = random.pickWeighted([
    [0, 5],
    [1, 3],
    [2, 2],
  ] as const)
  return Array.from({ length: count }, () => people.add({ adult: true }))
}

function drawStatus(random: Random): MerchantStatus {
  return random.pickWeighted([
    ['active', 90],
    ['applied', 6],
    ['suspended', 2],
    ['closed', 2],
  ] as const)
}

function addShop({ draft, random, issuer, municipality }: Place, shop: Shop): void {
  const { issuerId } = issuer
  const merchantId = id('mrc', draft.merchants.length + 1)
  const { name, nameLatin, sector, ownerPersonId, district, status } = shop
  draft.merchants.push({
    issuerId,
    merchantId,
    name,
    nameLatin,
    businessNumber: businessNumberOf(merchantId),
    ownerPersonId,
    sector,
    annualRevenueWon: won(shop.annualRevenueMillionWon * 1_000_000),
    district,
    status,
    registeredAt: DEMONSTRATION_BEGINS_AT - random.integer(1, REGISTERED_DAYS_AGO_MAX) * DAY_MS,
  })
  for (let index = 0; index < shop.outletCount; index += 1) {
    const outletDistrict = index === 0 ? district : random.pick(municipality.districts)
    const outletId = id('out', draft.outlets.length + 1)
    draft.outlets.push({
      issuerId,
      outletId,
      merchantId,
      name: index === 0 ? name : `${name} ${index + 1}호점`,
      district: outletDistrict,
      address: addressOf(random, municipality, outletDistrict),
      position: positionOf(municipality.code, outletId),
      open: status === 'active',
    })
  }
  const staff = [ownerPersonId, ...shop.clerkPersonIds]
  for (const [index, personId] of staff.entries()) {
    const clerkId = id('clk', draft.clerks.length + 1)
    const role = index === 0 ? 'owner' : 'clerk'
    draft.clerks.push({ issuerId, clerkId, merchantId, personId, role })
  }
}

/** Valid by its check digit; offices of the tax service are not numbered in the nine hundreds. */
function businessNumberOf(merchantNumber: number): string {
  const nineDigits = `90001${String(merchantNumber).padStart(4, '0')}`
  return `${nineDigits}${businessNumberCheckDigit(nineDigits)}`
}

/** A lot number in a 동, a road and number in a 읍 or 면. */
function addressOf(random: Random, municipality: Municipality, district: string): string {
  const city = `${provinces[municipality.province].nameKo} ${municipality.nameKo}`
  return district.endsWith('동')
    ? `${city} ${district} ${random.integer(1, 999)}-${random.integer(1, 40)}`
    : `${city} ${district} 중앙로 ${random.integer(1, 240)}`
}
