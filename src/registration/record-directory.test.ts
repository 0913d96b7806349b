/** A directory is what the newest versions say, in whatever order and however often they come. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { id, type IssuerId } from '../base/base.ts'
import { rulesAt } from '../issuing/issuing.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { merchantSamples } from './fixtures/merchant-samples.ts'
import { createRecordDirectory, type RecordDirectory } from './record-directory.ts'
import type { RecordKind, StoredRecord } from './registry.ts'

const issuerId = id('iss', 1)
const { programId, issuerId: _issuer, version: _version, ...terms } = sampleTerms
const issuer = {
  code: 'gunsan',
  nameKo: '군산시',
  nameEn: 'Gunsan',
  province: 'jeonbuk',
  kind: 'municipality',
  treasuryBank: '농협은행',
}
const merchant = {
  name: '분식',
  nameLatin: 'BUNSIK',
  businessNumber: '1248100998',
  ownerPersonId: 'person-0002',
  sector: 'snack_bar',
  annualRevenueWon: 0,
  district: '월명동',
  status: 'applied',
  registeredAt: 1,
}
const outlet = { merchantId: 5, name: '본점', district: '월명동', address: '월명로 1', open: true }
const clerk = { merchantId: 5, personId: 'person-0003', role: 'clerk', active: true }

type Version = StoredRecord & { readonly kind: RecordKind }
const record = (kind: RecordKind, recordId: number, version: number, body: object): Version => ({
  kind,
  recordId,
  version,
  body,
})

const history: readonly Version[] = [
  record('issuer', 1, 1, issuer),
  record('program', programId, 1, { name: '군산사랑상품권', nameEn: 'Gunsan Love Voucher' }),
  record('terms', programId, 1, { ...terms, requestId: null }),
  record('terms', programId, 2, { ...terms, requestId: null, splitTender: false }),
  record('merchant', 5, 1, merchant),
  record('merchant', 5, 2, { ...merchant, status: 'active' }),
  record('outlet', 6, 1, outlet),
  record('outlet', 6, 2, { ...outlet, open: false }),
  record('kit', 7, 1, { outletId: 6, active: true }),
  record('kit', 7, 2, { outletId: 6, active: false }),
  record('clerk', 8, 1, clerk),
  record('clerk', 8, 2, { ...clerk, active: false }),
  record('clerk', 9, 1, { ...clerk, personId: 'person-0004' }),
  record('wallet_stop', 10, 1, { stopped: true, reason: '분실' }),
  record('wallet_stop', 11, 1, { stopped: true, reason: '분실' }),
  record('wallet_stop', 11, 2, { stopped: false, reason: '찾음' }),
  record('wallet_guard', 10, 1, { guarded: true }),
  record('wallet_guard', 11, 1, { guarded: true }),
  record('wallet_guard', 11, 2, { guarded: false }),
  record('member', 12, 1, { passedOver: true }),
]

function facts(directory: RecordDirectory): object {
  const merchantId = id('mrc', 5)
  const outletId = id('out', 6)
  return {
    issuers: directory.issuers().map((each) => each.code),
    byCode: directory.issuerByCode('gunsan')?.issuerId,
    versions: directory.program(issuerId, programId)?.terms.map((each) => each.version),
    merchant: directory.merchant(issuerId, merchantId)?.status,
    outlets: directory.outletsOf(issuerId, merchantId).map((each) => each.open),
    kit: directory.kit(issuerId, id('kit', 7))?.active,
    kits: directory.kitsOf(issuerId, outletId).length,
    clerks: directory.clerksOf(issuerId, merchantId).map((each) => Number(each.clerkId)),
    gone: directory.clerk(issuerId, id('clk', 8)),
    stopped: [10, 11].map((wallet) => directory.walletStopped(issuerId, id('wlt', wallet))),
    guarded: [10, 11].map((wallet) => directory.walletGuarded(issuerId, id('wlt', wallet))),
  }
}

test('versions in any order, and more than once, make the same directory', () => {
  const anyOrder = fc.shuffledSubarray([...history, ...history], {
    minLength: history.length * 2,
  })
  fc.assert(
    fc.property(anyOrder, (versions) => {
      const directory = createRecordDirectory()
      for (const version of versions) directory.apply(issuerId, version)
      assert.deepEqual(facts(directory), {
        issuers: ['gunsan'],
        byCode: issuerId,
        versions: [1, 2],
        merchant: 'active',
        outlets: [false],
        kit: false,
        kits: 1,
        clerks: [9],
        gone: undefined,
        stopped: [true, false],
        guarded: [true, false],
      })
    }),
    { numRuns: 50 },
  )
})

test('one business is found with every issuer that knows it, by its number and place', () => {
  const directory = createRecordDirectory()
  const other = id('iss', 2)
  const numberOf = (place: string) => `${merchant.businessNumber}${place}`
  assert.deepEqual(directory.placesOf(numberOf('00000')), [])
  for (const version of history) directory.apply(issuerId, version)
  directory.apply(issuerId, record('outlet', 16, 1, outlet))
  directory.apply(other, record('merchant', 3, 1, { ...merchant, name: '분식 2호' }))
  directory.apply(other, record('merchant', 4, 1, { ...merchant, businessNumber: '2208162517' }))
  const places = (place: string) =>
    directory
      .placesOf(numberOf(place))
      .map((each) => [each.merchant.issuerId, each.merchant.merchantId, each.outlet?.outletId])
  // The first outlet is closed: the number without a place means the one that is open.
  assert.deepEqual(places('00000'), [
    [issuerId, 5, 16],
    [other, 3, undefined],
  ])
  assert.deepEqual(places('00001'), [
    [issuerId, 5, 6],
    [other, 3, undefined],
  ])
  assert.deepEqual(places('00003')[0], [issuerId, 5, undefined])
  assert.deepEqual(directory.placesOf('no number'), [])
  assert.equal(directory.merchantsByBusinessNumber('2208162517')[0]?.merchantId, 4)
  assert.deepEqual(directory.merchantsByBusinessNumber('0000000000'), [])
})

test('card companies are the operator’s, known by number and code', () => {
  const directory = createRecordDirectory()
  const operator = 0 as IssuerId // Brand: no issuer bears the number, so `id` refuses it.
  const body = {
    code: 'hanbit',
    nameKo: '한빛카드',
    nameEn: 'Hanbit Card',
    profile: 'iso8583',
    deadlineMs: 3_000,
    holdDays: 7,
    settlementLagDays: 2,
    settlementAccount: null,
    active: true,
  }
  directory.apply(operator, record('partner', 2, 1, { ...body, code: 'narae' }))
  directory.apply(operator, record('partner', 1, 2, { ...body, active: false }))
  directory.apply(operator, record('partner', 1, 1, body))
  // Somebody else's record of a partner is none.
  directory.apply(issuerId, record('partner', 3, 1, { ...body, code: 'other' }))
  assert.deepEqual(
    directory.partners().map(({ partnerId, code, active }) => [partnerId, code, active]),
    [
      [1, 'hanbit', false],
      [2, 'narae', true],
    ],
  )
  assert.equal(directory.partnerByCode('narae')?.partnerId, 2)
  assert.equal(directory.partner(id('prt', 3)), undefined)
  assert.equal(directory.partnerByCode('other'), undefined)
  assert.deepEqual(directory.issuers(), [])
})

test('issuers know nothing of each other', () => {
  const directory = createRecordDirectory()
  for (const version of history) directory.apply(issuerId, version)
  const other = id('iss', 2)
  assert.equal(directory.merchant(other, id('mrc', 5)), undefined)
  assert.deepEqual(directory.programs(other), [])
  assert.equal(directory.walletStopped(other, id('wlt', 10)), false)
})

test('the newest life of a merchant counts, and every version of an issuer’s rules', () => {
  const life = (state: string) => ({
    ...merchantSamples.merchant_life,
    state,
  })
  const rules = (objectionDays: number, effectiveFrom: number) => ({
    requestId: null,
    effectiveFrom,
    rules: [{ name: 'objectionDays', value: objectionDays }],
  })
  const versions = [
    record('merchant_life', 5, 1, life('applied')),
    record('merchant_life', 5, 2, life('registered')),
    record('issuer_rules', 1, 1, rules(10, 100)),
    record('issuer_rules', 1, 2, rules(30, 200)),
  ]
  fc.assert(
    fc.property(fc.shuffledSubarray([...versions, ...versions], { minLength: 8 }), (told) => {
      const directory = createRecordDirectory()
      for (const version of told) directory.apply(issuerId, version)
      assert.equal(directory.merchantLife(issuerId, id('mrc', 5))?.state, 'registered')
      assert.equal(directory.merchantLife(id('iss', 2), id('mrc', 5)), undefined)
      const inForce = (at: number) => rulesAt(directory.issuerRules(issuerId), at).objectionDays
      assert.deepEqual([inForce(99), inForce(100), inForce(200)], [20, 10, 30])
    }),
  )
})
