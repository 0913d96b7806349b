/** Bodies are read strictly: what does not fit is our own bug, and what a newer program added is left alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bug } from '../base/base.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { corporateSamples } from './fixtures/corporate-samples.ts'
import { merchantSamples } from './fixtures/merchant-samples.ts'
import { buyingSamples } from './fixtures/buying-samples.ts'
import { memberMoneySamples } from './fixtures/member-money-samples.ts'
import { readBody } from './record-bodies.ts'
import { changeKinds, type ChangeKind } from './program-record-bodies.ts'
import { recordKinds, type RecordKind } from './registry.ts'

const { programId: _program, issuerId: _issuer, version: _version, ...terms } = sampleTerms

const samples: { readonly [Kind in RecordKind]: object } = {
  issuer: {
    code: 'gunsan',
    nameKo: '군산시',
    nameEn: 'Gunsan',
    province: 'jeonbuk',
    kind: 'municipality',
    treasuryBank: '농협은행',
  },
  ...buyingSamples,
  gateway_order: {
    gateways: ['gateway-a'],
    action: 'standin',
    mode: 'forced',
    partner: null,
    issuer: 'gunsan',
    by: 'operator person-1',
    at: 1,
    reason: 'planned work',
    results: [{ gateway: 'gateway-a', outcome: 'refused', said: 'no such issuer' }],
  },
  issuer_rules: {
    requestId: null,
    effectiveFrom: 1,
    rules: [
      { name: 'merchantDecisionDays', value: 5 },
      { name: 'ofALaterRelease', value: 'anything' },
    ],
  },
  expected_payment: {
    requestId: '00000000-0000-4000-8000-000000000001',
    funder: 'city',
    amountWon: 1_000,
    expectedOn: '2026-11-30',
    reference: '군산시 교부금',
    state: 'open',
    entryNumber: null,
  },
  program: {
    name: '군산사랑상품권',
    nameEn: 'Gunsan Love Voucher',
    stops: [{ from: 1, saleStopped: true, paymentStopped: false, reason: '점검' }],
    abolition: { announcedAt: 1, saleEndsAt: 2, lastDay: '2027-03-31', reason: '조례 폐지' },
  },
  terms: { ...terms, requestId: null },
  member: {
    personId: 'person-0001',
    name: '김하늘',
    birthDate: '1992-04-17',
    phone: '010-0000-0001',
    status: 'active',
    walletId: 7,
    accountToken: null,
    debitConsentId: null,
  },
  erasure: {
    walletId: 7,
    state: 'waiting',
    leftAt: 1,
    dueAt: 2,
    kind: 'gift',
    recordIds: [1],
    rule: 'recordYears',
    destroyBy: 3,
    at: 2,
  },
  device: { walletId: 7, personId: 'person-0001', thumbprint: 't', handle: 42, active: true },
  wallet_stop: { stopped: true, reason: '분실' },
  merchant: {
    name: '분식',
    nameLatin: 'BUNSIK',
    businessNumber: '1248100998',
    ownerPersonId: 'person-0002',
    sector: 'snack_bar',
    annualRevenueWon: 0,
    district: '월명동',
    status: 'applied',
    registeredAt: 1,
  },
  outlet: {
    merchantId: 1,
    name: '본점',
    district: '월명동',
    address: '월명로 1',
    position: { latitude: 35.967612, longitude: 126.736871 },
    open: true,
  },
  clerk: { merchantId: 1, personId: 'person-0003', role: 'clerk', active: true },
  kit: { outletId: 1, active: true },
  officer: { personId: 'person-0004', name: '이담당', title: '주무관', active: true },
  operator: { personId: 'person-0005', name: '최운영', active: true },
  partner: {
    code: 'hanbit',
    nameKo: '한빛카드',
    nameEn: 'Hanbit Card',
    profile: 'iso8583',
    deadlineMs: 3_000,
    holdDays: 7,
    settlementLagDays: 2,
    settlementAccount: { bankCode: '004', accountNumber: '100', holderName: '한빛카드' },
    active: true,
  },
  ...memberMoneySamples,
  ...corporateSamples,
  card_link: {
    partnerId: 1,
    cardToken: 'HAN0000000000001',
    lastFour: '1234',
    memberId: 3,
    walletId: 7,
    personId: 'person-0001',
    spending: 'voucher_first',
    onUnknown: null,
    active: true,
  },
  case: {
    caseKind: 'standin_shortage',
    subject: '00000000-0000-4000-8000-000000000001',
    owner: 'operator',
    openedAt: 1,
    dueAt: 2,
    facts: { lossWon: 500, terminal: 'T1' },
    state: 'open',
    resolution: null,
    closedAt: null,
  },
  conversion: {
    partnerId: 1,
    saleId: '00000000-0000-4000-8000-000000000001',
    key: {
      acquirer: '000001',
      terminal: 'T0000001',
      stan: '000001',
      localDate: '2026-11-22',
      cardClass: 'financial',
    },
    cardToken: 'HAN0000000000001',
    memberId: null,
    walletId: null,
    merchantId: null,
    merchantNumber: '124810099800000',
    saleWon: 10_000,
    accountWon: 10_000,
    debitedAt: 1,
    heardFrom: 'advice',
    state: 'open',
    reason: null,
    voucherWon: 0,
    operationId: null,
    openedAt: 1,
    dueAt: 2,
    closedAt: null,
    refundFile: null,
  },
  clearing_file: {
    partnerId: 1,
    fileKind: 'clearing',
    date: '2026-11-22',
    sequence: 1,
    sha256: 'ab'.repeat(32),
    lines: 1,
    sumWon: 10_000,
    differences: 0,
    facts: { madeAt: 1 },
    state: 'taken',
  },
  proposal: {
    change: { kind: 'set_rules', effectiveFrom: 1, rules: [{ name: 'postedDays', value: 40 }] },
    requestId: '00000000-0000-4000-8000-000000000001',
    requestHash: 'ab'.repeat(32),
    proposedBy: 1,
    proposedAt: 1,
    decideBy: 2,
    isDone: false,
    state: 'proposed',
    decidedBy: null,
    decidedAt: null,
    reason: null,
  },
  announcement: {
    programId: 1,
    about: 'abolition',
    announcedAt: 1,
    effectiveFrom: 2,
    postedUntil: 3,
    refundUntil: null,
    toldUntil: null,
    told: 0,
    state: 'telling',
  },
  funding_pot: {
    name: '국비 2026',
    funder: 'national',
    programIds: [1],
    startsOn: '2026-01-01',
    endsOn: '2026-12-31',
    amountWon: 1_000_000,
  },
  ...merchantSamples,
  stipend_batch: {
    programId: 2,
    round: '2026-1',
    sha256: 'ab',
    lines: 3,
    totalWon: 450_000,
    state: 'checked',
    uploadedBy: 'off_1',
    uploadedAt: 1,
    checkFrom: 1,
    check: {
      at: 2,
      lines: { ready: 2, 'waiting:not_member': 1 },
      sumsWon: { ready: 300_000, 'waiting:not_member': 150_000 },
      fundedWon: { city: 300_000 },
      lackingWon: {},
    },
    proposedBy: null,
    approvedBy: null,
    approvedAt: null,
    joinUntil: null,
    appealUntil: null,
    reason: null,
    closedAt: null,
    eraseAt: null,
    erased: false,
  },
  appeal: {
    batchId: 5,
    memberId: 3,
    ground: 'left_out',
    claimedWon: null,
    words: '전입 신고를 6월에 했습니다',
    state: 'open',
    openedAt: 1,
    dueAt: 2,
    amountWon: null,
    acceptedBy: null,
    decidedBy: null,
    answer: null,
    closedAt: null,
    operationId: null,
  },
  clawback: {
    grantId: '00000000-0000-8000-8000-000000000001',
    memberId: 3,
    walletId: 7,
    lotId: 9,
    reason: '사망',
    state: 'proposed',
    proposedBy: 'off_1',
    proposedAt: 1,
    decidedBy: null,
    decidedAt: null,
    takenWon: 0,
    times: 0,
  },
  notice: { memberId: 3, noticeKind: 'retro_conversion', at: 1, facts: { voucherWon: 500 } },
}

/** What records of earlier releases do not have. */
const laterFields: readonly string[] = [
  'outlet.position',
  'member.debitConsentId',
  'consent.revokedBy',
  'program.stops',
  'program.abolition',
  'terms.saleTimes',
  'terms.adverseAnnouncedAt',
  'partner.settlementAccount',
  'terms.stipend',
  'terms.corporate',
  'gift.corporation',
  'terms.cashback',
  'terms.expiryNoticeDays',
]

