/** What an officer may not release. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { won } from '../base/base.ts'
import { validateTerms, type ProgramTerms } from './issuing.ts'
import {
  sampleCashbackRules,
  sampleCashbackTerms,
  sampleStipendRules,
  sampleStipendTerms,
  sampleTerms,
} from './terms-sample.ts'

function fieldsWrong(change: Partial<ProgramTerms>): string[] {
  const problems = validateTerms({ ...sampleTerms, ...change })
  return [...new Set(problems.map((problem) => problem.field))]
}

test('the sample terms have no problem', () => {
  assert.deepEqual(validateTerms(sampleTerms), [])
})

test('holding is capped by the decree for each class of prepaid value', () => {
  const small = {
    monthlyPurchaseCapWon: won(300_000),
    paymentWonMax: won(300_000),
  }
  assert.deepEqual(fieldsWrong({ ...small, holdingCapWon: won(2_000_000) }), [])
  assert.deepEqual(fieldsWrong({ ...small, holdingCapWon: won(2_000_001) }), ['holdingCapWon'])
  const unnamed = { ...small, prepaidClass: 'unnamed' } as const
  assert.deepEqual(fieldsWrong({ ...unnamed, holdingCapWon: won(500_000) }), [])
  assert.deepEqual(fieldsWrong({ ...unnamed, holdingCapWon: won(500_001) }), ['holdingCapWon'])
})

test('each rule names its field', () => {
  const { benefit, merchantRules, offlineAllowance, standInLimits } = sampleTerms
  const refund = sampleTerms.refund!
  const cases: readonly (readonly [Partial<ProgramTerms>, string])[] = [
    [{ version: 0 }, 'version'],
    [{ effectiveFrom: 0.5 }, 'effectiveFrom'],
    [{ region: ' 군산 ' }, 'region'],
    [{ validityYears: 0 }, 'validityYears'],
    [{ benefit: { ...benefit, rateBasisPoints: 2_001 } }, 'benefit.rateBasisPoints'],
    [{ benefit: { ...benefit, mode: 'none' } }, 'benefit.rateBasisPoints'],
    [{ benefit: { ...benefit, fundingShares: [] } }, 'benefit.fundingShares'],
    [
      { benefit: { ...benefit, fundingShares: [{ funder: 'city', weight: 0 }] } },
      'benefit.fundingShares',
    ],
    [
      {
        benefit: {
          ...benefit,
          fundingShares: [
            { funder: 'city', weight: 1 },
            { funder: 'city', weight: 1 },
          ],
        },
      },
      'benefit.fundingShares',
    ],
    [{ kind: 'stipend', stipend: sampleStipendRules }, 'benefit.mode'],
    [{ stipend: sampleStipendRules }, 'stipend'],
    [{ saleWindow: { opensAt: 10, closesAt: 10 } }, 'saleWindow.closesAt'],
    [{ monthlyQuotaWon: -1 as typeof sampleTerms.monthlyQuotaWon }, 'monthlyQuotaWon'],
    [{ monthlyPurchaseCapWon: won(2_000_001) }, 'monthlyPurchaseCapWon'],
    [{ purchaseUnitWon: won(500) }, 'purchaseUnitWon'],
    [{ purchaseWonMin: won(15_000) }, 'purchaseWonMin'],
    [{ expiryNoticeDays: [0] }, 'expiryNoticeDays'],
    [{ expiryNoticeDays: [181] }, 'expiryNoticeDays'],
    [{ expiryNoticeDays: [7, 7] }, 'expiryNoticeDays'],
    [{ expiryNoticeDays: [1, 2, 3, 4, 5, 6] }, 'expiryNoticeDays'],
    [{ purchaseAgeMin: 13 }, 'purchaseAgeMin'],
    [{ purchaseCancelDays: 6 }, 'purchaseCancelDays'],
    [{ refund: null }, 'refund'],
    [{ refund: { ...refund, usedBasisPointsMin: 5_999 } }, 'refund.usedBasisPointsMin'],
    [{ refund: { ...refund, smallLotWonMax: won(10_001) } }, 'refund.smallLotWonMax'],
    [
      { refund: { ...refund, smallLotUsedBasisPointsMin: 8_001 } },
      'refund.smallLotUsedBasisPointsMin',
    ],
    [{ tenderRank: 100 }, 'tenderRank'],
    [{ paymentWonMax: won(0) }, 'paymentWonMax'],
    [{ settlementLagDays: { qr: 1, card: 4 } }, 'settlementLagDays.card'],
    [{ feeTiers: [] }, 'feeTiers'],
    [{ feeTiers: [{ revenueWonMax: won(1), feeBasisPoints: 0 }] }, 'feeTiers.0.revenueWonMax'],
    [{ feeTiers: [{ revenueWonMax: null, feeBasisPoints: 151 }] }, 'feeTiers.0.feeBasisPoints'],
    [
      { merchantRules: { ...merchantRules, sectorsRefused: ['cafe', 'cafe'] } },
      'merchantRules.sectorsRefused',
    ],
    [
      { merchantRules: { ...merchantRules, districtsAllowed: [] } },
      'merchantRules.districtsAllowed',
    ],
    [
      {
        merchantRules: {
          ...merchantRules,
          revenueWonMax: { ...merchantRules.revenueWonMax, gift: won(0) },
        },
      },
      'merchantRules.revenueWonMax.gift',
    ],
    [
      { offlineAllowance: { ...offlineAllowance, allowanceWonMax: won(100_001) } },
      'offlineAllowance.allowanceWonMax',
    ],
    [
      { offlineAllowance: { ...offlineAllowance, perSpendWonMax: won(50_001) } },
      'offlineAllowance.perSpendWonMax',
    ],
    [{ offlineAllowance: { ...offlineAllowance, spendsMax: 21 } }, 'offlineAllowance.spendsMax'],
    [{ offlineAllowance: { ...offlineAllowance, validHours: 73 } }, 'offlineAllowance.validHours'],
    [
      { standInLimits: { ...standInLimits, perPaymentWonMax: won(100_001) } },
      'standInLimits.perPaymentWonMax',
    ],
    [
      { standInLimits: { ...standInLimits, cumulativeWonMax: won(500_001) } },
      'standInLimits.cumulativeWonMax',
    ],
    [{ standInLimits: { ...standInLimits, paymentsMax: 11 } }, 'standInLimits.paymentsMax'],
    [
      { standInLimits: { ...standInLimits, snapshotAgeHoursMax: 73 } },
      'standInLimits.snapshotAgeHoursMax',
    ],
  ]
  for (const [change, field] of cases) {
    assert.deepEqual(fieldsWrong(change), [field], JSON.stringify(change))
  }
})

test('the rules of a stipend at each end of what they may be', () => {
  const wrong = (change: Partial<typeof sampleStipendRules>): string[] =>
    validateTerms({
      ...sampleStipendTerms,
      stipend: { ...sampleStipendRules, ...change },
    }).map(({ field }) => field)
  const ends = {
    ageMin: [0, 19],
    validityDays: [1, 1_825],
    joinDays: [0, 365],
    appealDays: [0, 180],
    appealAnswerDays: [1, 30],
    retentionDays: [0, 1_825],
  } as const
  for (const [name, [min, max]] of Object.entries(ends)) {
    for (const good of [min, max]) assert.deepEqual(wrong({ [name]: good }), [])
    for (const bad of [min - 1, max + 1])
      assert.deepEqual(wrong({ [name]: bad }), [`stipend.${name}`])
  }
  assert.deepEqual(wrong({ validityDays: null }), [])
  const without = validateTerms({ ...sampleStipendTerms, stipend: null })
  assert.deepEqual(
    without.map(({ field }) => field),
    ['stipend'],
  )
})

test('the rules of cashback at each end of what they may be', () => {
  const { tiers } = sampleCashbackRules
  const wrong = (change: Partial<typeof sampleCashbackRules>): string[] =>
    validateTerms({
      ...sampleCashbackTerms,
      cashback: { ...sampleCashbackRules, ...change },
    }).map(({ field }) => field)
  assert.deepEqual(wrong({}), [])
  assert.deepEqual(wrong({ monthlyCapWon: won(1), validityMonths: 1 }), [])
  assert.deepEqual(wrong({ monthlyCapWon: won(2_000_000), validityMonths: 120 }), [])
  assert.deepEqual(wrong({ monthlyCapWon: won(0) }), ['cashback.monthlyCapWon'])
  assert.deepEqual(wrong({ monthlyCapWon: won(2_000_001) }), ['cashback.monthlyCapWon'])
  assert.deepEqual(wrong({ validityMonths: 0 }), ['cashback.validityMonths'])
  assert.deepEqual(wrong({ validityMonths: 121 }), ['cashback.validityMonths'])
  assert.deepEqual(wrong({ tiers: tiers.slice(1) }), ['cashback.tiers'])
  assert.deepEqual(wrong({ tiers: tiers.slice(0, 2) }), ['cashback.tiers.1.revenueWonMax'])
  assert.deepEqual(wrong({ tiers: [tiers[1]!, tiers[0]!, tiers[2]!] }), [
    'cashback.tiers.1.revenueWonMax',
  ])
  const many = Array.from({ length: 11 }, (_, index) => ({
    revenueWonMax: index === 10 ? null : won(index + 1),
    rateBasisPoints: 1_300,
  }))
  assert.deepEqual(wrong({ tiers: many }), ['cashback.tiers'])
  assert.deepEqual(wrong({ tiers: many.slice(1) }), [])
})

test('cashback has rules, and nothing else has', () => {
  const cashback = sampleCashbackRules
  assert.deepEqual(fieldsWrong({ cashback }), ['cashback', 'cashback.tiers'])
  const without = validateTerms({ ...sampleCashbackTerms, cashback: null })
  assert.deepEqual(
    without.map(({ field }) => field),
    ['cashback'],
  )
})
