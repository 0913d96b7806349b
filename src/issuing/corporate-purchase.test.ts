/** Who may buy from a program with rules for corporations, at which price, and up to which caps. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { id, won } from '../base/base.ts'
import {
  corporateCaps,
  decideCorporatePurchase,
  decidePurchase,
  initialIssuerRules,
  termsBounds,
  validateTerms,
  type CorporateBuyer,
  type CorporateRules,
  type ProgramTerms,
} from './issuing.ts'
import {
  sampleCorporateRules,
  sampleCorporateTerms,
  sampleMember,
  sampleTerms,
} from './terms-sample.ts'

const NOON = Date.parse('2026-11-22T12:00:00+09:00')
const buyer: CorporateBuyer = { issuerId: id('iss', 1), isActive: true, holdingWonMax: won(9_000) }

function decide(
  change: Partial<ProgramTerms>,
  given: Partial<CorporateBuyer> = {},
  faceWon = 100_000,
) {
  return decideCorporatePurchase({
    terms: { ...sampleCorporateTerms, ...change },
    buyer: { ...buyer, ...given },
    faceWon: won(faceWon),
    now: NOON,
  })
}
const reasonOf = (...given: Parameters<typeof decide>): string => {
  const decision = decide(...given)
  return decision.outcome === 'declined' ? decision.reason : decision.outcome
}

test('a corporation buys where the terms let corporations, whatever the age that members need', () => {
  assert.equal(reasonOf({}), 'offered')
  assert.equal(reasonOf({ corporate: null }), 'sale_not_open')
  assert.equal(reasonOf({ saleSuspended: true }), 'sale_not_open')
  assert.equal(reasonOf({}, {}, 5_000), 'amount_not_offered')
  assert.equal(reasonOf({}, { isActive: false }), 'wallet_stopped')
  assert.equal(reasonOf({}, { issuerId: id('iss', 2) }), 'program_unknown')
  const none = { terms: undefined, buyer, faceWon: won(10_000), now: NOON }
  assert.deepEqual(decideCorporatePurchase(none), {
    outcome: 'declined',
    reason: 'program_unknown',
  })
})

test('members buy from it only where the terms say so', () => {
  const asMember = (corporate: CorporateRules | null): string => {
    const terms = { ...sampleCorporateTerms, corporate }
    const wish = { terms, member: sampleMember, faceWon: won(10_000), now: NOON }
    const decision = decidePurchase(wish)
    return decision.outcome === 'declined' ? decision.reason : decision.outcome
  }
  assert.equal(asMember(sampleCorporateRules), 'sale_not_open')
  assert.equal(asMember({ ...sampleCorporateRules, soldToMembers: true }), 'offered')
  assert.equal(asMember(null), 'offered')
})

test('a corporation pays the face unless the terms give it the discount', () => {
  const { benefit } = sampleTerms
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), fc.boolean(), (units, discounted) => {
      const corporate = { ...sampleCorporateRules, discounted }
      const decision = decide({ benefit, corporate }, {}, units * 10_000)
      assert.ok(decision.outcome === 'offered')
      const { faceWon, payWon, fundingShares } = decision.quote
      assert.equal(payWon, discounted ? faceWon * 0.9 : faceWon)
      const fundedWon = fundingShares.reduce((sum, share) => sum + share.amountWon, 0)
      assert.equal(payWon + fundedWon, faceWon)
    }),
  )
})

test('no cap of its own means the quota of the program and the cap over all programs', () => {
  const programs = [{ programId: id('prg', 1) }, { programId: id('prg', 3) }]
  const capsOf = (change: Partial<CorporateRules>) =>
    corporateCaps({
      terms: { ...sampleCorporateTerms, corporate: { ...sampleCorporateRules, ...change } },
      programs,
      buyer,
    })
  const holdingCaps = [{ programIds: [1, 3], capWon: 9_000 }]
  assert.deepEqual(capsOf({}), {
    purchaseCapWon: 50_000_000,
    holdingCapWon: 20_000_000,
    holdingCaps,
  })
  assert.deepEqual(capsOf({ monthlyPurchaseCapWon: null, holdingCapWon: null }), {
    purchaseCapWon: sampleTerms.monthlyQuotaWon,
    holdingCapWon: 9_000,
    holdingCaps,
  })
})

test('until an issuer says otherwise the decree’s cap holds for a corporation too', () => {
  assert.equal(initialIssuerRules.corporateHoldingWonMax, 2_000_000)
})

test('the caps of corporations at each end of what they may be', () => {
  const { corporateWonMax } = termsBounds
  for (const name of ['monthlyPurchaseCapWon', 'holdingCapWon'] as const) {
    const wrong = (cap: number | null): string[] =>
      validateTerms({
        ...sampleCorporateTerms,
        corporate: { ...sampleCorporateRules, [name]: cap },
      }).map(({ field }) => field)
    for (const good of [null, 1, corporateWonMax]) assert.deepEqual(wrong(good), [])
    for (const bad of [0, corporateWonMax + 1]) assert.deepEqual(wrong(bad), [`corporate.${name}`])
  }
})
