/** Changes of terms: no field escapes, what is worse for members is known, and so is how long before they are told. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { DAY_MS, parseBusinessDate, startOfBusinessDate, won } from '../base/base.ts'
import {
  adverseChangeRefundOpen,
  afterDays,
  afterMonths,
  compareTerms,
  fieldText,
  announcedRefundGround,
  initialIssuerRules,
  noticeDemand,
  purchaseExample,
  termsFields,
  termsUnder,
  type ProgramTerms,
} from './issuing.ts'
import {
  sampleCashbackRules,
  sampleCashbackTerms,
  sampleCorporateTerms,
  sampleStipendTerms,
  sampleTerms,
} from './terms-sample.ts'

const differences = (changes: Partial<ProgramTerms>, base: ProgramTerms = sampleTerms) =>
  compareTerms(base, { ...base, ...changes })
const isAdverse = (changes: Partial<ProgramTerms>, base: ProgramTerms = sampleTerms): boolean =>
  differences(changes, base).some((difference) => difference.isAdverse)

/** Not rules: who the program is, when the version begins, and what was announced of it. */
const notCompared = ['programId', 'issuerId', 'version', 'effectiveFrom', 'adverseAnnouncedAt']

/** Every path to something that is no plain object. */
function leaves(value: unknown, path: string): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [path]
  return Object.entries(value).flatMap(([name, part]) => leaves(part, `${path}.${name}`))
}

test('every rule of the terms is compared under its own name', () => {
  const paths = [
    sampleTerms,
    sampleStipendTerms,
    sampleCashbackTerms,
    sampleCorporateTerms,
  ].flatMap((terms) => Object.entries(terms).flatMap(([name, value]) => leaves(value, name)))
  const compared = termsFields.map((field) => field.path)
  const missing = paths.filter((path) => !compared.includes(path) && !notCompared.includes(path))
  assert.deepEqual(missing, [])
  assert.deepEqual(
    compared.filter((path) => !paths.includes(path)),
    [],
  )
  assert.equal(new Set(compared).size, compared.length)
})

test('a rule that goes, or comes, is told once, and as a whole', () => {
  const gone = differences({ refund: null })
  assert.deepEqual(
    gone.map(({ field }) => field.path),
    ['refund'],
  )
  assert.equal(gone[0]!.isAdverse, true)
  const without = { ...sampleTerms, refund: null }
  assert.deepEqual(
    differences({ refund: sampleTerms.refund }, without).map(({ field, isAdverse: worse }) => [
      field.path,
      worse,
    ]),
    [['refund', false]],
  )
})

const rules = sampleTerms.merchantRules
const refund = sampleTerms.refund!
const worse: readonly (readonly [string, Partial<ProgramTerms>, Partial<ProgramTerms>])[] = [
  ['rate', { benefit: rate(999) }, { benefit: rate(1_001) }],
  ['mode', { benefit: mode('cashback') }, { benefit: rate(1_000) }],
  ['validity', { validityYears: 4 }, { validityYears: 6 }],
  ['monthly cap', { monthlyPurchaseCapWon: won(690_000) }, { monthlyPurchaseCapWon: won(710_000) }],
  ['holding cap', { holdingCapWon: won(1_499_999) }, { holdingCapWon: won(1_500_001) }],
  ['highest payment', { paymentWonMax: won(1) }, { paymentWonMax: won(1_600_000) }],
  ['smallest purchase', { purchaseWonMin: won(20_000) }, { purchaseWonMin: won(5_000) }],
  ['unit', { purchaseUnitWon: won(20_000) }, { purchaseUnitWon: won(5_000) }],
  ['age', { purchaseAgeMin: 15 }, { purchaseAgeMin: 13 }],
  ['refund ratio', { refund: ratio(6_001) }, { refund: ratio(5_999) }],
  [
    'small lots',
    { refund: { ...refund, smallLotWonMax: won(10_001) } },
    { refund: { ...refund, smallLotWonMax: won(9_999) } },
  ],
  [
    'deduction',
    { refund: { ...refund, deduction: 'whole_support' } },
    { refund: { ...refund, fullRefund: 'whole_balance' } },
  ],
  [
    'small remainder',
    { refund: { ...refund, smallRemainderBasisPointsMax: 1_999 } },
    { refund: { ...refund, smallRemainderBasisPointsMax: 2_001 } },
  ],
  [
    'payout of refunds',
    { refund: { ...refund, payoutLagDays: 2 } },
    { refund: { ...refund, payoutLagDays: 0 } },
  ],
  ['cancel days', { purchaseCancelDays: 6 }, { purchaseCancelDays: 8 }],
  ['revenue', { merchantRules: revenue(1) }, { merchantRules: revenue(null) }],
  [
    'sectors',
    { merchantRules: { ...rules, sectorsRefused: [...rules.sectorsRefused, 'cafe'] } },
    { merchantRules: { ...rules, sectorsRefused: ['gambling'] } },
  ],
  ['districts', { merchantRules: { ...rules, districtsAllowed: ['월명동'] } }, {}],
  ['tax', { taxCategory: 'not_deductible' }, { taxCategory: 'traditional_market' }],
  ['fallback', { fallbackPreference: 'provisional_debit' }, {}],
  ['split tender', { splitTender: false }, {}],
  ['paying', { paymentSuspended: true }, { saleSuspended: true }],
  ['last day', { usableUntil: parseBusinessDate('2030-01-01')! }, {}],
]

