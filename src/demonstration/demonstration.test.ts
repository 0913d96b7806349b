/**
 * The demonstration is whole: everything refers to something, keeps its own rules and repeats by
 * seed.
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  distanceM,
  eligibleTenders,
  isInKorea,
  ownShop,
  parseBusinessNumber,
} from '../acquiring/acquiring.ts'
import { cleanText, won } from '../base/base.ts'
import { decidePurchase, isIssuerCode, termsAt, validateTerms } from '../issuing/issuing.ts'
import {
  createDemonstration,
  DEMONSTRATION_BEGINS_AT,
  municipalities,
  type Demonstration,
} from './demonstration.ts'

const seeds = [1, 2, 20_250_919]
const demonstration = createDemonstration(1)
const lateInTheYear = Date.parse('2026-11-22T12:00:00+09:00')

/** Ids of one kind are 1, 2, 3… over all issuers. */
function assertCountsFromOne(ids: readonly number[]): void {
  assert.deepEqual(
    ids,
    ids.map((_, index) => index + 1),
  )
}

function walkThroughOf(country: Demonstration) {
  const { gunsan, programs } = gunsanOf(country)
  const bunsik = country.merchants.find((merchant) => merchant.name === '은파분식')!
  const outlet = country.outlets.find((outlet) => outlet.merchantId === bunsik.merchantId)!
  return { gunsan, programs, bunsik, outlet }
}

function gunsanOf(country: Demonstration) {
  const gunsan = country.issuers.find((issuer) => issuer.code === 'gunsan')!
  const programs = country.programs.filter((program) => program.issuerId === gunsan.issuerId)
  return { gunsan, programs }
}

test('there are 88 municipalities with codes of their own', () => {
  assert.equal(municipalities.length, 88)
  assert.equal(new Set(municipalities.map((city) => city.code)).size, 88)
  for (const city of municipalities) {
    assert.ok(isIssuerCode(city.code), city.code)
    assert.match(city.nameKo, /^[가-힣]{1,3}[시군구]$/u)
    assert.match(city.nameEn, /^[A-Z][a-z]+-(si|gun|gu)$/)
    const endings = { 시: '-si', 군: '-gun', 구: '-gu' } as Record<string, string>
    assert.ok(city.nameEn.endsWith(endings[city.nameKo.at(-1)!]!), city.nameEn)
    for (const district of city.districts) assert.match(district, /^[가-힣]+[읍면동]$/u)
  }
})

test('one seed makes one country, another seed another', () => {
  assert.deepEqual(createDemonstration(1), demonstration)
  assert.notDeepEqual(createDemonstration(2), demonstration)
})

test('ids count from one and every reference resolves inside its issuer', () => {
  for (const country of seeds.map(createDemonstration)) {
    const { issuers, programs, members, merchants, outlets, clerks, officers } = country
    assertCountsFromOne(issuers.map((issuer) => issuer.issuerId))
    assertCountsFromOne(programs.map((program) => program.programId))
    assertCountsFromOne(members.map((member) => member.memberId))
    assertCountsFromOne(merchants.map((merchant) => merchant.merchantId))
    assertCountsFromOne(outlets.map((outlet) => outlet.outletId))
    assertCountsFromOne(clerks.map((clerk) => clerk.clerkId))
    assertCountsFromOne(officers.map((officer) => officer.officerId))
    const persons = new Set(country.persons.map((person) => person.personId))
    assert.equal(persons.size, country.persons.length)
    for (const one of [...members, ...clerks, ...officers, ...country.operators]) {
      assert.ok(persons.has(one.personId))
    }
    for (const part of [...outlets, ...clerks]) {
      assert.equal(merchants[part.merchantId - 1]?.issuerId, part.issuerId)
    }
    for (const merchant of merchants) {
      assert.ok(persons.has(merchant.ownerPersonId))
      const owners = clerks.filter(
        (clerk) => clerk.merchantId === merchant.merchantId && clerk.role === 'owner',
      )
      assert.deepEqual(
        owners.map((owner) => owner.personId),
        [merchant.ownerPersonId],
      )
      assert.ok(outlets.some((outlet) => outlet.merchantId === merchant.merchantId))
    }
    for (const { issuerId } of issuers) {
      assert.equal(officers.filter((officer) => officer.issuerId === issuerId).length, 2)
      assert.ok(members.some((member) => member.issuerId === issuerId))
      assert.ok(
        merchants.some(
          (merchant) => merchant.issuerId === issuerId && merchant.status === 'active',
        ),
      )
    }
  }
})

test('a person is a member of one issuer once', () => {
  const memberships = demonstration.members.map((member) => `${member.issuerId} ${member.personId}`)
  assert.equal(new Set(memberships).size, memberships.length)
  const phones = demonstration.persons.map((person) => person.phone)
  assert.equal(new Set(phones).size, phones.length)
  for (const phone of phones) assert.match(phone, /^010-0\d{3}-\d{4}$/)
})

test('all terms may be released, and versions count from one', () => {
  for (const country of seeds.map(createDemonstration)) {
    for (const program of country.programs) {
      assertCountsFromOne(program.terms.map((terms) => terms.version))
      for (const terms of program.terms) {
        assert.deepEqual(validateTerms(terms), [], program.name)
        assert.equal(terms.programId, program.programId)
        assert.equal(terms.issuerId, program.issuerId)
      }
    }
  }
})