const proposedChanges: { readonly [Kind in ChangeKind]: object } = {
  create_program: {
    programId: 1,
    name: '새 상품권',
    nameEn: 'New Voucher',
    template: 'pre_discount',
    terms,
  },
  change_terms: { programId: 1, basedOn: 1, terms },
  stop: { programId: 1, saleStopped: true, paymentStopped: true, reason: '점검' },
  abolish: { programId: 1, saleEndsAt: null, lastDay: '2027-03-31', reason: '조례 폐지' },
  set_pot: { potId: 1, basedOn: 0, pot: samples.funding_pot },
  set_rules: { effectiveFrom: 1, rules: [] },
}

for (const kind of changeKinds) {
  test(`what is proposed as ${kind} comes back as it was, and nothing else does`, () => {
    const change = { kind, ...proposedChanges[kind] }
    const body = { ...samples.proposal, change }
    assert.deepEqual(readBody('proposal', JSON.parse(JSON.stringify(body))), body)
    for (const field of Object.keys(change)) {
      const wrong = { ...change, [field]: { not: ['this'] } }
      assert.throws(() => readBody('proposal', { ...body, change: wrong }), Bug, field)
    }
  })
}

for (const kind of recordKinds) {
  const sample = samples[kind]
  test(`the body of ${kind} comes back from JSON as it was`, () => {
    assert.deepEqual(readBody(kind, JSON.parse(JSON.stringify(sample))), sample)
    assert.deepEqual(readBody(kind, { ...sample, ofALaterRelease: 1 }), sample)
  })

  test(`a body of ${kind} with a field missing or of another type is a bug`, () => {
    for (const field of Object.keys(sample)) {
      const isLater = laterFields.includes(`${kind}.${field}`)
      if (isLater) assert.doesNotThrow(() => readBody(kind, { ...sample, [field]: undefined }))
      for (const wrong of isLater ? [{ not: ['this'] }] : [undefined, { not: ['this'] }]) {
        assert.throws(() => readBody(kind, { ...sample, [field]: wrong }), Bug, field)
      }
    }
    for (const wrong of [null, undefined, 'text', 1])
      assert.throws(() => readBody(kind, wrong), Bug)
  })
}

test('terms of an earlier release grant no stipend, give no cashback, know no corporations', () => {
  const { stipend: _stipend, cashback: _cashback, corporate: _corporate, ...rest } = terms
  const { expiryNoticeDays: _days, ...earlier } = rest
  const read = readBody('terms', { ...earlier, requestId: null })
  assert.deepEqual([read.stipend, read.cashback, read.corporate], [null, null, null])
  assert.deepEqual(read.expiryNoticeDays, [])
})