for (const [name, adverse, harmless] of worse) {
  test(`${name}: worse for members one way, and not the other`, () => {
    assert.equal(isAdverse(adverse), true)
    assert.equal(isAdverse(harmless), false)
    assert.equal(isAdverse(sampleTerms, { ...sampleTerms, ...adverse }), false)
  })
}

test('less cashback is worse for members at whatever merchant it is less', () => {
  const rules = sampleCashbackRules
  const tiers = (...rates: readonly number[]) => ({
    cashback: {
      ...rules,
      tiers: rules.tiers.map((tier, index) => ({ ...tier, rateBasisPoints: rates[index]! })),
    },
  })
  const isWorse = (changes: Partial<ProgramTerms>) => isAdverse(changes, sampleCashbackTerms)
  assert.equal(isWorse(tiers(1_300, 1_099, 0)), true)
  assert.equal(isWorse(tiers(1_300, 1_101, 1)), false)
  const narrow = rules.tiers.map((tier, index) =>
    index === 0 ? { ...tier, revenueWonMax: won(999_999_999) } : tier,
  )
  assert.equal(isWorse({ cashback: { ...rules, tiers: narrow } }), true)
  assert.equal(isWorse({ cashback: { ...rules, monthlyCapWon: won(29_999) } }), true)
  assert.equal(isWorse({ cashback: { ...rules, monthlyCapWon: won(30_001) } }), false)
  assert.equal(isWorse({ cashback: { ...rules, validityMonths: 59 } }), true)
  assert.equal(isWorse({ cashback: { ...rules, spending: 'by_button' } }), false)
  assert.equal(isWorse({ cashback: null }), true)
})

test('of quota, fees, hours, words and stand-in nobody is worse off', () => {
  const harmless: Partial<ProgramTerms> = {
    monthlyQuotaWon: won(0),
    feeTiers: [{ revenueWonMax: null, feeBasisPoints: 100 }],
    saleTimes: [{ daysOfMonth: [1], weekdays: null, opensAtMinute: 540, closesAtMinute: 1_080 }],
    region: '군산시',
    standInLimits: { ...sampleTerms.standInLimits, paymentsMax: 0 },
  }
  assert.equal(isAdverse(harmless), false)
  assert.equal(differences(harmless).length, 5)
})

test('districts: fewer are worse, more are not, whatever their order', () => {
  const allowed = (...names: string[]) => ({
    ...sampleTerms,
    merchantRules: { ...rules, districtsAllowed: names },
  })
  assert.equal(compareTerms(allowed('a', 'b'), allowed('b', 'c', 'a'))[0]!.isAdverse, false)
  assert.equal(compareTerms(allowed('a', 'b'), allowed('b', 'c'))[0]!.isAdverse, true)
})

