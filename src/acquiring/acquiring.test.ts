/** Business numbers, revenue classes, and which money a merchant may take. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as fc from 'fast-check'
import { id, won } from '../base/base.ts'
import {
  accepts,
  businessNumberCheckDigit,
  eligibleTenders,
  formatBusinessNumber,
  isSector,
  ownShop,
  parseBusinessNumber,
  revenueClassOf,
  sectors,
  type AcceptanceRules,
  type AcceptingProgram,
  type Merchant,
  type Outlet,
} from './acquiring.ts'

const issuerId = id('iss', 1)
const merchant: Merchant = {
  issuerId,
  merchantId: id('mrc', 1),
  name: '은파분식',
  nameLatin: 'EUNPA BUNSIK',
  businessNumber: '1248100998',
  ownerPersonId: 'person-0002',
  sector: 'snack_bar',
  annualRevenueWon: won(90_000_000),
  district: '나운동',
  status: 'active',
  registeredAt: 0,
}
const outlet: Outlet = {
  issuerId,
  outletId: id('out', 1),
  merchantId: merchant.merchantId,
  name: '은파분식 본점',
  district: '나운동',
  address: '전북특별자치도 군산시 나운동',
  position: null,
  open: true,
}
const rules: AcceptanceRules = {
  revenueWonMax: {
    purchase: won(3_000_000_000),
    stipend: null,
    cashback: won(3_000_000_000),
    gift: won(3_000_000_000),
  },
  sectorsRefused: ['gambling'],
  districtsAllowed: null,
}
const sale: AcceptingProgram = {
  programId: id('prg', 1),
  issuerId,
  kind: 'purchase',
  tenderRank: 20,
  paymentSuspended: false,
  merchantRules: rules,
}
const stipend: AcceptingProgram = { ...sale, programId: id('prg', 2), kind: 'stipend' }

test('the check digit of published business numbers holds', () => {
  assert.equal(parseBusinessNumber('124-81-00998'), '1248100998') // Samsung Electronics.
  assert.equal(parseBusinessNumber('2208162517'), '2208162517') // Naver.
  assert.equal(parseBusinessNumber('1208147521'), '1208147521') // Kakao.
  assert.equal(formatBusinessNumber('1248100998'), '124-81-00998')
})

test('one wrong digit is always found', () => {
  fc.assert(
    fc.property(
      fc.array(fc.nat(9), { minLength: 9, maxLength: 9 }),
      fc.nat(9),
      fc.integer({ min: 1, max: 9 }),
      (nine, at, shift) => {
        const first = nine.join('')
        const digits = [...first, String(businessNumberCheckDigit(first))]
        assert.equal(parseBusinessNumber(digits.join('')), digits.join(''))
        digits[at] = String((Number(digits[at]) + shift) % 10)
        assert.equal(parseBusinessNumber(digits.join('')), undefined)
      },
    ),
  )
})

test('text that is no business number is refused', () => {
  for (const text of [
    '',
    '124810099',
    '12481009988',
    '124-810-0998',
    '１２４8100998',
    ' 1248100998',
  ]) {
    assert.equal(parseBusinessNumber(text), undefined)
  }
  assert.equal(businessNumberCheckDigit('12345678'), undefined)
})

test('a class of revenue includes its bound', () => {
  assert.equal(revenueClassOf(won(0)), 'micro')
  assert.equal(revenueClassOf(won(300_000_000)), 'micro')
  assert.equal(revenueClassOf(won(300_000_001)), 'small_1')
  assert.equal(revenueClassOf(won(500_000_001)), 'small_2')
  assert.equal(revenueClassOf(won(3_000_000_000)), 'small_3')
  assert.equal(revenueClassOf(won(3_000_000_001)), 'general')
})

test('a large merchant takes stipends and nothing else where the terms say so', () => {
  const large = { ...merchant, annualRevenueWon: won(3_000_000_001) }
  assert.equal(accepts(rules, large, outlet, 'purchase'), 'revenue_above_limit')
  assert.equal(accepts(rules, large, outlet, 'stipend'), undefined)
  const exactly = { ...merchant, annualRevenueWon: won(3_000_000_000) }
  assert.equal(accepts(rules, exactly, outlet, 'purchase'), undefined)
})

test('a refused sector is named before a wrong district, and that before revenue', () => {
  const everything = {
    ...merchant,
    sector: 'gambling',
    annualRevenueWon: won(9_000_000_000),
  } as const
  const market = { ...rules, districtsAllowed: ['수송동'] }
  assert.equal(accepts(market, everything, outlet, 'purchase'), 'sector_refused')
  assert.equal(
    accepts(market, { ...everything, sector: 'cafe' }, outlet, 'purchase'),
    'district_not_allowed',
  )
  assert.equal(accepts(market, merchant, { district: '수송동' }, 'purchase'), undefined)
})

test('tenders come by rank, given money before bought, other issuers left out', () => {
  const other = { ...sale, programId: id('prg', 9), issuerId: id('iss', 2) }
  const first = { ...stipend, tenderRank: 10 }
  assert.deepEqual(eligibleTenders({ merchant, outlet, termsInForce: [sale, other, first] }), {
    tenders: [
      { programId: 2, kind: 'stipend' },
      { programId: 1, kind: 'cashback' },
      { programId: 1, kind: 'gift' },
      { programId: 1, kind: 'purchase' },
    ],
    refused: [],
  })
})

test('what may not be spent is told with its reason', () => {
  const large = { ...merchant, annualRevenueWon: won(4_000_000_000) }
  const suspended = { ...stipend, paymentSuspended: true }
  const { tenders, refused } = eligibleTenders({
    merchant: large,
    outlet,
    // What a shop may not take anyway is not suspended for it.
    termsInForce: [{ ...sale, paymentSuspended: true }, suspended],
  })
  assert.deepEqual(tenders, [])
  assert.deepEqual(
    refused.map((tender) => `${tender.programId} ${tender.kind} ${tender.because}`),
    [
      '1 cashback revenue_above_limit',
      '1 gift revenue_above_limit',
      '1 purchase revenue_above_limit',
      '2 stipend payment_suspended',
    ],
  )
})

test('an owner pays in the own shop, a clerk does not', () => {
  assert.equal(ownShop(merchant, 'person-0002'), true)
  assert.equal(ownShop(merchant, 'person-0003'), false)
})

test('every sector has a code of four digits', () => {
  for (const sector of Object.values(sectors)) assert.match(sector.categoryCode, /^\d{4}$/)
  assert.equal(isSector('cafe'), true)
  assert.equal(isSector('toString'), false)
})
