/** Quotes, decisions, ages and expiries of purchases. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { funders, id, parseBusinessDate, sumWon, won, type BusinessDate } from '../base/base.ts'
import {
  ageAt,
  decidePurchase,
  lotExpiresAt,
  quoteCashback,
  quotePurchase,
  stipendExpiresAt,
  termsAt,
  type Member,
  type ProgramTerms,
} from './issuing.ts'
import {
  sampleCashbackRules,
  sampleMember,
  sampleStipendRules,
  sampleStipendTerms,
  sampleTerms,
} from './terms-sample.ts'

const noon = Date.parse('2026-11-22T12:00:00+09:00')

function day(text: string): BusinessDate {
  const date = parseBusinessDate(text)
  assert.ok(date !== undefined)
  return date
}

function decide(change: Partial<ProgramTerms>, member: Partial<Member> = {}, faceWon = 100_000) {
  const decision = decidePurchase({
    terms: { ...sampleTerms, ...change },
    member: { ...sampleMember, ...member },
    faceWon: won(faceWon),
    now: noon,
  })
  return decision.outcome === 'declined' ? decision.reason : decision.outcome
}

test('₩100,000 at 10 % costs ₩90,000 and the funders pay ₩10,000', () => {
  assert.deepEqual(quotePurchase(sampleTerms, won(100_000)), {
    faceWon: 100_000,
    discountWon: 10_000,
    payWon: 90_000,
    fundingShares: [
      { funder: 'national', amountWon: 5_000 },
      { funder: 'province', amountWon: 2_000 },
      { funder: 'city', amountWon: 3_000 },
    ],
  })
})

test('a quote holds to the won for any face, rate and weights', () => {
  const shares = fc
    .array(fc.nat(10_000), { minLength: 1, maxLength: 3 })
    .filter((weights) => weights.some((weight) => weight > 0))
    .map((weights) => weights.map((weight, index) => ({ funder: funders[index]!, weight })))
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 2_000_000 }),
      fc.integer({ min: 0, max: 10_000 }),
      shares,
      (face, rateBasisPoints, fundingShares) => {
        const benefit = { mode: 'pre_discount', rateBasisPoints, fundingShares } as const
        const quote = quotePurchase({ benefit }, won(face))
        assert.equal(quote.payWon + quote.discountWon, face)
        assert.equal(sumWon(quote.fundingShares.map((share) => share.amountWon)), quote.discountWon)
        assert.ok(quote.discountWon * 10_000 <= face * rateBasisPoints)
        assert.ok((quote.discountWon + 1) * 10_000 > face * rateBasisPoints)
        assert.ok(quote.fundingShares.every((share) => share.amountWon > 0))
      },
    ),
  )
})

test('a cashback program sells at face and pays when money is spent', () => {
  const benefit = { ...sampleTerms.benefit, mode: 'cashback' } as const
  const quote = quotePurchase({ benefit }, won(50_000))
  assert.equal(quote.payWon, 50_000)
  assert.deepEqual(quote.fundingShares, [])
  const cashback = sampleCashbackRules
  const earned = quoteCashback({ benefit, cashback }, won(12_345))
  assert.equal(earned.cashbackWon, 1_234)
  assert.equal(sumWon(earned.fundingShares.map((share) => share.amountWon)), 1_234)
  assert.equal(quoteCashback({ benefit, cashback }, won(400_000)).cashbackWon, 30_000)
  assert.equal(quoteCashback({ benefit, cashback: null }, won(12_345)).cashbackWon, 0)
  assert.equal(quoteCashback(sampleTerms, won(12_345)).cashbackWon, 0)
})

test('a purchase that nothing speaks against is offered with quote and expiry', () => {
  const decision = decidePurchase({
    terms: sampleTerms,
    member: sampleMember,
    faceWon: won(100_000),
    now: noon,
  })
  assert.ok(decision.outcome === 'offered')
  assert.equal(decision.quote.payWon, 90_000)
  assert.equal(new Date(decision.expiresAt).toISOString(), '2031-11-22T15:00:00.000Z')
})

test('each reason against a purchase is found', () => {
  assert.equal(decide({}), 'offered')
  assert.equal(decide({}, { status: 'left' }), 'wallet_unknown')
  assert.equal(decide({}, { status: 'stopped' }), 'wallet_stopped')
  assert.equal(decide({}, { birthDate: day('2012-11-23') }), 'member_too_young')
  assert.equal(decide({}, { birthDate: day('2012-11-22') }), 'offered')
  assert.equal(decide({ issuerId: id('iss', 2) }), 'program_unknown')
  assert.equal(decide({ saleSuspended: true }), 'sale_not_open')
  assert.equal(decide({ kind: 'stipend' }), 'sale_not_open')
  assert.equal(decide({ usableUntil: day('2026-11-21') }), 'sale_not_open')
  assert.equal(decide({ usableUntil: day('2026-11-22') }), 'offered')
  assert.equal(decide({}, {}, 0), 'amount_not_offered')
  assert.equal(decide({}, {}, -10_000), 'amount_not_offered')
  assert.equal(decide({}, {}, 15_000), 'amount_not_offered')
  assert.equal(decide({ purchaseWonMin: won(50_000) }, {}, 40_000), 'amount_not_offered')
})

test('the sale window includes its first instant and excludes its last', () => {
  assert.equal(decide({ saleWindow: { opensAt: noon, closesAt: null } }), 'offered')
  assert.equal(decide({ saleWindow: { opensAt: noon + 1, closesAt: null } }), 'sale_not_open')
  assert.equal(decide({ saleWindow: { opensAt: 0, closesAt: noon } }), 'sale_not_open')
  assert.equal(decide({ saleWindow: { opensAt: 0, closesAt: noon + 1 } }), 'offered')
})

test('of several reasons the first in the order of the list is answered', () => {
  const everything = { status: 'stopped', birthDate: day('2020-01-01') } as const
  assert.equal(decide({ saleSuspended: true }, everything, 1), 'wallet_stopped')
  assert.equal(
    decide({ saleSuspended: true }, { birthDate: day('2020-01-01') }, 1),
    'member_too_young',
  )
  assert.equal(decide({ saleSuspended: true }, {}, 1), 'sale_not_open')
  const unknown = { member: sampleMember, faceWon: won(1), now: noon }
  assert.deepEqual(decidePurchase({ ...unknown, terms: undefined }), {
    outcome: 'declined',
    reason: 'program_unknown',
  })
})

test('age counts by the Korean day, not by UTC', () => {
  const birthDate = day('2012-11-22')
  assert.equal(ageAt(birthDate, Date.parse('2026-11-21T23:59:59.999+09:00')), 13)
  assert.equal(ageAt(birthDate, Date.parse('2026-11-22T00:00:00+09:00')), 14)
  assert.equal(ageAt(day('2012-02-29'), Date.parse('2026-02-28T12:00:00+09:00')), 13)
  assert.equal(ageAt(day('2012-02-29'), Date.parse('2026-03-01T00:00:00+09:00')), 14)
})

test('a lot bought on 29 February ends with 28 February', () => {
  const expiresAt = lotExpiresAt(
    { validityYears: 5, usableUntil: null },
    Date.parse('2028-02-29T23:59:59+09:00'),
  )
  assert.equal(new Date(expiresAt).toISOString(), '2033-02-28T15:00:00.000Z')
})

test('the version in force is the latest that has come, ties to the higher version', () => {
  const versions = [
    { version: 1, effectiveFrom: 100 },
    { version: 3, effectiveFrom: 200 },
    { version: 2, effectiveFrom: 200 },
    { version: 4, effectiveFrom: 300 },
  ]
  assert.equal(termsAt(versions, 99), undefined)
  assert.equal(termsAt(versions, 100)?.version, 1)
  assert.equal(termsAt(versions, 200)?.version, 3)
  assert.equal(termsAt(versions, 299)?.version, 3)
  assert.equal(termsAt(versions, 300)?.version, 4)
  fc.assert(
    fc.property(fc.shuffledSubarray(versions, { minLength: 4 }), fc.nat(400), (shuffled, at) => {
      assert.deepEqual(termsAt(shuffled, at), termsAt(versions, at))
    }),
  )
})

test('a stipend ends with the last day of its own validity, or earlier with that of the program', () => {
  const at = Date.parse('2026-11-22T15:00:00+09:00')
  const endOf = (day: string): number => Date.parse(`${day}T00:00:00+09:00`) + 86_400_000
  const ends = (change: object): number =>
    stipendExpiresAt({ ...sampleStipendTerms, ...change }, at)
  assert.equal(ends({}), endOf('2027-02-20'))
  assert.equal(ends({ usableUntil: '2026-12-31' }), endOf('2026-12-31'))
  const asOthers = { stipend: { ...sampleStipendRules, validityDays: null } }
  assert.equal(ends({ ...asOthers, validityYears: 1 }), endOf('2027-11-22'))
})
