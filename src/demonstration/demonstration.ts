/**
 * A whole country in small, for trying the product without anybody's real data: 88 municipalities
 * that exist, and people, shops and rules that do not. One seed always makes the same country.
 */
import { id, won, type IssuerId } from '../base/base.ts'
import { ageAt, type Issuer, type Member } from '../issuing/issuing.ts'
import type { Demonstration, Draft, OpeningPurchase } from './draft.ts'
import { municipalities } from './municipalities.ts'
import { createPeople, type People, type Person } from './people.ts'
import { DEMONSTRATION_BEGINS_AT, issuerOf, programsOf, WALK_THROUGH_CODE } from './programs.ts'
import { createRandom, type Random } from './random.ts'
import { addShops } from './shops.ts'

export {
  crowdCard,
  demonstrationCards,
  demonstrationPartners,
  type DemonstrationCard,
  type DemonstrationLink,
  type DemonstrationPartner,
} from './cards.ts'
export { type Demonstration, type OpeningPurchase, type Officer, type Operator } from './draft.ts'
export { municipalities, type Municipality, type SupportClass } from './municipalities.ts'
export { crowdPerson, type Person } from './people.ts'
export { DEMONSTRATION_BEGINS_AT } from './programs.ts'

/** The country that the product sets up: whoever speaks of its people has to make the same one. */
export const DEMONSTRATION_SEED = 1

const MEMBERS_PER_ISSUER = 3
const MEMBERS_OF_WALK_THROUGH = 24
const OPERATOR_COUNT = 2
const OPENING_FACES_WON = [50_000, 100_000, 200_000, 300_000] as const

/** Makes the country of a seed. */
export function createDemonstration(seed: number): Demonstration {
  const random = createRandom(seed)
  const people = createPeople(random)
  const draft: Draft = {
    issuers: [],
    programs: [],
    persons: [],
    members: [],
    merchants: [],
    outlets: [],
    clerks: [],
    officers: [],
    operators: [],
    openingPurchases: [],
  }
  for (const municipality of municipalities) {
    const issuer = issuerOf(municipality, id('iss', draft.issuers.length + 1))
    const { issuerId } = issuer
    draft.issuers.push(issuer)
    draft.programs.push(...programsOf(random, municipality, issuerId, draft.programs.length + 1))
    if (issuer.code === WALK_THROUGH_CODE) addWalkThroughMembers(draft, people, issuerId)
    addMembers(draft, random, people, issuer)
    addShops(draft, random, people, issuer, municipality)
    addOfficers(draft, people, issuerId)
  }
  addNeighbours(draft)
  addOperators(draft, people)
  draft.openingPurchases.push(...openingPurchasesOf(draft, random))
  draft.persons.push(...people.all)
  return draft
}

/** The people of the walk-through; 박정우 keeps the snack bar that `shops.ts` opens for him. */
function addWalkThroughMembers(draft: Draft, people: People, issuerId: IssuerId): void {
  const known = [
    { name: '김하늘', birthDate: '1992-04-17', status: 'active' },
    { name: '박정우', birthDate: '1975-09-02', status: 'active' },
    { name: '이서연', birthDate: '2001-11-30', status: 'active' },
    { name: '최도윤', birthDate: '2015-03-03', status: 'active' }, // Too young to buy.
    { name: '정미숙', birthDate: '1963-06-21', status: 'stopped' }, // Lost her telephone.
  ] as const
  for (const { name, birthDate, status } of known) {
    addMember(draft, issuerId, people.add({ name, birthDate }), status)
  }
}

function addMembers(draft: Draft, random: Random, people: People, issuer: Issuer): void {
  const isWalkThrough = issuer.code === WALK_THROUGH_CODE
  const count = isWalkThrough ? MEMBERS_OF_WALK_THROUGH : MEMBERS_PER_ISSUER
  for (let index = 0; index < count; index += 1) {
    const status = random.chance(3) ? 'stopped' : 'active'
    addMember(draft, issuer.issuerId, people.add(), status)
  }
}

function addMember(
  draft: Draft,
  issuerId: IssuerId,
  person: Person,
  status: Member['status'],
): void {
  const { personId, name, birthDate, phone } = person
  const memberId = id('mbr', draft.members.length + 1)
  draft.members.push({ issuerId, memberId, personId, name, birthDate, phone, status })
}

/**
 * 김하늘 goes shopping in Iksan and Jeongeup too: one person, three members, three wallets that know
 * nothing of each other.
 */
function addNeighbours(draft: Draft): void {
  const haneul = draft.members[0]!
  for (const code of ['iksan', 'jeongeup']) {
    const { issuerId } = draft.issuers.find((issuer) => issuer.code === code)!
    draft.members.push({ ...haneul, issuerId, memberId: id('mbr', draft.members.length + 1) })
  }
}

function addOfficers(draft: Draft, people: People, issuerId: IssuerId): void {
  for (const title of ['주무관', '팀장'] as const) {
    const { personId, name } = people.add({ adult: true })
    const officerId = id('off', draft.officers.length + 1)
    draft.officers.push({ officerId, issuerId, personId, name, title })
  }
}

function addOperators(draft: Draft, people: People): void {
  for (let operatorId = 1; operatorId <= OPERATOR_COUNT; operatorId += 1) {
    const { personId, name } = people.add({ adult: true })
    draft.operators.push({ operatorId, personId, name })
  }
}

/**
 * 김하늘 has ₩200,000; of the others who may buy most have bought something, always within every cap.
 */
function openingPurchasesOf(draft: Draft, random: Random): OpeningPurchase[] {
  const purchases: OpeningPurchase[] = []
  for (const member of draft.members) {
    const { issuerId, memberId } = member
    const program = draft.programs.find(
      (program) => program.issuerId === issuerId && program.terms[0]!.kind === 'purchase',
    )!
    const terms = program.terms[0]!
    const isFirst = purchases.length === 0
    const drawnWon = random.pick(OPENING_FACES_WON)
    const buys = random.chance(75) || isFirst
    if (!buys || member.status !== 'active') continue
    if (ageAt(member.birthDate, DEMONSTRATION_BEGINS_AT) < terms.purchaseAgeMin) continue
    const faceWon = won(isFirst ? 200_000 : drawnWon)
    purchases.push({ issuerId, memberId, programId: program.programId, faceWon })
  }
  return purchases
}
