/** Bodies are read strictly: what does not fit is our own bug, and what a newer program added is left alone. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Bug } from '../base/base.ts'
import { sampleTerms } from '../issuing/terms-sample.ts'
import { readBody } from './record-bodies.ts'
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
  issuer_rules: {
    requestId: null,
    effectiveFrom: 1,
    rules: [
      { name: 'merchantDecisionDays', value: 5 },
      { name: 'ofALaterRelease', value: 'anything' },
    ],
  },
  program: { name: '군산사랑상품권', nameEn: 'Gunsan Love Voucher' },
  terms: { ...terms, requestId: null },
  member: {
    personId: 'person-0001',
    name: '김하늘',
    birthDate: '1992-04-17',
    phone: '010-0000-0001',
    status: 'active',
    walletId: 7,
    accountToken: null,
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
  outlet: { merchantId: 1, name: '본점', district: '월명동', address: '월명로 1', open: true },
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
    active: true,
  },
  gift: {
    operationId: '00000000-0000-4000-8000-000000000001',
    giverId: 1,
    giverWalletId: 7,
    phone: '01000000001',
    programId: 1,
    amountWon: 1_000,
    message: null,
    parts: [{ lotId: 3, amountWon: 1_000, expiresAt: 9 }],
    sources: { payWon: 900, nationalWon: 50, provinceWon: 20, cityWon: 30 },
    lotId: 4,
    expiresAt: 9,
    state: 'waiting',
    sentAt: 1,
    lapsesAt: 2,
    receiverId: null,
    endedAt: null,
  },
  gift_day: { day: '2026-11-22', gifts: 1, givenWon: 1_000 },
  refund_request: {
    requestId: '00000000-0000-4000-8000-000000000001',
    memberId: 1,
    walletId: 7,
    lotId: 3,
    ground: 'defect',
    words: '결제가 되지 않습니다',
    state: 'paid',
    openedAt: 1,
    dueAt: 2,
    decidedBy: 'off_1',
    decisionWords: '확인하였습니다',
    decidedAt: 2,
    memberWon: 900,
    fundedWon: [{ funder: 'city', amountWon: 100 }],
    endedAt: 3,
  },
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
  notice: { memberId: 3, noticeKind: 'retro_conversion', at: 1, facts: { voucherWon: 500 } },
}

for (const kind of recordKinds) {
  const sample = samples[kind]
  test(`the body of ${kind} comes back from JSON as it was`, () => {
    assert.deepEqual(readBody(kind, JSON.parse(JSON.stringify(sample))), sample)
    assert.deepEqual(readBody(kind, { ...sample, ofALaterRelease: 1 }), sample)
  })

  test(`a body of ${kind} with a field missing or of another type is a bug`, () => {
    for (const field of Object.keys(sample)) {
      for (const wrong of [undefined, { not: ['this'] }]) {
        assert.throws(() => readBody(kind, { ...sample, [field]: wrong }), Bug, field)
      }
    }
    for (const wrong of [null, undefined, 'text', 1])
      assert.throws(() => readBody(kind, wrong), Bug)
  })
}