test('a refund rule is worse exactly where some face is paid back later', () => {
  const constants = {
    deduction: fc.constant(refund.deduction),
    fullRefund: fc.constant(refund.fullRefund),
    smallRemainderBasisPointsMax: fc.constant(refund.smallRemainderBasisPointsMax),
    payoutLagDays: fc.constant(refund.payoutLagDays),
  }
  const ruleArbitrary = fc.record({
    ...constants,
    usedBasisPointsMin: fc.integer({ min: 6_000, max: 8_000 }),
    smallLotWonMax: fc.integer({ min: 0, max: 12 }).map(won),
    smallLotUsedBasisPointsMin: fc.integer({ min: 6_000, max: 8_000 }),
  })
  const needed = (rule: typeof refund, faceWon: number): number =>
    faceWon <= rule.smallLotWonMax ? rule.smallLotUsedBasisPointsMin : rule.usedBasisPointsMin
  fc.assert(
    fc.property(ruleArbitrary, ruleArbitrary, (before, after) => {
      const faces = Array.from({ length: 14 }, (_, index) => index + 1)
      const isWorse = faces.some((faceWon) => needed(after, faceWon) > needed(before, faceWon))
      assert.equal(isAdverse({ refund: after }, { ...sampleTerms, refund: before }), isWorse)
    }),
  )
})

describe('what members are told', () => {
  const at = Date.parse('2026-11-22T23:59:00+09:00')

  test('seven whole days, and a month, after the day of telling', () => {
    assert.equal(afterDays(at, 7), Date.parse('2026-11-30T00:00:00+09:00'))
    assert.equal(afterMonths(at, 1), Date.parse('2026-12-23T00:00:00+09:00'))
    const lateJanuary = Date.parse('2027-01-31T12:00:00+09:00')
    assert.equal(afterMonths(lateJanuary, 1), Date.parse('2027-03-01T00:00:00+09:00'))
  })

  test('adverse: days; contract: months; both: the later; neither: nothing', () => {
    const demand = (changes: Partial<ProgramTerms>) =>
      noticeDemand(differences(changes), initialIssuerRules, at)
    assert.deepEqual(demand({ paymentWonMax: won(1) }), {
      adverseDays: 7,
      contractMonths: null,
      earliestAt: afterDays(at, 7),
    })
    assert.deepEqual(demand({ purchaseCancelDays: 8 }), {
      adverseDays: null,
      contractMonths: 1,
      earliestAt: afterMonths(at, 1),
    })
    assert.equal(demand({ purchaseCancelDays: 6 }).earliestAt, afterMonths(at, 1))
    assert.equal(demand({ monthlyQuotaWon: won(1) }).earliestAt, null)
  })

  test('a lot from before may be handed back between telling and taking effect', () => {
    const effectiveFrom = at + 10 * DAY_MS
    const terms = [sampleTerms, { ...sampleTerms, adverseAnnouncedAt: at, effectiveFrom }]
    const open = (issuedAt: number, now: number) => adverseChangeRefundOpen(terms, issuedAt, now)
    assert.equal(open(at - 1, at), true)
    assert.equal(open(at - 1, at - 1), false)
    assert.equal(open(at - 1, effectiveFrom - 1), true)
    assert.equal(open(at - 1, effectiveFrom), false)
    assert.equal(open(at, at + 1), false)
    assert.equal(announcedRefundGround({ terms }, at - 1, at), 'adverse_change')
  })

  test('of a program that ends everything may be handed back, for good', () => {
    const abolition = {
      announcedAt: at,
      saleEndsAt: at,
      lastDay: parseBusinessDate('2027-03-31')!,
      reason: '조례 폐지',
    }
    const program = { terms: [sampleTerms], abolition }
    assert.equal(announcedRefundGround(program, at + 5, at + 10), 'abolition')
    assert.equal(announcedRefundGround(program, at - 5, at - 1), undefined)
    assert.equal(announcedRefundGround(program, at - 5, at + 4_000 * DAY_MS), 'abolition')
  })
})