test('rules differ between issuers', () => {
  const terms = demonstration.programs.map((program) => program.terms.at(-1)!)
  const rates = new Set(terms.map((one) => one.benefit.rateBasisPoints))
  assert.deepEqual(
    [...rates].sort((a, b) => a - b),
    [0, 700, 1_000, 1_300, 1_500],
  )
  assert.deepEqual(
    new Set(terms.map((one) => one.benefit.mode)),
    new Set(['pre_discount', 'cashback', 'none']),
  )
  assert.ok(new Set(terms.map((one) => one.monthlyPurchaseCapWon)).size >= 5)
  assert.ok(demonstration.programs.some((program) => program.terms.length === 2))
})

test('shops have valid numbers, names for a QR code and districts of their city', () => {
  const numbers = demonstration.merchants.map((merchant) => merchant.businessNumber)
  assert.equal(new Set(numbers).size, numbers.length)
  for (const merchant of demonstration.merchants) {
    assert.equal(parseBusinessNumber(merchant.businessNumber), merchant.businessNumber)
    assert.match(merchant.nameLatin, /^[\x20-\x7e]{1,25}$/)
    assert.equal(cleanText(merchant.name, 30), merchant.name)
    assert.ok(municipalities[merchant.issuerId - 1]!.districts.includes(merchant.district))
  }
})

test('every opening purchase would be offered and stays inside the caps', () => {
  for (const country of seeds.map(createDemonstration)) {
    const buyers = country.openingPurchases.map((purchase) => purchase.memberId)
    assert.equal(new Set(buyers).size, buyers.length)
    for (const now of [DEMONSTRATION_BEGINS_AT, lateInTheYear]) {
      for (const { memberId, programId, issuerId, faceWon } of country.openingPurchases) {
        const member = country.members[memberId - 1]!
        const terms = termsAt(country.programs[programId - 1]!.terms, now)!
        assert.equal(member.issuerId, issuerId)
        assert.equal(decidePurchase({ terms, member, faceWon, now }).outcome, 'offered')
        assert.ok(faceWon <= terms.monthlyPurchaseCapWon && faceWon <= terms.holdingCapWon)
      }
    }
  }
})

test('Gunsan has the round numbers and the people of the walk-through', () => {
  for (const country of seeds.map(createDemonstration)) {
    const { gunsan, programs, bunsik, outlet } = walkThroughOf(country)
    const terms = programs[0]!.terms[0]!
    assert.equal(gunsan.issuerId, 1)
    assert.equal(programs[0]!.name, '군산사랑상품권')
    assert.equal(terms.benefit.rateBasisPoints, 1_000)
    assert.equal(terms.monthlyPurchaseCapWon, 700_000)
    assert.equal(terms.holdingCapWon, 1_500_000)
    const haneul = country.members[0]!
    assert.equal(haneul.name, '김하늘')
    assert.deepEqual(country.openingPurchases[0], {
      issuerId: gunsan.issuerId,
      memberId: haneul.memberId,
      programId: programs[0]!.programId,
      faceWon: won(200_000),
    })
    assert.equal(bunsik.merchantId, 1)
    assert.equal(bunsik.status, 'active')
    const owner = country.members.find((member) => member.name === '박정우')!
    assert.ok(ownShop(bunsik, owner.personId))
    assert.ok(!ownShop(bunsik, haneul.personId))
    const staff = country.clerks.filter((clerk) => clerk.merchantId === bunsik.merchantId)
    assert.deepEqual(
      staff.map((clerk) => clerk.role),
      ['owner', 'clerk'],
    )
    const { tenders } = eligibleTenders({
      merchant: bunsik,
      outlet,
      termsInForce: programs.map((program) => termsAt(program.terms, lateInTheYear)!),
    })
    assert.deepEqual(
      tenders.map((tender) => tender.kind),
      ['stipend', 'cashback', 'gift', 'purchase'],
    )
  }
})

test('one shop in Gunsan is too large for bought lots but takes stipends', () => {
  const { programs } = gunsanOf(demonstration)
  const market = demonstration.merchants.find((merchant) => merchant.name === '진포큰마트')!
  const outlet = demonstration.outlets.find((outlet) => outlet.merchantId === market.merchantId)!
  const { tenders } = eligibleTenders({
    merchant: market,
    outlet,
    termsInForce: programs.map((program) => program.terms[0]!),
  })
  assert.deepEqual(
    tenders.map((tender) => tender.kind),
    ['stipend'],
  )
})

test('every shop has a place on the map, near the others of its town and far from other towns', () => {
  const firstOf = new Map<number, (typeof demonstration.outlets)[number]>()
  for (const outlet of demonstration.outlets) {
    assert.ok(outlet.position !== null && isInKorea(outlet.position), outlet.name)
    const first = firstOf.get(outlet.issuerId)?.position ?? outlet.position
    assert.ok(distanceM(first, outlet.position) < 6_500, outlet.name)
    if (!firstOf.has(outlet.issuerId)) firstOf.set(outlet.issuerId, outlet)
  }
  assert.equal(firstOf.size, municipalities.length)
  const places = [...firstOf.values()]
  for (const [index, one] of places.entries()) {
    for (const other of places.slice(index + 1)) {
      const apartM = distanceM(one.position!, other.position!)
      // Two districts of one city are neighbours.
      assert.ok(apartM > 1_000, `${one.address} and ${other.address}`)
    }
  }
})
