/** Templates are terms that may be released as they are; sale hours, and pots that benefits draw from. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { id, parseBusinessDate, startOfBusinessDate, won } from '../base/base.ts'
import {
  chooseDraws,
  draftOf,
  overlappingPot,
  programTemplates,
  saleIsOpen,
  saleTimeHolds,
  templateNamed,
  templateNames,
  validatePot,
  validateTerms,
  type FundingPot,
  type ProgramTerms,
  type SaleTime,
} from './issuing.ts'
import { sampleTerms } from './terms-sample.ts'

const issuerId = id('iss', 1)
const programId = id('prg', 1)
const place = { region: '군산시 전역', effectiveFrom: 1_000 }
const asTerms = (draft: ReturnType<typeof draftOf>): ProgramTerms => ({
  ...draft,
  issuerId,
  programId,
  version: 1,
})

for (const name of templateNames) {
  test(`a program may be started from ${name} as it stands`, () => {
    assert.deepEqual(validateTerms(asTerms(draftOf(templateNamed(name), place))), [])
  })
}

test('there is one template of each name, with words', () => {
  assert.deepEqual(
    programTemplates.map((template) => template.name),
    templateNames,
  )
  for (const { ko, en } of programTemplates) assert.ok(ko.length > 0 && en.length > 0)
})

test('what an officer says stands over the template, at any depth, and lists are taken whole', () => {
  const draft = draftOf(templateNamed('pre_discount'), place, {
    benefit: { rateBasisPoints: 700 },
    merchantRules: { sectorsRefused: ['gambling'] },
    usableUntil: parseBusinessDate('2030-12-31')!,
  })
  const { benefit, merchantRules, usableUntil, saleWindow } = draft
  assert.deepEqual([benefit.rateBasisPoints, benefit.mode], [700, 'pre_discount'])
  assert.deepEqual(merchantRules.sectorsRefused, ['gambling'])
  assert.equal(merchantRules.revenueWonMax.purchase, 3_000_000_000)
  assert.equal(usableUntil, '2030-12-31')
  assert.deepEqual(saleWindow, { opensAt: place.effectiveFrom, closesAt: null })
})

describe('hours of sale', () => {
  const at = (text: string) => Date.parse(`${text}+09:00`)
  const times: readonly SaleTime[] = [
    { daysOfMonth: [1, 2], weekdays: null, opensAtMinute: 540, closesAtMinute: 1_080 },
    { daysOfMonth: null, weekdays: [0], opensAtMinute: 0, closesAtMinute: 1_440 },
  ]

  test('open at their first minute, and closed at their last', () => {
    assert.equal(saleTimeHolds(times, at('2026-12-01T08:59:59')), false)
    assert.equal(saleTimeHolds(times, at('2026-12-01T09:00:00')), true)
    assert.equal(saleTimeHolds(times, at('2026-12-01T17:59:59.999')), true)
    assert.equal(saleTimeHolds(times, at('2026-12-01T18:00:00')), false)
    assert.equal(saleTimeHolds(times, at('2026-12-03T12:00:00')), false)
    // A Sunday in Korea begins while it is Saturday in UTC.
    assert.equal(saleTimeHolds(times, at('2026-12-06T00:00:00')), true)
    assert.equal(saleTimeHolds(times, at('2026-12-05T23:59:59')), false)
  })

  test('none at all leave the window open', () => {
    assert.equal(saleTimeHolds([], 0), true)
    const terms = { ...sampleTerms, saleTimes: times }
    assert.equal(saleIsOpen(terms, at('2026-12-03T12:00:00')), false)
    assert.equal(saleIsOpen(terms, at('2026-12-02T12:00:00')), true)
  })

  test('that make no sense are named', () => {
    const wrong = [
      { daysOfMonth: [32], weekdays: [], opensAtMinute: 600, closesAtMinute: 600 },
    ] as const
    assert.deepEqual(
      validateTerms({ ...sampleTerms, saleTimes: wrong }).map(({ field }) => field),
      ['saleTimes.0.daysOfMonth', 'saleTimes.0.weekdays', 'saleTimes.0.closesAtMinute'],
    )
  })
})

describe('funding pots', () => {
  const pot: FundingPot = {
    potId: id('pot', 1),
    issuerId,
    name: '국비 2026',
    funder: 'national',
    programIds: [programId],
    startsOn: parseBusinessDate('2026-01-01')!,
    endsOn: parseBusinessDate('2026-12-31')!,
    amountWon: won(1_000_000),
  }
  const now = Date.parse('2026-11-22T10:00:00+09:00')
  const shares = [
    { funder: 'national', amountWon: won(5_000) },
    { funder: 'city', amountWon: won(3_000) },
  ] as const

  test('a benefit draws from each funder that keeps a pot in force', () => {
    assert.deepEqual(chooseDraws([pot], { programId, shares, now }), {
      status: 'drawn',
      draws: [{ potId: pot.potId, amountWon: 5_000, limitWon: 1_000_000 }],
    })
    assert.deepEqual(chooseDraws([], { programId, shares, now }), { status: 'drawn', draws: [] })
    const other = { programId: id('prg', 2), shares, now }
    assert.deepEqual(chooseDraws([pot], other), { status: 'drawn', draws: [] })
  })

  test('a pot holds on both its days, and leaves no budget before and after', () => {
    const status = (at: number) => chooseDraws([pot], { programId, shares, now: at }).status
    const first = startOfBusinessDate(pot.startsOn)
    const end = startOfBusinessDate(parseBusinessDate('2027-01-01')!)
    assert.deepEqual([first - 1, first, end - 1, end].map(status), [
      'budget_exhausted',
      'drawn',
      'drawn',
      'budget_exhausted',
    ])
  })

  test('two pots from which one benefit could draw overlap', () => {
    const next = { ...pot, potId: id('pot', 2) }
    assert.equal(overlappingPot([pot], next), pot)
    assert.equal(overlappingPot([pot], pot), undefined)
    assert.equal(overlappingPot([pot], { ...next, funder: 'city' }), undefined)
    assert.equal(overlappingPot([pot], { ...next, programIds: [id('prg', 2)] }), undefined)
    const later = {
      ...next,
      startsOn: parseBusinessDate('2027-01-01')!,
      endsOn: parseBusinessDate('2027-12-31')!,
    }
    assert.equal(overlappingPot([pot], later), undefined)
    assert.equal(overlappingPot([pot], { ...later, startsOn: pot.endsOn }), pot)
  })

  test('what is wrong with a pot is named', () => {
    assert.deepEqual(validatePot(pot), [])
    const wrong = { ...pot, name: ' ', programIds: [], endsOn: parseBusinessDate('2025-12-31')! }
    assert.deepEqual(
      validatePot(wrong).map(({ field }) => field),
      ['name', 'programIds', 'endsOn'],
    )
  })
})