test('an example says what one purchase costs, or that it is not offered', () => {
  const after = { ...sampleTerms, benefit: mode('cashback'), cashback: sampleCashbackRules }
  assert.deepEqual(purchaseExample(sampleTerms, after), {
    faceWon: 100_000,
    before: { payWon: 90_000, cashbackWon: 0 },
    after: { payWon: 100_000, cashbackWon: 10_000 },
  })
  // No more than the month's cap.
  const capped = { ...sampleCashbackRules, monthlyCapWon: won(9_999) }
  const { after: least } = purchaseExample(undefined, { ...after, cashback: capped })
  assert.equal(least?.cashbackWon, 9_999)
  const small = { ...sampleTerms, monthlyPurchaseCapWon: won(90_000) }
  assert.equal(purchaseExample(undefined, small).after, null)
})

test('values are said in both languages', () => {
  assert.deepEqual(fieldText('won', 700_000), { ko: '₩700,000', en: '₩700,000' })
  assert.deepEqual(fieldText('basis_points', 1_050), { ko: '10.5 %', en: '10.5 %' })
  assert.deepEqual(fieldText('flag', true), { ko: '예', en: 'yes' })
  assert.deepEqual(fieldText('instant', null), { ko: '없음', en: 'none' })
  const at = Date.parse('2026-12-01T09:05:00+09:00')
  assert.equal(fieldText('instant', at).ko, '2026-12-01 09:05')
  assert.equal(fieldText('list', ['a', 'b']).en, 'a, b')
})

describe('what was stopped or ended', () => {
  const from = (day: string) => startOfBusinessDate(parseBusinessDate(day)!)
  const later = { ...sampleTerms, version: 2, effectiveFrom: from('2026-12-01') }
  const stop = (at: number, saleStopped: boolean, paymentStopped: boolean) => ({
    from: at,
    saleStopped,
    paymentStopped,
    reason: '점검',
  })

  test('outlasts terms that take effect in the meantime, and ends when it is ended', () => {
    const stops = [
      stop(from('2026-11-30'), true, true),
      stop(from('2026-12-05'), true, false),
      stop(from('2026-12-10'), false, false),
    ]
    const under = termsUnder([sampleTerms, later], { stops, abolition: null })
    assert.deepEqual(
      under.map((terms) => [terms.version, terms.saleSuspended, terms.paymentSuspended]),
      [
        [1, false, false],
        [1, true, true],
        [2, true, true],
        [2, true, false],
        [2, false, false],
      ],
    )
  })

  test('a program ends in two steps, whatever terms say', () => {
    const abolition = {
      announcedAt: from('2026-11-22'),
      saleEndsAt: from('2026-11-25'),
      lastDay: parseBusinessDate('2027-01-31')!,
      reason: '조례 폐지',
    }
    const under = termsUnder([sampleTerms, later], { stops: [], abolition })
    const end = from('2027-02-01')
    assert.deepEqual(
      under.map(({ effectiveFrom }) => effectiveFrom),
      [sampleTerms.effectiveFrom, abolition.saleEndsAt, later.effectiveFrom, end],
    )
    assert.deepEqual(
      under.map((terms) => [terms.saleSuspended, terms.paymentSuspended]),
      [
        [false, false],
        [true, false],
        [true, false],
        [true, true],
      ],
    )
  })

  test('without either, terms are as they were written', () => {
    const written = [sampleTerms, later]
    assert.equal(termsUnder(written, { stops: [], abolition: null }), written)
  })
})

function rate(rateBasisPoints: number): ProgramTerms['benefit'] {
  return { ...sampleTerms.benefit, rateBasisPoints }
}
function mode(name: ProgramTerms['benefit']['mode']): ProgramTerms['benefit'] {
  return { ...sampleTerms.benefit, mode: name }
}
function ratio(usedBasisPointsMin: number): ProgramTerms['refund'] {
  return { ...refund, usedBasisPointsMin }
}
function revenue(revenueWonMax: number | null): ProgramTerms['merchantRules'] {
  const purchase = revenueWonMax === null ? null : won(revenueWonMax)
  return { ...rules, revenueWonMax: { ...rules.revenueWonMax, purchase } }
}
